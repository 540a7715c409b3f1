//! `subprocessors-table.csv` and `subprocessors.xlsx`: the current list for people, with the columns of the annex and with labels in the
//! language of the content.

use super::FormatInputs;
use super::subprocessors::of_item;
use crate::diagnostic::Report;
use crate::history::{DatedChange, Names};
use crate::model::{Disclosure, Subprocessor};
use crate::schedule::{AnnexRow, AnnexTable, ListFacts, list_csv, list_workbook};

/// Formats `subprocessors-table.csv`.
pub(super) fn table(inputs: &FormatInputs) -> Result<Vec<u8>, Report> {
    let Some(disclosure) = inputs.publication.disclosure() else { return Ok(Vec::new()) };
    Ok(list_csv(&list(inputs, disclosure), &inputs.strings))
}

/// Formats `subprocessors.xlsx`.
pub(super) fn workbook(inputs: &FormatInputs) -> Result<Vec<u8>, Report> {
    let Some(disclosure) = inputs.publication.disclosure() else { return Ok(Vec::new()) };
    let (publication, strings) = (&inputs.publication, &inputs.strings);
    let organization = &disclosure.organization.name;
    let title = strings.get("subprocessors.title");
    let release = publication.history.newest().filter(|_| publication.draft.is_none());
    let stated = |key: &str, value: String| (strings.get(key).to_owned(), value);
    let mut facts = vec![
        stated("schedule.processor", organization.clone()),
        stated("schedule.as-of", strings.date(publication.as_of)),
    ];
    let mut imprint = format!("{organization} · {title}");
    match release {
        Some(release) => {
            facts.push(stated("head.version", release.version.to_string()));
            facts.push(("SHA-256".to_owned(), release.digest.to_string()));
            imprint += &format!(" · {} · SHA-256 {}", release.version, release.digest);
        }
        None => {
            let draft = strings.get("draft.label");
            facts.push(stated("draft.label", strings.get("draft.banner").to_owned()));
            imprint += &format!(" · {draft}");
        }
    }
    let about = ListFacts {
        title,
        author: organization,
        created: publication.as_of,
        imprint,
        facts,
        is_rtl: disclosure.language.is_rtl(),
    };
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
