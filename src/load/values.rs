//! Reads the values of each type: strings, parsed strings, enums, numbers, lists and maps.

use std::collections::{BTreeMap, HashMap};

use super::decode::{Clash, Decoder, ReadValue, Value, quoted, subject};
use super::yaml::{Kind, Node};
use crate::diagnostic::{Code, nearest};
use crate::model::lists::fact::MAX_COUNT;
use crate::model::{
    Access, AiTraining, Aliases, Answer, Approval, CertificationStatus, CertificationType, Color, Contact, Contacts,
    ControlStatus, Counting, CountryCode, Date, DocumentKind, Email, Evidence, FactKind, FieldPath, Id, Jurisdiction,
    Language, List, Location, LocationFields, Malformed, MediaType, NameEnding, PageNav, Percent, Question, Role,
    RuleLevel, Service, Severity, Show, StatedUrl, SubscribeMethod, Territory, ThemeDensity, ThemeRadius,
    TransferMechanism, Transfers, UpdateKind, UpdateStatus, WebUrl, When,
};

impl Value for String {
    /// Reads a string that is not empty; leading and trailing whitespace is removed.
    fn read(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<String> {
        let Kind::Text(text) = &node.kind else {
            let help = match &node.kind {
                Kind::Bool | Kind::Number => format!("put it in quotes: \"{}\"", decoder.quote(&node.range)),
                Kind::List(items) if items.is_empty() => "replace it with text".to_owned(),
                Kind::List(_) => "write one string, not a list".to_owned(),
                Kind::Map(_) => "write one string, not a map of fields".to_owned(),
                Kind::Null | Kind::Text(_) => "add text, or remove the line".to_owned(),
            };
            decoder.wrong_type(node, at, "text", &help);
            return None;
        };
        if let Some(character) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
            decoder.error(
                Code::ControlCharacter,
                format!("{} contains the control character U+{:04X}", subject(at), u32::from(character)),
                &node.range,
                "remove the character; readers cannot see it",
            );
            return None;
        }
        let text = text.trim();
        if text.is_empty() {
            let message = format!("{} is empty", subject(at));
            decoder.error(Code::EmptyText, message, &node.range, "add text, or remove the line");
            return None;
        }
        Some(text.to_owned())
    }
}

/// Implements [`Value`] for types that are parsed from a string.
macro_rules! parsed {
    ($($type:ident: $code:expr),* $(,)?) => {
        $(impl Value for $type {
            fn read(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<$type> {
                decoder.parse(node, at, $code)
            }
        })*
    };
}
parsed! {
    Color: Code::BadColor,
    CountryCode: Code::BadCountry,
    Date: Code::BadDate,
    Email: Code::BadEmail,
    FieldPath: Code::ProfileField,
    Id: Code::BadId,
    Language: Code::BadLanguage,
    MediaType: Code::BadMediaType,
    StatedUrl: Code::BadUrl,
    Territory: Code::BadCountry,
    WebUrl: Code::BadUrl,
}

impl Value for Location {
    /// Reads a code, or a map with a code.
    fn read(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<Location> {
        match node.kind {
            Kind::Map(_) => decoder.record::<LocationFields>(node, at).map(Location::from),
            _ => Territory::read(node, at, decoder).map(Location::from),
        }
    }
}

impl Value for Transfers {
    /// Reads a word, or a list of mechanisms with the countries that each covers.
    fn read(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<Transfers> {
        match &node.kind {
            Kind::List(entries) => {
                if let Some(word) = entries.iter().find(|entry| matches!(entry.kind, Kind::Text(_))) {
                    let help = format!("write `- mechanism: {}`", decoder.quote(&word.range));
                    decoder.wrong_type(word, &format!("{at}["), "a map of fields", &help);
                    return None;
                }
                some(node, at, decoder).map(Transfers)
            }
            _ => TransferMechanism::read(node, at, decoder).map(Transfers::from),
        }
    }
}

impl Value for Contact {
    fn read(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<Contact> {
        let address = matches!(&node.kind, Kind::Text(text) if text.contains('@') && !text.contains(':'));
        decoder.parse(node, at, if address { Code::BadEmail } else { Code::BadUrl })
    }
}

impl Value for Answer {
    fn read(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<Answer> {
        yes_or_no("an answer", Answer::ALL, node, at, decoder)
    }
}

impl Value for Evidence {
    fn read(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<Evidence> {
        let url = matches!(&node.kind, Kind::Text(text) if text.contains(':'));
        decoder.parse(node, at, if url { Code::BadUrl } else { Code::BadId })
    }
}

/// Implements [`Value`] for enums.
macro_rules! choice {
    ($($type:ident),* $(,)?) => {
        $(impl Value for $type {
            fn read(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<$type> {
                one_of($type::ALL, node, at, decoder)
            }
        })*
    };
}
choice!(
    Access,
    Approval,
    CertificationStatus,
    CertificationType,
    ThemeDensity,
    ThemeRadius,
    ControlStatus,
    PageNav,
    Counting,
    DocumentKind,
    FactKind,
    Jurisdiction,
    Role,
    Severity,
    SubscribeMethod,
    TransferMechanism,
    UpdateKind,
    UpdateStatus,
    When
);

impl Value for Percent {
    fn read(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<Percent> {
        if node.kind != Kind::Number {
            decoder.wrong_type(node, at, "a number", "write a number from 0 to 100 without `%`, such as 99.95");
            return None;
        }
        let parsed = decoder.quote(&node.range).parse();
        match parsed {
            Ok(percent) => Some(percent),
            Err(Malformed { message, help }) => {
                decoder.error(Code::BadNumber, message, &node.range, help);
                None
            }
        }
    }
}

impl Value for AiTraining {
    fn read(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<AiTraining> {
        yes_or_no("one of no, opt-in, opt-out and yes", AiTraining::ALL, node, at, decoder)
    }
}

/// Reads one of several words with `yes` and `no` among them, for which people also write `true` and `false`.
fn yes_or_no<T: Clone>(
    what: &str,
    all: &[(&'static str, T)],
    node: &Node,
    at: &str,
    decoder: &mut Decoder<'_>,
) -> Option<T> {
    if node.kind == Kind::Bool {
        let word = if decoder.quote(&node.range).eq_ignore_ascii_case("true") { "yes" } else { "no" };
        decoder.wrong_type(node, at, what, &format!("write `{word}`"));
        return None;
    }
    one_of(all, node, at, decoder)
}

impl Value for Show {
    fn read(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<Show> {
        let shows: Vec<Show> = Show::all().collect();
        let named: Vec<(&str, &Show)> = shows.iter().map(|show| (show.name(), show)).collect();
        one_of(&named, node, at, decoder).cloned()
    }
}

impl Value for RuleLevel {
    fn read(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<RuleLevel> {
        one_of(&RuleLevel::ALL, node, at, decoder)
    }
}

impl Value for List {
    fn read(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<List> {
        one_of(&List::ALL.iter().map(|list| (list.name(), *list)).collect::<Vec<_>>(), node, at, decoder)
    }
}

fn one_of<T: Clone>(all: &[(&str, T)], node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<T> {
    let names = all.iter().map(|(known, _)| *known);
    let list = || format!("use one of: {}", names.clone().collect::<Vec<_>>().join(", "));
    if matches!(node.kind, Kind::Bool | Kind::Number) {
        // In quotes it would be text, but none of the words.
        decoder.wrong_type(node, at, "a word", &list());
        return None;
    }
    let word = String::read(node, at, decoder)?;
    if let Some((_, value)) = all.iter().find(|(known, _)| *known == word) {
        return Some(value.clone());
    }
    let help = nearest(&word, names.clone()).map_or_else(list, |near| format!("did you mean `{near}`?"));
    decoder.error(Code::BadChoice, format!("{} cannot be `{}`", subject(at), quoted(&word)), &node.range, help);
    None
}

impl<T: Value> Value for Vec<T> {
    /// Reads a list; duplicate scalars are an error.
    fn read(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<Vec<T>> {
        let Kind::List(items) = &node.kind else {
            decoder.wrong_type(node, at, "a list", "write a list, with a line `- ...` for each entry");
            return None;
        };
        let mut firsts: HashMap<&str, &Node> = HashMap::new();
        for item in items {
            let Kind::Text(text) = &item.kind else { continue };
            let text = text.trim();
            let Some(first) = firsts.get(text).filter(|_| !text.is_empty()) else {
                firsts.insert(text, item);
                continue;
            };
            decoder.clash(Clash {
                code: Code::DuplicateEntry,
                message: format!("{} appears twice: `{}`", subject(&format!("{at}[")), quoted(text)),
                second: &item.range,
                first: &first.range,
                first_text: "first here",
                help: "remove one of them",
            });
        }
        Some(decoder.items(items, at, T::read))
    }
}

/// Reads a list with at least one entry.
pub(super) fn some<T: Value>(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<Vec<T>> {
    if matches!(&node.kind, Kind::List(items) if items.is_empty()) {
        let message = format!("{} is an empty list", subject(at));
        decoder.error(Code::EmptyList, message, &node.range, "add at least one entry");
        return None;
    }
    Vec::read(node, at, decoder).filter(|entries: &Vec<T>| !entries.is_empty())
}

/// Reads locations. Two locations that state the same are an error, even if one of them is written in the long form.
pub(super) fn locations(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<Vec<Location>> {
    let locations: Vec<Location> = Vec::read(node, at, decoder)?;
    let mut kept: Vec<Location> = Vec::with_capacity(locations.len());
    for (nth, location) in locations.into_iter().enumerate() {
        let Some(first) = kept.iter().position(|other| *other == location) else {
            kept.push(location);
            continue;
        };
        let range = |nth: usize, decoder: &Decoder<'_>| {
            decoder.range_of(&format!("{at}[{nth}]")).unwrap_or_else(|| node.range.clone())
        };
        let (second, first) = (range(nth, decoder), range(first, decoder));
        // Codes that are written twice in the short form are reported while the list is read.
        if location.is_plain() && decoder.quote(&second) == decoder.quote(&first) {
            kept.push(location);
            continue;
        }
        decoder.clash(Clash {
            code: Code::DuplicateEntry,
            message: format!("{} appears twice: `{}`", subject(&format!("{at}[")), location.code),
            second: &second,
            first: &first,
            first_text: "first here",
            help: "remove one of them",
        });
    }
    Some(kept)
}

/// Reads the services of a subprocessor. Their names identify them, so two with the same name are an error.
pub(super) fn services(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<Vec<Service>> {
    let services: Vec<Service> = some(node, at, decoder)?;
    let folded = |service: &Service| service.name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let mut firsts: HashMap<String, usize> = HashMap::new();
    for (nth, service) in services.iter().enumerate() {
        let Some(first) = firsts.get(&folded(service)) else {
            firsts.insert(folded(service), nth);
            continue;
        };
        let range = |nth: usize, decoder: &Decoder<'_>| {
            decoder.range_of(&format!("{at}[{nth}].name")).unwrap_or_else(|| node.range.clone())
        };
        let (second, first) = (range(nth, decoder), range(*first, decoder));
        decoder.clash(Clash {
            code: Code::DuplicateEntry,
            message: format!("{} appears twice: `{}`", subject(&format!("{at}[")), quoted(&service.name)),
            second: &second,
            first: &first,
            first_text: "first here",
            help: "give each service a name of its own, or merge the two",
        });
    }
    Some(services)
}

/// Reads the questions of a questionnaire, whose ids are unique.
pub(super) fn questions(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<Vec<Question>> {
    let Kind::List(items) = &node.kind else {
        decoder.wrong_type(node, at, "a list", "begin each question with `- id: ...`");
        return None;
    };
    if items.is_empty() {
        let message = format!("{} is an empty list", subject(at));
        decoder.error(Code::EmptyList, message, &node.range, "add at least one question");
        return None;
    }
    let (kept, rest) = items.split_at(items.len().min(super::MAX_ITEMS));
    if let Some(first) = rest.first() {
        let message = format!("a questionnaire has more than {} questions", super::MAX_ITEMS);
        decoder.error(
            Code::TooMany,
            message,
            &first.range,
            "split it into several questionnaires; the rest is ignored",
        );
    }
    Some(decoder.unique(kept, at, Question::read, |question| &question.id))
}

/// Reads a Legal Entity Identifier, with its check digits (ISO 17442, ISO/IEC 7064 MOD 97-10).
pub(super) fn lei(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<String> {
    let text = String::read(node, at, decoder)?;
    let shaped = text.len() == 20
        && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
        && text.bytes().skip(18).all(|byte| byte.is_ascii_digit());
    let remainder = text
        .chars()
        .filter_map(|character| character.to_digit(36))
        .fold(0, |sum, value| (sum * if value < 10 { 10 } else { 100 } + value) % 97);
    if shaped && remainder == 1 {
        return Some(text);
    }
    let help = match shaped {
        true => "copy it again: its last two digits are check digits, and they do not match the rest",
        false => "write 18 uppercase letters or digits and 2 check digits, such as 5299000EXAMPLE000096",
    };
    decoder.error(Code::BadIdentifier, format!("`{}` is not an LEI", quoted(&text)), &node.range, help);
    None
}

/// Reads a European Unique Identifier: country, register, period and registration number.
pub(super) fn euid(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<String> {
    let text = String::read(node, at, decoder)?;
    let known = text.split_once('.').is_some_and(|(register, number)| {
        register.get(..2).is_some_and(|code| code == "UK" || code == "EL" || code.parse::<CountryCode>().is_ok())
            && !number.is_empty()
            && !text.contains(char::is_whitespace)
    });
    if known {
        return Some(text);
    }
    let help = "write the country, the register, a period and the number, such as DEK1101R.HRB116737";
    decoder.error(Code::BadIdentifier, format!("`{}` is not an EUID", quoted(&text)), &node.range, help);
    None
}

/// Reads a number of minutes, hours, days, months or years.
pub(super) fn count(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<u32> {
    let help = format!("write a whole number from 0 to {MAX_COUNT}, without a unit");
    if node.kind != Kind::Number {
        decoder.wrong_type(node, at, "a number", &help);
        return None;
    }
    let text = decoder.quote(&node.range);
    let number = text.parse().ok().filter(|number| *number <= MAX_COUNT);
    if number.is_none() {
        decoder.error(Code::BadNumber, format!("{} cannot be `{text}`", subject(at)), &node.range, help);
    }
    number
}

/// Reads a notice period in days, 1 to 365.
pub(super) fn notice_days(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<u16> {
    let help = "write a whole number from 1 to 365";
    if node.kind != Kind::Number {
        decoder.wrong_type(node, at, "a number of days", help);
        return None;
    }
    let days = decoder.quote(&node.range);
    let number = days.parse().ok().filter(|days| (1..=365).contains(days));
    if number.is_none() {
        decoder.error(Code::BadNumber, format!("{} cannot be `{days}`", subject(at)), &node.range, help);
    }
    number
}

impl Value for bool {
    fn read(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<bool> {
        if node.kind != Kind::Bool {
            decoder.wrong_type(node, at, "true or false", "write `true` or `false`, without quotes");
            return None;
        }
        Some(decoder.quote(&node.range) == "true")
    }
}

/// Reads a web address that pages can send a form to.
pub(super) fn https_url(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<WebUrl> {
    let url = WebUrl::read(node, at, decoder)?;
    if !url.is_https() {
        let message = format!("`{}` does not start with https://", quoted(url.as_str()));
        let help = "use an https address: readers enter their email address in this form";
        decoder.error(Code::BadUrl, message, &node.range, help);
        return None;
    }
    Some(url)
}

/// Reads a path of a file under `static/`: relative, with forward slashes, without `..`.
pub(super) fn static_path(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<String> {
    let text = String::read(node, at, decoder)?;
    let inside = !text.contains(['\\', ':', '?', '#'])
        && text.split('/').all(|segment| !matches!(segment, "" | "." | "..") && !segment.starts_with('.'));
    if !inside {
        let reserved = text.chars().find(|c| "?#".contains(*c)).filter(|_| !text.contains("://"));
        if let Some(character) = reserved {
            let message = format!("`{}` contains `{character}`, which ends the path of an address", quoted(&text));
            decoder.error(Code::BadPath, message, &node.range, "rename the file, and use its new path");
            return None;
        }
        let message = format!("`{}` is not a path inside static/", quoted(&text));
        let help = "use a path relative to static/, with forward slashes and without `..`, such as documents/dpa.pdf";
        decoder.error(Code::BadPath, message, &node.range, help);
        return None;
    }
    if let Some(inner) = text.strip_prefix("static/") {
        let message = format!("`{}` starts with static/", quoted(&text));
        decoder.error(Code::BadPath, message, &node.range, format!("write `{inner}`: paths are relative to static/"));
        return None;
    }
    Some(text)
}

/// Reads a list of paths inside `static/`.
pub(super) fn static_paths(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<Vec<String>> {
    let Kind::List(items) = &node.kind else {
        decoder.wrong_type(node, at, "a list of paths", "begin each path with `- `, or write `[css/site.css]`");
        return None;
    };
    Some(decoder.items(items, at, static_path))
}

/// Reads addresses at which the site was published.
pub(super) fn base_urls(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<Vec<WebUrl>> {
    let Kind::List(items) = &node.kind else {
        decoder.wrong_type(node, at, "a list of web addresses", "begin each address with `- `");
        return None;
    };
    Some(decoder.items(items, at, base_url))
}

/// Reads the base URL: a web address without query and fragment.
pub(super) fn base_url(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<WebUrl> {
    let url = WebUrl::read(node, at, decoder)?;
    if url.as_str().contains(['?', '#']) {
        let message = format!("`{}` has a query or a fragment", quoted(url.as_str()));
        decoder.error(
            Code::BadUrl,
            message,
            &node.range,
            "remove everything after the path at which the site is published",
        );
        return None;
    }
    Some(url)
}

/// Reads an RFC 3339 time or a date.
pub(super) fn time_or_date(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<String> {
    let text = String::read(node, at, decoder)?;
    if text.parse::<Date>().is_ok() || (text.len() >= 20 && text.parse::<jiff::Timestamp>().is_ok()) {
        return Some(text);
    }
    decoder.error(
        Code::BadDate,
        format!("invalid time `{}`", quoted(&text)),
        &node.range,
        "use a date such as 2027-01-31, or a time such as 2027-01-31T12:00:00Z",
    );
    None
}

/// Reads a map with arbitrary keys.
pub(super) fn entries<K: Ord, V>(
    node: &Node,
    at: &str,
    decoder: &mut Decoder<'_>,
    read: ReadValue<V>,
    mut key: impl FnMut(&str, &std::ops::Range<usize>, &mut Decoder<'_>) -> Option<K>,
) -> Option<BTreeMap<K, V>> {
    let Kind::Map(entries) = &node.kind else {
        decoder.wrong_type(node, at, "a map", "write one line `name: value` for each entry");
        return None;
    };
    decoder.repeated_keys(entries);
    let mut map = BTreeMap::new();
    for entry in entries {
        let name = key(&entry.key, &entry.key_range, decoder);
        let path = format!("{at}.{}", entry.key);
        decoder.remember(format!("{path}#key"), &entry.key_range);
        let value = decoder.value(&entry.value, &path, read);
        if let (Some(name), Some(value)) = (name, value) {
            map.entry(name).or_insert(value);
        }
    }
    Some(map)
}

impl Value for Contacts {
    fn read(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<Contacts> {
        entries(node, at, decoder, Value::read, |key, range, decoder| match key.parse::<Id>() {
            Ok(id) => Some(id),
            Err(malformed) => {
                decoder.error(Code::BadId, malformed.message, range, malformed.help);
                None
            }
        })
        .map(Contacts)
    }
}

impl Value for BTreeMap<NameEnding, MediaType> {
    fn read(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<Self> {
        entries(node, at, decoder, Value::read, |key, range, decoder| match key.parse::<NameEnding>() {
            Ok(ending) => Some(ending),
            Err(malformed) => {
                decoder.error(Code::BadNameEnding, malformed.message, range, malformed.help);
                None
            }
        })
    }
}

impl Value for Aliases {
    fn read(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<Aliases> {
        match node.kind {
            Kind::Bool => bool::read(node, at, decoder).map(Aliases::Conventional),
            Kind::Map(_) => entries(node, at, decoder, Value::read, |key, _, _| Some(key.to_owned())).map(Aliases::Own),
            _ => {
                let help = "write `false`, or one line `path: target` for each alias";
                decoder.wrong_type(node, at, "true, false or a map", help);
                None
            }
        }
    }
}

impl Value for BTreeMap<String, RuleLevel> {
    fn read(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<Self> {
        entries(node, at, decoder, Value::read, |key, _, _| Some(key.to_owned()))
    }
}
