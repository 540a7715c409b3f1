//! Rules for key facts: each states something, and no two contradict each other.

use std::collections::HashMap;

use super::Subject;
use crate::diagnostic::{Code, Report};
use crate::model::{Fact, FactKind};

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    let mut firsts: HashMap<(&FactKind, Option<String>), usize> = HashMap::new();
    for (at, item) in subject.content.disclosure.facts.iter().enumerate() {
        if !states_something(item) && subject.facts.complete {
            let message = format!("`{}` states neither a value nor details", item.title);
            let fields = item.kind.as_ref().map(FactKind::values).unwrap_or_default();
            let help = match fields {
                [] => "add `details`, or remove the fact".to_owned(),
                fields => format!("add `{}` or `details`, or remove the fact", fields.join("`, `")),
            };
            report.push(subject.found(Code::FactWithoutValue, message, &format!("facts[{at}].title")).help(help));
        }
        let Some(kind) = &item.kind else { continue };
        let plan = item.plan.as_ref().map(|plan| plan.trim().to_lowercase());
        let Some(first) = firsts.get(&(kind, plan.clone())) else {
            firsts.insert((kind, plan), at);
            continue;
        };
        let whose = item.plan.as_ref().map(|plan| format!(" for the plan `{plan}`")).unwrap_or_default();
        let message = format!("two facts have the kind `{}`{whose}", kind.as_str());
        report.push(
            subject
                .found(Code::FactTwice, message, &format!("facts[{at}].kind"))
                .at_known(subject.content.places.get(&format!("facts[{first}].kind")), "first here")
                .help("merge the two, or state the `plan` of each"),
        );
    }
}

/// Whether a fact has a value, details, or a reference.
fn states_something(item: &Fact) -> bool {
    !item.values().is_empty() || item.details.is_some() || item.document.is_some() || item.url.is_some()
}
