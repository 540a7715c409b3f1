//! The annex as Markdown.

use super::Schedule;
use crate::text::markdown::escape;
use crate::wording::Catalog;

impl Schedule<'_> {
    /// Formats the annex as Markdown.
    pub fn markdown(&self, strings: &Catalog) -> String {
        let mut text = format!("# {}\n\n", escape(strings.get("schedule.annex")));
        for (label, value) in self.particulars(strings) {
            text += &format!("- {}: {}\n", escape(&label), escape(&value));
        }
        let table = self.table(strings);
        let line =
            |cells: &[String]| format!("| {} |\n", cells.iter().map(|c| escape(c)).collect::<Vec<_>>().join(" | "));
        if table.rows.is_empty() {
            text += &format!("\n{}\n", escape(self.nothing(strings)));
        } else {
            let heads = table.heads(strings);
            text += &format!("\n{}|{}\n", line(&heads), " --- |".repeat(heads.len()));
        }
        for row in table.texts(strings) {
            text += &line(&row);
        }
        text + &format!("\n{}\n", escape(&self.unconfirmed(strings)))
    }
}
