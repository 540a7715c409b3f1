//! The language of the page.

use std::fmt;
use std::str::FromStr;

use super::{Malformed, text_newtype};

/// A language tag (BCP 47, RFC 5646) in the format `language[-Script][-REGION]`, such as `en` or `pt-BR`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(String);

impl Language {
    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Creates a language from a record, without validation.
    fn archived(text: &str) -> Language {
        Language(text.to_owned())
    }

    /// The primary language subtag: `pt` of `pt-BR`.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }

    /// Whether the language is written right to left, according to the script in the tag or the default script.
    pub fn is_rtl(&self) -> bool {
        let script = self.0.split('-').nth(1).filter(|subtag| subtag.len() == 4);
        match script {
            Some(script) => matches!(script, "Arab" | "Hebr" | "Thaa" | "Syrc" | "Nkoo" | "Adlm"),
            None => matches!(self.primary(), "ar" | "he" | "fa" | "ur" | "yi" | "dv" | "ps" | "sd" | "ug" | "ckb"),
        }
    }
}

impl Default for Language {
    fn default() -> Language {
        Language("en".to_owned())
    }
}

impl FromStr for Language {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Language, Malformed> {
        let mut subtags = text.split('-').peekable();
        let lower = |tag: &str| tag.bytes().all(|b| b.is_ascii_lowercase());
        let primary = subtags.next().is_some_and(|tag| (2..=3).contains(&tag.len()) && lower(tag));
        let script =
            |tag: &&str| tag.len() == 4 && tag.is_ascii() && tag.as_bytes()[0].is_ascii_uppercase() && lower(&tag[1..]);
        let region = |tag: &&str| {
            (tag.len() == 2 && tag.bytes().all(|b| b.is_ascii_uppercase()))
                || (tag.len() == 3 && tag.bytes().all(|b| b.is_ascii_digit()))
        };
        subtags.next_if(script);
        subtags.next_if(region);
        if primary && subtags.next().is_none() {
            Ok(Language(text.to_owned()))
        } else {
            Err(Malformed::new(
                format!("`{}` is not a language tag", text.escape_debug()),
                "use a tag such as en, de or pt-BR",
            ))
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_newtype!(Language, archived, {
    "type": "string",
    "pattern": "^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$",
    "description": "Language of the content, as a BCP 47 tag such as en or pt-BR."
});
