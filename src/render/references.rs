//! Checks what custom templates refer to: filters, tests, functions, components, blocks and other templates.
//!
//! Tera checks most of it too, but it copies the whole template for each problem, so that many problems take quadratic time,
//! and it does not limit how deep templates include each other, so that rendering can exhaust the stack.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use tera::Tera;

use super::outline::{Named, ReferenceKind, TemplateOutline};
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source, Suggestions, closest, nearest};
use crate::embedded::TEMPLATES;

/// How deep templates can include or extend each other, or call components of each other.
const MAX_DEPTH: usize = 16;

/// Reports references of custom templates to missing names, and templates that refer to each other in a cycle or too
/// deeply.
///
/// `templates` are all templates by name. Built-in ones have names that begin with `builtin`; a name without it means the
/// built-in template if there is no custom one. `known` has the functions, filters and tests, and no templates.
pub(super) fn check(templates: &BTreeMap<&str, &Arc<Source>>, builtin: &str, known: Tera) -> Report {
    let outlines: BTreeMap<&str, TemplateOutline> =
        templates.iter().map(|(name, source)| (*name, TemplateOutline::of(&source.text))).collect();
    let mut components: HashMap<&str, &str> = HashMap::new();
    // Custom templates replace built-in components, so they come last.
    let (builtins, own): (Vec<_>, Vec<_>) = outlines.iter().partition(|(name, _)| name.starts_with(builtin));
    for (template, outline) in builtins.into_iter().chain(own) {
        components.extend(outline.components.iter().map(|component| (component.as_str(), *template)));
    }
    let suggestions = Suggestions::new(templates.keys().map(|name| name.strip_prefix(builtin).unwrap_or(name)));
    let mut names = TemplateNames { outlines: &outlines, components, builtin, known, looked_up: HashMap::new() };
    let mut report = Report::new();
    for (template, outline) in outlines.iter().filter(|(name, _)| !name.starts_with(builtin)) {
        let source = templates[template];
        let parent = outline.extends.iter().map(|named| (ReferenceKind::Template, named));
        for (kind, named) in outline.references.iter().map(|(kind, named)| (*kind, named)).chain(parent) {
            if !names.exists(kind, &named.name) {
                report.push(unknown(kind, named, source, &suggestions, builtin));
            }
        }
        let parents = names.parents(outline);
        for block in outline.outer_blocks.iter().filter(|_| !parents.is_empty()) {
            if !parents.iter().any(|parent| parent.blocks.contains(&block.name)) {
                let message = format!("unknown block `{}`", block.name);
                report.push(problem(source, block, message, blocks_of(&parents, &block.name)));
            }
        }
    }
    missing_blocks(templates, &names, &mut report);
    nesting(templates, &names, &mut report);
    report
}

/// Reports blocks that built-in templates replace, and that the custom template which they extend does not have.
fn missing_blocks(templates: &BTreeMap<&str, &Arc<Source>>, names: &TemplateNames<'_>, report: &mut Report) {
    let mut missing: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (_, outline) in names.outlines.iter().filter(|(name, _)| name.starts_with(names.builtin)) {
        let Some(extended) = outline.extends.as_ref().and_then(|named| names.resolved(&named.name)) else { continue };
        if extended.starts_with(names.builtin) {
            continue;
        }
        let parents = names.parents(outline);
        let blocks = outline.outer_blocks.iter().map(|block| block.name.as_str());
        let unknown = blocks.filter(|block| !parents.iter().any(|parent| parent.blocks.contains(*block)));
        missing.entry(extended).or_default().extend(unknown);
    }
    for (name, blocks) in missing.iter().filter(|(_, blocks)| !blocks.is_empty()) {
        let list = |text: fn(&str) -> String| blocks.iter().map(|block| text(block)).collect::<Vec<_>>().join(", ");
        let (noun, list_of) = (if blocks.len() == 1 { "block" } else { "blocks" }, list(|block| format!("`{block}`")));
        let message = format!("`{name}` does not have the {noun} {list_of}, which built-in pages fill");
        let tags = list(|block| format!("`{{% block {block} %}}{{% endblock %}}`"));
        let help = format!("add {tags}, or begin with `{{% extends \"{}{name}\" %}}`", names.builtin);
        let place = Place::start_of(templates[name]);
        report.push(Diagnostic::new(Code::TemplateError, message).at(place, "").help(help));
    }
}

/// Reports custom templates that replace no built-in one, and that none of the templates in use refers to.
pub(super) fn unused(templates: &BTreeMap<&str, &Arc<Source>>, builtin: &str) -> Report {
    let mut report = Report::new();
    let replaces = |name: &str| templates.contains_key(format!("{builtin}{name}").as_str());
    if templates.keys().all(|name| name.starts_with(builtin) || replaces(name)) {
        return report;
    }
    let outlines: BTreeMap<&str, TemplateOutline> =
        templates.iter().map(|(name, source)| (*name, TemplateOutline::of(&source.text))).collect();
    let defined: HashMap<&str, &str> = outlines
        .iter()
        .flat_map(|(name, outline)| outline.components.iter().map(|component| (component.as_str(), *name)))
        .collect();
    let resolved = |name: &str| {
        let find = |name: &str| outlines.get_key_value(name).map(|(name, _)| *name);
        find(name).or_else(|| find(&format!("{builtin}{name}")))
    };
    let mut used: HashSet<&str> = HashSet::new();
    let mut waiting: Vec<&str> =
        templates.keys().copied().filter(|name| name.starts_with(builtin) || replaces(name)).collect();
    while let Some(name) = waiting.pop() {
        if !used.insert(name) {
            continue;
        }
        let outline = &outlines[name];
        let parent = outline.extends.iter().map(|named| (ReferenceKind::Template, named));
        let references = outline.references.iter().map(|(kind, named)| (*kind, named)).chain(parent);
        waiting.extend(references.filter_map(|(kind, named)| match kind {
            ReferenceKind::Template => resolved(&named.name),
            ReferenceKind::Component => defined.get(named.name.as_str()).copied(),
            _ => None,
        }));
    }
    let suggestions = Suggestions::new(templates.keys().filter_map(|name| name.strip_prefix(builtin)));
    for (name, source) in templates.iter().filter(|(name, _)| !name.starts_with(builtin) && !used.contains(**name)) {
        let help = match suggestions.nearest(name) {
            Some(near) => format!("did you mean `templates/{near}`?"),
            None => "include it in another template, or delete it".to_owned(),
        };
        let message = format!("no page uses the template `{}`", source.path);
        report.push(Diagnostic::new(Code::TemplateUnused, message).at(Place::start_of(source), "").help(help));
    }
    report
}

/// The filters, tests and functions that templates can use: Tera's own, and those that `theme` registers. Tera does not list them.
const FILTERS: &[&str] = &[
    "abs",
    "capitalize",
    "default",
    "encode",
    "escape_html",
    "escape_xml",
    "first",
    "float",
    "get",
    "group_by",
    "indent",
    "int",
    "join",
    "keys",
    "label",
    "last",
    "length",
    "lower",
    "newlines_to_br",
    "nth",
    "pairs",
    "pluralize",
    "replace",
    "reverse",
    "round",
    "safe",
    "sort",
    "split",
    "str",
    "title",
    "trim",
    "trim_end",
    "trim_start",
    "truncate",
    "unique",
    "upper",
    "values",
    "wordcount",
];
const TESTS: &[&str] = &[
    "array",
    "bool",
    "containing",
    "defined",
    "divisible_by",
    "ending_with",
    "even",
    "float",
    "integer",
    "iterable",
    "map",
    "none",
    "number",
    "odd",
    "starting_with",
    "string",
    "undefined",
];
const FUNCTIONS: &[&str] = &["asset", "range", "t", "throw"];

/// Suggests a block of the templates that a template extends, or lists all.
fn blocks_of(parents: &[&TemplateOutline], name: &str) -> String {
    let names: BTreeSet<&str> = parents.iter().flat_map(|parent| &parent.blocks).map(String::as_str).collect();
    known_names(name, "blocks", &names.into_iter().collect::<Vec<_>>())
}

/// Suggests a name, or lists all.
fn known_names(name: &str, what: &str, names: &[&str]) -> String {
    match nearest(name, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("use one of the {what}: {}", names.join(", ")),
    }
}

/// Reports a name that does not exist.
fn unknown(
    kind: ReferenceKind,
    named: &Named,
    source: &Arc<Source>,
    templates: &Suggestions<'_>,
    builtin: &str,
) -> Diagnostic {
    let help = match kind {
        ReferenceKind::Template => {
            let (prefix, name) = named.name.strip_prefix(builtin).map_or(("", &*named.name), |name| (builtin, name));
            let built_in = || TEMPLATES.iter().filter_map(|(name, _)| name.strip_suffix(".html"));
            let stem = name.strip_suffix(".html").unwrap_or(name);
            // A path without its folder.
            let moved =
                built_in().find(|other| other.rsplit('/').next() == Some(stem)).map(|other| format!("{other}.html"));
            let near = match prefix {
                "" => templates.nearest(name).map(str::to_owned),
                _ => nearest(stem, built_in()).map(|other| format!("{other}.html")),
            };
            let list = |names: Vec<&str>| {
                names.iter().map(|name| format!("`{prefix}{name}.html`")).collect::<Vec<_>>().join(", ")
            };
            match moved.or(near) {
                Some(near) => format!("did you mean `{prefix}{near}`?"),
                None if prefix.is_empty() => {
                    let pages = list(built_in().filter(|name| !name.contains('/')).collect());
                    format!("use the path of a template below templates/, or a built-in one, such as {pages}")
                }
                None => format!("use the name of a built-in template, such as {}", list(closest(stem, built_in()))),
            }
        }
        ReferenceKind::Filter => known_names(&named.name, "filters", FILTERS),
        ReferenceKind::Test => known_names(&named.name, "tests", TESTS),
        ReferenceKind::Function => known_names(&named.name, "functions", FUNCTIONS),
        ReferenceKind::Component => "define it with `{% component NAME() %}` in a template".to_owned(),
    };
    problem(source, named, format!("unknown {} `{}`", kind.as_str(), named.name.escape_debug()), help)
}

/// Reports templates that refer to each other in a cycle or too deeply. Tera limits only components, and every level takes stack.
fn nesting<'a>(templates: &BTreeMap<&str, &Arc<Source>>, names: &TemplateNames<'a>, report: &mut Report) {
    let used: BTreeMap<&str, Vec<(&str, &Named)>> = names
        .outlines
        .iter()
        .map(|(name, outline)| {
            let parent = outline.extends.iter().map(|named| (ReferenceKind::Template, named));
            let references = outline.references.iter().map(|(kind, named)| (*kind, named));
            let uses = references.chain(parent).filter_map(|(kind, named)| match kind {
                ReferenceKind::Template => Some((names.resolved(&named.name)?, named)),
                // A component of the same template may call itself.
                ReferenceKind::Component => {
                    let file = *names.components.get(named.name.as_str())?;
                    (file != *name).then_some((file, named))
                }
                _ => None,
            });
            (*name, uses.collect())
        })
        .collect();
    let mut users: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut waiting: BTreeMap<&str, usize> = used.iter().map(|(name, used)| (*name, used.len())).collect();
    for (name, used) in &used {
        for (used, _) in used {
            users.entry(used).or_default().push(name);
        }
    }
    // Templates whose depth is known, beginning with those that use no other. A template in a cycle never becomes one.
    let mut depths: HashMap<&str, usize> = HashMap::new();
    let mut ready: Vec<&str> = waiting.iter().filter(|(_, used)| **used == 0).map(|(name, _)| *name).collect();
    while let Some(name) = ready.pop() {
        let depth = used[name].iter().map(|(used, _)| depths[used] + 1).max().unwrap_or(0);
        depths.insert(name, depth);
        for user in users.remove(name).unwrap_or_default() {
            let left = waiting.entry(user).or_default();
            *left -= 1;
            if *left == 0 {
                ready.push(user);
            }
        }
    }
    for (name, used) in &used {
        let deepest = used.iter().find(|(used, _)| depths.get(used) == Some(&MAX_DEPTH));
        if let Some((_, named)) = deepest.filter(|_| depths.get(name) == Some(&(MAX_DEPTH + 1))) {
            let message = format!("templates are nested more than {MAX_DEPTH} levels deep");
            report.push(problem(
                templates[name],
                named,
                message,
                "remove this tag, or a tag in a template that it refers to",
            ));
        }
    }
    if let Some(circle) = circle(&used, &depths) {
        let (name, named) = circle;
        let message = format!("`{}` leads back to this template", named.name.escape_debug());
        report.push(problem(templates[name], named, message, "remove this tag, or the tag that refers back"));
    }
}

/// Returns a template that is part of a cycle, and the tag that continues it.
fn circle<'a>(
    used: &BTreeMap<&'a str, Vec<(&'a str, &'a Named)>>,
    depths: &HashMap<&str, usize>,
) -> Option<(&'a str, &'a Named)> {
    let mut name = *used.keys().find(|name| !depths.contains_key(**name))?;
    let mut passed = HashSet::new();
    loop {
        let (next, named) = used[name].iter().find(|(used, _)| !depths.contains_key(used))?;
        if !passed.insert(name) {
            return Some((name, named));
        }
        name = next;
    }
}

fn problem(source: &Arc<Source>, named: &Named, message: String, help: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::TemplateError, message).at(Place::new(source, named.range.clone()), "").help(help)
}

/// The existing names.
struct TemplateNames<'a> {
    outlines: &'a BTreeMap<&'a str, TemplateOutline>,
    /// The components, and the template that defines each.
    components: HashMap<&'a str, &'a str>,
    builtin: &'a str,
    known: Tera,
    /// The filters, tests and functions that have been looked up, and whether they exist.
    looked_up: HashMap<(ReferenceKind, String), bool>,
}

impl<'a> TemplateNames<'a> {
    /// Whether a name exists.
    fn exists(&mut self, kind: ReferenceKind, name: &str) -> bool {
        let template = match kind {
            ReferenceKind::Component => return self.components.contains_key(name),
            ReferenceKind::Template => return self.resolved(name).is_some(),
            ReferenceKind::Filter => format!("{{{{ a | {name} }}}}"),
            ReferenceKind::Test => format!("{{{{ a is {name} }}}}"),
            ReferenceKind::Function => format!("{{{{ {name}() }}}}"),
        };
        // Tera does not list its filters, tests and functions, but it rejects a template that uses an unknown one.
        let known = &mut self.known;
        let looked_up = self.looked_up.entry((kind, name.to_owned()));
        *looked_up.or_insert_with(|| known.add_raw_template("a", &template).is_ok())
    }

    /// Returns the full name of the template that a name means.
    fn resolved(&self, name: &str) -> Option<&'a str> {
        let find = |name: &str| self.outlines.get_key_value(name).map(|(name, _)| *name);
        find(name).or_else(|| find(&format!("{}{name}", self.builtin)))
    }

    /// Returns the templates that a template extends, directly and indirectly, up to the limit.
    fn parents(&self, outline: &TemplateOutline) -> Vec<&'a TemplateOutline> {
        let parent = |outline: &TemplateOutline| self.outlines.get(self.resolved(&outline.extends.as_ref()?.name)?);
        std::iter::successors(parent(outline), |outline| parent(outline)).take(MAX_DEPTH).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the problems of custom templates, each with its place, with the functions of Tera and the function `t`.
    fn problems(own: &[(&str, &str)]) -> Vec<String> {
        let mut known = Tera::default();
        known.register_function("t", |_: tera::Kwargs, _: &tera::State| String::new());
        known.register_filter("label", |value: &str, _: tera::Kwargs, _: &tera::State| value.to_owned());
        let builtin = TEMPLATES.iter().map(|(name, text)| (format!("builtin/{name}"), Source::new(*name, *text)));
        let own = own.iter().map(|(name, text)| ((*name).to_owned(), Source::new(*name, *text)));
        let sources: BTreeMap<String, Arc<Source>> = builtin.chain(own).collect();
        let templates = sources.iter().map(|(name, source)| (name.as_str(), source));
        let report = check(&templates.filter(|(name, _)| name.ends_with(".html")).collect(), "builtin/", known);
        let line = |diagnostic: &Diagnostic| {
            let place = diagnostic.place().expect("a place");
            let (line, column) = place.line_column();
            format!("{}:{line}:{column} {}", place.source.path, diagnostic.message)
        };
        report.diagnostics().iter().map(line).collect()
    }

    #[test]
    fn reports_every_unknown_name_with_its_place() {
        for (text, expected) in [
            ("{{ a | nope }}", "a.html:1:8 unknown filter `nope`"),
            ("{{ a\n|nope(b=1) }}", "a.html:2:2 unknown filter `nope`"),
            ("{% filter nope %}{% endfilter %}", "a.html:1:11 unknown filter `nope`"),
            ("{% filter upper | nope %}{% endfilter %}", "a.html:1:19 unknown filter `nope`"),
            ("{% set a | nope %}{% endset %}", "a.html:1:12 unknown filter `nope`"),
            ("{% if a is nope %}{% endif %}", "a.html:1:12 unknown test `nope`"),
            ("{% if a is not nope(b=1) %}{% endif %}", "a.html:1:16 unknown test `nope`"),
            ("{% if 1 is nope and 'b' is defined %}{% endif %}", "a.html:1:12 unknown test `nope`"),
            ("{{ nope() }}", "a.html:1:4 unknown function `nope`"),
            ("{% if not nope(a=b) %}{% endif %}", "a.html:1:11 unknown function `nope`"),
            ("{{ a < nope() }}", "a.html:1:8 unknown function `nope`"),
            ("{{ {\"a\": [nope()]} }}", "a.html:1:11 unknown function `nope`"),
            ("{{ {...nope()} }}", "a.html:1:8 unknown function `nope`"),
            ("{% for a in nope() %}{% endfor %}", "a.html:1:13 unknown function `nope`"),
            ("{{ <nope.a b={c} /> }}", "a.html:1:5 unknown component `nope.a`"),
            ("{% <nope> %}{% </nope> %}", "a.html:1:5 unknown component `nope`"),
            ("{{ 'a' ~ <nope /> }}", "a.html:1:11 unknown component `nope`"),
            ("{% include \"nope.html\" %}", "a.html:1:12 unknown template `nope.html`"),
            ("{%- include 'builtin/nope.html' -%}", "a.html:1:13 unknown template `builtin/nope.html`"),
            ("{% extends \"404.html\" %}{% block nope %}{% endblock %}", "a.html:1:34 unknown block `nope`"),
            ("{% component a() %}{{ nope() }}{% endcomponent %}", "a.html:1:23 unknown function `nope`"),
        ] {
            assert_eq!(problems(&[("a.html", text)]), [expected], "{text}");
            let mut alone = Tera::default();
            let files = TEMPLATES.iter().filter(|(name, _)| name.ends_with(".html"));
            alone.register_function("t", |_: tera::Kwargs, _: &tera::State| String::new());
            alone.register_filter("label", |value: &str, _: tera::Kwargs, _: &tera::State| value.to_owned());
            alone.register_filter("encode", |value: &str, _: tera::Kwargs, _: &tera::State| value.to_owned());
            alone.set_fallback_prefixes(["builtin/"]).expect("a prefix");
            let builtin: Vec<_> = files.map(|(name, text)| (format!("builtin/{name}"), *text)).collect();
            alone.add_raw_templates(builtin).expect("the built-in templates");
            assert!(alone.add_raw_template("a.html", text).is_err(), "Tera accepts {text}");
        }
    }

    #[test]
    fn suggests_the_nearest_built_in_templates() {
        let known = TEMPLATES.iter().map(|(name, _)| *name);
        for (name, expected) in [
            ("builtin/bse.html", "did you mean `builtin/base.html`?"),
            ("builtin/faq.html", "did you mean `builtin/lists/faq.html`?"),
            ("toc.html", "did you mean `partials/toc.html`?"),
            // No page that is built in has this name.
            ("builtin/our-own.html", "use the name of a built-in template, such as `builtin/"),
        ] {
            let named = Named { name: name.to_owned(), range: 0..1 };
            let templates = Suggestions::new(known.clone().chain(["our-own.html"]));
            let found = unknown(ReferenceKind::Template, &named, &Source::new("a.html", "-"), &templates, "builtin/");
            assert!(found.help.iter().any(|help| help.to_string().starts_with(expected)), "{name}: {found:?}");
        }
    }

    #[test]
    fn lists_exactly_the_names_that_exist() {
        let mut known = Tera::default();
        known.register_function("t", |_: tera::Kwargs, _: &tera::State| String::new());
        known.register_function("asset", |_: tera::Kwargs, _: &tera::State| String::new());
        for filter in ["label", "encode"] {
            known.register_filter(filter, |value: &str, _: tera::Kwargs, _: &tera::State| value.to_owned());
        }
        let outlines = BTreeMap::new();
        let mut names = TemplateNames {
            outlines: &outlines,
            components: HashMap::new(),
            builtin: "builtin/",
            known,
            looked_up: HashMap::new(),
        };
        for (kind, all) in
            [(ReferenceKind::Filter, FILTERS), (ReferenceKind::Test, TESTS), (ReferenceKind::Function, FUNCTIONS)]
        {
            assert!(all.is_sorted(), "{kind:?}");
            for name in all {
                assert!(names.exists(kind, name), "{kind:?} {name}");
            }
        }
    }

    #[test]
    fn accepts_what_exists() {
        for text in [
            "{{ a.nope | upper }}{{ a?.nope }}{{ a[nope] }}{{ t(key=\"a\") }}{{ range(end=3) }}",
            "{% if a is defined and b is not defined or (c) and not (d) %}{% elif (e) %}{% endif %}",
            "{{ (a) if (b) else (c) }}{{ a < b }}{{ a <b }}{{ (a) <b }}",
            "{% for a in (b) %}{{ loop.index }}{% else %}{% endfor %}",
            "{% component x.y(a: string = \"b\") %}{{ a }}{% endcomponent %}{{ <x.y a=\"nope()\" /> }}",
            "{# {{ nope() }} #}{% raw %}{{ nope() }}{% endraw %} nope() | nope",
            "{{ \"nope() | nope\" }}{% set a = 'a is nope' %}",
            "{% include \"404.html\" %}{% include \"builtin/404.html\" %}{% include 'lists\\/faq.html' %}",
            "{% extends \"404.html\" %}{% block content %}{% block nope %}{% endblock %}{{ super() }}{% endblock %}",
            "{% block nope %}{% endblock nope %}",
        ] {
            assert_eq!(problems(&[("a.html", text)]), Vec::<String>::new(), "{text}");
        }
        // The custom templates can be copies of the built-in ones.
        let copies: Vec<_> = TEMPLATES.iter().filter(|(name, _)| name.ends_with(".html")).copied().collect();
        let copies: Vec<_> = problems(&copies).into_iter().filter(|problem| !problem.contains("`encode`")).collect();
        assert_eq!(copies, Vec::<String>::new());
    }

    #[test]
    fn templates_can_include_each_other_up_to_a_depth() {
        let chain = |length: usize, tag: &str| -> Vec<(String, String)> {
            let next =
                |at: usize| if at == length { String::new() } else { format!("{{% {tag} \"t{}.html\" %}}", at + 1) };
            (0..=length).map(|at| (format!("t{at}.html"), next(at))).collect()
        };
        for tag in ["include", "extends"] {
            for length in [MAX_DEPTH, MAX_DEPTH + 1, 900] {
                let files = chain(length, tag);
                let files: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
                let at = length.saturating_sub(MAX_DEPTH + 1);
                let deep = "templates are nested more than 16 levels deep";
                let expected: Vec<String> =
                    (length > MAX_DEPTH).then(|| format!("t{at}.html:1:12 {deep}")).into_iter().collect();
                assert_eq!(problems(&files), expected, "{tag} {length}");
            }
        }
    }

    #[test]
    fn templates_cannot_include_each_other_in_a_circle() {
        for (a, b) in [("include", "include"), ("include", "extends"), ("extends", "include"), ("extends", "extends")] {
            let files = [("a.html", format!("{{% {a} \"b.html\" %}}")), ("b.html", format!("{{% {b} \"a.html\" %}}"))];
            let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
            assert_eq!(problems(&files), ["a.html:1:12 `b.html` leads back to this template"], "{a} {b}");
        }
        let component =
            [("a.html", "{{ <b /> }}"), ("b.html", "{% component b() %}{% include \"a.html\" %}{% endcomponent %}")];
        assert_eq!(problems(&component), ["a.html:1:5 `b` leads back to this template"]);
        let recursive = "{% component b() %}{% if c %}{{ <b /> }}{% endif %}{% endcomponent %}";
        assert_eq!(problems(&[("a.html", "{{ <b /> }}"), ("b.html", recursive)]), Vec::<String>::new());
        let itself = problems(&[("404.html", "{% include \"404.html\" %}")]);
        assert_eq!(itself, ["404.html:1:12 `404.html` leads back to this template"]);
        let builtin = problems(&[("404.html", "{% extends \"builtin/404.html\" %}")]);
        assert_eq!(builtin, Vec::<String>::new());
    }
}
