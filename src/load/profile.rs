//! Profiles: lists of questions, each with the fields of the content that answer it.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use schemars::JsonSchema;

use super::decode::{Clash, Decoder, Value, record};
use super::values::some;
use super::yaml::{self, Kind};
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source};
use crate::model::{FieldPath, Id};
use crate::project::Project;

/// A question of a profile, and the fields of the content that answer it.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ProfileQuestion {
    /// Stable id, unique in the profile.
    pub id: Id,
    /// The question, as plain text.
    pub question: String,
    /// The fields of the content that answer it: one of them is enough.
    #[schemars(length(min = 1))]
    pub any_of: Vec<FieldPath>,
    /// What to do if the content does not answer it, as plain text.
    pub help: Option<String>,
}

record!(ProfileQuestion { id: required, question: required, any_of: required(some), help: optional });

/// A profile, with the places of its paths.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The questions.
    pub questions: Vec<ProfileQuestion>,
    /// The place of each path, by question.
    pub places: Vec<Vec<Option<Place>>>,
}

/// Reads the file of a profile of the project.
pub fn profile_file(project: &Project, path: &Path, report: &mut Report) -> Option<Arc<Source>> {
    super::text::read(project, path, report)
}

/// Reads a profile. Questions that cannot be read are left out.
pub fn profile(source: &Arc<Source>, report: &mut Report) -> Option<Profile> {
    let node = yaml::read(source, 0..source.text.len(), report)?;
    let Kind::List(items) = &node.kind else {
        let message = format!("`{}` must contain a list of questions", source.path);
        let place = Place::new(source, node.range);
        report
            .push(Diagnostic::new(Code::WrongType, message).at(place, "").help("begin each question with `- id: ...`"));
        return None;
    };
    let mut decoder = Decoder::new(source, report);
    let questions: Vec<ProfileQuestion> = decoder.items(items, "questions", Value::read);
    let mut firsts: HashMap<&Id, usize> = HashMap::new();
    for (at, question) in questions.iter().enumerate() {
        let Some(first) = firsts.get(&question.id) else {
            firsts.insert(&question.id, at);
            continue;
        };
        let range = |at: usize| decoder.range_of(&format!("questions[{at}].id")).unwrap_or_else(|| node.range.clone());
        let (second, first) = (range(at), range(*first));
        decoder.clash(Clash {
            code: Code::DuplicateId,
            message: format!("the id `{}` appears twice in the profile", question.id),
            second: &second,
            first: &first,
            first_text: "first here",
            help: "use a different id for one of them",
        });
    }
    let place = |question: usize, path: usize| {
        decoder.range_of(&format!("questions[{question}].any_of[{path}]")).map(|range| decoder.place(&range))
    };
    let of_question =
        |(at, question): (usize, &ProfileQuestion)| (0..question.any_of.len()).map(|path| place(at, path)).collect();
    let places = questions.iter().enumerate().map(of_question).collect();
    Some(Profile { questions, places })
}
