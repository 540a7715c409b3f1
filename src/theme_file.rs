//! The built-in files that a project can replace: templates, strings, style sheets, scripts and the icon.
//!
//! A copy begins with a note of the version and the digest of the built-in file, so that `check` can report that the built-in
//! file has changed since, without knowing earlier versions.

use std::ops::Range;

use similar::TextDiff;

use crate::embedded::{STATIC_FILES, TEMPLATES};
use crate::model::Digest;

/// The kind of a built-in file, which determines how a comment is written in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThemeFileKind {
    /// A template.
    Template,
    /// A string catalog.
    Strings,
    /// A style sheet.
    Style,
    /// A script.
    Script,
    /// An SVG image.
    Image,
}

/// A built-in file that a project can replace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThemeFile {
    /// Its name: the path below `templates/` or `static/`, such as `lists/faq.html` or `css/candor.css`.
    pub name: &'static str,
    /// Its kind.
    pub kind: ThemeFileKind,
    /// Its text.
    pub text: &'static str,
}

/// The note of a copy: which built-in file it is a copy of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyNote {
    /// The version of candor that wrote the copy.
    pub version: String,
    /// The digest of the built-in file.
    pub sha256: Digest,
    /// The range of the note in the copy, with the end of its line.
    pub range: Range<usize>,
}

/// The words of a note before the version, and between version and digest.
const START: &str = "Copied from candor ";
const MIDDLE: &str = ", SHA-256 ";

impl ThemeFileKind {
    /// A description, such as `template`.
    pub fn as_str(self) -> &'static str {
        match self {
            ThemeFileKind::Template => "template",
            ThemeFileKind::Strings => "strings",
            ThemeFileKind::Style => "style sheet",
            ThemeFileKind::Script => "script",
            ThemeFileKind::Image => "image",
        }
    }

    /// The start and the end of a comment. That of a template also removes the line break after it.
    fn comment(self) -> (&'static str, &'static str) {
        match self {
            ThemeFileKind::Template => ("{#- ", " -#}"),
            ThemeFileKind::Strings => ("# ", ""),
            ThemeFileKind::Style | ThemeFileKind::Script => ("/* ", " */"),
            ThemeFileKind::Image => ("<!-- ", " -->"),
        }
    }

    /// The folder of such files in a project.
    fn folder(self) -> &'static str {
        match self {
            ThemeFileKind::Template | ThemeFileKind::Strings => "templates",
            ThemeFileKind::Style | ThemeFileKind::Script | ThemeFileKind::Image => "static",
        }
    }
}

impl ThemeFile {
    /// Returns all built-in files: templates and strings, then the files of `static/`, each in the order of their names.
    pub fn all() -> impl Iterator<Item = ThemeFile> {
        let templates = TEMPLATES.iter().map(|&(name, text)| {
            let kind = if name.ends_with(".html") { ThemeFileKind::Template } else { ThemeFileKind::Strings };
            ThemeFile { name, kind, text }
        });
        let files = STATIC_FILES.iter().filter_map(|file| {
            let kind = match file.path.rsplit_once('.')?.1 {
                "css" => ThemeFileKind::Style,
                "js" => ThemeFileKind::Script,
                "svg" => ThemeFileKind::Image,
                _ => return None,
            };
            Some(ThemeFile { name: file.path, kind, text: std::str::from_utf8(file.source).ok()? })
        });
        templates.chain(files)
    }

    /// Returns the file with this name, or with this path in a project: `lists/faq.html` or `templates/lists/faq.html`.
    pub fn find(name: &str) -> Option<ThemeFile> {
        ThemeFile::all().find(|file| file.name == name || file.path() == name)
    }

    /// Returns the path of a copy in a project, such as `templates/lists/faq.html`.
    pub fn path(&self) -> String {
        format!("{}/{}", self.kind.folder(), self.name)
    }

    /// Returns the digest of the file.
    pub fn sha256(&self) -> Digest {
        Digest::of(self.text.as_bytes())
    }

    /// Returns a copy of the file, with a note of the version of candor.
    pub fn copy(&self, version: &str) -> String {
        format!("{}{}", self.note(version), self.text)
    }

    /// Returns the text of a copy with a note of this version, in place of the one that it has.
    pub fn noted(&self, copy: &str, version: &str) -> String {
        let (mark, text) = copy.strip_prefix('\u{FEFF}').map_or(("", copy), |text| ("\u{FEFF}", text));
        format!("{mark}{}{}", self.note(version), without_note(text))
    }

    fn note(&self, version: &str) -> String {
        let (start, end) = self.kind.comment();
        format!("{start}{START}{version}{MIDDLE}{}{end}\n", self.sha256())
    }

    /// Returns the differences between the built-in file and a copy, as a unified diff; empty if there are none.
    pub fn difference(&self, copy: &str) -> String {
        let text = without_note(copy).replace("\r\n", "\n");
        let names = (format!("built-in/{}", self.name), self.path());
        TextDiff::from_lines(self.text, &text).unified_diff().header(&names.0, &names.1).to_string()
    }
}

/// Returns the note of a copy, which is its first line.
pub fn note(text: &str) -> Option<CopyNote> {
    let line = text.split_inclusive('\n').next()?;
    let (_, rest) = line.split_once(START)?;
    let (version, rest) = rest.split_once(MIDDLE)?;
    let sha256 = rest.get(..64)?.parse().ok()?;
    Some(CopyNote { version: version.to_owned(), sha256, range: 0..line.len() })
}

/// Returns the text of a copy without its note.
fn without_note(text: &str) -> &str {
    note(text).map_or(text, |note| &text[note.range.end..])
}

#[cfg(test)]
mod tests {
    use super::{ThemeFile, ThemeFileKind, note};

    #[test]
    fn a_copy_notes_the_built_in_file_and_differs_in_nothing_else() {
        for file in ThemeFile::all() {
            let copy = file.copy("1.2.3");
            let found = note(&copy).unwrap_or_else(|| panic!("{}: no note", file.name));
            assert_eq!((found.version.as_str(), found.sha256), ("1.2.3", file.sha256()), "{}", file.name);
            assert_eq!(&copy[found.range.end..], file.text);
            assert_eq!(file.difference(&copy), "", "{}", file.name);
            assert_eq!(file.difference(&copy.replace('\n', "\r\n")), "", "{}", file.name);
            assert_eq!(file.noted(&copy, "2.0.0"), file.copy("2.0.0"), "{}", file.name);
            assert_eq!(file.noted(file.text, "2.0.0"), file.copy("2.0.0"), "{}", file.name);
            assert!(file.difference(&format!("{copy}\nmore\n")).contains("\n+more\n"), "{}", file.name);
            assert_eq!(ThemeFile::find(file.name), Some(file));
            assert_eq!(ThemeFile::find(&file.path()), Some(file));
        }
        assert!(ThemeFile::all().any(|file| file.kind == ThemeFileKind::Image));
        assert_eq!(ThemeFile::find("nope.html"), None);
    }
}
