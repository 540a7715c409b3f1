//! The parts of a content file that are not values: comments, anchors, tags and directives of YAML, and the lines between front
//! matter and text. candor ignores them, but people read them when they review a change.

use std::ops::Range;
use std::sync::Arc;

use super::front_matter;
use super::yaml::{self, Kind, Node};
use crate::diagnostic::Source;

/// Returns the byte ranges of a YAML file, or of a Markdown file with front matter, that belong to no value. Returns nothing if the
/// file cannot be parsed, because that is a separate error.
pub fn unread(source: &Arc<Source>) -> Vec<Range<usize>> {
    let mut read = Vec::new();
    let range = if source.path.ends_with(".md") {
        let Ok(parts) = front_matter::split(source, "file") else { return Vec::new() };
        read.push(parts.body);
        parts.yaml
    } else {
        0..source.text.len()
    };
    let Ok(node) = yaml::parse(source, range) else { return Vec::new() };
    values(&node, &mut read);
    read.sort_by_key(|range| range.start);
    let mut gaps = Vec::new();
    let mut end = 0;
    for range in read {
        if range.start > end {
            gaps.push(end..range.start);
        }
        end = end.max(range.end);
    }
    gaps.push(end..source.text.len());
    gaps
}

/// Collects the ranges of all keys and scalars. The depth of YAML is limited.
fn values(node: &Node, read: &mut Vec<Range<usize>>) {
    match &node.kind {
        Kind::List(items) => items.iter().for_each(|item| values(item, read)),
        Kind::Map(entries) => {
            for entry in entries {
                read.push(entry.key_range.clone());
                values(&entry.value, read);
            }
        }
        Kind::Null | Kind::Bool | Kind::Number | Kind::Text(_) => read.push(node.range.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::unread;
    use crate::diagnostic::Source;

    fn left(path: &str, text: &str) -> String {
        let source = Source::new(path, text);
        unread(&source).into_iter().map(|range| source.text[range].to_owned()).collect()
    }

    #[test]
    fn returns_everything_but_keys_and_values() {
        let yaml = "# 1\n%YAML 1.2 # 2\n---\nkey: value # 3\nlong: | # 4\n  text # text\n\n  more\n# 5\nlist: # 6\n  - 'a # b' # 7\n  - &anchor !!str x\n  - {k: v} # 8\nfold: >-\n  one\n  two\n  # text\n# 9\n";
        let rest = left("a.yaml", &yaml.replace("%YAML 1.2 # 2\n---\n", ""));
        for number in [1, 3, 4, 5, 6, 7, 8, 9] {
            assert!(rest.contains(&format!("# {number}")), "{number} is missing in {rest:?}");
        }
        assert!(rest.contains("&anchor !!str"), "{rest:?}");
        for value in ["key", "value", "text", "more", "a # b", "one", "two", "x\n"] {
            assert!(!rest.contains(value), "{value} is in {rest:?}");
        }
        let markdown = "---\ntitle: A # 1\n# 2\n---\n\nText # 3\n\n";
        assert_eq!(left("a.md", markdown), "---\n:  # 1\n# 2\n---\n\n\n\n");
        assert_eq!(left("a.yaml", "a: [\n"), "");
    }
}
