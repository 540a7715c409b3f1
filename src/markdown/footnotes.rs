//! Footnotes: numbers in the order of the first references, and the definitions that belong to them.

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::{Finding, Spanned, finding};
use crate::diagnostic::Code;

/// The footnotes of a text.
#[derive(Default)]
pub(super) struct Footnotes {
    definitions: Vec<Definition>,
    by_label: HashMap<String, usize>,
    /// Definitions that were referred to, by number less one.
    numbered: Vec<usize>,
}

struct Definition {
    label: String,
    /// Indices of the events between start and end.
    events: Range<usize>,
    /// Where it stands in the text.
    range: Range<usize>,
    number: Option<usize>,
    references: usize,
}

/// One reference: the footnote's number, and which reference to it this is, both from 1.
#[derive(Clone, Copy)]
pub(super) struct Reference {
    pub number: usize,
    pub occurrence: usize,
}

impl Footnotes {
    /// Finds the definitions; of two with one label the first stands.
    pub fn of(events: &[Spanned<'_>], findings: &mut Vec<Finding>) -> Footnotes {
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
                        findings.push(finding(
                            Code::FootnoteDuplicate,
                            range,
                            format!("footnote `[^{label}]` is defined twice"),
                            "give one of them another label",
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

    /// Counts a reference; `None` where nothing is defined under the label.
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

    /// The events of the footnote with this number, if it was referred to.
    pub fn events(&self, number: usize) -> Option<Range<usize>> {
        let index = *self.numbered.get(number.checked_sub(1)?)?;
        Some(self.definitions[index].events.clone())
    }

    /// How many footnotes were referred to.
    pub fn len(&self) -> usize {
        self.numbered.len()
    }

    /// How many references there are to a footnote.
    pub fn references(&self, number: usize) -> usize {
        self.numbered.get(number.wrapping_sub(1)).map_or(0, |index| self.definitions[*index].references)
    }

    /// Reports what nobody refers to: it is not shown.
    pub fn unused(&self, findings: &mut Vec<Finding>) {
        for definition in self.definitions.iter().filter(|definition| definition.number.is_none()) {
            findings.push(finding(
                Code::FootnoteUnused,
                &definition.range,
                format!("footnote `[^{}]` is not referred to, so it is not shown", definition.label),
                format!("write `[^{}]` where it belongs, or remove it", definition.label),
            ));
        }
    }
}

/// References to what is not defined. The parser leaves them as text: `[`, `^label`, `]`.
pub(super) fn undefined(text: &str, events: &[Spanned<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut in_code = false;
    for (event, range) in events {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Text(words) if !in_code && words.len() > 1 && words.starts_with('^') => {
                let bracketed = text[..range.start].ends_with('[')
                    && !text[..range.start].ends_with("\\[")
                    && text[range.end..].starts_with(']');
                if bracketed && !words.contains(char::is_whitespace) {
                    findings.push(finding(
                        Code::FootnoteUndefined,
                        &(range.start - 1..range.end + 1),
                        format!("footnote `[{words}]` is not defined in this text"),
                        format!("add a line `[{words}]: …`, or remove the reference"),
                    ));
                }
            }
            _ => {}
        }
    }
    findings
}
