//! The theme's own scripts without what only their authors read: lines that are comments, and indentation.
//!
//! It looks at lines, not at tokens, which is right for scripts that keep to two habits: no string goes over a line's
//! end, and neither does a comment. A test holds the theme's scripts to them. Those of publishers are left alone.

/// The script in fewer bytes.
pub fn plain(script: &str) -> String {
    let mut out = String::with_capacity(script.len());
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty() && !is_comment(line)) {
        out += line;
        out.push('\n');
    }
    out
}

/// Whether a line, without its indentation, is a comment and nothing else.
fn is_comment(line: &str) -> bool {
    line.starts_with("//") || (line.starts_with("/*") && line.find("*/") == Some(line.len() - 2))
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn comments_and_indentation_go_and_code_stays() {
        let script = "// About.\n\n/** What it does. */\nfunction f() {\n  // Why.\n  return `a // b`; // kept\n}\n";
        assert_eq!(plain(script), "function f() {\nreturn `a // b`; // kept\n}\n");
        assert_eq!(plain("/* a */ b();\n"), "/* a */ b();\n");
    }

    #[test]
    fn the_themes_scripts_end_their_strings_and_comments_where_their_lines_end() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("static/js");
        for entry in std::fs::read_dir(folder).expect("static/js") {
            let path = entry.expect("an entry").path();
            let text = std::fs::read_to_string(&path).expect("a script");
            for (at, line) in text.lines().enumerate() {
                let place = format!("{}:{}", path.display(), at + 1);
                assert!(line.matches('`').count().is_multiple_of(2), "{place}: a string goes on");
                assert_eq!(line.matches("/*").count(), line.matches("*/").count(), "{place}: a comment goes on");
            }
        }
    }
}
