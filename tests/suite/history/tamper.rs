//! Detection of a single flipped bit.

use std::fs;

use candor::history::store;
use proptest::prelude::*;

use super::released;

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn flipped_bit_is_detected_in_every_file(file in 0..4usize, at in any::<prop::sample::Index>(), bit in 0..8u8) {
        let project = &*HISTORY;
        let names = ["2026-05-01.json", "2026-05-02.json", "2026-05-03.json", "SHA256SUMS"];
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(folder.path().join("content/releases")).expect("a folder");
        for name in names {
            let path = format!("content/releases/{name}");
            let mut bytes = fs::read(project.path(&path)).expect("a file");
            if name == names[file] {
                let at = at.index(bytes.len());
                bytes[at] ^= 1 << bit;
            }
            fs::write(folder.path().join(path), bytes).expect("a file");
        }
        let (_, report) = store::read(&candor::project::Project::at(folder.path()), "2026-05-22".parse().expect("a date"));
        prop_assert!(report.has_errors());
    }
}

/// Without the list of digests, each release except the newest is still pinned by the next one. Nothing pins the
/// newest, so a missing list is a separate error.
#[test]
fn hash_chain_pins_all_releases_except_the_newest() {
    for (name, found) in [("2026-05-01", true), ("2026-05-02", true), ("2026-05-03", false)] {
        let project = super::edit(
            released(3).without("content/releases/SHA256SUMS"),
            &format!("content/releases/{name}.json"),
            "Payment",
            "payment",
        );
        let run = project.run(["verify"]);
        assert_eq!(run.code, Some(1), "{name}: {run:?}");
        assert!(run.stderr.contains("error[release-sums-missing]"), "{run:?}");
        assert_eq!(run.stderr.contains("error[release-edited]"), found, "{name}: {run:?}");
    }
}

static HISTORY: std::sync::LazyLock<crate::support::Project> = std::sync::LazyLock::new(|| released(3));
