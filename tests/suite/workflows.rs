//! The workflows, the action and the container file: the CI workflow runs the same tests as developers, everything that others wrote
//! is pinned, and one file states the address of the repository. `tests/ci/` runs the steps.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::Project;

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

/// Returns the files of the repository that are text, by path. Folders that other tools write are left out.
fn repository_files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let skipped = ["target", "dist", ".git", "node_modules", "Cargo.lock", "LICENSE-THIRD-PARTY"];
    let entries = walkdir::WalkDir::new(root).into_iter().filter_entry(|entry| {
        let name = entry.file_name().to_string_lossy();
        !skipped.contains(&name.as_ref())
    });
    let files = entries.map(|entry| entry.expect("an entry")).filter(|entry| entry.file_type().is_file());
    let read = |entry: walkdir::DirEntry| {
        let path = entry.path().strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
        Some((path, fs::read_to_string(entry.path()).ok()?))
    };
    files.filter_map(read).collect()
}

/// An address of a repository without its scheme, in lower case, as it would also be in `git@host:path` and without `.git`.
fn address(url: &str) -> String {
    let (_, rest) = url.split_once("://").expect("a URL");
    rest.trim_end_matches('/').trim_end_matches(".git").to_lowercase()
}

#[test]
fn only_one_file_states_the_address_of_the_repository() {
    let stated = candor::init::CANDOR_REPOSITORY;
    assert!(stated.starts_with("https://") && !stated.ends_with('/'), "{stated}");
    let address = address(stated);
    let mut places = Vec::new();
    for (path, text) in repository_files() {
        for (at, line) in text.lines().enumerate() {
            if line.to_lowercase().replace("git@", "").replace(':', "/").contains(&address) {
                places.push(format!("{path}:{}: {}", at + 1, line.trim()));
            }
        }
    }
    assert_eq!(places.len(), 1, "{places:#?}");
    assert!(places[0].starts_with("Cargo.toml:") && places[0].contains("repository = "), "{places:?}");
}

/// No file refers to a repository under another address either: a release, an action, an image or a clone of candor.
#[test]
fn no_file_refers_to_candor_at_a_forge() {
    let mut found = Vec::new();
    for (path, text) in repository_files() {
        let lines = text.lines().enumerate();
        for (at, line) in lines {
            // `OWNER/candor` in the docs is a stand-in.
            let uses = line.trim_start().trim_start_matches("- ").strip_prefix("uses: ");
            let action = uses.is_some_and(|uses| uses.contains("/candor@") && !uses.starts_with("OWNER/"));
            let forge = ["github.com/", "gitlab.com/", "ghcr.io/", "docker.io/", "quay.io/", "codeberg.org/"];
            let linked = forge.iter().any(|host| {
                line.split(host).skip(1).any(|rest| {
                    let path = rest.split(|c: char| !(c.is_alphanumeric() || "/-_.".contains(c))).next();
                    path.is_some_and(|path| {
                        path.split('/').take(2).any(|part| part.trim_end_matches(".git") == "candor")
                    })
                })
            });
            // This test names the hosts.
            if (action || linked) && path != "tests/suite/workflows.rs" {
                found.push(format!("{path}:{}: {}", at + 1, line.trim()));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).expect("YAML")
}

/// Returns every step of a workflow.
fn steps(workflow: &Value) -> impl Iterator<Item = &Value> {
    let jobs = workflow["jobs"].as_object().expect("jobs").values();
    jobs.flat_map(|job| job["steps"].as_array().expect("steps"))
}

#[test]
fn actions_are_pinned_to_a_commit_and_each_to_the_same_one() {
    let mut pins: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in repository_files() {
        let is_workflow =
            path == "action.yml" || path.starts_with(".github/workflows/") || path.starts_with("src/init/ci/");
        if !is_workflow || !path.ends_with(".yml") {
            continue;
        }
        for line in text.lines() {
            let Some(uses) = line.trim_start().trim_start_matches("- ").strip_prefix("uses: ") else { continue };
            if uses == "./" {
                continue;
            }
            let (action, pin) = uses.split_once('@').expect("a version");
            let (commit, version) = pin.split_once(" # v").unwrap_or_else(|| panic!("{path}: no version: {uses}"));
            assert!(commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()), "{path}: {uses}");
            pins.entry(action.to_owned()).or_default().insert(format!("{commit} {version}"));
        }
    }
    assert!(pins.len() >= 5, "{pins:?}");
    for (action, pins) in pins {
        assert_eq!(pins.len(), 1, "{action}: {pins:?}");
    }
}

/// The trust center of this repository uses the recipe that new projects get, with the program of this repository.
#[test]
fn own_workflow_is_the_recipe_for_object_storage() {
    let project = Project::empty();
    let run = project.run(["init", "--ci", "github"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let mut recipe = yaml(&project.read(".github/workflows/trust-center.yml"));
    let mut own = yaml(&read(".github/workflows/trust-center.yml"));
    let env = recipe["env"].as_object_mut().expect("env");
    env.retain(|name, _| !name.starts_with("CANDOR_"));
    for workflow in [&mut recipe, &mut own] {
        for job in workflow["jobs"].as_object_mut().expect("jobs").values_mut() {
            let steps = job["steps"].as_array_mut().expect("steps");
            steps.retain(|step| step["name"] != "Install candor" && step["name"] != "Restore a compiled candor");
            for step in steps {
                if let Some(run) = step["run"].as_str() {
                    // The address of this trust center is a placeholder until the repository has one.
                    let run = run.replace("build --no-placeholders ", "build ");
                    step["run"] = run.replace("src/init/ci/publish.sh", "ci/publish-candor.sh").into();
                }
            }
        }
    }
    assert_eq!(own, recipe);
    let own = read(".github/workflows/trust-center.yml");
    assert_eq!(own.matches("uses: ./\n").count(), 2, "both jobs install the program of this repository");
}

/// Each stage of the container file exists before it is used, and the image is minimal and unprivileged.
#[test]
fn container_file_is_consistent() {
    let file = read("Containerfile");
    let mut stages: Vec<String> = Vec::new();
    let mut last: Vec<&str> = Vec::new();
    for line in file.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(from) = line.strip_prefix("FROM ") {
            last = vec![line];
            let name = from.split(" AS ").nth(1).unwrap_or("");
            stages.push(name.to_owned());
        } else {
            last.push(line);
        }
        if let Some((_, rest)) = line.split_once("--from=") {
            let stage = rest.split(' ').next().expect("a name");
            assert!(stages.iter().any(|known| known == stage), "{line}");
        }
    }
    assert_eq!(stages, ["compiled", "released", "binary", "certificates", ""]);
    // The stage `binary` is one of the two that have the program, and both have it at the same path.
    assert!(file.contains("ARG BINARY=compiled\n") && file.contains("FROM ${BINARY} AS binary\n"));
    assert!(file.contains("cp target/dist/candor /program\n") && file.contains("/candor /program\n"));
    assert_eq!(last[0], "FROM scratch");
    assert!(last.contains(&"USER 65532:65532") && last.contains(&"ENTRYPOINT [\"/candor\"]"), "{last:?}");
    assert!(!last.iter().any(|line| line.starts_with("RUN ")), "an image without a shell runs nothing");
    // The compiler is the minimum version that Cargo.toml states.
    let manifest = read("Cargo.toml");
    let (_, rest) = manifest.split_once("\nrust-version = \"").expect("a minimum version");
    let version = rest.split('"').next().expect("a version");
    assert!(file.contains(&format!("FROM rust:{version}-alpine AS compiled")), "{version}");
    assert!(read(".dockerignore").lines().any(|line| line == "/target"));
}

#[test]
fn workflows_have_no_permission_by_default_and_no_expression_in_a_script() {
    for file in ["ci.yml", "release.yml", "trust-center.yml"] {
        let workflow = yaml(&read(&format!(".github/workflows/{file}")));
        assert_eq!(workflow["permissions"], serde_json::json!({}), "{file}");
        // The name of a part of the tests comes from the file itself.
        let fixed = ["bash tests/run.sh ${{ matrix.part }}"];
        for run in steps(&workflow).filter_map(|step| step["run"].as_str()).filter(|run| !fixed.contains(run)) {
            assert!(!run.contains("${{"), "{file}: {run}");
        }
        for step in steps(&workflow).filter(|step| step["uses"].as_str().is_some_and(|uses| uses.contains("checkout@")))
        {
            assert_eq!(step["with"]["persist-credentials"], false, "{file}");
        }
    }
}
