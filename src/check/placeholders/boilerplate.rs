//! Examples of a new project that are still as they were written.

use std::collections::HashSet;

use super::super::Subject;
use crate::diagnostic::{Code, Report};
use crate::embedded::{EXAMPLE_ORGANIZATION, SKELETON};
use crate::model::{List, Update};

/// The first line of the example of a postal address.
const EXAMPLE_STREET: &str = "1 Example Street";

/// Reports the examples of a new project, and returns the paths of its items. Their fields are not reported again.
pub(super) fn check(subject: &Subject<'_>, report: &mut Report) -> HashSet<String> {
    let disclosure = &subject.content.disclosure;
    let organization = &disclosure.organization;
    if organization.name == EXAMPLE_ORGANIZATION {
        let message = format!("`{EXAMPLE_ORGANIZATION}` is the name in a new project");
        let help = "write the name that customers know";
        report.push(subject.found(Code::Placeholder, message, "site.organization.name").help(help));
    }
    if organization.address.as_ref().is_some_and(|address| address.contains(EXAMPLE_STREET)) {
        let message = format!("`{EXAMPLE_STREET}` is the address in a new project");
        let help = "write your own address, or remove it";
        report.push(subject.found(Code::Placeholder, message, "site.organization.address").help(help));
    }
    let bodies: HashSet<&str> = SKELETON.iter().filter_map(|(path, text)| body(path, text)).collect();
    for (at, section) in disclosure.sections.iter().enumerate() {
        if bodies.contains(section.body.as_str()) {
            let message = format!("the text of `{}` is that of a new project", section.title);
            let help = "write your own text, or remove it";
            report.push(subject.found(Code::Placeholder, message, &format!("sections[{at}].body")).help(help));
        }
    }
    for (at, page) in disclosure.pages.iter().enumerate() {
        if bodies.contains(page.body.as_str()) {
            let message = format!("the text of `{}` is that of a new project", page.title);
            let help = "write your own text, or remove the page";
            report.push(subject.found(Code::Placeholder, message, &format!("pages[{at}].body")).help(help));
        }
    }
    let mut found = HashSet::new();
    let examples: HashSet<(List, &str, &str)> = List::shown().flat_map(examples).collect();
    for list in List::shown() {
        for (at, item) in disclosure.items(list).into_iter().enumerate() {
            if examples.contains(&(list, without_date(list, item.id().as_str()), item.label())) {
                let message = format!("`{}` is an example of a new project", item.label());
                let path = format!("{list}[{at}]");
                let help = "replace it with an item of your own, or remove it";
                let field = format!("{path}.{}", list.label_field());
                report.push(subject.found(Code::Placeholder, message, &field).help(help));
                found.insert(path);
            }
        }
    }
    found
}

/// Returns the text of a section or page of a new project, if the file is one with a text.
fn body<'a>(path: &str, text: &'a str) -> Option<&'a str> {
    let (folder, _) = path.rsplit_once('/')?;
    let (_, body) = text
        .strip_prefix("---\n")?
        .split_once("\n---\n")
        .filter(|_| folder.ends_with("/sections") || folder.ends_with("/pages"))?;
    Some(body.trim()).filter(|body| !body.is_empty())
}

/// Returns the id of an item, without the date with which that of an update begins.
fn without_date(list: List, id: &str) -> &str {
    match list {
        List::Updates if Update::date_of(id).is_some() => &id[11..],
        _ => id,
    }
}

/// Returns the examples of a list: their ids and labels.
fn examples(list: List) -> Vec<(List, &'static str, &'static str)> {
    if list.has_folder() {
        return example_files(list);
    }
    let path = format!("content/data/{list}.yaml");
    let Some((_, text)) = SKELETON.iter().find(|(other, _)| *other == path) else { return Vec::new() };
    let label = format!("  {}: ", list.label_field());
    let mut id = None;
    let mut found = Vec::new();
    for line in text.lines().filter_map(|line| line.strip_prefix("#= ")) {
        if let Some(new) = line.strip_prefix("- id: ") {
            id = Some(new);
        } else if let (Some(written), Some(id)) = (line.strip_prefix(label.as_str()), id) {
            found.push((list, id, written.trim_matches('"')));
        }
    }
    found
}

/// Returns the examples of a list each of whose items is a file.
fn example_files(list: List) -> Vec<(List, &'static str, &'static str)> {
    let folder = format!("full/content/{list}/");
    let label = format!("{}: ", list.label_field());
    let ending = list.ending();
    let example = |(path, text): &(&'static str, &'static str)| {
        let id = path.strip_prefix(&folder)?.strip_suffix(ending)?;
        let id = id.strip_prefix("{{today}}-").unwrap_or(id);
        let written = text.lines().find_map(|line| line.strip_prefix(label.as_str()))?;
        Some((list, id, written.trim_matches('"')))
    };
    SKELETON.iter().filter_map(example).collect()
}

#[cfg(test)]
mod tests {
    use super::{SKELETON, body, examples};
    use crate::model::List;

    #[test]
    fn finds_the_examples_of_every_list_and_the_texts_of_sections() {
        for list in List::shown() {
            assert!(!examples(list).is_empty(), "{list}");
        }
        let bodies = SKELETON.iter().filter_map(|(path, text)| body(path, text));
        assert_eq!(bodies.count(), 4);
    }
}
