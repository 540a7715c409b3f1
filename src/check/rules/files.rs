//! Codes about files: found by `load`, `assets` and `render` while they read.

use super::Rule;

const CANNOT: &str =
    "What cannot be read cannot be published, and leaving it out in silence would publish less than you think.";

pub(super) const RULES: &[&Rule] = &[
    &Rule::fixed(
        "missing-file",
        "A file that every project needs is not there.",
        "Without `content/site.yaml` nobody knows who makes the statements.",
        "Write the file, or name the project's folder with `--root`; `candor init` makes a project that builds.",
    )
    .example("title: Trust & Compliance\norganization:\n  name: Example Ltd."),
    &Rule::fixed(
        "not-a-file",
        "A folder or a device stands where a file is expected.",
        CANNOT,
        "Move it away and put a plain file in its place.",
    ),
    &Rule::fixed(
        "not-a-folder",
        "A file stands where a folder is expected.",
        CANNOT,
        "Move the file away and make a folder in its place.",
    ),
    &Rule::fixed(
        "empty-file",
        "A file holds nothing.",
        "An empty list is more often a mistake than a statement.",
        "Remove the file, or write something into it.",
    ),
    &Rule::fixed(
        "file-too-large",
        "A file is larger than any content should be.",
        "A text of that size is a mistake, and reading it would take the memory of the machine.",
        "Split it, or put it into `static/` if readers are to download it.",
    ),
    &Rule::fixed(
        "not-utf8",
        "A file is not UTF-8 text.",
        "Every other encoding has to be guessed, and a wrong guess shows readers wrong letters.",
        "Save it as UTF-8 in the editor.",
    ),
    &Rule::fixed(
        "outside-project",
        "A symbolic link leads out of the project.",
        "The page would publish what is not under the project's version control.",
        "Put a copy of the file into the project.",
    ),
    &Rule::warning(
        "unknown-file",
        "Nothing reads this file.",
        "A file with a misspelt name is left out of the page without a word.",
        "Give it the name of a list, or move it out of `content/`.",
    ),
    &Rule::fixed(
        "missing-front-matter",
        "A section does not begin with front matter.",
        "A section's title stands in its front matter.",
        "Begin the file with a line `---`, the fields, and another line `---`.",
    )
    .example("---\ntitle: Security baseline\nshow: controls\n---\n\nThe text follows."),
    &Rule::fixed(
        "yaml-syntax",
        "A file is not valid YAML.",
        CANNOT,
        "Look at the place that is named and at the line above it; texts with `: ` or ` #` in them need quotes.",
    )
    .example("title: \"Data processing: our role\""),
    &Rule::fixed(
        "yaml-limit",
        "A YAML file is nested or aliased beyond all measure.",
        "Such a file can grow without end when it is read.",
        "Write the values out.",
    ),
];
