//! The files of a new project: those below `skeleton/`, and a section for each list.
//!
//! | below `skeleton/` | |
//! |---|---|
//! | `content/` | the content of every project; `data/` has a file for each list |
//! | `full/content/` | more content of a full project |
//! | `README.md`, `gitattributes`, `gitignore` | files in addition to the content |
//!
//! A line that begins with `#=` is an example: a comment in a minimal project, YAML in a full one. One that begins with `#+` needs
//! another example, so that it is a comment in the example of a minimal project.

use crate::embedded::SKELETON;
use crate::model::List;

/// A file: its path below the project root, and its text.
pub(super) type SkeletonFile = (String, String);

/// Returns the content of a full or minimal project. Both have a section for each list: the page leaves out those without items.
pub(super) fn content(full: bool) -> Vec<SkeletonFile> {
    let mut files = below("");
    files.retain(|(path, _)| path.starts_with("content/"));
    if full {
        files.extend(below("full/"));
    }
    let unshown = |list: &List| !files.iter().any(|(_, text)| text.contains(&format!("\nshow: {list}\n")));
    let sections: Vec<_> = List::data().filter(unshown).map(section).collect();
    files.extend(sections);
    files
}

/// Returns the embedded files below a folder, with their paths in it.
fn below(folder: &str) -> Vec<SkeletonFile> {
    let file = |(path, text): &(&str, &str)| Some((path.strip_prefix(folder)?.to_owned(), (*text).to_owned()));
    SKELETON.iter().filter_map(file).collect()
}

/// Returns a section that shows a list. Its number is the place of the list in the table of lists, after the first section.
fn section(list: List) -> SkeletonFile {
    let number = 10 * (List::data().take_while(|other| *other != list).count() + 2);
    let text = format!("---\ntitle: {}\nshow: {list}\n---\n", list.title());
    (format!("content/sections/{number}-{list}.md"), text)
}

/// Returns the files in addition to the content.
pub(super) fn surroundings() -> Vec<SkeletonFile> {
    let path = |path: String| match path.as_str() {
        "gitattributes" | "gitignore" => format!(".{path}"),
        _ => path,
    };
    below("").into_iter().filter(|(name, _)| !name.contains('/')).map(|(name, text)| (path(name), text)).collect()
}
