//! The pages of questionnaires: the list at `/questionnaires/`, each of the current statement at `/questionnaires/NAME/`, and each of
//! a release at `/releases/VERSION/questionnaires/NAME/`.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use serde::Serialize;

use super::anchors::PageLinks;
use super::date::DateView;
use super::edition::Edition;
use super::links::TextOrigin;
use super::lists::QuestionnaireView;
use super::renderer::{OwnLocation, PageLocation, Renderer};
use super::view::{LinkView, RedactionView};
use crate::diagnostic::Report;
use crate::model::{AnswerEvidence, Disclosure, Id, Item, List, Question, Questionnaire};
use crate::site::SiteFacts;
use crate::site::map::{self, PageKind};

/// The questions under one heading, in the order of the questionnaire.
#[derive(Debug, Clone, Serialize)]
pub struct QuestionGroup {
    /// Id of the heading, which is also its anchor.
    pub id: String,
    /// Position on the page, counted from 1.
    pub number: usize,
    /// Heading; none for questions without a section.
    pub title: Option<String>,
    /// The questions.
    pub questions: Vec<QuestionView>,
}

/// A question with its answer.
#[derive(Debug, Clone, Serialize)]
pub struct QuestionView {
    /// Anchor: `q-ID`.
    pub anchor: String,
    /// Number in the standard.
    pub number: Option<String>,
    /// Question.
    pub question: String,
    /// `yes`, `no`, `partial` or `not-applicable`.
    pub answer: Option<String>,
    /// Name of the answer, such as `Yes`.
    pub answer_label: Option<String>,
    /// Explanation, with line breaks.
    pub explanation: Option<String>,
    /// Links to the evidence. The target is empty if no page shows the item.
    pub evidence: Vec<LinkView>,
    /// Date of the last review, if it differs from that of the questionnaire.
    pub reviewed: Option<DateView>,
}

impl Renderer {
    /// Returns the questionnaires of an edition, with the paths of their pages in it.
    pub(super) fn questionnaires(&self, edition: &Edition, location: &PageLocation) -> Vec<QuestionnaireView> {
        let items = edition.disclosure().questionnaires.iter();
        let view = |item: &Questionnaire| {
            QuestionnaireView::new(item, self.questionnaire_path(&item.id, location.origin()), self.strings())
        };
        items.map(|item| view(item)).collect()
    }

    /// Returns the path of a questionnaire, as links have it, in the statement of this origin.
    pub(super) fn questionnaire_path(&self, id: &Id, origin: TextOrigin) -> String {
        match origin {
            TextOrigin::Draft | TextOrigin::Current => PageKind::Questionnaire.path(id.as_str()),
            TextOrigin::Archived(at) | TextOrigin::Summary(at) => {
                let version = self.publication().history.releases()[at].version;
                PageKind::ArchivedQuestionnaire.path(&SiteFacts::archived_item(
                    version,
                    List::Questionnaires,
                    id.as_str(),
                ))
            }
        }
    }

    /// Renders the list of questionnaires.
    pub(super) fn questionnaires_page(&self, edition: &Edition, links: &Rc<PageLinks>) -> Result<String, Report> {
        let title = self.strings().get("questionnaires.title").to_owned();
        let location = self.location(PageKind::Questionnaires, "", title, edition, links);
        let mut context = self.page_context(edition, &location)?;
        context.insert("items", &self.questionnaires(edition, &location));
        self.render("questionnaires.html", &context)
    }

    /// Renders the questionnaire at this position among those of the current statement.
    pub(super) fn questionnaire_page(
        &self,
        edition: &Edition,
        nth: usize,
        links: &Rc<PageLinks>,
    ) -> Result<String, Report> {
        let Some(item) = edition.disclosure().questionnaires.get(nth) else { return Ok(String::new()) };
        let location = self
            .location(PageKind::Questionnaire, item.id.as_str(), item.title.clone(), edition, links)
            .of_own(OwnLocation { id: None, home: String::new() });
        let mut context = self.page_context(edition, &location)?;
        self.insert_questionnaire(&mut context, item, edition, &location);
        context.insert("is_newest", &false);
        context.insert("redactions", &Vec::<RedactionView>::new());
        self.render("questionnaire.html", &context)
    }

    /// Renders the archived questionnaire at this position among those of all releases.
    pub(super) fn archived_questionnaire_page(&self, nth: usize, links: &Rc<PageLinks>) -> Result<String, Report> {
        let Some((at, id)) = self.archived_item(List::Questionnaires, nth) else { return Ok(String::new()) };
        let releases = self.publication().history.releases();
        let release = &releases[at];
        let (disclosure, gone) = self.archived_disclosure(at);
        let edition = Edition::Archived { release, disclosure: &disclosure };
        let Some(item) = disclosure.questionnaires.iter().find(|item| item.id == id) else { return Ok(String::new()) };
        let value = SiteFacts::archived_item(release.version, List::Questionnaires, id.as_str());
        let location = self
            .location(PageKind::ArchivedQuestionnaire, &value, item.title.clone(), &edition, links)
            .of_own(OwnLocation { id: None, home: map::release_page(release.version) });
        links.add(&gone, location.origin());
        let mut context = self.page_context(&edition, &location)?;
        self.insert_questionnaire(&mut context, item, &edition, &location);
        context.insert("is_newest", &(at + 1 == releases.len()));
        context.insert("redactions", &self.redactions(release));
        self.render("questionnaire.html", &context)
    }

    fn insert_questionnaire(
        &self,
        context: &mut tera::Context,
        item: &Questionnaire,
        edition: &Edition,
        location: &PageLocation,
    ) {
        let path = self.questionnaire_path(&item.id, location.origin());
        context.insert("questionnaire", &QuestionnaireView::new(item, path, self.strings()));
        context.insert("sections", &self.question_groups(item, edition.disclosure(), location));
    }

    fn question_groups(
        &self,
        item: &Questionnaire,
        disclosure: &Disclosure,
        location: &PageLocation,
    ) -> Vec<QuestionGroup> {
        let evidence = disclosure.evidence();
        let mut evidence = EvidenceLinks { renderer: self, disclosure, location, evidence, known: HashMap::new() };
        let mut groups: Vec<QuestionGroup> = Vec::new();
        for question in &item.questions {
            let view = self.question(question, &mut evidence);
            match groups.last_mut() {
                Some(group) if group.title == question.section => group.questions.push(view),
                _ => groups.push(QuestionGroup {
                    id: format!("section-{}", groups.len() + 1),
                    number: groups.len() + 1,
                    title: question.section.clone(),
                    questions: vec![view],
                }),
            }
        }
        groups
    }

    fn question(&self, question: &Question, evidence: &mut EvidenceLinks<'_>) -> QuestionView {
        let strings = self.strings();
        QuestionView {
            anchor: format!("q-{}", question.id),
            number: question.number.clone(),
            question: question.question.clone(),
            answer: question.answer.as_ref().map(|answer| answer.as_str().to_owned()),
            answer_label: question.answer.as_ref().map(|answer| strings.answer(answer.as_str()).to_owned()),
            explanation: question.explanation.clone(),
            evidence: question.evidence.iter().flat_map(|id| evidence.of(id)).collect(),
            reviewed: question.reviewed.map(|date| DateView::new(date, strings)),
        }
    }
}

/// Links to the items that questions name as evidence, each created once.
struct EvidenceLinks<'a> {
    renderer: &'a Renderer,
    disclosure: &'a Disclosure,
    location: &'a PageLocation,
    evidence: BTreeMap<&'a Id, Vec<AnswerEvidence<'a>>>,
    known: HashMap<Id, Vec<LinkView>>,
}

impl EvidenceLinks<'_> {
    /// Returns links to the items with this id; the id as text if no list has it.
    fn of(&mut self, id: &Id) -> Vec<LinkView> {
        if let Some(links) = self.known.get(id) {
            return links.clone();
        }
        let items = self.evidence.get(id).into_iter().flatten();
        let mut links: Vec<LinkView> = items.map(|evidence| self.link(evidence.item())).collect();
        if links.is_empty() {
            links.push(LinkView { href: String::new(), text: id.to_string() });
        }
        self.known.insert(id.clone(), links.clone());
        links
    }

    fn link(&self, item: &dyn Item) -> LinkView {
        if item.list() == List::Documents {
            return self.renderer.document_link(item.id(), self.disclosure, self.location);
        }
        let page = self.renderer.list_page(item.list(), self.disclosure, self.location);
        let href = page.map(|page| format!("{page}#{}", item.list().anchor(item.id()))).unwrap_or_default();
        LinkView { href, text: item.label().to_owned() }
    }
}
