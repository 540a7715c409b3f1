//! Rules for AI features: their providers are subprocessors.

use std::collections::BTreeSet;

use super::Subject;
use crate::diagnostic::{Code, Report, Suggestions};
use crate::model::Id;

/// Checks that the list of subprocessors has the provider of each feature, now and after each of its upcoming changes. Whether a
/// listed provider is in use on the as-of date does not matter, so that released content never fails later.
pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    if !subject.facts.complete {
        return;
    }
    let listed: BTreeSet<&Id> = subject.content.disclosure.subprocessors.iter().map(|item| &item.id).collect();
    let suggestions = Suggestions::new(listed.iter().map(|id| id.as_str()));
    for (at, item) in subject.content.disclosure.ai.iter().enumerate() {
        let own = item.provider.iter().map(|id| (id, format!("ai[{at}].provider")));
        let later = item.upcoming.iter().enumerate().filter_map(|(nth, entry)| {
            Some((entry.values.provider.as_ref()?, format!("ai[{at}].upcoming[{nth}].provider")))
        });
        for (id, path) in own.chain(later).filter(|(id, _)| !listed.contains(id)) {
            let what = match subject.facts.listed_before.contains(id) {
                true => "which the list of subprocessors no longer has",
                false => "which is not in the list of subprocessors",
            };
            let help = match suggestions.nearest(id.as_str()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "use the id of a subprocessor in content/data/subprocessors.yaml, or add it there".to_owned(),
            };
            let message = format!("`{}` names the provider `{id}`, {what}", item.feature);
            report.push(subject.found(Code::AiProviderUnknown, message, &path).help(help));
        }
    }
}
