//! The content security policy of a preview page: the CDN's policy, extended only for the reload script.

/// The directives that the preview's own files need; all of these files have the page's own origin.
const NEEDS: [&str; 3] = ["script-src", "style-src", "connect-src"];

/// Extends a policy to allow the preview's script, style sheet and events (CSP level 3 section 6.7).
///
/// A missing directive falls back to `default-src`, so it is added with that list first. All other directives are
/// unchanged, so that what breaks under the policy on the CDN also breaks in the preview.
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
            // Neither directive is present, so nothing is forbidden.
            (None, None) => {}
        }
    }
    let joined: Vec<_> =
        directives.into_iter().map(|(name, sources)| [vec![name.as_str()], sources].concat().join(" ")).collect();
    joined.join("; ")
}

fn allow_self(sources: &mut Vec<&str>) {
    if !sources.iter().any(|source| *source == "*" || source.eq_ignore_ascii_case("'self'")) {
        // 'none' is valid only as the single source.
        sources.retain(|source| !source.eq_ignore_ascii_case("'none'"));
        sources.push("'self'");
    }
}

#[cfg(test)]
mod tests {
    use super::for_preview;

    #[test]
    fn adds_only_what_the_reload_script_needs() {
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
    fn does_not_change_a_policy_that_forbids_nothing() {
        assert_eq!(for_preview("frame-ancestors 'none'"), "frame-ancestors 'none'");
        assert_eq!(for_preview(" ; "), "");
    }
}
