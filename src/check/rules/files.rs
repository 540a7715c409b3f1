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
        "file-name",
        "A file's name is not UTF-8, or holds characters that cannot be seen.",
        "Systems disagree on such names, and a reviewer cannot tell two of them apart.",
        "Rename it, with letters, digits, hyphens and dots.",
    ),
    &Rule::fixed(
        "too-many",
        "A folder or a list holds more than candor reads.",
        "Without a limit, a mistake or a hostile change would take the machine's memory and time.",
        "Split the list, or take out what does not belong there.",
    ),
    &Rule::fixed(
        "unreadable",
        "A file or folder cannot be read.",
        CANNOT,
        "Check its permissions, and that it is still there.",
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
    &Rule::fixed(
        "bad-catalogue",
        "A catalogue of words is not a tree of texts.",
        "The page would have no words.",
        "Write `key: text`, groups of such entries, or the forms `one` and `other`.",
    )
    .example("count:\n  subprocessors:\n    one: \"{n} subprocessor\"\n    other: \"{n} subprocessors\""),
    &Rule::warning(
        "not-a-template",
        "A file in `templates/` is not used.",
        "A template with a misspelt name leaves the built-in one in its place.",
        "Give it the name of the template that it replaces; files to be published go into `static/`.",
    ),
    &Rule::fixed(
        "template-error",
        "A template of yours does not work.",
        CANNOT,
        "Look at the place that is named; `docs/templates.md` lists what templates can use.",
    ),
    &Rule::warning(
        "file-unreferenced",
        "A file in `static/` is not published, because nothing public refers to it.",
        "Everybody can download what a site holds, so a document that nothing names is more often a draft or a \
         confidential file than a public one.",
        "Name it as the `file:` of a public document, or link to it. To publish a file that nothing names, keep it \
         outside `static/documents/`.",
    ),
    &Rule::fixed(
        "asset-not-a-file",
        "Something in `static/` is neither a file nor a folder.",
        CANNOT,
        "Remove it, or put a plain file in its place.",
    ),
    &Rule::fixed("asset-unreadable", "A file in `static/` cannot be read.", CANNOT, "Check its permissions."),
    &Rule::fixed(
        "asset-too-large",
        "A file in `static/` is too large for a page's host.",
        "Content delivery networks refuse files of that size.",
        "Host it elsewhere and link to it.",
    ),
    &Rule::fixed(
        "asset-not-utf8",
        "A style sheet is not UTF-8 text.",
        "Its references cannot be followed.",
        "Save it as UTF-8.",
    ),
    &Rule::fixed(
        "asset-name",
        "A file in `static/` has a name that cannot be published everywhere.",
        "Hosts and operating systems differ in the names that they can store.",
        "Use letters, digits, hyphens, underscores and dots.",
    ),
    &Rule::fixed(
        "asset-same-name",
        "Two files in `static/` would have the same address on some systems.",
        "One would overwrite the other where upper and lower case are the same.",
        "Rename one of them.",
    ),
    &Rule::fixed(
        "asset-collision",
        "A file in `static/` has an address that candor writes itself or reserves for a later version.",
        "One would overwrite the other, now or after the next release.",
        "Rename it or remove it. Below `assets/`, only files that pages are made of are published.",
    ),
    &Rule::fixed(
        "asset-link",
        "A symbolic link in `static/` leads out of the project, in a circle, or nowhere.",
        "What is published must be in the project.",
        "Put the file in the link's place.",
    ),
    &Rule::fixed(
        "asset-missing",
        "A style sheet refers to a file that is not there.",
        "Readers would see the page without it.",
        "Correct the reference, which is relative to the style sheet.",
    ),
    &Rule::fixed(
        "asset-external",
        "A style sheet loads something from another site.",
        "The page's Content-Security-Policy blocks it, and readers' browsers would tell a third party.",
        "Copy the file into `static/`.",
    ),
    &Rule::fixed(
        "asset-cycle",
        "Style sheets refer to each other in a circle.",
        "Each name holds a digest of the file, which cannot depend on itself.",
        "Take one of the references out.",
    ),
    &Rule::fixed(
        "path-taken",
        "Two files of the site have the same address.",
        "One would overwrite the other.",
        "Rename the file of yours that stands in the way.",
    ),
    &Rule::fixed(
        "format-failed",
        "A file for machines could not be written.",
        "A list, feed or index that lacks entries would be taken for the whole.",
        "Run the command again; if it stays, report it with the message.",
    ),
];
