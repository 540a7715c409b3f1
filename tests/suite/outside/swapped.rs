//! Links that replace files while candor runs.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::{CANARY, Scene, files};

/// Swaps two paths repeatedly while `work` runs.
fn while_swapping(one: &Path, other: &Path, work: impl FnOnce()) {
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                // A swap fails while candor itself replaces the path.
                let _ = renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE);
            }
        });
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        done.store(true, Ordering::Relaxed);
        result.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    });
}

/// Runs 2 commands in 8 rounds for each of 6 paths: 96 runs.
#[test]
fn swapped_links_are_never_followed_outside() {
    for position in [
        "content/sections",
        "content/sections/10-about.md",
        "content/releases",
        "content/site.yaml",
        "static",
        "static/logo.svg",
    ] {
        let scene = Scene::new();
        let at = scene.path("project").join(position);
        let outside = scene.path("outside");
        let target = if at.is_dir() { outside.clone() } else { outside.join("file") };
        symlink(target, scene.path("project/evil")).expect("a link");
        let before = files(&outside);
        while_swapping(&at, &scene.path("project/evil"), || {
            for n in 0..8 {
                for command in [&["build", "--draft", "--no-compress"][..], &["release", "-m", "More"]] {
                    let text = format!("---\ntitle: About\n---\nText {n}.\n");
                    let _ = fs::write(scene.path("project/content/sections/30-new.md"), text);
                    let ran = scene.run(command);
                    assert!(matches!(ran.code, Some(0..=2)), "{position}: {ran:?}");
                    assert!(!ran.stdout.contains(CANARY) && !ran.stderr.contains(CANARY), "{position}: {ran:?}");
                    for (path, text) in files(&scene.path("project/dist")) {
                        assert!(!text.is_some_and(|text| text.contains(CANARY)), "{position}: {}", path.display());
                    }
                }
            }
        });
        let mut after = files(&outside);
        // The test itself may have written this file through the link.
        after.remove(&outside.join("30-new.md"));
        assert_eq!(after, before, "{position}");
    }
}
