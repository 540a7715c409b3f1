//! Rules for the pages of the publisher: their addresses.

use super::Subject;
use crate::diagnostic::{Code, Place, Report};
use crate::model::List;
use crate::site::{SitePath, map};

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    for (at, page) in subject.content.disclosure.pages.iter().enumerate() {
        let name = page.id.as_str();
        let found = |message: String| subject.found(Code::PageNameTaken, message, &format!("pages[{at}]"));
        if map::is_page_name_taken(name) {
            let message = format!("a page cannot have the address `/{name}/`, which is reserved");
            report.push(found(message).help("rename the file of the page"));
            continue;
        }
        let list = name.parse().ok().filter(|list: &List| list.has_folder());
        if let Some(list) = list.filter(|list| subject.content.disclosure.count(*list) > 0) {
            let message = format!("a page cannot have the address `/{name}/`, which the {list} have");
            let place = subject.content.places.get(list.name());
            report.push(found(message).at_known(place, "").help("rename the file of the page"));
            continue;
        }
        if SitePath::new(format!("{name}/index.html")).is_none() {
            let message =
                format!("a page cannot have the address `/{name}/`, because Windows reserves the name `{name}`");
            let help = "rename the file of the page, so that the site can be built and hosted on every system";
            report.push(found(message).help(help));
            continue;
        }
        let other = subject.facts.site.files.iter().find(|path| map::is_served_for_page(path, name));
        if let Some(path) = other {
            let message = format!("hosts may serve the file `{path}` instead of the page `/{name}/`");
            let source = format!("root/{path}");
            let source = if subject.facts.files.contains(&source) { &source } else { path };
            let place = Place::file(format!("static/{source}"));
            report.push(found(message).at(place, "this file").help("rename one of them"));
        }
    }
}
