//! `schedule/annex.docx` and `schedule/annex.xlsx`: the subprocessor annex with all subprocessors, as files to keep. Like the annex on
//! the page, they state the newest release.

use super::FormatInputs;
use crate::diagnostic::Report;
use crate::schedule::{Request, Schedule};

/// Formats `schedule/annex.docx`.
pub(super) fn document(inputs: &FormatInputs) -> Result<Vec<u8>, Report> {
    // Cannot fail, because the document is written to memory.
    Ok(with_annex(inputs, |annex| annex.docx(&inputs.strings).unwrap_or_default()))
}

/// Formats `schedule/annex.xlsx`.
pub(super) fn workbook(inputs: &FormatInputs) -> Result<Vec<u8>, Report> {
    Ok(with_annex(inputs, |annex| annex.workbook(&inputs.strings)))
}

/// Formats the annex of the newest release. Without a release there is no annex, and the site does not have the file.
fn with_annex(inputs: &FormatInputs, format: impl FnOnce(&Schedule) -> Vec<u8>) -> Vec<u8> {
    let publication = &inputs.publication;
    let Some(release) = publication.history.newest() else { return Vec::new() };
    let disclosure = release.disclosure.in_effect_on(publication.as_of);
    let annex = Schedule::new(&disclosure, release.into(), Request::everything(publication.as_of));
    let upcoming = publication.history.timeline().newest().to_vec();
    format(&annex.with_upcoming(upcoming).with_names_of(&publication.history))
}
