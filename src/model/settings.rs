//! Settings of the site, which are not part of releases.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::color::Color;
use super::word_enum::word_enum;
use super::{Contact, Date, Email, Language, List, MediaType, NameEnding, WebUrl};

/// The settings in `site.yaml`, as opposed to published statements.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Settings {
    /// Address at which the site is published, without query or fragment, for absolute links in feeds and other files.
    pub base_url: Option<WebUrl>,
    /// The `base_url` of `site.yaml`, while `--base-url` replaces it.
    #[serde(skip)]
    pub replaced_base_url: Option<WebUrl>,
    /// Addresses at which the site was published before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub former_base_urls: Vec<WebUrl>,
    /// Fields of `security.txt` (RFC 9116).
    pub security_txt: Option<SecurityTxt>,
    /// Colors and logo.
    pub theme: Theme,
    /// Levels of rules that differ from the defaults, by code.
    pub rules: BTreeMap<String, RuleLevel>,
    /// Warnings that are notes until a date.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub acknowledged: Vec<Acknowledgment>,
    /// Lists whose items must be sorted by name.
    pub sorted: Vec<List>,
    /// Media types of the publisher's own files, by the end of the file name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub media_types: BTreeMap<NameEnding, MediaType>,
    /// How readers learn of changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscribe: Option<Subscribe>,
    /// Address of the page with the status of the service, which the header links to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_url: Option<WebUrl>,
    /// Links in the header and the footer of every page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub links: Option<SiteLinks>,
    /// Additional addresses that lead to a page, a section or a file of the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aliases: Option<Aliases>,
    /// Languages of the translations of the content.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<Language>,
}

/// Additional addresses that lead to a page, a section or a file of the site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Aliases {
    /// Whether the site has the conventional ones, such as `/dpa` and `/sub-processors`.
    Conventional(bool),
    /// Aliases in addition to the conventional ones: each path with its target, such as `documents/dpa.pdf` or `#security`.
    Own(BTreeMap<String, String>),
}

impl Settings {
    /// The path under which the site is served, with leading and trailing slashes: `/` or `/trust/`.
    pub fn base_path(&self) -> String {
        let path = self.base_url.as_ref().map(WebUrl::path).unwrap_or_default();
        match path.trim_matches('/') {
            "" => "/".to_owned(),
            inner => format!("/{inner}/"),
        }
    }

    /// Returns the path and the rest of a web address if it is one of this site, now or at a former address.
    pub fn own_path(&self, address: &str) -> Option<(String, String)> {
        let url = url::Url::parse(address).ok()?;
        WebUrl::innermost(self.base_urls(), &url)?.0.below(address)
    }

    /// The addresses of this site: the current one, the one that `--base-url` replaces, and the former ones.
    pub fn base_urls(&self) -> impl Iterator<Item = &WebUrl> {
        self.current_base_urls().chain(&self.former_base_urls)
    }

    /// The addresses of this site without the former ones.
    pub fn current_base_urls(&self) -> impl Iterator<Item = &WebUrl> {
        self.base_url.iter().chain(&self.replaced_base_url)
    }

    /// Sets the address to the one of `--base-url`.
    pub fn replace_base_url(&mut self, address: WebUrl) {
        self.replaced_base_url = self.base_url.replace(address);
    }
}

/// Colors, logo, fonts and style sheets of the site.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// Accent color; `#0b5c8a` by default. A light color, such as yellow, is used for surfaces with dark text, and never for text. CSS
    /// variable `--accent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accent: Option<Color>,
    /// Accent color of the dark theme; by default a tint of `accent` with enough contrast. CSS variable `--accent-dark`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accent_dark: Option<Color>,
    /// Path of the logo under `static/`, with forward slashes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = super::STATIC_PATH))]
    pub logo: Option<String>,
    /// Path of the logo for the dark theme; by default `logo`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = super::STATIC_PATH))]
    pub logo_dark: Option<String>,
    /// Whether the name of the organization is next to the logo; `true` by default. A word mark already shows the name, which then
    /// is its alternative text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show_name: Option<bool>,
    /// Style sheets of the pages, as paths under `static/`, in the order in which they apply after the built-in one; by default
    /// all files `css/*.css` that no other style sheet imports, in the order of their names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(inner(regex(pattern = super::STATIC_PATH)))]
    pub styles: Option<Vec<String>>,
    /// Font of running text: path of a WOFF2 file under `static/`; by default a serif font of the reader's system. CSS variable
    /// `--serif`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = super::STATIC_PATH))]
    pub font_text: Option<String>,
    /// Font of navigation, labels and tables: path of a WOFF2 file under `static/`; by default a sans-serif font of the reader's
    /// system. CSS variable `--sans`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = super::STATIC_PATH))]
    pub font_interface: Option<String>,
    /// How round corners are; `small` by default. CSS variable `--radius`.
    #[serde(default, skip_serializing_if = "ThemeRadius::is_default")]
    #[schemars(default)]
    pub radius: ThemeRadius,
    /// How large text is, and how much space is around it; `normal` by default. CSS variables `--text`, `--data` and `--small`.
    #[serde(default, skip_serializing_if = "ThemeDensity::is_default")]
    #[schemars(default)]
    pub density: ThemeDensity,
}

word_enum! {
    /// How round corners are.
    #[derive(Default)]
    ThemeRadius {
        /// Square corners: `0`.
        None = "none",
        /// Slightly rounded corners: `2px`.
        #[default]
        Small = "small",
        /// Round corners: `8px`.
        Large = "large",
    }
}

word_enum! {
    /// How large text is, and how much space is around it.
    #[derive(Default)]
    ThemeDensity {
        /// Smaller text, for long lists: `1rem`, `.875rem`, `.75rem`.
        Compact = "compact",
        /// The built-in sizes: `1.0625rem`, `.9375rem`, `.8125rem`.
        #[default]
        Normal = "normal",
        /// Larger text: `1.1875rem`, `1.0625rem`, `.875rem`.
        Spacious = "spacious",
    }
}

impl ThemeRadius {
    fn is_default(&self) -> bool {
        *self == ThemeRadius::default()
    }
}

impl ThemeDensity {
    fn is_default(&self) -> bool {
        *self == ThemeDensity::default()
    }
}

impl Theme {
    /// Returns the font files, with the names of their fields.
    pub fn fonts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let fonts = [("font_text", &self.font_text), ("font_interface", &self.font_interface)];
        fonts.into_iter().filter_map(|(field, font)| Some((field, font.as_deref()?)))
    }

    /// The paths of the logos under `static/`, each with its field.
    pub fn logos(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let logos = [("logo", &self.logo), ("logo_dark", &self.logo_dark)];
        logos.into_iter().filter_map(|(field, logo)| Some((field, logo.as_deref()?)))
    }

    /// The paths of the logos, fonts and style sheets under `static/`, each with its field, such as `styles[0]`.
    pub fn files(&self) -> impl Iterator<Item = (String, &str)> {
        let named = self.logos().chain(self.fonts()).map(|(field, file)| (field.to_owned(), file));
        let styles = self.styles.iter().flatten().enumerate();
        named.chain(styles.map(|(at, style)| (format!("styles[{at}]"), style.as_str())))
    }

    /// Whether the header shows the name of the organization: always without a logo.
    pub fn shows_name(&self) -> bool {
        self.logo.is_none() || self.show_name != Some(false)
    }
}

/// Links in the header and the footer of every page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SiteLinks {
    /// In the header, after the navigation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub header: Vec<SiteLink>,
    /// In the footer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub footer: Vec<SiteLink>,
}

/// A link to another website.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SiteLink {
    /// Text of the link.
    pub title: String,
    /// Web address.
    pub url: WebUrl,
}

/// How readers learn of changes, besides the feeds that every site has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subscribe {
    /// Email address to which readers write to learn of changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// Form of another service at which readers enter their email address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<SubscribeForm>,
    /// Whether to offer the calendar; `true` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<bool>,
    /// Web address of a repository whose releases readers can watch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<WebUrl>,
    /// Address for the `List-Unsubscribe` header of emails: an email address or a web address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list_unsubscribe: Option<Contact>,
}

/// A form that sends an email address to another service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubscribeForm {
    /// Web address to which the form is sent; pages may send forms only to its origin.
    #[schemars(extend("pattern" = "^https://"))]
    pub action: WebUrl,
    /// HTTP method; `post` by default.
    #[serde(default)]
    #[schemars(default)]
    pub method: SubscribeMethod,
    /// Name of the field with the email address; `email` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

word_enum! {
    /// The HTTP method of a form.
    #[derive(Default)]
    SubscribeMethod {
        /// The address is sent in the body of the request.
        #[default]
        Post = "post",
        /// The address is sent as part of the web address.
        Get = "get",
    }
}

impl SubscribeForm {
    /// The name of the field with the email address.
    pub fn field(&self) -> &str {
        self.field.as_deref().unwrap_or("email")
    }
}

/// The level of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RuleLevel {
    /// Not reported.
    Off,
    /// Reported as a note.
    Note,
    /// Reported as a warning.
    Warn,
    /// Reported as an error, which makes builds fail.
    Error,
}

impl RuleLevel {
    /// All values with their strings in content.
    pub const ALL: [(&'static str, RuleLevel); 4] =
        [("off", RuleLevel::Off), ("note", RuleLevel::Note), ("warn", RuleLevel::Warn), ("error", RuleLevel::Error)];
}

/// A warning about one item that the publisher knows about: until a date, it is a note and does not fail a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Acknowledgment {
    /// Code of the warning, such as `certification-expiring`.
    pub code: String,
    /// What the warning is about: the id of an item, `LIST/ID` if several lists have that id, or the path of a file.
    pub item: String,
    /// Last date on which the warning is acknowledged.
    pub until: Date,
    /// Why the warning can wait, as plain text.
    pub reason: String,
}

/// Fields of `security.txt` (RFC 9116 section 2.5). `Canonical` is derived from `base_url`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecurityTxt {
    /// `Contact`, in order of preference; by default the security contact.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contact: Vec<Contact>,
    /// `Expires`: an RFC 3339 time, or a date, which means its first instant in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ].+)?$"))]
    pub expires: Option<String>,
    /// `Encryption`: address of the encryption key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub encryption: Vec<WebUrl>,
    /// `Acknowledgments`: page that thanks reporters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acknowledgments: Vec<WebUrl>,
    /// `Preferred-Languages`: language tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preferred_languages: Vec<super::Language>,
    /// `Policy`: address of the vulnerability disclosure policy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policy: Vec<WebUrl>,
    /// `Hiring`: page with security-related job openings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hiring: Vec<WebUrl>,
}
