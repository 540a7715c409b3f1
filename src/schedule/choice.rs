//! What command-line arguments state about a customer: the features that the customer uses, and the customer's values of dimensions.

use std::collections::BTreeSet;

use super::named_features;
use crate::diagnostic::nearest;
use crate::model::{Condition, CustomerChoice, Disclosure, Malformed};

/// Returns what arguments such as `SendGrid` and `region=EU` state about a customer; `None` if there are none, so that all changes
/// apply. An argument is one feature or answer, or several separated by commas.
///
/// # Errors
/// If an argument names no feature of these statements, or no value of their dimensions.
pub fn choice(arguments: &[String], statements: &[&Disclosure]) -> Result<Option<CustomerChoice>, Malformed> {
    let features = features(statements);
    let answers = answers(statements);
    let known: Vec<&str> = features.iter().copied().chain(answers.iter().map(|(answer, ..)| answer.as_str())).collect();
    let named = named_features(arguments, &known).map_err(|unknown| problem(&unknown, &features, &answers))?;
    let mut choice = CustomerChoice::default();
    for name in &named {
        let answer = answers.iter().find(|(answer, ..)| answer == name && !features.contains(name.as_str()));
        let Some((_, dimension, value)) = answer else {
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

/// An answer such as `region=EU`, with its dimension and its value.
type Answer<'a> = (String, &'a str, &'a str);

/// Returns all answers, in the order of the statements.
fn answers<'a>(statements: &[&'a Disclosure]) -> Vec<Answer<'a>> {
    let dimensions = statements.iter().flat_map(|disclosure| &disclosure.dimensions.0);
    let mut answers: Vec<Answer<'a>> = Vec::new();
    for (name, value) in dimensions.flat_map(|(name, values)| values.iter().map(move |value| (name, value))) {
        let answer = format!("{name}={value}");
        if answers.iter().all(|(other, ..)| *other != answer) {
            answers.push((answer, name.as_str(), value));
        }
    }
    answers
}

fn problem(unknown: &str, features: &BTreeSet<&str>, answers: &[Answer<'_>]) -> Malformed {
    let mut dimensions: Vec<&str> = answers.iter().map(|(_, name, _)| *name).collect();
    dimensions.dedup();
    let answer = unknown.split_once('=').map(|(name, value)| (name.trim(), value.trim()));
    let (message, sought, known, what) = match answer {
        Some((name, value)) if dimensions.contains(&name) => {
            let values = answers.iter().filter(|(_, other, _)| *other == name).map(|(.., value)| *value).collect();
            (format!("`{name}` has no value `{value}`"), value, values, "values")
        }
        Some((name, _)) => (format!("unknown dimension `{name}`"), name, dimensions, "dimensions"),
        None => {
            let known = features.iter().copied().collect();
            (format!("unknown feature `{unknown}`"), unknown, known, "features")
        }
    };
    // A value without its dimension.
    let whole =
        answers.iter().find(|(.., value)| answer.is_none() && *value == unknown).map(|(answer, ..)| answer.as_str());
    let help = match whole.or_else(|| nearest(sought, known.iter().copied())) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => format!("the releases name no {what}"),
        None => format!("use one of these {what}: {}", known.join(", ")),
    };
    Malformed::new(message, help)
}
