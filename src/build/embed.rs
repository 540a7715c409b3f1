//! Writes the tables of files that `src/embedded.rs` includes: those of the theme, with style sheets and scripts minified and
//! compressed, and those of a new project.
//!
//! [`SCRIPTS`] has the minified scripts: `tests/browser/minify.mjs` writes them, because no small Rust library shortens the
//! names in a script.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::{encode, style};

/// The folder with the files of a new project.
const SKELETON: &str = "src/init/skeleton";

/// The folder with the minified scripts of `static/js`.
const SCRIPTS: &str = "src/build/scripts";

/// Writes `embedded.rs` and the minified files to `out`, from the folders of the repository, which is the current folder.
///
/// # Errors
/// When a file cannot be read or written, or is not UTF-8 where it has to be.
pub fn write(out: &Path) -> io::Result<()> {
    let mut table = String::from("pub static TEMPLATES: &[(&str, &str)] = &[\n");
    for path in files("templates", "")?.iter().filter(|path| path.ends_with(".html") || path.ends_with(".yaml")) {
        let _ = writeln!(table, "    ({path:?}, include_str!({})),", source("templates", path));
    }
    table += "];\n\npub static SKELETON: &[(&str, &str)] = &[\n";
    for path in files(SKELETON, "")? {
        let _ = writeln!(table, "    ({path:?}, include_str!({})),", source(SKELETON, &path));
    }
    table += "];\n\npub static STATIC_FILES: &[StaticFile] = &[\n";
    for path in files("static", "")? {
        let source = source("static", &path);
        let text = if path.ends_with(".css") {
            style::minified(&fs::read_to_string(Path::new("static").join(&path))?)
        } else if let Some(name) = path.strip_prefix("js/") {
            // The first line names the source.
            let text = fs::read_to_string(Path::new(SCRIPTS).join(name))?;
            text.split_once('\n').map_or_else(String::new, |(_, script)| script.to_owned())
        } else {
            let _ = writeln!(
                table,
                "    StaticFile {{ path: {path:?}, source: include_bytes!({source}), published: include_bytes!({source}), copies: None }},"
            );
            continue;
        };
        let target = out.join("static").join(&path);
        fs::create_dir_all(target.parent().unwrap_or(out))?;
        fs::write(&target, &text)?;
        fs::write(with_ending(&target, "br"), encode::brotli(text.as_bytes(), encode::BROTLI_LEVELS[2])?)?;
        fs::write(with_ending(&target, "gz"), encode::gzip(text.as_bytes(), encode::GZIP_LEVELS[1])?)?;
        let built = |ending: &str| {
            format!("include_bytes!(concat!(env!(\"OUT_DIR\"), {:?}))", format!("/static/{path}{ending}"))
        };
        let _ = writeln!(
            table,
            "    StaticFile {{ path: {path:?}, source: include_bytes!({source}), published: {}, copies: Some(Copies {{ brotli: {}, gzip: {} }}) }},",
            built(""),
            built(".br"),
            built(".gz")
        );
    }
    table += "];\n";
    fs::write(out.join("embedded.rs"), table)
}

/// Returns the path with a second ending.
fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(format!(".{ending}"));
    path.into()
}

/// The expression for the path of a file in the repository.
fn source(folder: &str, path: &str) -> String {
    format!("concat!(env!(\"CARGO_MANIFEST_DIR\"), {:?})", format!("/{folder}/{path}"))
}

/// Returns the paths of all files below a folder, with forward slashes, sorted. Skips hidden files and backups of
/// editors.
fn files(top: &str, below: &str) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(Path::new(top).join(below))? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_str().ok_or_else(|| io::Error::other(format!("{name:?} in {top}/ is not UTF-8")))?;
        let path = if below.is_empty() { name.to_owned() } else { format!("{below}/{name}") };
        if name.starts_with('.') || name.ends_with('~') {
            continue;
        }
        match entry.file_type()?.is_dir() {
            true => found.extend(files(top, &path)?),
            false => found.push(path),
        }
    }
    found.sort();
    Ok(found)
}
