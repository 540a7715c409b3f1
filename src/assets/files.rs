//! Reads the built-in and the project's own `static/`; what cannot be published is a finding.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use walkdir::{DirEntry, WalkDir};

use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::embedded::STATIC_FILES;
use crate::project::Project;

/// The largest file, in bytes: a trust center has documents, not films.
const LARGEST: u64 = 64 * 1024 * 1024;

/// The largest sum of all files, in bytes: they are held in memory.
const LARGEST_SUM: u64 = 512 * 1024 * 1024;

/// The largest number of files.
const MOST: usize = 10_000;

/// How deep folders may nest.
const DEEPEST: usize = 32;

/// A file as it was read.
#[derive(Debug)]
pub struct File {
    /// What the publisher calls it: `static/...`.
    pub source: String,
    /// What is in it.
    pub bytes: Arc<[u8]>,
}

/// All files by their path under `static/`: the project's own over the built-in ones.
pub fn read(project: &Project) -> (BTreeMap<String, File>, Report) {
    let mut files: BTreeMap<String, File> = STATIC_FILES
        .iter()
        .map(|file| {
            let source = format!("the built-in static/{}", file.path);
            (file.path.to_owned(), File { source, bytes: file.published.into() })
        })
        .collect();
    let mut reader = Reader { project, report: Report::new(), sum: 0 };
    reader.walk(&mut files);
    (files, reader.report)
}

/// A name that no URL path or no file system takes.
pub fn unfit_name(source: &str) -> Diagnostic {
    Diagnostic::new(Code::AssetName, format!("`{}` cannot be published under this name", source.escape_debug()))
        .at(Place::file(source), "")
        .help("use letters, digits, hyphens, underscores and dots, at most 255 bytes a name")
}

struct Reader<'a> {
    project: &'a Project,
    report: Report,
    sum: u64,
}

impl Reader<'_> {
    fn walk(&mut self, files: &mut BTreeMap<String, File>) {
        let top = self.project.static_files();
        match fs::metadata(&top) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(_) => {
                let finding = Diagnostic::new(Code::AssetNotAFile, "`static` is not a folder")
                    .help("move the file into a folder static/");
                return self.report.push(finding.at(Place::file("static"), ""));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound && !top.is_symlink() => return,
            Err(error) => return self.unreadable(&top, &error),
        }
        let mut read = 0;
        let mut walk = WalkDir::new(&top).follow_links(true).max_depth(DEEPEST + 1).sort_by_file_name().into_iter();
        while let Some(entry) = walk.next() {
            match entry {
                Err(error) => self.failed_walk(&top, &error),
                Ok(entry) => {
                    if entry.depth() > 0 && is_hidden(&entry, &top) || !self.is_inside(&entry) {
                        if entry.file_type().is_dir() {
                            walk.skip_current_dir();
                        }
                    } else if let Some((path, file)) = self.file(&entry, &top) {
                        read += 1;
                        if read > MOST {
                            let finding =
                                Diagnostic::new(Code::TooMany, format!("`static` holds more than {MOST} files")).help(
                                    "the rest is not looked at; host large collections elsewhere and link to them",
                                );
                            return self.report.push(finding.at(Place::file("static"), ""));
                        }
                        // An unchanged copy of a built-in file is that file: candor's own repository is also a project.
                        if !STATIC_FILES.iter().any(|own| own.path == path && *own.source == *file.bytes) {
                            files.insert(path, file);
                        }
                    }
                }
            }
        }
    }

    /// The file that an entry of the walk is; `None` for folders and for what is no file.
    fn file(&mut self, entry: &DirEntry, top: &Path) -> Option<(String, File)> {
        let source = self.project.display(entry.path());
        let kind = entry.file_type();
        if kind.is_dir() {
            if entry.depth() > DEEPEST {
                let finding =
                    Diagnostic::new(Code::AssetName, format!("`{source}` lies more than {DEEPEST} folders deep"));
                self.report.push(finding.at(Place::file(source), "").help("move it up"));
            }
            return None;
        }
        if !kind.is_file() {
            // Never opened: reading a pipe would wait for ever.
            let finding = Diagnostic::new(Code::AssetNotAFile, format!("`{source}` is neither a file nor a folder"))
                .help("delete it, or put a plain file in its place");
            self.report.push(finding.at(Place::file(source), ""));
            return None;
        }
        let relative = entry.path().strip_prefix(top).ok()?;
        let Some(path) = relative.iter().map(|part| part.to_str()).collect::<Option<Vec<_>>>() else {
            self.report.push(unfit_name(&source));
            return None;
        };
        match self.bytes(entry.path(), &source) {
            Ok(bytes) => Some((path.join("/"), File { source, bytes: bytes?.into() })),
            Err(error) => {
                self.unreadable(entry.path(), &error);
                None
            }
        }
    }

    /// The file's bytes; `None`, with a finding, where there are too many.
    fn bytes(&mut self, path: &Path, source: &str) -> io::Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        // One byte more than allowed tells that there are too many, whatever the size was a moment ago.
        fs::File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
        self.sum += bytes.len() as u64;
        let too_large = if bytes.len() as u64 > LARGEST {
            format!("`{source}` is larger than {} MiB", LARGEST >> 20)
        } else if self.sum > LARGEST_SUM {
            format!("with `{source}`, the files under static/ are larger than {} MiB together", LARGEST_SUM >> 20)
        } else {
            return Ok(Some(bytes));
        };
        let finding = Diagnostic::new(Code::AssetTooLarge, too_large).at(Place::file(source), "");
        self.report.push(finding.help("host large files elsewhere and link to them"));
        Ok(None)
    }

    /// Whether a symbolic link leads to a place inside the project; anything else may stay.
    fn is_inside(&mut self, entry: &DirEntry) -> bool {
        if !entry.path_is_symlink() {
            return true;
        }
        let inside = |target: &Path| fs::canonicalize(self.project.root()).is_ok_and(|root| target.starts_with(root));
        if fs::canonicalize(entry.path()).is_ok_and(|target| inside(&target)) {
            return true;
        }
        let source = self.project.display(entry.path());
        let finding = Diagnostic::new(Code::AssetLink, format!("`{source}` is a symbolic link out of the project"))
            .help("put a copy of the file in its place: what is published must be in the project");
        self.report.push(finding.at(Place::file(source), ""));
        false
    }

    fn failed_walk(&mut self, top: &Path, error: &walkdir::Error) {
        let path = error.path().unwrap_or(top);
        let source = self.project.display(path);
        let finding = if error.loop_ancestor().is_some() {
            Diagnostic::new(Code::AssetLink, format!("`{source}` is a symbolic link to a folder that it lies in"))
                .help("delete the link")
        } else if path.is_symlink() {
            Diagnostic::new(Code::AssetLink, format!("`{source}` is a symbolic link to nothing"))
                .help("delete the link, or put the file in its place")
        } else {
            return match error.io_error() {
                Some(error) => self.unreadable(path, error),
                None => self.unreadable(path, &io::Error::other(error.to_string())),
            };
        };
        self.report.push(finding.at(Place::file(source), ""));
    }

    fn unreadable(&mut self, path: &Path, error: &io::Error) {
        let source = self.project.display(path);
        let finding = Diagnostic::new(Code::AssetUnreadable, format!("`{source}` cannot be read: {error}"))
            .help("check its permissions");
        self.report.push(finding.at(Place::file(source), ""));
    }
}

/// Files that editors, desktops and git leave are not published, nor is anything whose name begins with a dot;
/// below `root/`, names such as `.well-known` and `.nojekyll` are what a publisher put there on purpose.
fn is_hidden(entry: &DirEntry, top: &Path) -> bool {
    let name = entry.file_name().to_string_lossy();
    let litter = ["Thumbs.db", "desktop.ini", ".DS_Store", ".git", ".gitignore", ".gitkeep"].contains(&&*name)
        || name.starts_with("._")
        || name.ends_with('~')
        || name.ends_with(".swp");
    let on_purpose = entry.depth() > 1 && entry.path().starts_with(top.join("root"));
    litter || (name.starts_with('.') && !on_purpose)
}
