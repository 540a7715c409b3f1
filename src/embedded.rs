//! The files of the built-in theme and of a new project, embedded when candor is compiled: see `src/build/embed.rs`.

/// The name of the organization in a new project, if none is given.
pub const EXAMPLE_ORGANIZATION: &str = "Example Organization";

/// The theme's style sheet, by its path under `static/`. Every page links to it first.
pub const STYLE: &str = "css/candor.css";

/// A file of `static/`.
#[derive(Debug)]
pub struct StaticFile {
    /// The path below `static/`, with forward slashes.
    pub path: &'static str,
    /// The file as it is in candor's repository.
    pub source: &'static [u8],
    /// The published content: style sheets and scripts are minified, other files are unchanged.
    pub published: &'static [u8],
    /// The compressed copies of the published content, at the highest levels; `None` for an image.
    pub copies: Option<Copies>,
}

/// The compressed copies of a file.
#[derive(Debug)]
pub struct Copies {
    /// As a Brotli stream.
    pub brotli: &'static [u8],
    /// As a gzip stream.
    pub gzip: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

#[cfg(test)]
#[path = "build/style.rs"]
mod style;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;

    use super::{SKELETON, STATIC_FILES, StaticFile, TEMPLATES, style};
    use crate::model::Digest;

    /// Reads all files of a folder of the repository, by relative path.
    fn on_disk(folder: &str) -> BTreeMap<String, Vec<u8>> {
        let top = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let entries = walkdir::WalkDir::new(&top).into_iter().map(|entry| entry.expect("an entry"));
        entries
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| {
                let path = entry.path().strip_prefix(&top).expect("below the folder").to_str().expect("UTF-8");
                (path.replace('\\', "/"), std::fs::read(entry.path()).expect("a file"))
            })
            .filter(|(path, _)| !path.split('/').any(|name| name.starts_with('.') || name.ends_with('~')))
            .collect()
    }

    #[test]
    fn embeds_every_template_and_every_file_of_a_new_project() {
        for (table, folder) in [(TEMPLATES, "templates"), (SKELETON, "src/init/skeleton")] {
            let embedded = table.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
            assert_eq!(embedded.collect::<BTreeMap<_, _>>(), on_disk(folder));
            assert!(table.is_sorted(), "{folder}");
        }
    }

    /// Returns the minified script, after checking that it was written from this source.
    fn minified_script(file: &StaticFile) -> Vec<u8> {
        let name = file.path.strip_prefix("js/").expect("a script in js/");
        let scripts = on_disk("src/build/scripts");
        let text = std::str::from_utf8(scripts.get(name).expect("a minified script")).expect("UTF-8");
        let (first, script) = text.split_once('\n').expect("a first line");
        let expected = format!("// From static/{}, SHA-256 {}", file.path, Digest::of(file.source));
        assert_eq!(first, expected, "{} changed: run `node tests/browser/minify.mjs`", file.path);
        script.as_bytes().to_vec()
    }

    #[test]
    fn embeds_every_static_file_with_scripts_and_styles_minified() {
        let embedded = STATIC_FILES.iter().map(|file| (file.path.to_owned(), file.source.to_vec()));
        assert_eq!(embedded.collect::<BTreeMap<_, _>>(), on_disk("static"));
        for file in STATIC_FILES {
            let text = || std::str::from_utf8(file.source).expect("UTF-8");
            let expected = match file.path.rsplit_once('.') {
                Some((_, "css")) => style::minified(text()).into_bytes(),
                Some((_, "js")) => minified_script(file),
                _ => file.source.to_vec(),
            };
            assert_eq!(file.published, expected, "{}", file.path);
        }
        for path in ["css/candor.css", "js/compare.js"] {
            let file = STATIC_FILES.iter().find(|file| file.path == path).expect("a file of the theme");
            assert!(file.published.len() < file.source.len(), "{path}");
        }
    }
}
