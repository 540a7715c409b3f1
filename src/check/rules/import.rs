//! Codes about lists from elsewhere: found by `candor import`.

use super::Rule;

const SILENCE: &str =
    "A list that arrives with less than it had would be a false statement, so all that stays behind is named.";

pub(super) const RULES: &[&Rule] = &[
    &Rule::fixed(
        "import-no-table",
        "The file has no table that could be a list of subprocessors.",
        "A list of lines does not say which part is a name, which a purpose, and which the data.",
        "Make a table with columns for name, purpose and data categories.",
    )
    .example(
        "| Provider | Purpose | Data categories |\n| --- | --- | --- |\n| Example Cloud | Hosting | Account data |",
    ),
    &Rule::fixed(
        "import-malformed",
        "The file cannot be read as a table.",
        "A guess at what was meant would bring wrong rows.",
        "Mend the file, or export it again.",
    ),
    &Rule::fixed(
        "import-which-table",
        "It is not clear which table of the file is meant.",
        "Only you know.",
        "Say which with `--table`.",
    ),
    &Rule::fixed(
        "import-map",
        "`--map` names a column that the table does not have.",
        "What it was meant for would be missing.",
        "Write the column's name as it stands in the table, or its number.",
    ),
    &Rule::fixed(
        "import-column-missing",
        "No column is for a field that every subprocessor needs.",
        "Name, purpose and data categories are what customers, and GDPR Art. 28, ask for.",
        "Name the column with `--map COLUMN=FIELD`, or add it to the table.",
    ),
    &Rule::warning(
        "import-column-unused",
        "A column is not imported.",
        SILENCE,
        "Name its field with `--map COLUMN=FIELD`, or leave it out in so many words with `--map COLUMN=-`.",
    ),
    &Rule::warning(
        "import-cell",
        "A cell, or a part of it, is not imported.",
        SILENCE,
        "Write the cell as the help says, or add the value to the written file by hand.",
    ),
    &Rule::fixed(
        "import-value-missing",
        "A row has nothing in a column that every subprocessor needs.",
        "The row would be missing in the list, or the list would have a hole.",
        "Fill the cell, or remove the row.",
    ),
    &Rule::warning(
        "import-row-unused",
        "A row is not imported, because it seems to be a heading.",
        SILENCE,
        "Nothing is to be done if it is no subprocessor.",
    ),
    &Rule::fixed(
        "import-row-too-long",
        "A row has more cells than the table has columns.",
        "All cells behind a delimiter that should have been text stand in the wrong column.",
        "Put the cell in quotes (CSV), or write its bars as `\\|` (Markdown).",
    ),
    &Rule::warning(
        "import-same-name",
        "A name stands in several rows.",
        "Each row became a subprocessor of its own, which readers may take for a mistake.",
        "Bring the entries together in the file, or give them names that differ.",
    ),
    &Rule::note(
        "import-completed",
        "A value was completed on the way.",
        "What is published is your statement, so you should have seen it.",
        "Look whether it is what you meant.",
    ),
    &Rule::fixed(
        "import-file-exists",
        "There is a list of subprocessors already.",
        "What somebody wrote is never written over without being asked to.",
        "Add `--replace`, or move the file away.",
    ),
    &Rule::fixed(
        "import-no-git-history",
        "The file's git history cannot be read in full.",
        "A past with a hole in it would look like a past without changes.",
        "Commit the file in a repository whose whole history is there: `git fetch --unshallow` brings the rest.",
    ),
    &Rule::fixed(
        "import-history-exists",
        "There are releases already, and an imported past would have to stand before them.",
        "A chain of releases only grows at its end.",
        "If nothing was published yet, remove `content/releases/` and import again.",
    ),
    &Rule::warning(
        "import-commit-skipped",
        "A commit makes no release.",
        "Where a past state cannot be read, or states nothing new, there is nothing to release.",
        "Nothing is to be done, unless the reason that is named can be mended with `--map` or `--table`.",
    ),
    &Rule::warning(
        "import-date-moved",
        "A release is dated later than its commit.",
        "Releases follow each other in time, and the commit before it has a later date.",
        "Nothing is to be done; say so in the page if the day matters.",
    ),
];
