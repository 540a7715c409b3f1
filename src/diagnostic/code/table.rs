//! The table of diagnostic codes.
//!
//! An entry is `Variant = "name", Severity, adjustable | fixed, refuses [Command, ..] { .. }`: its severity, whether `rules:` in
//! site.yaml can change it, and the commands that refuse to run because of it even if it is not an error.

use super::{CodeEntry, RefusedCommand, codes};
use crate::diagnostic::Severity;

const CANNOT: &str =
    "If candor skipped a file that it cannot read, the site would silently publish less than you intended.";
const GUESS: &str =
    "A trust page must not guess. A value that candor does not understand is neither published nor silently dropped.";
const PROOF: &str = "Customers compare what you publish now with what you published before. A release that changed afterwards proves nothing.";
const CHAIN: &str = "Each release names its predecessor by digest. A chain with a gap or a fork cannot be verified.";
const RESTORE: &str = "Restore the file as it was published, from version control or from the site. Never edit, rename or remove a release.";
const SILENCE: &str =
    "An import that silently dropped data would publish an incomplete list, so candor names everything it leaves out.";

codes! {
    Files "Files": "The files that candor reads, including those in `static/` and `templates/`." {
        MissingFile = "missing-file", Error, fixed {
            summary: "A required file is missing.",
            why: "Without `content/site.yaml`, readers would not know which organization makes the statements.",
            fix: "Create the file, or set `--root` to the project's folder. If there is no `content/` folder yet, `candor init` creates a project.",
            example: "title: Trust & Compliance\norganization:\n  name: Example Ltd.",
        }
        NotAFile = "not-a-file", Error, fixed {
            summary: "A folder or a device exists where a file is expected.",
            why: CANNOT,
            fix: "Move it elsewhere and put a regular file in its place.",
        }
        NotAFolder = "not-a-folder", Error, fixed {
            summary: "A file exists where a folder is expected.",
            why: CANNOT,
            fix: "Move the file elsewhere and create a folder in its place.",
        }
        EmptyFile = "empty-file", Error, fixed {
            summary: "A file is empty.",
            why: "An empty list is more likely a mistake than a statement.",
            fix: "Remove the file, or add content to it.",
        }
        FileTooLarge = "file-too-large", Error, fixed {
            summary: "A content file is too large.",
            why: "A file of that size is probably there by mistake, and reading it could exhaust memory.",
            fix: "Split the file, or move it to `static/` if readers should download it.",
        }
        FileName = "file-name", Error, fixed {
            summary: "A file name is not valid UTF-8 or contains invisible characters.",
            why: "Operating systems disagree on such names, and a reviewer cannot tell two of them apart.",
            fix: "Rename the file using letters, digits, hyphens and dots.",
        }
        TooMany = "too-many", Error, fixed {
            summary: "A folder or a list has more entries than candor reads.",
            why: "Without a limit, a mistake or a malicious change could exhaust memory and time.",
            fix: "Split the list, or remove what does not belong there.",
        }
        Unreadable = "unreadable", Error, fixed {
            summary: "A file or folder cannot be read.",
            why: CANNOT,
            fix: "Check its permissions, and that it still exists.",
        }
        NotUtf8 = "not-utf8", Error, fixed {
            summary: "A file is not UTF-8 text.",
            why: "Any other encoding has to be guessed, and a wrong guess shows the wrong letters.",
            fix: "Save the file as UTF-8 in your editor.",
        }
        OutsideProject = "outside-project", Error, fixed {
            summary: "A symbolic link points outside the project.",
            why: "The site would publish a file that is not under the project's version control.",
            fix: "Copy the file into the project.",
        }
        MisnamedFile = "misnamed-file", Error, adjustable {
            summary: "candor does not read this file, and its name or location looks like a mistake.",
            why: "A list with a misspelled file name is missing from the site.",
            fix: "Rename the file as the help suggests, or move it out of `content/`.",
            example: "content/data/subprocessors.yaml\ncontent/sections/10-security.md",
        }
        UnknownFile = "unknown-file", Warning, adjustable {
            summary: "candor does not read this file.",
            why: "Its content does not appear on the site.",
            fix: "Move it out of `content/`.",
        }
        MissingFrontMatter = "missing-front-matter", Error, fixed {
            summary: "A section or page does not begin with front matter.",
            why: "The front matter holds its title.",
            fix: "Begin the file with a line `---`, the fields, and another line `---`.",
            example: "---\ntitle: Security baseline\nshow: controls\n---\n\nThe text follows.",
        }
        MergeConflict = "merge-conflict", Error, fixed {
            summary: "A file contains an unresolved merge conflict.",
            why: "The page would show both versions, with the markers of the conflict.",
            fix: "Keep one of the two versions, and remove the lines that begin with `<<<<<<<`, `=======` and `>>>>>>>`.",
        }
        YamlSyntax = "yaml-syntax", Error, fixed {
            summary: "A file is not valid YAML.",
            why: CANNOT,
            fix: "Check the reported line and the line above it. Put strings that contain `: ` or ` #` in quotes.",
            example: "title: \"Data processing: our role\"",
        }
        YamlLimit = "yaml-limit", Error, fixed {
            summary: "A YAML file exceeds the limits for nesting or aliases.",
            why: "Such a file can expand without bound when it is read.",
            fix: "Write the values out instead of using aliases, and reduce the nesting.",
        }
        CommentInValue = "comment-in-value", Warning, adjustable {
            summary: "YAML reads the end of a value, or all of it, as a comment.",
            why: "The rest of the value would be published, or none: `name: Acme #1 GmbH` is \"Acme\" in YAML, and `accent: #0b5fff` has no value.",
            fix: "Put the value in quotes. A comment needs a space after its `#`. A comment after a space is not reported, unless it is only a number; neither is a comment after a value in quotes.",
            example: "legal_name: \"Acme #1 GmbH\"\nname: Acme  # a comment",
        }
        TagOrAnchorInValue = "tag-or-anchor-in-value", Error, adjustable {
            summary: "YAML reads the start of a value as a tag or an anchor.",
            why: "The rest of the value would be published: `name: &co GmbH` is \"GmbH\" in YAML, and `purpose: !Fast mail` is \"mail\".",
            fix: "Put the value in quotes. An anchor that an alias refers to, and the tags of YAML such as `!!str`, are not reported.",
            example: "name: \"&co GmbH\"\npurpose: \"!Fast mail\"",
        }
        BadCatalog = "bad-catalog", Error, fixed {
            summary: "A value in a string catalog has the wrong type.",
            why: "The string would be missing or shown incorrectly.",
            fix: "Write `key: text`, a group of such entries, or plural categories such as `one` and `other`.",
            example: "count:\n  subprocessors:\n    one: \"{n} subprocessor\"\n    other: \"{n} subprocessors\"",
        }
        StringUnknown = "string-unknown", Error, fixed {
            summary: "A string catalog has a key that candor does not know.",
            why: "The string would never be shown, and the built-in one would be used instead.",
            fix: "Correct the key. Put strings that only your own templates use in the group `custom`.",
            example: "nav:\n  home: Start\ncustom:\n  slogan: Ask us anything",
        }
        StringPlaceholderUnknown = "string-placeholder-unknown", Error, fixed {
            summary: "A custom string has a placeholder that the built-in string does not have.",
            why: "candor has no value for it, so readers would see the braces.",
            fix: "Use the placeholders of the built-in string, or remove the unknown one.",
            example: "footer:\n  published: \"published {date}\"",
        }
        StringUnused = "string-unused", Warning, adjustable {
            summary: "A string catalog has a string from an earlier version that is no longer used.",
            why: "Translators would maintain a string that readers never see.",
            fix: "Remove it.",
        }
        LanguageUnknown = "language-unknown", Error, fixed {
            summary: "There is no string catalog for the language of the content.",
            why: "The page would declare its language to screen readers and search engines, but its user interface would be in English (WCAG 2.2, 3.1.1 and 3.1.2).",
            fix: "Translate the built-in strings in `templates/strings/LANGUAGE.yaml`; see docs/templates.md. English, German, French, Spanish, Italian, Dutch, Portuguese, Polish and Swedish are built in.",
            example: "nav:\n  home: Etusivu",
        }
        PluralMissing = "plural-missing", Warning, adjustable {
            summary: "A string that depends on a number has no variant for a plural category of the language.",
            why: "Readers would see the wrong form for some numbers.",
            fix: "Write a variant for each plural category that the Unicode CLDR states for the language.",
            example: "count:\n  changes:\n    one: \"{n} zmiana\"\n    few: \"{n} zmiany\"\n    many: \"{n} zmian\"\n    other: \"{n} zmiany\"",
        }
        NotATemplate = "not-a-template", Warning, adjustable {
            summary: "A file in `templates/` is not used.",
            why: "If the name of a template is misspelled, the built-in template is used instead.",
            fix: "Rename the file to match the template that it replaces. Put files to publish in `static/`.",
        }
        TemplateError = "template-error", Error, fixed {
            summary: "A custom template cannot be parsed or rendered.",
            why: CANNOT,
            fix: "Check the reported location. `docs/templates.md` lists what templates can use.",
        }
        FileByAddress = "file-by-address", Error, fixed {
            summary: "A field states the web address of a file of this site.",
            why: "A release binds the files that its content names by their paths. A file behind a web address could be replaced without a new release.",
            fix: "Name the file by its path: `file:` of a document, or a link in Markdown.",
        }
        FileUnreferenced = "file-unreferenced", Warning, adjustable {
            summary: "A file in `static/` is not published, because no public content refers to it.",
            why: "Anyone can download the files of a site. A document that nothing refers to is more likely a draft or a confidential file than a public one.",
            fix: "Reference it as the `file:` of a public document, or link to it. To publish a file without a reference, keep it outside `static/documents/`.",
        }
        AssetNotAFile = "asset-not-a-file", Error, fixed {
            summary: "An entry in `static/` is neither a file nor a folder.",
            why: CANNOT,
            fix: "Remove it, or replace it with a regular file.",
        }
        AssetLfsPointer = "asset-lfs-pointer", Error, fixed {
            summary: "A file in `static/` is a Git LFS pointer instead of the file.",
            why: "Readers would download a few lines of text in place of the document, and a release would bind that text.",
            fix: "Run `git lfs pull` before the build, or keep the files of `static/` in Git itself.",
        }
        TemporaryFile = "temporary-file", Warning, fixed {
            summary: "A project folder contains a backup, lock or temporary file.",
            why: "candor does not load or publish it. It may contain an older draft or someone's name.",
            fix: "Delete it. If it is a document, rename it.",
        }
        HiddenFile = "hidden-file", Warning, fixed {
            summary: "A file or folder in `static/` is not published, because its name begins with a dot.",
            why: "Such a name often hides settings, secrets or drafts, so candor publishes it only where that is intentional: below `static/root/`.",
            fix: "Move it below `static/root/` to publish it, rename it, or delete it.",
        }
        AssetUnreadable = "asset-unreadable", Error, fixed {
            summary: "A file in `static/` cannot be read.",
            why: CANNOT,
            fix: "Check its permissions.",
        }
        AssetTooLarge = "asset-too-large", Error, fixed {
            summary: "A file in `static/` is too large for web hosting.",
            why: "Content delivery networks reject files of that size.",
            fix: "Host it elsewhere and link to it.",
        }
        AssetMalformed = "asset-malformed", Error, fixed {
            summary: "A logo or font of the theme is not a file of the type that its name says.",
            why: "Browsers would show no logo, or another font. Often an error page was saved in place of the file.",
            fix: "Export or download the file again.",
        }
        AssetNotUtf8 = "asset-not-utf8", Error, fixed {
            summary: "A style sheet is not UTF-8 text.",
            why: "candor cannot follow its references.",
            fix: "Save it as UTF-8.",
        }
        AssetName = "asset-name", Error, fixed {
            summary: "A file name in `static/` is not portable.",
            why: "Hosts and operating systems differ in the names that they can store.",
            fix: "Use letters, digits, hyphens, underscores and dots.",
        }
        AssetSameName = "asset-same-name", Error, fixed {
            summary: "Two files in `static/` would have the same address on some systems.",
            why: "On a system that ignores case, one would overwrite the other.",
            fix: "Rename one of them.",
        }
        AssetCollision = "asset-collision", Error, fixed {
            summary: "A file in `static/` has an address that candor writes itself or reserves for a later version.",
            why: "One would overwrite the other, now or after the next release.",
            fix: "Rename or remove the file. Below `assets/`, candor publishes only files that pages use.",
        }
        AssetIsCode = "asset-is-code", Error, fixed {
            summary: "A file in `static/` would run as code or be shown as a page, but only downloads and images are allowed there.",
            why: "Otherwise, anyone who can add a document could publish a page or a script under your name.",
            fix: "Move scripts to `static/js/`, and pages, XML and programs to `static/root/`, where reviewers expect code. Otherwise publish a PDF, text file or ZIP archive. Export SVG images without scripts.",
        }
        AssetHostFile = "asset-host-file", Error, fixed {
            summary: "A configuration file of a web host is outside `static/root/`.",
            why: "Files such as `_redirects`, `CNAME` and `.htaccess` control what the host serves at every address of the site.",
            fix: "Move it to `static/root/`, where `candor check` and `candor diff` list it, or rename it.",
        }
        AssetServedAsIs = "asset-served-as-is", Note, fixed {
            summary: "A file in `static/root/` configures the host or is code, and is published without checks.",
            why: "candor does not check what such a file does, so a reviewer must.",
            fix: "Review every change to it as you would review code. If it is intended, there is nothing to fix.",
        }
        MediaTypeUnknown = "media-type-unknown", Warning, adjustable {
            summary: "The name of a file in `static/` does not indicate its media type.",
            why: "It is published as `application/octet-stream`, which browsers only offer to save.",
            fix: "Set its media type under `media_types` in site.yaml.",
            example: "media_types:\n  .vsdx: application/vnd.visio",
        }
        AssetLink = "asset-link", Error, fixed {
            summary: "A symbolic link in `static/` points outside the project, is part of a loop, or is broken.",
            why: "Everything that is published must be in the project.",
            fix: "Replace the link with the file.",
        }
        AssetMissing = "asset-missing", Error, fixed {
            summary: "A style sheet refers to a file that does not exist.",
            why: "Readers would see the page without it.",
            fix: "Correct the reference, which is relative to the style sheet.",
        }
        AssetExternal = "asset-external", Warning, fixed {
            summary: "A template, a style sheet, an SVG image or an HTML file loads a file from another site.",
            why: "The Content-Security-Policy of the site blocks the request, which would otherwise reveal the visit to a third party.",
            fix: "Copy the file into `static/`. In an SVG image, embed it, or export the image as PNG.",
        }
        AssetCycle = "asset-cycle", Error, fixed {
            summary: "Style sheets import each other in a cycle.",
            why: "Each published name contains a digest of the file, which cannot depend on itself.",
            fix: "Remove one of the references.",
        }
        AssetDepth = "asset-depth", Error, fixed {
            summary: "Style sheets import each other more than 16 levels deep.",
            why: "Without a limit, a malicious change could exhaust the memory of the program that builds the site.",
            fix: "Import the style sheets from one that is closer to the page.",
        }
    }
    Fields "Fields": "Whether the fields of the content have valid values." {
        UnknownField = "unknown-field", Error, fixed {
            summary: "A field name is unknown.",
            why: "Otherwise a misspelled field would silently be missing from the page.",
            fix: "Use the name that the help suggests. `candor schema` lists the schemas, with which editors complete field names.",
        }
        MissingField = "missing-field", Error, fixed {
            summary: "A required field is missing.",
            why: "The page would lack information that readers look for first.",
            fix: "Add the field.",
        }
        WrongType = "wrong-type", Error, fixed {
            summary: "A value has the wrong type.",
            why: GUESS,
            fix: "Write a value of the type that the message names.",
            example: "data_categories:\n  - Account data\n  - Security data",
        }
        DuplicateKey = "duplicate-key", Error, fixed {
            summary: "A field appears twice in one mapping.",
            why: "YAML parsers disagree on which of the two values counts.",
            fix: "Keep one of them.",
        }
        DuplicateId = "duplicate-id", Error, fixed {
            summary: "Two items of a list, or two sections, have the same id.",
            why: "The id identifies an item across releases and is part of its address on the page.",
            fix: "Give the newer one a different id. An id that has been released stays with its item.",
        }
        DuplicateEntry = "duplicate-entry", Error, fixed {
            summary: "A list contains the same entry twice.",
            why: "Readers would take it for a mistake.",
            fix: "Remove one of the two.",
        }
        EmptyText = "empty-text", Error, fixed {
            summary: "A string is empty or contains only whitespace.",
            why: GUESS,
            fix: "Write a value, or remove the line.",
        }
        EmptyList = "empty-list", Error, fixed {
            summary: "A list that needs at least one entry is empty.",
            why: "A subprocessor without data categories would appear to process nothing.",
            fix: "Add at least one entry.",
        }
        ControlCharacter = "control-character", Error, fixed {
            summary: "A string contains a control character.",
            why: "Control characters come from copying out of other programs. They break search, feeds and screen readers.",
            fix: "Remove it.",
        }
        BadId = "bad-id", Error, fixed {
            summary: "An id is not in kebab-case.",
            why: "It becomes part of addresses that contracts link to.",
            fix: "Use lowercase letters, digits and single hyphens, at most 64 characters.",
            example: "id: azure-maps",
        }
        BadDate = "bad-date", Error, fixed {
            summary: "A date is not a valid calendar date in the format `YYYY-MM-DD`.",
            why: "Other orders of year, month and day are read differently in different countries.",
            fix: "Use the format of RFC 3339.",
            example: "effective: 2026-07-01",
        }
        BadEmail = "bad-email", Error, fixed {
            summary: "An email address is invalid.",
            why: "A customer's request would bounce.",
            fix: "Write only the address, without a name or `mailto:`.",
            example: "privacy: privacy@example.com",
        }
        BadUrl = "bad-url", Error, fixed {
            summary: "A web address is invalid.",
            why: "The link would lead nowhere or to the wrong site.",
            fix: "Write the full address with https://, without spaces, user name or password.",
            example: "website: https://example.com/",
        }
        BadCountry = "bad-country", Error, fixed {
            summary: "A country or region has no known code.",
            why: "Country names have many spellings; the ISO 3166-1 alpha-2 code has one.",
            fix: "Use the two-letter code of the country, or `EU`, `EEA` or `GLOBAL` in `locations`.",
            example: "locations: [DE, EEA]",
        }
        BadCondition = "bad-condition", Error, fixed {
            summary: "A condition states nothing, or combines fields that exclude each other.",
            why: "`all`, `any` and `unless` combine whole conditions, so the meaning of other fields next to them is unclear.",
            fix: "Put each condition into a list entry of `all` or `any`.",
            example: "condition:\n  all:\n    - feature: SMS\n    - unless: {region: EU}",
        }
        BadIdentifier = "bad-identifier", Error, fixed {
            summary: "An LEI or an EUID is malformed.",
            why: "Readers look up the company by it, and a mistyped identifier leads to another company or to none.",
            fix: "Copy the identifier from the register. The last two digits of an LEI are check digits.",
            example: "lei: 5299000EXAMPLE000096\neuid: DEK1101R.HRB116737",
        }
        BadLanguage = "bad-language", Error, fixed {
            summary: "A language is not a BCP 47 tag such as `en` or `pt-BR`.",
            why: "Screen readers use it to choose the right pronunciation.",
            fix: "Use a BCP 47 language tag.",
        }
        BadColor = "bad-color", Error, fixed {
            summary: "A color is not in the format `#rrggbb`.",
            why: GUESS,
            fix: "Write six hexadecimal digits after `#`, in quotes. Without quotes, `#` begins a comment.",
            example: "theme:\n  accent: \"#0b5c8a\"",
        }
        BadMediaType = "bad-media-type", Error, fixed {
            summary: "A media type is not in the format `type/subtype`.",
            why: "It becomes a response header, and browsers ignore a header that they cannot parse.",
            fix: "Use a type from the IANA registry, with its parameters if it has any.",
            example: "media_types:\n  .vsdx: application/vnd.visio",
        }
        BadNameEnding = "bad-name-ending", Error, fixed {
            summary: "A key of `media_types` is not a file name ending.",
            why: "It would match no file.",
            fix: "Write the end of the file name in lower case, without wildcards or folders.",
            example: "media_types:\n  .tar.xz: application/x-xz",
        }
        BadChoice = "bad-choice", Error, fixed {
            summary: "A value is not one of those that the field allows.",
            why: "A misspelled status would state something you did not mean.",
            fix: "Use one of the values that the message lists.",
        }
        BadNumber = "bad-number", Error, fixed {
            summary: "A number is out of range.",
            why: GUESS,
            fix: "Write a whole number within the range that the message states.",
        }
        BadPath = "bad-path", Error, fixed {
            summary: "A path leads outside `static/`.",
            why: "Only files in `static/` are published.",
            fix: "Write the path relative to `static/`, with forward slashes.",
            example: "file: documents/dpa.pdf",
        }
        FileNotPublic = "file-not-public", Error, fixed {
            summary: "The site would publish the file of a document that is not public.",
            why: "A site has no login, so anyone who knows or guesses the address can download the file. A release also publishes the files that it announces.",
            fix: "Remove `file:` and keep the file outside `static/`. Let readers request the document from your contact, or set `url:` to an address behind a login. If an upcoming change makes the document public, state the file when the change takes effect.",
            example: "- id: soc2\n  title: SOC 2 report\n  access: nda",
        }
        EditionsPublic = "editions-public", Warning, adjustable {
            summary: "A document is no longer public, but releases still publish earlier editions of its file.",
            why: "The site keeps every file that a release binds, so anyone who has the address can download these editions.",
            fix: "If they must not be public, withhold each of them. Otherwise turn the rule off.",
            example: "candor redact --file SHA256 --reason \"Only under NDA\"",
        }
        FileAndUrl = "file-and-url", Error, fixed {
            summary: "A document has both a file and an address.",
            why: "Readers could get two different documents.",
            fix: "Keep only the one that readers should get.",
        }
        FactValue = "fact-value", Error, fixed {
            summary: "A fact has a value that does not fit its kind, or two durations.",
            why: "Programs compare values by the kind of the fact, and two durations contradict each other.",
            fix: "Use the fields of the kind, or state the value in `details`.",
            example: "- id: breach-notice\n  title: Notice of a data breach\n  kind: breach-notice\n  hours: 48",
        }
        UpdateName = "update-name", Error, fixed {
            summary: "The file name of an update does not begin with a date, or has no name after it.",
            why: "The file name is the date and the address of the update, and contracts link to it.",
            fix: "Rename the file to its date and a name in kebab-case, such as `content/updates/2026-05-22-mail-delays.md`.",
        }
        UpdateField = "update-field", Error, fixed {
            summary: "An update that is neither an incident nor an advisory has a severity, a status, or dates of its own.",
            why: "Readers and programs find open incidents by these fields.",
            fix: "Set `kind: incident` or `kind: advisory`, or write it in the text. The date of the update is the beginning of its file name.",
            example: "kind: incident\nseverity: medium\nstatus: investigating\nstarted: 2026-05-22",
        }
    }
    Markdown "Markdown": "Markdown and plain text." {
        HiddenCharacter = "hidden-character", Error, adjustable {
            summary: "A name, an address, link text or code contains an invisible character, or a string changes the order of letters up to its end.",
            why: "Two names that look the same can differ, and text can be displayed in a different order than it is stored: `exe.doc` for `cod.exe`. In code, such a character can hide from reviewers what the code does.",
            fix: "Remove the character that the message names; in scripts and style sheets, you can write it as an escape. Escapes in names and addresses, such as `%E2%80%AE`, are reported, too. Joiners between letters that join, such as in Persian, and between emoji are not reported.",
        }
        HiddenCharacterInText = "hidden-character-in-text", Warning, adjustable {
            summary: "Text or a comment contains an invisible character, or one whose appearance depends on fonts.",
            why: "It usually comes from copying out of another program. It breaks search and screen readers, and it can carry text that reviewers do not see.",
            fix: "Remove it, or retype the text.",
        }
        HtmlRefused = "html-refused", Error, fixed {
            summary: "Text contains raw HTML.",
            why: "HTML could load scripts, track readers or break the page, so candor never passes it through and shows it as text.",
            fix: "Use Markdown. Put a literal `<` in backticks, or escape it with a backslash.",
            example: "Response time is \\< 4 hours; see `<head>`.",
        }
        LinkSchemeRefused = "link-scheme-refused", Error, fixed {
            summary: "A link has a scheme that is not allowed, or no scheme before `//`.",
            why: "`javascript:`, `data:` and similar schemes run code in the page.",
            fix: "Use https, http, mailto, tel, a path from the site's root, or an #anchor.",
            example: "[Write to us](mailto:privacy@example.com)",
        }
        LinkMalformed = "link-malformed", Error, adjustable {
            summary: "The address of a link is malformed.",
            why: "Browsers repair malformed addresses, each in its own way.",
            fix: "Write the full address, and escape spaces as `%20`.",
        }
        LinkEmpty = "link-empty", Error, adjustable {
            summary: "A link has no address.",
            why: "Readers click, and nothing happens.",
            fix: "Add the address, or remove the link.",
        }
        LinkOutsideSite = "link-outside-site", Error, adjustable {
            summary: "A relative link leads outside the site.",
            why: "The same text can be shown on several pages, so relative links start at the site's root.",
            fix: "Write the path from the site's root, or the full address.",
            example: "[Our agreement](documents/dpa.pdf)",
        }
        LinkUndefined = "link-undefined", Error, adjustable {
            summary: "A link uses a label that the text does not define.",
            why: "It is shown as text in square brackets.",
            fix: "Add the definition, or write the address in parentheses.",
            example: "See the [policy][p].\n\n[p]: https://example.com/policy",
        }
        ImageRemote = "image-remote", Error, fixed {
            summary: "An image would be loaded from another site.",
            why: "Readers' browsers would reveal to a third party that they visit your trust page.",
            fix: "Put the file in `static/` and use its path.",
        }
        ImageAltMissing = "image-alt-missing", Error, adjustable {
            summary: "An image has no alternative text.",
            why: "Readers who cannot see the image get no information (WCAG 2.2, success criterion 1.1.1).",
            fix: "Describe the image in the square brackets.",
            example: "![Data flows from the browser to the EU region](flow.svg)",
        }
        HeadingLevelSkipped = "heading-level-skipped", Warning, adjustable {
            summary: "A heading is more than one level below the previous one.",
            why: "Screen reader users navigate by headings and look for the missing level (WCAG 2.2, technique G141).",
            fix: "Use one more `#` than the heading above it.",
        }
        HeadingEmpty = "heading-empty", Warning, adjustable {
            summary: "A heading has no text.",
            why: "It is an empty entry in the page's outline.",
            fix: "Add text, or remove the heading.",
        }
        HeadingAttributeRefused = "heading-attribute-refused", Error, adjustable {
            summary: "A heading has an attribute other than a plain id or class.",
            why: "Attributes could carry code.",
            fix: "Keep only `{#id}` and `{.class}`, with letters, digits, `-` and `_`.",
            example: "## Encryption {#encryption}",
        }
        NestingTooDeep = "nesting-too-deep", Error, fixed {
            summary: "Quotes, lists or footnotes are nested too deeply.",
            why: "Readers cannot follow so many levels, and each level makes the Markdown copy of the page larger. The limit is 16 levels.",
            fix: "Move the text up, or put it in a section of its own.",
        }
        AnchorDuplicate = "anchor-duplicate", Error, adjustable {
            summary: "Two headings in the same Markdown field have the same id.",
            why: "A link can reach only one of them.",
            fix: "Change the id of one of them.",
        }
        FootnoteUndefined = "footnote-undefined", Error, adjustable {
            summary: "A footnote is referenced but not defined.",
            why: "Readers see `[^1]` but no footnote.",
            fix: "Add the footnote, or remove the reference.",
            example: "A claim.[^1]\n\n[^1]: Its source.",
        }
        FootnoteDuplicate = "footnote-duplicate", Error, adjustable {
            summary: "A footnote is defined twice.",
            why: "Only the first definition is shown.",
            fix: "Change the label of one of them.",
        }
        FootnoteUnused = "footnote-unused", Warning, adjustable {
            summary: "A footnote is defined but never referenced.",
            why: "It is not shown.",
            fix: "Add a reference, or remove the footnote.",
        }
    }
    Links "Links": "Whether the targets of links, files and references exist." {
        BrokenLink = "broken-link", Error, adjustable {
            summary: "A link leads to a page or file that does not exist on the site.",
            why: "Readers get a \"not found\" page instead of the document they expect.",
            fix: "Correct the path, which starts at the site's root in content and templates. Put files in `static/`.",
            example: "[The list](subprocessors/)\n[Our agreement](documents/dpa.pdf)",
        }
        BrokenAddress = "broken-address", Error, fixed {
            summary: "A field has a web address of this site that leads to no page, file or anchor.",
            why: "Readers get a \"not found\" page. Pages show a link of a text that leads nowhere as text, but a field is a statement, which a release keeps as it is.",
            fix: "Correct the address, or remove the field.",
            example: "evidence: https://trust.example.com/subprocessors/",
        }
        BrokenAnchor = "broken-anchor", Error, adjustable {
            summary: "A link leads to an anchor that does not exist on its page.",
            why: "The browser does not move, and readers think that the link does nothing.",
            fix: "Use the id of a section or an item. The anchor of a heading is its text in kebab-case.",
            example: "[Security baseline](#security-baseline)",
        }
        FileNotFound = "file-not-found", Error, adjustable {
            summary: "A file that the content refers to is not in `static/`.",
            why: "Readers who open the document get a \"not found\" page.",
            fix: "Add the file, or correct its path, which is relative to `static/`.",
        }
        UnknownDocument = "unknown-document", Error, adjustable {
            summary: "A certification, control or fact refers to a document that is not in `documents.yaml`.",
            why: "Readers cannot get the evidence that the page promises.",
            fix: "Use the id of an existing document, or add the document to the list.",
        }
    }
    CustomTheme "Custom themes": "Whether custom templates, strings, styles and scripts fit this version." {
        ThemeFileOutdated = "theme-file-outdated", Warning, adjustable {
            summary: "A file is a copy of a built-in one that has changed since.",
            why: "The copy lacks the changes, such as a correction, or a part of the page that a script needs.",
            fix: "Compare the two with `candor theme diff NAME`, adopt the changes, and note that with `candor theme export --mark NAME`.",
        }
        StyleUnused = "style-unused", Warning, adjustable {
            summary: "No page loads a style sheet of the publisher.",
            why: "Pages load the files of `static/css/`, or those that `theme.styles` names. Others are published without effect.",
            fix: "Move it to `static/css/`, add it to `theme.styles`, import it in another style sheet, or delete it.",
        }
        TemplateUnused = "template-unused", Warning, adjustable {
            summary: "A file in `templates/` has no built-in counterpart, and no template includes or extends it.",
            why: "The name is probably misspelled, so that pages still use the built-in template.",
            fix: "Correct the name, include the file in another template, or delete it. `candor theme list` lists the names.",
        }
        BlockedByPolicy = "blocked-by-policy", Warning, adjustable {
            summary: "A template, a style sheet or an HTML file has something that the Content-Security-Policy of the site blocks.",
            why: "Browsers run no inline scripts, event attributes and `javascript:` links, and apply no inline styles. A host that does not send the policy would let them run.",
            fix: "Move scripts to `static/js/` and styles to `static/css/`. Link to content of other sites instead of embedding it.",
            example: "<script type=\"module\" src=\"{{ page.root }}{{ asset(path=\"js/own.js\") }}\"></script>",
        }
        LinkToFormerHost = "link-to-former-host", Warning, adjustable {
            summary: "A link, a setting or a template has an address at which the site was published before.",
            why: "It works only as long as the old host redirects.",
            fix: "Write the path from the root of the site, such as `subprocessors/`.",
            example: "[our subprocessors](subprocessors/)",
        }
    }
    Translations "Translations": "The overlays in `content/i18n/`, which [translate](languages.md) the content." {
        TranslationLanguage = "translation-language", Error, fixed {
            summary: "A translation is into a language that the site does not have, or into that of the content.",
            why: "Readers would never see it, and a text of which there are two versions in one language has no authoritative one.",
            fix: "List the language under `languages` in site.yaml, or remove the files in `content/i18n/`.",
            example: "language: en\nlanguages: [de, fr]",
        }
        TranslationFact = "translation-fact", Error, fixed {
            summary: "A translation states a field that is not a text.",
            why: "A date, a place or an address that is stated twice can contradict itself. Facts are the same in every language.",
            fix: "Remove the field from the overlay; docs/languages.md lists the texts.",
            example: "- id: hetzner\n  purpose: Betrieb der Server",
        }
        TranslationUnknown = "translation-unknown", Error, fixed {
            summary: "A translation is of a file, an item or a text that the content does not have.",
            why: "It would never be shown, and the text that it was written for would stay in the other language.",
            fix: "Use the ids and file names of the content.",
        }
        TranslationTwice = "translation-twice", Error, fixed {
            summary: "Two overlays translate the same file.",
            why: "A translation must not depend on the order in which files are read.",
            fix: "Merge the two files.",
        }
        TranslationEntries = "translation-entries", Error, fixed {
            summary: "A translated list has more or fewer entries than its source.",
            why: "A category of data that is missing in one language would be disclosed only in the other.",
            fix: "Translate each entry, in the order of the source.",
        }
        TranslationLock = "translation-lock", Error, fixed {
            summary: "A line in the list of accepted translations was edited by hand.",
            why: "It would state that a translation is current without a comparison with its source.",
            fix: "Restore the line, or remove it and run `candor translate accept`.",
        }
        TranslationFile = "translation-file", Error, fixed {
            summary: "A file of a translator cannot be accepted.",
            why: "A translation that is accepted for a text that it does not translate would be published as current.",
            fix: "Correct the file, or write a new one with `candor translate extract`.",
        }
        TranslationMissing = "translation-missing", Warning, adjustable {
            summary: "Texts are not translated into a language of the site.",
            why: "Readers of that language would read them in the authoritative language.",
            fix: "Write the translations in `content/i18n/`, or send the file that `candor translate extract` writes to a translator.",
        }
        TranslationStale = "translation-stale", Warning, adjustable {
            summary: "The source of a translation has changed since the translation was accepted, or the translation was never accepted.",
            why: "A translation that states something else than its source misleads the readers of that language.",
            fix: "Compare the two, update the translation, and run `candor translate accept`.",
        }
        TranslationExtra = "translation-extra", Warning, adjustable {
            summary: "The source of a translation was removed.",
            why: "Nothing shows it anymore.",
            fix: "Remove it from the overlay.",
        }
        AuthorityNotStated = "authority-not-stated", Warning, adjustable {
            summary: "The site has translations, but the content does not state its language.",
            why: "If two versions of a commitment differ, readers and courts must know which one is authoritative. A default is not a statement.",
            fix: "State the authoritative language as `language` in site.yaml.",
            example: "language: en\nlanguages: [de, fr]",
        }
    }
    Pages "Own pages": "Whether the pages of `content/pages/` can have their addresses." {
        PageNameTaken = "page-name-taken", Error, fixed {
            summary: "The address of an own page or of an alias is that of a page or folder of candor, of a translation, or of another file.",
            why: "A host serves only one file at an address, and candor reserves some for later versions.",
            fix: "Rename the file in `content/pages/`: its name is the address of the page. Choose another path for an alias in `site.yaml`.",
        }
    }
    Questionnaires "Questionnaires": "Answers of questionnaires, their evidence and their reviews." {
        UnknownEvidence = "unknown-evidence", Error, adjustable {
            summary: "A question names evidence that does not exist.",
            why: "Readers cannot check the answer against evidence that the page does not have.",
            fix: "Use the id of a control, a certification, a document, or a question and answer, or remove it from `evidence:`.",
            example: "evidence: [encryption-at-rest, soc2-report]",
        }
        AnswerContradictsEvidence = "answer-contradicts-evidence", Error, adjustable {
            summary: "A question is answered `yes`, but the control that it names is planned, or the document or certification has expired.",
            why: "A customer relies on the answer in a contract. The page itself would show that it is wrong.",
            fix: "Correct the answer, or name evidence that supports it. Evidence that expires after the release of an unchanged answer is reported as `evidence-expired`, so that a nightly build does not fail.",
        }
        EvidenceExpired = "evidence-expired", Warning, adjustable {
            summary: "The evidence of an answer `yes` has expired since the release.",
            why: "Readers see the answer next to a document or certification that is no longer valid.",
            fix: "Renew the evidence, or correct the answer. The next release is refused until then.",
        }
        AnswerNotReviewed = "answer-not-reviewed", Warning, adjustable {
            summary: "An answer was last reviewed more than a year ago, or no date of a review is stated.",
            why: "Systems and processes change, and customers ask for answers that are at most a year old.",
            fix: "Review the answers and enter the date in `reviewed:` of the questionnaire, or of a single question.",
            example: "title: CAIQ\nreviewed: 2026-05-22",
        }
        QuestionUnanswered = "question-unanswered", Warning, adjustable {
            summary: "A question has neither an answer nor an explanation.",
            why: "Readers see a question without an answer, and ask it again.",
            fix: "Add `answer:` or `explanation:`, or remove the question.",
        }
    }
    Updates "Updates": "Incidents, advisories and other news." {
        UpdateIncomplete = "update-incomplete", Warning, adjustable {
            summary: "An incident or advisory does not state its severity, its status, or when it started or was resolved.",
            why: "Readers ask this first: how bad it is, since when, and whether it is over.",
            fix: "Add `severity:`, `status:` and `started:`, and `resolved:` once it is over.",
            example: "severity: medium\nstatus: resolved\nstarted: 2026-05-22\nresolved: 2026-05-23",
        }
        UpdateContradiction = "update-contradiction", Error, adjustable {
            summary: "An incident or advisory has a date on which it was resolved, but another status than `resolved`.",
            why: "Readers cannot tell whether it is over.",
            fix: "Set `status: resolved`, or remove `resolved:`.",
        }
    }
    Anchors "Anchors": "Whether links to a part of the page reach it." {
        IdTaken = "id-taken", Error, adjustable {
            summary: "An id is used twice on a page, or is reserved for the page itself.",
            why: "A link to `#id` reaches only the first element, and HTML requires each id to be unique.",
            fix: "Change the id that has not been released yet, or the id in the template.",
        }
    }
    ExternalLinks "External links": "Whether links to other sites work; checked only with `--external`." {
        ExternalLinkBroken = "external-link-broken", Error, adjustable {
            summary: "An external link leads to a page that does not exist.",
            why: "Readers who follow it to a subprocessor's list or to evidence conclude that the page is not maintained.",
            fix: "Find the page's new address, or remove the link. Only `candor check --external` reports this.",
        }
        ExternalLinkUnreachable = "external-link-unreachable", Warning, adjustable {
            summary: "An external link could not be checked: no response, no valid certificate, a redirect loop, or a server that blocks programs.",
            why: "The server may be temporarily down, or the host may no longer exist.",
            fix: "Open the link in a browser. If it fails there too, correct or remove it. Only `candor check --external` reports this.",
        }
        ExternalLinkMoved = "external-link-moved", Warning, adjustable {
            summary: "An external link redirects permanently to another address.",
            why: "Redirects are eventually removed, and then the link is dead.",
            fix: "Use the new address. Only `candor check --external` reports this.",
        }
    }
    Profiles "Profiles": "Whether the content answers the questions of a [profile](profiles.md); checked only with `--profile`." {
        ProfileField = "profile-field", Error, fixed {
            summary: "A profile names a field that does not exist.",
            why: "No content could answer the question, so it would be reported forever.",
            fix: "Correct the path. [Profiles](profiles.md) describes the paths, and [content](content.md) has all fields.",
            example: "- id: rto\n  question: What is your recovery time objective?\n  any_of: [\"facts[kind=rto].hours\"]",
        }
        NotStated = "not-stated", Warning, adjustable {
            summary: "The content does not answer a question of a profile.",
            why: "Reviewers look for the answer, and ask for it if they do not find it. `candor check --profile` reports it; other commands do not.",
            fix: "State one of the fields that answer the question, if it applies to you.",
        }
    }
    Dates "Dates": "Outdated and contradictory dates, as of the given date." {
        CertificationExpired = "certification-expired", Warning, adjustable {
            summary: "A certification has expired.",
            why: "The page shows it as expired, and customers ask why.",
            fix: "Enter the new validity period, or set `status: expired` if the certification is not renewed.",
            example: "status: active\nvalid_from: 2026-01-01\nvalid_until: 2028-12-31",
        }
        CertificationExpiring = "certification-expiring", Warning, adjustable {
            summary: "A certification expires within 30 days.",
            why: "A renewal usually takes longer than that.",
            fix: "Prepare the renewal, and enter the new validity period when it starts.",
        }
        StatusContradictsDates = "status-contradicts-dates", Warning, adjustable {
            summary: "The status of a certification contradicts its dates.",
            why: "Auditors and customers cannot know which one is right.",
            fix: "Correct the one that is wrong. Without `status`, the dates decide.",
        }
        ReportPeriodMissing = "report-period-missing", Warning, adjustable {
            summary: "A SOC report does not state the period that it covers.",
            why: "A report of type 2 is evidence only for the days that the auditor observed, so reviewers ask for them first.",
            fix: "Add the period from the report. The rule applies to `type: report` of SOC 1, 2 and 3, ISAE and SSAE, but not to reports of type 1.",
            example: "type: report\nperiod: {from: 2025-10-01, to: 2026-09-30}",
        }
        ReportPeriodOld = "report-period-old", Warning, adjustable {
            summary: "The period of a SOC report ended more than a year ago, and no bridge letter covers the time since then.",
            why: "Reviewers accept a report for about a year, and ask for a bridge letter if the next one is late.",
            fix: "Publish the next report with its period, or state with `bridge_until` how long a bridge letter covers.",
            example: "period: {from: 2025-10-01, to: 2026-09-30}\nbridge_until: 2027-12-31",
        }
        DocumentExpired = "document-expired", Warning, adjustable {
            summary: "A document has expired.",
            why: "Customers who keep it as evidence need a valid one.",
            fix: "Replace it with the current edition, or remove it.",
        }
        DocumentExpiring = "document-expiring", Warning, adjustable {
            summary: "A document expires within 30 days.",
            why: "Preparing the next edition takes time.",
            fix: "Prepare the next edition.",
        }
        VerificationStale = "verification-stale", Warning, adjustable {
            summary: "A control was last verified more than a year ago.",
            why: "Most frameworks require an annual review, so readers cannot rely on an older verification.",
            fix: "Verify the control and enter the date, or remove `last_verified`.",
        }
        DateInFuture = "date-in-future", Error, adjustable {
            summary: "A date of a past event is in the future.",
            why: "A verification on a future date cannot have taken place.",
            fix: "Enter the date on which it happened.",
        }
        AnnouncedAfterEffective = "announced-after-effective", Warning, adjustable {
            summary: "A change is announced after it takes effect.",
            why: "Customers can object only to a change that they learn of in advance (GDPR Art. 28(2)). Usually one of the dates is wrong.",
            fix: "Correct the date that is wrong. If both are right, set the rule to `note` or `\"off\"` and keep the dates.",
            example: "announced: 2026-05-22\neffective: 2026-07-01",
        }
        DatesReversed = "dates-reversed", Error, adjustable {
            summary: "A period ends before it begins.",
            why: "One of the two dates is wrong, and readers cannot tell which.",
            fix: "Correct the dates.",
        }
    }
    Subprocessors "Subprocessors": "Requirements of customers and of the GDPR for subprocessors." {
        TransferMechanismMissing = "transfer-mechanism-missing", Warning, adjustable {
            summary: "No transfer mechanism covers a country outside the EEA in which a subprocessor is.",
            why: "Without one, the transfer is unlawful (GDPR Art. 44 to 49), and privacy reviewers look for it first.",
            fix: "Set `transfer_mechanism` to adequacy, dpf, scc, bcr or derogation, or to a list of mechanisms with the countries that each covers. The EU and the EEA need none; `GLOBAL` needs an entry without `to`. The rule does not apply if `jurisdiction` is `uk` or `other`.",
            example: "locations: [US, IN]\ntransfer_mechanism:\n  - mechanism: dpf\n    to: [US]\n  - mechanism: scc\n    to: [IN]",
        }
        LocationMissing = "location-missing", Warning, adjustable {
            summary: "A subprocessor has no country, although the organization is subject to the GDPR.",
            why: "Customers cannot tell whether data leaves the EEA.",
            fix: "Add the countries in which it processes the data.",
            example: "locations: [DE, IE]\ncorporate_location: US",
        }
        ConditionUndeclared = "condition-undeclared", Error, adjustable {
            summary: "A condition names a dimension or a value that `site.yaml` does not declare.",
            why: "Customers cannot answer it, so the condition would never decide anything. Usually a name is misspelled.",
            fix: "Correct the name, or declare the dimension with its values in site.yaml.",
            example: "dimensions:\n  region: [EU, US]\n\ncondition:\n  region: EU",
        }
        DataCategoriesMissing = "data-categories-missing", Warning, adjustable {
            summary: "A subprocessor states no data categories.",
            why: "Customers must know which personal data a subprocessor processes (GDPR Art. 28(3); SCC Annex III).",
            fix: "Add the categories of personal data. If your list does not state them, set the rule to `\"off\"`.",
            example: "data_categories: [Email address, Name]",
        }
        NoticeTooShort = "notice-too-short", Error, adjustable {
            summary: "A change takes effect before the notice period ends.",
            why: "Customers have a right to object before it takes effect (GDPR Art. 28(2)), and contracts promise a number of days.",
            fix: "Change `effective` or `ends`, or correct `announced`. The notice period counts from `announced`, or from the release that first states the change if that is later; before that release, from the as-of date. The length of the notice period is that of the same release.",
            example: "organization:\n  notice_days: 30\n\nannounced: 2026-06-01\neffective: 2026-07-01",
        }
        AnnouncedBeforePublished = "announced-before-published", Warning, adjustable {
            summary: "The date of an announcement is before the release that first states the change.",
            why: "Customers can read only what is published, so the days of notice count from the release. An earlier date promises a notice that customers cannot verify.",
            fix: "Set `announced` to the date of the release. If customers were informed in another way, set the rule to `note` or `\"off\"`.",
            example: "announced: 2026-05-12\neffective: 2026-07-01",
        }
        ObjectionAfterEffective = "objection-after-effective", Warning, adjustable {
            summary: "The objection deadline of a change is not before the date on which it takes effect.",
            why: "An objection to a change that is already in effect comes too late (GDPR Art. 28(2)).",
            fix: "Change `effective` to a date after the deadline, or `ends` to a date that is not before it, or reduce `objection_days` in `notice`.",
        }
        NoticeDatesMissing = "notice-dates-missing", Warning, adjustable {
            summary: "A change that requires customer notice has no dates.",
            why: "Without dates, a release presents the change as already done, and customers cannot object in time (GDPR Art. 28(2)).",
            fix: "State `announced` and `effective` for a new subprocessor, a change of a listed one under `upcoming`, and `ends` before you remove one.",
            example: "upcoming:\n  - announced: 2026-06-01\n    effective: 2026-07-01\n    locations: [DE, US]",
        }
        EffectiveMovedEarlier = "effective-moved-earlier", Warning, adjustable {
            summary: "A change takes effect before the date that a release announced.",
            why: "Customers rely on the announced date to object or to prepare.",
            fix: "Keep the announced date, or agree on the earlier one with your customers.",
        }
        UpcomingDue = "upcoming-due", Warning, adjustable {
            summary: "An upcoming change is in effect.",
            why: "The site shows its values as current, because a release announced them. The content still states the old values.",
            fix: "Move the values into the fields with the next release: `candor release --apply-upcoming`.",
        }
        RemovedWhileUpcoming = "removed-while-upcoming", Warning, adjustable {
            summary: "An item is removed while a release announces a change of it.",
            why: "The announced change will not happen, so customers who prepared for it must know that it is withdrawn.",
            fix: "Say so in the summary of the release. To announce that a subprocessor ends, set `ends` and keep it listed until then.",
        }
        SubprocessorEnded = "subprocessor-ended", Warning, adjustable {
            summary: "A subprocessor is still listed after its end date.",
            why: "The list states who processes data now.",
            fix: "Remove it. The change log still shows it.",
        }
        ReplacesUnknown = "replaces-unknown", Error, adjustable {
            summary: "A subprocessor replaces one that was never listed.",
            why: "Readers follow the reference to see which subprocessor is replaced.",
            fix: "Use the id of a subprocessor in this list or in an earlier release.",
        }
        AiProviderUnknown = "ai-provider-unknown", Error, adjustable {
            summary: "An AI feature names a provider that is not in the list of subprocessors.",
            why: "A provider that processes customer data is a subprocessor (GDPR Art. 28(2)), and readers follow the link to its location and its terms. A provider that was removed from the list no longer processes data.",
            fix: "Use the id of a subprocessor in `subprocessors.yaml`, or add the provider there. If the model runs on your own servers, leave `provider` out.",
            example: "# subprocessors.yaml\n- id: example-ai\n  name: Example AI\n  purpose: Language models\n\n# ai.yaml\n- id: assistant\n  feature: Assistant\n  provider: example-ai",
        }
    }
    Lists "Lists": "Ambiguous and missing items in lists." {
        DuplicateName = "duplicate-name", Warning, adjustable {
            summary: "Two items of a list have the same name.",
            why: "Readers cannot tell them apart, and one is often a forgotten copy.",
            fix: "Rename one of them, or remove it.",
        }
        ListOrder = "list-order", Warning, adjustable {
            summary: "A list that is declared as sorted is not sorted.",
            why: "Readers look for a name at its alphabetical position.",
            fix: "Move the item, or remove the list from `sorted:` in site.yaml.",
            example: "sorted: [subprocessors]",
        }
        NothingToShow = "nothing-to-show", Warning, adjustable {
            summary: "A section or page shows a list that has no items.",
            why: "Readers see its heading and text with no list below. The trust page leaves out a section that has no text either, so it is reported only if no other section is left.",
            fix: "Add items to the list, or remove `show:` from the section.",
        }
        ListShownTwice = "list-shown-twice", Error, adjustable {
            summary: "Two sections show the same list.",
            why: "Each item would be on the page twice with the same anchor, so links reach only the first, and readers compare the two for a difference.",
            fix: "Remove `show:` from one of the sections, and link to the other.",
            example: "---\ntitle: Our providers\n---\n\nSee the [list](#subprocessors).",
        }
        ListNotShown = "list-not-shown", Warning, adjustable {
            summary: "A list has items, but no section shows it.",
            why: "The items do not appear on the page.",
            fix: "Add `show:` to the front matter of a section.",
            example: "---\ntitle: Certifications\nshow: certifications\n---",
        }
        FactWithoutValue = "fact-without-value", Warning, adjustable {
            summary: "A fact states neither a value nor details.",
            why: "Readers see its name, and no answer.",
            fix: "State the value, add `details`, refer to a document or a web page, or remove the fact.",
        }
        FactTwice = "fact-twice", Warning, adjustable {
            summary: "Two facts of the same kind apply to the same plan.",
            why: "Readers and programs cannot tell which of the two holds.",
            fix: "Merge the two, or state the `plan` of each.",
        }
        StatusNotShown = "status-not-shown", Error, adjustable {
            summary: "A custom template shows items that are not in place as if they were.",
            why: "A planned control without its label among implemented ones is a false claim.",
            fix: "Show `status_label` in the template, as the built-in one does.",
            example: "{{ item.title }}{% if not item.implemented %} ({{ item.status_label }}){% endif %}",
        }
    }
    Statements "Statements": "Text that contradicts the fields." {
        ProviderNotListed = "provider-not-listed", Note, adjustable {
            summary: "A text names a provider that the list of subprocessors lacks.",
            why: "Readers take a provider that processes their data without being listed for an omission (GDPR Art. 28(2)). A mention alone proves nothing, so this is a note: the provider may be an integration that the customer chooses.",
            fix: "Add the provider to the list if it processes customers' data. Otherwise say in the same sentence that it does not, or no longer does. candor knows the names in earlier releases, and those of about 60 well-known providers. Only the first mention of each is reported, not code, addresses or the organization's own name.",
            example: "We no longer use SendGrid.",
        }
        ContactDisagrees = "contact-disagrees", Warning, adjustable {
            summary: "Text contains an address of the organization that is not among the contacts in site.yaml.",
            why: "One of the two is probably outdated, and requests with legal deadlines could go to an unread inbox.",
            fix: "Use the same address in both places, or add it to `contacts:`.",
            example: "contacts:\n  privacy: privacy@example.com",
        }
        NoticePeriodDisagrees = "notice-period-disagrees", Warning, adjustable {
            summary: "Text states a different number of days than the notice period.",
            why: "Customers will insist on the longer period.",
            fix: "Use the same number in both places.",
            example: "organization:\n  notice_days: 30",
        }
    }
    Placeholders "Placeholders": "Text and addresses that are still to be replaced before publication. `candor publish` refuses to upload them to object storage unless it is given `--allow-placeholders`; a folder and a dry run only warn." {
        PlaceholderBaseUrl = "placeholder-base-url", Warning, adjustable refuses [Upload] {
            summary: "The site's address is a reserved example.",
            why: "Feeds, records and search engines would point to a site that is not yours (RFC 2606).",
            fix: "Set `base_url` to the address at which the site is published.",
            example: "base_url: https://trust.example-company.com",
        }
        Placeholder = "placeholder", Warning, adjustable refuses [Upload] {
            summary: "A statement contains a placeholder, or is an example of a new project.",
            why: "Readers would take it for a statement, or write to an address that does not exist. A release that contains it cannot be changed.",
            fix: "Replace it with your own text, or remove it. Reported are addresses at reserved domains such as `example.com` (also in code), `TODO`, `FIXME`, `TBD` and `XXX`, `(fictional)`, \"lorem ipsum\", instructions and names in brackets such as `[Add a date]` and `<company>`, `{{ company }}`, and what `candor init` wrote as an example. Comments, and files that are not published, are not searched. If all of it is meant, set the rule to `\"off\"`.",
            example: "contacts:\n  privacy: privacy@example-company.com",
        }
    }
    Site "Site": "The site's address, its rules and security.txt." {
        NoticeDaysTwice = "notice-days-twice", Error, fixed {
            summary: "The notice period is stated both in `organization` and in `notice`.",
            why: GUESS,
            fix: "Remove `notice_days`, which is the short form of `days` in `notice`.",
            example: "notice:\n  days: 30\n  objection_days: 14",
        }
        ObjectToUnknown = "object-to-unknown", Error, adjustable {
            summary: "The contact to whom customers object does not exist.",
            why: "Pages and notices would tell customers that they can object, but not to whom.",
            fix: "Use a key of `contacts`, or add the contact.",
            example: "contacts:\n  privacy: privacy@example.com\nnotice:\n  object_to: privacy",
        }
        SubscribeFormQuery = "subscribe-form-query", Warning, adjustable {
            summary: "The form for subscriptions loses a part of its address.",
            why: "A browser that sends a form with `get` replaces the query of the address with the fields of the form (HTML, form submission).",
            fix: "Set `method: post`, or use an address without a query.",
            example: "subscribe:\n  form:\n    action: https://lists.example.com/subscribe?list=7\n    method: post",
        }
        BaseUrlMissing = "base-url-missing", Warning, adjustable {
            summary: "The site has no address.",
            why: "Feeds and records need absolute links. Without the address, they are left out or incomplete.",
            fix: "Set `base_url` to the address at which the site is published.",
        }
        UnknownRule = "unknown-rule", Error, fixed {
            summary: "`rules:` or `acknowledged:` contains a code that does not exist.",
            why: "The level that you meant to change, or the warning that you meant to acknowledge, does not change.",
            fix: "Write the code as the diagnostic shows it. `candor explain` lists all codes.",
        }
        FixedRule = "fixed-rule", Error, fixed {
            summary: "`rules:` sets the level of a rule whose level is fixed.",
            why: "Content that cannot be read or is not safe cannot be published at any level.",
            fix: "Remove the line, and fix what the rule reports.",
        }
        AcknowledgmentRefused = "acknowledgment-refused", Error, fixed {
            summary: "`acknowledged:` names a rule whose problems cannot wait.",
            why: "Only warnings can be acknowledged. An error, and a problem that candor cannot publish at any level, must be fixed.",
            fix: "Remove the entry, and fix what the rule reports. If an error is a warning for you, set its level with `rules:`.",
        }
        AcknowledgmentUnused = "acknowledgment-unused", Warning, adjustable {
            summary: "An entry of `acknowledged:` acknowledges nothing.",
            why: "An entry that stays after the problem is fixed would hide the next one, and a misspelled entry does not apply.",
            fix: "Remove the entry, or correct its item: the id of an item, `LIST/ID`, or the path of a file, as the warning shows it.",
            example: "acknowledged:\n  - code: certification-expiring\n    item: iso-27001\n    until: 2026-12-31\n    reason: The audit is in November; the new certificate follows.",
        }
        SecurityTxtIncomplete = "security-txt-incomplete", Error, adjustable {
            summary: "security.txt lacks a field that RFC 9116 requires, or a field is invalid.",
            why: "Researchers' tools reject the file, and vulnerability reports never arrive.",
            fix: "Set `expires`, and add at least one contact that is an email or https address.",
            example: "contacts:\n  security: security@example.com\nsecurity_txt:\n  expires: 2027-03-31",
        }
        SecurityTxtExpired = "security-txt-expired", Warning, adjustable {
            summary: "security.txt has expired.",
            why: "An expired file must no longer be used (RFC 9116 section 2.5.5).",
            fix: "Review it, and set `expires` to a date within the next year.",
        }
        SecurityTxtExpiring = "security-txt-expiring", Warning, adjustable {
            summary: "security.txt expires within 30 days.",
            why: "An expired file must no longer be used (RFC 9116 section 2.5.5).",
            fix: "Review it, and set `expires` to a date within the next year.",
        }
        SecurityTxtLong = "security-txt-long", Warning, adjustable {
            summary: "security.txt expires more than a year from now.",
            why: "RFC 9116 section 2.5.5 recommends less than a year, so that an outdated file is not trusted.",
            fix: "Set `expires` to a date within the next year.",
        }
    }
    Theme "Theme": "Whether the page is readable for everyone." {
        AccentContrast = "accent-contrast", Error, adjustable {
            summary: "The accent color of the dark theme has too little contrast with the page.",
            why: "Links use it, and below a contrast of 4.5:1 many people cannot read them (WCAG 2.2, success criterion 1.4.3). In the light theme, such a color is used for surfaces instead of text.",
            fix: "Use the color that the help suggests, or another one with more contrast. Without `accent_dark`, the dark theme uses a tint of `accent` with enough contrast.",
            example: "theme:\n  accent: \"#0b5c8a\"\n  accent_dark: \"#7cc4f0\"",
        }
    }
    Releases "Releases": "The chain of releases: nothing that was published may change, and nothing unreleased is published." {
        UnreleasedChanges = "unreleased-changes", Warning, adjustable refuses [Build, Publish] {
            summary: "The content differs from the newest release.",
            why: "A published page is always a release: it has a version, a date and a summary. `candor check` warns, and `candor build` and `candor publish` refuse, regardless of `rules:`.",
            fix: "Review the changes, then make a release. `--draft` builds them without a release.",
            example: "candor diff\ncandor release -m \"What changed, in a sentence\"\ncandor build --draft",
        }
        ReleaseEdited = "release-edited", Error, fixed {
            summary: "A release was changed after it was made.",
            why: PROOF,
            fix: RESTORE,
        }
        ReleaseDigestWrong = "release-digest-wrong", Error, fixed {
            summary: "A list or a later release names a different digest for a release than its file has.",
            why: PROOF,
            fix: "Restore the file that names the digest. The release itself is unchanged.",
        }
        ReleaseDigest = "release-digest", Error, fixed {
            summary: "A release record contains an invalid digest.",
            why: CHAIN,
            fix: RESTORE,
        }
        ReleaseMissing = "release-missing", Error, fixed {
            summary: "The file of a release is missing.",
            why: CHAIN,
            fix: RESTORE,
        }
        ReleaseUnlisted = "release-unlisted", Error, fixed {
            summary: "A release is not in the list of digests.",
            why: "candor updates the list with each release, so something else added a file that the list lacks.",
            fix: "Run `candor release` again if it was interrupted. Otherwise remove the file.",
        }
        ReleaseFileMissing = "release-file-missing", Error, fixed {
            summary: "A file that a release binds is missing.",
            why: "The record has the digest of every file that the release refers to, and its page links to the file as it was.",
            fix: "Restore the file in `content/releases/files/` from version control, or from the site.",
        }
        SentNoticeMissing = "sent-notice-missing", Error, fixed {
            summary: "A file about a sent notice that a release binds is missing.",
            why: "The release proves by its digest when and how the notice was sent.",
            fix: "Restore the file in `content/notices/` from version control.",
        }
        SentNoticeChanged = "sent-notice-changed", Error, fixed {
            summary: "A file about a sent notice that a release binds was modified.",
            why: PROOF,
            fix: "Restore the file in `content/notices/` from version control. candor only adds lines to it.",
        }
        ReleaseFileChanged = "release-file-changed", Error, fixed {
            summary: "A file that a release binds was modified.",
            why: PROOF,
            fix: "Restore the file as it was published, from version control. To publish a new edition, replace the file in `static/` and make a new release.",
        }
        ReleaseFilesUnverified = "release-files-unverified", Note, fixed {
            summary: "A folder of records has no files, so they were not verified.",
            why: "The records are verified, but what they say about files is not compared with the files.",
            fix: "Verify the project, or a built or published site.",
        }
        ReleaseSumsMissing = "release-sums-missing", Error, adjustable {
            summary: "The list of digests is missing.",
            why: "No later release contains the digest of the newest one, so only this list can prove that it is unchanged.",
            fix: "Restore the list from version control, or let the next `candor release` write it.",
        }
        ReleaseSums = "release-sums", Error, fixed {
            summary: "The list of digests is damaged.",
            why: CHAIN,
            fix: RESTORE,
        }
        ReleaseRenamed = "release-renamed", Error, fixed {
            summary: "The name of a file does not match the release that it contains.",
            why: CHAIN,
            fix: "Restore the original file name.",
        }
        ReleaseDuplicate = "release-duplicate", Error, fixed {
            summary: "Two files contain the same release.",
            why: CHAIN,
            fix: "Remove the one that was added by mistake.",
        }
        ReleaseName = "release-name", Error, fixed {
            summary: "A file in the releases folder has a name that is not a version.",
            why: "The folder may contain only releases, so that nothing is published from it by accident.",
            fix: "Move the file elsewhere.",
        }
        ReleaseOrder = "release-order", Error, fixed {
            summary: "A release is dated or linked before its predecessor.",
            why: CHAIN,
            fix: RESTORE,
        }
        ReleaseFuture = "release-future", Error, fixed {
            summary: "The date of a release is in the future.",
            why: "A release states what is true on its date, so the date cannot be in the future.",
            fix: "Check the clock, `SOURCE_DATE_EPOCH` and `--as-of`.",
        }
        ReleaseInconsistent = "release-inconsistent", Error, fixed {
            summary: "The fields of a release contradict each other, or `candor release` would not write them.",
            why: "candor derives the version from the date and writes a summary that is never empty and has no leading or trailing whitespace. Another program wrote this record.",
            fix: RESTORE,
        }
        ReleasesNotFound = "releases-not-found", Error, fixed {
            summary: "There are no releases to verify.",
            why: "A verification that verifies nothing must not pass. The location may be wrong, or all releases may have been deleted.",
            fix: "Name the project, the site or the folder that contains the releases, or make the first release.",
        }
        ReleaseUnlinked = "release-unlinked", Error, fixed {
            summary: "A release that is not the first one names no predecessor.",
            why: CHAIN,
            fix: "If it was never published, recreate it with `candor release --replace`.",
        }
        ReleaseBranched = "release-branched", Error, fixed {
            summary: "Two releases have the same predecessor.",
            why: "They were made on two branches that did not know of each other.",
            fix: "Merge the content of both branches, and run `candor release --replace` if the later release was never published.",
        }
        ReleaseConflict = "release-conflict", Error, fixed {
            summary: "A release or the list of digests contains merge conflict markers.",
            why: CHAIN,
            fix: "Finish the merge. Take each release unchanged from the side on which it was published.",
        }
        ReleaseMalformed = "release-malformed", Error, fixed {
            summary: "A file in the releases folder is not a release record.",
            why: CHAIN,
            fix: RESTORE,
        }
        ReleaseTruncated = "release-truncated", Error, fixed {
            summary: "A release record is truncated.",
            why: CHAIN,
            fix: RESTORE,
        }
        ReleaseNotCanonical = "release-not-canonical", Error, fixed {
            summary: "A release record is not formatted the way candor writes it.",
            why: "A digest covers the exact bytes, so a reformatted file is a different file.",
            fix: RESTORE,
        }
        ReleaseSchema = "release-schema", Error, fixed {
            summary: "A release has a schema that this version of candor does not support.",
            why: "A newer version made it. `candor verify` checks the hash chain of every schema, but this version cannot use the release for anything else.",
            fix: "Install the version that made the release, or a later one.",
        }
        LinkGone = "link-gone", Note, adjustable {
            summary: "A link of a release leads to a page, a file or an anchor that the site no longer has.",
            why: "Releases never change, so their pages show the text of the link, marked as no longer available.",
            fix: "Put back what the link leads to, if readers still need it. Otherwise there is nothing to do.",
        }
        SiteIndexKeys = "site-index-keys", Note, fixed {
            summary: "The published list of releases has keys that this version of candor does not know.",
            why: "A newer candor may have written them. Nothing compares them with the records, so do not rely on what they state.",
            fix: "Verify with the version of candor that built the site, or a later one.",
        }
        ReleaseNewer = "release-newer", Note, fixed {
            summary: "A release was made by a newer version of candor.",
            why: "It is verified and shown. Fields that this version does not know are left out of pages, files and comparisons, and values that it does not know are shown as they are.",
            fix: "Install the version that made the release, or a later one.",
        }
        ReleaseLosesFields = "release-loses-fields", Error, fixed {
            summary: "The newest release has fields that this version of candor does not know.",
            why: "The content of this version cannot contain them, so the next release would silently drop them.",
            fix: "Install the version that made the release, or a later one, and make the next release with it.",
        }
        ReleaseUnreadable = "release-unreadable", Error, fixed {
            summary: "A release cannot be read.",
            why: CHAIN,
            fix: "Check its permissions, and that it is a regular file.",
        }
        ReleaseTooLarge = "release-too-large", Error, fixed {
            summary: "A file is too large for a release record.",
            why: "candor did not write it.",
            fix: RESTORE,
        }
        HistoryRewritten = "history-rewritten", Error, fixed {
            summary: "The releases here differ from those that were published.",
            why: PROOF,
            fix: "Restore the releases as they were published, and make a new release for the changes.",
        }
        RedactionUnbound = "redaction-unbound", Warning, fixed refuses [Build, Publish] {
            summary: "A redaction is not part of a release yet.",
            why: "Until a release binds the redaction, nothing proves that the publisher declared it, and readers would see a record with an unexplained digest.",
            fix: "Make a release. A redaction is reason enough.",
            example: "candor release -m \"Withheld a phone number\"",
        }
        RedactionMissing = "redaction-missing", Error, fixed {
            summary: "A record still has values that were withheld from it.",
            why: "Publishing an old copy of a record would publish the withheld values again.",
            fix: "Get the redacted record and the release that binds the redaction, for example with `git pull`.",
        }
        RedactionMismatch = "redaction-mismatch", Error, fixed {
            summary: "The withheld values of a release are not those that its redactions declare.",
            why: PROOF,
            fix: "Restore the records and `redactions.json`. Only `candor redact` withholds values.",
        }
        RedactionList = "redaction-list", Error, fixed {
            summary: "`redactions.json` is not a list of redactions.",
            why: "The next release binds its entries, so each must be exactly what `candor redact` wrote.",
            fix: "Restore the file, for example with `git checkout`.",
        }
        RedactionInterrupted = "redaction-interrupted", Error, fixed {
            summary: "A redaction was interrupted.",
            why: "candor was stopped before it had withheld everything that `redactions.json` names.",
            fix: "Run the same `candor redact` command again. It completes the redaction.",
        }
        RedactionTarget = "redaction-target", Error, fixed {
            summary: "A release, a place in it, or a file that should be withheld does not exist or cannot be withheld.",
            why: "A redaction names exactly what is withheld. Ids and the head of a record stay, because the history needs them.",
            fix: "Use a pointer to the summary, or to an item or a field of the disclosure.",
            example: "candor redact 2026-05-22 /disclosure/subprocessors/0/contact --reason \"Personal data\"",
        }
        RedactionStated = "redaction-stated", Error, fixed {
            summary: "The content, or the reason, still states what should be withheld.",
            why: "The next release would publish it again.",
            fix: "Remove it from the content first. The redaction only changes releases.",
        }
        RedactionElsewhere = "redaction-elsewhere", Warning, fixed {
            summary: "A text that was withheld still occurs elsewhere in the releases.",
            why: "Readers can still find it there.",
            fix: "Withhold it in these places, too.",
        }
        WithheldFile = "withheld-file", Error, fixed {
            summary: "A file that was withheld still exists.",
            why: "Anyone who has the address can still download it.",
            fix: "Remove the file. If it is published, publish again.",
        }
        HistoryUnpublished = "history-unpublished", Note, fixed {
            summary: "Some releases are not published.",
            why: "A release that was never published and a site that was rolled back look the same.",
            fix: "Publish. If everything is already published, run `candor verify` with `--all-published`.",
        }
        HistoryRolledBack = "history-rolled-back", Error, fixed {
            summary: "The published site lacks releases that must be there because of `--all-published`.",
            why: PROOF,
            fix: "Publish again. If the releases were published before, find out who rolled the site back.",
        }
        SiteIndex = "site-index", Error, fixed {
            summary: "The release list of a site cannot be read, or contradicts the records and `SHA256SUMS`.",
            why: "The list states which releases exist, their digests and their locations. Readers and programs start from it.",
            fix: "Build the site again and publish it. If no build wrote this list, find out who has write access.",
        }
        ReleaseCompleted = "release-completed", Note, fixed {
            summary: "An interrupted release has been completed.",
            why: "candor was stopped before it recorded the digest of the release.",
            fix: "There is nothing to fix.",
        }
        ReleaseReplaced = "release-replaced", Warning, fixed {
            summary: "The newest release was recreated.",
            why: "Anyone who recorded its digest will see that it changed.",
            fix: "Do this only before anyone has seen the release. Otherwise restore the old one.",
        }
        ReleaseNone = "release-none", Error, fixed {
            summary: "There is no release to replace.",
            why: "`--replace` replaces the newest release.",
            fix: "Make the first release.",
            example: "candor release -m \"First release\"",
        }
        ReleaseNothingChanged = "release-nothing-changed", Error, fixed {
            summary: "The content has no unreleased changes.",
            why: "A release without changes would notify subscribers for no reason.",
            fix: "Edit the content first. Order, theme and address are not part of a release.",
        }
        ReleaseExists = "release-exists", Error, fixed {
            summary: "A release with this version exists.",
            why: "A release is never overwritten.",
            fix: "Omit `--version` to use the next free one.",
        }
        UpcomingNotApplied = "upcoming-not-applied", Error, fixed {
            summary: "An upcoming change cannot be moved into its fields automatically.",
            why: "An edit must leave everything else in the file unchanged, and some ways to write YAML, such as anchors, do not allow that.",
            fix: "Move the new values into the fields by hand, and remove the entry from `upcoming`.",
        }
        ReleaseSummaryEmpty = "release-summary-empty", Error, fixed {
            summary: "A release has no summary.",
            why: "Subscribers read it first.",
            fix: "Summarize what changed and why.",
        }
        ReleaseSummaryTooLong = "release-summary-too-long", Error, fixed {
            summary: "The summary of a release is too long.",
            why: "It is a sentence or a few paragraphs, shown in the change log, in feeds and in emails. A release is never edited, so its summary cannot be shortened later.",
            fix: "Shorten it, and move the rest to a section or a document.",
        }
        ReleaseVersionDay = "release-version-day", Error, fixed {
            summary: "The version of a release does not match its date.",
            why: "A version is the date of its release.",
            fix: "Omit `--version` or `--date`.",
        }
        ReleaseBeforeNewest = "release-before-newest", Error, fixed {
            summary: "A release would be older than the newest one.",
            why: "Releases are in chronological order.",
            fix: "Use a later date. To import past releases, start with the oldest in a project without releases.",
        }
        NothingReleased = "nothing-released", Error, fixed {
            summary: "There is no release yet.",
            why: "A published page is always a release.",
            fix: "Make the first release, or build a draft.",
            example: "candor release -m \"First release\"",
        }
    }
    Import "Import": "Parts of an existing list that `candor import` could not interpret or had to complete." {
        ImportNoTable = "import-no-table", Error, fixed {
            summary: "The file contains no table that looks like a list of subprocessors, or like a questionnaire.",
            why: "In plain lines, candor cannot recognize the name and the purpose.",
            fix: "Create a table with columns for name and purpose. A questionnaire needs columns for questions and answers.",
            example: "| Provider | Purpose | Data categories |\n| --- | --- | --- |\n| Example Cloud | Hosting | Account data |",
        }
        ImportMalformed = "import-malformed", Error, fixed {
            summary: "The file cannot be read as a table.",
            why: "Guessing the structure would import wrong rows.",
            fix: "Fix the file, or export it again.",
        }
        ImportWhichTable = "import-which-table", Error, fixed {
            summary: "The file has no list that is clearly one of subprocessors, or several with different columns.",
            why: "candor cannot tell which one you mean. Tables that share columns are read as one list, and pages have other lists, too.",
            fix: "Write a heading such as \"Subprocessors\" above the list, or select the tables with `--table`.",
        }
        ImportTableUnused = "import-table-unused", Warning, fixed {
            summary: "A table of the file is not imported.",
            why: SILENCE,
            fix: "Select it with `--table` if it is part of the list.",
        }
        ImportTemplate = "import-template", Error, fixed {
            summary: "A row is code of a template.",
            why: "It would become a subprocessor with a name such as `{s.name}`.",
            fix: "Import the data file that the template shows, or the page that it generates.",
        }
        ImportMap = "import-map", Error, fixed {
            summary: "`--map` names a column that the table does not have.",
            why: "The field that the column is for would be missing.",
            fix: "Write the column name as it appears in the table, or its number.",
        }
        ImportColumnMissing = "import-column-missing", Error, fixed {
            summary: "A field that every subprocessor needs has no column.",
            why: "The name and the purpose are what customers look for first.",
            fix: "Select the column with `--map COLUMN=FIELD`, or add it to the table.",
        }
        ImportColumnUnused = "import-column-unused", Warning, fixed {
            summary: "A column is not imported.",
            why: SILENCE,
            fix: "Assign it to a field with `--map COLUMN=FIELD`, or skip it explicitly with `--map COLUMN=-`.",
        }
        ImportCell = "import-cell", Warning, fixed {
            summary: "A cell, or part of it, is not imported.",
            why: SILENCE,
            fix: "Write the cell as the help suggests, or add the value to the imported file by hand.",
        }
        ImportValueMissing = "import-value-missing", Error, fixed {
            summary: "A row has no value in a column that every subprocessor needs.",
            why: "The list would be incomplete.",
            fix: "Fill in the cell, or remove the row.",
        }
        ImportRowUnused = "import-row-unused", Warning, fixed {
            summary: "A row is not imported, because it is not a subprocessor, or has no question.",
            why: SILENCE,
            fix: "Nothing needs to be fixed if the row is neither a subprocessor nor a question.",
        }
        ImportRowTooLong = "import-row-too-long", Error, fixed {
            summary: "A row has more cells than the table has columns.",
            why: "A delimiter that was meant as text shifts all cells after it into the wrong columns.",
            fix: "Put the cell in quotes (CSV), or escape its vertical bars as `\\|` (Markdown).",
        }
        ImportSameName = "import-same-name", Warning, fixed {
            summary: "A name, or the number of a question, appears in several rows.",
            why: "Each row became a separate item, which readers may take for a mistake.",
            fix: "Combine the entries in the file, or give them different names.",
        }
        ImportCompleted = "import-completed", Note, fixed {
            summary: "candor completed a value during the import.",
            why: "You publish the value as your statement, so you should review it.",
            fix: "Check that it is what you meant.",
        }
        ImportFileExists = "import-file-exists", Error, fixed {
            summary: "The file that the import would write already exists.",
            why: "candor overwrites an existing file only if you ask it to.",
            fix: "Add `--replace`, or move the file elsewhere.",
        }
        ImportNoGitHistory = "import-no-git-history", Error, fixed {
            summary: "The git history of the file cannot be read completely.",
            why: "An incomplete history would look like a history without changes.",
            fix: "Commit the file in a repository with a full history. In a shallow clone, run `git fetch --unshallow`.",
        }
        ImportHistoryExists = "import-history-exists", Error, fixed {
            summary: "Releases already exist, and imported past releases would have to precede them.",
            why: "Releases can be added only at the end of the chain.",
            fix: "If nothing has been published yet, remove `content/releases/` and import again.",
        }
        ImportCommitSkipped = "import-commit-skipped", Warning, fixed {
            summary: "A commit is skipped, because its version of the file cannot be read.",
            why: "There is nothing to release if the file cannot be read.",
            fix: "Nothing needs to be fixed, unless the reported reason can be fixed with `--map` or `--table`.",
        }
        ImportCommitUnrecorded = "import-commit-unrecorded", Warning, fixed {
            summary: "A commit changes the list, but nothing that candor imports.",
            why: "The record cannot state the change, so the history would hide it.",
            fix: "Assign the column with `--map`, or mention the change in the summary of another release.",
        }
        ImportCommitUnknown = "import-commit-unknown", Error, fixed {
            summary: "An option or the plan names a commit that did not change the file.",
            why: "A typo would import releases that you wanted to leave out.",
            fix: "Use the id of a commit that `candor import --git-history` lists.",
        }
        ImportNameUnknown = "import-name-unknown", Error, fixed {
            summary: "`--same` or `--different` has a name that no version of the list has.",
            why: "A typo would be ignored, and the record would state a removal and an addition.",
            fix: "Write the names exactly as the versions of the list have them.",
        }
        ImportRenamed = "import-renamed", Note, fixed {
            summary: "Two names in the history are taken for the same subprocessor.",
            why: "Otherwise the record would state that one was removed and another one added.",
            fix: "Nothing needs to be fixed if it is one subprocessor. Otherwise use `--different OLD=NEW`.",
        }
        ImportCopied = "import-copied", Note, fixed {
            summary: "The file began as a copy of another one.",
            why: "The commits of the other file are about another list, unless this one continues it.",
            fix: "Nothing needs to be fixed, unless the file continues the other list: use `--copies`.",
        }
        ImportPlan = "import-plan", Error, fixed {
            summary: "The plan of the releases is not valid.",
            why: "candor makes exactly the releases that the plan lists.",
            fix: "Write `commit` and `summary` for each release, as `--plan` writes them to a new file.",
            example: "- commit: 5d2c1f0a9e\n  summary: Added Example Mail",
        }
        ImportCommitUnchanged = "import-commit-unchanged", Note, fixed {
            summary: "A commit is skipped, because it does not change the list.",
            why: "A release without changes would notify subscribers for no reason.",
            fix: "Nothing needs to be fixed.",
        }
        ImportDateMoved = "import-date-moved", Warning, fixed {
            summary: "A release has a later date than its commit.",
            why: "Releases are in chronological order, and the previous commit has a later date.",
            fix: "Nothing needs to be fixed. Mention it on the page if the date matters.",
        }
    }
    Delivery "Delivery": "The list of recipients of a notice. It is outside the project." {
        RecipientList = "recipient-list", Error, fixed {
            summary: "The list of recipients cannot be read.",
            why: "A list that is read only in part would leave customers uninformed.",
            fix: "Export the list as CSV in UTF-8, with the column names `email`, `name`, `customer`, `features` and `language` in the first line. Only `email` is required.",
            example: "email,name,customer,features\ndana@customer.com,Dana Doe,Customer Ltd.,sso",
        }
        BadRecipient = "bad-recipient", Error, fixed {
            summary: "A row of the list of recipients is not valid.",
            why: "No message is sent while a row has a problem: a row that is skipped is a customer who is not informed.",
            fix: "Correct the row. An address is plain, such as `dana@customer.com`. Its domain may be international, but the part before `@` is ASCII. No cell contains a line break.",
        }
        DuplicateRecipient = "duplicate-recipient", Error, fixed {
            summary: "An address is listed twice.",
            why: "Each recipient gets one message about a release. If the rows state different features, one message cannot be about both.",
            fix: "Keep one row for each address. The case of a domain does not matter.",
        }
    }
}
