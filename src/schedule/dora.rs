//! The annex as rows for the register of information of financial entities: templates B_05.01 (ICT third-party service providers)
//! and B_05.02 (ICT service supply chains) of Commission Implementing Regulation (EU) 2024/2956.
//!
//! A row is a provider: first the organization, then each subprocessor that applies. Cells that the release does not state are
//! empty. docs/readers.md says how the codes of the columns were checked.

use super::Schedule;
use crate::model::{CountryCode, Subprocessor};
use crate::spreadsheet::csv;

/// A column.
struct DoraColumn {
    code: &'static str,
    name: &'static str,
    /// The fields of a subprocessor that state it; empty if there is none.
    fields: &'static str,
    value: for<'p> fn(&'p Provider<'_>) -> Option<&'p str>,
}

const fn column(
    code: &'static str,
    name: &'static str,
    fields: &'static str,
    value: for<'p> fn(&'p Provider<'_>) -> Option<&'p str>,
) -> DoraColumn {
    DoraColumn { code, name, fields, value }
}

/// A column that only the financial entity or the provider can fill in.
const fn unknown(code: &'static str, name: &'static str) -> DoraColumn {
    column(code, name, "", |_| None)
}

const COLUMNS: [DoraColumn; 19] = [
    column("B_05.01.0010", "identification code of the provider", "lei, euid", |it| it.code()),
    column("B_05.01.0020", "type of that code", "lei, euid", |it| it.code_type()),
    column("B_05.01.0030", "additional identification code", "lei and euid", |it| it.second_code()),
    column("B_05.01.0040", "type of the additional code", "lei and euid", |it| it.second_code().map(|_| "EUID")),
    column("B_05.01.0050", "legal name", "legal_name", |it| it.legal_name),
    column("B_05.01.0060", "name in the Latin alphabet", "legal_name", |it| it.latin_name()),
    unknown("B_05.01.0070", "type of person"),
    column("B_05.01.0080", "country of the headquarters", "corporate_location", |it| it.country),
    unknown("B_05.01.0090", "currency of the expense"),
    unknown("B_05.01.0100", "total annual expense"),
    unknown("B_05.01.0110", "identification code of the ultimate parent"),
    unknown("B_05.01.0120", "type of the code of the ultimate parent"),
    unknown("B_05.02.0010", "reference number of the contract"),
    unknown("B_05.02.0020", "type of ICT services"),
    column("B_05.02.0030", "identification code of the provider", "lei, euid", |it| it.code()),
    column("B_05.02.0040", "type of that code", "lei, euid", |it| it.code_type()),
    column("B_05.02.0050", "rank in the supply chain", "", |it| Some(it.rank)),
    unknown("B_05.02.0060", "identification code of the recipient of subcontracted services"),
    unknown("B_05.02.0070", "type of the code of the recipient"),
];

/// Rows for a register of information.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoraRows {
    /// The rows as CSV, below the codes of the columns.
    pub csv: Vec<u8>,
    /// What the release does not state, one line for each column.
    pub missing: Vec<String>,
}

impl Schedule<'_> {
    /// Formats the annex for a register of information.
    pub fn dora(&self) -> DoraRows {
        let organization = &self.disclosure.organization;
        let legal_name = organization.legal_name.as_deref();
        // The customer has a contract with the organization, and the organization one with each subprocessor.
        let direct = Provider { rank: "1", name: &organization.name, legal_name, ..Provider::default() };
        let providers: Vec<Provider> =
            std::iter::once(direct).chain(self.items.iter().map(|item| Provider::of(item))).collect();
        let heads = COLUMNS.iter().map(|column| column.code.to_owned()).collect();
        let cell = |provider: &Provider, column: &DoraColumn| (column.value)(provider).unwrap_or_default().to_owned();
        let rows = providers.iter().map(|provider| COLUMNS.iter().map(|column| cell(provider, column)).collect());
        DoraRows {
            csv: csv(std::iter::once(heads).chain(rows)),
            missing: COLUMNS.iter().filter_map(|column| missing(column, &providers)).collect(),
        }
    }
}

/// Returns a line for a column that has empty cells.
fn missing(DoraColumn { code, name, fields, value }: &DoraColumn, providers: &[Provider<'_>]) -> Option<String> {
    let empty: Vec<&str> =
        providers.iter().filter(|provider| value(provider).is_none()).map(|provider| provider.name).collect();
    match (empty.is_empty(), fields.is_empty()) {
        (true, _) => None,
        (false, true) => Some(format!("{code} ({name}): no field states it")),
        (false, false) => Some(format!("{code} ({name}; {fields}): {}", empty.join(", "))),
    }
}

/// A provider in the supply chain of the customer.
#[derive(Debug, Default)]
struct Provider<'a> {
    rank: &'static str,
    name: &'a str,
    legal_name: Option<&'a str>,
    lei: Option<&'a str>,
    euid: Option<&'a str>,
    country: Option<&'a str>,
}

impl<'a> Provider<'a> {
    fn of(item: &'a Subprocessor) -> Provider<'a> {
        Provider {
            rank: "2",
            name: &item.name,
            legal_name: item.legal_name.as_deref(),
            lei: item.lei.as_deref(),
            euid: item.euid.as_deref(),
            country: item.corporate_location.as_ref().map(CountryCode::as_str),
        }
    }

    fn code(&self) -> Option<&str> {
        self.lei.or(self.euid)
    }

    fn code_type(&self) -> Option<&str> {
        self.lei.map(|_| "LEI").or(self.euid.map(|_| "EUID"))
    }

    fn second_code(&self) -> Option<&str> {
        self.euid.filter(|_| self.lei.is_some())
    }

    fn latin_name(&self) -> Option<&str> {
        self.legal_name.filter(|name| name.chars().all(is_latin))
    }
}

/// Whether a character is a letter of the Latin alphabet with its extensions, or no letter.
fn is_latin(c: char) -> bool {
    !c.is_alphabetic() || matches!(c, '\u{0000}'..='\u{024F}' | '\u{1E00}'..='\u{1EFF}')
}
