//! Footnotes, numbered in the order of their first references.

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::{Spanned, TextDiagnostic, text_diagnostic};
use crate::diagnostic::Code;

/// The footnotes of a Markdown document.
#[derive(Default)]
pub(super) struct Footnotes {
    definitions: Vec<Definition>,
    by_label: HashMap<String, usize>,
    /// Indexes of definitions with references; the index is the footnote number minus one.
    numbered: Vec<usize>,
}

struct Definition {
    label: String,
    /// The indexes of the events between start and end.
    events: Range<usize>,
    /// Byte range in the text.
    range: Range<usize>,
    number: Option<usize>,
    references: usize,
}

/// A reference: the number of the footnote, and the number of the reference to that footnote. Both start at 1.
#[derive(Clone, Copy)]
pub(super) struct Reference {
    pub number: usize,
    pub occurrence: usize,
}

impl Footnotes {
    /// Collects the definitions. If several have the same label, only the first is used.
    pub fn of(events: &[Spanned<'_>], diagnostics: &mut Vec<TextDiagnostic>) -> Footnotes {
        let mut footnotes = Footnotes::default();
        let mut open = Vec::new();
        for (index, (event, range)) in events.iter().enumerate() {
            match event {
                Event::Start(Tag::FootnoteDefinition(label)) => open.push((index + 1, label, range)),
                Event::End(TagEnd::FootnoteDefinition) => {
                    let Some((start, label, range)) = open.pop() else { continue };
                    let definition = Definition {
                        label: label.to_string(),
                        events: start..index,
                        range: range.clone(),
                        number: None,
                        references: 0,
                    };
                    let key = label.to_lowercase();
                    if footnotes.by_label.contains_key(&key) {
                        diagnostics.push(text_diagnostic(
                            Code::FootnoteDuplicate,
                            range,
                            format!("duplicate footnote `[^{label}]`"),
                            "use a different label for one of them",
                        ));
                    } else {
                        footnotes.by_label.insert(key, footnotes.definitions.len());
                        footnotes.definitions.push(definition);
                    }
                }
                _ => {}
            }
        }
        footnotes
    }

    /// Adds a reference; returns `None` if the footnote is not defined.
    pub fn refer(&mut self, label: &str) -> Option<Reference> {
        let index = *self.by_label.get(&label.to_lowercase())?;
        let definition = self.definitions.get_mut(index)?;
        let number = *definition.number.get_or_insert_with(|| {
            self.numbered.push(index);
            self.numbered.len()
        });
        definition.references += 1;
        Some(Reference { number, occurrence: definition.references })
    }

    /// Returns the events of the footnote with this number.
    pub fn events(&self, number: usize) -> Option<Range<usize>> {
        let index = *self.numbered.get(number.checked_sub(1)?)?;
        Some(self.definitions[index].events.clone())
    }

    /// The number of footnotes with references.
    pub fn len(&self) -> usize {
        self.numbered.len()
    }

    /// The number of references to a footnote.
    pub fn references(&self, number: usize) -> usize {
        self.numbered.get(number.wrapping_sub(1)).map_or(0, |index| self.definitions[*index].references)
    }

    /// Reports definitions without references, which are not shown.
    pub fn unused(&self, diagnostics: &mut Vec<TextDiagnostic>) {
        for definition in self.definitions.iter().filter(|definition| definition.number.is_none()) {
            diagnostics.push(text_diagnostic(
                Code::FootnoteUnused,
                &definition.range,
                format!("unused footnote `[^{}]` is not shown", definition.label),
                format!("add a reference `[^{}]`, or remove the footnote", definition.label),
            ));
        }
    }
}

/// Reports references to undefined footnotes. The parser leaves them as text: `[`, `^label`, `]`.
pub(super) fn undefined(text: &str, events: &[Spanned<'_>]) -> Vec<TextDiagnostic> {
    let mut diagnostics = Vec::new();
    let mut in_code = false;
    for (event, range) in events {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Text(label) if !in_code && label.len() > 1 && label.starts_with('^') => {
                let bracketed = text[..range.start].ends_with('[')
                    && !text[..range.start].ends_with("\\[")
                    && text[range.end..].starts_with(']');
                if bracketed && !label.contains(char::is_whitespace) {
                    diagnostics.push(text_diagnostic(
                        Code::FootnoteUndefined,
                        &(range.start - 1..range.end + 1),
                        format!("undefined footnote `[{label}]`"),
                        format!("add a line `[{label}]: …`, or remove the reference"),
                    ));
                }
            }
            _ => {}
        }
    }
    diagnostics
}
