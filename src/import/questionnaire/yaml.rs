//! Writes `questionnaires/NAME.yaml` in the style of a handwritten file.

use std::fmt::{Display, Write};

use crate::model::{Answer, Id, Question, Questionnaire};
use crate::text::yaml::scalar;

/// Formats a questionnaire as a YAML file. If `origin` is not empty, the first line is a comment that mentions it.
pub fn questionnaire_to_yaml(questionnaire: &Questionnaire, origin: &str) -> String {
    // List all fields, so that the compiler reports a field that is added to the model. The file name is the id.
    let Questionnaire { id: _, title, standard, version, reviewed, owner, questions } = questionnaire;
    let mut out = String::new();
    if !origin.is_empty() {
        let origin: String = origin.chars().map(|c| if c.is_control() { '?' } else { c }).collect();
        let _ = writeln!(
            out,
            "# Imported from {origin} with `candor import --questionnaire`. From now on, edit this file."
        );
    }
    field("", "title", Some(title), &mut out);
    field("", "standard", standard.as_ref(), &mut out);
    field("", "version", version.as_ref(), &mut out);
    field("", "reviewed", reviewed.as_ref(), &mut out);
    field("", "owner", owner.as_ref(), &mut out);
    out.push_str("questions:\n");
    for question in questions {
        let Question { id, number, question, section, answer, explanation, evidence, reviewed } = question;
        let _ = writeln!(out, "  - id: {}", scalar(id.as_str()));
        let indent = "    ";
        field(indent, "number", number.as_ref(), &mut out);
        field(indent, "question", Some(question), &mut out);
        field(indent, "section", section.as_ref(), &mut out);
        if let Some(answer) = answer {
            // The words `yes` and `no` are answers here, and need no quotes.
            let _ = writeln!(out, "{indent}answer: {}", Answer::as_str(answer));
        }
        if let Some(explanation) = explanation {
            block(indent, "explanation", explanation, &mut out);
        }
        if !evidence.is_empty() {
            let ids: Vec<String> = evidence.iter().map(Id::as_str).map(scalar).collect();
            let _ = writeln!(out, "{indent}evidence: [{}]", ids.join(", "));
        }
        field(indent, "reviewed", reviewed.as_ref(), &mut out);
    }
    out
}

fn field(indent: &str, name: &str, value: Option<impl Display>, out: &mut String) {
    if let Some(value) = value {
        let _ = writeln!(out, "{indent}{name}: {}", scalar(&value.to_string()));
    }
}

/// Writes text with several lines as a literal block, if YAML keeps it as it is.
fn block(indent: &str, name: &str, text: &str, out: &mut String) {
    let is_literal =
        |line: &str| !line.starts_with([' ', '\t']) && !line.chars().any(|c| c.is_control() || is_break(c));
    if !text.contains('\n') || !text.split('\n').all(is_literal) || text.starts_with('\n') || text.ends_with('\n') {
        return field(indent, name, Some(text), out);
    }
    let _ = writeln!(out, "{indent}{name}: |-");
    for line in text.split('\n') {
        match line.is_empty() {
            true => out.push('\n'),
            false => {
                let _ = writeln!(out, "{indent}  {line}");
            }
        }
    }
}

/// Whether YAML takes a character for a line break, or does not keep it.
fn is_break(c: char) -> bool {
    matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}
