//! Finds out which rows of two versions of a list are the same subprocessor.
//!
//! The decision becomes part of immutable records: a row that is taken for another one is published as a removal and an addition.
//! So the strongest sign decides first: what the user says, an id, the same values, the name, the website, then the other values.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use super::NamePair;
use crate::diagnostic::nearest;
use crate::import::fields::plain;
use crate::import::ids::Ids;
use crate::import::values::is_legal_form;
use crate::model::Subprocessor;

/// Why two rows with different names are the same subprocessor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Spelling,
    Website,
    OtherValues,
}

impl Sign {
    pub fn describe(self) -> &'static str {
        match self {
            Sign::Spelling => "their names differ only in spelling",
            Sign::Website => "they have the same website",
            Sign::OtherValues => "they have similar names and the same other values",
        }
    }
}

/// The rows of two versions that are the same subprocessor.
#[derive(Debug, Default)]
pub(super) struct Matching {
    /// For each row of the older version, its row in the newer one.
    pub newer: Vec<Option<usize>>,
    /// The pairs with different names, each with the sign that decided.
    pub renamed: Vec<(usize, usize, Sign)>,
}

/// What the user says about names, and whether the list has ids of its own.
pub(super) struct Rules<'a> {
    pub same: &'a [NamePair],
    pub different: &'a [NamePair],
    pub own_ids: bool,
}

/// Matches the rows of two versions.
pub(super) fn matching(older: &[Arc<Subprocessor>], newer: &[Arc<Subprocessor>], rules: &Rules<'_>) -> Matching {
    let mut matcher = Matcher {
        older,
        newer,
        rules,
        taken: vec![false; newer.len()],
        matching: Matching { newer: vec![None; older.len()], renamed: Vec::new() },
    };
    for NamePair { old, new } in rules.same {
        matcher.pairs(|item| (item.name == *old).then_some(()), |item| (item.name == *new).then_some(()), None);
    }
    if rules.own_ids {
        matcher.unique(|item| Some(item.id.clone()), None);
    }
    matcher.equal();
    matcher.same_names();
    matcher.unique(|item| Some(core_name(&item.name)).filter(|name| !name.is_empty()), Some(Sign::Spelling));
    matcher.websites();
    matcher.other_values();
    matcher.matching
}

struct Matcher<'a> {
    older: &'a [Arc<Subprocessor>],
    newer: &'a [Arc<Subprocessor>],
    rules: &'a Rules<'a>,
    taken: Vec<bool>,
    matching: Matching,
}

impl Matcher<'_> {
    fn set(&mut self, old: usize, new: usize, sign: Option<Sign>) {
        self.matching.newer[old] = Some(new);
        self.taken[new] = true;
        if let Some(sign) = sign {
            self.matching.renamed.push((old, new, sign));
        }
    }

    fn open_older(&self) -> impl Iterator<Item = (usize, &Subprocessor)> {
        let open = |(at, _): &(usize, &Arc<Subprocessor>)| self.matching.newer[*at].is_none();
        self.older.iter().enumerate().filter(open).map(|(at, item)| (at, item.as_ref()))
    }

    fn open_newer(&self) -> impl Iterator<Item = (usize, &Subprocessor)> {
        let open = |(at, _): &(usize, &Arc<Subprocessor>)| !self.taken[*at];
        self.newer.iter().enumerate().filter(open).map(|(at, item)| (at, item.as_ref()))
    }

    /// Matches rows whose keys are equal and unique among the open rows of both versions.
    fn unique<K: Hash + Eq>(&mut self, key: impl Fn(&Subprocessor) -> Option<K>, sign: Option<Sign>) {
        self.pairs(&key, &key, sign);
    }

    fn pairs<K: Hash + Eq>(
        &mut self,
        old_key: impl Fn(&Subprocessor) -> Option<K>,
        new_key: impl Fn(&Subprocessor) -> Option<K>,
        sign: Option<Sign>,
    ) {
        let older = grouped(self.open_older(), old_key);
        let newer = grouped(self.open_newer(), new_key);
        let mut pairs: Vec<(usize, usize)> = older
            .iter()
            .filter_map(|(key, olds)| match (olds.as_slice(), newer.get(key).map(Vec::as_slice)) {
                ([old], Some([new])) => Some((*old, *new)),
                _ => None,
            })
            .collect();
        pairs.sort_unstable();
        for (old, new) in pairs {
            if sign.is_none() || !self.denied(old, new) {
                self.set(old, new, sign);
            }
        }
    }

    /// Whether the user says that two rows are different subprocessors.
    fn denied(&self, old: usize, new: usize) -> bool {
        let (old, new) = (&self.older[old].name, &self.newer[new].name);
        self.rules.different.iter().any(|pair| pair.old == *old && pair.new == *new)
    }

    /// Matches rows with equal values, in their order.
    fn equal(&mut self) {
        let mut newer = grouped(self.open_newer(), |item| Some(without_id(item)));
        newer.values_mut().for_each(|rows| rows.reverse());
        let older: Vec<(usize, Subprocessor)> = self.open_older().map(|(at, item)| (at, without_id(item))).collect();
        for (old, item) in older {
            if let Some(new) = newer.get_mut(&item).and_then(Vec::pop) {
                self.set(old, new, None);
            }
        }
    }

    /// Matches rows of one name: the rows with the most equal values first. If several rows are left, those without any equal
    /// value are different subprocessors.
    fn same_names(&mut self) {
        let older = grouped(self.open_older(), |item| Some(item.name.clone()));
        let newer = grouped(self.open_newer(), |item| Some(item.name.clone()));
        let mut names: Vec<&String> = older.keys().filter(|name| newer.contains_key(*name)).collect();
        names.sort_unstable();
        for name in names {
            let (olds, news) = (&older[name], &newer[name]);
            if let ([old], [new]) = (olds.as_slice(), news.as_slice()) {
                self.set(*old, *new, None);
                continue;
            }
            // Thousands of rows with one name are matched in their order.
            if olds.len().saturating_mul(news.len()) > 10_000 {
                for (old, new) in olds.iter().zip(news) {
                    self.set(*old, *new, None);
                }
                continue;
            }
            let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
            for old in olds {
                pairs.extend(news.iter().map(|new| (similarity(&self.older[*old], &self.newer[*new]), *old, *new)));
            }
            pairs.sort_by_key(|(similarity, old, new)| (std::cmp::Reverse(*similarity), *old, *new));
            for (similarity, old, new) in pairs {
                if similarity > 0 && self.matching.newer[old].is_none() && !self.taken[new] {
                    self.set(old, new, None);
                }
            }
        }
    }

    /// Matches rows with the same website, if no other row of either version has it.
    fn websites(&mut self) {
        let count = |items: &[Arc<Subprocessor>]| {
            let mut counts: HashMap<String, usize> = HashMap::new();
            for website in items.iter().filter_map(|item| website(item)) {
                *counts.entry(website).or_default() += 1;
            }
            counts
        };
        let (older, newer) = (count(self.older), count(self.newer));
        let single = |website: &String| older.get(website) == Some(&1) && newer.get(website) == Some(&1);
        self.unique(|item| website(item).filter(single), Some(Sign::Website));
    }

    /// Matches rows with similar names and the same other values.
    fn other_values(&mut self) {
        let nameless = |item: &Subprocessor| {
            let other = Subprocessor { name: String::new(), website: None, legal_name: None, ..without_id(item) };
            (values(&other).len() > 1).then_some(other)
        };
        let older = grouped(self.open_older(), nameless);
        let newer = grouped(self.open_newer(), nameless);
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        for (item, olds) in &older {
            if let ([old], Some([new])) = (olds.as_slice(), newer.get(item).map(Vec::as_slice))
                && are_similar(&self.older[*old].name, &self.newer[*new].name)
            {
                pairs.push((*old, *new));
            }
        }
        pairs.sort_unstable();
        for (old, new) in pairs {
            if !self.denied(old, new) {
                self.set(old, new, Some(Sign::OtherValues));
            }
        }
    }
}

/// Returns the rows of each key.
fn grouped<'s, K: Hash + Eq>(
    items: impl Iterator<Item = (usize, &'s Subprocessor)>,
    key: impl Fn(&Subprocessor) -> Option<K>,
) -> HashMap<K, Vec<usize>> {
    let mut groups: HashMap<K, Vec<usize>> = HashMap::new();
    for (at, item) in items {
        if let Some(key) = key(item) {
            groups.entry(key).or_default().push(at);
        }
    }
    groups
}

fn without_id(item: &Subprocessor) -> Subprocessor {
    Subprocessor { id: Ids::default().free(None), ..item.clone() }
}

/// Returns the host and path of the website.
fn website(item: &Subprocessor) -> Option<String> {
    let text = item.website.as_ref()?.as_str().to_lowercase();
    let text = text.split_once("://").map_or(text.as_str(), |(_, rest)| rest);
    Some(text.trim_start_matches("www.").trim_end_matches('/').to_owned())
}

/// Returns the fields with their values, without those that identify it.
fn values(item: &Subprocessor) -> Vec<(String, String)> {
    let value = serde_json::to_value(item).unwrap_or_default();
    let fields = value.as_object().into_iter().flatten();
    let stated = fields.filter(|(key, value)| !matches!(key.as_str(), "id" | "name") && value.as_str() != Some(""));
    stated.map(|(key, value)| (key.clone(), value.to_string())).collect()
}

/// The number of equal fields.
fn similarity(a: &Subprocessor, b: &Subprocessor) -> usize {
    let b = values(b);
    values(a).iter().filter(|value| b.contains(value)).count()
}

/// Returns a name without its legal form, case and punctuation.
fn core_name(name: &str) -> String {
    let name = name.split(['(', '[']).next().unwrap_or_default();
    let plain = plain(&name.replace('.', ""));
    let words: Vec<&str> = plain.split(' ').filter(|word| !is_legal_form(word)).collect();
    words.concat()
}

/// Whether two names share a distinctive word, or differ only by a typo.
fn are_similar(a: &str, b: &str) -> bool {
    let words = |name: &str| -> Vec<String> {
        let plain = plain(name);
        plain.split(' ').filter(|word| word.chars().count() > 3 && !is_legal_form(word)).map(str::to_owned).collect()
    };
    let (first, second) = (words(a), words(b));
    first.iter().any(|word| second.contains(word)) || nearest(&core_name(a), [core_name(b).as_str()]).is_some()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Matching, NamePair, Rules, Sign, matching};
    use crate::diagnostic::Source;
    use crate::model::Subprocessor;

    /// Reads rows `NAME | PURPOSE | WEBSITE | DATA`.
    fn items(rows: &[&str]) -> Vec<Arc<Subprocessor>> {
        let text = format!("Name|Purpose|Website|Data\n{}\n", rows.join("\n"));
        let (imported, report) =
            crate::import::read(&Source::new("a.csv", text), &crate::import::ImportOptions::default());
        assert!(!report.has_errors(), "{report:#?}");
        imported.expect("a list").items
    }

    fn matched(older: &[&str], newer: &[&str], same: &[NamePair], different: &[NamePair]) -> Matching {
        matching(&items(older), &items(newer), &Rules { same, different, own_ids: false })
    }

    #[test]
    fn rows_of_one_name_are_matched_by_their_values() {
        let (sms, mail, hosting) = ("Alfa|SMS||Phone numbers", "Alfa|E-mail||Addresses", "Alfa|Hosting||All data");
        assert_eq!(matched(&[sms, mail], &[hosting, sms, mail], &[], &[]).newer, [Some(1), Some(2)]);
        assert_eq!(matched(&[hosting, sms, mail], &[sms, mail], &[], &[]).newer, [None, Some(0), Some(1)]);
        let more = "Alfa|SMS||Phone numbers; Names";
        assert_eq!(matched(&[sms, mail], &[more, mail], &[], &[]).newer, [Some(0), Some(1)]);
        assert_eq!(matched(&[sms], &["Alfa|Chat||Messages"], &[], &[]).newer, [Some(0)]);
    }

    #[test]
    fn respelled_names_keep_their_identity() {
        for (old, new, sign) in [
            ("Alfa Cloud|Hosting||Logs", "Alfa Cloud, Inc.|Storage||Files", Sign::Spelling),
            (
                "Alfa Workspaces|Office|alfa.example|Names",
                "Alfa Workspace, Inc.|Work|https://www.alfa.example/|Names",
                Sign::Website,
            ),
            ("Alfa Workspaces|Office||Names; Files", "Alfa Workspace|Office||Names; Files", Sign::OtherValues),
            ("Sendgird|E-mail||Names", "Sendgrid|E-mail||Names", Sign::OtherValues),
        ] {
            let found = matched(&[old], &[new], &[], &[]);
            assert_eq!(found.renamed, [(0, 0, sign)], "{old} to {new}");
        }
    }

    #[test]
    fn replaced_companies_are_different() {
        for (old, new) in [
            ("Beta Mail|E-mail||Addresses; Names", "Gamma Post|E-mail||Addresses; Names"),
            ("Alfa Maps|Maps|alfa.example|Places", "Beta Maps|Maps|beta.example|Routes"),
        ] {
            assert_eq!(matched(&[old], &[new], &[], &[]).newer, [None], "{old} to {new}");
        }
        // Two rows with one website: either could be meant.
        let found = matched(&["A One|X|a.example|Y"], &["A Two|X|a.example|Z", "A Three|W|a.example|V"], &[], &[]);
        assert_eq!(found.newer, [None]);
    }

    #[test]
    fn user_decides_first() {
        let pair = |old: &str, new: &str| NamePair { old: old.to_owned(), new: new.to_owned() };
        let (old, new) = ("Beta Mail|E-mail||Addresses", "Gamma Post|Post||Letters");
        assert_eq!(matched(&[old], &[new], &[pair("Beta Mail", "Gamma Post")], &[]).newer, [Some(0)]);
        let (old, new) = ("Alfa Cloud|Hosting||Logs", "Alfa Cloud Ltd.|Hosting||Logs");
        assert_eq!(matched(&[old], &[new], &[], &[pair("Alfa Cloud", "Alfa Cloud Ltd.")]).newer, [None]);
    }
}
