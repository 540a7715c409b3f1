//! Rules for lists: names, order, and whether a section shows them.

use std::collections::HashMap;
use std::sync::Arc;

use super::Subject;
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::model::{Certification, CertificationStatus, ControlStatus, Item, List, Section, Show};

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    let disclosure = &subject.content.disclosure;
    for list in List::ALL {
        check_labels(subject, *list, &disclosure.items(*list), report);
    }
    shown_twice(subject, report);
    if subject.facts.complete {
        shown(subject, report);
    }
    statuses(subject, report);
}

/// Normalizes a name for comparisons.
fn folded(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn check_labels(subject: &Subject<'_>, list: List, items: &[&dyn Item], report: &mut Report) {
    let names: Vec<String> = items.iter().map(|item| folded(item.label())).collect();
    let path = |at: usize| format!("{list}[{at}].{}", list.label_field());
    if !list.repeats_labels() {
        let mut firsts: HashMap<&str, usize> = HashMap::new();
        for (at, name) in names.iter().enumerate() {
            if let Some(first) = firsts.get(name.as_str()) {
                let message = format!("`{}` appears twice in {list}", items[at].label());
                report.push(
                    subject
                        .found(Code::DuplicateName, message, &path(at))
                        .at_known(subject.content.places.get(&path(*first)), "first here")
                        .help("rename or remove one of them"),
                );
            } else {
                firsts.insert(name, at);
            }
        }
    }
    if subject.content.settings.sorted.contains(&list)
        && let Some(at) = (1..names.len()).find(|at| names[*at] < names[*at - 1])
    {
        let (this, before) = (items[at].label(), items[at - 1].label());
        let message = format!("`{this}` is after `{before}`, but {list} is declared as sorted");
        let help = format!("move it up, or remove `{list}` from `sorted:` in site.yaml");
        report.push(subject.found(Code::ListOrder, message, &path(at)).help(help));
    }
}

fn shown(subject: &Subject<'_>, report: &mut Report) {
    let disclosure = &subject.content.disclosure;
    let is_blank = disclosure.shown_sections().next().is_none();
    // Readers do not see a section that the page leaves out, but a page without any section is a mistake.
    let is_left_out = |section: &Section| disclosure.leaves_out(section) && !is_blank;
    for list in List::shown() {
        let (show, count) = (Show::List(list), disclosure.count(list));
        let shown = |other: Option<&Show>| other == Some(&show);
        let sections = disclosure.sections.iter().enumerate().filter(|(_, section)| shown(section.show.as_ref()));
        let sections = sections.map(|(at, section)| (List::Sections, at, &section.title, is_left_out(section)));
        let pages = disclosure.pages.iter().enumerate().filter(|(_, page)| shown(page.show.as_ref()));
        let pages = pages.map(|(at, page)| (List::Pages, at, &page.title, false));
        let mut all = sections.take(1).chain(pages).peekable();
        if count == 0 {
            for (written, at, title, _) in all.filter(|(.., is_left_out)| !is_left_out) {
                let message = format!("`{title}` shows {list}, but the list is empty");
                let (what, file) = match list.has_folder() {
                    true => ("the file", format!("{list}/NAME{}", list.ending())),
                    false => ("items to", format!("data/{list}.yaml")),
                };
                let help = format!("add {what} content/{file}, or remove `show: {list}`");
                report.push(subject.found(Code::NothingToShow, message, &format!("{written}[{at}].show")).help(help));
            }
        } else if all.peek().is_none() && !list.has_pages() {
            let message = format!("no section or page shows {list}");
            let help = format!("add `show: {list}` to the front matter of a section or page");
            report.push(subject.found(Code::ListNotShown, message, list.name()).help(help));
        }
    }
}

/// Checks that no two sections show the same.
fn shown_twice(subject: &Subject<'_>, report: &mut Report) {
    let sections = &subject.content.disclosure.sections;
    let mut firsts: HashMap<&Show, usize> = HashMap::new();
    for (at, show) in sections.iter().enumerate().filter_map(|(at, section)| Some((at, section.show.as_ref()?))) {
        let Some(first) = firsts.get(show) else {
            firsts.insert(show, at);
            continue;
        };
        let message = format!("`{}` and `{}` both show {}", sections[*first].title, sections[at].title, show.name());
        let help =
            format!("remove `show: {}` from one of them; its text can link to #{}", show.name(), sections[*first].id);
        report.push(
            subject
                .found(Code::ListShownTwice, message, &format!("sections[{at}].show"))
                .at_known(subject.content.places.get(&format!("sections[{first}].show")), "first here")
                .help(help),
        );
    }
}

/// Checks that custom templates label items that are not in place, as the built-in theme does.
fn statuses(subject: &Subject<'_>, report: &mut Report) {
    let disclosure = &subject.content.disclosure;
    let control =
        disclosure.controls.iter().find(|item| item.status != ControlStatus::Implemented).map(|item| &item.title);
    let in_progress = Some(CertificationStatus::InProgress);
    let is_not_held = |item: &&Arc<Certification>| item.status == in_progress || item.is_alignment();
    let certification = disclosure.certifications.iter().find(is_not_held).map(|item| &item.framework);
    for (list, item) in [(List::Controls, control), (List::Certifications, certification)] {
        let Some(item) = item else { continue };
        let path = format!("templates/{}", list.template());
        let own = subject.facts.templates.iter().find(|template| template.path == path);
        if let Some(own) = own.filter(|own| !own.text.contains("status_label") && !own.text.contains("builtin/")) {
            let message = format!("`{path}` shows `{item}` without its status");
            report.push(
                Diagnostic::new(Code::StatusNotShown, message)
                    .at(Place::start_of(own), "")
                    .help("show `item.status_label`"),
            );
        }
    }
}
