//! `subprocessors-table.csv` and `subprocessors.xlsx`: the current list for people, with the columns of the annex and with labels in the
//! language of the content.

use super::FormatInputs;
use super::subprocessors::of_item;
use crate::diagnostic::Report;
use crate::history::{DatedChange, Names};
use crate::model::{Disclosure, Subprocessor};
use crate::schedule::{AnnexRow, AnnexTable, list_csv, list_workbook};

/// Formats `subprocessors-table.csv`.
pub(super) fn table(inputs: &FormatInputs) -> Result<Vec<u8>, Report> {
    let Some(disclosure) = inputs.publication.disclosure() else { return Ok(Vec::new()) };
    Ok(list_csv(&list(inputs, disclosure), &inputs.strings))
}

/// Formats `subprocessors.xlsx`.
pub(super) fn workbook(inputs: &FormatInputs) -> Result<Vec<u8>, Report> {
    let Some(disclosure) = inputs.publication.disclosure() else { return Ok(Vec::new()) };
    let strings = &inputs.strings;
    let stated = |key: &str, value: String| (strings.get(key).to_owned(), value);
    let facts = vec![
        stated("schedule.processor", disclosure.organization.name.clone()),
        stated("schedule.as-of", strings.date(inputs.publication.as_of)),
    ];
    let about =
        super::workbook_facts(&inputs.publication, strings, strings.get("subprocessors.title"), disclosure, facts);
    Ok(list_workbook(&list(inputs, disclosure), about, strings))
}

/// Returns the table of all subprocessors, and of the recipients that are not processors.
fn list(inputs: &FormatInputs, disclosure: &Disclosure) -> AnnexTable {
    let (publication, strings) = (&inputs.publication, &inputs.strings);
    let upcoming = publication.upcoming();
    let names = Names::of(&publication.history).with([Some(disclosure), None]);
    let row = |item: &Subprocessor| {
        let changes = of_item(&upcoming, item).filter(|change| change.state_on(publication.as_of).is_to_come());
        AnnexRow::new(item, &changes.collect::<Vec<&DatedChange>>(), names, strings)
    };
    let items = disclosure.processors().chain(disclosure.recipients());
    AnnexTable::new(items.map(|item| row(item)).collect(), |_| true)
}
