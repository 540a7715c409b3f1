//! Rules for translations: each text of the content has one in every language of the site, for its current source.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Subject, links, placeholders, prose};
use crate::diagnostic::{Code, Diagnostic, Place, Remedy, Report};
use crate::load::{Content, TextState, Translation};
use crate::model::{Language, SourceText};
use crate::text::{counted, first_of};

/// The maximum number of texts that a message lists.
const NAMED: usize = 3;

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    let content = subject.content;
    if content.settings.languages.is_empty() {
        return;
    }
    if !content.places.contains("site.language") {
        let message = format!(
            "the site has translations, but does not state that the text in `{}` is authoritative",
            content.disclosure.language
        );
        let help = format!("add `language: {}`", content.disclosure.language);
        report.push(subject.found(Code::AuthorityNotStated, message, "site.languages").help(help));
    }
    if content.translations.is_empty() {
        return;
    }
    let texts = content.disclosure.texts();
    for (at, language) in content.settings.languages.iter().enumerate() {
        if let Some(translation) = content.translations.get(language) {
            let rules = LanguageRules { subject, language, translation, path: format!("site.languages[{at}]") };
            rules.check(&texts, report);
            rules.check_texts(&texts, report);
        }
    }
}

/// The rules for one language.
struct LanguageRules<'a> {
    subject: &'a Subject<'a>,
    language: &'a Language,
    translation: &'a Translation,
    /// The path of the language in the settings.
    path: String,
}

impl LanguageRules<'_> {
    fn check(&self, texts: &[SourceText], report: &mut Report) {
        let language = self.language;
        let mut missing = Vec::new();
        for text in texts {
            match self.translation.state(text) {
                TextState::Missing => missing.push(format!("`{}`", text.key)),
                TextState::Unaccepted => {
                    let message = format!("the translation of `{}` into `{language}` was not accepted yet", text.key);
                    report.push(self.stale(message, text).fix(Remedy::AcceptTranslations(language)));
                }
                TextState::Stale => {
                    let message =
                        format!("the source of `{}` has changed since it was translated into `{language}`", text.key);
                    report.push(self.stale(message, text).fix(Remedy::AcceptTranslations(language)));
                }
                TextState::Current => {}
            }
        }
        if !missing.is_empty() {
            let verb = if missing.len() == 1 { "is" } else { "are" };
            let count = counted(missing.len(), "text");
            let message = format!("{count} {verb} not translated into `{language}`: {}", first_of(&missing, NAMED));
            let found = self.subject.found(Code::TranslationMissing, message, &self.path);
            report.push(found.fix(Remedy::ExtractTranslations(language)).fix(Remedy::ListTranslations(language)));
        }
        for (key, place) in &self.translation.extra {
            let message = format!("the source of `{key}` was removed");
            report.push(
                Diagnostic::new(Code::TranslationExtra, message)
                    .at(place.clone(), "")
                    .help("remove the translation, too"),
            );
        }
    }

    /// Applies the rules for texts to the translations, as to the content: Markdown, links to files and placeholders.
    fn check_texts(&self, texts: &[SourceText], report: &mut Report) {
        let content = self.subject.content;
        let mut places = content.places.clone();
        for text in texts {
            if let Some(own) = self.translation.texts.get(&text.key) {
                places.insert(text.path.clone(), own.place.clone());
            }
        }
        let own = self.translation.texts.iter().map(|(key, own)| (key.clone(), own.value.clone())).collect();
        let translated = Content {
            disclosure: content.disclosure.with_texts(&own, self.language),
            settings: content.settings.clone(),
            places,
            translations: BTreeMap::new(),
        };
        let subject = Subject { content: &translated, facts: self.subject.facts, prose: prose::of(&translated) };
        let mut found = Report::new();
        prose::check(&subject, &mut found);
        links::check(&subject, &mut found);
        placeholders::check(&subject, &mut found);
        // The rest was reported for the content. Headings have other words and so other anchors.
        let is_own =
            |place: &Place| self.translation.texts.values().any(|own| Arc::ptr_eq(&own.place.source, &place.source));
        found.retain(|found| found.code() != Code::BrokenAnchor && found.place().is_some_and(is_own));
        report.merge(found);
    }

    /// Creates a diagnostic at a translated text.
    fn stale(&self, message: String, text: &SourceText) -> Diagnostic {
        let place = self.translation.texts.get(&text.key).map(|own| own.place.clone());
        let source = self.subject.content.places.get(&text.path);
        Diagnostic::new(Code::TranslationStale, message).at_known(place, "").at_known(source, "the source")
    }
}
