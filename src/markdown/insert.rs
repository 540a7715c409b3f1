//! Inserts Markdown into a larger Markdown document.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag};

use super::href::{self, LinkTarget};

/// Returns the text with its highest heading at level `base` (1 to 6), and with links to files of the site replaced by
/// `address(PATH)`, where `PATH` is relative to the root of the site. Everything else is unchanged.
pub fn insert(text: &str, base: u8, address: &dyn Fn(&str) -> String) -> String {
    let (events, _) = super::parse(text, super::dialect());
    let levels = events.iter().filter_map(|(event, _)| match event {
        Event::Start(Tag::Heading { level, .. }) => Some(*level as usize),
        _ => None,
    });
    let deeper = usize::from(base).saturating_sub(levels.min().unwrap_or(usize::from(base)));
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for (event, range) in &events {
        match event {
            Event::Start(Tag::Heading { level, .. }) if deeper > 0 => {
                edits.extend(heading(text, range, *level as usize, deeper));
            }
            Event::Start(
                Tag::Link { link_type: LinkType::Inline, dest_url, .. }
                | Tag::Image { link_type: LinkType::Inline, dest_url, .. },
            ) => {
                if let Ok(LinkTarget::Site { path, suffix }) = href::parse(dest_url)
                    && let Some(at) = text[range.clone()].rfind(&**dest_url).filter(|_| !dest_url.is_empty())
                {
                    let start = range.start + at;
                    edits.push((start..start + dest_url.len(), format!("{}{suffix}", address(&path))));
                }
            }
            _ => {}
        }
    }
    edits.sort_by_key(|(range, _)| range.start);
    let mut inserted = String::with_capacity(text.len() + 16);
    let mut from = 0;
    for (range, replacement) in edits {
        // Skip links in an underlined heading, which was already rewritten.
        if range.start >= from {
            inserted.push_str(&text[from..range.start]);
            inserted.push_str(&replacement);
            from = range.end;
        }
    }
    inserted.push_str(&text[from..]);
    inserted
}

/// Rewrites a heading: adds `#` signs, or replaces an underline with `#` signs.
fn heading(text: &str, range: &Range<usize>, level: usize, deeper: usize) -> Option<(Range<usize>, String)> {
    let typed = &text[range.clone()];
    if typed.starts_with('#') {
        let more = deeper.min(6_usize.saturating_sub(level));
        return Some((range.start..range.start, "#".repeat(more)));
    }
    let (title, _underline) = typed.trim_end().rsplit_once('\n')?;
    let title = title.split('\n').map(str::trim).collect::<Vec<_>>().join(" ");
    Some((range.clone(), format!("{} {title}\n", "#".repeat((level + deeper).min(6)))))
}

#[cfg(test)]
mod tests {
    use super::insert;

    fn inserted(text: &str) -> String {
        insert(text, 3, &|path| format!("https://t.example/{path}"))
    }

    #[test]
    fn headings_are_moved_below_the_base_level() {
        assert_eq!(inserted("# A\n\ntext\n\n## B\n"), "### A\n\ntext\n\n#### B\n");
        assert_eq!(inserted("A\nb\n===\n\ntext\n"), "### A b\n\ntext\n");
        assert_eq!(inserted("```\n# no heading\n```\n\n### C"), "```\n# no heading\n```\n\n### C");
    }

    #[test]
    fn links_to_files_of_the_site_become_absolute() {
        let text = "[a](/documents/a.pdf#p2) [b](https://b.example) ![c](c.png \"C\") [d](#d)";
        let expected = "[a](https://t.example/documents/a.pdf#p2) [b](https://b.example) ![c](https://t.example/c.png \"C\") [d](#d)";
        assert_eq!(inserted(text), expected);
    }
}
