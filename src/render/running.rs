//! The custom templates that are being rendered. Tera cannot interrupt a template, so a command watches them and ends the program
//! when one takes too long.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::outline::{ReferenceKind, TemplateOutline};
use super::tokens::{TemplateToken, tokens};
use crate::diagnostic::{Code, Diagnostic, Place, Source};
use crate::embedded::TEMPLATES;

/// A template that is being rendered.
#[derive(Debug, Clone)]
pub struct RunningTemplate {
    /// The name of the page's template, such as `index.html`.
    name: String,
    /// The custom templates. The page's template can include each of them.
    own: Arc<Vec<Arc<Source>>>,
}

/// Numbers the renderings, so that a template that is rendered many times is not mistaken for one that takes long.
static NEXT: AtomicU64 = AtomicU64::new(0);

static RUNNING: Mutex<BTreeMap<u64, RunningTemplate>> = Mutex::new(BTreeMap::new());

/// Returns the templates that are being rendered now, each with the number of its rendering.
pub fn running() -> BTreeMap<u64, RunningTemplate> {
    list().clone()
}

fn list() -> MutexGuard<'static, BTreeMap<u64, RunningTemplate>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lists a template for as long as this value exists.
pub(super) struct RunningGuard(u64);

impl RunningGuard {
    pub fn new(name: &str, own: &Arc<Vec<Arc<Source>>>) -> RunningGuard {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        list().insert(number, RunningTemplate { name: name.to_owned(), own: Arc::clone(own) });
        RunningGuard(number)
    }
}

impl Drop for RunningGuard {
    fn drop(&mut self) {
        list().remove(&self.0);
    }
}

impl RunningTemplate {
    /// Whether both belong to the same build.
    pub fn is_of_build_of(&self, other: &RunningTemplate) -> bool {
        Arc::ptr_eq(&self.own, &other.own)
    }

    /// Returns the diagnostic about a template that does not end. `limit` says which limit it exceeds.
    pub fn endless(&self, limit: &str) -> Diagnostic {
        // Only loops repeat: calls of components have a limit.
        let loops: Vec<(&Arc<Source>, Range<usize>)> =
            self.used().into_iter().filter_map(|source| Some((source, first_loop(&source.text)?))).collect();
        let help = "look for nested loops, and for a variable that grows with every repetition";
        let found = Diagnostic::new(Code::TemplateError, format!("`{}` {limit}", self.name));
        match loops.as_slice() {
            [] => found.help(help),
            [(source, range)] => found.at(Place::new(source, range.clone()), "a loop begins here").help(help),
            [first, ..] => {
                // The template of the page itself, or else the first one.
                let (source, range) = loops.iter().find(|(source, _)| source.path == self.path()).unwrap_or(first);
                let all: Vec<String> = loops.iter().map(|(source, _)| format!("`{}`", source.path)).collect();
                let place = Place::new(source, range.clone());
                found.at(place, "a loop begins here").help(format!("{help}, in {}", all.join(", ")))
            }
        }
    }

    fn path(&self) -> String {
        format!("templates/{}", self.name)
    }

    /// Returns the custom templates that the page's template uses, directly and through others.
    fn used(&self) -> Vec<&Arc<Source>> {
        let own = |name: &str| self.own.iter().find(|source| source.path.strip_prefix("templates/") == Some(name));
        let built_in = |name: &str| TEMPLATES.iter().find(|(other, _)| *other == name).map(|(_, text)| *text);
        let mut used = Vec::new();
        let mut seen = BTreeSet::new();
        let mut waiting = vec![self.name.clone()];
        while let Some(name) = waiting.pop() {
            if !seen.insert(name.clone()) {
                continue;
            }
            let text = match own(&name) {
                Some(source) => {
                    used.push(source);
                    source.text.as_str()
                }
                None => match built_in(name.strip_prefix("builtin/").unwrap_or(&name)) {
                    Some(text) => text,
                    None => continue,
                },
            };
            let outline = TemplateOutline::of(text);
            let included = outline.references.into_iter().filter_map(|(kind, named)| match kind {
                ReferenceKind::Template => Some(named.name),
                ReferenceKind::Component => self.defines(&named.name),
                ReferenceKind::Filter | ReferenceKind::Test | ReferenceKind::Function => None,
            });
            let next = included.chain(outline.extends.map(|named| named.name));
            waiting.extend(next);
        }
        used
    }

    /// Returns the custom template that defines a component.
    fn defines(&self, component: &str) -> Option<String> {
        let defines = |source: &&Arc<Source>| TemplateOutline::of(&source.text).components.contains(component);
        Some(self.own.iter().find(defines)?.path.strip_prefix("templates/")?.to_owned())
    }
}

/// Returns the place of the first loop of a template.
fn first_loop(text: &str) -> Option<Range<usize>> {
    let mut is_tag = false;
    tokens(text).find_map(|(token, range)| {
        let found = is_tag && token == TemplateToken::Word("for");
        is_tag = token == TemplateToken::TagStart;
        found.then_some(range)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the path and the line of the loop that the diagnostic points to, and the templates that its help lists.
    fn found(name: &str, own: &[(&str, &str)]) -> (Option<String>, String) {
        let own = own.iter().map(|(name, text)| Source::new(format!("templates/{name}"), *text)).collect();
        let found = RunningTemplate { name: name.to_owned(), own: Arc::new(own) }.endless("takes long");
        let place = found.place().map(|place| format!("{}:{}", place.source.path, place.line_column().0));
        (place, found.help.join(" "))
    }

    #[test]
    fn names_the_template_with_the_loop() {
        const LOOP: &str = "<p>\n{% for a in b %}{% endfor %}";
        // A part that another page uses cannot be the one.
        let own = [("partials/toc.html", LOOP), ("lists/faq.html", LOOP), ("404.html", "{{ page.title }}")];
        assert_eq!(found("index.html", &[own[0]]).0.as_deref(), Some("templates/partials/toc.html:2"));
        assert_eq!(found("404.html", &own).0, None);
        let own = [("404.html", "{% include \"a.html\" %}"), ("a.html", LOOP), ("page.html", LOOP)];
        assert_eq!(found("404.html", &own).0.as_deref(), Some("templates/a.html:2"));
        let own = [
            ("404.html", "{{ <a /> }}"),
            ("a.html", "{% component a() %}\n{% for b in c %}{% endfor %}{% endcomponent %}"),
        ];
        assert_eq!(found("404.html", &own).0.as_deref(), Some("templates/a.html:2"));
        let own = [("404.html", "{% include \"a.html\" %}\n\n{% for a in b %}{% endfor %}"), ("a.html", LOOP)];
        let (place, help) = found("404.html", &own);
        assert_eq!(place.as_deref(), Some("templates/404.html:3"));
        assert!(help.ends_with("in `templates/404.html`, `templates/a.html`"), "{help}");
    }
}
