//! The map of the site's URLs: all addresses that a site can have, with their properties.
//!
//! [`ADDRESSES`] has one row per kind of address. The renderer, formats, headers, link check, upload and preview use it
//! instead of lists of their own. To add a page, add a [`PageKind`], a row, and an arm in `render/pages.rs`; to add a file,
//! add an [`Output`], a row, and an arm in `formats/mod.rs`.
//!
//! The [`SiteFacts`](super::SiteFacts) determine which of the addresses a site has. `lookup` finds the row of a path, and the
//! path of a page or record.

mod claims;
mod lookup;

pub use claims::{
    Claim, ClaimKind, FOLDERS, claim, control_file, fold, is_page_name_taken, is_reserved_for_candor,
    is_served_for_page, uncompressed,
};
pub use lookup::{
    bound_file, bound_file_at, find, linked, notice_calendar, owner_of, questionnaire_file, release_page,
    release_record, updates_feed,
};

use super::Cache;

/// The file that web servers serve for a folder.
pub const INDEX: &str = "index.html";

/// The JSON Schemas that every site publishes, by name.
pub const SCHEMAS: [&str; 8] =
    ["releases", "release", "changes", "subprocessors", "feed", "upcoming", "trust", "questionnaire"];

/// A kind of address.
#[derive(Debug, PartialEq, Eq)]
pub struct Address {
    /// The path relative to the root. A segment may have one parameter in braces; `{path}` matches one or more segments.
    pub pattern: &'static str,
    /// The content of the address.
    pub kind: Kind,
    /// The media type.
    pub media: Media,
    /// The cache policy.
    pub cache: Cache,
    /// The sites that may read it from a browser.
    pub sharing: Sharing,
    /// The phase in which `publish` uploads it.
    pub phase: Phase,
    /// Whether search engines may index it. Indexable pages are in the sitemap; all others have `noindex`.
    pub indexable: bool,
    /// The condition under which a site has it.
    pub when: When,
    /// The owner of the address.
    pub owner: Owner,
}

/// The content of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A page, created by `render`.
    Page(PageKind),
    /// A file, created by `formats`.
    Output(Output),
    /// A release record.
    Record,
    /// The digests of all release records.
    Checksums,
    /// A file that releases bind, under its digest.
    BoundFile,
    /// A page that leads to another address of the site.
    Alias,
    /// A style sheet, script, image or font that pages load; the file name contains a digest.
    Asset,
    /// A file in `static/` that is published unchanged.
    Static,
    /// Nothing: the address is reserved for a later version, or for candor's own records.
    Reserved,
}

/// A kind of page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PageKind {
    /// The trust page, which is the home page.
    Trust,
    /// The list of subprocessors.
    Subprocessors,
    /// The change log.
    Changelog,
    /// One year of a long change log.
    ChangelogYear,
    /// The archived page of a release.
    Release,
    /// The page "Your subprocessors", with the subprocessors that apply to one customer.
    Schedule,
    /// The comparison of two releases.
    Compare,
    /// How readers learn of changes.
    Subscribe,
    /// A page of the publisher.
    Own,
    /// A page of the publisher as a release states it.
    ArchivedOwn,
    /// The list of questionnaires.
    Questionnaires,
    /// A questionnaire with its answers.
    Questionnaire,
    /// A questionnaire as a release states it.
    ArchivedQuestionnaire,
    /// The list of updates.
    Updates,
    /// An update.
    Update,
    /// An update as a release states it.
    ArchivedUpdate,
    /// The page for addresses that do not exist.
    NotFound,
}

/// A kind of file that candor writes, other than pages and records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Output {
    /// The list of releases with their digests.
    ReleaseIndex,
    /// A JSON Schema.
    Schema,
    /// The list of subprocessors as JSON.
    SubprocessorsJson,
    /// The list of subprocessors as CSV for programs.
    SubprocessorsCsv,
    /// The list of subprocessors as CSV for spreadsheet programs.
    SubprocessorsTable,
    /// The list of subprocessors as an Excel workbook.
    SubprocessorsWorkbook,
    /// The annex with all subprocessors as a Word document.
    AnnexDocument,
    /// The annex with all subprocessors as an Excel workbook.
    AnnexWorkbook,
    /// Everything that the current version states, as JSON.
    TrustJson,
    /// A questionnaire with its answers as JSON.
    QuestionnaireJson,
    /// A questionnaire with its answers as CSV.
    QuestionnaireTable,
    /// A questionnaire with its answers as an Excel workbook.
    QuestionnaireWorkbook,
    /// The Atom feed of updates.
    UpdatesFeed,
    /// The changes that take effect on a stated date, as JSON.
    UpcomingJson,
    /// The dates of all such changes, for calendar programs.
    Calendar,
    /// The dates of one change, for calendar programs.
    NoticeCalendar,
    /// A document of the Atom feed.
    AtomFeed,
    /// A document of the JSON feed.
    JsonFeed,
    /// The trust page as Markdown.
    MarkdownCopy,
    /// `llms.txt`, the overview for AI assistants.
    Llms,
    /// `security.txt`, the contacts for reporting vulnerabilities.
    SecurityTxt,
    /// The sitemap, which lists all indexable pages.
    Sitemap,
    /// `robots.txt`, the rules for crawlers.
    Robots,
    /// Response headers for Cloudflare Pages and Netlify.
    HeadersFile,
    /// Redirects for Cloudflare Pages and Netlify.
    RedirectsFile,
    /// Redirects for nginx.
    NginxRedirects,
    /// The configuration of Azure Static Web Apps.
    StaticWebApp,
}

/// How the media type of an address is determined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// All files have this media type.
    Fixed(&'static str),
    /// The file name extension determines the media type.
    ByName,
}

/// The sites that may read a file from a browser (CORP, CORS).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// Only this site: pages, and the files that they load.
    SameOrigin,
    /// All sites: data for programs, such as a customer's dashboard. This is safe, because the site has no cookies.
    AnyOrigin,
    /// No header; the browser's default applies.
    Unstated,
}

/// A phase of the upload. Each phase is complete before the next one starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Style sheets, scripts, images, documents and schemas: the files that other files refer to.
    Assets,
    /// Release records.
    Records,
    /// Pages of releases.
    Archive,
    /// All other pages, and the same data in machine-readable formats.
    Pages,
    /// Home page, feeds, sitemap and list of releases: the files that announce a new release.
    Announcements,
}

impl Phase {
    /// All phases, in order.
    pub const ALL: [Phase; 5] = [Phase::Assets, Phase::Records, Phase::Archive, Phase::Pages, Phase::Announcements];

    /// A description of the files of the phase, for progress output.
    pub fn as_str(self) -> &'static str {
        match self {
            Phase::Assets => "assets",
            Phase::Records => "release records",
            Phase::Archive => "archived pages",
            Phase::Pages => "pages",
            Phase::Announcements => "home page and feeds",
        }
    }
}

/// The condition under which a site has an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Always.
    Always,
    /// If there is a release.
    Released,
    /// If `base_url` is set and the site is not a draft.
    Listed,
    /// If `site.yaml` has all fields that `security.txt` requires.
    SecurityTxt,
    /// For each release.
    EachRelease,
    /// If there are aliases, and the publisher has no such file.
    Aliased,
    /// For each alias.
    EachAlias,
    /// For each page of the publisher.
    EachPage,
    /// For each page of the publisher in each release.
    EachArchivedPage,
    /// If the content has questionnaires.
    Questionnaires,
    /// For each questionnaire.
    EachQuestionnaire,
    /// For each questionnaire in each release.
    EachArchivedQuestionnaire,
    /// If the content has updates.
    Updates,
    /// If the newest release has updates.
    ReleasedUpdates,
    /// For each update.
    EachUpdate,
    /// For each update in each release.
    EachArchivedUpdate,
    /// For each year of a change log that is longer than one page.
    EachYear,
    /// For each archive of a feed that is longer than one document.
    EachFeedArchive,
    /// For each distinct file that a release binds.
    EachBoundFile,
    /// For each change that takes effect on a stated date and that a release ever announced.
    EachNotice,
    /// For each of [`SCHEMAS`].
    EachSchema,
    /// For each file of `static/` that is published there.
    EachFile,
    /// Not in this version.
    Never,
}

/// The owner of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// candor. A file in `static/` cannot use the address, even if the site does not have it yet.
    Candor,
    /// candor if it writes the file; otherwise the publisher may put a file there.
    Shared,
    /// candor if it writes the file; otherwise the publisher may have a page or file there, in any spelling. Addresses that were added
    /// after publishers chose names of their own.
    Optional,
    /// The publisher, who chooses the name.
    Publisher,
}

const HTML: &str = "text/html; charset=utf-8";
const JSON: &str = "application/json; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";
const CSV: &str = "text/csv; charset=utf-8";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const CALENDAR: &str = "text/calendar; charset=utf-8";
const XML: &str = "application/xml; charset=utf-8";

/// All kinds of addresses. If several rows match a path, the first one applies.
///
/// Headers and the pages of the sitemap are written in this order.
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
    page("subscribe/index.html", PageKind::Subscribe).indexed(),
    // The files of questionnaires are in this folder, too, and its pages share their headers.
    page("questionnaires/index.html", PageKind::Questionnaires)
        .indexed()
        .when(When::Questionnaires)
        .shared_with(Sharing::AnyOrigin)
        .owned_by(Owner::Optional),
    page("questionnaires/{name}/index.html", PageKind::Questionnaire)
        .indexed()
        .when(When::EachQuestionnaire)
        .shared_with(Sharing::AnyOrigin)
        .owned_by(Owner::Optional),
    // The feed of updates is in this folder, too, and its pages share its headers.
    page("updates/index.html", PageKind::Updates)
        .indexed()
        .when(When::Updates)
        .shared_with(Sharing::AnyOrigin)
        .owned_by(Owner::Optional),
    page("updates/{name}/index.html", PageKind::Update)
        .indexed()
        .when(When::EachUpdate)
        .shared_with(Sharing::AnyOrigin)
        .owned_by(Owner::Optional),
    // Releases.
    page("releases/{version}/index.html", PageKind::Release)
        .when(When::EachRelease)
        .in_phase(Phase::Archive)
        .shared_with(Sharing::AnyOrigin),
    page("releases/{version}/questionnaires/{name}/index.html", PageKind::ArchivedQuestionnaire)
        .when(When::EachArchivedQuestionnaire)
        .in_phase(Phase::Archive)
        .shared_with(Sharing::AnyOrigin),
    page("releases/{version}/updates/{name}/index.html", PageKind::ArchivedUpdate)
        .when(When::EachArchivedUpdate)
        .in_phase(Phase::Archive)
        .shared_with(Sharing::AnyOrigin),
    page("releases/{version}/{name}/index.html", PageKind::ArchivedOwn)
        .when(When::EachArchivedPage)
        .in_phase(Phase::Archive)
        .shared_with(Sharing::AnyOrigin),
    data("releases/{version}.json", Kind::Record, JSON).when(When::EachRelease).in_phase(Phase::Records),
    data("releases/index.json", Kind::Output(Output::ReleaseIndex), JSON).when(When::Released).announced(),
    data("releases/SHA256SUMS", Kind::Checksums, TEXT).when(When::Released).in_phase(Phase::Archive),
    // Five minutes, not forever: a file may have to be withdrawn.
    Address { media: Media::ByName, ..data("releases/files/{sha256}/{file}", Kind::BoundFile, "") }
        .when(When::EachBoundFile)
        .in_phase(Phase::Assets),
    // Data.
    data("schema/{name}.json", Kind::Output(Output::Schema), "application/schema+json; charset=utf-8")
        .when(When::EachSchema)
        .in_phase(Phase::Assets),
    data("subprocessors.json", Kind::Output(Output::SubprocessorsJson), JSON),
    data("subprocessors.csv", Kind::Output(Output::SubprocessorsCsv), CSV),
    data("subprocessors-table.csv", Kind::Output(Output::SubprocessorsTable), CSV),
    data("subprocessors.xlsx", Kind::Output(Output::SubprocessorsWorkbook), XLSX),
    // Their folder is that of a page, whose headers they share.
    data("schedule/annex.docx", Kind::Output(Output::AnnexDocument), DOCX)
        .when(When::Released)
        .shared_with(Sharing::SameOrigin),
    data("schedule/annex.xlsx", Kind::Output(Output::AnnexWorkbook), XLSX)
        .when(When::Released)
        .shared_with(Sharing::SameOrigin),
    data("trust.json", Kind::Output(Output::TrustJson), JSON).announced(),
    data("questionnaires/{name}.json", Kind::Output(Output::QuestionnaireJson), JSON)
        .when(When::EachQuestionnaire)
        .owned_by(Owner::Optional),
    data("questionnaires/{name}.csv", Kind::Output(Output::QuestionnaireTable), CSV)
        .when(When::EachQuestionnaire)
        .owned_by(Owner::Optional),
    data("questionnaires/{name}.xlsx", Kind::Output(Output::QuestionnaireWorkbook), XLSX)
        .when(When::EachQuestionnaire)
        .owned_by(Owner::Optional),
    Address {
        kind: Kind::Output(Output::UpdatesFeed),
        ..atom("updates/feed.xml").when(When::ReleasedUpdates).owned_by(Owner::Optional)
    },
    data("upcoming.json", Kind::Output(Output::UpcomingJson), JSON).announced(),
    data("notices.ics", Kind::Output(Output::Calendar), CALENDAR).announced(),
    data("notices/{notice}.ics", Kind::Output(Output::NoticeCalendar), CALENDAR).when(When::EachNotice),
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
    // Configuration of hosts.
    data("_headers", Kind::Output(Output::HeadersFile), TEXT).in_phase(Phase::Assets).shared_with(Sharing::Unstated),
    data("staticwebapp.config.json", Kind::Output(Output::StaticWebApp), JSON).shared_with(Sharing::Unstated),
    data("redirects.nginx.conf", Kind::Output(Output::NginxRedirects), TEXT)
        .when(When::Aliased)
        .shared_with(Sharing::Unstated)
        .owned_by(Owner::Shared),
    data("_redirects", Kind::Output(Output::RedirectsFile), TEXT)
        .when(When::Aliased)
        .in_phase(Phase::Assets)
        .shared_with(Sharing::Unstated)
        .owned_by(Owner::Shared),
    // No rule for hosts, because its pattern would match every file; hosts have the right caching for pages by default.
    page("{name}/index.html", PageKind::Own)
        .indexed()
        .when(When::EachPage)
        .shared_with(Sharing::Unstated)
        .owned_by(Owner::Publisher),
    // Files and pages of the publisher at the same address replace it.
    data("{path}/index.html", Kind::Alias, HTML)
        .when(When::EachAlias)
        .shared_with(Sharing::Unstated)
        .owned_by(Owner::Publisher),
    // candor's own records in the output folder and at the destination.
    reserved(".candor", JSON).shared_with(Sharing::Unstated),
    reserved(".candor/{path}", JSON).shared_with(Sharing::Unstated),
    // The publisher's own files. Web pages are uploaded after the files that they load.
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

/// Builder methods for the rows of the table.
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
