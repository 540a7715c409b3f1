//! The outline of a template: its references and definitions.

use std::collections::HashSet;
use std::ops::Range;

use super::tokens::{TemplateToken, tokens};

/// The kind of thing that a template refers to by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum ReferenceKind {
    Filter,
    Test,
    Function,
    Component,
    /// A template that is included.
    Template,
}

impl ReferenceKind {
    pub fn as_str(self) -> &'static str {
        match self {
            ReferenceKind::Filter => "filter",
            ReferenceKind::Test => "test",
            ReferenceKind::Function => "function",
            ReferenceKind::Component => "component",
            ReferenceKind::Template => "template",
        }
    }
}

/// A name, and its place in the template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub name: String,
    pub range: Range<usize>,
}

/// The references and definitions of a template.
#[derive(Debug, Default)]
pub(super) struct TemplateOutline {
    /// Its references, in order.
    pub references: Vec<(ReferenceKind, Named)>,
    /// The template that it extends.
    pub extends: Option<Named>,
    /// The components that it defines.
    pub components: HashSet<String>,
    /// The names of all blocks.
    pub blocks: HashSet<String>,
    /// The blocks outside of other blocks. If the template extends another one, they replace the blocks of that.
    pub outer_blocks: Vec<Named>,
}

impl TemplateOutline {
    /// Reads a template. If it cannot be parsed, the outline is incomplete.
    pub fn of(text: &str) -> TemplateOutline {
        let tokens: Vec<(TemplateToken<'_>, Range<usize>)> = tokens(text).collect();
        let token = |at: usize| tokens.get(at).map(|(token, _)| *token);
        let mut outline = TemplateOutline::default();
        let mut depth = 0_usize;
        for at in 0..tokens.len() {
            let before = at.checked_sub(1).and_then(token);
            let named = |name: &str| Named { name: name.to_owned(), range: tokens[at].1.clone() };
            let mut refer = |kind, name: &str| outline.references.push((kind, named(name)));
            let in_tag = before == Some(TemplateToken::TagStart);
            match tokens[at].0 {
                TemplateToken::Word("endblock") if in_tag => depth = depth.saturating_sub(1),
                // The keyword of a tag.
                TemplateToken::Word(_) if in_tag => {}
                TemplateToken::Word(name) => match before {
                    Some(TemplateToken::Sign('|')) => refer(ReferenceKind::Filter, name),
                    // A spread, `...name`, is not an attribute.
                    Some(TemplateToken::Sign('.'))
                        if at.checked_sub(2).and_then(token) != Some(TemplateToken::Sign('.')) => {}
                    Some(TemplateToken::Sign('<')) if !is_operand(at.checked_sub(2).and_then(token)) => {
                        refer(ReferenceKind::Component, &dotted(&tokens[at..]));
                    }
                    Some(TemplateToken::Word("filter")) if is_tag(&tokens, at) => refer(ReferenceKind::Filter, name),
                    Some(TemplateToken::Word("block")) if is_tag(&tokens, at) => {
                        outline.blocks.insert(name.to_owned());
                        if depth == 0 {
                            outline.outer_blocks.push(named(name));
                        }
                        depth += 1;
                    }
                    Some(TemplateToken::Word("component")) if is_tag(&tokens, at) => {
                        outline.components.insert(dotted(&tokens[at..]));
                    }
                    Some(TemplateToken::Word("is")) if name != "not" && is_infix(&tokens, at - 1) => {
                        refer(ReferenceKind::Test, name)
                    }
                    Some(TemplateToken::Word("not"))
                        if at.checked_sub(2).and_then(token) == Some(TemplateToken::Word("is"))
                            && is_infix(&tokens, at - 2) =>
                    {
                        refer(ReferenceKind::Test, name);
                    }
                    _ if token(at + 1) == Some(TemplateToken::Sign('('))
                        && !KEYWORDS.contains(&name)
                        && !CONSTANTS.contains(&name)
                        && name != "super" =>
                    {
                        refer(ReferenceKind::Function, name);
                    }
                    _ => {}
                },
                TemplateToken::Text(name) if is_tag(&tokens, at) => match before {
                    Some(TemplateToken::Word("include")) => refer(ReferenceKind::Template, &unescaped(name)),
                    Some(TemplateToken::Word("extends")) => outline.extends = Some(named(&unescaped(name))),
                    _ => {}
                },
                _ => {}
            }
        }
        outline
    }
}

/// Words after which an expression begins.
const KEYWORDS: &[&str] = &["and", "elif", "else", "for", "if", "in", "is", "not", "or"];

/// Words that are values.
const CONSTANTS: &[&str] = &["none", "None", "null", "true", "True", "false", "False"];

/// Whether an operand ends with this token, so that an operator follows.
fn is_operand(token: Option<TemplateToken<'_>>) -> bool {
    match token {
        Some(TemplateToken::Word(word)) => !KEYWORDS.contains(&word),
        Some(TemplateToken::Text(_) | TemplateToken::Number | TemplateToken::Sign(')' | ']' | '}')) => true,
        _ => false,
    }
}

/// Whether the token is the first after the keyword of a tag.
fn is_tag(tokens: &[(TemplateToken<'_>, Range<usize>)], at: usize) -> bool {
    at.checked_sub(2).is_some_and(|at| tokens[at].0 == TemplateToken::TagStart)
}

/// Whether the word is an operator between operands.
fn is_infix(tokens: &[(TemplateToken<'_>, Range<usize>)], at: usize) -> bool {
    is_operand(at.checked_sub(1).map(|at| tokens[at].0))
}

/// Returns the name of a component, which may contain dots.
fn dotted(tokens: &[(TemplateToken<'_>, Range<usize>)]) -> String {
    let mut name = String::new();
    let mut tokens = tokens.iter().map(|(token, _)| *token);
    while let Some(TemplateToken::Word(word)) = tokens.next() {
        name.push_str(word);
        if tokens.next() != Some(TemplateToken::Sign('.')) {
            break;
        }
        name.push('.');
    }
    name
}

/// Removes the escapes of a string.
pub(super) fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        plain.push(match c {
            '\\' => match chars.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('r') => '\r',
                Some(other) => other,
                None => break,
            },
            _ => c,
        });
    }
    plain
}
