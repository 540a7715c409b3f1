//! Codes about releases: found by `history` and by the commands that publish.

use super::Rule;

const PROOF: &str =
    "Customers compare what you publish now with what you published before; a release that changed proves nothing.";
const CHAIN: &str =
    "Each release names the one before it by its digest; a chain with a gap or a fork cannot be checked.";
const RESTORE: &str = "Bring the file back as it was published, from version control or from the site; never edit, rename or remove a release.";

pub(super) const RULES: &[&Rule] = &[
    &Rule::warning(
        "unreleased-changes",
        "The content differs from the newest release.",
        "A published page is always a release: what readers see has a version, a date and a summary. `candor check` \
         warns of it, and `candor build` and `candor publish` refuse, whatever `rules:` says.",
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
    &Rule::note(
        "history-unpublished",
        "The other side has no release yet.",
        "There is nothing to hold the history against.",
        "Publish the first release.",
    ),
    &Rule::fixed(
        "site-index",
        "A site has no readable list of its releases.",
        "The list says which releases there are, and with which digests.",
        "Name the root of a site that candor built, or build and publish it again.",
    ),
    &Rule::note(
        "release-completed",
        "A release that was interrupted is complete now.",
        "Its digest was not noted yet when candor was stopped.",
        "Nothing is left to do.",
    ),
    &Rule::note(
        "release-replaced",
        "The newest release was cut again.",
        "Whoever noted its digest will find that it changed.",
        "Do this only before anybody has seen it; otherwise bring the old one back.",
    ),
    &Rule::fixed(
        "release-none",
        "There is no release to cut again.",
        "`--replace` works on the newest release.",
        "Make the first one.",
    )
    .example("candor release -m \"First release\""),
    &Rule::fixed(
        "release-nothing-changed",
        "The content states what the newest release states.",
        "A release without a change would tell subscribers of nothing.",
        "Edit the content first; order, theme and address are not part of a release.",
    ),
    &Rule::fixed(
        "release-exists",
        "A release of this version exists.",
        "A release is never written over.",
        "Leave `--version` out to take the next free one.",
    ),
    &Rule::fixed(
        "release-summary-empty",
        "A release has no summary.",
        "It is the sentence that subscribers read first.",
        "Say what changed and why.",
    ),
    &Rule::fixed(
        "release-version-day",
        "A release's version is of another day than its date.",
        "A version is named after the day of its release.",
        "Leave out one of `--version` and `--date`.",
    ),
    &Rule::fixed(
        "release-before-newest",
        "A release would come before the newest one.",
        "Releases follow each other in time.",
        "Take a later day; a past is imported from its oldest release on, into an empty project.",
    ),
    &Rule::fixed(
        "nothing-released",
        "Nothing was ever released.",
        "A published page is always a release.",
        "Make the first release, or build a draft.",
    )
    .example("candor release -m \"First release\""),
];
