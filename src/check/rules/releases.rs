//! Codes about releases: found by `history` and by the commands that publish.

use super::Rule;

const PROOF: &str =
    "Customers compare what you publish now with what you published before; a release that changed proves nothing.";
const RESTORE: &str =
    "Restore the file from version control or from the published site; never edit or rename a release.";

pub(super) const RULES: &[&Rule] = &[&Rule::fixed(
    "unreleased-changes",
    "The content differs from the newest release.",
    "A published page is always a release: what readers see has a version, a date and a summary.",
    "Freeze it, or look at it first.",
)
.example("candor diff\ncandor release -m \"What changed, in a sentence\"\ncandor build --draft")];
const _: (&str, &str) = (PROOF, RESTORE);
