//! Links within the site, files of `static/`, and references between lists.

use std::collections::BTreeSet;

use super::Subject;
use crate::diagnostic::{Code, Diagnostic, Report, nearest};
use crate::markdown::Target;
use crate::model::{Evidence, Id};
use crate::site::map;

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    if !subject.facts.complete {
        return;
    }
    // A file has its path in the site, and the one in `static/` that is rewritten to it.
    let mut paths = subject.facts.site.linkable();
    paths.extend(subject.facts.files.iter().cloned());
    let anchors = super::anchors::of(subject);
    prose(subject, &paths, &anchors, report);
    files(subject, report);
    documents(subject, report);
}

fn prose(subject: &Subject<'_>, paths: &BTreeSet<String>, anchors: &BTreeSet<String>, report: &mut Report) {
    let subprocessors: BTreeSet<String> =
        subject.content.disclosure.subprocessors.iter().map(|s| s.id.to_string()).collect();
    for prose in &subject.prose {
        for link in &prose.rendered.links {
            let found = match &link.target {
                Target::Site { path, .. } if link.image && !subject.facts.files.contains(path) => {
                    Some(missing(Code::FileNotFound, "image", path, &subject.facts.files))
                }
                Target::Site { path, .. } if !paths.contains(map::linked(path)) && !paths.contains(path) => {
                    Some(missing(Code::BrokenLink, "page or file", path, paths))
                }
                Target::Site { path, suffix } => match (map::linked(path), fragment(suffix)) {
                    ("", Some(anchor)) => unknown_anchor(anchor, anchors),
                    ("subprocessors/", Some(anchor)) => unknown_anchor(anchor, &subprocessors),
                    _ => None,
                },
                Target::Anchor(anchor) => unknown_anchor(anchor, anchors),
                Target::Web(_) | Target::Mail { .. } | Target::Phone(_) => None,
            };
            if let Some((code, message, help)) = found {
                report.push(subject.found_in(code, message, prose, &link.range).help(help));
            }
        }
    }
}

type Found = (Code, String, String);

fn missing(code: Code, what: &str, path: &str, known: &BTreeSet<String>) -> Found {
    let help = match nearest(path, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "paths start at the site's root; put files into static/".to_owned(),
    };
    (code, format!("there is no {what} `{path}` in the site"), help)
}

fn unknown_anchor(anchor: &str, known: &BTreeSet<String>) -> Option<Found> {
    if anchor.is_empty() || known.contains(anchor) {
        return None;
    }
    let help = match nearest(anchor, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `#{near}`?"),
        None => "write the id of a section or of an item, or a heading of this text in kebab-case".to_owned(),
    };
    Some((Code::BrokenAnchor, format!("there is no anchor `#{anchor}` on the page"), help))
}

/// The anchor of `?query#anchor`; none where it is escaped, so that nothing is reported by mistake.
fn fragment(suffix: &str) -> Option<&str> {
    suffix.split_once('#').map(|(_, anchor)| anchor).filter(|anchor| !anchor.contains('%'))
}

fn files(subject: &Subject<'_>, report: &mut Report) {
    let mut need = |path: &str, at: &str| {
        if !subject.facts.files.contains(path) {
            let help = match nearest(path, subject.facts.files.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("put the file at static/{path}"),
            };
            let message = format!("there is no file `static/{path}`");
            report.push(subject.found(Code::FileNotFound, message, at).help(help));
        }
    };
    if let Some(logo) = &subject.content.settings.theme.logo {
        need(logo, "site.theme.logo");
    }
    for (at, document) in subject.content.disclosure.documents.iter().enumerate() {
        if let Some(file) = &document.file {
            need(file, &format!("documents[{at}].file"));
        }
    }
}

fn documents(subject: &Subject<'_>, report: &mut Report) {
    let disclosure = &subject.content.disclosure;
    let unknown = |id: &Id, at: &str| -> Option<Diagnostic> {
        if disclosure.documents.iter().any(|document| document.id == *id) {
            return None;
        }
        let known = disclosure.documents.iter().map(|document| document.id.as_str());
        let help = match nearest(id.as_str(), known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "add it to content/data/documents.yaml, or remove the reference".to_owned(),
        };
        Some(subject.found(Code::UnknownDocument, format!("there is no document with the id `{id}`"), at).help(help))
    };
    for (at, item) in disclosure.certifications.iter().enumerate() {
        let found = item.document.as_ref().and_then(|id| unknown(id, &format!("certifications[{at}].document")));
        found.into_iter().for_each(|found| report.push(found));
    }
    for (at, item) in disclosure.controls.iter().enumerate() {
        if let Some(Evidence::Document(id)) = &item.evidence {
            unknown(id, &format!("controls[{at}].evidence")).into_iter().for_each(|found| report.push(found));
        }
    }
}
