//! Files that programs leave behind: the one table that decides what is content and what is not.
//!
//! A lock file of an office suite holds a person's name, and a backup may hold an older draft of a confidential
//! document, so none of them is loaded, published, watched or compared.

use std::ffi::OsStr;

/// Which program left a file behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leftover {
    /// A swap file, a backup, a lock or a temporary file of an editor, an office suite, a browser or a merge.
    Editor,
    /// What a file manager keeps in each folder that it shows.
    Desktop,
    /// The data or settings of a version control system.
    VersionControl,
}

/// Beginnings and endings of names, and whole names. Matched without regard to case, as Windows and macOS compare names.
struct Names {
    program: Leftover,
    prefixes: &'static [&'static str],
    suffixes: &'static [&'static str],
    whole: &'static [&'static str],
}

const TABLE: [Names; 3] = [
    Names {
        program: Leftover::Editor,
        // Word and Excel (`~$`), LibreOffice (`.~lock.`), Emacs (`.#`), GNOME, Word's work files.
        prefixes: &["~$", ".~lock.", ".#", ".goutputstream-", "~wrd", "~wrl"],
        suffixes: &[
            "~",
            ".swp",
            ".swo",
            ".swx",
            ".swpx",
            ".bak",
            ".orig",
            ".rej",
            ".tmp",
            ".temp",
            ".asd",
            ".wbk",
            ".crdownload",
            ".partial",
            "___jb_tmp___",
            "___jb_old___",
        ],
        // Vim creates this one to see whether it may write to the folder.
        whole: &["4913"],
    },
    Names {
        program: Leftover::Desktop,
        prefixes: &["._"],
        suffixes: &[],
        whole: &[
            ".ds_store",
            ".directory",
            ".spotlight-v100",
            ".trashes",
            "__macosx",
            "desktop.ini",
            "ehthumbs.db",
            "icon\r",
            "thumbs.db",
        ],
    },
    Names {
        program: Leftover::VersionControl,
        prefixes: &[],
        suffixes: &[],
        whole: &[
            ".bzr",
            ".git",
            ".gitattributes",
            ".gitignore",
            ".gitkeep",
            ".gitmodules",
            ".hg",
            ".hgignore",
            ".jj",
            ".svn",
        ],
    },
];

/// Returns which program left a file or folder of this name behind, if any did.
pub fn leftover(name: &OsStr) -> Option<Leftover> {
    let name = name.to_string_lossy().to_ascii_lowercase();
    // Emacs saves `a.md` as `#a.md#`. A name that only begins with `#` may be a person's.
    if name.len() > 1 && name.starts_with('#') && name.ends_with('#') {
        return Some(Leftover::Editor);
    }
    let found = TABLE.iter().find(|names| {
        names.whole.contains(&name.as_str())
            || names.prefixes.iter().any(|prefix| name.starts_with(prefix))
            || names.suffixes.iter().any(|suffix| name.ends_with(suffix))
    });
    found.map(|names| names.program)
}
