//! What the fuzz targets promise, held on their seeds and on everything that a fuzzer ever found.
//!
//! `fuzz/inputs/TARGET/` is where both stand; a new finding is mended and then put there under a name that tells it.

pub mod promises;

use std::fs;
use std::path::Path;

/// Every input of a target holds its promises; a target without inputs is a mistake in this file.
fn all(target: &str, holds: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/inputs").join(target);
    let mut inputs: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("an entry").path())
        .collect();
    inputs.sort();
    assert!(!inputs.is_empty(), "{target} has no inputs");
    for path in inputs {
        // Shown only where the promise is broken: which input it was.
        println!("{}", path.display());
        holds(&fs::read(&path).expect("an input"));
    }
}

macro_rules! targets {
    ($($(#[$attribute:meta])* $target:ident),* $(,)?) => {
        $($(#[$attribute])* #[test]
        fn $target() {
            all(stringify!($target), promises::$target);
        })*

        /// Each target has its program, and each program and folder its target.
        #[test]
        fn targets_inputs_and_programs_are_the_same_list() {
            let mut targets = vec![$(stringify!($target)),*];
            targets.sort_unstable();
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
            let names = |folder: &str| {
                let mut names: Vec<String> = fs::read_dir(root.join(folder))
                    .expect("a folder")
                    .map(|entry| entry.expect("an entry").file_name().to_string_lossy().replace(".rs", ""))
                    .collect();
                names.sort();
                names
            };
            assert_eq!(names("inputs"), targets);
            assert_eq!(names("fuzz_targets"), targets);
        }
    };
}

targets! { diff, front_matter, #[cfg(feature = "import")] import, markdown, release, #[cfg(feature = "serve")] request_path, site_yaml, template, #[cfg(feature = "import")] yaml }
