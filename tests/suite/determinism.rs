//! Builds are reproducible: the same content and date give the same bytes in any time zone, with any system language
//! and number of threads, and in any order in which the disk lists files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn build_is_reproducible_in_any_environment() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().expect("a folder");
    let mut trees = Vec::new();
    for (name, reverse, variables) in [
        ("a", false, [("TZ", "UTC"), ("LANG", "C"), ("RAYON_NUM_THREADS", "1")]),
        ("b", true, [("TZ", "Pacific/Kiritimati"), ("LANG", "tr_TR.UTF-8"), ("RAYON_NUM_THREADS", "7")]),
    ] {
        let root = folder.path().join(name);
        copy(&here.join("content"), &root.join("content"), reverse);
        let status = Command::new(env!("CARGO_BIN_EXE_candor"))
            .args(["build", "--quiet", "--as-of", "2026-06-01", "--root"])
            .arg(&root)
            .envs(variables)
            .status()
            .expect("candor runs");
        assert!(status.success());
        let mut tree = BTreeMap::new();
        read(&root.join("dist"), "", &mut tree);
        trees.push(tree);
    }
    assert_eq!(trees[0].keys().collect::<Vec<_>>(), trees[1].keys().collect::<Vec<_>>());
    assert!(trees[0].len() > 10, "the tree has {} files", trees[0].len());
    for (path, bytes) in &trees[0] {
        assert!(trees[1][path] == *bytes, "{path} differs");
    }
}

/// Copies a folder. Files are created in forward or reverse order, so that the disk lists them in a different order.
fn copy(from: &Path, to: &Path, reverse: bool) {
    fs::create_dir_all(to).expect("a folder");
    let mut entries: Vec<_> =
        fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    if reverse {
        entries.reverse();
    }
    for entry in entries {
        let target = to.join(entry.file_name().expect("a name"));
        if entry.is_dir() {
            copy(&entry, &target, reverse);
        } else {
            fs::copy(&entry, &target).expect("a copy");
        }
    }
}

fn read(folder: &Path, prefix: &str, tree: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = format!("{prefix}{}", path.file_name().expect("a name").to_string_lossy());
        if path.is_dir() {
            read(&path, &format!("{name}/"), tree);
        } else {
            tree.insert(name, fs::read(&path).expect("a file"));
        }
    }
}
