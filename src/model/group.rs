//! Groups items by heading.

use std::sync::Arc;

/// Groups the items of a list by heading. Items without a heading come first, because below a heading they would seem to
/// belong to it. The headings follow in the order of their first items.
pub fn grouped<T>(items: &[Arc<T>], heading: impl Fn(&T) -> Option<&str>) -> Vec<(Option<&str>, Vec<&Arc<T>>)> {
    let mut groups: Vec<(Option<&str>, Vec<&Arc<T>>)> = Vec::new();
    for item in items {
        let heading = heading(item);
        match groups.iter_mut().find(|(name, _)| *name == heading) {
            Some((_, group)) => group.push(item),
            None => groups.push((heading, vec![item])),
        }
    }
    // The sort is stable, so only the group without a heading moves.
    groups.sort_by_key(|(heading, _)| heading.is_some());
    groups
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::grouped;

    #[test]
    fn headings_appear_once_and_items_without_one_come_first() {
        let items: Vec<_> = [("a", Some("B")), ("b", None), ("c", Some("A")), ("d", Some("B")), ("e", None)]
            .map(Arc::new)
            .into_iter()
            .collect();
        let names =
            |group: Vec<&Arc<(&'static str, Option<&str>)>>| group.iter().map(|item| item.0).collect::<Vec<_>>();
        let groups: Vec<_> =
            grouped(&items, |item| item.1).into_iter().map(|(heading, group)| (heading, names(group))).collect();
        assert_eq!(groups, [(None, vec!["b", "e"]), (Some("B"), vec!["a", "d"]), (Some("A"), vec!["c"])]);
    }
}
