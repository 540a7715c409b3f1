//! The theme: built-in and custom templates, compiled by Tera.
//!
//! A custom template overrides the built-in one of the same name, and can extend or include it as `builtin/NAME`: built-in
//! templates are loaded under that prefix, and names are looked up without it first.

use std::collections::BTreeMap;
use std::sync::Arc;

use tera::{Context, ErrorKind, Kwargs, State, Tera, TeraResult, Value};

use super::references;
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source};
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
        Ok(Theme { tera, strings, digest: Digest::of(everything.as_bytes()), sources })
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
    let mut functions = Tera::default();
    register(&mut functions, strings);
    let mut report =
        references::check(&templates.map(|(name, source)| (name.as_str(), source)).collect(), BUILTIN, functions);
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

    /// Adds a global variable for all templates.
    pub fn share(&mut self, name: &'static str, value: &impl serde::Serialize) {
        self.tera.global_context().insert(name, value);
    }

    /// Renders a template.
    ///
    /// # Errors
    /// Returns a diagnostic with its place in the template.
    pub fn render(&self, template: &str, context: &Context) -> Result<String, Report> {
        self.tera.render(template, context).map_err(|error| failure(&error, &self.sources).into())
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
        let text =
            catalog.find(key, n).ok_or_else(|| tera::Error::message(format!("the string catalog has no `{key}`")))?;
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
            Diagnostic::new(code, first_line(inner.message()))
                .at(Place::new(&source, range), "here")
                .help("see docs/templates.md for the variables, functions and filters of templates")
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
    text.lines().next().unwrap_or_default().trim_end_matches('.').to_owned()
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
        Theme::new(&own, &Catalog::english())
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
        let theme = theme(&[("a.html", "{{ t(key=\"no.such\") }}"), ("b.html", "{{ nothing }}")]).expect("templates");
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
            &serde_json::json!({ "logo": null, "header_pages": [], "organization": { "name": "Example" } }),
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
            let masthead = theme.render("partials/masthead.html", &context).expect("a masthead");
            assert!(masthead.contains(&format!(">{home}</a>")), "{language}: {masthead}");
        }
    }
}
