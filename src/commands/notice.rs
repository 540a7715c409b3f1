//! `candor notice`: writes the notice of a release, as text, HTML, an email, Markdown, JSON or a calendar, or delivers it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::Write;
use std::rc::Rc;
use std::sync::Arc;

use super::schedule::unreleased;
use super::{Context, Failure, Outcome, delivery};
use crate::cli::NoticeArgs;
use crate::cli::format::NoticeFormat;
use crate::diagnostic::{Code, Diagnostic, Remedy, Report, Source};
use crate::history::{History, store};
use crate::load;
use crate::model::{Language, Malformed, Version};
use crate::notice::message::{Audience, Message};
use crate::notice::{Composer, Reader, markdown};
use crate::pipeline;
use crate::publication::Publication;
use crate::render::{Renderer, Theme};

/// Prints the notice of a release.
///
/// A notice states releases, so problems of the content do not matter.
///
/// # Errors
/// If a release, a feature or a dimension does not exist, or the output cannot be written.
pub fn run(args: &NoticeArgs, context: &Context) -> Result<Outcome, Failure> {
    let (history, mut report) = store::read(&context.project, context.as_of);
    if report.has_errors() {
        return context.report(&report);
    }
    let newest = newest(&history)?;
    let language = newest.disclosure.language.clone();
    if args.new.is_none() {
        let found = unreleased(&history, &context.strings(&language), context);
        report.merge(found.map(Report::from).unwrap_or_default());
    }
    let Some(span) = span(args, &history)? else {
        let version = newest.version;
        return nothing(&format!("{version} is the first release: no change requires customer notice"), args, context);
    };
    let notices = Notices::new(args, history, span, context);
    if notices.publication.settings.base_url.is_none() {
        let message = "the address of the site is unknown, so the notice links to nothing";
        report.push(
            Diagnostic::new(Code::BaseUrlMissing, message).help("set `base_url` in site.yaml, or pass --base-url"),
        );
    }
    let composer = match notices.in_language(&language) {
        Ok(composer) => composer,
        Err(problems) => {
            report.merge(problems);
            return context.report(&report);
        }
    };
    let choice = composer.choice(&args.selection).map_err(failure)?;
    let reader = Reader { name: args.name.clone(), customer: args.customer.clone(), choice };
    let [old, new] = span.map(|at| notices.publication.history.releases()[at].version);
    let Some(notice) = composer.compose(&reader) else {
        let message = match composer.has_changes() {
            true => format!("no change from {old} to {new} that requires customer notice applies to this selection"),
            false => format!("no change from {old} to {new} requires customer notice"),
        };
        warn(&report, args, context)?;
        return nothing(&message, args, context);
    };
    let Some(message) = composer.message(&reader) else { return Ok(Outcome::Fine) };
    if args.delivery.delivers() {
        context.report(&report)?;
        #[cfg(feature = "mail")]
        let sender = default_sender(&composer, &notices.publication);
        let composers = Composers { notices: &notices, language, made: RefCell::default() };
        return delivery::run(
            &args.delivery,
            &message,
            &|audience| composers.message(audience),
            #[cfg(feature = "mail")]
            sender,
            context,
        );
    }
    let mut out = context.out();
    match args.format {
        NoticeFormat::Text => out.write_all(message.text.as_bytes())?,
        NoticeFormat::Html => out.write_all(message.html.as_bytes())?,
        NoticeFormat::Markdown => out.write_all(markdown::write(&notice, composer.strings()).as_bytes())?,
        NoticeFormat::Json => out.json(message.json.trim_end())?,
        NoticeFormat::Ics => out.write_all(&composer.calendar(&notice))?,
        #[cfg(feature = "mail")]
        NoticeFormat::Eml => {
            let disclosure = &composer.release().disclosure;
            let from = sender(&composer, &notices.publication).ok_or_else(|| {
                Failure::new(
                    "the email has no sender: no contact is an email address",
                    "add a contact such as `privacy: privacy@company.com` to `contacts:`, and make a release",
                )
            })?;
            let sender = (disclosure.organization.name.as_str(), from);
            let draft = crate::notice::draft::write(&message, sender, context.as_of)
                .map_err(|error| Failure::new(format!("cannot write the email: {error}"), ""))?;
            out.write_all(&draft)?;
        }
    }
    warn(&report, args, context)?;
    Ok(Outcome::Fine)
}

/// Prints warnings, except with JSON: then the notice is the only object on stdout.
fn warn(report: &Report, args: &NoticeArgs, context: &Context) -> Result<(), Failure> {
    if args.format != NoticeFormat::Json {
        context.report(report)?;
    }
    Ok(())
}

/// Returns the address from which the notice is sent: the contact for objections, the address for subscriptions, or the first
/// contact that is an email address.
#[cfg(feature = "mail")]
fn sender<'a>(composer: &'a Composer, publication: &'a Publication) -> Option<&'a crate::model::Email> {
    let disclosure = &composer.release().disclosure;
    let terms = disclosure.notice_terms();
    let contacts = &disclosure.contacts;
    let object_to = contacts.get(terms.contact()).and_then(crate::model::Contact::email);
    let subscribe = publication.settings.subscribe.as_ref().and_then(|subscribe| subscribe.email.as_ref());
    object_to.or(subscribe).or_else(|| contacts.in_order().find_map(|(_, contact)| contact.email()))
}

/// Returns the sender of the emails unless the command states another one.
#[cfg(feature = "mail")]
fn default_sender(composer: &Composer, publication: &Publication) -> Option<crate::notice::mail::Sender> {
    use crate::model::Contact;
    use crate::notice::mail::{Sender, Unsubscribe};
    let subscribe = publication.settings.subscribe.as_ref();
    let unsubscribe = match subscribe.and_then(|subscribe| subscribe.list_unsubscribe.as_ref()) {
        Some(Contact::Email(email)) => Some(Unsubscribe::Email(email.clone())),
        Some(Contact::Url(url)) => Some(Unsubscribe::Url(url.clone())),
        Some(Contact::Text(_)) | None => None,
    };
    let name = composer.release().disclosure.organization.name.clone();
    Some(Sender { email: sender(composer, publication)?.clone(), name, unsubscribe })
}

/// Prints that there is nothing to notify customers of: as the text of the notice, or on stderr, so that programs get no notice.
fn nothing(message: &str, args: &NoticeArgs, context: &Context) -> Result<Outcome, Failure> {
    match args.format {
        NoticeFormat::Text => writeln!(context.out(), "{message}")?,
        _ if context.quiet => {}
        _ => writeln!(context.err(), "{message}")?,
    }
    Ok(Outcome::Fine)
}

fn newest(history: &History) -> Result<&crate::history::Release, Failure> {
    history.newest().ok_or_else(|| Failure::new("there is no release yet", Remedy::MakeFirstRelease))
}

/// Returns the positions of the two releases; `None` if there is none before the new one.
fn span(args: &NoticeArgs, history: &History) -> Result<Option<[usize; 2]>, Failure> {
    let position = |version: Version| {
        let found = history.releases().iter().position(|release| release.version == version);
        found.ok_or_else(|| {
            let newest = history.newest().map(|newest| newest.version.to_string()).unwrap_or_default();
            Failure::new(
                format!("there is no release {version}"),
                format!("use an existing release; the newest is {newest}"),
            )
        })
    };
    let new = args.new.map_or(Ok(history.len().saturating_sub(1)), position)?;
    let old = match args.old {
        Some(version) => position(version)?,
        None => match new.checked_sub(1) {
            Some(old) => old,
            None => return Ok(None),
        },
    };
    if old >= new {
        let [old, new] = [old, new].map(|at| history.releases()[at].version);
        return Err(Failure::new(
            format!("there is no change from {old} to {new}: OLD must be an earlier release than NEW"),
            "omit both to write the notice of the newest release",
        ));
    }
    Ok(Some([old, new]))
}

fn failure(malformed: Malformed) -> Failure {
    Failure::new(malformed.message, malformed.help)
}

/// The notices of a release in all languages.
struct Notices {
    publication: Arc<Publication>,
    templates: Vec<(String, Arc<Source>)>,
    problems: Report,
    span: [usize; 2],
    context: Context,
}

impl Notices {
    fn new(args: &NoticeArgs, history: History, span: [usize; 2], context: &Context) -> Notices {
        let (templates, problems) = load::templates(&context.project);
        let language = history.releases()[span[1]].disclosure.language.clone();
        let history = history.with_word(context.strings(&language).get("changes.redacted"));
        let mut publication = pipeline::released(&context.project, history, context.as_of);
        if let Some(url) = &args.base_url {
            publication.settings.replace_base_url(url.clone());
        }
        Notices { publication: Arc::new(publication), templates, problems, span, context: context.clone() }
    }

    /// Prepares the notices in a language.
    ///
    /// # Errors
    /// Returns the problems of the templates.
    fn in_language(&self, language: &Language) -> Result<Composer, Report> {
        if self.problems.has_errors() {
            return Err(self.problems.clone());
        }
        let strings = self.context.strings(language);
        let theme = Theme::new(&self.templates, &strings)?;
        let renderer = Renderer::new(Arc::clone(&self.publication), theme);
        Composer::new(Arc::clone(&self.publication), &renderer, language.clone(), self.span)
    }
}

/// Composes the notice for readers in several languages.
struct Composers<'a> {
    notices: &'a Notices,
    /// The language of readers whose language is not known.
    language: Language,
    /// The composer of each language that was needed.
    made: RefCell<HashMap<Language, Rc<Composer>>>,
}

impl Composers<'_> {
    fn message(&self, audience: &Audience) -> Result<Option<Message>, Failure> {
        let Audience { name, customer, features, language } = audience;
        let composer = self.composer(language.as_ref().unwrap_or(&self.language))?;
        let choice = composer.choice(features).map_err(failure)?;
        Ok(composer.message(&Reader { name: name.clone(), customer: customer.clone(), choice }))
    }

    fn composer(&self, language: &Language) -> Result<Rc<Composer>, Failure> {
        if let Some(composer) = self.made.borrow().get(language) {
            return Ok(Rc::clone(composer));
        }
        let composer = self.notices.in_language(language).map_err(|problems| {
            let first = problems.diagnostics().first().map(|found| found.message.clone()).unwrap_or_default();
            Failure::new(format!("the notice cannot be composed in `{language}`: {first}"), "run `candor check`")
        })?;
        let composer = Rc::new(composer);
        self.made.borrow_mut().insert(language.clone(), Rc::clone(&composer));
        Ok(composer)
    }
}
