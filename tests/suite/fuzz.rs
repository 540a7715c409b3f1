//! The properties of the fuzz targets, checked for all seeds and for every failing input that a fuzzer has found.
//!
//! Both are in `fuzz/inputs/TARGET/`: after fixing a failure, add its input there under a descriptive name.

pub mod promises;

use std::fs;
use std::path::Path;

/// Checks the properties of a target for each of its inputs. A target without inputs is a mistake in this file.
fn check_inputs(target: &str, property: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/inputs").join(target);
    let mut inputs: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("an entry").path())
        .collect();
    inputs.sort();
    assert!(!inputs.is_empty(), "{target} has no inputs");
    for path in inputs {
        // Printed only on failure: the input that failed.
        println!("{}", path.display());
        property(&fs::read(&path).expect("an input"));
    }
}

macro_rules! targets {
    ($($(#[$attribute:meta])* $target:ident),* $(,)?) => {
        $($(#[$attribute])* #[test]
        fn $target() {
            check_inputs(stringify!($target), promises::$target);
        })*

        /// Each target has a program and a folder of inputs, and there are no others.
        #[test]
        fn fuzz_targets_match_programs_and_input_folders() {
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
