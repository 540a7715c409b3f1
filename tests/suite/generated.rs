//! Committed files that the program generates: the tests compare them with its current output, and
//! `bash tests/regenerate.sh` updates them.

use std::fs;
use std::path::Path;

/// Compares a committed file with what the program generates, or writes it if `CANDOR_REGENERATE` is set.
pub fn assert_current(path: impl AsRef<Path>, generated: &str) {
    let path = path.as_ref();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("CANDOR_REGENERATE").is_some() {
        fs::create_dir_all(file.parent().expect("a parent")).expect("a folder");
        fs::write(&file, generated).expect("a file");
    }
    let committed = fs::read_to_string(&file).unwrap_or_default();
    assert!(committed == generated, "{} is stale: run `bash tests/regenerate.sh`", path.display());
}
