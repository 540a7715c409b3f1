//! Computes a digest of everything in the repository that the program is compiled from.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The files and folders that the program is compiled from, relative to the package root. `Cargo.lock` names the exact
/// versions of all dependencies, with their digests.
pub const INPUTS: [&str; 6] = ["Cargo.lock", "Cargo.toml", "docs/templates.md", "src", "static", "templates"];

/// Returns the digest of [`INPUTS`] below `root` and of the compiled features, in hexadecimal.
///
/// # Errors
/// When a file cannot be read.
pub fn source_digest(root: &Path, features: &[String]) -> io::Result<String> {
    let mut files = Vec::new();
    for input in INPUTS {
        collect(&root.join(input), &mut files)?;
    }
    let mut digest = Fnv::new();
    for path in &files {
        let name: Vec<_> = path.strip_prefix(root).unwrap_or(path).iter().map(|part| part.to_string_lossy()).collect();
        digest.add(name.join("/").as_bytes());
        digest.add(&fs::read(written(path))?);
    }
    for feature in features {
        digest.add(feature.as_bytes());
    }
    Ok(format!("{:032x}", digest.0))
}

/// Returns the file as its author wrote it: a package contains a manifest that Cargo rewrote, with the original next to
/// it.
fn written(path: &Path) -> PathBuf {
    let original = path.with_file_name("Cargo.toml.orig");
    if path.ends_with("Cargo.toml") && original.is_file() { original } else { path.to_owned() }
}

/// Adds a file, or all files of a folder sorted by name. Ignores a missing file, which has no effect on the build.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_file() {
        files.push(path.to_owned());
    } else if path.is_dir() {
        let mut entries = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
        entries.sort();
        for entry in entries {
            collect(&entry, files)?;
        }
    }
    Ok(())
}

/// 128-bit FNV-1a. It tells builds apart and needs no dependency in the build script; it does not protect against
/// forgery.
struct Fnv(u128);

impl Fnv {
    fn new() -> Fnv {
        Fnv(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }

    /// Adds a part and its length, so that different lists of parts never produce the same bytes.
    fn add(&mut self, part: &[u8]) {
        let length = (part.len() as u64).to_le_bytes();
        for byte in part.iter().chain(&length) {
            self.0 = (self.0 ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }
}
