//! Codes about releases: found by `history` and by the commands that publish.

use super::Rule;

const PROOF: &str =
    "Customers compare what you publish now with what you published before; a release that changed proves nothing.";
const CHAIN: &str =
    "Each release names the one before it by its digest; a chain with a gap or a fork cannot be checked.";
const RESTORE: &str = "Bring the file back as it was published, from version control or from the site; never edit, rename or remove a release.";

pub(super) const RULES: &[&Rule] = &[
    &Rule::fixed(
        "unreleased-changes",
        "The content differs from the newest release.",
        "A published page is always a release: what readers see has a version, a date and a summary.",
        "Look at the difference, then freeze it; `--draft` builds it without a release.",
    )
    .example("candor diff\ncandor release -m \"What changed, in a sentence\"\ncandor build --draft"),
    &Rule::fixed("release-edited", "A release was changed after it was made.", PROOF, RESTORE),
    &Rule::fixed(
        "release-digest-wrong",
        "A list or a later release names another digest for a release than its file has.",
        PROOF,
        "The file is as it was made, and the place that names it was edited: bring that one back.",
    ),
    &Rule::fixed("release-digest", "A release record holds a digest that is none.", CHAIN, RESTORE),
    &Rule::fixed("release-missing", "A release was made, and its file is not here.", CHAIN, RESTORE),
    &Rule::fixed(
        "release-unlisted",
        "A release is not in the list of digests.",
        "The list is written with each release; a file that it lacks was put there by something else.",
        "Run `candor release` again if it was interrupted; otherwise remove the file.",
    ),
    &Rule::warning(
        "release-sums-missing",
        "The list of digests is missing.",
        "No later release vouches for the newest one, so nothing does.",
        "Bring it back from version control, or let the next `candor release` write it.",
    ),
    &Rule::fixed("release-sums", "The list of digests is damaged.", CHAIN, RESTORE),
    &Rule::fixed(
        "release-renamed",
        "A file holds another release than its name says.",
        CHAIN,
        "Give the file its old name back.",
    ),
    &Rule::fixed(
        "release-duplicate",
        "Two files hold the same release.",
        CHAIN,
        "Remove the one that was put there by mistake.",
    ),
    &Rule::fixed(
        "release-name",
        "A file among the releases has a name that is not a version.",
        "Only releases lie in that folder, so that nothing there is published by accident.",
        "Move the file away.",
    ),
    &Rule::fixed("release-order", "A release is dated, or linked, before the one that precedes it.", CHAIN, RESTORE),
    &Rule::fixed(
        "release-future",
        "A release is dated after the day of the run.",
        "A release speaks for a day that has come.",
        "Check the clock, `SOURCE_DATE_EPOCH` and `--as-of`.",
    ),
    &Rule::fixed(
        "release-unlinked",
        "A release says that it is the first, and it is not.",
        CHAIN,
        "If it was never published, cut it again with `candor release --replace`.",
    ),
    &Rule::fixed(
        "release-branched",
        "Two releases follow the same one.",
        "They were made on two branches, and neither knows of the other.",
        "Bring the content of both branches together and run `candor release --replace`, if the later one was never published.",
    ),
    &Rule::fixed(
        "release-conflict",
        "A release or the list of digests holds marks of a merge that was not finished.",
        CHAIN,
        "Finish the merge: take each release whole, from the side on which it was published.",
    ),
    &Rule::fixed("release-malformed", "A file among the releases is not a release record.", CHAIN, RESTORE),
    &Rule::fixed("release-truncated", "A release ends in the middle.", CHAIN, RESTORE),
    &Rule::fixed(
        "release-not-canonical",
        "A release is not written the way candor writes it.",
        "A digest is one of bytes: a file that was formatted anew is another file.",
        RESTORE,
    ),
    &Rule::fixed(
        "release-schema",
        "A release has a format that this version of candor does not know.",
        "It was written by a newer version.",
        "Update candor.",
    ),
    &Rule::fixed(
        "release-unreadable",
        "A release cannot be read.",
        CHAIN,
        "Check its permissions, and that it is a plain file.",
    ),
    &Rule::fixed("release-too-large", "A file is too large for a release.", "candor did not write it.", RESTORE),
    &Rule::fixed(
        "history-rewritten",
        "The releases here are not those that were published.",
        PROOF,
        "Bring the releases back as they were published, and make a new one for what is to change.",
    ),
    &Rule::fixed(
        "history-unpublished",
        "The other side has no release yet.",
        "There is nothing to hold the history against; this is a note and stops nothing.",
        "Publish the first release.",
    ),
];
