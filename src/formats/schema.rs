//! `schema/*.json`: JSON Schema (draft 2020-12) of every JSON that a site publishes.
//!
//! The schemas are made from the types that write the files, so they cannot disagree; doc comments become descriptions. Each
//! file names its schema under `$schema`, but for release records: those are frozen byte for byte, wherever they are
//! published.

use super::{json_feed, subprocessors};
use crate::history::Record;
use crate::history::comparison::Comparison;
use crate::history::index::Index;
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

/// The formats whose schemas every site publishes, in the order of [`SCHEMAS`].
pub const PUBLISHED: [Format; SCHEMAS.len()] = [
    Format::output::<Index>(RELEASES, "releases/index.json", "Published list of releases"),
    Format::output::<Record>(RECORD, "releases/*.json", "Release record"),
    Format::output::<Comparison>(CHANGES, "changes.json", "Changes, as `candor diff --format json` prints them"),
    Format::output::<subprocessors::List>(SUBPROCESSORS, "subprocessors.json", "Published list of subprocessors"),
    Format::output::<json_feed::JsonFeed<'static>>(FEED, "feed.json", "Feed of releases (JSON Feed 1.1)"),
];

/// Their texts as they are committed, which spares each build the making of them. A test holds them against the types.
const TEXTS: [&str; SCHEMAS.len()] = [
    include_str!("../../schemas/output/releases.json"),
    include_str!("../../schemas/output/release.json"),
    include_str!("../../schemas/output/changes.json"),
    include_str!("../../schemas/output/subprocessors.json"),
    include_str!("../../schemas/output/feed.json"),
];

/// The schema at this position in [`SCHEMAS`]. Its `$id` is where it is published, if the site has an address.
pub(super) fn text(nth: usize, path: &SitePath, publication: &Publication) -> Option<String> {
    let (format, text) = (PUBLISHED.get(nth)?, *TEXTS.get(nth)?);
    Some(match publication.absolute(path.as_str()) {
        Some(address) => with_id(text, format, &address),
        None => text.to_owned(),
    })
}

/// The schema under another address than that of its format.
fn with_id(text: &str, format: &Format, address: &str) -> String {
    text.replacen(&format!("\"{}\"", format.id()), &serde_json::Value::from(address).to_string(), 1)
}

#[cfg(test)]
mod tests {
    use super::{PUBLISHED, TEXTS, with_id};

    #[test]
    fn a_published_schema_is_that_of_its_type_under_its_own_address() {
        for (format, text) in PUBLISHED.iter().zip(TEXTS) {
            let mut schema = format.schema();
            assert_eq!(text, format!("{schema:#}\n"), "{}", format.name);
            schema["$id"] = "https://example.com/\"x".into();
            assert_eq!(with_id(text, format, "https://example.com/\"x"), format!("{schema:#}\n"), "{}", format.name);
        }
    }
}
