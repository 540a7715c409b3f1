//! The variables of templates and their types, as `docs/templates.md` documents them.
//!
//! The suite compares that page with the values that templates receive in a build, so it is complete.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The reference of templates.
const REFERENCE: &str = include_str!("../../docs/templates.md");

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ValueType {
    /// A value about which nothing is known.
    Any,
    /// A value without fields, with the name of its type: `string`, `integer`, `boolean`, `HTML` or `JSON`.
    Plain(&'static str),
    List(Box<ValueType>),
    /// A value with fields, by the name of its type, such as `PageView`.
    Object(&'static str),
}

/// The documented variables and types.
#[derive(Debug, Default)]
pub(super) struct Documented {
    /// The variables of each template that candor renders.
    pub templates: HashMap<&'static str, Vec<(&'static str, ValueType)>>,
    /// The fields of each type with fields.
    pub types: HashMap<&'static str, Vec<(&'static str, ValueType)>>,
}

impl Documented {
    /// Returns the variables and types of this version.
    pub fn get() -> &'static Documented {
        static DOCUMENTED: LazyLock<Documented> = LazyLock::new(|| Documented::read(REFERENCE));
        &DOCUMENTED
    }

    fn read(page: &'static str) -> Documented {
        let mut documented = Documented::default();
        let (mut chapter, mut part) = ("", "");
        let mut groups: HashMap<&str, Vec<&str>> = HashMap::new();
        let mut rows = Vec::new();
        for line in page.lines() {
            if let Some(heading) = line.strip_prefix("## ") {
                (chapter, part) = (heading, "");
            } else if let Some(heading) = line.strip_prefix("### ") {
                part = heading;
            } else if let Some(row) = line.strip_prefix("| ") {
                let cells: Vec<&'static str> = row.split(" | ").collect();
                match (chapter, cells.as_slice()) {
                    ("Templates", [name, ..]) => groups.entry(part).or_default().extend(code(name)),
                    ("Variables", [template, variable, type_name, ..]) => {
                        rows.extend(code(variable).map(|variable| (*template, variable, value_type(type_name))));
                    }
                    ("Types", [field, type_name, ..]) => {
                        let fields = documented.types.entry(part).or_default();
                        fields.extend(code(field).map(|field| (field, value_type(type_name))));
                    }
                    _ => {}
                }
            }
        }
        for (template, variable, value) in rows {
            let templates = match template {
                "every page" => groups["Pages"].clone(),
                "every list and entry" => [&groups["Lists"][..], &groups["Entries"][..]].concat(),
                one => code(one).into_iter().collect(),
            };
            for template in templates {
                documented.templates.entry(template).or_default().push((variable, value.clone()));
            }
        }
        documented
    }

    /// Returns the type of a field of a type with fields; `None` if it does not have the field.
    pub fn field(&self, of: &str, name: &str) -> Option<ValueType> {
        let mut types = self.types.get(of)?.iter().filter(|(field, _)| *field == name).map(|(_, value)| value);
        let first = types.next()?;
        // Some kinds of a value have fields with the same name.
        Some(if types.all(|other| other == first) { first.clone() } else { ValueType::Any })
    }

    /// Returns the names of the fields of a type.
    pub fn fields(&self, of: &str) -> Vec<&'static str> {
        let mut names: Vec<&str> = self.types.get(of).into_iter().flatten().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// Returns the content of a cell that is code.
fn code(cell: &'static str) -> Option<&'static str> {
    cell.strip_prefix('`')?.strip_suffix('`')
}

/// Reads a documented type, such as ``list of [Line](#line) or none``.
fn value_type(text: &'static str) -> ValueType {
    let text = text.split(", if ").next().unwrap_or_default().trim_end_matches(" or none");
    if let Some(element) = text.strip_prefix("list of ") {
        return ValueType::List(Box::new(value_type(element)));
    }
    match text {
        "pairs of strings" => ValueType::List(Box::new(ValueType::Plain("string"))),
        "strings" => ValueType::Plain("string"),
        "string" | "integer" | "boolean" | "HTML" | "JSON" => ValueType::Plain(text),
        _ => match text.strip_prefix('[').and_then(|text| text.split_once("](")) {
            Some((name, _)) => ValueType::Object(name),
            None => ValueType::Any,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{Documented, ValueType};

    #[test]
    fn reads_every_variable_and_type_of_the_reference() {
        let documented = Documented::get();
        let variable = |template: &str, name: &str| {
            let variables = documented.templates.get(template).unwrap_or_else(|| panic!("{template} has no variables"));
            variables.iter().find(|(variable, _)| *variable == name).map(|(_, value)| value.clone())
        };
        assert_eq!(variable("index.html", "page"), Some(ValueType::Object("PageView")));
        assert_eq!(variable("index.html", "release"), Some(ValueType::Object("ReleaseView")));
        assert_eq!(variable("lists/faq.html", "page"), Some(ValueType::Object("PageView")));
        assert_eq!(variable("lists/faq.html", "site"), None);
        assert_eq!(variable("lists/faq.html", "items"), Some(ValueType::List(Box::new(ValueType::Object("FaqView")))));
        let pairs = ValueType::List(Box::new(ValueType::List(Box::new(ValueType::Plain("string")))));
        assert_eq!(variable("schedule.html", "particulars"), Some(pairs));
        assert_eq!(documented.field("PartChange", "text"), Some(ValueType::Plain("string")));
        assert_eq!(documented.field("PartChange", "nope"), None);
        let variables = documented.templates.values().flatten();
        for (name, value) in variables.chain(documented.types.values().flatten()) {
            fn known(value: &ValueType) -> bool {
                match value {
                    ValueType::Any => false,
                    ValueType::Plain(_) => true,
                    ValueType::List(element) => known(element),
                    ValueType::Object(name) => !Documented::get().fields(name).is_empty(),
                }
            }
            assert!(known(value), "{name}: {value:?}");
        }
    }
}
