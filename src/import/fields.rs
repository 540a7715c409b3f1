//! The fields of a subprocessor, and common column names for them.

use std::fmt;
use std::str::FromStr;

use super::words::{self, Rank};
use crate::diagnostic::nearest;
use crate::model::Malformed;

macro_rules! fields {
    ($($variant:ident $name:literal [$($usual:literal),* $(,)?] $doc:literal;)*) => {
        /// A field of a subprocessor that a column can be imported into.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field {
            $(#[doc = $doc] $variant,)*
        }

        impl Field {
            /// All fields, in the order of the model.
            pub const ALL: &[Field] = &[$(Field::$variant),*];

            /// The name in `subprocessors.yaml`.
            pub fn name(self) -> &'static str {
                match self { $(Field::$variant => $name),* }
            }

            /// Common column names for the field, normalized by [`plain`].
            fn common_names(self) -> &'static [&'static str] {
                match self { $(Field::$variant => &[$($usual),*]),* }
            }
        }
    };
}

fields! {
    Id "id" [] "Stable id.";
    Name "name" [
        "provider", "vendor", "subprocessor", "sub processor", "entity", "company", "supplier", "third party",
        "provider name", "vendor name", "subprocessor name", "sub processor name", "entity name", "company name",
        "service provider", "name of subprocessor", "name of sub processor", "third party service provider",
        "name of entity", "subprocessors", "sub processors", "organisation", "organization",
    ] "Name that customers know.";
    FormerNames "former_names" ["former name", "formerly", "formerly known as", "previous name", "previous names"] "Names that customers knew before.";
    Category "category" ["group", "type of vendor", "vendor type"] "Heading under which it is listed.";
    Purpose "purpose" [
        "service", "function", "description", "services", "purpose of processing", "processing purpose", "nature of processing",
        "description of processing", "description of service", "description of services", "service provided",
        "services provided", "service description", "use", "used for", "what they do", "processing activity",
        "processing activities", "nature and purpose of processing", "nature and purpose",
    ] "Purpose of the processing.";
    DataCategories "data_categories" [
        "data processed", "data category", "personal data", "data", "data types", "type of data", "types of data",
        "categories of data", "categories of personal data", "personal data processed", "customer data", "data shared",
        "data involved", "personal data categories", "type of personal data", "types of personal data", "data accessed",
    ] "Categories of personal data.";
    Condition "condition" ["conditions", "when", "applies when", "applicability", "optional", "applies"] "Optional feature that uses it.";
    LegalName "legal_name" ["legal entity", "registered name", "legal entity name", "entity legal name"] "Registered name.";
    Lei "lei" ["legal entity identifier"] "Legal Entity Identifier.";
    Euid "euid" ["european unique identifier"] "European Unique Identifier.";
    Address "address" ["registered address", "postal address", "registered office", "company address"] "Postal address.";
    Contact "contact" ["contact details", "contact person", "contact information", "privacy contact"] "Contact person.";
    Website "website" ["url", "web site", "homepage", "web", "link", "site"] "Website.";
    Role "role" ["relation", "relationship", "type of entity", "entity type"] "Relation to the organization.";
    Locations "locations" [
        "location", "country", "region", "countries", "regions", "processing location", "processing locations",
        "location of processing", "locations of processing", "data location", "hosting location", "country of processing",
        "place of processing", "data center location", "data centre location", "data residency", "processing country",
    ] "Countries of processing.";
    CorporateLocation "corporate_location" [
        "headquarters", "entity country", "corporate country", "country of incorporation", "entity location",
        "country of establishment", "established in", "hq", "registered country",
    ] "Country of establishment.";
    TransferMechanism "transfer_mechanism" [
        "transfer", "transfer mechanisms", "safeguards", "safeguard", "legal basis for transfer", "transfer safeguards",
        "international transfer mechanism", "data transfer mechanism",
    ] "Legal basis of transfers.";
    SupplementaryMeasures "supplementary_measures" [
        "supplementary measure", "additional safeguards", "additional measures", "additional safeguard",
    ] "Measures that supplement the transfer mechanism.";
    DpaUrl "dpa_url" ["dpa", "data processing agreement", "data processing addendum", "dpa link"] "Data processing agreement.";
    SubprocessorsUrl "subprocessors_url" [
        "their subprocessors", "subprocessor list", "sub processor list", "list of subprocessors",
    ] "Its own list of subprocessors.";
    SubjectMatter "subject_matter" ["subject matter of processing", "subject matter of the processing"] "Subject matter.";
    Duration "duration" ["duration of processing", "duration of the processing"] "Duration.";
    Retention "retention" ["retention period", "data retention", "retention time", "storage period"] "How long it keeps the data.";
    DataSubjects "data_subjects" ["categories of data subjects", "data subject categories", "data subject"] "Data subjects.";
    SpecialCategories "special_categories" ["special categories of data", "sensitive data", "special category data"] "Special categories.";
    Announced "announced" ["date announced", "notice date", "notified", "announced on", "date of notice"] "Date of the notice.";
    Effective "effective" [
        "effective date", "date added", "added", "start date", "since", "engaged since", "effective from", "from",
    ] "First day.";
    Ends "ends" ["end date", "until", "date removed", "last day"] "Last day.";
    Replaces "replaces" ["replacement for"] "Subprocessor that it replaces.";
}

/// How a column name matches a field; a lower rank wins if two columns fit one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NameMatch {
    pub field: Field,
    pub rank: Rank,
}

impl Field {
    /// Returns the field that matches a column name.
    pub fn of_column(name: &str) -> Option<Field> {
        Field::matching(name).map(|found| found.field)
    }

    /// Returns the field that matches a column name, and how well: the name of the field itself, a common name, a common name
    /// as one half of `A / B`, or words that describe the field.
    pub(super) fn matching(name: &str) -> Option<NameMatch> {
        // "Location (country)": ignore text in brackets.
        let short = name.split(['(', '[']).next().unwrap_or_default();
        let whole = plain(name);
        if whole.len() > MAX_NAME {
            return None;
        }
        let named = Field::named(&whole).or_else(|| Field::named(&plain(short)));
        if named.is_some() || short.contains('/') {
            return named.or_else(|| Field::of_halves(short));
        }
        Field::of_words(&plain(short)).or_else(|| Field::of_words(&whole))
    }

    /// Returns the field with this name or common name.
    fn named(plain_name: &str) -> Option<NameMatch> {
        let own = Field::ALL.iter().copied().find(|field| plain(field.name()) == plain_name);
        if let Some(field) = own {
            return Some(NameMatch { field, rank: 0 });
        }
        let field = Field::ALL.iter().copied().find(|field| field.common_names().contains(&plain_name))?;
        // The customer may have a column of its own, and a service may be the name of a product.
        let rank = VAGUE.iter().find(|(name, _)| *name == plain_name).map_or(1, |(_, rank)| *rank);
        Some(NameMatch { field, rank })
    }

    fn of_words(plain_name: &str) -> Option<NameMatch> {
        words::field(plain_name).map(|(field, rank)| NameMatch { field, rank })
    }

    /// Returns the field of `A / B`, if only one half matches a field or both describe the same.
    fn of_halves(name: &str) -> Option<NameMatch> {
        let halves: Vec<&str> = name.split('/').collect();
        let [first, second] = halves.as_slice() else { return Field::of_words(&plain(name)) };
        let half = |text: &str| Field::named(&plain(text)).or_else(|| Field::of_words(&plain(text)));
        let (first, second) = (half(first), half(second));
        let found = match (first, second) {
            (Some(first), Some(second)) if first.field == second.field => first.min(second),
            // `Role / Purpose`: what the provider does.
            (Some(NameMatch { field: Field::Role | Field::Category, .. }), Some(purpose))
            | (Some(purpose), Some(NameMatch { field: Field::Role | Field::Category, .. }))
                if purpose.field == Field::Purpose =>
            {
                purpose
            }
            (Some(NameMatch { field: Field::LegalName, .. }), Some(name))
            | (Some(name), Some(NameMatch { field: Field::LegalName, .. }))
                if name.field == Field::Name =>
            {
                name
            }
            (Some(found), None) | (None, Some(found)) => found,
            _ => return None,
        };
        Some(NameMatch { rank: found.rank.max(2), ..found })
    }
}

/// The maximum length of a column name that is compared with fields, in bytes.
const MAX_NAME: usize = 200;

/// Common names that another column describes better, if there is one.
const VAGUE: &[(&str, Rank)] = &[
    ("company", 4),
    ("organization", 4),
    ("organisation", 4),
    ("entity", 4),
    ("function", 4),
    ("description", 5),
    ("use", 5),
    ("service", 6),
    ("services", 6),
];

/// Normalizes a column name: lowercase words without accents, separated by single spaces, without punctuation. `dataProcessed`
/// is two words.
pub fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut before = ' ';
    for c in name.chars() {
        let boundary = !c.is_alphanumeric() || (c.is_uppercase() && before.is_lowercase());
        if boundary && !plain.is_empty() && !plain.ends_with(' ') {
            plain.push(' ');
        }
        if c.is_alphanumeric() {
            plain.extend(c.to_lowercase().map(unaccented));
        }
        before = c;
    }
    plain.trim_end().to_owned()
}

/// Returns a lowercase letter without its accent.
pub(super) fn unaccented(c: char) -> char {
    match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' | 'ĉ' | 'ċ' => 'c',
        'ď' | 'đ' | 'ð' => 'd',
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ğ' | 'ģ' | 'ĝ' => 'g',
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'į' | 'ı' => 'i',
        'ķ' => 'k',
        'ĺ' | 'ļ' | 'ľ' | 'ł' => 'l',
        'ñ' | 'ń' | 'ņ' | 'ň' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ŕ' | 'ř' => 'r',
        'ś' | 'š' | 'ş' | 'ș' => 's',
        'ť' | 'ţ' | 'ț' => 't',
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' | 'ų' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        c => c,
    }
}

/// Returns text with Latin letters without accents, as ids have them: `Épsilon Süß` becomes `epsilon suss`.
pub(super) fn latin(text: &str) -> String {
    let mut latin = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'ß' => latin.push_str("ss"),
            'æ' => latin.push_str("ae"),
            'œ' => latin.push_str("oe"),
            'þ' => latin.push_str("th"),
            // An accent of its own, after its letter.
            '\u{300}'..='\u{36f}' => {}
            c => latin.push(unaccented(c)),
        }
    }
    latin
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Field {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Field, Malformed> {
        Field::ALL.iter().copied().find(|field| field.name() == text).ok_or_else(|| {
            let names = Field::ALL.iter().map(|field| field.name());
            let help = match nearest(text, names.clone()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("use one of these fields: {}", names.collect::<Vec<_>>().join(", ")),
            };
            Malformed::new(format!("`{}` is not a field of a subprocessor", text.escape_debug()), help)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Field, plain};

    #[test]
    fn common_names_are_normalized_and_match_one_field() {
        for field in Field::ALL {
            assert_eq!(Field::of_column(field.name()), Some(*field));
            for name in field.common_names() {
                assert_eq!(&plain(name), name);
                assert_eq!(Field::of_column(name), Some(*field), "{name}");
            }
        }
    }

    #[test]
    fn ignores_case_and_punctuation() {
        for name in ["SUB-PROCESSOR", "Subprocessor:", " Vendor ", "Name (legal)"] {
            assert_eq!(Field::of_column(name), Some(Field::Name), "{name}");
        }
        assert_eq!(Field::of_column("Notes"), None);
    }
}
