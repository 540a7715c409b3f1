//! The syntax tree of a template, as far as it says which values the template reads.
//!
//! Tera keeps its own tree private. This one is read from templates that Tera has accepted, so it limits neither depth nor size, and
//! it does not keep the precedence of operators, because the result of an operator has no fields.

use std::ops::Range;

use super::outline::unescaped;
use super::tokens::{TemplateToken, tokens};

/// A template.
#[derive(Debug, Default)]
pub(super) struct Template<'t> {
    /// The name of the template that it extends.
    pub parent: Option<String>,
    pub nodes: Vec<Node<'t>>,
    pub components: Vec<Component<'t>>,
}

/// The definition of a component.
#[derive(Debug)]
pub(super) struct Component<'t> {
    pub parameters: Vec<&'t str>,
    pub body: Vec<Node<'t>>,
}

/// A tag or an expression of a template.
#[derive(Debug)]
pub(super) enum Node<'t> {
    Expression(Expression<'t>),
    /// `{% set name = value %}`
    Set {
        name: &'t str,
        global: bool,
        value: Expression<'t>,
    },
    /// `{% set name | filter(argument=1) %}`
    Capture {
        name: &'t str,
        global: bool,
        arguments: Vec<Argument<'t>>,
        body: Vec<Node<'t>>,
    },
    Include(String),
    Block {
        name: &'t str,
        body: Vec<Node<'t>>,
    },
    For {
        key: Option<&'t str>,
        variable: &'t str,
        list: Expression<'t>,
        body: Vec<Node<'t>>,
        otherwise: Vec<Node<'t>>,
    },
    /// The branches of an `if`, each with its condition; that of `else` has none.
    If(Vec<(Option<Expression<'t>>, Vec<Node<'t>>)>),
    /// A filter, or the call of a component, with its content.
    Section {
        arguments: Vec<Argument<'t>>,
        body: Vec<Node<'t>>,
    },
}

/// An argument of a function, filter, test or component.
#[derive(Debug)]
pub(super) struct Argument<'t> {
    pub name: &'t str,
    pub range: Range<usize>,
    pub value: Expression<'t>,
}

/// An expression, with the range of its last name or of the whole.
#[derive(Debug)]
pub(super) struct Expression<'t> {
    pub kind: ExpressionKind<'t>,
    pub range: Range<usize>,
}

#[derive(Debug)]
pub(super) enum ExpressionKind<'t> {
    Variable(&'t str),
    /// `of.name`, or `of?.name` if `of` may be undefined.
    Field {
        of: Box<Expression<'t>>,
        name: &'t str,
        optional: bool,
    },
    /// `of[index]`
    Element {
        of: Box<Expression<'t>>,
        index: Box<Expression<'t>>,
        optional: bool,
    },
    /// `of[1:2]`
    Slice {
        of: Box<Expression<'t>>,
        bounds: Vec<Expression<'t>>,
    },
    Text(String),
    /// A number, a boolean or `none`.
    Constant,
    List(Vec<Expression<'t>>),
    Filter {
        of: Box<Expression<'t>>,
        name: &'t str,
        arguments: Vec<Argument<'t>>,
    },
    Test {
        of: Box<Expression<'t>>,
        name: &'t str,
        arguments: Vec<Argument<'t>>,
    },
    Call {
        name: &'t str,
        arguments: Vec<Argument<'t>>,
    },
    Choice {
        condition: Box<Expression<'t>>,
        yes: Box<Expression<'t>>,
        no: Box<Expression<'t>>,
    },
    /// `[value for variable in list if condition]`
    Comprehension {
        value: Box<Expression<'t>>,
        key: Option<&'t str>,
        variable: &'t str,
        list: Box<Expression<'t>>,
        condition: Option<Box<Expression<'t>>>,
    },
    /// Expressions whose result has no known fields: operators, maps and calls of components.
    Operation(Vec<Expression<'t>>),
}

impl<'t> Template<'t> {
    /// Parses a template that Tera accepts; `None` if this parser does not.
    pub fn parse(text: &'t str) -> Option<Template<'t>> {
        let mut parser = Parser { tokens: tokens(text).collect(), at: 0, template: Template::default() };
        let nodes = parser.nodes()?;
        // An `end` tag without its beginning.
        if parser.at < parser.tokens.len() {
            return None;
        }
        parser.template.nodes = nodes;
        Some(parser.template)
    }
}

struct Parser<'t> {
    tokens: Vec<(TemplateToken<'t>, Range<usize>)>,
    at: usize,
    template: Template<'t>,
}

impl<'t> Parser<'t> {
    fn peek_at(&self, ahead: usize) -> Option<TemplateToken<'t>> {
        self.tokens.get(self.at + ahead).map(|(token, _)| *token)
    }

    fn peek(&self) -> Option<TemplateToken<'t>> {
        self.peek_at(0)
    }

    fn range(&self) -> Range<usize> {
        self.tokens.get(self.at).map(|(_, range)| range.clone()).unwrap_or_default()
    }

    /// The end of the last token that was read.
    fn end(&self) -> usize {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(0, |(_, range)| range.end)
    }

    fn is_sign(&self, sign: char) -> bool {
        self.peek() == Some(TemplateToken::Sign(sign))
    }

    fn is_word(&self, word: &str) -> bool {
        self.peek() == Some(TemplateToken::Word(word))
    }

    /// Reads a token if it is the next one.
    fn take(&mut self, token: TemplateToken<'_>) -> bool {
        let found = self.peek() == Some(token);
        self.at += usize::from(found);
        found
    }

    fn sign(&mut self, sign: char) -> Option<()> {
        self.take(TemplateToken::Sign(sign)).then_some(())
    }

    fn tag_end(&mut self) -> Option<()> {
        self.take(TemplateToken::End).then_some(())
    }

    fn word(&mut self) -> Option<&'t str> {
        let TemplateToken::Word(word) = self.peek()? else { return None };
        self.at += 1;
        Some(word)
    }

    fn text(&mut self) -> Option<String> {
        let TemplateToken::Text(text) = self.peek()? else { return None };
        self.at += 1;
        Some(unescaped(text))
    }

    /// Reads tags and expressions up to a tag that ends or continues the one around them.
    fn nodes(&mut self) -> Option<Vec<Node<'t>>> {
        let mut nodes = Vec::new();
        while let Some(token) = self.peek() {
            if token != TemplateToken::TagStart {
                nodes.push(Node::Expression(self.expression()?));
                self.tag_end()?;
                continue;
            }
            let keyword = match self.peek_at(1)? {
                TemplateToken::Word(keyword) => keyword,
                TemplateToken::Sign('<') if self.peek_at(2) == Some(TemplateToken::Sign('/')) => break,
                TemplateToken::Sign('<') => "<",
                _ => return None,
            };
            if keyword.starts_with("end") || ["else", "elif"].contains(&keyword) {
                break;
            }
            self.at += 2;
            nodes.extend(self.tag(keyword)?);
        }
        Some(nodes)
    }

    /// Reads the rest of a tag after its keyword, with its content.
    fn tag(&mut self, keyword: &str) -> Option<Option<Node<'t>>> {
        let node = match keyword {
            "set" | "set_global" => self.set(keyword == "set_global")?,
            "include" => Node::Include(self.text()?),
            "extends" => {
                self.template.parent = Some(self.text()?);
                self.tag_end()?;
                return Some(None);
            }
            "block" => {
                let name = self.word()?;
                self.tag_end()?;
                let body = self.nodes()?;
                self.closing("endblock")?;
                let _ = self.word();
                Node::Block { name, body }
            }
            "for" => self.for_loop()?,
            "if" => self.branches()?,
            "filter" => {
                let mut arguments = Vec::new();
                loop {
                    self.word()?;
                    arguments.extend(self.optional_arguments()?);
                    if self.sign('|').is_none() {
                        break;
                    }
                }
                self.tag_end()?;
                let body = self.nodes()?;
                self.closing("endfilter")?;
                Node::Section { arguments, body }
            }
            "component" => {
                self.component()?;
                self.tag_end()?;
                return Some(None);
            }
            "<" => {
                self.dotted()?;
                let arguments = self.attributes()?;
                self.sign('>')?;
                self.tag_end()?;
                let body = self.nodes()?;
                // `</name>`
                self.at += 3;
                self.dotted()?;
                self.sign('>')?;
                Node::Section { arguments, body }
            }
            "break" | "continue" => {
                self.tag_end()?;
                return Some(None);
            }
            _ => return None,
        };
        self.tag_end()?;
        Some(Some(node))
    }

    /// Reads the beginning of an `end` tag.
    fn closing(&mut self, keyword: &str) -> Option<()> {
        self.take(TemplateToken::TagStart).then_some(())?;
        self.take(TemplateToken::Word(keyword)).then_some(())
    }

    fn set(&mut self, global: bool) -> Option<Node<'t>> {
        let name = self.word()?;
        if self.sign('=').is_some() {
            return Some(Node::Set { name, global, value: self.expression()? });
        }
        let mut arguments = Vec::new();
        while self.sign('|').is_some() {
            self.word()?;
            arguments.extend(self.optional_arguments()?);
        }
        self.tag_end()?;
        let body = self.nodes()?;
        self.closing("endset")?;
        Some(Node::Capture { name, global, arguments, body })
    }

    fn for_loop(&mut self) -> Option<Node<'t>> {
        let (key, variable) = self.loop_variables()?;
        let list = self.expression()?;
        self.tag_end()?;
        let body = self.nodes()?;
        self.take(TemplateToken::TagStart).then_some(())?;
        let mut otherwise = Vec::new();
        if self.take(TemplateToken::Word("else")) {
            self.tag_end()?;
            otherwise = self.nodes()?;
            self.take(TemplateToken::TagStart).then_some(())?;
        }
        self.take(TemplateToken::Word("endfor")).then_some(())?;
        Some(Node::For { key, variable, list, body, otherwise })
    }

    /// Reads `variable in` or `key, variable in`.
    fn loop_variables(&mut self) -> Option<(Option<&'t str>, &'t str)> {
        let first = self.word()?;
        let second = if self.sign(',').is_some() { Some(self.word()?) } else { None };
        self.take(TemplateToken::Word("in")).then_some(())?;
        Some(second.map_or((None, first), |second| (Some(first), second)))
    }

    fn branches(&mut self) -> Option<Node<'t>> {
        let mut branches = Vec::new();
        let mut condition = Some(self.expression()?);
        loop {
            self.tag_end()?;
            branches.push((condition, self.nodes()?));
            self.take(TemplateToken::TagStart).then_some(())?;
            condition = match self.word()? {
                "elif" => Some(self.expression()?),
                "else" => None,
                "endif" => return Some(Node::If(branches)),
                _ => return None,
            };
        }
    }

    fn component(&mut self) -> Option<()> {
        self.dotted()?;
        self.sign('(')?;
        let mut parameters = vec!["body"];
        while self.sign(')').is_none() {
            match self.peek()? {
                // A parameter with its type and default: `@name: string = "a"`, or `...rest`.
                TemplateToken::Sign('@' | '.' | ',') => self.at += 1,
                TemplateToken::Word(name) => {
                    self.at += 1;
                    parameters.push(name);
                    if self.sign(':').is_some() {
                        self.word()?;
                    }
                    if self.sign('=').is_some() {
                        self.expression()?;
                    }
                }
                _ => return None,
            }
        }
        // Metadata.
        if self.is_sign('{') {
            self.expression()?;
        }
        self.tag_end()?;
        let body = self.nodes()?;
        self.closing("endcomponent")?;
        if !matches!(self.peek(), Some(TemplateToken::End)) {
            self.dotted()?;
        }
        self.template.components.push(Component { parameters, body });
        Some(())
    }

    /// Reads the name of a component, which may contain dots.
    fn dotted(&mut self) -> Option<()> {
        self.word()?;
        while self.sign('.').is_some() {
            self.word()?;
        }
        Some(())
    }

    /// Reads the attributes of a component: `a="b" c={d} e {...f}`.
    fn attributes(&mut self) -> Option<Vec<Argument<'t>>> {
        let mut attributes = Vec::new();
        loop {
            let range = self.range();
            match self.peek()? {
                TemplateToken::Word(name) => {
                    self.at += 1;
                    let value = if self.sign('=').is_none() {
                        Expression { kind: ExpressionKind::Variable(name), range: range.clone() }
                    } else if self.sign('{').is_some() {
                        let value = self.expression()?;
                        self.sign('}')?;
                        value
                    } else {
                        let range = self.range();
                        Expression { kind: ExpressionKind::Text(self.text()?), range }
                    };
                    attributes.push(Argument { name, range, value });
                }
                TemplateToken::Sign('{') => {
                    self.at += 1;
                    self.spread()?;
                    let value = self.expression()?;
                    self.sign('}')?;
                    attributes.push(Argument { name: "", range, value });
                }
                _ => return Some(attributes),
            }
        }
    }

    /// Reads `...`.
    fn spread(&mut self) -> Option<()> {
        (0..3).try_for_each(|_| self.sign('.'))
    }

    fn expression(&mut self) -> Option<Expression<'t>> {
        let value = self.operators()?;
        if !self.take(TemplateToken::Word("if")) {
            return Some(value);
        }
        let condition = Box::new(self.expression()?);
        self.take(TemplateToken::Word("else")).then_some(())?;
        let no = Box::new(self.expression()?);
        let range = value.range.start..self.end();
        Some(Expression { kind: ExpressionKind::Choice { condition, yes: Box::new(value), no }, range })
    }

    /// Reads operands with operators between them, without `if` and `else`.
    fn operators(&mut self) -> Option<Expression<'t>> {
        let first = self.operand()?;
        let start = first.range.start;
        let mut operands = vec![first];
        while self.operator() {
            operands.push(self.operand()?);
        }
        if operands.len() == 1 {
            return operands.pop();
        }
        Some(Expression { kind: ExpressionKind::Operation(operands), range: start..self.end() })
    }

    /// Reads an operator between two operands. Returns whether there is one.
    fn operator(&mut self) -> bool {
        let length = match (self.peek(), self.peek_at(1)) {
            (Some(TemplateToken::Word("and" | "or" | "in")), _) => 1,
            (Some(TemplateToken::Word("not")), Some(TemplateToken::Word("in"))) => 2,
            (Some(TemplateToken::Sign(first)), Some(TemplateToken::Sign(second))) if is_double(first, second) => 2,
            (Some(TemplateToken::Sign('+' | '-' | '*' | '/' | '%' | '~' | '<' | '>')), _) => 1,
            _ => 0,
        };
        self.at += length;
        length > 0
    }

    /// Reads an operand with its filters and tests.
    fn operand(&mut self) -> Option<Expression<'t>> {
        let start = self.range().start;
        let is_unary = self.take(TemplateToken::Word("not")) || self.take(TemplateToken::Sign('-'));
        let mut value = if is_unary { self.operand_of_sign()? } else { self.primary()? };
        loop {
            let whole = |parser: &Self| start..parser.end();
            if self.sign('|').is_some() {
                let range = self.range();
                let name = self.word()?;
                let arguments = self.optional_arguments()?;
                value = Expression { kind: ExpressionKind::Filter { of: Box::new(value), name, arguments }, range };
            } else if self.take(TemplateToken::Word("is")) {
                let _ = self.take(TemplateToken::Word("not"));
                let name = self.word()?;
                let arguments = self.optional_arguments()?;
                let kind = ExpressionKind::Test { of: Box::new(value), name, arguments };
                value = Expression { kind, range: whole(self) };
            } else {
                break;
            }
        }
        if is_unary {
            value = Expression { kind: ExpressionKind::Operation(vec![value]), range: start..self.end() };
        }
        Some(value)
    }

    /// Reads what follows `not` or `-`, which may be `not -a`.
    fn operand_of_sign(&mut self) -> Option<Expression<'t>> {
        if !self.is_word("not") && !self.is_sign('-') {
            return self.primary();
        }
        let start = self.range().start;
        self.at += 1;
        let value = self.primary()?;
        Some(Expression { kind: ExpressionKind::Operation(vec![value]), range: start..self.end() })
    }

    /// Reads a value with its fields and elements.
    fn primary(&mut self) -> Option<Expression<'t>> {
        let range = self.range();
        let start = range.start;
        let kind = match self.peek()? {
            TemplateToken::Text(_) => ExpressionKind::Text(self.text()?),
            TemplateToken::Number => {
                self.at += 1;
                // The fraction, and underscores or an exponent.
                while matches!(self.peek(), Some(TemplateToken::Number))
                    || self.range().start == self.end()
                        && matches!(self.peek(), Some(TemplateToken::Word(_) | TemplateToken::Sign('.')))
                {
                    self.at += 1;
                }
                ExpressionKind::Constant
            }
            TemplateToken::Word("true" | "True" | "false" | "False" | "none" | "None" | "null") => {
                self.at += 1;
                ExpressionKind::Constant
            }
            TemplateToken::Word(name) => {
                self.at += 1;
                if self.is_sign('(') {
                    ExpressionKind::Call { name, arguments: self.optional_arguments()? }
                } else {
                    ExpressionKind::Variable(name)
                }
            }
            TemplateToken::Sign('(') => {
                self.at += 1;
                let inner = self.expression()?;
                self.sign(')')?;
                inner.kind
            }
            TemplateToken::Sign('[') => self.list()?,
            TemplateToken::Sign('{') => self.map()?,
            TemplateToken::Sign('<') => {
                self.at += 1;
                self.dotted()?;
                let attributes = self.attributes()?;
                self.sign('/')?;
                self.sign('>')?;
                ExpressionKind::Operation(attributes.into_iter().map(|attribute| attribute.value).collect())
            }
            _ => return None,
        };
        // A variable is reported at its name, everything else as a whole.
        let range = if matches!(kind, ExpressionKind::Variable(_)) { range } else { start..self.end() };
        self.steps(Expression { kind, range })
    }

    /// Reads the fields and elements of a value: `.a`, `?.a`, `[0]`, `?["a"]`, `[1:2]`.
    fn steps(&mut self, mut value: Expression<'t>) -> Option<Expression<'t>> {
        loop {
            let optional = self.is_sign('?');
            self.at += usize::from(optional);
            let of = Box::new(value);
            if self.sign('.').is_some() {
                let range = self.range();
                let name = self.word()?;
                value = Expression { kind: ExpressionKind::Field { of, name, optional }, range };
            } else if self.is_sign('[') {
                let start = self.range().start;
                self.at += 1;
                let kind = self.element(of, optional)?;
                value = Expression { kind, range: start..self.end() };
            } else {
                return (!optional).then_some(*of);
            }
        }
    }

    /// Reads the rest of `[index]` or `[start:end:step]`.
    fn element(&mut self, of: Box<Expression<'t>>, optional: bool) -> Option<ExpressionKind<'t>> {
        let mut bounds = Vec::new();
        let mut is_slice = false;
        while self.sign(']').is_none() {
            if self.sign(':').is_some() {
                is_slice = true;
            } else {
                bounds.push(self.expression()?);
            }
        }
        if is_slice {
            return Some(ExpressionKind::Slice { of, bounds });
        }
        Some(ExpressionKind::Element { of, index: Box::new(bounds.pop()?), optional })
    }

    fn list(&mut self) -> Option<ExpressionKind<'t>> {
        self.sign('[')?;
        let mut items = Vec::new();
        while self.sign(']').is_none() {
            if self.is_sign('.') {
                self.spread()?;
                let spread = self.expression()?;
                let range = spread.range.clone();
                items.push(Expression { kind: ExpressionKind::Operation(vec![spread]), range });
            } else {
                items.push(self.expression()?);
                if self.take(TemplateToken::Word("for")) {
                    return self.comprehension(items.pop()?);
                }
            }
            if self.sign(',').is_none() && !self.is_sign(']') {
                return None;
            }
        }
        Some(ExpressionKind::List(items))
    }

    fn comprehension(&mut self, value: Expression<'t>) -> Option<ExpressionKind<'t>> {
        let (key, variable) = self.loop_variables()?;
        let list = Box::new(self.operators()?);
        let condition = if self.take(TemplateToken::Word("if")) { Some(Box::new(self.operators()?)) } else { None };
        self.sign(']')?;
        Some(ExpressionKind::Comprehension { value: Box::new(value), key, variable, list, condition })
    }

    fn map(&mut self) -> Option<ExpressionKind<'t>> {
        self.sign('{')?;
        let mut values = Vec::new();
        while self.sign('}').is_none() {
            if self.is_sign('.') {
                self.spread()?;
            } else {
                // The key.
                self.primary()?;
                self.sign(':')?;
            }
            values.push(self.expression()?);
            if self.sign(',').is_none() && !self.is_sign('}') {
                return None;
            }
        }
        Some(ExpressionKind::Operation(values))
    }

    /// Reads arguments in parentheses, if there are any.
    fn optional_arguments(&mut self) -> Option<Vec<Argument<'t>>> {
        let mut arguments = Vec::new();
        if self.sign('(').is_none() {
            return Some(arguments);
        }
        while self.sign(')').is_none() {
            let range = self.range();
            let name = self.word()?;
            self.sign('=')?;
            arguments.push(Argument { name, range, value: self.expression()? });
            if self.sign(',').is_none() && !self.is_sign(')') {
                return None;
            }
        }
        Some(arguments)
    }
}

/// Whether two signs are one operator.
fn is_double(first: char, second: char) -> bool {
    matches!((first, second), ('=' | '!' | '<' | '>', '=') | ('*', '*') | ('/', '/'))
}

#[cfg(test)]
mod tests {
    use super::Template;
    use crate::embedded::TEMPLATES;

    #[test]
    fn parses_every_built_in_template() {
        for (name, text) in TEMPLATES.iter().filter(|(name, _)| name.ends_with(".html")) {
            assert!(Template::parse(text).is_some(), "{name}");
        }
    }

    /// Whether Tera parses a template, regardless of the names that it uses.
    fn tera_parses(text: &str) -> bool {
        let circular = ("", "{% extends \"\" %}");
        let error = tera::Tera::default().add_raw_templates([("a", text), circular]).expect_err("a circular template");
        !matches!(error.kind(), tera::ErrorKind::SyntaxError(_))
    }

    #[test]
    fn parses_what_tera_parses() {
        for text in [
            "{{ a.b?.c[0]?[\"d\"][1:2][::-1] | upper | nth(n=1, ) ~ b ** 2 // 3 }}",
            "{{ 1.5 + 1000 - 25 if c is not defined and not d else 'e' }}",
            "{{ [a, ...b, [c]] }}{{ {\"a\": b, ...c, 1: d} }}{{ [a.b | str for a in b if a.c == 1] }}",
            "{{ [k for k, v in m] }}{{ (a or b)[0] }}{{ a not in b }}{{ a<b }}{{ not a is defined }}",
            "{% set a = b %}{% set_global a = b.c | default(value=[]) %}{% set a | trim | upper %}x{% endset %}",
            "{% for a, b in c %}{% if a %}{% continue %}{% elif b %}{% break %}{% else %}x{% endif %}{% else %}y{% endfor %}",
            "{% filter upper | replace(from=\"a\", to=b) %}x{% endfilter %}{% block a %}{% endblock a %}",
            "{% component x.y(a: string = \"b\", @c = 1, d, ...rest) {\"meta\": 1} %}{{ a }}{{ body }}{% endcomponent x.y %}",
            "{{ <x.y a=\"b\" c={d.e} f {...g} /> }}{% <x.y a=\"b\"> %}{{ h }}{% </x.y> %}",
            "{% raw %}{{ }}{% endraw %}{# {{ #}{% include \"a.html\" %}{{ -a }}{{ a - -1 }}",
        ] {
            assert!(tera_parses(text), "{text}");
            assert!(Template::parse(text).is_some(), "{text}");
        }
        for text in ["{% endif %}", "{% if a %}", "{{ a b }}", "{{ a? }}", "{{ a. }}"] {
            assert!(!tera_parses(text), "{text}");
            assert!(Template::parse(text).is_none(), "{text}");
        }
    }
}
