//! The theme: built-in and custom templates, compiled by Tera.
//!
//! A custom template overrides the built-in one of the same name, and can extend or include it as `builtin/NAME`: built-in
//! templates are loaded under that prefix, and names are looked up without it first.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use tera::{Context, ErrorKind, Kwargs, State, Tera, TeraResult, Value};

use super::running::RunningGuard;
use super::{fields, references};
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source, nearest};
use crate::embedded::TEMPLATES;
use crate::model::Digest;
use crate::text::percent;
use crate::wording::Catalog;
use crate::wording::catalog::fill;

/// The prefix of the built-in templates.
const BUILTIN: &str = "builtin/";

/// Templates and string catalogs by name.
type Sources = BTreeMap<String, Arc<Source>>;

/// The compiled built-in theme. It does not depend on a project, so it can be compiled while one is loaded, and reused.
#[derive(Clone)]
pub struct Builtin {
    tera: Tera,
    strings: Arc<Catalog>,
    sources: Sources,
}

/// Compiled templates with their UI strings.
pub struct Theme {
    tera: Tera,
    strings: Arc<Catalog>,
    sources: Sources,
    /// The custom templates.
    own: Arc<Vec<Arc<Source>>>,
    digest: Digest,
}

impl Builtin {
    /// Compiles the built-in templates.
    ///
    /// # Errors
    /// Returns a diagnostic for each template that does not compile.
    pub fn new() -> Result<Builtin, Report> {
        let strings = Catalog::english();
        let mut sources = Sources::new();
        for (path, text) in TEMPLATES {
            sources.insert(format!("{BUILTIN}{path}"), Source::new(format!("builtin/{path}"), *text));
        }
        let mut tera = Tera::default();
        register(&mut tera, &strings);
        tera.set_fallback_prefixes([BUILTIN]).map_err(|error| failure(&error, &sources))?;
        let texts = sources.iter().filter(|(name, _)| is_template(name));
        tera.add_raw_templates(texts.map(|(name, source)| (name.as_str(), source.text.as_str())))
            .map_err(|error| failure(&error, &sources))?;
        Ok(Builtin { tera, strings, sources })
    }

    /// Adds custom templates (with names relative to `templates/`) and the strings of a catalog.
    ///
    /// # Errors
    /// Returns a diagnostic for each template that does not compile, with its place.
    pub fn with(self, own: &[(String, Arc<Source>)], catalog: &Arc<Catalog>) -> Result<Theme, Report> {
        let Builtin { mut tera, mut strings, mut sources } = self;
        if strings != *catalog {
            strings = Arc::clone(catalog);
            // Templates look up functions when they are rendered, so these replace the English ones.
            register(&mut tera, &strings);
        }
        sources.extend(own.iter().cloned());
        if !own.is_empty() {
            add(&mut tera, own, &sources, &strings)?;
        }
        let mut everything = strings.group(strings.keys()).to_string();
        for (name, source) in sources.iter().filter(|(name, _)| is_template(name)) {
            everything.push_str(&format!("{name}\0{}\0{}", source.text.len(), source.text));
        }
        let own = own.iter().filter(|(name, _)| is_template(name)).map(|(_, source)| Arc::clone(source)).collect();
        Ok(Theme { tera, strings, digest: Digest::of(everything.as_bytes()), sources, own: Arc::new(own) })
    }
}

/// Whether a file in `templates/` is a template. Others are string catalogs.
fn is_template(name: &str) -> bool {
    name.ends_with(".html")
}

/// Adds custom templates to a compiled theme.
fn add(
    tera: &mut Tera,
    own: &[(String, Arc<Source>)],
    sources: &Sources,
    strings: &Arc<Catalog>,
) -> Result<(), Report> {
    let own: Vec<_> = own.iter().filter(|(name, _)| is_template(name)).collect();
    let syntax = || own.iter().filter_map(|(name, source)| syntax_error(name, source, sources)).collect::<Vec<_>>();
    let templates = sources.iter().filter(|(name, _)| is_template(name));
    let templates = templates.map(|(name, source)| (name.as_str(), source)).collect();
    let mut functions = Tera::default();
    register(&mut functions, strings);
    let mut report = references::check(&templates, BUILTIN, functions);
    if report.is_empty() {
        let texts = own.iter().map(|(name, source)| (name.as_str(), source.text.as_str()));
        let Err(error) = tera.add_raw_templates(texts) else { return Ok(()) };
        report.push(failure(&error, sources));
    }
    // Other problems of a template that cannot be parsed may be consequences of that.
    let syntax = syntax();
    if syntax.is_empty() {
        return Err(report);
    }
    let mut report = Report::new();
    syntax.into_iter().for_each(|diagnostic| report.push(diagnostic));
    Err(report)
}

/// Parses a template without looking up what it refers to.
fn syntax_error(name: &str, source: &Source, sources: &Sources) -> Option<Diagnostic> {
    // Tera parses all templates before it looks at the first one in order, and rejects it because it extends itself.
    const CIRCULAR: (&str, &str) = ("", "{% extends \"\" %}");
    let error = Tera::default().add_raw_templates([(name, source.text.as_str()), CIRCULAR]).err()?;
    matches!(error.kind(), ErrorKind::SyntaxError(_)).then(|| failure(&error, sources))
}

impl Theme {
    /// Compiles the built-in theme with custom templates: see [`Builtin::with`].
    ///
    /// # Errors
    /// Returns a diagnostic for each template that does not compile, with its place.
    pub fn new(own: &[(String, Arc<Source>)], strings: &Arc<Catalog>) -> Result<Theme, Report> {
        Builtin::new()?.with(own, strings)
    }

    /// Checks the names in all custom templates. Commands that render only some templates leave this out: what is wrong in another
    /// one must not stop them.
    ///
    /// # Errors
    /// Returns a diagnostic for each unknown variable, field and string key, with its place.
    pub fn with_known_names(self) -> Result<Theme, Report> {
        if self.own.is_empty() {
            return Ok(self);
        }
        let templates = self.sources.iter().filter(|(name, _)| is_template(name));
        let templates = templates.map(|(name, source)| (name.as_str(), source)).collect();
        let unknown = fields::check(&templates, BUILTIN, &self.strings, |name| !name.starts_with(BUILTIN));
        if unknown.is_empty() { Ok(self) } else { Err(unknown) }
    }

    /// The UI strings.
    pub fn strings(&self) -> &Arc<Catalog> {
        &self.strings
    }

    /// Whether a custom template overrides the built-in one of this name.
    pub fn overrides(&self, template: &str) -> bool {
        self.sources.contains_key(template)
    }

    /// The digest of all templates and strings.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Returns warnings about custom templates that no page uses: they replace no built-in one, and none of those in use refers
    /// to them.
    pub fn unused(&self) -> Report {
        let templates = self.sources.iter().filter(|(name, _)| is_template(name));
        references::unused(&templates.map(|(name, source)| (name.as_str(), source)).collect(), BUILTIN)
    }

    /// Defines which files of `static/` templates can refer to with `asset`, each with its path in the site.
    pub fn use_files(&mut self, files: impl Iterator<Item = (String, String)>) {
        let files: BTreeMap<String, String> = files.collect();
        self.tera.register_function("asset", move |kwargs: Kwargs, state: &State| -> TeraResult<String> {
            let path: &str = kwargs.must_get("path")?;
            let Some(published) = files.get(path) else {
                let help = missing_file(path, &files);
                return Err(tera::Error::message(format!("there is no file `static/{path}`\n{help}")));
            };
            let page: Option<Value> = state.get("page")?;
            let root = page.as_ref().and_then(|page| page.get_from_path("root")).and_then(Value::as_str);
            Ok(format!("{}{published}", root.unwrap_or_default()))
        });
    }

    /// Adds a global variable for all templates.
    pub fn share(&mut self, name: &'static str, value: &impl serde::Serialize) {
        self.tera.global_context().insert(name, value);
    }

    /// Renders a template.
    ///
    /// # Errors
    /// Returns a diagnostic with its place in the template.
    pub fn render(&self, template: &str, context: &Context) -> Result<String, Report> {
        let mut page = BoundedPage::default();
        NUMBERS_LEFT.set(MOST_NUMBERS);
        let _running = (!self.own.is_empty()).then(|| RunningGuard::new(template, &self.own));
        match self.tera.render_to(template, context, &mut page) {
            Ok(()) => {
                String::from_utf8(page.bytes).map_err(|_| self.at_start(template, "the page is not UTF-8").into())
            }
            Err(_) if page.is_full => {
                let limit = LARGEST_PAGE / (1024 * 1024);
                Err(self.at_start(template, &format!("`{template}` writes more than {limit} MiB")).into())
            }
            Err(error) => {
                let mut found = failure(&error, &self.sources);
                if found.message.contains("recursion depth") {
                    found = self.at_start(template, "components call each other without end");
                    found.help = vec!["end the calls with an `{% if %}` in a component".to_owned()];
                } else if found.message.ends_with(NOT_DEFINED) {
                    found.help = vec![format!("use one of the variables: {}", variables(context).join(", "))];
                }
                Err(found.into())
            }
        }
    }

    /// Creates a diagnostic about a whole template.
    fn at_start(&self, template: &str, message: &str) -> Diagnostic {
        let place = self.sources.get(template).map(Place::start_of);
        Diagnostic::new(Code::TemplateError, message).at_known(place, "").help("look for a loop that repeats too often")
    }
}

/// Returns the help for a path that is not one of the files of `static/`.
fn missing_file(path: &str, files: &BTreeMap<String, String>) -> String {
    let below = path.trim_start_matches("./").trim_start_matches('/');
    let below = below.strip_prefix("static/").unwrap_or(below);
    if below != path && files.contains_key(below) {
        return format!("write the path below static/: `{below}`");
    }
    match nearest(path, files.keys().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if path.split('/').any(|part| part == "..") => {
            "copy the file into static/: templates can refer only to files there".to_owned()
        }
        None => format!("put the file at static/{below}"),
    }
}

/// The maximum size of what a template writes, in bytes: many times the size of the largest page.
const LARGEST_PAGE: usize = 64 * 1024 * 1024;

/// The maximum number of numbers that `range` gives while a template is rendered: more than any page needs, and few enough to
/// finish soon.
const MOST_NUMBERS: i128 = 1_000_000;

thread_local! {
    /// The numbers that `range` can still give. A template is rendered on one thread.
    static NUMBERS_LEFT: std::cell::Cell<i128> = const { std::cell::Cell::new(MOST_NUMBERS) };
}

/// Tera's function `range`, with a limit for all calls of a template together: nested loops would run for hours.
fn range(kwargs: Kwargs, _: &State) -> TeraResult<Vec<i128>> {
    let start = kwargs.get::<i128>("start")?.unwrap_or_default();
    let end = kwargs.must_get::<i128>("end")?;
    let step = kwargs.get::<i128>("step_by")?.unwrap_or(1);
    let span = if step > 0 { end.checked_sub(start) } else { start.checked_sub(end) };
    let count = match (span, step.checked_abs()) {
        (Some(span), Some(step)) if step > 0 => (span.max(0) + step - 1) / step,
        _ => {
            return Err(tera::Error::message(
                "`range` has invalid arguments\nuse small numbers, and a step that is not 0",
            ));
        }
    };
    let left = NUMBERS_LEFT.get() - count;
    if left < 0 {
        let message = format!(
            "`range` gives more than {MOST_NUMBERS} numbers on one page\nuse a smaller range, or fewer nested loops"
        );
        return Err(tera::Error::message(message));
    }
    NUMBERS_LEFT.set(left);
    Ok((0..count).map(|at| start + at * step).collect())
}

/// Returns the names of the variables of a template.
fn variables(context: &Context) -> Vec<String> {
    // Tera lists them only in the message about one that does not exist.
    let error = Tera::one_off("{{ candor_unknown }}", context, false).err().map(|error| error.to_string());
    let names = error.as_deref().and_then(|text| text.split_once("Available variables: "));
    let names = names.map(|(_, names)| names.lines().next().unwrap_or_default()).unwrap_or_default();
    names.trim_end_matches('.').split(", ").filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// The end of the message about a variable that is not defined.
const NOT_DEFINED: &str = " is not defined here";

/// A page that is being written.
#[derive(Default)]
struct BoundedPage {
    bytes: Vec<u8>,
    is_full: bool,
}

impl std::io::Write for BoundedPage {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.bytes.len() + bytes.len() > LARGEST_PAGE {
            self.is_full = true;
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl std::fmt::Debug for Theme {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Theme").field("digest", &self.digest).finish_non_exhaustive()
    }
}

/// Registers functions and filters, which must exist before the templates that use them are added.
fn register(tera: &mut Tera, strings: &Arc<Catalog>) {
    let catalog = Arc::clone(strings);
    tera.register_function("t", move |kwargs: Kwargs, _: &State| -> TeraResult<String> {
        let key: &str = kwargs.must_get("key")?;
        let n = kwargs.get::<usize>("n")?;
        let text = catalog.find(key, n).ok_or_else(|| {
            let (message, help) = fields::unknown_string(key, &catalog);
            tera::Error::message(format!("{message}\n{help}"))
        })?;
        // Fast path: most strings have no placeholders.
        if !text.contains('{') {
            return Ok(text.to_owned());
        }
        let n = n.map(|n| n.to_string());
        let values: Vec<(&str, String)> = kwargs
            .iter()
            .filter_map(|(name, value)| {
                let name = name.as_str().filter(|name| !matches!(*name, "key" | "n"))?;
                Some((name, value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
            })
            .collect();
        let named = values.iter().map(|(name, value)| (*name, value.as_str()));
        let values: Vec<(&str, &str)> = n.as_deref().map(|n| ("n", n)).into_iter().chain(named).collect();
        Ok(fill(text, &values))
    });
    let catalog = Arc::clone(strings);
    tera.register_filter("label", move |value: &str, kwargs: Kwargs, _: &State| -> TeraResult<String> {
        let group: &str = kwargs.must_get("group")?;
        let key = format!("{group}.{value}");
        Ok(catalog.find(&key, None).unwrap_or(value).to_owned())
    });
    tera.register_function("range", range);
    // `Theme::use_files` replaces it: templates are compiled before the files are known.
    tera.register_function("asset", |_: Kwargs, _: &State| -> TeraResult<String> {
        Err(tera::Error::message("the files of static/ are not known here"))
    });
    tera.register_filter("encode", |value: &str, _: Kwargs, _: &State| percent::component(value));
}

/// Marks HTML as safe, so that it is not escaped again.
pub fn safe(html: &str) -> Value {
    Value::safe_string(html)
}

fn failure(error: &tera::Error, sources: &Sources) -> Diagnostic {
    let code = Code::TemplateError;
    match error.kind() {
        ErrorKind::SyntaxError(inner) | ErrorKind::RenderingError(inner) => {
            let name = inner.filename();
            let source = sources.get(name).cloned().unwrap_or_else(|| Source::new(name, ""));
            let end = source.text.len();
            let range = inner.span().range.start.min(end)..inner.span().range.end.min(end);
            let (message, help) = worded(inner.message(), &source.text, &range);
            Diagnostic::new(code, message).at(Place::new(&source, range), "").help(help)
        }
        _ => {
            let text = error.to_string();
            let place = sources
                .iter()
                .find(|(name, _)| !name.starts_with(BUILTIN) && text.contains(&format!("'{name}'")))
                .map(|(_, source)| Place::start_of(source));
            Diagnostic::new(code, first_line(&text)).at_known(place, "in this template")
        }
    }
}

fn first_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default().trim_end_matches('.');
    let mut letters = line.chars();
    match letters.next() {
        Some(first) if line.chars().nth(1).is_some_and(char::is_lowercase) => {
            format!("{}{}", first.to_lowercase(), letters.as_str())
        }
        _ => line.to_owned(),
    }
}

/// Words a problem of a template: the message, and how to fix it. The range is the text that it is about.
fn worded(message: &str, text: &str, range: &Range<usize>) -> (String, String) {
    const UNKNOWN: &str = "see docs/templates.md for the variables, functions and filters of templates";
    let found = text.get(range.clone()).unwrap_or_default();
    // Functions put the fix on a line of its own.
    if let Some((what, help)) = message.split_once('\n').filter(|(what, _)| !what.starts_with("error")) {
        return (first_line(what), first_line(help));
    }
    let line = first_line(message);
    let quoted = || line.split('`').nth(1).unwrap_or_default().to_owned();
    if let Some((_, names)) = line.split_once(". Available ") {
        let (kind, names) = names.split_once(": ").unwrap_or(("", names));
        let (one, all) =
            if kind == "fields" { ("field", "fields") } else { ("variable", "variables of this template") };
        // Names with two underscores at the start are Tera's own.
        let names: Vec<&str> = names.split(", ").filter(|name| !name.starts_with("__")).collect();
        let name = quoted();
        let help = match nearest(&name, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("use one of the {all}: {}", names.join(", ")),
        };
        return (format!("unknown {one} `{name}`"), help);
    }
    if line.contains("type `undefined`") {
        let message = format!("`{}`{NOT_DEFINED}", found.escape_debug());
        return (message, "use a variable that docs/templates.md lists for this template".to_owned());
    }
    if line == "unknown tag" {
        let help = "use one of the tags: if, for, set, block, extends, include, component, filter, raw".to_owned();
        return (format!("unknown tag `{}`", found.escape_debug()), help);
    }
    if line == "unexpected end of input" {
        let help = "close each `{% if %}`, `{% for %}`, `{% block %}` and `{% set %}` with its `end` tag";
        return ("the template ends before a tag is closed".to_owned(), help.to_owned());
    }
    if line.starts_with("found ") && text[..range.start].trim_end().ends_with('(') {
        let argument = text[range.start..].split(')').next().unwrap_or_default();
        let is_text = argument.len() > 2 && argument.starts_with(['"', '\'']) && argument.ends_with(['"', '\'']);
        let before = text[..range.start].trim_end().trim_end_matches('(').trim_end();
        let (function, name, example) = match before.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next() {
            Some("asset") => ("asset", "path", "\"img/map.png\""),
            Some("range") => ("range", "end", "3"),
            _ => ("t", "key", "\"nav.home\""),
        };
        let value = if is_text && before.ends_with(function) { argument } else { example };
        return (
            "an argument has no name".to_owned(),
            format!("write each argument with its name, such as `{function}({name}={value})`"),
        );
    }
    if line.starts_with("found ") && (line.contains("expected }}") || line.contains("expected %}")) {
        let (open, close) = if line.contains("expected }}") { ("{{", "}}") } else { ("{%", "%}") };
        return (format!("`{open}` is not closed"), format!("write `{close}` at the end"));
    }
    (line, UNKNOWN.to_owned())
}

#[cfg(test)]
mod tests {
    use tera::Context;

    use super::Theme;
    use crate::diagnostic::{Report, Source};
    use crate::wording::Catalog;
    use crate::wording::overrides::catalog;

    fn theme(files: &[(&str, &str)]) -> Result<Theme, Report> {
        let source = |name: &str, text: &str| (name.to_owned(), Source::new(format!("templates/{name}"), text));
        let own: Vec<_> = files.iter().map(|(name, text)| source(name, text)).collect();
        Theme::new(&own, &Catalog::english()).and_then(Theme::with_known_names)
    }

    #[test]
    fn custom_templates_can_extend_builtin_ones() {
        let own = "{% extends \"builtin/404.html\" %}{% block title %}Gone{% endblock %}";
        assert!(theme(&[("404.html", own)]).is_ok());
    }

    #[test]
    fn reports_every_template_that_does_not_parse() {
        let report = theme(&[("a.html", "x\n{{ }}"), ("b.html", "{% if %}")]).expect_err("bad templates");
        let places: Vec<_> = report
            .diagnostics()
            .iter()
            .filter_map(|d| d.place().map(|p| (p.source.path.clone(), p.line_column().0)))
            .collect();
        assert_eq!(places, [("templates/a.html".to_owned(), 2), ("templates/b.html".to_owned(), 1)]);
    }

    #[test]
    fn unknown_names_are_reported_unless_a_template_does_not_parse() {
        let unknown =
            ("a.html", "{{ 1 | nope }}{{ nope() }}\n{% include \"nope.html\" %}{{ t(key=\"nav.home\") | upper }}");
        let lines = |report: Report| -> Vec<String> {
            let line = |d: &crate::diagnostic::Diagnostic| {
                let (line, column) = d.place().expect("a place").line_column();
                format!("{line}:{column} {}", d.message)
            };
            report.diagnostics().iter().map(line).collect()
        };
        let report = lines(theme(&[unknown]).expect_err("unknown names"));
        assert_eq!(
            report,
            ["1:8 unknown filter `nope`", "1:18 unknown function `nope`", "2:12 unknown template `nope.html`"]
        );
        let report = lines(theme(&[unknown, ("b.html", "\n{% if %}")]).expect_err("a syntax error"));
        assert!(matches!(&report[..], [only] if only.starts_with("2:")), "{report:?}");
    }

    #[test]
    fn missing_strings_and_variables_are_errors() {
        assert!(theme(&[("a.html", "{{ t(key=\"no.such\") }}")]).is_err());
        let theme = theme(&[("a.html", "{{ t(key=\"no.\" ~ 1) }}"), ("b.html", "{{ nothing }}")]).expect("templates");
        assert!(theme.render("a.html", &Context::new()).is_err());
        assert!(theme.render("b.html", &Context::new()).is_err());
    }

    #[test]
    fn placeholder_values_are_escaped() {
        let theme = theme(&[("a.html", "{{ t(key=\"footer.version\", version=\"<b>\") }}")]).expect("templates");
        assert_eq!(theme.render("a.html", &Context::new()).as_deref(), Ok("Version &lt;b&gt;"));
    }

    #[test]
    fn built_in_templates_use_the_catalog_of_the_project() {
        let mut context = Context::new();
        context.insert("page", &serde_json::json!({ "root": "./", "kind": "trust" }));
        context.insert(
            "site",
            &serde_json::json!({ "logo": null, "header_pages": [], "status_href": null, "header_links": [], "organization": { "name": "Example" } }),
        );
        let own = [("strings/en.yaml", "nav: {home: Start}"), ("strings/xx.yaml", "nav: {home: 'A < B'}")];
        let own = own.map(|(name, text)| (name.to_owned(), Source::new(format!("templates/{name}"), text)));
        for (own, language, home) in [
            (&[][..], "en", "Overview"),
            (&own[..], "en", "Start"),
            (&own[..], "xx", "A &lt; B"),
            (&own[..1], "xx", "Overview"),
        ] {
            let (strings, _) = catalog(own, &language.parse().expect("a language"), None);
            let theme = Theme::new(own, &strings).expect("a theme");
            let masthead = theme.render("partials/navigation.html", &context).expect("a navigation");
            assert!(masthead.contains(&format!(">{home}</a>")), "{language}: {masthead}");
        }
    }
}
