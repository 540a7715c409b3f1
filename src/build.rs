//! Cargo's build script: embeds the theme, the commit and a digest of the sources in the program.
//!
//! The commit comes from the variable `CANDOR_COMMIT`, from the file that `cargo package` leaves, or from git's own
//! files; without any of these, it is left out. A debug build leaves it out too, because otherwise each commit would
//! recompile everything.

use std::fs;
use std::path::{Path, PathBuf};

use source_digest::{INPUTS, source_digest};

#[path = "build/embed.rs"]
mod embed;
#[path = "compress/encode.rs"]
mod encode;
#[path = "build/source_digest.rs"]
mod source_digest;
#[path = "build/style.rs"]
mod style;

fn main() {
    for input in INPUTS {
        println!("cargo::rerun-if-changed={input}");
    }
    let out = std::env::var_os("OUT_DIR").unwrap_or_default();
    if let Err(error) = embed::write(Path::new(&out)) {
        println!("cargo::error=cannot embed the theme: {error}");
    }
    println!("cargo::rerun-if-env-changed=CANDOR_COMMIT");
    let version = std::env::var("CARGO_PKG_VERSION").unwrap_or_default();
    let named = std::env::var("CANDOR_COMMIT").ok().filter(|commit| !commit.is_empty());
    let debug = std::env::var("PROFILE").is_ok_and(|profile| profile == "debug");
    let commit = named.or_else(|| if debug { None } else { packaged().or_else(head) });
    let version = match commit {
        Some(commit) => format!("{version} ({})", commit.chars().take(12).collect::<String>()),
        None => version,
    };
    println!("cargo::rustc-env=CANDOR_VERSION={version}");
    match source_digest(Path::new("."), &features()) {
        Ok(digest) => println!("cargo::rustc-env=CANDOR_SOURCES={digest}"),
        Err(error) => println!("cargo::error=cannot read the sources: {error}"),
    }
}

/// Returns the compiled features, sorted.
fn features() -> Vec<String> {
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let mut features: Vec<_> = names.filter(|name| name.starts_with("CARGO_FEATURE_")).collect();
    features.sort();
    features
}

/// Returns the commit that `cargo package` recorded.
fn packaged() -> Option<String> {
    let note = fs::read_to_string(".cargo_vcs_info.json").ok()?;
    let (_, rest) = note.split_once("\"sha1\"")?;
    hash(rest.split('"').nth(1)?)
}

/// Returns the commit that git has checked out.
fn head() -> Option<String> {
    let git = git_folder()?;
    let head = watched(&git.join("HEAD"))?;
    let Some(name) = head.strip_prefix("ref: ") else { return hash(&head) };
    // A worktree keeps its branches in the repository's `.git` folder.
    let common = fs::read_to_string(git.join("commondir")).map_or(git.clone(), |path| git.join(path.trim()));
    if let Some(commit) = watched(&common.join(name)) {
        return hash(&commit);
    }
    let packed = watched(&common.join("packed-refs"))?;
    packed.lines().find_map(|line| line.strip_suffix(name).and_then(hash))
}

/// Returns the `.git` folder; in a worktree, `.git` is a file that names it.
fn git_folder() -> Option<PathBuf> {
    let git = Path::new(".git");
    if git.is_dir() {
        return Some(git.to_owned());
    }
    let file = fs::read_to_string(git).ok()?;
    Some(PathBuf::from(file.strip_prefix("gitdir: ")?.trim()))
}

fn watched(path: &Path) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    println!("cargo::rerun-if-changed={}", path.display());
    Some(text.trim().to_owned())
}

fn hash(text: &str) -> Option<String> {
    let text = text.trim();
    (text.len() >= 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| text.to_owned())
}
