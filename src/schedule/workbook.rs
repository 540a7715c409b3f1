//! The annex and the whole list for spreadsheet programs.

use super::Schedule;
use super::cells::{AnnexColumn, CellValue};
use super::table::{AnnexTable, joined};
use crate::spreadsheet::{BYTE_ORDER_MARK, SheetCell, TableWorkbook, WorkbookFacts, csv};
use crate::wording::Catalog;

impl Schedule<'_> {
    /// Formats the annex as CSV (RFC 4180), one row per subprocessor.
    pub fn csv(&self, strings: &Catalog) -> Vec<u8> {
        rows(&self.table(strings), strings)
    }

    /// Formats the annex as an Excel workbook (XLSX): the table, and a worksheet with the header of the annex.
    pub fn workbook(&self, strings: &Catalog) -> Vec<u8> {
        let mut facts = self.particulars(strings);
        facts.push((strings.field("note").to_owned(), self.unconfirmed(strings)));
        let title = strings.get("schedule.annex");
        let names = [strings.get("subprocessors.title"), title];
        let table = self.table(strings);
        let about = WorkbookFacts {
            title,
            author: &self.disclosure.organization.name,
            created: self.request.date,
            imprint: self.imprint(strings),
            facts,
            is_rtl: self.disclosure.language.is_rtl(),
        };
        workbook(&table, names, about, strings)
    }
}

/// Formats the whole list as CSV for spreadsheet programs, with a byte order mark and with labels in the language of the content.
pub fn list_csv(table: &AnnexTable, strings: &Catalog) -> Vec<u8> {
    let mut bytes = BYTE_ORDER_MARK.as_bytes().to_vec();
    bytes.extend(rows(table, strings));
    bytes
}

/// Formats the whole list as an Excel workbook (XLSX).
pub fn list_workbook(table: &AnnexTable, about: WorkbookFacts<'_>, strings: &Catalog) -> Vec<u8> {
    let names = [strings.get("subprocessors.title"), strings.get("subprocessors.list-version")];
    workbook(table, names, about, strings)
}

fn rows(table: &AnnexTable, strings: &Catalog) -> Vec<u8> {
    csv(std::iter::once(table.heads(strings)).chain(table.texts(strings)))
}

fn workbook(
    table: &AnnexTable,
    [table_name, facts_name]: [&str; 2],
    about: WorkbookFacts<'_>,
    strings: &Catalog,
) -> Vec<u8> {
    let cell = |(column, values): (&&AnnexColumn, &Vec<CellValue>)| match values.as_slice() {
        [CellValue::Date(date)] if column.is_date => SheetCell::Date(*date),
        values => SheetCell::Text(joined(values, strings)),
    };
    let workbook = TableWorkbook {
        about,
        table_name: table_name.to_owned(),
        heads: table.heads(strings),
        rows: table.rows.iter().map(|(_, cells)| table.columns.iter().zip(cells).map(cell).collect()).collect(),
        facts_name: facts_name.to_owned(),
    };
    workbook.bytes()
}
