//! Reads conditions, and the dimensions that they use.

use super::decode::{Decoder, Value, quoted, subject};
use super::values::{entries, some};
use super::yaml::{Kind, Node, YamlEntry};
use crate::diagnostic::{Code, nearest};
use crate::model::condition::RESERVED;
use crate::model::{AnyOf, Condition, ConditionLeaf, ConditionTest, Dimensions, Id};

impl Value for AnyOf {
    /// Reads one string, or a list of strings.
    fn read(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<AnyOf> {
        match node.kind {
            Kind::List(_) => some(node, at, decoder).map(AnyOf),
            _ => String::read(node, at, decoder).map(|value| AnyOf(vec![value])),
        }
    }
}

impl Value for Condition {
    fn read(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<Condition> {
        let Kind::Map(all) = &node.kind else {
            decoder.wrong_type(node, at, "a map of fields", "write fields, such as `feature: ...`");
            return None;
        };
        decoder.repeated_keys(all);
        let stated: Vec<&YamlEntry> = all.iter().filter(|entry| entry.value.kind != Kind::Null).collect();
        let mut label = None;
        let mut combined: Vec<(&YamlEntry, Option<ConditionTest>)> = Vec::new();
        let mut leaf: Option<ConditionLeaf> = None;
        let mut complete = true;
        for entry in &stated {
            let YamlEntry { key, key_range, value, .. } = entry;
            let path = format!("{at}.{key}");
            decoder.remember(format!("{path}#key"), key_range);
            match key.as_str() {
                "all" => combined.push((entry, decoder.value(value, &path, some).map(ConditionTest::All))),
                "any" => combined.push((entry, decoder.value(value, &path, some).map(ConditionTest::Any))),
                "unless" => {
                    let test = decoder
                        .value(value, &path, |node, at, decoder| Condition::read(node, at, decoder).map(Box::new));
                    combined.push((entry, test.map(ConditionTest::Unless)));
                }
                "label" => label = decoder.value(value, &path, String::read),
                "when" => {
                    let when = decoder.value(value, &path, Value::read);
                    complete &= when.is_some();
                    leaf.get_or_insert_default().when = when;
                }
                "feature" => {
                    let features = decoder.value(value, &path, AnyOf::read);
                    complete &= features.is_some();
                    leaf.get_or_insert_default().features = features.unwrap_or_default();
                }
                dimension => match dimension.parse::<Id>() {
                    Ok(_) => {
                        let values = decoder.value(value, &path, AnyOf::read);
                        complete &= values.is_some();
                        let leaf = leaf.get_or_insert_default();
                        leaf.dimensions.insert(dimension.to_owned(), values.unwrap_or_default());
                    }
                    Err(_) => {
                        complete = false;
                        let help = match nearest(dimension, RESERVED) {
                            Some(near) => format!("did you mean `{near}`?"),
                            None => {
                                format!("use one of {}, or a dimension that site.yaml declares", RESERVED.join(", "))
                            }
                        };
                        let message = format!("unknown field `{}`", quoted(dimension));
                        decoder.error(Code::UnknownField, message, key_range, help);
                    }
                },
            }
        }
        let test = match (combined.as_mut_slice(), leaf) {
            ([(_, test)], None) => test.take()?,
            ([], Some(leaf)) => leaf_test(leaf, &stated, node, decoder).filter(|_| complete)?,
            ([], None) if !complete => return None,
            ([], None) => {
                let message = format!("{} states no condition", subject(at));
                let help = "add `feature:`, a dimension, `all:`, `any:` or `unless:`, or remove it";
                decoder.error(Code::BadCondition, message, &node.range, help);
                return None;
            }
            ([(first, _), ..], _) => {
                let message = format!("`{}` cannot be combined with other fields of a condition", first.key);
                let range = first.key_range.clone();
                decoder.error(Code::BadCondition, message, &range, "put each condition into a list entry of `all:`");
                return None;
            }
        };
        Some(Condition { label, ..Condition::of(test) })
    }
}

/// Checks that a leaf with `when` names the feature.
fn leaf_test(
    leaf: ConditionLeaf,
    stated: &[&YamlEntry],
    node: &Node,
    decoder: &mut Decoder<'_>,
) -> Option<ConditionTest> {
    let has_feature = stated.iter().any(|entry| entry.key == "feature");
    if leaf.when.is_some() && !has_feature {
        let help = "add `feature: ...` to these fields";
        decoder.error(Code::MissingField, "`feature` is missing".to_owned(), &node.range, help);
        return None;
    }
    Some(ConditionTest::Leaf(leaf))
}

impl Value for Dimensions {
    fn read(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<Dimensions> {
        entries(node, at, decoder, some, |key, range, decoder| match key.parse::<Id>() {
            Ok(_) if RESERVED.contains(&key) => {
                let message = format!("`{key}` cannot be a dimension, because conditions use it");
                decoder.error(Code::BadId, message, range, "use another name");
                None
            }
            Ok(id) => Some(id),
            Err(malformed) => {
                decoder.error(Code::BadId, malformed.message, range, malformed.help);
                None
            }
        })
        .map(Dimensions)
    }
}
