//! Reads the built-in `static/` and the project's, and reports files that cannot be published.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Place, Remedy, Report};
use crate::embedded::STATIC_FILES;
use crate::files::{self, Dir, FileError, FileKind, Flow, Visit, leftover};
use crate::load::temporary;
use crate::project::Project;
use crate::text::hidden;

/// The maximum size of a file in bytes. A trust center contains documents, not videos.
const LARGEST: u64 = 64 * 1024 * 1024;

/// The maximum total size in bytes: the files are held in memory.
const LARGEST_SUM: u64 = 512 * 1024 * 1024;

/// The maximum number of files.
const MOST: usize = 10_000;

/// The maximum depth of nested folders.
const DEEPEST: usize = 32;

/// A file that was read.
#[derive(Debug)]
pub struct File {
    /// Its name for the publisher: `static/...`.
    pub source: String,
    /// Its content.
    pub bytes: Arc<[u8]>,
}

/// Reads all files by their path under `static/`. The project's own override the built-in ones.
pub fn read(project: &Project) -> (BTreeMap<String, File>, Report) {
    let mut files: BTreeMap<String, File> = STATIC_FILES
        .iter()
        .map(|file| {
            let source = format!("the built-in static/{}", file.path);
            (file.path.to_owned(), File { source, bytes: file.published.into() })
        })
        .collect();
    let root = match project.open() {
        Ok(root) => root,
        Err(error) => {
            let message = format!("`{}` {error}", project.root().display());
            return (files, Diagnostic::new(Code::AssetUnreadable, message).help("check its permissions").into());
        }
    };
    let mut reader = Reader { project, root: &root, report: Report::new(), sum: 0, read: 0 };
    reader.walk(&mut files);
    (files, reader.report)
}

/// Reports a name that is not allowed in a URL path or on some file systems.
pub fn unfit_name(source: &str) -> Diagnostic {
    let why = hidden::first_name(source).map(|name| format!(": it contains {name}")).unwrap_or_default();
    Diagnostic::new(Code::AssetName, format!("`{}` has a name that cannot be published{why}", source.escape_debug()))
        .at(Place::file(source), "")
        .help("use letters, digits, hyphens, underscores and dots, with at most 255 bytes per name")
}

struct Reader<'a> {
    project: &'a Project,
    root: &'a Dir,
    report: Report,
    sum: u64,
    read: usize,
}

impl Reader<'_> {
    fn walk(&mut self, files: &mut BTreeMap<String, File>) {
        let top = self.project.static_files();
        let top = self.project.below(&top);
        let result = self.root.walk(top, &mut |visit| self.visit(visit, top, files));
        match result {
            Ok(()) => {}
            Err(error) if error.is_missing() => {}
            Err(FileError::Kind(_)) => {
                let diagnostic = Diagnostic::new(Code::AssetNotAFile, "`static` is not a folder")
                    .help("move the file into a folder named static/");
                self.report.push(diagnostic.at(Place::file("static"), ""));
            }
            Err(error) => self.refused("static", &error),
        }
    }

    fn visit(&mut self, visit: Visit<'_>, top: &Path, files: &mut BTreeMap<String, File>) -> Flow {
        let Ok(relative) = visit.path.strip_prefix(top) else { return Flow::Skip };
        let source = self.project.display(&self.project.root().join(visit.path));
        if is_left_out(relative) {
            let name = relative.file_name().unwrap_or_default();
            let found = temporary(&source, name).or_else(|| hidden_file(&source, name, relative));
            found.into_iter().for_each(|found| self.report.push(found));
            return Flow::Skip;
        }
        match visit.kind {
            Ok(FileKind::Folder) if visit.depth > DEEPEST => {
                let diagnostic =
                    Diagnostic::new(Code::AssetName, format!("`{source}` is nested more than {DEEPEST} folders deep"));
                self.report.push(diagnostic.at(Place::file(source), "").help("move it to a higher folder"));
                Flow::Skip
            }
            Ok(FileKind::Folder) => Flow::Go,
            Ok(FileKind::File) => self.file(visit.path, relative, source, files),
            Ok(kind) => {
                self.refused(&source, &FileError::Kind(kind));
                Flow::Skip
            }
            Err(error) => {
                self.refused(&source, &error);
                Flow::Skip
            }
        }
    }

    fn file(&mut self, path: &Path, relative: &Path, source: String, files: &mut BTreeMap<String, File>) -> Flow {
        let Some(name) = relative.iter().map(|part| part.to_str()).collect::<Option<Vec<_>>>() else {
            self.report.push(unfit_name(&source));
            return Flow::Skip;
        };
        let name = name.join("/");
        if hidden::find(&name).next().is_some() {
            self.report.push(unfit_name(&source));
            return Flow::Skip;
        }
        let bytes = match self.root.read(path, LARGEST) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.refused(&source, &error);
                return Flow::Skip;
            }
        };
        if files::is_lfs_pointer(&bytes) {
            let message = format!("`{source}` is a Git LFS pointer instead of the file");
            self.report.push(
                Diagnostic::new(Code::AssetLfsPointer, message).at(Place::file(&source), "").fix(Remedy::PullLfs),
            );
            return Flow::Skip;
        }
        self.sum += bytes.len() as u64;
        if self.sum > LARGEST_SUM {
            let message = format!("with `{source}`, the files under static/ exceed {} MiB in total", LARGEST_SUM >> 20);
            self.report.push(too_large(&source, message));
            return Flow::Skip;
        }
        self.read += 1;
        if self.read > MOST {
            let diagnostic = Diagnostic::new(Code::TooMany, format!("`static` contains more than {MOST} files"))
                .help("host large collections elsewhere and link to them; the other files were not checked");
            self.report.push(diagnostic.at(Place::file("static"), ""));
            return Flow::Stop;
        }
        // An unchanged copy of a built-in file is treated as the built-in one: candor's own repository is also a
        // project.
        if !STATIC_FILES.iter().any(|own| own.path == name && own.source == bytes) {
            files.insert(name, File { source, bytes: bytes.into() });
        }
        Flow::Skip
    }

    /// Reports a file or folder that could not be read.
    fn refused(&mut self, source: &str, error: &FileError) {
        let message = format!("`{source}` {error}");
        let (code, help) = match error {
            FileError::Outside { .. } | FileError::Hidden => {
                (Code::AssetLink, "replace it with a copy of the file; published files must be in the project")
            }
            FileError::Dangling => (Code::AssetLink, "delete the link, or replace it with the file"),
            FileError::Circle => (Code::AssetLink, "delete the link"),
            FileError::Kind(_) => (Code::AssetNotAFile, "delete it, or replace it with a regular file"),
            FileError::TooLarge { .. } => return self.report.push(too_large(source, message)),
            FileError::TooMany { .. } | FileError::TooDeep { .. } => {
                (Code::TooMany, "remove links that lead to the same folders; the other files were not checked")
            }
            FileError::Io(_) => (Code::AssetUnreadable, "check its permissions"),
        };
        self.report.push(Diagnostic::new(code, message).at(Place::file(source), "").help(help));
    }
}

/// Returns a warning for a name that begins with a dot, unless a file manager or version control left the file behind.
fn hidden_file(source: &str, name: &OsStr, relative: &Path) -> Option<Diagnostic> {
    leftover(name).is_none().then(|| {
        let root = Path::new("static/root").join(relative);
        Diagnostic::new(Code::HiddenFile, format!("hidden file `{}` is not published", source.escape_debug()))
            .at(Place::file(source), "")
            .help(format!(
                "to publish it, move it to `{}`; otherwise delete it",
                root.display().to_string().escape_debug()
            ))
    })
}

fn too_large(source: &str, message: String) -> Diagnostic {
    Diagnostic::new(Code::AssetTooLarge, message)
        .at(Place::file(source), "")
        .help("host large files elsewhere and link to them")
}

/// Returns whether a file is not published: files that other programs leave behind, and names that begin with a dot.
/// Below `root/`, names such as `.well-known` and `.nojekyll` are intentional.
fn is_left_out(relative: &Path) -> bool {
    let name = relative.file_name().unwrap_or_default();
    let on_purpose = relative.iter().count() > 1 && relative.starts_with("root");
    leftover(name).is_some() || (name.to_string_lossy().starts_with('.') && !on_purpose)
}
