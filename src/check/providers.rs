//! Providers that a text names but the list of subprocessors lacks: those that an earlier release listed, and well-known ones.
//!
//! A mention proves nothing: it may be an integration that the customer chooses, or a comparison. So the rule is a note by
//! default, and only mentions in prose count: not in code, addresses or the list itself. The name must begin with a capital
//! letter, as in the list. A sentence that says that a provider is not or no longer in use is not reported, and neither is the
//! organization's own name. Each provider is reported once.

mod table;

use std::collections::{HashMap, HashSet};

use super::statements::{sentences, words};
use super::{Prose, Subject, values};
use crate::diagnostic::{Code, Report};
use crate::markdown::spans;
use crate::model::List;
use crate::text::hidden::is_in_ranges;
use table::KNOWN;

/// The maximum number of words of a name.
const LONGEST: usize = 6;

/// Words of a sentence about a provider that is not in use.
const NOT_IN_USE: [&str; 14] = [
    "discontinued",
    "ended",
    "former",
    "formerly",
    "instead",
    "longer",
    "migrated",
    "never",
    "not",
    "previously",
    "removed",
    "replaced",
    "replaces",
    "until",
];

/// Legal forms at the end of a company's name, which texts leave out.
const LEGAL_FORMS: [&str; 17] = [
    "ab",
    "ag",
    "as",
    "bv",
    "co",
    "corp",
    "corporation",
    "gmbh",
    "inc",
    "incorporated",
    "limited",
    "llc",
    "ltd",
    "oy",
    "plc",
    "sa",
    "sas",
];

/// A provider that a text can name.
#[derive(Debug, Clone, Copy)]
struct Provider<'a> {
    /// Its name, of which the others are spellings.
    name: &'a str,
    /// Whether an earlier release lists it.
    was_listed: bool,
}

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    // Without a list there is nothing that could lack a provider.
    if !subject.facts.complete || subject.content.disclosure.subprocessors.is_empty() {
        return;
    }
    let mut providers: HashMap<String, Provider<'_>> = HashMap::new();
    for names in KNOWN {
        for name in *names {
            providers.insert(key(name), Provider { name: names[0], was_listed: false });
        }
    }
    for name in &subject.facts.named_before {
        let full = key(name);
        for key in [without_legal_form(&full).to_owned(), full] {
            providers.insert(key, Provider { name, was_listed: true });
        }
    }
    let mut known = stated(subject, &providers);
    for prose in &subject.prose {
        in_text(subject, prose, &providers, &mut known, report);
    }
}

/// Returns the names of the providers that the list or the organization's own fields state.
fn stated<'a>(subject: &Subject<'_>, providers: &HashMap<String, Provider<'a>>) -> HashSet<&'a str> {
    let mut found = HashSet::new();
    values::each(subject.content, &mut |value| {
        let is_list = value.path.strip_prefix(List::Subprocessors.name()).is_some_and(|rest| rest.starts_with('['));
        if !value.is_key && (is_list || value.path.starts_with("site.organization.")) {
            let text = words(value.text);
            for at in 0..text.len() {
                found.extend(longest(&text[at..], providers).map(|(_, provider)| provider.name));
            }
        }
    });
    found
}

/// Reports the providers that a text names, and adds them to `known`.
fn in_text<'a>(
    subject: &Subject<'_>,
    prose: &Prose<'_>,
    providers: &HashMap<String, Provider<'a>>,
    known: &mut HashSet<&'a str>,
    report: &mut Report,
) {
    let mut parts = None;
    for sentence in sentences(prose.text) {
        let text = words(&prose.text[sentence.clone()]);
        let is_about_use = !text.iter().any(|(_, word)| NOT_IN_USE.contains(&word.as_str()));
        let mut at = 0;
        while at < text.len() {
            let Some((length, provider)) = longest(&text[at..], providers) else {
                at += 1;
                continue;
            };
            let range = sentence.start + text[at].0.start..sentence.start + text[at + length - 1].0.end;
            at += length;
            let written = &prose.text[range.clone()];
            let is_name =
                written.starts_with(char::is_uppercase) || provider.name.starts_with(|c: char| !c.is_uppercase());
            if !is_name || !is_about_use || known.contains(provider.name) {
                continue;
            }
            let parts = parts.get_or_insert_with(|| spans(prose.text));
            if !is_in_ranges(&parts.prose, range.start) {
                continue;
            }
            known.insert(provider.name);
            let message = match provider.was_listed {
                true => format!("the text names `{written}`, which is no longer in the list of subprocessors"),
                false => format!("the text names `{written}`, which is not in the list of subprocessors"),
            };
            let help = "add it to the list if it processes customers' data, or say that it does not";
            report.push(subject.found_in(Code::ProviderNotListed, message, prose, &range).help(help));
        }
    }
}

/// Returns the longest name at the start of a list of words, with the number of its words.
fn longest<'a>(
    text: &[(std::ops::Range<usize>, String)],
    providers: &HashMap<String, Provider<'a>>,
) -> Option<(usize, Provider<'a>)> {
    let mut joined = String::new();
    let mut found = None;
    for (at, (_, word)) in text.iter().take(LONGEST).enumerate() {
        if at > 0 {
            joined.push(' ');
        }
        joined.push_str(word);
        if let Some(provider) = providers.get(&joined) {
            found = Some((at + 1, *provider));
        }
    }
    found
}

/// Returns a name as its words in lower case: `Customer.io` is `customer io`.
fn key(name: &str) -> String {
    words(name).into_iter().map(|(_, word)| word).collect::<Vec<_>>().join(" ")
}

/// Removes legal forms from the end of a key, unless nothing would be left.
fn without_legal_form(key: &str) -> &str {
    let mut key = key;
    while let Some((rest, last)) = key.rsplit_once(' ').filter(|(_, last)| LEGAL_FORMS.contains(last)) {
        debug_assert!(!last.is_empty());
        key = rest;
    }
    key
}

#[cfg(test)]
mod tests {
    use super::{KNOWN, LONGEST, key, without_legal_form};

    #[test]
    fn names_are_compared_by_their_words() {
        assert_eq!(key("Customer.io"), "customer io");
        assert_eq!(without_legal_form(&key("Acme Mail, Inc.")), "acme mail");
        assert_eq!(without_legal_form(&key("Acme Co. Ltd.")), "acme");
        assert_eq!(without_legal_form(&key("SA")), "sa");
    }

    #[test]
    fn known_names_are_unique_and_not_too_long() {
        let mut keys: Vec<String> = KNOWN.iter().flat_map(|names| names.iter().map(|name| key(name))).collect();
        assert!(keys.iter().all(|key| key.split(' ').count() <= LONGEST));
        keys.sort();
        let count = keys.len();
        keys.dedup();
        assert_eq!(keys.len(), count);
        assert!(KNOWN.is_sorted_by_key(|names| names[0].to_lowercase()));
    }
}
