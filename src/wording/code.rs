//! The code of a project, or how it differs from another checkout, as text for people.

use std::fmt::Write;

use crate::diagnostic::Remedy;
use crate::model::{CodeFile, CodeReview};
use crate::text::markdown::escape;

/// Returns the sentence that follows the list if there is no base to compare with.
fn not_compared() -> String {
    format!("Releases do not record code: {}.", Remedy::CompareCode)
}

/// Formats the code for a terminal, with two lines for each file.
pub fn terminal(review: &CodeReview) -> String {
    let mut text = format!("\n{}\n", heading(review));
    for file in &review.files {
        // A path may contain control characters.
        let path: String = file.path.escape_debug().collect();
        let _ = writeln!(text, "  {} {path} ({})", symbol(file), what(file));
        let _ = writeln!(text, "      sha256 {}", file.sha256);
    }
    if review.base.is_none() {
        let _ = writeln!(text, "  {}", not_compared());
    }
    text
}

/// Formats the code as a Markdown list.
pub fn markdown(review: &CodeReview) -> String {
    let mut text = format!("\n**{}**\n\n", escape(&heading(review)));
    for file in &review.files {
        let path: String = file.path.escape_debug().collect();
        let _ = writeln!(text, "- `{}` **{}** ({}): `{}`", symbol(file), escape(&path), what(file), file.sha256);
    }
    if review.base.is_none() {
        let _ = writeln!(text, "\n{}", escape(&not_compared()));
    }
    text
}

fn heading(review: &CodeReview) -> String {
    match &review.base {
        None => "Code of the project".to_owned(),
        Some(base) if review.files.is_empty() => format!("Code: the same as in {}", base.escape_debug()),
        Some(base) => format!("Code, compared with {}", base.escape_debug()),
    }
}

fn symbol(file: &CodeFile) -> char {
    use crate::model::CodeChange;
    match file.change {
        Some(CodeChange::Added) => '+',
        Some(CodeChange::Removed) => '-',
        Some(CodeChange::Changed) => '~',
        None => '·',
    }
}

fn what(file: &CodeFile) -> String {
    match file.change {
        Some(change) => format!("{}, {}", file.kind.as_str(), change.as_str()),
        None => file.kind.as_str().to_owned(),
    }
}
