//! Which changes apply to a customer, by the features that the customer uses and the customer's values of dimensions.
//!
//! A change of a subprocessor applies if the subprocessor may be used for the customer before the change, after it, or after an
//! upcoming change. Of its locations, those whose condition is false for the customer are left out. Changes of everything that
//! has no condition apply to all customers.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::nearest;
use crate::model::{Condition, CustomerChoice, Dimensions, Disclosure, Id, Malformed, Subprocessor};
use crate::schedule::named_features;

/// Returns what arguments such as `SendGrid` and `region=EU` state about a customer; `None` if there are none, so that all changes
/// apply. An argument is one feature or answer, or several separated by commas.
///
/// # Errors
/// If an argument names no feature of these statements, or no value of their dimensions.
pub fn choice(arguments: &[String], statements: &[&Disclosure]) -> Result<Option<CustomerChoice>, Malformed> {
    let features = features(statements);
    let answers = answers(statements);
    let known: Vec<&str> = features.iter().copied().chain(answers.keys().map(String::as_str)).collect();
    let named = named_features(arguments, &known).map_err(|unknown| problem(&unknown, &features, &answers))?;
    let mut choice = CustomerChoice::default();
    for name in &named {
        let answer = answers.get(name).filter(|_| !features.contains(name.as_str()));
        let Some((dimension, value)) = answer else {
            choice.features.push(name.clone());
            continue;
        };
        if choice.dimensions.insert((*dimension).to_owned(), (*value).to_owned()).is_some() {
            let help = "name one value of each dimension";
            return Err(Malformed::new(format!("`{dimension}` has two values"), help));
        }
    }
    Ok((!named.is_empty()).then_some(choice))
}

/// Returns the features that conditions name, including those of upcoming changes.
fn features<'a>(statements: &[&'a Disclosure]) -> BTreeSet<&'a str> {
    let items = statements.iter().flat_map(|disclosure| disclosure.processors());
    let conditions = items
        .flat_map(|item| item.conditions().chain(item.upcoming.iter().flat_map(|entry| entry.values.conditions())));
    conditions.flat_map(Condition::leaves).flat_map(|leaf| leaf.features.0.iter().map(String::as_str)).collect()
}

/// Returns all answers, such as `region=EU`, with the dimension and the value of each.
fn answers<'a>(statements: &[&'a Disclosure]) -> BTreeMap<String, (&'a str, &'a str)> {
    let dimensions = statements.iter().flat_map(|disclosure| &disclosure.dimensions.0);
    let answers = dimensions.flat_map(|(name, values)| values.iter().map(|value| (name.as_str(), value.as_str())));
    answers.map(|(name, value)| (format!("{name}={value}"), (name, value))).collect()
}

fn problem(unknown: &str, features: &BTreeSet<&str>, answers: &BTreeMap<String, (&str, &str)>) -> Malformed {
    let dimensions: BTreeSet<&str> = answers.values().map(|(name, _)| *name).collect();
    let answer = unknown.split_once('=').map(|(name, value)| (name.trim(), value.trim()));
    let (message, sought, known, what) = match answer {
        Some((name, value)) if dimensions.contains(name) => {
            let values = answers.values().filter(|(other, _)| *other == name).map(|(_, value)| *value).collect();
            (format!("`{name}` has no value `{value}`"), value, values, "values")
        }
        Some((name, _)) => (format!("unknown dimension `{name}`"), name, dimensions, "dimensions"),
        None => (format!("unknown feature `{unknown}`"), unknown, features.clone(), "features"),
    };
    let help = match nearest(sought, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => format!("the releases name no {what}"),
        None => format!("use one of these {what}: {}", known.into_iter().collect::<Vec<_>>().join(", ")),
    };
    Malformed::new(message, help)
}

/// A customer, and the dimensions that the new release declares.
#[derive(Debug, Clone, Copy)]
pub(super) struct Customer<'a> {
    /// What is known about the customer; `None` for everything.
    pub choice: Option<&'a CustomerChoice>,
    pub dimensions: &'a Dimensions,
}

impl Customer<'_> {
    fn may_hold(&self, condition: Option<&Condition>) -> bool {
        let (Some(choice), Some(condition)) = (self.choice, condition) else { return true };
        condition.may_hold(choice, self.dimensions)
    }

    /// Whether a subprocessor may be used for the customer, now or after an upcoming change.
    fn concerns(&self, item: &Subprocessor) -> bool {
        const CONDITION: &str = "condition";
        let later = item.upcoming.iter().filter_map(|entry| {
            let is_removed = entry.remove.iter().any(|field| field == CONDITION);
            let is_changed = entry.fields.contains(&CONDITION);
            (is_changed || is_removed).then_some(entry.values.condition.as_ref().filter(|_| is_changed))
        });
        std::iter::once(item.condition.as_ref()).chain(later).any(|condition| self.may_hold(condition))
    }

    /// Whether changes of the subprocessor with this id apply to the customer.
    pub fn is_concerned(&self, id: &Id, statements: &[&Disclosure]) -> bool {
        let mut items = statements.iter().flat_map(|disclosure| &disclosure.subprocessors);
        items.any(|item| item.id == *id && self.concerns(item))
    }

    /// Returns a subprocessor without the locations that do not apply to the customer.
    pub fn applicable(&self, item: &Arc<Subprocessor>) -> Arc<Subprocessor> {
        let applies =
            |item: &Subprocessor| item.locations.iter().all(|location| self.may_hold(location.condition.as_ref()));
        if applies(item) && item.upcoming.iter().all(|entry| applies(&entry.values)) {
            return Arc::clone(item);
        }
        let mut item = Subprocessor::clone(item);
        item.locations.retain(|location| self.may_hold(location.condition.as_ref()));
        for entry in &mut item.upcoming {
            entry.values.locations.retain(|location| self.may_hold(location.condition.as_ref()));
            entry.shorten();
        }
        Arc::new(item)
    }

    /// Returns what a disclosure states for the customer: all items, without the locations that do not apply.
    pub fn stated<'d>(&self, disclosure: &'d Disclosure) -> Cow<'d, Disclosure> {
        if self.choice.is_none() {
            return Cow::Borrowed(disclosure);
        }
        let mut stated = disclosure.clone();
        stated.subprocessors = disclosure.subprocessors.iter().map(|item| self.applicable(item)).collect();
        Cow::Owned(stated)
    }
}
