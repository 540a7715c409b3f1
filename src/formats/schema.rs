//! `schema/*.json`: JSON Schema (draft 2020-12) for all JSON files that a site publishes.
//!
//! The schemas are generated from the types that write the files; doc comments become descriptions. Each file names its
//! schema under `$schema`, except release records, whose bytes must not depend on where they are published.

use super::{json_feed, questionnaires, subprocessors, trust, upcoming};
use crate::history::comparison::Comparison;
use crate::history::index::Index;
use crate::history::record::AnyRecord;
use crate::publication::Publication;
use crate::schema::Format;
use crate::site::SitePath;
use crate::site::map::SCHEMAS;

/// Name of the schema of `releases/index.json`.
pub const RELEASES: &str = SCHEMAS[0];
/// Name of the schema of a release record.
pub const RECORD: &str = SCHEMAS[1];
/// Name of the schema of what `candor diff --format json` prints.
pub const CHANGES: &str = SCHEMAS[2];
/// Name of the schema of `subprocessors.json`.
pub const SUBPROCESSORS: &str = SCHEMAS[3];
/// Name of the schema of `feed.json`.
pub const FEED: &str = SCHEMAS[4];

/// Name of the schema of `upcoming.json`.
pub const UPCOMING: &str = SCHEMAS[5];
/// Name of the schema of `trust.json`.
pub const TRUST: &str = SCHEMAS[6];
/// Name of the schema of `questionnaires/NAME.json`.
pub const QUESTIONNAIRE: &str = SCHEMAS[7];

/// The formats whose schemas every site publishes, in the order of [`SCHEMAS`].
pub const PUBLISHED: [Format; SCHEMAS.len()] = [
    Format::output::<Index>(RELEASES, "releases/index.json", "Published list of releases"),
    Format::redactable::<AnyRecord>(RECORD, "releases/*.json", "Release record"),
    Format::redactable::<Comparison>(CHANGES, "changes.json", "Changes, as `candor diff --format json` prints them"),
    Format::output::<subprocessors::List>(SUBPROCESSORS, "subprocessors.json", "Published list of subprocessors"),
    Format::redactable::<json_feed::JsonFeed<'static>>(FEED, "feed.json", "Feed of releases (JSON Feed 1.1)"),
    Format::output::<upcoming::UpcomingList>(UPCOMING, "upcoming.json", "Published list of upcoming changes"),
    Format::output::<trust::TrustDocument>(TRUST, "trust.json", "Everything that the current version states"),
    Format::output::<questionnaires::QuestionnaireDocument>(
        QUESTIONNAIRE,
        "questionnaires/*.json",
        "Published questionnaire with its answers",
    ),
];

/// The committed schemas, so that a build does not generate them. A test compares them with the types.
const COMMITTED: [&str; SCHEMAS.len()] = [
    include_str!("../../schemas/output/releases.json"),
    include_str!("../../schemas/output/release.json"),
    include_str!("../../schemas/output/changes.json"),
    include_str!("../../schemas/output/subprocessors.json"),
    include_str!("../../schemas/output/feed.json"),
    include_str!("../../schemas/output/upcoming.json"),
    include_str!("../../schemas/output/trust.json"),
    include_str!("../../schemas/output/questionnaire.json"),
];

/// Returns the schema at this position in [`SCHEMAS`]. Its `$id` is its published URL if the site has a `base_url`.
pub(super) fn text(nth: usize, path: &SitePath, publication: &Publication) -> Option<String> {
    let (format, text) = (PUBLISHED.get(nth)?, *COMMITTED.get(nth)?);
    Some(match publication.absolute(path.as_str()) {
        Some(address) => with_id(text, format, &address),
        None => text.to_owned(),
    })
}

/// Replaces the `$id` of a schema.
fn with_id(text: &str, format: &Format, address: &str) -> String {
    text.replacen(&format!("\"{}\"", format.id()), &serde_json::Value::from(address).to_string(), 1)
}

#[cfg(test)]
mod tests {
    use super::{COMMITTED, PUBLISHED, with_id};

    #[test]
    fn published_schemas_match_their_types_and_have_their_own_id() {
        for (format, text) in PUBLISHED.iter().zip(COMMITTED) {
            let mut schema = format.schema();
            assert_eq!(text, format!("{schema:#}\n"), "{}", format.name);
            schema["$id"] = "https://example.com/\"x".into();
            assert_eq!(with_id(text, format, "https://example.com/\"x"), format!("{schema:#}\n"), "{}", format.name);
        }
    }
}
