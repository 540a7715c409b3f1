//! The fields of each record type. The table of lists states those of their items. A test compares all of them with the JSON
//! Schemas of the model.

use std::ops::Range;

use super::decode::{Clash, Decoder, Fields, quoted, record, subject};
use super::upcoming::{ReadField, upcoming_entries};
use super::values::{
    count, euid, https_url, lei, locations, notice_days, questions, services, some, static_path, static_paths,
    time_or_date,
};
use super::yaml::{Kind, Node};
use crate::diagnostic::Code;
use crate::model::lists::*;
use crate::model::{
    Acknowledgment, Date, LocationFields, NoticeTerms, Organization, SecurityTxt, SiteLink, SiteLinks, Subscribe,
    SubscribeForm, Theme, Transfer,
};

/// Defines the fields of the items of every list. Sections and pages are read from front matter.
macro_rules! items {
    (Sections { $($sections:tt)* } Pages { $($pages:tt)* } $($list:ident {
        field: $field:ident, item: $item:ident, title: $title:literal, about: $about:literal,
        label: $label:ident, repeats: $repeats:literal, anchors: $anchors:literal, prose: $prose:tt, urls: $urls:tt,
        fields: $fields:tt $(then $check:ident)?, $($rest:tt)*
    })*) => {
        $(record!($item $fields $(then $check)?);)*
        $(read_fields!($item $fields);)*
    };
}

/// Defines how one field of an item is read, for changes that state only some of them.
macro_rules! read_fields {
    ($item:ident { $($name:ident : $how:ident $(($read:path))?),* $(,)? }) => {
        impl ReadField for $item {
            fn read_field(&mut self, field: &str, fields: &mut Fields<'_, '_, '_>) -> Option<()> {
                match field {
                    $(name if name == field_key(stringify!($name)) => {
                        self.$name = fields.$how(field_key(stringify!($name)), record!(@read $($read)?))?;
                    })*
                    _ => {}
                }
                Some(())
            }
        }
    };
}
for_each_list!(items);

record!(Organization {
    name: required,
    legal_name: optional,
    url: optional,
    address: optional,
    jurisdiction: optional,
    notice_days: optional(notice_days),
});

record!(NoticeTerms {
    days: optional(notice_days),
    objection_days: optional(notice_days),
    counting: default,
    holidays: default,
    object_to: optional,
    basis: optional,
});

record!(Subscribe {
    email: optional,
    form: optional,
    calendar: optional,
    repository: optional,
    list_unsubscribe: optional,
});

record!(SubscribeForm { action: required(https_url), method: default, field: optional });

record!(Theme {
    accent: optional,
    accent_dark: optional,
    logo: optional(static_path),
    logo_dark: optional(static_path),
    show_name: optional,
    styles: optional(static_paths),
    font_text: optional(static_path),
    font_interface: optional(static_path),
    radius: default,
    density: default,
});

record!(SiteLinks { header: default, footer: default });

record!(SiteLink { title: required, url: required });

record!(Acknowledgment { code: required, item: required, until: required, reason: required });

record!(SecurityTxt {
    contact: default,
    expires: optional(time_or_date),
    encryption: default,
    acknowledgments: default,
    preferred_languages: default,
    policy: default,
    hiring: default,
});

record!(Transfer { mechanism: required, to: default(some), note: optional });

record!(Service {
    name: required,
    purpose: optional,
    data_categories: default(some),
    condition: optional,
    website: optional,
    locations: default(locations),
    transfer_mechanism: optional,
    retention: optional,
});

record!(Question {
    id: required,
    number: optional,
    question: required,
    section: optional,
    answer: optional,
    explanation: optional,
    evidence: default,
    reviewed: optional,
});

record!(Period { from: required, to: required });

record!(CertificationEdition {
    number: optional,
    valid_from: optional,
    valid_until: optional,
    period: optional,
    issued: optional,
    document: optional,
} then check_edition);

record!(LocationFields { code: required, place: optional, condition: optional });

record!(DocumentEdition {
    version: optional,
    date: optional,
    valid_until: optional,
    file: optional(static_path),
    url: optional,
} then check_document_edition);

/// Checks that a document whose editions have files has `access: public`, and that no edition has both a `file` and a `url`, now and
/// after each of the upcoming changes of the document.
fn check_files(document: &Document, node: &Node, at: &str, decoder: &mut Decoder<'_>) {
    check_files_at(document, node, &[at.to_owned()], decoder);
    let mut changed = document.clone();
    let mut stated = vec![at.to_owned()];
    for entry in crate::model::upcoming::in_order(&document.upcoming) {
        let position = document.upcoming.iter().position(|other| other == entry).unwrap_or_default();
        // A value that the change states comes before the one of the document.
        stated.insert(0, format!("{at}.upcoming[{position}]"));
        entry.apply(&mut changed);
        let touched = |name: &str| entry.fields.contains(&name) || entry.remove.iter().any(|removed| removed == name);
        if ["file", "url", "access", "editions"].into_iter().any(touched) {
            check_files_at(&changed, node, &stated, decoder);
        }
    }
}

/// Checks the files of a document whose fields are stated at the first of these paths that has them.
fn check_files_at(document: &Document, node: &Node, paths: &[String], decoder: &mut Decoder<'_>) {
    let range = |name: &str, decoder: &Decoder<'_>| {
        let mut stated = paths.iter().filter_map(|path| decoder.range_of(&format!("{path}.{name}")));
        stated.next().unwrap_or_else(|| node.range.clone())
    };
    let editions = document.editions.iter().enumerate();
    let editions = editions.map(|(nth, edition)| (edition.file.as_ref(), format!("editions[{nth}].file")));
    for (file, field) in std::iter::once((document.file.as_ref(), "file".to_owned())).chain(editions) {
        let Some(file) = file.filter(|_| !document.access.is_public()) else { continue };
        let (second, first) = (range(&field, decoder), range("access", decoder));
        decoder.clash(Clash {
            code: Code::FileNotPublic,
            message: format!("anyone could download `{}`, but `access` is `{}`", quoted(file), document.access.as_str()),
            second: &second,
            first: &first,
            first_text: "restricted access",
            help: "remove `file:` and move the file out of static/; readers request the document from your contact, or set `url:` to an address behind a login",
        });
    }
    if document.file.is_some() && document.url.is_some() {
        let keys = (range("file#key", decoder), range("url#key", decoder));
        two_addresses("a document", keys, decoder);
    }
}

/// Checks that an edition states something, and not both a `file` and a `url`.
fn check_document_edition(edition: &DocumentEdition, node: &Node, at: &str, decoder: &mut Decoder<'_>) {
    if *edition == DocumentEdition::default() {
        not_empty(node, at, "version", decoder);
    }
    if edition.file.is_some() && edition.url.is_some() {
        let key = |name: &str| decoder.range_of(&format!("{at}.{name}#key")).unwrap_or_else(|| node.range.clone());
        let keys = (key("file"), key("url"));
        two_addresses("an edition", keys, decoder);
    }
}

/// Reports that something has both a `file` and a `url`, with the places of the two fields.
fn two_addresses(what: &str, (file, url): (Range<usize>, Range<usize>), decoder: &mut Decoder<'_>) {
    decoder.clash(Clash {
        code: Code::FileAndUrl,
        message: format!("{what} cannot have both `file` and `url`"),
        second: &url,
        first: &file,
        first_text: "`file` is here",
        help: "remove one of them",
    });
}

/// Checks that a fact has one duration at most, and only values that its kind can have.
fn check_fact(fact: &Fact, node: &Node, at: &str, decoder: &mut Decoder<'_>) {
    let key = |name: &str, decoder: &Decoder<'_>| {
        decoder.range_of(&format!("{at}.{name}#key")).unwrap_or_else(|| node.range.clone())
    };
    let durations: Vec<&str> = fact.durations().map(|(field, _)| field).collect();
    if let [first, second, ..] = durations[..] {
        let (first_range, second_range) = (key(first, decoder), key(second, decoder));
        decoder.clash(Clash {
            code: Code::FactValue,
            message: format!("a fact cannot have both `{first}` and `{second}`"),
            second: &second_range,
            first: &first_range,
            first_text: &format!("`{first}` is here"),
            help: "state the duration in one unit",
        });
        return;
    }
    let Some(kind) = &fact.kind else { return };
    for field in fact.values().into_iter().filter(|field| !kind.values().contains(field)) {
        let help = match kind.values() {
            [] => "write it in `details`".to_owned(),
            [one] => format!("use `{one}`, or write it in `details`"),
            several => format!("use one of: {}; or write it in `details`", several.join(", ")),
        };
        let message = format!("a fact of the kind `{}` cannot have `{field}`", kind.as_str());
        decoder.error(Code::FactValue, message, &key(field, decoder), help);
    }
}

/// Checks that the name of an update begins with a date, and that only incidents and advisories have a severity, a status and dates.
fn check_update(update: &Update, node: &Node, at: &str, decoder: &mut Decoder<'_>) {
    let name = update.id.as_str();
    if update.date().is_none() {
        let (message, help) = match Update::date_of(&format!("{name}-x")) {
            Some(date) => (
                "the file name has no name after the date".to_owned(),
                format!("rename the file, such as to `{date}-outage.md`"),
            ),
            None => {
                let message = format!("the file name `{name}.md` does not begin with a date");
                (message, format!("rename the file to `{}.md`", dated_name(name, update.started)))
            }
        };
        decoder.error(Code::UpdateName, message, &(0..0), help);
    }
    if update.kind.is_tracked() {
        return;
    }
    for (field, _) in update.tracked().into_iter().filter(|(_, is_stated)| *is_stated) {
        let key = decoder.range_of(&format!("{at}.{field}#key")).unwrap_or_else(|| node.range.clone());
        let message = format!("an update of the kind `{}` cannot have `{field}`", update.kind.as_str());
        let help = "set `kind: incident` or `kind: advisory`, or write it in the text";
        decoder.error(Code::UpdateField, message, &key, help);
    }
}

/// Returns the name of an update with a date in front of it: the one that it begins with in another form, or the date on which it
/// started, or an example.
fn dated_name(name: &str, started: Option<Date>) -> String {
    let parts: Vec<&str> = name.split('-').collect();
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (date, rest) = match &parts[..] {
        [year, month, day, rest @ ..]
            if year.len() == 4 && [month, day].iter().all(|part| part.len() < 3 && digits(part)) =>
        {
            (format!("{year}-{month:0>2}-{day:0>2}"), rest)
        }
        [day, rest @ ..] if day.len() == 8 && digits(day) => {
            (format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]), rest)
        }
        all => (String::new(), all),
    };
    let rest = if rest.is_empty() { "outage".to_owned() } else { rest.join("-") };
    match date.parse::<Date>().ok().or(started) {
        Some(date) => format!("{date}-{rest}"),
        None => format!("2026-05-22-{rest}"),
    }
}

/// Checks that an edition states something.
fn check_edition(edition: &CertificationEdition, node: &Node, at: &str, decoder: &mut Decoder<'_>) {
    if *edition == CertificationEdition::default() {
        not_empty(node, at, "valid_from", decoder);
    }
}

/// Reports a map without a value, and names a field that it could have. A value that cannot be read is reported on its own.
fn not_empty(node: &Node, at: &str, field: &str, decoder: &mut Decoder<'_>) {
    if matches!(&node.kind, Kind::Map(entries) if entries.iter().all(|entry| entry.value.kind == Kind::Null)) {
        let message = format!("{} has no fields", subject(at));
        let help = format!("add `{field}: ...` or another field, or remove it");
        decoder.error(Code::MissingField, message, &node.range, help);
    }
}

#[cfg(test)]
mod tests {
    use super::super::decode::Record;
    use super::super::front_matter::{FrontMatter, PageFrontMatter};
    use super::super::site::SiteFile;
    use super::*;

    /// Returns the fields in the JSON Schema of a type, and its required fields.
    fn schema<T: schemars::JsonSchema>() -> (Vec<String>, Vec<String>) {
        let schema = schemars::schema_for!(T).to_value();
        let mut names: Vec<String> =
            schema["properties"].as_object().into_iter().flat_map(|map| map.keys().cloned()).collect();
        let mut required: Vec<String> =
            schema["required"].as_array().into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned)).collect();
        names.sort();
        required.sort();
        (names, required)
    }

    /// Returns the fields that the decoder accepts, and those that it reports as missing in an empty map.
    fn table<T: Record>() -> (Vec<String>, Vec<String>) {
        use crate::diagnostic::{Report, Source};
        let source = Source::new("a.yaml", "{}");
        let node = super::super::yaml::parse(&source, 0..2).expect("an empty map");
        let mut report = Report::new();
        let _: Option<T> = super::super::decode::Decoder::new(&source, &mut report).record(&node, "a");
        let mut names: Vec<String> = T::FIELDS.iter().map(|name| (*name).to_owned()).collect();
        let mut required: Vec<String> =
            report.diagnostics().iter().filter_map(|d| d.message.split('`').nth(1).map(str::to_owned)).collect();
        names.sort();
        required.sort();
        (names, required)
    }

    #[test]
    fn decoder_and_schema_have_the_same_fields() {
        macro_rules! same {
            ($($type:ident),*) => { $(assert_eq!(table::<$type>(), schema::<$type>(), stringify!($type));)* };
        }
        macro_rules! items {
            (Sections { $($sections:tt)* } Pages { $($pages:tt)* } $($list:ident { field: $field:ident, item: $item:ident, $($rest:tt)* })*) => {
                $({
                    let mut expected = schema::<$item>();
                    // The name of its file is its id.
                    if List::$list.has_folder() {
                        expected.1.retain(|field| field != "id");
                    }
                    assert_eq!(table::<$item>(), expected, stringify!($item));
                })*
            };
        }
        for_each_list!(items);
        let (names, required) = schema::<crate::model::Upcoming<Subprocessor>>();
        let mut fields = crate::model::Upcoming::<Subprocessor>::all_fields();
        fields.sort_unstable();
        assert_eq!(
            (names, required),
            (fields.into_iter().map(str::to_owned).collect(), vec!["announced".to_owned(), "effective".to_owned()])
        );
        same!(
            Organization,
            NoticeTerms,
            Subscribe,
            SubscribeForm,
            SiteLinks,
            SiteLink,
            Theme,
            Acknowledgment,
            SecurityTxt,
            Transfer,
            Service,
            Question,
            Period,
            CertificationEdition,
            LocationFields,
            SiteFile,
            FrontMatter,
            PageFrontMatter
        );
    }
}
