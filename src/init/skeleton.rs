//! The embedded files of a new project.
//!
//! A line that begins with `#=` is an example: a comment in a minimal project, YAML in a full one.

use crate::model::lists::for_each_list;

/// A file: its path below the project root, and its text.
type SkeletonFile = (&'static str, &'static str);

macro_rules! text {
    ($path:literal) => {
        ($path, include_str!(concat!("skeleton/", $path)))
    };
}

/// The content of every project, except the lists.
const MINIMAL: &[SkeletonFile] = &[
    text!("content/site.yaml"),
    text!("content/sections/10-about.md"),
    text!("content/sections/80-change-log.md"),
    text!("content/sections/90-contact.md"),
];

macro_rules! list_files {
    (Sections { $($sections:tt)* } $($list:ident { field: $field:ident, $($rest:tt)* })*) => {
        /// The file of each list.
        const LISTS: &[SkeletonFile] = &[$((
            concat!("content/data/", stringify!($field), ".yaml"),
            include_str!(concat!("skeleton/content/data/", stringify!($field), ".yaml")),
        )),*];
    };
}
for_each_list!(list_files);

/// Sections that show the lists, for a full project.
const FULL: &[SkeletonFile] = &[
    text!("content/sections/20-security.md"),
    text!("content/sections/30-service-commitments.md"),
    text!("content/sections/40-subprocessors.md"),
    text!("content/sections/45-schedule.md"),
    text!("content/sections/50-certifications.md"),
    text!("content/sections/60-documents.md"),
    text!("content/sections/70-questions.md"),
];

/// Returns the content of a full or minimal project.
pub(super) fn content(full: bool) -> impl Iterator<Item = &'static SkeletonFile> {
    MINIMAL.iter().chain(LISTS).chain(if full { FULL } else { &[] })
}

/// Files in addition to the content.
pub(super) const SURROUNDINGS: &[SkeletonFile] = &[
    (".gitattributes", include_str!("skeleton/gitattributes")),
    (".gitignore", include_str!("skeleton/gitignore")),
    text!("README.md"),
];

/// A CI system that checks every change and publishes the main branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ci {
    /// GitHub Actions.
    Github,
    /// GitLab CI/CD.
    Gitlab,
    /// Azure Pipelines.
    Azure,
}

impl Ci {
    /// Returns the path of its recipe in a project.
    pub fn path(self) -> &'static str {
        self.file().0
    }

    /// Returns its recipe.
    pub fn recipe(self) -> &'static str {
        self.file().1
    }

    fn file(self) -> SkeletonFile {
        match self {
            Ci::Github => (".github/workflows/trust-center.yml", include_str!("ci/github.yml")),
            Ci::Gitlab => (".gitlab-ci.yml", include_str!("ci/gitlab-ci.yml")),
            Ci::Azure => ("azure-pipelines.yml", include_str!("ci/azure-pipelines.yml")),
        }
    }
}
