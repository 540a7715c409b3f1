//! Files that other programs leave behind. This table alone decides what is content and what is not.
//!
//! A lock file of an office suite contains a person's name, and a backup may contain an older draft of a confidential
//! document. So candor does not load, publish, watch or compare these files.

use std::ffi::OsStr;

/// The kind of program that left a file behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leftover {
    /// An editor, an office suite, a browser or a merge tool: swap, backup, lock and temporary files.
    Editor,
    /// A file manager: metadata of a folder that it displayed.
    Desktop,
    /// A version control system: data or settings.
    VersionControl,
}

/// Prefixes, suffixes and whole names, matched case-insensitively, as Windows and macOS compare names.
struct Names {
    program: Leftover,
    prefixes: &'static [&'static str],
    suffixes: &'static [&'static str],
    whole: &'static [&'static str],
}

const TABLE: [Names; 3] = [
    Names {
        program: Leftover::Editor,
        // Word and Excel (`~$`), LibreOffice (`.~lock.`) and WPS Office, Emacs (`.#`), GNOME, files deleted while they are open
        // (NFS, FUSE), temporary files of Word.
        prefixes: &["~$", ".~", ".#", ".goutputstream-", ".nfs", ".fuse_hidden", "~wrd", "~wrl"],
        suffixes: &[
            "~",
            ".swp",
            ".swo",
            ".swx",
            ".swpx",
            ".swn",
            ".swm",
            ".swl",
            ".bak",
            ".orig",
            ".rej",
            ".tmp",
            ".temp",
            ".asd",
            ".wbk",
            // Backups and locks of nano, Excel, Visio, InDesign, AutoCAD, Access and Kate.
            "_bak",
            ".~vsdx",
            ".~vsd",
            ".sv$",
            ".ac$",
            ".old",
            ".backup",
            ".save",
            ".autosave",
            ".xlk",
            ".idlk",
            ".dwl",
            ".dwl2",
            ".laccdb",
            ".kate-swp",
            // Downloads of browsers and file transfer programs.
            ".crdownload",
            // Files that a page saves in Chrome and Edge, until they are complete.
            ".crswap",
            ".download",
            ".filepart",
            ".opdownload",
            ".part",
            ".partial",
            // Sides of a merge conflict.
            ".mine",
            "~head",
            "___jb_tmp___",
            "___jb_old___",
        ],
        // Vim creates this file to test whether it may write to the folder.
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
            "$recycle.bin",
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

/// Returns the kind of program that left a file or folder with this name behind, if any.
pub fn leftover(name: &OsStr) -> Option<Leftover> {
    let name = name.to_string_lossy();
    if is_saved_under_random_name(&name) {
        return Some(Leftover::Editor);
    }
    let name = name.to_ascii_lowercase();
    // Emacs saves `a.md` as `#a.md#`. A file whose name only begins with `#` may be content.
    if name.len() > 1 && name.starts_with('#') && name.ends_with('#') {
        return Some(Leftover::Editor);
    }
    if is_safe_save(&name) || is_numbered_backup(&name) || is_merge_side(&name) {
        return Some(Leftover::Editor);
    }
    let found = TABLE.iter().find(|names| {
        names.whole.contains(&name.as_str())
            || names.prefixes.iter().any(|prefix| name.starts_with(prefix))
            || names.suffixes.iter().any(|suffix| name.ends_with(suffix))
    });
    found.map(|names| names.program)
}

/// Whether an editor numbers a backup like this: `a.pdf.save.1` (nano), `a.pdf.bak2`, `a.pdf.bak.2`, `a.pdf.r12` (Subversion).
fn is_numbered_backup(name: &str) -> bool {
    let rest = name.trim_end_matches(|c: char| c.is_ascii_digit());
    if rest.len() == name.len() {
        return false;
    }
    let rest = rest.strip_suffix('.').unwrap_or(rest);
    [".save", ".bak", "_bak", ".old", ".orig", ".backup"].iter().any(|suffix| rest.ends_with(suffix))
        || rest.strip_suffix(".r").is_some_and(|file| file.contains('.'))
}

/// Whether Git names the side of a merge like this for a merge tool: `a_BACKUP_1234.pdf`, `a.BASE.1234.pdf`.
fn is_merge_side(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let rest = stem.trim_end_matches(|c: char| c.is_ascii_digit());
    let sides = ["backup", "base", "local", "remote"];
    rest.len() < stem.len()
        && sides.iter().any(|side| rest.ends_with(&format!("_{side}_")) || rest.ends_with(&format!(".{side}.")))
}

/// Whether Excel saves a file under this temporary name, such as `A1B2C3D4`, or `sed -i` does, such as `sedAb12Cd`. Names that may
/// be words or dates are not enough: they must mix letters and digits, or cases.
fn is_saved_under_random_name(name: &str) -> bool {
    let has = |text: &str, matches: fn(&u8) -> bool| text.bytes().any(|b| matches(&b));
    let is_hex = name.len() == 8 && name.bytes().all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'F'));
    let of_sed = name.strip_prefix("sed").filter(|id| id.len() == 6 && id.bytes().all(|b| b.is_ascii_alphanumeric()));
    (is_hex && has(name, u8::is_ascii_digit) && has(name, u8::is_ascii_uppercase))
        || of_sed.is_some_and(|id| has(id, u8::is_ascii_uppercase) && !id.bytes().all(|b| b.is_ascii_uppercase()))
}

/// Whether Office for Mac saves a file under this temporary name, such as `a.docx.sb-1a2b3c4d-Xy12Za`.
fn is_safe_save(name: &str) -> bool {
    let Some((_, id)) = name.rsplit_once(".sb-") else { return false };
    let is_word = |word: &str, length: usize| word.len() == length && word.bytes().all(|b| b.is_ascii_alphanumeric());
    id.split_once('-').is_some_and(|(hex, random)| is_word(hex, 8) && is_word(random, 6))
}
