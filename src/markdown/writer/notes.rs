//! Writes footnotes: references in the text, notes at its end, and links back.

use super::super::footnotes::Reference;
use super::Writer;

impl Writer<'_> {
    pub(super) fn refer(&mut self, label: &str) {
        match self.footnotes.refer(label) {
            Some(reference) => self.reference(reference),
            None => self.push_text(&format!("[^{label}]")),
        }
    }

    fn reference(&mut self, reference: Reference) {
        self.tag("<sup><a class=\"footnote-ref\" role=\"doc-noteref\"");
        let id = self.reference_id(reference);
        self.attribute("id", &id);
        self.attribute("href", &format!("#{}", self.note_id(reference.number)));
        let label = self.label(self.options.labels.footnote, reference.number);
        self.attribute("aria-label", &label);
        self.tag(&format!(">{}</a></sup>", reference.number));
        self.text.push_str(&format!("[{}]", reference.number));
    }

    /// Writes all footnotes with references, including references in footnotes.
    pub(super) fn endnotes(&mut self) {
        if self.footnotes.len() == 0 {
            return;
        }
        self.tag("<section class=\"footnotes\" role=\"doc-endnotes\"");
        let label = self.label(self.options.labels.footnotes, 1);
        self.attribute("aria-label", &label);
        self.tag(">\n<ol>\n");
        // A note may refer to another note, so the number of links back is known only after all notes are written.
        let mut bodies = Vec::new();
        while let Some(events) = self.footnotes.events(bodies.len() + 1) {
            let start = self.html.len();
            self.text.push_str(&format!("[{}] ", bodies.len() + 1));
            self.run(events);
            self.line();
            bodies.push(self.html.split_off(start));
        }
        for (at, body) in bodies.iter().enumerate() {
            let number = at + 1;
            self.tag("<li");
            let id = self.note_id(number);
            self.attribute("id", &id);
            self.tag(">");
            let open = body.strip_suffix("</p>\n");
            self.tag(open.unwrap_or(body));
            if open.is_none() {
                self.tag("<p>");
            }
            self.back_links(number);
            self.tag("</p>\n</li>\n");
        }
        self.tag("</ol>\n</section>\n");
    }

    fn back_links(&mut self, number: usize) {
        for occurrence in 1..=self.footnotes.references(number) {
            self.tag(" <a class=\"footnote-back\" role=\"doc-backlink\"");
            self.attribute("href", &format!("#{}", self.reference_id(Reference { number, occurrence })));
            let name = if occurrence == 1 { number.to_string() } else { format!("{number}-{occurrence}") };
            let label = self.options.labels.footnote_back.replace("{n}", &name);
            self.attribute("aria-label", &label);
            self.tag(">\u{21A9}\u{FE0E}</a>");
        }
    }

    /// Returns the id of a note. It contains a colon, which anchors of headings never contain.
    fn note_id(&self, number: usize) -> String {
        format!("{}note:{number}", self.options.id_prefix)
    }

    fn reference_id(&self, reference: Reference) -> String {
        let Reference { number, occurrence } = reference;
        let prefix = self.options.id_prefix;
        if occurrence == 1 { format!("{prefix}ref:{number}") } else { format!("{prefix}ref:{number}-{occurrence}") }
    }
}
