//! The CI workflow runs the same tests as developers: each Linux job is a part of `tests/run.sh`.

use std::fs;
use std::path::Path;

use serde_json::Value;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a file of the repository")
}

/// Returns the parts that `bash tests/run.sh` runs by default.
fn parts() -> Vec<String> {
    let script = read("tests/run.sh");
    let (_, rest) = script.split_once("parts=${*:-").expect("the list of parts");
    let (parts, _) = rest.split_once('}').expect("an end of the list");
    parts.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn linux_job_runs_every_part_of_the_test_command() {
    let workflow: Value = serde_yaml::from_str(&read(".github/workflows/ci.yml")).expect("a workflow");
    let linux = &workflow["jobs"]["linux"];
    let matrix: Vec<String> = serde_json::from_value(linux["strategy"]["matrix"]["part"].clone()).expect("a list");
    assert_eq!(matrix, parts());
    let runs: Vec<&str> =
        linux["steps"].as_array().expect("steps").iter().filter_map(|step| step["run"].as_str()).collect();
    assert_eq!(runs, ["bash tests/run.sh ${{ matrix.part }}"]);
}

#[test]
fn minimum_rust_version_is_tested() {
    let manifest = read("Cargo.toml");
    let (_, rest) = manifest.split_once("\nrust-version = \"").expect("a minimum version");
    let (version, _) = rest.split_once('"').expect("an end of the version");
    assert!(read(".github/workflows/ci.yml").contains(&format!("cargo +{version} check --locked")), "{version}");
    assert!(read("CONTRIBUTING.md").contains(&format!("You need Rust {version} or newer")), "{version}");
    assert!(read("README.md").contains(&format!("Rust {version} or newer")), "{version}");
}
