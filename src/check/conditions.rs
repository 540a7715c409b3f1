//! Rules for conditions: every dimension and value that a condition names is declared in `site.yaml`.

use super::Subject;
use crate::diagnostic::{Code, Report, nearest};
use crate::model::condition::RESERVED;
use crate::model::{Condition, ConditionTest, Location};

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    for (at, item) in subject.content.disclosure.subprocessors.iter().enumerate() {
        let path = format!("subprocessors[{at}]");
        if let Some(condition) = &item.condition {
            declared(subject, condition, &format!("{path}.condition"), report);
        }
        locations(subject, &item.locations, &path, report);
        for (nth, service) in item.services.iter().enumerate() {
            let path = format!("{path}.services[{nth}]");
            if let Some(condition) = &service.condition {
                declared(subject, condition, &format!("{path}.condition"), report);
            }
            locations(subject, &service.locations, &path, report);
        }
    }
}

fn locations(subject: &Subject<'_>, locations: &[Location], path: &str, report: &mut Report) {
    for (nth, location) in locations.iter().enumerate() {
        if let Some(condition) = &location.condition {
            declared(subject, condition, &format!("{path}.locations[{nth}].condition"), report);
        }
    }
}

/// Checks the dimensions of a condition. If `site.yaml` could not be read, they may be declared there.
fn declared(subject: &Subject<'_>, condition: &Condition, path: &str, report: &mut Report) {
    let dimensions = &subject.content.disclosure.dimensions;
    let leaf = match &condition.test {
        ConditionTest::Leaf(leaf) => leaf,
        ConditionTest::All(parts) | ConditionTest::Any(parts) => {
            let key = if matches!(condition.test, ConditionTest::All(_)) { "all" } else { "any" };
            for (nth, part) in parts.iter().enumerate() {
                declared(subject, part, &format!("{path}.{key}[{nth}]"), report);
            }
            return;
        }
        ConditionTest::Unless(part) => return declared(subject, part, &format!("{path}.unless"), report),
    };
    for (name, stated) in &leaf.dimensions {
        let Some(values) = dimensions.values(name) else {
            let known = dimensions.0.keys().map(|id| id.as_str());
            let help = match nearest(name, known.chain(RESERVED)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("declare it in site.yaml: `dimensions: {{{name}: [...]}}`"),
            };
            let message = format!("the condition names `{name}`, which is not a declared dimension");
            report.push(subject.found(Code::ConditionUndeclared, message, &format!("{path}.{name}#key")).help(help));
            continue;
        };
        for (nth, value) in stated.0.iter().enumerate().filter(|(_, value)| !values.contains(value)) {
            let help = match nearest(value, values.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("use one of its values ({}), or declare it in site.yaml", values.join(", ")),
            };
            let message = format!("`{name}` has no value `{}`", value.escape_debug());
            report.push(subject.found(Code::ConditionUndeclared, message, &format!("{path}.{name}[{nth}]")).help(help));
        }
    }
}
