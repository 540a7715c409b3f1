//! The program version recorded in a site: builds of candor whose output may differ have different versions.

use std::fs;
use std::path::Path;

use candor::model::ProgramVersion;

use source_digest::{INPUTS, source_digest};

#[path = "../../src/build/source_digest.rs"]
mod source_digest;

/// Creates a package with the files that the program is compiled from.
fn package() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in [
        ("Cargo.lock", "tera 2.4.0\n"),
        ("Cargo.toml", "[package]\n"),
        ("src/lib.rs", "mod a;\n"),
        ("src/a/b.rs", "fn b() {}\n"),
        ("static/js/a.js", "a()\n"),
        ("templates/index.html", "<p>\n"),
        ("README.md", "Read me.\n"),
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("written");
    }
    folder
}

fn digest(root: &Path, features: &[&str]) -> String {
    let features: Vec<String> = features.iter().map(|feature| (*feature).to_owned()).collect();
    source_digest(root, &features).expect("readable")
}

#[test]
fn any_source_change_changes_the_digest() {
    let write =
        |path: &'static str, text: &'static str| move |root: &Path| fs::write(root.join(path), text).expect("written");
    type Edit<'a> = (&'a str, &'a dyn Fn(&Path));
    let edits: [Edit<'_>; 9] = [
        ("a dependency", &write("Cargo.lock", "tera 2.4.1\n")),
        ("the manifest", &write("Cargo.toml", "[package]\n[dependencies]\n")),
        ("a file", &write("src/a/b.rs", "fn c() {}\n")),
        ("a new file", &write("src/a/c.rs", "")),
        ("a script", &write("static/js/a.js", "b()\n")),
        ("a template", &write("templates/index.html", "<b>\n")),
        ("a file removed", &|root| fs::remove_file(root.join("src/a/b.rs")).expect("removed")),
        ("a file renamed", &|root| fs::rename(root.join("src/a/b.rs"), root.join("src/a/d.rs")).expect("renamed")),
        ("text moved from one file to another", &|root| {
            fs::write(root.join("src/lib.rs"), "").expect("written");
            fs::write(root.join("src/a/b.rs"), "fn b() {}\nmod a;\n").expect("written");
        }),
    ];
    let before = digest(package().path(), &["CARGO_FEATURE_SERVE"]);
    for (what, edit) in edits {
        let package = package();
        edit(package.path());
        assert_ne!(digest(package.path(), &["CARGO_FEATURE_SERVE"]), before, "{what}");
    }
    assert_ne!(digest(package().path(), &[]), before, "a feature");
}

#[test]
fn equal_sources_have_the_same_digest_in_any_folder() {
    let (one, other) = (package(), package());
    fs::write(other.path().join("README.md"), "Read it.\n").expect("written");
    fs::rename(other.path().join("Cargo.toml"), other.path().join("Cargo.toml.orig")).expect("renamed");
    fs::write(other.path().join("Cargo.toml"), "# as Cargo writes it into a package\n[package]\n").expect("written");
    assert_eq!(digest(one.path(), &[]), digest(other.path(), &[]));
}

#[test]
fn program_version_contains_the_version_and_the_source_digest() {
    let mut features = Vec::new();
    for (name, enabled) in [
        ("CARGO_FEATURE_DEFAULT", cfg!(feature = "default")),
        ("CARGO_FEATURE_IMPORT", cfg!(feature = "import")),
        ("CARGO_FEATURE_MAIL", cfg!(feature = "mail")),
        ("CARGO_FEATURE_PUBLISH", cfg!(feature = "publish")),
        ("CARGO_FEATURE_SERVE", cfg!(feature = "serve")),
    ] {
        features.extend(enabled.then_some(name));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert!(INPUTS.iter().all(|input| root.join(input).exists()));
    let current = ProgramVersion::current();
    assert!(current.as_str().starts_with(env!("CARGO_PKG_VERSION")), "{current}");
    assert!(current.as_str().ends_with(&digest(root, &features)), "{current}");
}
