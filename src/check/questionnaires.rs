//! Rules for questionnaires: answers and their evidence, and reviews.

use std::collections::BTreeMap;

use super::Subject;
use super::dates::YEAR;
use crate::diagnostic::{Code, Diagnostic, Report, Suggestions};
use crate::model::{
    Answer, AnswerEvidence, CertificationStatus, ControlStatus, Date, Id, Item, List, Question, Questionnaire,
    Standing, Validity,
};

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    let disclosure = &subject.content.disclosure;
    if disclosure.questionnaires.is_empty() {
        return;
    }
    let facts = subject.facts;
    // For released content, the date of the release decides: content that is not changed gets no new error when a document expires.
    let decisive = *facts.releases.last().filter(|_| facts.unreleased.is_empty()).unwrap_or(&facts.as_of);
    let [then, now] = [decisive, facts.as_of].map(|date| (disclosure.in_effect_on(date), date));
    let [then, now] = [&then, &now].map(|(disclosure, date)| Evidence { items: disclosure.evidence(), date: *date });
    let suggestions = Suggestions::new(now.items.keys().map(|id| id.as_str()));
    let evidence = (&then, &now, &suggestions);
    for (at, item) in disclosure.questionnaires.iter().enumerate() {
        let path = format!("{}[{at}]", List::Questionnaires);
        reviews(subject, item, &path, report);
        for (nth, question) in item.questions.iter().enumerate() {
            let path = format!("{path}.questions[{nth}]");
            answer(subject, item, question, &path, report);
            for (nth, id) in question.evidence.iter().enumerate() {
                evidence_of(subject, evidence, (item, question), id, &format!("{path}.evidence[{nth}]"), report);
            }
        }
    }
}

/// What can be evidence on a date.
struct Evidence<'a> {
    items: BTreeMap<&'a Id, Vec<AnswerEvidence<'a>>>,
    date: Date,
}

impl Evidence<'_> {
    /// Returns why the nth item with an id does not support the answer "yes"; `None` if it may.
    fn contradiction(&self, id: &Id, nth: usize) -> Option<String> {
        contradiction(*self.items.get(id)?.get(nth)?, self.date)
    }
}

/// Reports a question without an answer.
fn answer(subject: &Subject<'_>, item: &Questionnaire, question: &Question, path: &str, report: &mut Report) {
    if question.is_unanswered() {
        let message = format!("question {} of `{}` has no answer", question.name(), item.title);
        let help = "add `answer:`, or `explanation:` if a word cannot answer it";
        report.push(subject.found(Code::QuestionUnanswered, message, &format!("{path}.id")).help(help));
    }
}

/// Reports evidence that does not exist, or that contradicts the answer "yes", on the date that decides or only now.
fn evidence_of(
    subject: &Subject<'_>,
    (then, now, suggestions): (&Evidence<'_>, &Evidence<'_>, &Suggestions<'_>),
    (questionnaire, question): (&Questionnaire, &Question),
    id: &Id,
    path: &str,
    report: &mut Report,
) {
    let Some(items) = now.items.get(id) else {
        if subject.facts.complete {
            let message = format!("no control, certification, document or FAQ entry has the id `{id}`");
            let help = match suggestions.nearest(id.as_str()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "use the id of an item, or remove it".to_owned(),
            };
            report.push(subject.found(Code::UnknownEvidence, message, path).help(help));
        }
        return;
    };
    if question.answer != Some(Answer::Yes) {
        return;
    }
    let name = format!("question {} of `{}`", question.name(), questionnaire.title);
    for nth in 0..items.len() {
        if let Some(reason) = then.contradiction(id, nth) {
            let message = format!("{name} is answered `yes`, but {reason}");
            let help = "correct the answer, or name other evidence";
            report.push(with_answer(subject, Code::AnswerContradictsEvidence, message, path).help(help));
        } else if let Some(reason) = now.contradiction(id, nth) {
            let message = format!("{name} is answered `yes`, but {reason}");
            let help = "renew the evidence, or correct the answer; the next release is refused until then";
            report.push(with_answer(subject, Code::EvidenceExpired, message, path).help(help));
        }
    }
}

/// Creates a diagnostic at evidence that also shows the answer.
fn with_answer(subject: &Subject<'_>, code: Code, message: String, path: &str) -> Diagnostic {
    let question = path.rsplit_once('.').map_or(path, |(question, _)| question);
    let place = subject.content.places.get(&format!("{question}.answer"));
    subject.found(code, message, path).at_known(place, "the answer")
}

/// Returns why the item does not support the answer "yes" on a date; `None` if it may.
fn contradiction(evidence: AnswerEvidence<'_>, date: Date) -> Option<String> {
    match evidence {
        AnswerEvidence::Control(item) => {
            (item.status == ControlStatus::Planned).then(|| format!("the control `{}` is planned", item.title))
        }
        AnswerEvidence::Faq(_) => None,
        AnswerEvidence::Certification(item) => match item.standing_on(date) {
            Standing::Status(CertificationStatus::Expired) => {
                let until = item.all_editions().filter_map(|edition| edition.valid_until).max();
                let until = until.map(|until| format!(" on {until}")).unwrap_or_default();
                Some(format!("the certification `{}` expired{until}", item.label()))
            }
            Standing::Status(CertificationStatus::InProgress) => {
                Some(format!("the certification `{}` is in progress", item.label()))
            }
            _ => None,
        },
        AnswerEvidence::Document(item) => {
            let until = item.valid_until.filter(|_| item.validity_on(date) == Validity::Ended)?;
            Some(format!("the document `{}` expired on {until}", item.title))
        }
    }
}

/// Reports answers that were not reviewed for a year, and reviews in the future.
fn reviews(subject: &Subject<'_>, item: &Questionnaire, path: &str, report: &mut Report) {
    let today = subject.facts.as_of;
    let is_stale = |date: Date| date.days_until(today) > YEAR;
    let future = |date: Option<Date>, path: &str, report: &mut Report| {
        if let Some(date) = date.filter(|date| *date > today) {
            let message = format!("the answers were reviewed on {date}, which is after {today}");
            let help = "enter the date on which they were reviewed";
            report.push(subject.found(Code::DateInFuture, message, path).help(help));
        }
    };
    let of_item = format!("{path}.reviewed");
    future(item.reviewed, &of_item, report);
    // Answers that only the review of the questionnaire covers are reported together.
    let mut undated = 0;
    let mut stale = 0;
    for (nth, question) in item.questions.iter().enumerate() {
        let path = format!("{path}.questions[{nth}].reviewed");
        future(question.reviewed, &path, report);
        match (item.reviewed_on(question), question.reviewed) {
            (None, _) => undated += 1,
            (Some(date), Some(own)) if is_stale(date) && date == own => {
                let days = date.days_until(today);
                let message = format!(
                    "the answer to question {} of `{}` was last reviewed on {date}, {days} days ago",
                    question.name(),
                    item.title
                );
                let help = "review the answer and enter the date";
                report.push(subject.found(Code::AnswerNotReviewed, message, &path).help(help));
            }
            (Some(date), _) if is_stale(date) => stale += 1,
            _ => {}
        }
    }
    let answers = |count: usize| crate::text::counted(count, "answer");
    if let Some(date) = item.reviewed.filter(|_| stale > 0) {
        let days = date.days_until(today);
        let message = format!("`{}` was last reviewed on {date}, {days} days ago: {}", item.title, answers(stale));
        let help = "review the answers and enter the date";
        report.push(subject.found(Code::AnswerNotReviewed, message, &of_item).help(help));
    }
    if undated > 0 {
        let message = format!("`{}` does not state when it was reviewed: {}", item.title, answers(undated));
        let help = "add `reviewed:` with the date of the last review";
        report.push(subject.found(Code::AnswerNotReviewed, message, &format!("{path}.title")).help(help));
    }
}
