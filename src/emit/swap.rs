//! Replaces the old site with the new one.

use std::path::Path;

use crate::files::{Dir, FileError};

/// Moves the folder `staging` to `out`, which may be missing; all names are in the folder `around`. The previous
/// folder, if any, is at `aside` or at `staging` afterwards.
///
/// Linux and macOS swap the two atomically, so a site is always present. File systems that cannot do this (NFS, some
/// FUSE and overlay mounts) and other platforms need two renames, and `out` is missing for a moment between them. If
/// the build is killed in that moment, the old site stays at `aside`, and [`recover`] restores it at the start of the
/// next build.
///
/// # Errors
/// When the operating system returns an error; `out` is then unchanged.
pub fn swap(around: &Dir, staging: &Path, out: &Path, aside: &Path) -> Result<(), FileError> {
    if around.kind(out)?.is_none() {
        return around.rename(staging, out);
    }
    if around.swap(staging, out)? {
        return Ok(());
    }
    log::debug!("the file system cannot swap two folders atomically; renaming twice");
    around.rename(out, aside)?;
    around.rename(staging, out).inspect_err(|_| {
        // The first error is the one to report.
        let _ = around.rename(aside, out);
    })
}

/// Restores the site that a killed build left at `aside`, if `out` is missing.
///
/// # Errors
/// When the operating system returns an error.
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
    fn swaps_the_old_folder_and_the_new_one() {
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
    fn restores_the_site_that_a_killed_build_set_aside() {
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
