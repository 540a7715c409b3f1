//! The one moment at which a site changes.

use std::fs;
use std::io;
use std::path::Path;

/// Puts the folder `staging` in the place of the folder `out`, which may be missing. Where there was a
/// folder before, it stands at `aside` or at `staging` afterwards.
///
/// Linux and macOS exchange the two in one step, so that there is no moment without a site. A file system
/// that cannot (NFS, some FUSE and overlay mounts), and any other platform, gets two renames, with a moment
/// between them in which `out` is missing; a build that is killed right then leaves the old site at
/// `aside`, and [`recover`] puts it back at the start of the next.
///
/// # Errors
/// What the system said; `out` is then as it was.
pub fn swap(staging: &Path, out: &Path, aside: &Path) -> io::Result<()> {
    if !out.try_exists()? {
        return fs::rename(staging, out);
    }
    if exchange(staging, out)? {
        return Ok(());
    }
    log::debug!("this file system cannot exchange two folders; renaming twice");
    fs::rename(out, aside)?;
    fs::rename(staging, out).inspect_err(|_| {
        // The first error is the one to tell.
        let _ = fs::rename(aside, out);
    })
}

/// Puts back the site that a killed build left at `aside`, where there is none at `out`.
///
/// # Errors
/// What the system said.
pub fn recover(out: &Path, aside: &Path) -> io::Result<()> {
    if aside.try_exists()? && !out.try_exists()? { fs::rename(aside, out) } else { Ok(()) }
}

/// Exchanges two folders; `false` where that cannot be done here.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "macos"))]
fn exchange(one: &Path, other: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;

    match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(error) if [Errno::NOSYS, Errno::INVAL, Errno::OPNOTSUPP, Errno::NOTSUP].contains(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "macos")))]
fn exchange(_one: &Path, _other: &Path) -> io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(path: &Path, text: &str) {
        fs::create_dir(path).unwrap();
        fs::write(path.join("index.html"), text).unwrap();
    }

    #[test]
    fn the_old_folder_changes_place_with_the_new_one() {
        let temp = tempfile::tempdir().unwrap();
        let [new, out, aside] = ["new", "out", "aside"].map(|name| temp.path().join(name));
        folder_with(&new, "new");
        folder_with(&out, "old");
        swap(&new, &out, &aside).unwrap();
        assert_eq!(fs::read_to_string(out.join("index.html")).unwrap(), "new");
        let old = if aside.exists() { aside } else { new };
        assert_eq!(fs::read_to_string(old.join("index.html")).unwrap(), "old");
    }

    #[test]
    fn a_site_set_aside_by_a_killed_build_comes_back() {
        let temp = tempfile::tempdir().unwrap();
        let [out, aside] = ["out", "aside"].map(|name| temp.path().join(name));
        folder_with(&aside, "old");
        recover(&out, &aside).unwrap();
        assert_eq!(fs::read_to_string(out.join("index.html")).unwrap(), "old");
        folder_with(&aside, "older");
        recover(&out, &aside).unwrap();
        assert_eq!(fs::read_to_string(out.join("index.html")).unwrap(), "old");
    }
}
