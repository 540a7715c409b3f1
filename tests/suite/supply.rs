//! Dependencies of the program, read from Cargo.toml and Cargo.lock. `.ci/supply.py check` also checks licenses.

use std::collections::BTreeSet;

const MANIFEST: &str = include_str!("../../Cargo.toml");
const LOCK: &str = include_str!("../../Cargo.lock");
const NOTICES: &str = include_str!("../../LICENSE-THIRD-PARTY");

/// Returns the value of a key in a block of Cargo.lock.
fn value<'a>(block: &'a str, key: &str) -> Option<&'a str> {
    block.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"'))
}

fn locked() -> impl Iterator<Item = &'static str> {
    LOCK.split("[[package]]").skip(1).filter(|block| value(block, "name") != Some("candor"))
}

#[test]
fn every_dependency_comes_from_crates_io_with_a_checksum() {
    for block in locked() {
        let name = value(block, "name").expect("a name");
        assert_eq!(value(block, "source"), Some("registry+https://github.com/rust-lang/crates.io-index"), "{name}");
        assert_eq!(value(block, "checksum").map(str::len), Some(64), "{name}");
    }
}

#[test]
fn every_direct_dependency_has_a_reason() {
    let (_, rest) = MANIFEST.split_once("\n[dependencies]\n").expect("dependencies");
    let (direct, rest) = rest.split_once("\n[build-dependencies]\n").expect("dependencies of the build script");
    let (build, rest) = rest.split_once("\n[dev-dependencies]\n").expect("dependencies of tests");
    let (dev, _) = rest.split_once("\n[").expect("another section");
    let mut count = 0;
    for list in [direct, build, dev] {
        let mut reason = false;
        for line in list.lines() {
            if !line.is_empty() && !line.starts_with('#') {
                assert!(reason, "no reason in Cargo.toml for {line}");
                count += 1;
            }
            reason = line.starts_with('#');
        }
    }
    assert!(count > 40, "only {count} dependencies found");
}

#[test]
fn notices_match_the_locked_versions() {
    let locked: BTreeSet<String> = locked()
        .map(|block| {
            format!("{} {}", value(block, "name").unwrap_or_default(), value(block, "version").unwrap_or_default())
        })
        .collect();
    let list = NOTICES.split("\n====").next().unwrap_or_default();
    let listed: Vec<&str> = list
        .lines()
        .skip_while(|line| !line.is_empty())
        .skip(1)
        .filter_map(|line| Some(line.split_once(": ")?.0))
        .collect();
    assert!(listed.len() > 100, "{} packages listed", listed.len());
    for package in listed {
        assert!(locked.contains(package), "{package} is not in Cargo.lock: run python3 .ci/supply.py notices");
    }
}
