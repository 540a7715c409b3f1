//! The map of the site's URLs: every address that a site can have, with all that is known about it.
//!
//! [`ADDRESSES`] has one row per kind of address. Renderer, formats, headers, link check, upload and preview take
//! what they need from there, so that none of them keeps a list of its own. A new page is a [`PageKind`], a row and an
//! arm in `render/pages.rs`; a new file is an [`Output`], a row and an arm in `formats/mod.rs`.
//!
//! Which of the addresses a site has follows from its [`SiteFacts`](super::SiteFacts).

mod claims;

pub use claims::{Claim, ClaimKind, FOLDERS, claim, control_file, fold, uncompressed};

use super::{Cache, media};
use crate::model::Version;

/// The file that a web server sends for a folder.
pub const INDEX: &str = "index.html";

/// The JSON Schemas that every site publishes, by name.
pub const SCHEMAS: [&str; 5] = ["releases", "release", "changes", "subprocessors", "feed"];

/// One kind of address.
#[derive(Debug, PartialEq, Eq)]
pub struct Address {
    /// Path below the root. A segment may hold one parameter in braces; `{path}` stands for one or more segments.
    pub pattern: &'static str,
    /// What is there.
    pub kind: Kind,
    /// Its media type.
    pub media: Media,
    /// How long a copy may be kept.
    pub cache: Cache,
    /// Which sites may read it from a browser.
    pub sharing: Sharing,
    /// When `publish` uploads it.
    pub phase: Phase,
    /// Whether search engines may list it. Such pages are in the sitemap; all others carry `noindex`.
    pub indexable: bool,
    /// When a site has it.
    pub when: When,
    /// Whose address it is.
    pub owner: Owner,
}

/// What is at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A page, made by `render`.
    Page(PageKind),
    /// A file, made by `formats`.
    Output(Output),
    /// A release record.
    Record,
    /// The digests of all release records.
    Checksums,
    /// A style sheet, script, image or font that pages are made of; its name holds a digest.
    Asset,
    /// A file of `static/` that candor publishes as it is.
    Static,
    /// Nothing yet: the address is kept for a later version, or candor keeps its own notes there.
    Reserved,
}

/// A kind of page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PageKind {
    /// The trust page, which is the front page.
    Trust,
    /// The list of subprocessors.
    Subprocessors,
    /// The change log.
    Changelog,
    /// One year of a long change log.
    ChangelogYear,
    /// The archived page of a release.
    Release,
    /// The subprocessors that apply to one customer.
    Schedule,
    /// Two releases next to each other.
    Compare,
    /// What readers get for an address that the site does not have.
    NotFound,
}

/// A kind of file that candor writes besides pages and records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Output {
    /// The list of releases with their digests.
    ReleaseIndex,
    /// A JSON Schema.
    Schema,
    /// The list of subprocessors as JSON.
    SubprocessorsJson,
    /// The list of subprocessors as CSV.
    SubprocessorsCsv,
    /// A document of the Atom feed.
    AtomFeed,
    /// A document of the JSON feed.
    JsonFeed,
    /// The trust page as Markdown.
    MarkdownCopy,
    /// The overview for assistants.
    Llms,
    /// Where to report a vulnerability.
    SecurityTxt,
    /// The pages that search engines may list.
    Sitemap,
    /// What crawlers may visit.
    Robots,
    /// Response headers for Cloudflare Pages and Netlify.
    HeadersFile,
    /// Settings of Azure Static Web Apps.
    StaticWebApp,
}

/// Where the media type of an address comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// It is the same for every file.
    Fixed(&'static str),
    /// The ending of the file's name decides.
    ByName,
}

/// Which sites may read a file from a browser (CORP, CORS).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// This one only: pages, and what they are made of.
    SameOrigin,
    /// Any: data that is published for programs, such as a customer's own dashboard. There are no cookies.
    AnyOrigin,
    /// Not stated: the browser's default.
    Unstated,
}

/// A step of the upload; each is complete before the next begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Styles, scripts, images, documents, schemas: what other files point at.
    Assets,
    /// Release records.
    Records,
    /// Pages of single releases.
    Archive,
    /// The other pages, and the same facts for programs.
    Pages,
    /// Front page, feeds, sitemap, list of releases: what tells readers that something is new.
    Announcements,
}

impl Phase {
    /// All phases, in order.
    pub const ALL: [Phase; 5] = [Phase::Assets, Phase::Records, Phase::Archive, Phase::Pages, Phase::Announcements];

    /// What the phase carries, for progress lines.
    pub fn as_str(self) -> &'static str {
        match self {
            Phase::Assets => "assets",
            Phase::Records => "release records",
            Phase::Archive => "archived pages",
            Phase::Pages => "pages",
            Phase::Announcements => "front page and feeds",
        }
    }
}

/// When a site has an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Always.
    Always,
    /// Once something was released.
    Released,
    /// Where the site has an absolute address and is not a draft.
    Listed,
    /// Where `site.yaml` states all that `security.txt` needs.
    SecurityTxt,
    /// For each release.
    EachRelease,
    /// For each year of a change log that is longer than one page.
    EachYear,
    /// For each archive of a feed that is longer than one document.
    EachFeedArchive,
    /// For each of [`SCHEMAS`].
    EachSchema,
    /// For each file of `static/` that is published there.
    EachFile,
    /// Never, in this version.
    Never,
}

/// Whose address it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// candor's. A file of `static/` cannot take it, even if this site does not have it today: the next release may.
    Candor,
    /// candor's where it writes the file; otherwise the publisher may put one there.
    Shared,
    /// The publisher's, who names it.
    Publisher,
}

const HTML: &str = "text/html; charset=utf-8";
const JSON: &str = "application/json; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";
const XML: &str = "application/xml; charset=utf-8";

/// Every kind of address. Of two rows that match a path, the first counts.
///
/// Headers are written in this order, and pages of the sitemap too.
pub const ADDRESSES: &[Address] = &[
    Address {
        cache: Cache::Immutable,
        phase: Phase::Assets,
        when: When::EachFile,
        ..file("assets/{path}", Kind::Asset)
    }
    .shared_with(Sharing::SameOrigin)
    .owned_by(Owner::Candor),
    // Pages.
    page("index.html", PageKind::Trust).indexed().announced(),
    page("404.html", PageKind::NotFound),
    page("subprocessors/index.html", PageKind::Subprocessors).indexed(),
    page("changelog/index.html", PageKind::Changelog).indexed(),
    page("changelog/{year}/index.html", PageKind::ChangelogYear).indexed().when(When::EachYear),
    page("schedule/index.html", PageKind::Schedule).indexed(),
    page("compare/index.html", PageKind::Compare).when(When::Released),
    // Releases.
    page("releases/{version}/index.html", PageKind::Release)
        .when(When::EachRelease)
        .in_phase(Phase::Archive)
        .shared_with(Sharing::AnyOrigin),
    data("releases/{version}.json", Kind::Record, JSON).when(When::EachRelease).in_phase(Phase::Records),
    data("releases/index.json", Kind::Output(Output::ReleaseIndex), JSON).when(When::Released).announced(),
    data("releases/SHA256SUMS", Kind::Checksums, TEXT).when(When::Released).in_phase(Phase::Archive),
    // Data.
    data("schema/{name}.json", Kind::Output(Output::Schema), "application/schema+json; charset=utf-8")
        .when(When::EachSchema)
        .in_phase(Phase::Assets),
    data("subprocessors.json", Kind::Output(Output::SubprocessorsJson), JSON),
    data("subprocessors.csv", Kind::Output(Output::SubprocessorsCsv), "text/csv; charset=utf-8"),
    atom("feed/{number}.xml").when(When::EachFeedArchive),
    json_feed("feed/{number}.json").when(When::EachFeedArchive),
    atom("feed.xml").when(When::Released),
    json_feed("feed.json").when(When::Released),
    data("index.md", Kind::Output(Output::MarkdownCopy), "text/markdown; charset=utf-8").announced(),
    data("llms.txt", Kind::Output(Output::Llms), TEXT).announced(),
    data(".well-known/security.txt", Kind::Output(Output::SecurityTxt), TEXT)
        .when(When::SecurityTxt)
        .owned_by(Owner::Shared),
    data("sitemap.xml", Kind::Output(Output::Sitemap), XML)
        .when(When::Listed)
        .announced()
        .shared_with(Sharing::Unstated)
        .owned_by(Owner::Shared),
    data("robots.txt", Kind::Output(Output::Robots), TEXT).shared_with(Sharing::Unstated),
    // For hosts.
    data("_headers", Kind::Output(Output::HeadersFile), TEXT).in_phase(Phase::Assets).shared_with(Sharing::Unstated),
    data("staticwebapp.config.json", Kind::Output(Output::StaticWebApp), JSON).shared_with(Sharing::Unstated),
    // Kept for later versions.
    reserved("trust.json", JSON),
    reserved("subprocessors.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    reserved("upcoming.json", JSON).announced(),
    reserved("notices.ics", "text/calendar; charset=utf-8").announced(),
    reserved("subscribe/index.html", HTML).indexed().shared_with(Sharing::SameOrigin),
    reserved("releases/{version}/{name}/index.html", HTML).in_phase(Phase::Archive),
    Address { media: Media::ByName, ..reserved("releases/files/{sha256}/{file}", "") }.in_phase(Phase::Assets),
    reserved("redirects.nginx.conf", TEXT).shared_with(Sharing::Unstated).owned_by(Owner::Shared),
    reserved("_redirects", TEXT).in_phase(Phase::Assets).shared_with(Sharing::Unstated).owned_by(Owner::Shared),
    reserved("{name}/index.html", HTML).indexed().shared_with(Sharing::SameOrigin).owned_by(Owner::Publisher),
    // What candor itself notes in the folder and at the destination.
    reserved(".candor", JSON).shared_with(Sharing::Unstated),
    reserved(".candor/{path}", JSON).shared_with(Sharing::Unstated),
    // The publisher's own files; web pages go up after the files that they need.
    file("documents/{path}", Kind::Static).in_phase(Phase::Assets),
    file("{path}.html", Kind::Static),
    file("{path}.htm", Kind::Static),
    file("{path}", Kind::Static).in_phase(Phase::Assets),
];

const fn page(pattern: &'static str, kind: PageKind) -> Address {
    Address { kind: Kind::Page(kind), ..reserved(pattern, HTML) }.when(When::Always).shared_with(Sharing::SameOrigin)
}

const fn data(pattern: &'static str, kind: Kind, media: &'static str) -> Address {
    Address { kind, ..reserved(pattern, media) }.when(When::Always)
}

const fn atom(pattern: &'static str) -> Address {
    data(pattern, Kind::Output(Output::AtomFeed), "application/atom+xml; charset=utf-8").announced()
}

const fn json_feed(pattern: &'static str) -> Address {
    data(pattern, Kind::Output(Output::JsonFeed), "application/feed+json; charset=utf-8").announced()
}

const fn file(pattern: &'static str, kind: Kind) -> Address {
    Address { kind, media: Media::ByName, ..reserved(pattern, "") }
        .when(When::EachFile)
        .shared_with(Sharing::Unstated)
        .owned_by(Owner::Publisher)
}

const fn reserved(pattern: &'static str, media: &'static str) -> Address {
    Address {
        pattern,
        kind: Kind::Reserved,
        media: Media::Fixed(media),
        cache: Cache::Revalidate,
        sharing: Sharing::AnyOrigin,
        phase: Phase::Pages,
        indexable: false,
        when: When::Never,
        owner: Owner::Candor,
    }
}

/// How the rows of the table differ from one another.
impl Address {
    const fn when(self, when: When) -> Address {
        Address { when, ..self }
    }

    const fn in_phase(self, phase: Phase) -> Address {
        Address { phase, ..self }
    }

    const fn announced(self) -> Address {
        self.in_phase(Phase::Announcements)
    }

    const fn indexed(self) -> Address {
        Address { indexable: true, ..self }
    }

    const fn shared_with(self, sharing: Sharing) -> Address {
        Address { sharing, ..self }
    }

    const fn owned_by(self, owner: Owner) -> Address {
        Address { owner, ..self }
    }
}

impl Address {
    /// The media type of the file at a path that this row describes.
    pub fn media_type(&self, path: &str) -> &'static str {
        match self.media {
            Media::Fixed(media_type) => media_type,
            Media::ByName => media::of_name(path).unwrap_or(media::UNKNOWN),
        }
    }

    /// Whether content may link to it. Files for hosts are not served, and the name of an asset changes with its bytes.
    pub fn is_linkable(&self) -> bool {
        !matches!(self.kind, Kind::Asset | Kind::Reserved | Kind::Output(Output::HeadersFile | Output::StaticWebApp))
    }

    /// Whether the path has the form of the pattern.
    pub fn matches(&self, path: &str) -> bool {
        fits_pattern(self.pattern, path)
    }

    /// The path with this value in the place of the parameter.
    pub(super) fn with(&self, value: &str) -> String {
        match (self.pattern.find('{'), self.pattern.find('}')) {
            (Some(start), Some(end)) => format!("{}{value}{}", &self.pattern[..start], &self.pattern[end + 1..]),
            _ => self.pattern.to_owned(),
        }
    }
}

/// Whether a path has the form of a pattern.
fn fits_pattern(pattern: &str, path: &str) -> bool {
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

/// Whether a text can be the value of a parameter.
fn fits(parameter: &str, value: &str) -> bool {
    let digits = |value: &str| value.bytes().all(|byte| byte.is_ascii_digit());
    match parameter {
        "year" => value.len() == 4 && digits(value),
        "number" => !value.is_empty() && digits(value) && !value.starts_with('0'),
        "version" => value.parse::<Version>().is_ok(),
        "name" => value.parse::<crate::model::Id>().is_ok(),
        "sha256" => value.parse::<crate::model::Digest>().is_ok(),
        _ => !value.is_empty(),
    }
}

/// The row that describes the file at a path: one of candor's, or else that of the publisher's files.
pub fn find(path: &str) -> &'static Address {
    let of_publisher = || ADDRESSES.iter().find(|row| row.when == When::EachFile && row.matches(path));
    owner_of(path).or_else(of_publisher).unwrap_or(&ADDRESSES[ADDRESSES.len() - 1])
}

/// The row of an address that is candor's own, whether or not a given site has it. `None` where the publisher may put a
/// file; [`Owner::Shared`] says that they may do so as long as candor writes none.
pub fn owner_of(path: &str) -> Option<&'static Address> {
    ADDRESSES.iter().find(|row| row.owner != Owner::Publisher && row.matches(path))
}

impl PageKind {
    /// The name by which templates, scripts and style sheets know the page.
    pub fn name(self) -> &'static str {
        match self {
            PageKind::Trust => "trust",
            PageKind::Subprocessors => "subprocessors",
            PageKind::Changelog | PageKind::ChangelogYear => "changelog",
            PageKind::Release => "release",
            PageKind::Schedule => "schedule",
            PageKind::Compare => "compare",
            PageKind::NotFound => "not-found",
        }
    }

    /// Whether search engines may list pages of this kind.
    pub fn is_indexable(self) -> bool {
        self.address().is_some_and(|address| address.indexable)
    }

    /// The path of a page as links have it: a folder with its slash, empty for the trust page. `value` is the year or
    /// version, and empty for pages that a site has once.
    pub fn path(self, value: &str) -> String {
        let file = self.address().map(|address| address.with(value)).unwrap_or_default();
        linked(&file).to_owned()
    }

    fn address(self) -> Option<&'static Address> {
        ADDRESSES.iter().find(|address| address.kind == Kind::Page(self))
    }
}

/// The path of the page of a release, as links have it.
pub fn release_page(version: Version) -> String {
    PageKind::Release.path(&version.to_string())
}

/// The path of the record of a release.
pub fn release_record(version: Version) -> String {
    let row = ADDRESSES.iter().find(|address| address.kind == Kind::Record);
    row.map(|address| address.with(&version.to_string())).unwrap_or_default()
}

/// The path of a file as links have it: a folder's `index.html` is the folder.
pub fn linked(path: &str) -> &str {
    match path.strip_suffix(INDEX) {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
        _ => path,
    }
}
