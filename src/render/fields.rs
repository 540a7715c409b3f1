//! Checks which variables and fields templates read, and the arguments of `t`.
//!
//! Tera counts a missing field as false in most expressions, so that a misspelled one is never noticed. This check walks through
//! each page as Tera does, with types in place of values. A name is reported only if it is missing in every page that reads it, and
//! nothing is reported about values whose type is not known.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use super::documented::{Documented, ValueType};
use super::syntax::{Argument, Expression, ExpressionKind, Node, Template};
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source, nearest};
use crate::wording::Catalog;

/// How many expressions are read at most: many times those of all pages. Templates that include each other often have more, and
/// are not checked.
const MOST_STEPS: usize = 2_000_000;

/// The maximum number of reports.
const MOST_PROBLEMS: usize = 500;

/// Reports unknown variables and fields of the templates that `is_checked` selects by name, and wrong arguments of `t` in them.
///
/// `templates` are all templates by name, which Tera has accepted. Built-in ones have names that begin with `builtin`.
pub(super) fn check(
    templates: &BTreeMap<&str, &Arc<Source>>,
    builtin: &str,
    strings: &Catalog,
    is_checked: impl Fn(&str) -> bool,
) -> Report {
    let mut report = Report::new();
    if !templates.keys().any(|name| is_checked(name)) {
        return report;
    }
    let mut parsed = BTreeMap::new();
    for (name, source) in templates {
        let Some(template) = Template::parse(&source.text) else { return report };
        parsed.insert(*name, template);
    }
    let documented = Documented::get();
    let contents: HashMap<&str, Contents<'_>> =
        parsed.iter().map(|(name, template)| (*name, Contents::of(template))).collect();
    let mut walk = Walk {
        documented,
        builtin,
        parsed: &parsed,
        assigned: contents.values().flat_map(|contents| &contents.assigned).copied().collect(),
        global: contents.values().flat_map(|contents| &contents.global).copied().collect(),
        contents: &contents,
        found: BTreeMap::new(),
        quiet: 0,
        steps: 0,
    };
    let mut pages: Vec<_> = documented.templates.iter().collect();
    pages.sort_unstable_by_key(|(name, _)| **name);
    for (page, variables) in pages {
        let Some(page) = walk.resolved(page).filter(|page| walk.reaches(page, &is_checked)) else { continue };
        let mut values = Values(variables.clone());
        walk.template(page, &mut values, 0, false);
    }
    for (name, template) in &parsed {
        for component in template.components.iter().filter(|_| is_checked(name)) {
            let parameters = component.parameters.iter().map(|name| (*name, ValueType::Any)).collect();
            let frame = Frame { template: name, lineage: Rc::from([*name]), block: None, depth: 0, is_component: true };
            walk.nodes(&component.body, &mut Values(parameters), &frame);
        }
    }
    if walk.steps <= MOST_STEPS {
        let found = walk.found.iter().filter(|((name, _), _)| is_checked(name));
        let problems = found.filter_map(|((name, _), problem)| Some((templates[name], problem.as_ref()?)));
        problems.take(MOST_PROBLEMS).for_each(|(source, problem)| report.push(problem.diagnostic(source, documented)));
    }
    let of_scripts: HashSet<(&str, &str)> = contents
        .iter()
        .filter(|(name, _)| name.starts_with(builtin))
        .flat_map(|(_, contents)| &contents.strings)
        .flat_map(|arguments| key(arguments).into_iter().flat_map(|(key, _)| missing(key, arguments, strings)))
        .collect();
    for (name, contents) in contents.iter().filter(|(name, _)| is_checked(name)) {
        for arguments in &contents.strings {
            string(arguments, strings, &of_scripts, templates[name], &mut report);
        }
    }
    report.sort();
    report
}

/// Returns the key of a call of `t`, and its place; `None` if it is not a constant.
fn key<'a>(arguments: &'a [Argument<'_>]) -> Option<(&'a str, &'a Range<usize>)> {
    let key = &arguments.iter().find(|argument| argument.name == "key")?.value;
    match &key.kind {
        ExpressionKind::Text(name) => Some((name, &key.range)),
        _ => None,
    }
}

/// Returns the placeholders of a string that a call of `t` gives no value, each with the key of the string.
fn missing<'a>(
    key: &'a str,
    arguments: &'a [Argument<'_>],
    strings: &'a Catalog,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    let placeholders = strings.placeholders_of(key).into_iter().flatten();
    let is_given = |placeholder: &str| arguments.iter().any(|argument| argument.name == placeholder);
    placeholders.filter(move |placeholder| !is_given(placeholder)).map(move |placeholder| (key, placeholder))
}

/// Reports an unknown string, and missing and unknown arguments of one. `of_scripts` are the placeholders that scripts fill in, each
/// with the key of its string.
fn string(
    arguments: &[Argument<'_>],
    strings: &Catalog,
    of_scripts: &HashSet<(&str, &str)>,
    source: &Arc<Source>,
    report: &mut Report,
) {
    let Some((key, range)) = key(arguments) else { return };
    let mut problem = |range: &Range<usize>, message: String, help: String| {
        let place = Place::new(source, range.clone());
        report.push(Diagnostic::new(Code::TemplateError, message).at(place, "").help(help));
    };
    let Some(mut known) = strings.placeholders_of(key) else {
        let (message, help) = unknown_string(key, strings);
        return problem(range, message, help);
    };
    // The built-in string may have more placeholders than one that replaces it.
    let english = Catalog::english();
    known.extend(english.placeholders_of(key).into_iter().flatten());
    let mut is_misspelled = false;
    for argument in arguments.iter().filter(|argument| !["key", "n"].contains(&argument.name)) {
        if !known.contains(argument.name) {
            let message = format!("the string `{key}` has no placeholder `{}`", argument.name);
            let near = nearest(argument.name, known.iter().copied());
            is_misspelled |= near.is_some();
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None if known.is_empty() => "remove the argument".to_owned(),
                None => format!("use its placeholders: {}", Vec::from_iter(known.iter().copied()).join(", ")),
            };
            problem(&argument.range, message, help);
        }
    }
    let missing = missing(key, arguments, strings).find(|missing| !of_scripts.contains(missing));
    if let Some((_, first)) = missing.filter(|_| !is_misspelled) {
        let message = format!("the string `{key}` needs a value for its placeholder `{{{first}}}`");
        problem(range, message, format!("write `t(key=\"{key}\", {first}=…)`"));
    }
}

/// Words that a string does not exist: the message, and how to fix it.
pub(super) fn unknown_string(key: &str, strings: &Catalog) -> (String, String) {
    let help = match nearest(key, strings.keys()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "strings of your own are in the group `custom`, in templates/strings/".to_owned(),
    };
    (format!("unknown string `{key}`"), help)
}

/// What a template contains, regardless of the page.
#[derive(Default)]
struct Contents<'a> {
    blocks: HashMap<&'a str, &'a [Node<'a>]>,
    /// The templates that it includes.
    includes: Vec<&'a str>,
    /// The variables that it sets, and those of them that stay set after a loop.
    assigned: HashSet<&'a str>,
    global: HashSet<&'a str>,
    /// The variables and fields that it compares with `defined`: it expects that they may be missing.
    optional: HashSet<String>,
    /// The arguments of each call of `t`.
    strings: Vec<&'a [Argument<'a>]>,
}

impl<'a> Contents<'a> {
    fn of(template: &'a Template<'a>) -> Contents<'a> {
        let mut contents = Contents::default();
        contents.nodes(&template.nodes);
        template.components.iter().for_each(|component| contents.nodes(&component.body));
        contents
    }

    fn nodes(&mut self, nodes: &'a [Node<'a>]) {
        for node in nodes {
            match node {
                Node::Expression(value) => self.expression(value),
                Node::Set { name, global, value } => {
                    self.assign(name, *global);
                    self.expression(value);
                }
                Node::Capture { name, global, arguments, body } => {
                    self.assign(name, *global);
                    self.arguments(arguments);
                    self.nodes(body);
                }
                Node::Include(name) => self.includes.push(name),
                Node::Block { name, body } => {
                    self.blocks.insert(name, body);
                    self.nodes(body);
                }
                Node::For { list, body, otherwise, .. } => {
                    self.expression(list);
                    self.nodes(body);
                    self.nodes(otherwise);
                }
                Node::If(branches) => {
                    for (condition, body) in branches {
                        condition.iter().for_each(|condition| self.expression(condition));
                        self.nodes(body);
                    }
                }
                Node::Section { arguments, body } => {
                    self.arguments(arguments);
                    self.nodes(body);
                }
            }
        }
    }

    fn assign(&mut self, name: &'a str, global: bool) {
        self.assigned.insert(name);
        if global {
            self.global.insert(name);
        }
    }

    fn arguments(&mut self, arguments: &'a [Argument<'a>]) {
        arguments.iter().for_each(|argument| self.expression(&argument.value));
    }

    fn expression(&mut self, expression: &'a Expression<'a>) {
        match &expression.kind {
            ExpressionKind::Variable(_) | ExpressionKind::Text(_) | ExpressionKind::Constant => {}
            ExpressionKind::Field { of, .. } => self.expression(of),
            ExpressionKind::Element { of, index, .. } => {
                [of, index].into_iter().for_each(|value| self.expression(value))
            }
            ExpressionKind::Slice { of, bounds } => {
                self.expression(of);
                bounds.iter().for_each(|bound| self.expression(bound));
            }
            ExpressionKind::List(values) | ExpressionKind::Operation(values) => {
                values.iter().for_each(|value| self.expression(value));
            }
            ExpressionKind::Filter { of, arguments, .. } => {
                self.expression(of);
                self.arguments(arguments);
            }
            ExpressionKind::Test { of, name, arguments } => {
                if is_test_of_presence(name) {
                    self.optional.extend(path(of));
                }
                self.expression(of);
                self.arguments(arguments);
            }
            ExpressionKind::Call { name, arguments } => {
                if *name == "t" {
                    self.strings.push(arguments);
                }
                self.arguments(arguments);
            }
            ExpressionKind::Choice { condition, yes, no } => {
                [condition, yes, no].into_iter().for_each(|value| self.expression(value));
            }
            ExpressionKind::Comprehension { value, list, condition, .. } => {
                [value, list].into_iter().chain(condition).for_each(|value| self.expression(value));
            }
        }
    }
}

/// Whether a test asks if a value exists.
fn is_test_of_presence(name: &str) -> bool {
    ["defined", "undefined"].contains(&name)
}

/// Returns a variable with its fields as the template writes it: `page.title`.
fn path(expression: &Expression<'_>) -> Option<String> {
    match &expression.kind {
        ExpressionKind::Variable(name) => Some((*name).to_owned()),
        ExpressionKind::Field { of, name, .. } => Some(format!("{}.{name}", path(of)?)),
        ExpressionKind::Element { of, index, .. } => match &index.kind {
            ExpressionKind::Text(name) => Some(format!("{}.{name}", path(of)?)),
            _ => None,
        },
        _ => None,
    }
}

/// A name that does not exist.
struct Problem {
    name: String,
    range: Range<usize>,
    kind: ProblemKind,
}

enum ProblemKind {
    /// An unknown variable, and those that exist on any page that reads it.
    Variable(BTreeSet<String>),
    /// An unknown field of a value: as the template writes it, and its type.
    Field(Option<String>, ValueType),
}

impl Problem {
    fn diagnostic(&self, source: &Arc<Source>, documented: &Documented) -> Diagnostic {
        let (kind, names) = match &self.kind {
            ProblemKind::Variable(names) => ("variable", names.iter().map(String::as_str).collect()),
            ProblemKind::Field(_, ValueType::Object(of)) => ("field", documented.fields(of)),
            ProblemKind::Field(..) => ("field", Vec::new()),
        };
        let message = format!("unknown {kind} `{}`", self.name);
        let mut found = Diagnostic::new(Code::TemplateError, message).at(Place::new(source, self.range.clone()), "");
        if let Some(near) = nearest(&self.name, names.iter().copied()) {
            found = found.help(format!("did you mean `{near}`?"));
        }
        let help = match &self.kind {
            ProblemKind::Variable(_) => format!("use one of the variables: {}", names.join(", ")),
            ProblemKind::Field(of, value) => {
                let of = of.as_ref().map_or_else(|| "the value".to_owned(), |of| format!("`{of}`"));
                match value {
                    ValueType::Plain(name) => format!("use {of} without a field: it is of the type {name}"),
                    ValueType::List(_) => format!("read the elements of the list {of} with `{{% for … in … %}}`"),
                    _ => format!("use one of the fields of {of}: {}", names.join(", ")),
                }
            }
        };
        found.help(help)
    }
}

/// The variables at a place of a page. Later ones replace earlier ones with the same name.
struct Values<'a>(Vec<(&'a str, ValueType)>);

/// Where the walk is.
#[derive(Clone)]
struct Frame<'a> {
    /// The template that contains the tags.
    template: &'a str,
    /// The template that is rendered, and those that it extends.
    lineage: Rc<[&'a str]>,
    /// The block around the tags, and the position of its template in the lineage.
    block: Option<(&'a str, usize)>,
    depth: usize,
    /// Whether the tags are part of a component, which sees only its parameters.
    is_component: bool,
}

struct Walk<'a> {
    documented: &'static Documented,
    builtin: &'a str,
    parsed: &'a BTreeMap<&'a str, Template<'a>>,
    contents: &'a HashMap<&'a str, Contents<'a>>,
    assigned: HashSet<&'a str>,
    global: HashSet<&'a str>,
    /// The names that were read, by template and place: none if a page has it.
    found: BTreeMap<(&'a str, usize), Option<Problem>>,
    /// How many expressions that accept missing values are around the current one.
    quiet: usize,
    steps: usize,
}

impl<'a> Walk<'a> {
    /// Returns the full name of the template that a name means.
    fn resolved(&self, name: &str) -> Option<&'a str> {
        let find = |name: &str| self.parsed.get_key_value(name).map(|(name, _)| *name);
        find(name).or_else(|| find(&format!("{}{name}", self.builtin)))
    }

    /// Whether a template is one of those that are checked, or includes or extends one.
    fn reaches(&self, name: &'a str, is_checked: &impl Fn(&str) -> bool) -> bool {
        let (mut seen, mut waiting) = (HashSet::new(), vec![name]);
        while let Some(name) = waiting.pop().filter(|name| !is_checked(name)) {
            if seen.insert(name) {
                let used = self.contents[name].includes.iter().copied().chain(self.parsed[name].parent.as_deref());
                waiting.extend(used.filter_map(|used| self.resolved(used)));
            }
            if waiting.is_empty() {
                return false;
            }
        }
        true
    }

    /// Walks through a template with the values that it receives.
    fn template(&mut self, name: &'a str, values: &mut Values<'a>, depth: usize, is_component: bool) {
        let parent = |name: &&'a str| self.resolved(self.parsed[*name].parent.as_deref()?);
        // Templates that refer to each other in a cycle or too deeply have been reported.
        let lineage: Rc<[&str]> = std::iter::successors(Some(name), parent).take(DEEPEST).collect();
        let template = lineage.last().copied().unwrap_or(name);
        if depth < DEEPEST {
            let frame = Frame { template, lineage, block: None, depth, is_component };
            self.nodes(&self.parsed[template].nodes, values, &frame);
        }
    }

    fn nodes(&mut self, nodes: &'a [Node<'a>], values: &mut Values<'a>, frame: &Frame<'a>) {
        for node in nodes {
            if self.steps > MOST_STEPS {
                return;
            }
            self.steps += 1;
            match node {
                Node::Expression(value) => {
                    self.value(value, values, frame);
                }
                Node::Set { name, value, .. } => {
                    let value = self.value(value, values, frame);
                    values.0.push((name, value));
                }
                Node::Capture { name, arguments, body, .. } => {
                    self.arguments(arguments, values, frame);
                    self.inner(body, values, frame, []);
                    values.0.push((name, ValueType::Plain("string")));
                }
                Node::Include(name) => {
                    if let Some(name) = self.resolved(name) {
                        self.template(name, values, frame.depth + 1, frame.is_component);
                    }
                }
                Node::Block { name, body } => match self.block(name, 0, frame) {
                    Some((body, frame)) => self.nodes(body, values, &frame),
                    None => self.nodes(body, values, frame),
                },
                Node::For { key, variable, list, body, otherwise } => {
                    let list = self.value(list, values, frame);
                    let variables = loop_values(*key, variable, list);
                    self.inner(body, values, frame, variables);
                    self.inner(otherwise, values, frame, []);
                }
                Node::If(branches) => self.branches(branches, values, frame),
                Node::Section { arguments, body } => {
                    self.arguments(arguments, values, frame);
                    self.inner(body, values, frame, []);
                }
            }
        }
    }

    /// Walks through tags whose variables are not those of the tags after them.
    fn inner(
        &mut self,
        nodes: &'a [Node<'a>],
        values: &mut Values<'a>,
        frame: &Frame<'a>,
        variables: impl IntoIterator<Item = (&'a str, ValueType)>,
    ) {
        let length = values.0.len();
        values.0.extend(variables);
        self.nodes(nodes, values, frame);
        values.0.truncate(length);
    }

    fn branches(
        &mut self,
        branches: &'a [(Option<Expression<'a>>, Vec<Node<'a>>)],
        values: &mut Values<'a>,
        frame: &Frame<'a>,
    ) {
        let length = values.0.len();
        let mut set: BTreeMap<&str, ValueType> = BTreeMap::new();
        for (condition, body) in branches {
            condition.iter().for_each(|condition| drop(self.value(condition, values, frame)));
            self.nodes(body, values, frame);
            for (name, value) in values.0.split_off(length) {
                let before = values.0.iter().rev().find(|(other, _)| *other == name).map(|(_, value)| value);
                let same = before.is_none_or(|before| *before == value);
                let value = if same { value } else { ValueType::Any };
                set.entry(name).and_modify(|other| *other = joined(other.clone(), &value)).or_insert(value);
            }
        }
        values.0.extend(set);
    }

    /// Returns the content of a block, from the first template of the lineage after a position that has the block.
    fn block(&self, name: &'a str, from: usize, frame: &Frame<'a>) -> Option<(&'a [Node<'a>], Frame<'a>)> {
        let (at, template) = frame
            .lineage
            .iter()
            .enumerate()
            .skip(from)
            .find(|(_, template)| self.contents[*template].blocks.contains_key(name))?;
        let frame = Frame { template, block: Some((name, at)), ..frame.clone() };
        Some((self.contents[template].blocks[name], frame))
    }

    fn arguments(&mut self, arguments: &'a [Argument<'a>], values: &mut Values<'a>, frame: &Frame<'a>) {
        arguments.iter().for_each(|argument| drop(self.value(&argument.value, values, frame)));
    }

    /// Walks through an expression whose value may be missing.
    fn optional(&mut self, expression: &'a Expression<'a>, values: &mut Values<'a>, frame: &Frame<'a>) -> ValueType {
        self.quiet += 1;
        let value = self.value(expression, values, frame);
        self.quiet -= 1;
        value
    }

    /// Walks through an expression and returns the type of its value.
    fn value(&mut self, expression: &'a Expression<'a>, values: &mut Values<'a>, frame: &Frame<'a>) -> ValueType {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return ValueType::Any;
        }
        match &expression.kind {
            ExpressionKind::Text(_) => ValueType::Plain("string"),
            ExpressionKind::Constant => ValueType::Any,
            ExpressionKind::Variable(name) => self.variable(name, expression, values, frame),
            ExpressionKind::Field { of, name, optional } => {
                let value = if *optional { self.optional(of, values, frame) } else { self.value(of, values, frame) };
                self.field(value, of, name, expression, frame)
            }
            ExpressionKind::Element { of, index, optional } => {
                let value = if *optional { self.optional(of, values, frame) } else { self.value(of, values, frame) };
                if let ExpressionKind::Text(name) = &index.kind {
                    return self.field(value, of, name, expression, frame);
                }
                self.value(index, values, frame);
                element(value)
            }
            ExpressionKind::Slice { of, bounds } => {
                bounds.iter().for_each(|bound| drop(self.value(bound, values, frame)));
                self.value(of, values, frame)
            }
            ExpressionKind::List(items) => {
                let mut types =
                    items.iter().map(|item| self.value(item, values, frame)).collect::<Vec<_>>().into_iter();
                let first = types.next().unwrap_or(ValueType::Any);
                ValueType::List(Box::new(types.fold(first, |all, other| joined(all, &other))))
            }
            ExpressionKind::Filter { of, name, arguments } => self.filter(of, name, arguments, values, frame),
            ExpressionKind::Test { of, name, arguments } => {
                if is_test_of_presence(name) {
                    self.optional(of, values, frame);
                } else {
                    self.value(of, values, frame);
                }
                self.arguments(arguments, values, frame);
                ValueType::Plain("boolean")
            }
            ExpressionKind::Call { name, arguments } => {
                self.arguments(arguments, values, frame);
                match (*name, frame.block) {
                    ("super", Some((block, at))) => {
                        if let Some((body, frame)) = self.block(block, at + 1, frame) {
                            self.inner(body, values, &frame, []);
                        }
                        ValueType::Plain("HTML")
                    }
                    ("t" | "asset", _) => ValueType::Plain("string"),
                    _ => ValueType::Any,
                }
            }
            ExpressionKind::Choice { condition, yes, no } => {
                self.value(condition, values, frame);
                let yes = self.value(yes, values, frame);
                joined(yes, &self.value(no, values, frame))
            }
            ExpressionKind::Comprehension { value, key, variable, list, condition } => {
                let list = self.value(list, values, frame);
                let length = values.0.len();
                values.0.extend(loop_values(*key, variable, list));
                condition.iter().for_each(|condition| drop(self.value(condition, values, frame)));
                let value = self.value(value, values, frame);
                values.0.truncate(length);
                ValueType::List(Box::new(value))
            }
            ExpressionKind::Operation(operands) => {
                operands.iter().for_each(|operand| drop(self.value(operand, values, frame)));
                ValueType::Any
            }
        }
    }

    /// Reads a variable.
    fn variable(
        &mut self,
        name: &'a str,
        expression: &'a Expression<'a>,
        values: &Values<'a>,
        frame: &Frame<'a>,
    ) -> ValueType {
        self.steps += values.0.len() / 16;
        if self.is_optional(expression, frame) || self.global.contains(name) {
            return ValueType::Any;
        }
        let value = values.0.iter().rev().find(|(other, _)| *other == name).map(|(_, value)| value.clone());
        // `loop` is that of the template that includes this one. A component has no variables of the page, which is not reported.
        let is_elsewhere = || {
            let is_of_a_page = || self.documented.templates.values().flatten().any(|(other, _)| *other == name);
            name == "loop"
                || name.starts_with("__")
                || self.assigned.contains(name)
                || frame.is_component && is_of_a_page()
        };
        if value.is_some() || is_elsewhere() {
            self.record(expression, frame, None);
            return value.unwrap_or(ValueType::Any);
        }
        let kind = ProblemKind::Variable(values.0.iter().map(|(name, _)| (*name).to_owned()).collect());
        self.record(expression, frame, Some((name, kind)));
        ValueType::Any
    }

    /// Reads a field of a value. `of` is the expression of that value.
    fn field(
        &mut self,
        value: ValueType,
        of: &'a Expression<'a>,
        name: &str,
        expression: &'a Expression<'a>,
        frame: &Frame<'a>,
    ) -> ValueType {
        if self.is_optional(expression, frame) {
            return ValueType::Any;
        }
        let field = match &value {
            ValueType::Any => Some(ValueType::Any),
            ValueType::Object(of) => self.documented.field(of, name),
            ValueType::Plain(_) | ValueType::List(_) => None,
        };
        let problem = field.is_none().then(|| (name, ProblemKind::Field(path(of), value)));
        self.record(expression, frame, problem);
        field.unwrap_or(ValueType::Any)
    }

    /// Whether the template tests if a value exists.
    fn is_optional(&self, expression: &Expression<'_>, frame: &Frame<'_>) -> bool {
        let optional = &self.contents[frame.template].optional;
        !optional.is_empty() && path(expression).is_some_and(|path| optional.contains(&path))
    }

    /// Records that a page reads a name, and whether it is missing there.
    fn record(&mut self, expression: &Expression<'_>, frame: &Frame<'a>, problem: Option<(&str, ProblemKind)>) {
        if self.quiet > 0 {
            return;
        }
        let problem =
            problem.map(|(name, kind)| Problem { name: name.to_owned(), range: expression.range.clone(), kind });
        match self.found.entry((frame.template, expression.range.start)) {
            Entry::Vacant(entry) => drop(entry.insert(problem)),
            Entry::Occupied(mut entry) => match (entry.get_mut().as_mut().map(|it| &mut it.kind), problem) {
                (_, None) => *entry.get_mut() = None,
                (Some(ProblemKind::Variable(all)), Some(Problem { kind: ProblemKind::Variable(names), .. })) => {
                    all.extend(names);
                }
                _ => {}
            },
        }
    }

    /// Walks through a filter and returns the type of its result.
    fn filter(
        &mut self,
        of: &'a Expression<'a>,
        name: &str,
        arguments: &'a [Argument<'a>],
        values: &mut Values<'a>,
        frame: &Frame<'a>,
    ) -> ValueType {
        let argument = |name: &str| arguments.iter().find(|argument| argument.name == name).map(|it| &it.value);
        let value = if name == "default" { self.optional(of, values, frame) } else { self.value(of, values, frame) };
        self.arguments(arguments, values, frame);
        match name {
            "first" | "last" | "nth" => element(value),
            "reverse" | "sort" | "unique" if matches!(value, ValueType::List(_)) => value,
            "default" => match argument("value").map(|default| &default.kind) {
                // An empty value has no type of its own.
                Some(ExpressionKind::Constant | ExpressionKind::List(_)) => value,
                _ => ValueType::Any,
            },
            "get" => match argument("key") {
                Some(key) if argument("default").is_none() => match &key.kind {
                    ExpressionKind::Text(field) => self.field(value, of, field, key, frame),
                    _ => ValueType::Any,
                },
                _ => ValueType::Any,
            },
            "capitalize" | "encode" | "escape_html" | "escape_xml" | "join" | "label" | "lower" | "newlines_to_br"
            | "safe" | "str" | "title" | "trim" | "upper" => ValueType::Plain("string"),
            "length" | "wordcount" => ValueType::Plain("integer"),
            _ => ValueType::Any,
        }
    }
}

/// How deep templates can include and extend each other: more than `references` accepts.
const DEEPEST: usize = 20;

/// Returns the type of the elements of a list.
fn element(list: ValueType) -> ValueType {
    match list {
        ValueType::List(element) => *element,
        _ => ValueType::Any,
    }
}

/// Returns a type that includes the values of two.
fn joined(one: ValueType, other: &ValueType) -> ValueType {
    if one == *other { one } else { ValueType::Any }
}

/// Returns the variables of a loop.
fn loop_values<'a>(
    key: Option<&'a str>,
    variable: &'a str,
    list: ValueType,
) -> impl Iterator<Item = (&'a str, ValueType)> {
    let value = if key.is_some() { ValueType::Any } else { element(list) };
    [(variable, value)].into_iter().chain(key.map(|key| (key, ValueType::Any)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::check;
    use crate::diagnostic::{Diagnostic, Source};
    use crate::embedded::TEMPLATES;
    use crate::wording::Catalog;

    /// Returns the problems of templates that replace built-in ones, each with its place and help.
    fn problems(own: &[(&str, &str)]) -> Vec<String> {
        let builtin = TEMPLATES.iter().map(|(name, text)| (format!("builtin/{name}"), Source::new(*name, *text)));
        let own = own.iter().map(|(name, text)| ((*name).to_owned(), Source::new(*name, *text)));
        let sources: BTreeMap<String, Arc<Source>> = builtin.chain(own).collect();
        let templates = sources.iter().filter(|(name, _)| name.ends_with(".html"));
        let templates = templates.map(|(name, source)| (name.as_str(), source)).collect();
        let report = check(&templates, "builtin/", &Catalog::english(), |name| !name.starts_with("builtin/"));
        let line = |diagnostic: &Diagnostic| {
            let place = diagnostic.place().expect("a place");
            let (line, column) = place.line_column();
            format!("{}:{line}:{column} {}; {}", place.source.path, diagnostic.message, diagnostic.help.join("; "))
        };
        report.diagnostics().iter().map(line).collect()
    }

    #[test]
    fn the_built_in_templates_and_copies_of_them_have_no_problems() {
        let copies: Vec<_> = TEMPLATES.iter().filter(|(name, _)| name.ends_with(".html")).copied().collect();
        assert_eq!(problems(&copies), Vec::<String>::new());
        let templates: BTreeMap<String, Arc<Source>> =
            copies.iter().map(|(name, text)| (format!("builtin/{name}"), Source::new(*name, *text))).collect();
        let templates = templates.iter().map(|(name, source)| (name.as_str(), source)).collect();
        assert!(check(&templates, "builtin/", &Catalog::english(), |_| true).is_empty());
    }

    #[test]
    fn reports_unknown_names_in_every_expression() {
        for expression in [
            "{% if page.nope %}{% endif %}",
            "{% if page %}{% elif page.nope %}{% endif %}",
            "{{ page.nope == 1 }}",
            "{{ 1 + page.nope }}",
            "{{ page.nope or true }}",
            "{{ not page.nope }}",
            "{{ 'a' if page.nope else 'b' }}",
            "{{ 'a' if true else page.nope }}",
            "{{ '#' ~ page.nope }}",
            "{{ page.nope | safe }}",
            "{{ page.nope | upper | lower }}",
            "{{ 'a' | replace(from='a', to=page.nope) }}",
            "{{ range(end=page.nope) }}",
            "{% set a = page.nope %}",
            "{% set a | replace(from='a', to=page.nope) %}{% endset %}",
            "{% set a %}{{ page.nope }}{% endset %}",
            "{{ [1, page.nope] }}",
            "{{ {\"a\": page.nope} }}",
            "{{ site.contacts[page.nope] }}",
            "{{ page[\"nope\"] }}",
            "{{ page | get(key=\"nope\") }}",
            "{{ page?.nope }}",
            "{{ page.nope is string }}",
            "{{ page.nope in [1] }}",
            "{% for a in page.nope %}{% endfor %}",
            "{% for a in [1] %}{% if page.nope %}{% endif %}{% else %}{% endfor %}",
            "{% filter replace(from='a', to=page.nope) %}{% endfilter %}",
            "{% block a %}{{ page.nope.more }}{% endblock %}",
            "{% for contact in site.contacts %}{{ contact.nope }}{% endfor %}",
            "{{ (site.contacts | first).nope }}",
            "{{ site.contacts[0].nope }}",
            "{{ site.contacts[1:][0].nope }}",
            "{% set all = site.contacts | reverse %}{{ (all | nth(n=1)).nope }}",
            "{% set a = page %}{% if a.nope %}{% endif %}",
            "{{ [contact.nope for contact in site.contacts] }}",
            "{{ [contact.purpose for contact in site.contacts if contact.nope] }}",
            "{{ page.title.nope }}",
            "{{ site.contacts.nope }}",
            "{{ nope }}",
            "{% if nope.title %}{% endif %}",
            "{% component a(b) %}{{ b }}{% endcomponent %}{{ <a b={page.nope} /> }}",
            "{% component a(b) %}{{ b.c }}{{ nope }}{% endcomponent %}{{ <a b=\"c\" /> }}",
        ] {
            let found = problems(&[("404.html", expression)]);
            assert!(matches!(&found[..], [only] if only.contains(" `nope`; ")), "{expression}: {found:?}");
        }
    }

    #[test]
    fn suggests_a_name_and_lists_those_that_exist() {
        for (name, text, expected) in [
            (
                "lists/commitments.html",
                "{% for item in items %}{% if item.detail %}{% endif %}{% endfor %}",
                "lists/commitments.html:1:35 unknown field `detail`; did you mean `details`?; use one of the fields of `item`: ",
            ),
            (
                "lists/controls.html",
                "{% for group in items %}{% for item in group.items %}{% endfor %}{% endfor %}",
                "lists/controls.html:1:46 unknown field `items`; use one of the fields of `group`: controls, implemented, name",
            ),
            (
                "404.html",
                "{{ page.titel | upper }}",
                "404.html:1:9 unknown field `titel`; did you mean `title`?; use one of the fields of `page`: alternates, ",
            ),
            (
                "404.html",
                "{{ sit.title }}",
                "404.html:1:4 unknown variable `sit`; did you mean `site`?; use one of the variables: draft, page, release, site",
            ),
            (
                "404.html",
                "{{ site.contacts.label }}",
                "404.html:1:18 unknown field `label`; read the elements of the list `site.contacts` with `{% for … in … %}`",
            ),
            (
                "404.html",
                "{{ page.title.text }}",
                "404.html:1:15 unknown field `text`; use `page.title` without a field: it is of the type string",
            ),
            (
                "404.html",
                "{{ t(key=\"nav.hom\") }}",
                "404.html:1:10 unknown string `nav.hom`; did you mean `nav.home`?",
            ),
            (
                "404.html",
                "{{ t(key=\"footer.version\", verson=1) }}",
                "404.html:1:28 the string `footer.version` has no placeholder `verson`; did you mean `version`?",
            ),
            (
                "404.html",
                "{{ t(key=\"footer.version\") }}",
                "404.html:1:10 the string `footer.version` needs a value for its placeholder `{version}`; write `t(key=\"footer.version\", version=…)`",
            ),
            (
                "404.html",
                "{{ t(key=\"nav.home\", a=1) }}",
                "404.html:1:22 the string `nav.home` has no placeholder `a`; remove the argument",
            ),
        ] {
            let found = problems(&[(name, text)]);
            assert!(matches!(&found[..], [only] if only.starts_with(expected)), "{text}: {found:?}");
        }
    }

    #[test]
    fn accepts_what_a_page_may_have() {
        for text in [
            "{% if nope is defined %}{{ nope.a }}{% endif %}{% if page.nope is not undefined and page.nope.a %}{% endif %}",
            "{{ page.nope | default(value=\"a\") }}{{ nope?.a }}{{ page | get(key=\"nope\", default=1) }}",
            "{% set nope = 1 %}{{ nope }}{% if true %}{% set a = page %}{% else %}{% set a = site %}{% endif %}{{ a.root }}{{ a.contacts }}",
            "{% for a, b in page %}{{ a }}{{ b.c }}{{ loop.index }}{% endfor %}{{ __tera_context }}",
            "{% for a in site.contacts | group_by(attribute=\"id\") %}{{ a.b }}{% endfor %}",
            "{% set_global a = page %}{% for b in [1] %}{{ a.nope }}{% set_global a = {\"nope\": 1} %}{% endfor %}",
            "{{ (page or site).nope }}{{ {\"nope\": 1}.nope }}{{ t(key=page.title) }}{{ t(key=\"count.changes\", n=1) }}",
            "{% for line in site.contacts %}{% include \"a.html\" %}{% endfor %}",
        ] {
            let files = [("404.html", text), ("a.html", "{{ line.label }}{{ loop.index }}")];
            assert_eq!(problems(&files), Vec::<String>::new(), "{text}");
        }
        // A partial is used by several pages, and need not have a variable on each of them.
        let banner = "{% if sections %}{{ sections | length }}{% endif %}{% if sektions %}{% endif %}";
        let found = problems(&[("partials/banner.html", banner)]);
        assert!(matches!(&found[..], [only] if only.contains("`sektions`; did you mean `sections`?")), "{found:?}");
        // The variables that a built-in template sets for a partial.
        let deltas = "{% for part in parts %}{{ part.label }}{{ part.lable }}{% endfor %}";
        let found = problems(&[("partials/deltas.html", deltas)]);
        assert!(matches!(&found[..], [only] if only.contains("`lable`; did you mean `label`?")), "{found:?}");
        // Blocks see the variables of the page, and what the blocks that they replace have set.
        let block = "{% extends \"builtin/index.html\" %}{% block content %}{{ super() }}{% if glance.nope %}{% endif %}{% endblock %}";
        let found = problems(&[("index.html", block)]);
        assert!(matches!(&found[..], [only] if only.starts_with("index.html:1:80 unknown field `nope`")), "{found:?}");
    }

    #[test]
    fn templates_that_multiply_are_left_out() {
        let includes = |name: &str| format!("{{% include \"{name}.html\" %}}").repeat(8) + "{% if nope %}{% endif %}";
        let files: Vec<(String, String)> =
            (0..12).map(|at| (format!("a{at}.html"), includes(&format!("a{}", at + 1)))).collect();
        let mut files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        files.extend([("a12.html", "a"), ("404.html", "{% include \"a0.html\" %}")]);
        assert_eq!(problems(&files), Vec::<String>::new());
    }
}
