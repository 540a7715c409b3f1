//! A digest of everything in the repository that the program is compiled from.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What the program is compiled from, relative to the root of the package. `Cargo.lock` names the exact versions of all
/// dependencies, with their digests.
pub const INPUTS: [&str; 5] = ["Cargo.lock", "Cargo.toml", "src", "static", "templates"];

/// The digest of [`INPUTS`] below `root` and of the features that are compiled in, in hexadecimal digits.
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

/// The file as its author wrote it: a package has a manifest that Cargo rewrote, and the original next to it.
fn written(path: &Path) -> PathBuf {
    let original = path.with_file_name("Cargo.toml.orig");
    if path.ends_with("Cargo.toml") && original.is_file() { original } else { path.to_owned() }
}

/// Adds a file, or all files of a folder in the order of their names. One that is missing has no part in the build.
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

/// FNV-1a with 128 bits: enough to tell builds apart that nobody forges, and without a dependency of the build script.
struct Fnv(u128);

impl Fnv {
    fn new() -> Fnv {
        Fnv(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }

    /// Adds a part, and its length, so that no two lists of parts are the same bytes.
    fn add(&mut self, part: &[u8]) {
        let length = (part.len() as u64).to_le_bytes();
        for byte in part.iter().chain(&length) {
            self.0 = (self.0 ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }
}
