//! Minifies the theme's own scripts: removes lines that are comments, and indentation.
//!
//! It looks at lines, not at tokens. That is enough for scripts in which no string and no comment continues on another
//! line, which a test checks.

/// Returns the script without comment lines, empty lines and indentation.
pub fn minified(script: &str) -> String {
    let mut out = String::with_capacity(script.len());
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty() && !is_comment(line)) {
        out += line;
        out.push('\n');
    }
    out
}

/// Returns whether a trimmed line consists of a single comment.
fn is_comment(line: &str) -> bool {
    line.starts_with("//") || (line.starts_with("/*") && line.find("*/") == Some(line.len() - 2))
}

#[cfg(test)]
mod tests {
    use super::minified;

    #[test]
    fn removes_comments_and_indentation_and_keeps_code() {
        let script = "// About.\n\n/** What it does. */\nfunction f() {\n  // Why.\n  return `a // b`; // kept\n}\n";
        assert_eq!(minified(script), "function f() {\nreturn `a // b`; // kept\n}\n");
        assert_eq!(minified("/* a */ b();\n"), "/* a */ b();\n");
    }

    #[test]
    fn no_string_or_comment_of_the_theme_continues_on_another_line() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("static/js");
        for entry in std::fs::read_dir(folder).expect("static/js") {
            let path = entry.expect("an entry").path();
            let text = std::fs::read_to_string(&path).expect("a script");
            for (at, line) in text.lines().enumerate() {
                let place = format!("{}:{}", path.display(), at + 1);
                assert!(line.matches('`').count().is_multiple_of(2), "{place}: a string continues on the next line");
                assert_eq!(
                    line.matches("/*").count(),
                    line.matches("*/").count(),
                    "{place}: a comment continues on the next line"
                );
            }
        }
    }
}
