//! Rules for text that contradicts fields: email addresses and the notice period.

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

use super::Subject;
use crate::diagnostic::{Code, Report};
use crate::model::{Email, Organization};

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    contacts(subject, report);
    let terms = subject.content.disclosure.notice_terms();
    if let Some(days) = terms.days {
        notice(subject, days, terms.objection_days, report);
    }
}

fn contacts(subject: &Subject<'_>, report: &mut Report) {
    let disclosure = &subject.content.disclosure;
    let known: Vec<&Email> = disclosure.contacts.0.values().filter_map(|contact| contact.email()).collect();
    if known.is_empty() {
        return;
    }
    let own = OwnAddresses::new(&known, &disclosure.organization);
    let help = format!("use one of the contacts ({}), or add it to `contacts:`", list(&known));
    for prose in &subject.prose {
        let mut reported = BTreeSet::new();
        for (range, email) in addresses(prose.text) {
            if own.is_listed(&email) || !own.is_own(&email) || !reported.insert(email.clone()) {
                continue;
            }
            let message = format!("`{email}` is not among the contacts in site.yaml");
            report.push(subject.found_in(Code::ContactDisagrees, message, prose, &range).help(help.as_str()));
        }
    }
}

/// The maximum number of contacts in a message.
const MAX_NAMED: usize = 5;

fn list(emails: &[&Email]) -> String {
    let all: BTreeSet<&str> = emails.iter().map(|email| email.as_str()).collect();
    let named = all.iter().take(MAX_NAMED).copied().collect::<Vec<_>>().join(", ");
    if all.len() > MAX_NAMED { format!("{named}, …") } else { named }
}

/// Distinguishes email addresses of the organization from other ones, such as that of a subprocessor.
struct OwnAddresses {
    /// The contacts' addresses, in lower case.
    listed: HashSet<String>,
    /// The local parts of these addresses.
    names: HashSet<String>,
    /// The domains of these addresses and of the website.
    domains: HashSet<String>,
}

impl OwnAddresses {
    fn new(known: &[&Email], organization: &Organization) -> OwnAddresses {
        let listed: HashSet<String> = known.iter().map(|email| email.as_str().to_ascii_lowercase()).collect();
        let (names, mut domains): (HashSet<String>, HashSet<String>) =
            listed.iter().filter_map(|email| email.split_once('@')).map(|(a, b)| (a.to_owned(), b.to_owned())).unzip();
        domains.extend(organization.url.as_ref().map(|url| url.host().trim_start_matches("www.").to_owned()));
        OwnAddresses { listed, names, domains }
    }

    fn is_listed(&self, email: &Email) -> bool {
        self.listed.contains(&email.as_str().to_ascii_lowercase())
    }

    /// Returns whether the address has the domain of a contact or of the website, or the local part of a contact.
    fn is_own(&self, email: &Email) -> bool {
        let email = email.as_str().to_ascii_lowercase();
        email.split_once('@').is_some_and(|(name, domain)| self.names.contains(name) || self.domains.contains(domain))
    }
}

/// Finds the email addresses in text.
fn addresses(text: &str) -> Vec<(Range<usize>, Email)> {
    let local = |b: u8| b.is_ascii_alphanumeric() || b"._%+-".contains(&b);
    let domain = |b: u8| b.is_ascii_alphanumeric() || b".-".contains(&b);
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    for (at, _) in text.match_indices('@') {
        let start = at - bytes[..at].iter().rev().take_while(|b| local(**b)).count();
        let end = at + 1 + bytes[at + 1..].iter().take_while(|b| domain(**b)).count();
        // The period at the end of a sentence is not part of the address.
        let candidate = text[start..end].trim_end_matches(['.', '-']);
        if let Ok(email) = candidate.parse() {
            found.push((start..start + candidate.len(), email));
        }
    }
    found
}

/// A sentence that contains one of these words is about customer notice.
const NOTICE_WORDS: [&str; 6] = ["notice", "advance", "prior", "before", "notif", "object"];

fn notice(subject: &Subject<'_>, days: u16, objection_days: Option<u16>, report: &mut Report) {
    let is_stated = |number| number == u32::from(days) || objection_days.is_some_and(|days| number == u32::from(days));
    let places = &subject.content.places;
    let stated = ["site.notice.days#key", "site.organization.notice_days#key"]
        .into_iter()
        .find_map(|path| places.get_exact(path));
    for prose in &subject.prose {
        let about = format!("{} {}", prose.title, prose.text).to_lowercase();
        if !["subprocessor", "sub-processor"].iter().any(|word| about.contains(word)) {
            continue;
        }
        for sentence in sentences(prose.text) {
            let lower = prose.text[sentence.clone()].to_lowercase();
            if !NOTICE_WORDS.iter().any(|word| lower.contains(word)) {
                continue;
            }
            for (range, number) in day_counts(&prose.text[sentence.clone()]) {
                if !is_stated(number) {
                    let range = sentence.start + range.start..sentence.start + range.end;
                    let message =
                        format!("the text says `{}`, but the notice period is {days}", &prose.text[range.clone()]);
                    report.push(
                        subject
                            .found_in(Code::NoticePeriodDisagrees, message, prose, &range)
                            .at_known(stated.clone(), "the notice period")
                            .help("use the same number in both places"),
                    );
                }
            }
        }
    }
}

/// Splits text into sentences, list entries and paragraphs.
pub(super) fn sentences(text: &str) -> Vec<Range<usize>> {
    const ENDS: [&str; 7] = [". ", ".\n", "\n\n", "\n- ", "\n* ", "! ", "? "];
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices(['.', '\n', '!', '?']) {
        // Ends may overlap: the second of three line feeds does not end another sentence.
        if let Some(end) = ENDS.iter().find(|end| at >= start && text[at..].starts_with(**end)) {
            sentences.push(start..at + end.len());
            start = at + end.len();
        }
    }
    if start < text.len() {
        sentences.push(start..text.len());
    }
    sentences
}

/// Finds numbers of days in a sentence, in digits or English words: `30 days`, `fourteen (14) business days`.
fn day_counts(sentence: &str) -> Vec<(Range<usize>, u32)> {
    let words = words(sentence);
    let mut counts = Vec::new();
    for (at, (range, word)) in words.iter().enumerate() {
        let Some(number) = number(word) else { continue };
        let following = words[at + 1..].iter().take(3).find(|(_, word)| {
            // In `fourteen (14) business days`, only the number in parentheses counts.
            !matches!(word.as_str(), "business" | "calendar" | "working" | "full")
        });
        if let Some((end, word)) = following
            && matches!(word.as_str(), "day" | "days")
        {
            counts.push((range.start..end.end, number));
        }
    }
    counts
}

/// Returns the words of a text in lower case, with their ranges.
pub(super) fn words(sentence: &str) -> Vec<(Range<usize>, String)> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, character) in sentence.char_indices().chain([(sentence.len(), ' ')]) {
        match (character.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push((from..at, sentence[from..at].to_lowercase()));
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// Parses a number in digits, or an English number word that is common in notice periods.
fn number(word: &str) -> Option<u32> {
    const WORDS: [(&str, u32); 12] = [
        ("five", 5),
        ("seven", 7),
        ("ten", 10),
        ("fourteen", 14),
        ("fifteen", 15),
        ("twenty", 20),
        ("thirty", 30),
        ("forty", 40),
        ("sixty", 60),
        ("ninety", 90),
        ("hundred", 100),
        ("one", 1),
    ];
    word.parse().ok().or_else(|| WORDS.iter().find(|(known, _)| *known == word).map(|(_, number)| *number))
}

#[cfg(test)]
mod tests {
    use super::{addresses, day_counts, sentences};

    #[test]
    fn finds_addresses_without_surrounding_punctuation() {
        let found = |text| addresses(text).into_iter().map(|(_, email)| email.to_string()).collect::<Vec<_>>();
        assert_eq!(
            found("Write to <a.b@c.example>, (x@y.example). [d](mailto:e@f.example?subject=g)"),
            ["a.b@c.example", "x@y.example", "e@f.example"]
        );
        assert_eq!(found("@ a@ @b a@b é@c.de"), [""; 0]);
    }

    #[test]
    fn finds_day_counts_in_digits_and_words() {
        let found = |text| day_counts(text).into_iter().map(|(range, n)| (&text[range], n)).collect::<Vec<_>>();
        assert_eq!(found("at least 30 days' notice"), [("30 days", 30)]);
        assert_eq!(found("a 14-day period"), [("14-day", 14)]);
        assert_eq!(found("fourteen (14) business days"), [("14) business days", 14)]);
        assert_eq!(found("thirty days, in 2 parts"), [("thirty days", 30)]);
        assert_eq!(found("30 people, one of these days"), []);
    }

    #[test]
    fn sentences_cover_the_text() {
        let text = "One. Two\n\n- three\n- four";
        let parts: Vec<_> = sentences(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(parts, ["One. ", "Two\n\n", "- three\n- ", "four"]);
        let parts: Vec<_> = sentences("a.\n\n\nb!c? d").into_iter().collect();
        assert_eq!(parts, [0..3, 3..5, 5..10, 10..11]);
        assert!(sentences("").is_empty());
    }
}
