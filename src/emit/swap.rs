//! The one moment at which a site changes.

use std::path::Path;

use crate::files::{Dir, FileError};

/// Puts the folder `staging` in the place of the folder `out`, which may be missing; all three are names in the folder
/// `around`. Where there was a folder before, it is at `aside` or at `staging` afterwards.
///
/// Linux and macOS exchange the two in one step, so that there is no moment without a site. A file system
/// that cannot (NFS, some FUSE and overlay mounts), and any other platform, gets two renames, with a moment
/// between them in which `out` is missing; a build that is killed right then leaves the old site at
/// `aside`, and [`recover`] puts it back at the start of the next.
///
/// # Errors
/// What the system said; `out` is then as it was.
pub fn swap(around: &Dir, staging: &Path, out: &Path, aside: &Path) -> Result<(), FileError> {
    if around.kind(out)?.is_none() {
        return around.rename(staging, out);
    }
    if around.exchange(staging, out)? {
        return Ok(());
    }
    log::debug!("this file system cannot exchange two folders; renaming twice");
    around.rename(out, aside)?;
    around.rename(staging, out).inspect_err(|_| {
        // The first error is the one to report.
        let _ = around.rename(aside, out);
    })
}

/// Puts back the site that a killed build left at `aside`, where there is none at `out`.
///
/// # Errors
/// What the system said.
pub fn recover(around: &Dir, out: &Path, aside: &Path) -> Result<(), FileError> {
    let lost = around.kind(aside)?.is_some() && around.kind(out)?.is_none();
    if lost { around.rename(aside, out) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn folder_with(path: &Path, text: &str) {
        fs::create_dir(path).unwrap();
        fs::write(path.join("index.html"), text).unwrap();
    }

    #[test]
    fn the_old_folder_changes_place_with_the_new_one() {
        let temp = tempfile::tempdir().unwrap();
        let around = Dir::open(temp.path()).unwrap();
        let [new, out, aside] = ["new", "out", "aside"].map(|name| temp.path().join(name));
        folder_with(&new, "new");
        folder_with(&out, "old");
        swap(&around, Path::new("new"), Path::new("out"), Path::new("aside")).unwrap();
        assert_eq!(fs::read_to_string(out.join("index.html")).unwrap(), "new");
        let old = if aside.exists() { aside } else { new };
        assert_eq!(fs::read_to_string(old.join("index.html")).unwrap(), "old");
    }

    #[test]
    fn a_site_set_aside_by_a_killed_build_comes_back() {
        let temp = tempfile::tempdir().unwrap();
        let around = Dir::open(temp.path()).unwrap();
        let [out, aside] = ["out", "aside"].map(|name| temp.path().join(name));
        folder_with(&aside, "old");
        recover(&around, Path::new("out"), Path::new("aside")).unwrap();
        assert_eq!(fs::read_to_string(out.join("index.html")).unwrap(), "old");
        folder_with(&aside, "older");
        recover(&around, Path::new("out"), Path::new("aside")).unwrap();
        assert_eq!(fs::read_to_string(out.join("index.html")).unwrap(), "old");
    }
}
