//! Texts for translators and back: the texts of the content that are not translated as a file (YAML, XLIFF or CSV), and the texts of
//! such a file as overlays.
//!
//! A text is identified by its key, such as `subprocessors[hetzner].purpose`. A file states the source of each text, so that a
//! translation of an old source is never accepted for the current one.

mod csv;
mod overlay;
mod xliff;
mod yaml;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Place, Report, Source};
use crate::load::{Content, TextState, TranslatedText, Translation};
use crate::model::{Digest, Language, SourceText, TextValue};
use crate::text::formula::unguarded;
use crate::text::hidden;

pub use overlay::overlays;

/// A text to translate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenText {
    /// Its key.
    pub key: String,
    /// Its source.
    pub source: TextValue,
    /// The translation of an earlier source, or one that was not accepted.
    pub current: Option<TextValue>,
}

/// The formats of files for translators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExchangeFormat {
    /// A list with the sources as comments.
    Yaml,
    /// XLIFF 2.1 (OASIS), which translation programs read.
    Xliff,
    /// A table.
    Csv,
}

impl ExchangeFormat {
    /// Returns the format of a file by the ending of its name.
    pub fn of_file(name: &str) -> Option<ExchangeFormat> {
        match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "yaml" | "yml" => Some(ExchangeFormat::Yaml),
            "xlf" | "xliff" => Some(ExchangeFormat::Xliff),
            "csv" => Some(ExchangeFormat::Csv),
            _ => None,
        }
    }
}

/// Returns the texts that have no translation, or one that was not accepted for their current source, in the order of the content.
pub fn open_texts(texts: Vec<SourceText>, translation: &Translation) -> Vec<OpenText> {
    let is_open = |text: &SourceText| translation.state(text) != TextState::Current;
    let open = texts.into_iter().filter(is_open).map(|text| {
        let current = translation.texts.get(&text.key).map(|own| own.value.clone());
        OpenText { key: text.key, source: text.value, current }
    });
    open.collect()
}

/// Writes a file for a translator.
pub fn write(texts: &[OpenText], from: &Language, to: &Language, format: ExchangeFormat) -> String {
    match format {
        ExchangeFormat::Yaml => yaml::write(texts, from, to),
        ExchangeFormat::Xliff => xliff::write(texts, from, to),
        ExchangeFormat::Csv => csv::write(texts),
    }
}

/// A text of a file that comes back from a translator.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ReturnedText {
    key: String,
    /// The source that was translated.
    source: SeenSource,
    /// The translation; empty if there is none. The texts of a list are lines.
    text: String,
    place: Place,
}

/// The source that a translator saw.
#[derive(Debug, Clone, PartialEq, Eq)]
enum SeenSource {
    Text(String),
    Sha256(Digest),
}

impl SeenSource {
    fn is(&self, source: &TextValue) -> bool {
        match self {
            SeenSource::Text(text) => {
                let (text, source) = (normal(text), source.to_string());
                // A spreadsheet may have kept the apostrophe that protects a cell.
                [text.as_str(), unguarded(&text)].iter().any(|text| text.trim() == source.trim())
            }
            SeenSource::Sha256(digest) => *digest == source.digest(),
        }
    }
}

/// Returns text with line feeds as its line breaks.
fn normal(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// A problem with a file of a translator.
fn wrong(message: impl Into<String>, place: Place, help: &str) -> Diagnostic {
    Diagnostic::new(Code::TranslationFile, message).at(place, "").help(help)
}

/// What is accepted.
#[derive(Debug, Clone, Default)]
pub struct Acceptance {
    /// The translations that are new or differ from those of the overlays.
    pub changed: BTreeMap<String, TextValue>,
    /// The sources for which translations are accepted.
    pub accepted: BTreeMap<String, Digest>,
    /// The number of texts of the file without a translation.
    pub empty: usize,
}

/// Reads a file of a translator, and compares it with the content.
pub fn read(
    source: &Arc<Source>,
    format: ExchangeFormat,
    content: &Content,
    language: &Language,
    translation: &Translation,
) -> (Acceptance, Report) {
    let mut report = Report::new();
    let returned = match format {
        ExchangeFormat::Yaml => yaml::read(source, &mut report),
        ExchangeFormat::Xliff => xliff::read(source, language, &mut report),
        ExchangeFormat::Csv => csv::read(source, &mut report),
    };
    let texts: BTreeMap<String, TextValue> =
        content.disclosure.texts().into_iter().map(|text| (text.key, text.value)).collect();
    let mut acceptance = Acceptance::default();
    let mut firsts: BTreeMap<String, Place> = BTreeMap::new();
    for returned in returned {
        if let Some(first) = firsts.insert(returned.key.clone(), returned.place.clone()) {
            let message = format!("the file states `{}` twice", returned.key.escape_debug());
            let found = wrong(message, returned.place, "remove one of them");
            report.push(found.at(first, "first here"));
            continue;
        }
        if returned.text.trim().is_empty() {
            acceptance.empty += 1;
            continue;
        }
        let Some(stated) = texts.get(&returned.key) else {
            let message =
                format!("the content has no text `{}`, so its translation is left out", returned.key.escape_debug());
            report.push(Diagnostic::new(Code::TranslationExtra, message).at(returned.place, ""));
            continue;
        };
        let Some(value) = value_of(&returned, stated, &mut report) else { continue };
        if returned.source.is(stated) {
            acceptance.accepted.insert(returned.key.clone(), stated.digest());
        } else {
            let message = format!("the source of `{}` has changed since the file was written", returned.key);
            report.push(
                Diagnostic::new(Code::TranslationStale, message)
                    .at(returned.place, "")
                    .help("its translation is put into the overlay, but is not accepted"),
            );
        }
        if translation.texts.get(&returned.key).is_none_or(|own| own.value != value) {
            acceptance.changed.insert(returned.key, value);
        }
    }
    (acceptance, report)
}

/// Returns a translation in the form of its source.
fn value_of(returned: &ReturnedText, source: &TextValue, report: &mut Report) -> Option<TextValue> {
    let text = normal(&returned.text);
    if let Some(character) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        let message = format!("the translation of `{}` contains {}", returned.key, hidden::name(character));
        let help = "remove the character; readers cannot see it";
        report.push(Diagnostic::new(Code::ControlCharacter, message).at(returned.place.clone(), "").help(help));
        return None;
    }
    let TextValue::Several(entries) = source else {
        // Markdown may begin with an indented line; blank lines around it are not part of it.
        let lines: Vec<&str> = text.lines().skip_while(|line| line.trim().is_empty()).collect();
        let text = lines.join("\n");
        let text = if returned.key.ends_with(".body") { text.trim_end() } else { text.trim() };
        return Some(TextValue::One(text.to_owned()));
    };
    let own: Vec<String> = text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
    if own.len() != entries.len() {
        let key = &returned.key;
        let message =
            format!("the translation of `{key}` has {} lines, but its source has {}", own.len(), entries.len());
        let help = "translate each line, in the order of the source";
        report.push(Diagnostic::new(Code::TranslationEntries, message).at(returned.place.clone(), "").help(help));
        return None;
    }
    Some(TextValue::Several(own))
}

/// Accepts all translations that the overlays have for the current sources. Reports lists with another number of entries.
pub fn accept_all(content: &Content, translation: &Translation) -> (Acceptance, Report) {
    let mut report = Report::new();
    let mut acceptance = Acceptance::default();
    for text in content.disclosure.texts() {
        let Some(TranslatedText { value, place }) = translation.texts.get(&text.key) else { continue };
        if !text.value.fits(value) {
            let message = format!("the translation of `{}` has another number of entries than its source", text.key);
            report.push(
                Diagnostic::new(Code::TranslationEntries, message)
                    .at(place.clone(), "")
                    .at_known(content.places.get(&text.path), "the source")
                    .help("translate each entry, in the order of the source"),
            );
        } else if translation.state(&text) != TextState::Current {
            acceptance.accepted.insert(text.key, text.value.digest());
        }
    }
    (acceptance, report)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn language(tag: &str) -> Language {
        tag.parse().expect("a language")
    }

    fn returned(text: &str, format: ExchangeFormat) -> (Vec<ReturnedText>, Report) {
        let mut report = Report::new();
        let source = Source::new("texts", text);
        let read = match format {
            ExchangeFormat::Yaml => yaml::read(&source, &mut report),
            ExchangeFormat::Xliff => xliff::read(&source, &language("de"), &mut report),
            ExchangeFormat::Csv => csv::read(&source, &mut report),
        };
        (read, report)
    }

    /// Fills in a translation as a translator does.
    fn translated(file: &str, format: ExchangeFormat, text: &str) -> String {
        match format {
            ExchangeFormat::Yaml => file.replace("text: \"\"", &format!("text: {}", serde_json::Value::from(text))),
            ExchangeFormat::Xliff => {
                let target = format!("</source>\n        <target>{}</target>", crate::text::html::escape(text));
                file.replace("</source>", &target)
            }
            ExchangeFormat::Csv => {
                let quoted = format!(",\"{}\"\r\n", text.replace('"', "\"\""));
                file.replacen("translation\r\n", "TRANSLATION", 1).replace(",\r\n", &quoted).replacen(
                    "TRANSLATION",
                    "translation\r\n",
                    1,
                )
            }
        }
    }

    const FORMATS: [ExchangeFormat; 3] = [ExchangeFormat::Yaml, ExchangeFormat::Xliff, ExchangeFormat::Csv];

    #[test]
    fn texts_survive_every_format() {
        let hard = [
            "Plain",
            "Use `{n}` and {{ name }} of [our site](https://a.example/?a=1&b=2#c), <b>not</b> \"this\"",
            "Two\n\nparagraphs:\n\n- one\n- two\n\n    code\n\n| a | b |\n|---|---|",
            "=SUM(A1)",
            "- item",
            "# heading",
            "ends with a colon:",
            "العربية ‏123‏",
            "]]> <![CDATA[ &amp; --> %s %1$s",
        ];
        for format in FORMATS {
            for text in hard {
                let key = "subprocessors[a].services[R & D \"Lab\"].purpose".to_owned();
                let open = OpenText {
                    key: key.clone(),
                    source: TextValue::One(text.into()),
                    current: Some(TextValue::One(text.into())),
                };
                let file = write(&[open], &language("en"), &language("de"), format);
                let (read, report) = returned(&file, format);
                assert!(report.is_empty(), "{format:?} {text}: {report:?}");
                let [one] = read.as_slice() else { panic!("{format:?} {text}: {read:?}\n{file}") };
                assert_eq!((one.key.as_str(), one.text.as_str()), (key.as_str(), ""), "{format:?}");
                assert!(one.source.is(&TextValue::One(text.into())), "{format:?} {text}: {:?}\n{file}", one.source);
                assert!(!one.source.is(&TextValue::One("Another".into())));
                let (read, report) = returned(&translated(&file, format, text), format);
                assert!(report.is_empty(), "{format:?} {text}: {report:?}");
                assert_eq!(read[0].text, text, "{format:?}\n{}", translated(&file, format, text));
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_and_key_survive_every_format(text in "[^\\p{Cc}\\p{Cn}]{1,40}(\n[^\\p{Cc}\\p{Cn}]{1,20})?", name in "[^\\p{Cc}\\p{Cn}]{1,12}") {
            let text = text.trim().to_owned();
            prop_assume!(!text.is_empty());
            let key = format!("subprocessors[a].services[{}].purpose", name.trim());
            for format in FORMATS {
                let open = OpenText { key: key.clone(), source: TextValue::One(text.clone()), current: None };
                let file = write(&[open], &language("en"), &language("de"), format);
                let (read, report) = returned(&file, format);
                prop_assert!(report.is_empty(), "{format:?}: {report:?}\n{file}");
                prop_assert_eq!(read.len(), 1);
                prop_assert_eq!(&read[0].key, &key);
                prop_assert!(read[0].source.is(&TextValue::One(text.clone())), "{:?}\n{}", format, file);
            }
        }
    }

    #[test]
    fn formats_are_recognized_by_the_name_of_the_file() {
        for (name, format) in [
            ("a.yaml", Some(ExchangeFormat::Yaml)),
            ("a.XLF", Some(ExchangeFormat::Xliff)),
            ("a.b.csv", Some(ExchangeFormat::Csv)),
            ("csv", None),
            ("a.txt", None),
        ] {
            assert_eq!(ExchangeFormat::of_file(name), format, "{name}");
        }
    }
}
