//! The content security policy of a preview page: the CDN's, and just enough for the reload script.

/// What the preview's own files need; all of it from the page's own origin.
const NEEDS: [&str; 3] = ["script-src", "style-src", "connect-src"];

/// A policy that also lets the preview's script, its style sheet and its events pass (CSP level 3 section 6.7).
///
/// A directive that is missing would fall back to `default-src`, so it is written out with that list first; all other
/// directives stay as they are, so that what breaks under the policy on the CDN breaks in the preview too.
pub fn for_preview(policy: &str) -> String {
    let mut directives: Vec<(String, Vec<&str>)> = Vec::new();
    for directive in policy.split(';') {
        let mut words = directive.split_ascii_whitespace();
        if let Some(name) = words.next() {
            directives.push((name.to_ascii_lowercase(), words.collect()));
        }
    }
    for needed in NEEDS {
        let find = |name: &str| directives.iter().position(|(directive, _)| directive == name);
        match (find(needed), find("default-src")) {
            (Some(at), _) => allow_self(&mut directives[at].1),
            (None, Some(fallback)) => {
                let mut sources = directives[fallback].1.clone();
                allow_self(&mut sources);
                directives.push((needed.to_owned(), sources));
            }
            // Neither: nothing is forbidden.
            (None, None) => {}
        }
    }
    let joined: Vec<_> =
        directives.into_iter().map(|(name, sources)| [vec![name.as_str()], sources].concat().join(" ")).collect();
    joined.join("; ")
}

fn allow_self(sources: &mut Vec<&str>) {
    if !sources.iter().any(|source| *source == "*" || source.eq_ignore_ascii_case("'self'")) {
        // 'none' counts only when it stands alone.
        sources.retain(|source| !source.eq_ignore_ascii_case("'none'"));
        sources.push("'self'");
    }
}

#[cfg(test)]
mod tests {
    use super::for_preview;

    #[test]
    fn only_what_the_reload_script_needs_is_added() {
        assert_eq!(
            for_preview("default-src 'none'; img-src 'self'; style-src 'self'; script-src 'none'"),
            "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'"
        );
        assert_eq!(
            for_preview("default-src 'self' data:"),
            "default-src 'self' data:; script-src 'self' data:; style-src 'self' data:; connect-src 'self' data:"
        );
    }

    #[test]
    fn a_policy_that_forbids_nothing_stays_as_it_is() {
        assert_eq!(for_preview("frame-ancestors 'none'"), "frame-ancestors 'none'");
        assert_eq!(for_preview(" ; "), "");
    }
}
