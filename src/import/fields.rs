//! The fields of a subprocessor, and common column names for them.

use std::fmt;
use std::str::FromStr;

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
    DpaUrl "dpa_url" ["dpa", "data processing agreement", "data processing addendum", "dpa link"] "Data processing agreement.";
    SubprocessorsUrl "subprocessors_url" [
        "their subprocessors", "subprocessor list", "sub processor list", "list of subprocessors",
    ] "Its own list of subprocessors.";
    SubjectMatter "subject_matter" ["subject matter of processing", "subject matter of the processing"] "Subject matter.";
    Duration "duration" ["duration of processing", "duration of the processing", "retention"] "Duration.";
    DataSubjects "data_subjects" ["categories of data subjects", "data subject categories", "data subject"] "Data subjects.";
    SpecialCategories "special_categories" ["special categories of data", "sensitive data", "special category data"] "Special categories.";
    Announced "announced" ["date announced", "notice date", "notified", "announced on", "date of notice"] "Date of the notice.";
    Effective "effective" [
        "effective date", "date added", "added", "start date", "since", "engaged since", "effective from", "from",
    ] "First day.";
    Ends "ends" ["end date", "until", "date removed", "last day"] "Last day.";
    Replaces "replaces" ["replacement for"] "Subprocessor that it replaces.";
}

impl Field {
    /// Returns the field that matches a column name.
    pub fn of_column(name: &str) -> Option<Field> {
        let matches = |wanted: &str| {
            Field::ALL
                .iter()
                .copied()
                .find(|field| plain(field.name()) == wanted || field.common_names().contains(&wanted))
        };
        let whole = plain(name);
        // "Location (country)": ignore text in brackets.
        let short = plain(name.split(['(', '[']).next().unwrap_or_default());
        matches(&whole).or_else(|| matches(&short))
    }
}

/// Normalizes a column name: lowercase words, separated by single spaces, without punctuation.
pub fn plain(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
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
