//! Lookups in the map: the row that describes a path, and the path of a page or a release record.

use super::{ADDRESSES, Address, INDEX, Kind, Media, Output, Owner, PageKind, When};
use crate::model::{Digest, Id, RecordedFile, Version};
use crate::site::media;

impl Address {
    /// Returns the media type of a file that this row describes.
    pub fn media_type(&self, path: &str) -> &'static str {
        match self.media {
            Media::Fixed(media_type) => media_type,
            Media::ByName => media::of_name(path).unwrap_or(media::UNKNOWN),
        }
    }

    /// Whether content may link to the address. Host configuration is not served, and names of assets change with their bytes.
    pub fn is_linkable(&self) -> bool {
        let is_for_hosts = matches!(
            self.kind,
            Kind::Output(Output::HeadersFile | Output::RedirectsFile | Output::NginxRedirects | Output::StaticWebApp)
        );
        !is_for_hosts && !matches!(self.kind, Kind::Asset | Kind::Reserved)
    }

    /// Whether the path matches the pattern.
    pub fn matches(&self, path: &str) -> bool {
        fits_pattern(self.pattern, path)
    }

    /// Returns the path with this value of the parameter; several parameters are one value, with slashes.
    pub(in crate::site) fn with(&self, value: &str) -> String {
        match (self.pattern.find('{'), self.pattern.rfind('}')) {
            (Some(start), Some(end)) => format!("{}{value}{}", &self.pattern[..start], &self.pattern[end + 1..]),
            _ => self.pattern.to_owned(),
        }
    }
}

/// Whether a path matches a pattern.
pub(super) fn fits_pattern(pattern: &str, path: &str) -> bool {
    if let Some(name) = pattern.strip_prefix("{path}/") {
        return path.strip_suffix(name).is_some_and(|folder| folder.len() > 1 && folder.ends_with('/'));
    }
    let mut segments = path.split('/');
    for part in pattern.split('/') {
        let Some(segment) = segments.next() else { return false };
        let Some((name, ending)) = part.strip_prefix('{').and_then(|part| part.split_once('}')) else {
            if segment != part {
                return false;
            }
            continue;
        };
        if name == "path" {
            let last = segments.next_back().unwrap_or(segment);
            return last.strip_suffix(ending).is_some_and(|stem| ending.is_empty() || !stem.is_empty());
        }
        if !segment.strip_suffix(ending).is_some_and(|value| fits(name, value)) {
            return false;
        }
    }
    segments.next().is_none()
}

/// Whether a string is a valid value of a parameter.
fn fits(parameter: &str, value: &str) -> bool {
    let digits = |value: &str| value.bytes().all(|byte| byte.is_ascii_digit());
    match parameter {
        "year" => value.len() == 4 && digits(value),
        "number" => !value.is_empty() && digits(value) && !value.starts_with('0'),
        "version" => value.parse::<Version>().is_ok(),
        "name" => value.parse::<Id>().is_ok(),
        // LIST--ITEM--CHANGE, as the calendar file of a change is named.
        "notice" => value.split("--").count() == 3 && value.split("--").all(|part| part.parse::<Id>().is_ok()),
        "sha256" => value.parse::<Digest>().is_ok(),
        _ => !value.is_empty(),
    }
}

/// Returns the row that describes the file at a path: a row of candor's addresses, or of the publisher's files.
pub fn find(path: &str) -> &'static Address {
    let is_of_publisher = |row: &&Address| row.owner == Owner::Publisher && row.when != When::Never;
    let of_publisher = || ADDRESSES.iter().find(|row| is_of_publisher(row) && row.matches(path));
    owner_of(path).or_else(of_publisher).unwrap_or(&ADDRESSES[ADDRESSES.len() - 1])
}

/// Returns the row of an address that is reserved for candor, even if the site does not have it. `None` if the publisher may
/// put a file there. With [`Owner::Shared`], the publisher may do so as long as candor does not write the file.
pub fn owner_of(path: &str) -> Option<&'static Address> {
    ADDRESSES.iter().find(|row| row.owner != Owner::Publisher && row.matches(path))
}

impl PageKind {
    /// The name of the page in templates, scripts and style sheets.
    pub fn name(self) -> &'static str {
        match self {
            PageKind::Trust => "trust",
            PageKind::Subprocessors => "subprocessors",
            PageKind::Changelog | PageKind::ChangelogYear => "changelog",
            PageKind::Release => "release",
            PageKind::Schedule => "schedule",
            PageKind::Compare => "compare",
            PageKind::Subscribe => "subscribe",
            PageKind::Own | PageKind::ArchivedOwn => "own",
            PageKind::Questionnaires => "questionnaires",
            PageKind::Questionnaire | PageKind::ArchivedQuestionnaire => "questionnaire",
            PageKind::Updates => "updates",
            PageKind::Update | PageKind::ArchivedUpdate => "update",
            PageKind::NotFound => "not-found",
        }
    }

    /// Whether it is the page of a release, which stays as it is.
    pub fn is_archived(self) -> bool {
        matches!(
            self,
            PageKind::Release | PageKind::ArchivedOwn | PageKind::ArchivedQuestionnaire | PageKind::ArchivedUpdate
        )
    }

    /// Whether search engines may index pages of this kind.
    pub fn is_indexable(self) -> bool {
        self.address().is_some_and(|address| address.indexable)
    }

    /// Returns the path of a page for links: a folder with a trailing slash, empty for the trust page. `value` is the year,
    /// version or name, or `VERSION/NAME`; empty for pages that exist once.
    pub fn path(self, value: &str) -> String {
        let file = self.address().map(|address| address.with(value)).unwrap_or_default();
        linked(&file).to_owned()
    }

    fn address(self) -> Option<&'static Address> {
        ADDRESSES.iter().find(|address| address.kind == Kind::Page(self))
    }
}

/// Returns the path of the page of a release, for links.
pub fn release_page(version: Version) -> String {
    PageKind::Release.path(&version.to_string())
}

/// Returns the path of the calendar file of a change; `name` is its file name without extension.
pub fn notice_calendar(name: &str) -> String {
    let row = ADDRESSES.iter().find(|address| address.kind == Kind::Output(Output::NoticeCalendar));
    row.map(|address| address.with(name)).unwrap_or_default()
}

/// Returns the path of the feed of updates.
pub fn updates_feed() -> &'static str {
    let row = ADDRESSES.iter().find(|address| address.kind == Kind::Output(Output::UpdatesFeed));
    row.map_or("", |address| address.pattern)
}

/// Returns the path of a file of a questionnaire.
pub fn questionnaire_file(output: Output, id: &Id) -> String {
    let row = ADDRESSES.iter().find(|address| address.kind == Kind::Output(output));
    row.map(|address| address.with(id.as_str())).unwrap_or_default()
}

/// Returns the path of the record of a release.
pub fn release_record(version: Version) -> String {
    let row = ADDRESSES.iter().find(|address| address.kind == Kind::Record);
    row.map(|address| address.with(&version.to_string())).unwrap_or_default()
}

/// Returns the path of a file that releases bind.
pub fn bound_file(file: &RecordedFile) -> String {
    bound_file_at(&file.kept_at())
}

/// Returns the path of a file that releases bind, from its digest and name: `SHA256/NAME`.
pub fn bound_file_at(kept_at: &str) -> String {
    let row = ADDRESSES.iter().find(|address| address.kind == Kind::BoundFile);
    row.map(|address| address.with(kept_at)).unwrap_or_default()
}

/// Returns the path of a file for links, without `index.html`.
pub fn linked(path: &str) -> &str {
    match path.strip_suffix(INDEX) {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
        _ => path,
    }
}
