//! The table of diagnostic codes.
//!
//! An entry is `Variant = "name", Severity, adjustable | fixed, refuses [Command, ..] { .. }`: its severity, whether `rules:` in
//! site.yaml can change that, and the commands that refuse because of it although it is not an error.

use super::{CodeEntry, RefusedCommand, codes};
use crate::diagnostic::Severity;

const CANNOT: &str =
    "What cannot be read cannot be published, and leaving it out in silence would publish less than you think.";
const GUESS: &str =
    "A trust page must not guess: a value that is not understood is neither shown nor left out in silence.";
const PROOF: &str =
    "Customers compare what you publish now with what you published before; a release that changed proves nothing.";
const CHAIN: &str =
    "Each release names the one before it by its digest; a chain with a gap or a fork cannot be checked.";
const RESTORE: &str = "Bring the file back as it was published, from version control or from the site; never edit, rename or remove a release.";
const SILENCE: &str =
    "A list that arrives with less than it had would be a false statement, so all that stays behind is named.";

codes! {
    Files "Files": "What is read, and what cannot be; also files of `static/` and `templates/`." {
        MissingFile = "missing-file", Error, fixed {
            summary: "A file that every project needs is not there.",
            why: "Without `content/site.yaml` nobody knows who makes the statements.",
            fix: "Write the file, or name the project's folder with `--root`. Where there is no folder `content/` yet, `candor init` creates a project.",
            example: "title: Trust & Compliance\norganization:\n  name: Example Ltd.",
        }
        NotAFile = "not-a-file", Error, fixed {
            summary: "A folder or a device stands where a file is expected.",
            why: CANNOT,
            fix: "Move it away and put a plain file in its place.",
        }
        NotAFolder = "not-a-folder", Error, fixed {
            summary: "A file stands where a folder is expected.",
            why: CANNOT,
            fix: "Move the file away and make a folder in its place.",
        }
        EmptyFile = "empty-file", Error, fixed {
            summary: "A file holds nothing.",
            why: "An empty list is more often a mistake than a statement.",
            fix: "Remove the file, or write something into it.",
        }
        FileTooLarge = "file-too-large", Error, fixed {
            summary: "A file is larger than any content should be.",
            why: "A text of that size is a mistake, and reading it would take the memory of the machine.",
            fix: "Split it, or put it into `static/` if readers are to download it.",
        }
        FileName = "file-name", Error, fixed {
            summary: "A file's name is not UTF-8, or holds characters that cannot be seen.",
            why: "Systems disagree on such names, and a reviewer cannot tell two of them apart.",
            fix: "Rename it, with letters, digits, hyphens and dots.",
        }
        TooMany = "too-many", Error, fixed {
            summary: "A folder or a list holds more than candor reads.",
            why: "Without a limit, a mistake or a hostile change would take the machine's memory and time.",
            fix: "Split the list, or take out what does not belong there.",
        }
        Unreadable = "unreadable", Error, fixed {
            summary: "A file or folder cannot be read.",
            why: CANNOT,
            fix: "Check its permissions, and that it is still there.",
        }
        NotUtf8 = "not-utf8", Error, fixed {
            summary: "A file is not UTF-8 text.",
            why: "Every other encoding has to be guessed, and a wrong guess shows readers wrong letters.",
            fix: "Save it as UTF-8 in the editor.",
        }
        OutsideProject = "outside-project", Error, fixed {
            summary: "A symbolic link leads out of the project.",
            why: "The page would publish what is not under the project's version control.",
            fix: "Put a copy of the file into the project.",
        }
        MisnamedFile = "misnamed-file", Error, adjustable {
            summary: "Nothing reads this file, and its name or its place seems to be a mistake.",
            why: "A list with a misspelled name is left out of the page.",
            fix: "Give it the name that the help suggests, or move it out of `content/`.",
            example: "content/data/subprocessors.yaml\ncontent/sections/10-security.md",
        }
        UnknownFile = "unknown-file", Warning, adjustable {
            summary: "Nothing reads this file.",
            why: "What it states is not on the page.",
            fix: "Move it out of `content/`.",
        }
        MissingFrontMatter = "missing-front-matter", Error, fixed {
            summary: "A section does not begin with front matter.",
            why: "A section's title stands in its front matter.",
            fix: "Begin the file with a line `---`, the fields, and another line `---`.",
            example: "---\ntitle: Security baseline\nshow: controls\n---\n\nThe text follows.",
        }
        YamlSyntax = "yaml-syntax", Error, fixed {
            summary: "A file is not valid YAML.",
            why: CANNOT,
            fix: "Look at the place that is named and at the line above it; texts with `: ` or ` #` in them need quotes.",
            example: "title: \"Data processing: our role\"",
        }
        YamlLimit = "yaml-limit", Error, fixed {
            summary: "A YAML file is nested or aliased beyond all measure.",
            why: "Such a file can grow without end when it is read.",
            fix: "Write the values out.",
        }
        BadCatalogue = "bad-catalogue", Error, fixed {
            summary: "A string of a string catalog does not have the form that it needs.",
            why: "The page would lack the string, or show it wrongly.",
            fix: "Write `key: text`, groups of such entries, or plural forms such as `one` and `other`.",
            example: "count:\n  subprocessors:\n    one: \"{n} subprocessor\"\n    other: \"{n} subprocessors\"",
        }
        StringUnknown = "string-unknown", Error, fixed {
            summary: "A string catalog of yours has a string that candor does not know.",
            why: "It would never be shown, and the built-in string would stay in its place.",
            fix: "Correct the key; strings that only your own templates use are in the group `custom`.",
            example: "nav:\n  home: Start\ncustom:\n  slogan: Ask us anything",
        }
        StringPlaceholderUnknown = "string-placeholder-unknown", Error, fixed {
            summary: "A string of yours has a placeholder that the built-in string does not have.",
            why: "Nothing fills it, so readers would see the braces.",
            fix: "Use the placeholders of the built-in string, or write the text without it.",
            example: "footer:\n  published: \"published {date}\"",
        }
        StringUnused = "string-unused", Warning, adjustable {
            summary: "A string catalog of yours has a string of an earlier version that nothing shows any more.",
            why: "Somebody would go on translating it.",
            fix: "Remove it.",
        }
        LanguageWithoutStrings = "language-without-strings", Warning, adjustable {
            summary: "The language of the content has no string catalog, so the interface is in English.",
            why: "The page declares its language to screen readers and search engines, and most of its interface is in another one (WCAG 2.2, 3.1.2).",
            fix: "Translate the built-in strings in `templates/strings/LANGUAGE.yaml`; docs/templates.md has the steps.",
            example: "nav:\n  home: Übersicht",
        }
        NotATemplate = "not-a-template", Warning, adjustable {
            summary: "A file in `templates/` is not used.",
            why: "A template with a misspelt name leaves the built-in one in its place.",
            fix: "Give it the name of the template that it replaces; files to be published go into `static/`.",
        }
        TemplateError = "template-error", Error, fixed {
            summary: "A template of yours does not work.",
            why: CANNOT,
            fix: "Look at the place that is named; `docs/templates.md` lists what templates can use.",
        }
        FileUnreferenced = "file-unreferenced", Warning, adjustable {
            summary: "A file in `static/` is not published, because nothing public refers to it.",
            why: "Everybody can download what a site holds, so a document that nothing names is more often a draft or a \
                 confidential file than a public one.",
            fix: "Name it as the `file:` of a public document, or link to it. To publish a file that nothing names, keep it \
                 outside `static/documents/`.",
        }
        AssetNotAFile = "asset-not-a-file", Error, fixed {
            summary: "Something in `static/` is neither a file nor a folder.",
            why: CANNOT,
            fix: "Remove it, or put a plain file in its place.",
        }
        TemporaryFile = "temporary-file", Warning, fixed {
            summary: "A backup, lock or temporary file is in a folder of the project.",
            why: "It is not loaded and not published: it may hold an older draft or a person's name.",
            fix: "Delete it. If it is a document of yours, rename it.",
        }
        AssetUnreadable = "asset-unreadable", Error, fixed {
            summary: "A file in `static/` cannot be read.",
            why: CANNOT,
            fix: "Check its permissions.",
        }
        AssetTooLarge = "asset-too-large", Error, fixed {
            summary: "A file in `static/` is too large for a page's host.",
            why: "Content delivery networks refuse files of that size.",
            fix: "Host it elsewhere and link to it.",
        }
        AssetNotUtf8 = "asset-not-utf8", Error, fixed {
            summary: "A style sheet is not UTF-8 text.",
            why: "Its references cannot be followed.",
            fix: "Save it as UTF-8.",
        }
        AssetName = "asset-name", Error, fixed {
            summary: "A file in `static/` has a name that cannot be published everywhere.",
            why: "Hosts and operating systems differ in the names that they can store.",
            fix: "Use letters, digits, hyphens, underscores and dots.",
        }
        AssetSameName = "asset-same-name", Error, fixed {
            summary: "Two files in `static/` would have the same address on some systems.",
            why: "One would overwrite the other where upper and lower case are the same.",
            fix: "Rename one of them.",
        }
        AssetCollision = "asset-collision", Error, fixed {
            summary: "A file in `static/` has an address that candor writes itself or reserves for a later version.",
            why: "One would overwrite the other, now or after the next release.",
            fix: "Rename it or remove it. Below `assets/`, only files that pages are made of are published.",
        }
        AssetIsCode = "asset-is-code", Error, fixed {
            summary: "A file in `static/` would run, or be shown as a page, where only downloads and images belong.",
            why: "Whoever can add a document could otherwise publish a page or a script under your name.",
            fix: "Move scripts to `static/js/`, and pages, XML and programs to `static/root/`, where reviewers expect code; or publish a PDF, a text or a ZIP archive. Export SVG images without scripts.",
        }
        AssetHostFile = "asset-host-file", Error, fixed {
            summary: "A file that sets up a web host is not in `static/root/`.",
            why: "Files such as `_redirects`, `CNAME` or `.htaccess` decide what readers get for every address of the site.",
            fix: "Move it to `static/root/`, where `candor check` and `candor diff` list it, or rename it.",
        }
        AssetServedAsIs = "asset-served-as-is", Note, fixed {
            summary: "A file in `static/root/` sets up the host or is code, and is served as it is.",
            why: "candor does not check what such a file does; a reviewer has to.",
            fix: "Nothing, if it is meant. Review each change of it as a change of a program.",
        }
        MediaTypeUnknown = "media-type-unknown", Warning, adjustable {
            summary: "The name of a file in `static/` does not say what kind of file it is.",
            why: "It is published as `application/octet-stream`, which browsers only offer to save.",
            fix: "State its media type in `media_types` of site.yaml.",
            example: "media_types:\n  .vsdx: application/vnd.visio",
        }
        AssetLink = "asset-link", Error, fixed {
            summary: "A symbolic link in `static/` leads out of the project, in a circle, or nowhere.",
            why: "What is published must be in the project.",
            fix: "Put the file in the link's place.",
        }
        AssetMissing = "asset-missing", Error, fixed {
            summary: "A style sheet refers to a file that is not there.",
            why: "Readers would see the page without it.",
            fix: "Correct the reference, which is relative to the style sheet.",
        }
        AssetExternal = "asset-external", Warning, fixed {
            summary: "A style sheet loads something from another site.",
            why: "The page's Content-Security-Policy blocks it, and readers' browsers would tell a third party.",
            fix: "Copy the file into `static/`.",
        }
        AssetCycle = "asset-cycle", Error, fixed {
            summary: "Style sheets refer to each other in a circle.",
            why: "Each name holds a digest of the file, which cannot depend on itself.",
            fix: "Take one of the references out.",
        }
    }
    Fields "Fields": "Whether the fields of the content have the form that they need." {
        UnknownField = "unknown-field", Error, fixed {
            summary: "A field has a name that nothing reads.",
            why: "A misspelt field would be left out of the page in silence.",
            fix: "Write the name that the help suggests; `candor schema` lists the fields and lets editors complete them.",
        }
        MissingField = "missing-field", Error, fixed {
            summary: "A field that is required is not there.",
            why: "The page would have a hole where readers look first.",
            fix: "Add the field.",
        }
        WrongType = "wrong-type", Error, fixed {
            summary: "A field holds another kind of value than it takes.",
            why: GUESS,
            fix: "Write the kind of value that is named.",
            example: "data_categories:\n  - Account data\n  - Security data",
        }
        DuplicateKey = "duplicate-key", Error, fixed {
            summary: "A field stands twice in one map.",
            why: "Readers of YAML disagree on which of the two counts.",
            fix: "Keep one of them.",
        }
        DuplicateId = "duplicate-id", Error, fixed {
            summary: "Two items of a list, or two sections, have the same id.",
            why: "The id is an item's identity across releases and its address in the page.",
            fix: "Give the newer one another id; an id that was released stays with its item.",
        }
        DuplicateEntry = "duplicate-entry", Error, fixed {
            summary: "A list names the same thing twice.",
            why: "It reads like a mistake, and is one.",
            fix: "Remove one of the two.",
        }
        EmptyText = "empty-text", Error, fixed {
            summary: "A text field holds nothing but blanks.",
            why: GUESS,
            fix: "Write the text, or leave the line out.",
        }
        EmptyList = "empty-list", Error, fixed {
            summary: "A list that needs an entry has none.",
            why: "A subprocessor without data categories would seem to process nothing.",
            fix: "Write at least one entry.",
        }
        ControlCharacter = "control-character", Error, fixed {
            summary: "A text holds a character that nobody can see.",
            why: "It comes from copying out of another program, and breaks searches, feeds and screen readers.",
            fix: "Take it out.",
        }
        BadId = "bad-id", Error, fixed {
            summary: "An id is not in kebab-case.",
            why: "It becomes part of addresses that contracts link to.",
            fix: "Use lower-case letters, digits and single hyphens, at most 64 characters.",
            example: "id: azure-maps",
        }
        BadDate = "bad-date", Error, fixed {
            summary: "A date is not a day of the calendar, written year-month-day.",
            why: "Any other order of the numbers is read differently in different countries.",
            fix: "Write it as in RFC 3339.",
            example: "effective: 2026-07-01",
        }
        BadEmail = "bad-email", Error, fixed {
            summary: "An e-mail address cannot be written to.",
            why: "A customer's request would bounce.",
            fix: "Write the bare address.",
            example: "privacy: privacy@example.com",
        }
        BadUrl = "bad-url", Error, fixed {
            summary: "A web address does not work as it stands.",
            why: "The link would lead nowhere, or elsewhere.",
            fix: "Write it in full, with https://, without blanks, user name or password.",
            example: "website: https://example.com/",
        }
        BadCountry = "bad-country", Error, fixed {
            summary: "A country is not an ISO 3166-1 alpha-2 code.",
            why: "Names of countries have many spellings; the code has one.",
            fix: "Write the two letters.",
            example: "locations: [DE, IE]",
        }
        BadLanguage = "bad-language", Error, fixed {
            summary: "A language is not a tag such as `en` or `pt-BR` (BCP 47).",
            why: "Screen readers choose their voice by it.",
            fix: "Write the tag.",
        }
        BadColour = "bad-colour", Error, fixed {
            summary: "A color is not written as `#rrggbb`.",
            why: GUESS,
            fix: "Write six hexadecimal digits, in quotes: a bare `#` begins a comment.",
            example: "theme:\n  accent: \"#0b5c8a\"",
        }
        BadMediaType = "bad-media-type", Error, fixed {
            summary: "A media type does not have the form `type/subtype`.",
            why: "It becomes a response header, and browsers ignore a header that they cannot read.",
            fix: "Write a type of the IANA registry, with its parameters if it has any.",
            example: "media_types:\n  .vsdx: application/vnd.visio",
        }
        BadNameEnding = "bad-name-ending", Error, fixed {
            summary: "A key of `media_types` is not the end of a file name.",
            why: "It would match no file.",
            fix: "Write the end of the name in lower case, without wildcards or folders.",
            example: "media_types:\n  .tar.xz: application/x-xz",
        }
        BadChoice = "bad-choice", Error, fixed {
            summary: "A word is not one of those that the field takes.",
            why: "A misspelt status would say something else than was meant.",
            fix: "Write one of the words that are named.",
        }
        BadNumber = "bad-number", Error, fixed {
            summary: "A number is outside its range.",
            why: GUESS,
            fix: "Write a whole number within the range that is named.",
        }
        BadPath = "bad-path", Error, fixed {
            summary: "A path does not stay inside `static/`.",
            why: "Only what lies in `static/` is published.",
            fix: "Write the path from `static/` on, with forward slashes.",
            example: "file: documents/dpa.pdf",
        }
        FileNotPublic = "file-not-public", Error, fixed {
            summary: "The site would publish the file of a document that not everybody may have.",
            why: "A site has no login: everybody who knows or guesses the address can download the file.",
            fix: "Remove `file:` and keep the file outside `static/`. Readers request the document from your contact, or give \
                 its `url:` behind a login.",
            example: "- id: soc2\n  title: SOC 2 report\n  access: nda",
        }
        FileAndUrl = "file-and-url", Error, fixed {
            summary: "A document has both a file and an address.",
            why: "Readers could get two different documents.",
            fix: "Keep the one that readers are to get.",
        }
    }
    Markdown "Markdown": "What is refused in texts, and what is missing there." {
        HiddenCharacter = "hidden-character", Error, adjustable {
            summary: "A name, an address or the text of a link contains a character that readers cannot see, or a text changes the order of letters to its end.",
            why: "Two names that look the same can differ, and a name can be shown in another order than it is read: `exe.doc` for `cod.exe`.",
            fix: "Remove the character that the message names. Joiners between letters that join, such as in Persian, and between emoji are not reported.",
        }
        HiddenCharacterInText = "hidden-character-in-text", Warning, adjustable {
            summary: "A text contains a character that readers cannot see, or one that depends on their fonts.",
            why: "It often comes from copying out of another program. Searches and screen readers stumble over it, and it can carry text that no reviewer sees.",
            fix: "Remove it, or type the text again.",
        }
        HtmlRefused = "html-refused", Error, fixed {
            summary: "A text holds raw HTML.",
            why: "HTML could load scripts, track readers or break the page; it is shown as text and never passed through.",
            fix: "Write Markdown; put a `<` that is meant as such between backticks or behind a backslash.",
            example: "Response time is \\< 4 hours; see `<head>`.",
        }
        LinkSchemeRefused = "link-scheme-refused", Error, fixed {
            summary: "A link has a scheme that is not on the list, or none before `//`.",
            why: "`javascript:`, `data:` and their kin run as code of the page.",
            fix: "Use https, http, mailto, tel, a path from the site's root, or an #anchor.",
            example: "[Write to us](mailto:privacy@example.com)",
        }
        LinkMalformed = "link-malformed", Error, adjustable {
            summary: "A link's address is broken.",
            why: "Browsers repair addresses, each in its own way.",
            fix: "Write it in full and escape blanks as `%20`.",
        }
        LinkEmpty = "link-empty", Error, adjustable {
            summary: "A link has no address.",
            why: "Readers click, and nothing happens.",
            fix: "Write the address, or plain text.",
        }
        LinkOutsideSite = "link-outside-site", Error, adjustable {
            summary: "A relative link climbs out of the site.",
            why: "One text is shown on several pages, so relative links start at the site's root.",
            fix: "Write the path from the root on, or the whole address.",
            example: "[Our agreement](documents/dpa.pdf)",
        }
        LinkUndefined = "link-undefined", Error, adjustable {
            summary: "A link names a label that the text does not define.",
            why: "It shows as text in square brackets.",
            fix: "Add the definition, or write the address in round brackets.",
            example: "See the [policy][p].\n\n[p]: https://example.com/policy",
        }
        ImageRemote = "image-remote", Error, fixed {
            summary: "An image would be loaded from elsewhere.",
            why: "Readers' browsers would tell a third party that they read your trust page.",
            fix: "Put the file into `static/` and write its path there.",
        }
        ImageAltMissing = "image-alt-missing", Error, adjustable {
            summary: "An image has no alternative text.",
            why: "Who cannot see it gets nothing (WCAG 2.2, success criterion 1.1.1).",
            fix: "Say in the square brackets what it shows.",
            example: "![Data flows from the browser to the EU region](flow.svg)",
        }
        HeadingLevelSkipped = "heading-level-skipped", Warning, adjustable {
            summary: "A heading is more than one level below the one before.",
            why: "Screen readers' users move by headings, and look for the level that is missing (WCAG 2.2, technique G141).",
            fix: "Use one `#` more than the heading above it has.",
        }
        HeadingEmpty = "heading-empty", Warning, adjustable {
            summary: "A heading has no text.",
            why: "It is a stop in the page's outline where nothing is.",
            fix: "Write its text, or remove it.",
        }
        HeadingAttributeRefused = "heading-attribute-refused", Error, adjustable {
            summary: "A heading has an attribute other than a plain id or class.",
            why: "Attributes could carry code.",
            fix: "Keep `{#id}` and `{.class}`, in letters, digits, `-` and `_`.",
            example: "## Encryption {#encryption}",
        }
        AnchorDuplicate = "anchor-duplicate", Error, adjustable {
            summary: "Two headings of one text have the same id.",
            why: "A link to it can reach only one of them.",
            fix: "Give one of them another id.",
        }
        FootnoteUndefined = "footnote-undefined", Error, adjustable {
            summary: "A footnote is referred to and not defined.",
            why: "Readers see `[^1]` and look for the note in vain.",
            fix: "Add the note, or remove the reference.",
            example: "A claim.[^1]\n\n[^1]: Its source.",
        }
        FootnoteDuplicate = "footnote-duplicate", Error, adjustable {
            summary: "A footnote is defined twice.",
            why: "Only the first is shown.",
            fix: "Give one of them another label.",
        }
        FootnoteUnused = "footnote-unused", Warning, adjustable {
            summary: "A footnote is defined and never referred to.",
            why: "It is not shown.",
            fix: "Refer to it, or remove it.",
        }
    }
    Links "Links": "Whether links, files and references lead somewhere." {
        BrokenLink = "broken-link", Error, adjustable {
            summary: "A link leads to a page or file that the site does not hold.",
            why: "Readers get a page that says \"not found\", where a customer expected a document.",
            fix: "Correct the path, which starts at the site's root; files go into `static/`.",
            example: "[The list](subprocessors/)\n[Our agreement](documents/dpa.pdf)",
        }
        BrokenAnchor = "broken-anchor", Error, adjustable {
            summary: "A link leads to an anchor that its page does not have.",
            why: "Browsers stay where they are, and readers think that the link does nothing.",
            fix: "Use the id of a section or of an item; a heading's anchor is its text in kebab-case.",
            example: "[Security baseline](#security-baseline)",
        }
        FileNotFound = "file-not-found", Error, adjustable {
            summary: "A file that the content names does not lie in `static/`.",
            why: "Readers who ask for the document get a page that says \"not found\".",
            fix: "Put the file there, or correct its path, which starts below `static/`.",
        }
        UnknownDocument = "unknown-document", Error, adjustable {
            summary: "A certification or control names a document that is not in `documents.yaml`.",
            why: "The proof that readers are promised is not there.",
            fix: "Write the id of a document, or add it to the list.",
        }
    }
    Anchors "Anchors": "Whether links to a part of the page reach it." {
        IdTaken = "id-taken", Error, adjustable {
            summary: "Two things on the trust page have the same id, or one has an id of the page's own.",
            why: "A link to `#id` reaches only the first of them, and HTML allows each id once.",
            fix: "Give the one that was not released yet another id.",
        }
    }
    ExternalLinks "External links": "Whether links to elsewhere lead anywhere; looked at only with `--external`." {
        ExternalLinkBroken = "external-link-broken", Error, adjustable {
            summary: "A link leads to a page that its server says is not there.",
            why: "Who follows it, to a subprocessor's own list or to a proof, finds that nobody looks after this page.",
            fix: "Look for where the page is now, or remove the link. Found with `candor check --external` only.",
        }
        ExternalLinkUnreachable = "external-link-unreachable", Warning, adjustable {
            summary: "A link could not be followed: no answer, no valid certificate, a circle, or a server that refuses programs.",
            why: "It may be the server's bad day, or a host that is no more.",
            fix: "Open it in a browser; if it fails there too, correct or remove it. Found with `candor check --external` only.",
        }
        ExternalLinkMoved = "external-link-moved", Warning, adjustable {
            summary: "A link leads to an address that has moved for good.",
            why: "Redirects are taken down one day, and then the link is dead.",
            fix: "Write the new address. Found with `candor check --external` only.",
        }
    }
    Dates "Dates": "What the calendar makes untrue." {
        CertificationExpired = "certification-expired", Warning, adjustable {
            summary: "A certification is past its last day.",
            why: "The page shows it as expired, and customers ask why.",
            fix: "Enter the new period, or set `status: expired` if it is not renewed.",
            example: "status: active\nvalid_from: 2026-01-01\nvalid_until: 2028-12-31",
        }
        CertificationExpiring = "certification-expiring", Warning, adjustable {
            summary: "A certification ends within 30 days.",
            why: "A renewal takes longer than that.",
            fix: "Have the new certificate ready, and enter its period when it starts.",
        }
        StatusContradictsDates = "status-contradicts-dates", Warning, adjustable {
            summary: "A certification's status says something else than its dates.",
            why: "An auditor reads both, and trusts neither.",
            fix: "Correct the one that is wrong; without a status the dates speak.",
        }
        DocumentExpired = "document-expired", Warning, adjustable {
            summary: "A document is past the last day on which it may be relied on.",
            why: "Customers file it as proof.",
            fix: "Put the new edition in its place, or remove it.",
        }
        DocumentExpiring = "document-expiring", Warning, adjustable {
            summary: "A document ends within 30 days.",
            why: "The next edition needs time too.",
            fix: "Have the next edition ready.",
        }
        VerificationStale = "verification-stale", Warning, adjustable {
            summary: "A control was last verified more than a year ago.",
            why: "A control that nobody looks at is a hope; most frameworks ask for a review every year.",
            fix: "Verify it and enter the day, or remove `last_verified`.",
        }
        DateInFuture = "date-in-future", Error, adjustable {
            summary: "Something is said to have happened on a day that is still to come.",
            why: "A verification that has not taken place is a false statement.",
            fix: "Enter the day on which it happened.",
        }
        AnnouncedAfterEffective = "announced-after-effective", Warning, adjustable {
            summary: "A subprocessor is announced after it takes effect.",
            why: "Customers can object only to a change that they hear of in advance (GDPR Art. 28(2)). Usually one of the dates is wrong.",
            fix: "Correct the date that is wrong. Dates that are right are a fact: set the rule to `note` or `\"off\"` and keep them.",
            example: "announced: 2026-05-22\neffective: 2026-07-01",
        }
        DatesReversed = "dates-reversed", Error, adjustable {
            summary: "A period ends before it begins.",
            why: "One of the two dates is wrong, and readers cannot know which.",
            fix: "Correct the dates.",
        }
    }
    Subprocessors "Subprocessors": "What customers, and the GDPR, want to know of them." {
        TransferMechanismMissing = "transfer-mechanism-missing", Error, adjustable {
            summary: "A subprocessor outside the EEA has no transfer mechanism.",
            why: "Without one the transfer is unlawful (GDPR Art. 44 to 49), and customers' officers look for it first.",
            fix: "Name what makes the transfer lawful: adequacy, dpf, scc, bcr or derogation. It is asked for unless `jurisdiction` is `uk` or `other`.",
            example: "locations: [US]\ntransfer_mechanism: scc",
        }
        LocationMissing = "location-missing", Warning, adjustable {
            summary: "A subprocessor has no country, and the organisation answers to the GDPR.",
            why: "Nobody can tell whether data leave the EEA.",
            fix: "Enter the countries in which it processes the data.",
            example: "locations: [DE, IE]\ncorporate_location: US",
        }
        NoticeTooShort = "notice-too-short", Error, adjustable {
            summary: "A new subprocessor starts before the notice period is over.",
            why: "Customers have a right to object before it starts (GDPR Art. 28(2)), and contracts promise the days.",
            fix: "Move `effective`, or correct `announced`. Without `announced`, the notice counts from the release that first states the start, and before that release from the as-of date. The notice period is that of the same release.",
            example: "organization:\n  notice_days: 30\n\nannounced: 2026-06-01\neffective: 2026-07-01",
        }
        SubprocessorEnded = "subprocessor-ended", Warning, adjustable {
            summary: "A subprocessor is listed after its last day.",
            why: "The list says who processes data now.",
            fix: "Remove it; the change log keeps it.",
        }
        ReplacesUnknown = "replaces-unknown", Error, adjustable {
            summary: "A subprocessor replaces one that was never listed.",
            why: "Readers follow the link to see whose data move.",
            fix: "Write the id of a subprocessor of this list or of an earlier release.",
        }
    }
    Lists "Lists": "What readers would stumble over." {
        DuplicateName = "duplicate-name", Warning, adjustable {
            summary: "Two items of a list have the same name.",
            why: "Readers cannot tell them apart, and one is often a copy that was forgotten.",
            fix: "Give them names that differ, or remove one.",
        }
        ListOrder = "list-order", Warning, adjustable {
            summary: "A list that is declared to be sorted is not.",
            why: "Readers look for a name where the alphabet puts it.",
            fix: "Move the item, or take the list out of `sorted:` in site.yaml.",
            example: "sorted: [subprocessors]",
        }
        NothingToShow = "nothing-to-show", Warning, adjustable {
            summary: "A section shows a list that has no items.",
            why: "Readers find a heading with nothing below it.",
            fix: "Add items to the list, or remove `show:` from the section.",
        }
        ListNotShown = "list-not-shown", Warning, adjustable {
            summary: "A list has items, and no section shows it.",
            why: "What you wrote does not appear on the page.",
            fix: "Add `show:` to a section's front matter.",
            example: "---\ntitle: Certifications\nshow: certifications\n---",
        }
        StatusNotShown = "status-not-shown", Error, adjustable {
            summary: "A template of yours shows items that are not in place as if they were.",
            why: "A planned control beside implemented ones, without its label, is a false claim.",
            fix: "Show `status_label` in the template, as the built-in one does.",
            example: "{{ item.title }}{% if not item.implemented %} ({{ item.status_label }}){% endif %}",
        }
    }
    Statements "Statements": "Texts that say other things than the fields do." {
        ContactDisagrees = "contact-disagrees", Warning, adjustable {
            summary: "A text names an address of the organisation that is not among the contacts in site.yaml.",
            why: "One of the two is old, and requests with legal deadlines go to an inbox that nobody reads.",
            fix: "Use the same address in both, or add it to `contacts:`.",
            example: "contacts:\n  privacy: privacy@example.com",
        }
        NoticePeriodDisagrees = "notice-period-disagrees", Warning, adjustable {
            summary: "A text promises another number of days than `notice_days`.",
            why: "Customers hold you to the longer one.",
            fix: "Write the same number in both.",
            example: "organization:\n  notice_days: 30",
        }
    }
    Site "Site": "The site's address, its rules and security.txt." {
        PlaceholderBaseUrl = "placeholder-base-url", Warning, adjustable {
            summary: "The site's address is a reserved example.",
            why: "Feeds, records and search engines would point to a site that is not yours (RFC 2606).",
            fix: "Set `base_url` to the address under which the page is published.",
            example: "base_url: https://trust.example-company.com",
        }
        BaseUrlMissing = "base-url-missing", Warning, adjustable {
            summary: "The site has no address.",
            why: "Feeds and records need absolute links, and are left out or incomplete without it.",
            fix: "Set `base_url` to the address under which the page is published.",
        }
        UnknownRule = "unknown-rule", Error, fixed {
            summary: "`rules:` names a code that does not exist.",
            why: "You think that a rule is off, or an error, and it is not.",
            fix: "Write the code as it stands in the diagnostic; `candor explain` lists all.",
        }
        FixedRule = "fixed-rule", Error, fixed {
            summary: "`rules:` sets the level of a rule that has only one.",
            why: "What cannot be read, or would not be safe, cannot be published at any level.",
            fix: "Remove the line, and fix what the rule reports.",
        }
        SecurityTxtIncomplete = "security-txt-incomplete", Error, adjustable {
            summary: "security.txt lacks a field that RFC 9116 requires, or one is not as it requires.",
            why: "Researchers' tools reject the file, and a report of a weakness never arrives.",
            fix: "Give `expires` and at least one contact that is an e-mail or https address.",
            example: "contacts:\n  security: security@example.com\nsecurity_txt:\n  expires: 2027-03-31",
        }
        SecurityTxtExpired = "security-txt-expired", Warning, adjustable {
            summary: "security.txt is past its `Expires`.",
            why: "It must not be used any more (RFC 9116 section 2.5.5).",
            fix: "Review it, and set `expires` to a day within the next year.",
        }
        SecurityTxtExpiring = "security-txt-expiring", Warning, adjustable {
            summary: "security.txt expires within 30 days.",
            why: "After that day it must not be used any more (RFC 9116 section 2.5.5).",
            fix: "Review it, and set `expires` to a day within the next year.",
        }
        SecurityTxtLong = "security-txt-long", Warning, adjustable {
            summary: "security.txt expires more than a year from now.",
            why: "RFC 9116 section 2.5.5 recommends less, so that nobody trusts an old file.",
            fix: "Set `expires` to a day within the next year.",
        }
    }
    Theme "Theme": "Whether everybody can read the page." {
        AccentContrast = "accent-contrast", Error, adjustable {
            summary: "The accent color has too little contrast with the page.",
            why: "Links are set in it; below 4.5:1 many people cannot read them (WCAG 2.2, success criterion 1.4.3).",
            fix: "Use the color that the help suggests, or another one with more contrast. `accent` is for the light page and \
                 `accent_dark` for the dark page. Without `accent_dark`, the dark page uses a tint of `accent` with enough contrast.",
            example: "theme:\n  accent: \"#0b5c8a\"\n  accent_dark: \"#7cc4f0\"",
        }
    }
    Releases "Releases": "The chain of releases: nothing that was published may change, and nothing unreleased is published." {
        UnreleasedChanges = "unreleased-changes", Warning, adjustable refuses [Build, Publish] {
            summary: "The content differs from the newest release.",
            why: "A published page is always a release: what readers see has a version, a date and a summary. `candor check` \
                 warns of it, and `candor build` and `candor publish` refuse, whatever `rules:` says.",
            fix: "Look at the difference, then freeze it; `--draft` builds it without a release.",
            example: "candor diff\ncandor release -m \"What changed, in a sentence\"\ncandor build --draft",
        }
        ReleaseEdited = "release-edited", Error, fixed {
            summary: "A release was changed after it was made.",
            why: PROOF,
            fix: RESTORE,
        }
        ReleaseDigestWrong = "release-digest-wrong", Error, fixed {
            summary: "A list or a later release names another digest for a release than its file has.",
            why: PROOF,
            fix: "The file is as it was made, and the place that names it was edited: bring that one back.",
        }
        ReleaseDigest = "release-digest", Error, fixed {
            summary: "A release record holds a digest that is none.",
            why: CHAIN,
            fix: RESTORE,
        }
        ReleaseMissing = "release-missing", Error, fixed {
            summary: "A release was made, and its file is not here.",
            why: CHAIN,
            fix: RESTORE,
        }
        ReleaseUnlisted = "release-unlisted", Error, fixed {
            summary: "A release is not in the list of digests.",
            why: "The list is written with each release; a file that it lacks was put there by something else.",
            fix: "Run `candor release` again if it was interrupted; otherwise remove the file.",
        }
        ReleaseSumsMissing = "release-sums-missing", Error, adjustable {
            summary: "The list of digests is missing.",
            why: "No later release vouches for the newest one, so nothing does.",
            fix: "Bring it back from version control, or let the next `candor release` write it.",
        }
        ReleaseSums = "release-sums", Error, fixed {
            summary: "The list of digests is damaged.",
            why: CHAIN,
            fix: RESTORE,
        }
        ReleaseRenamed = "release-renamed", Error, fixed {
            summary: "A file holds another release than its name says.",
            why: CHAIN,
            fix: "Give the file its old name back.",
        }
        ReleaseDuplicate = "release-duplicate", Error, fixed {
            summary: "Two files hold the same release.",
            why: CHAIN,
            fix: "Remove the one that was put there by mistake.",
        }
        ReleaseName = "release-name", Error, fixed {
            summary: "A file among the releases has a name that is not a version.",
            why: "Only releases lie in that folder, so that nothing there is published by accident.",
            fix: "Move the file away.",
        }
        ReleaseOrder = "release-order", Error, fixed {
            summary: "A release is dated, or linked, before the one that precedes it.",
            why: CHAIN,
            fix: RESTORE,
        }
        ReleaseFuture = "release-future", Error, fixed {
            summary: "A release is dated after the day of the run.",
            why: "A release speaks for a day that has come.",
            fix: "Check the clock, `SOURCE_DATE_EPOCH` and `--as-of`.",
        }
        ReleaseInconsistent = "release-inconsistent", Error, fixed {
            summary: "The fields of a release contradict each other, or are not what `candor release` writes.",
            why: "The version is the date, the summary is never empty and has no white space at its ends: another program wrote this \
                record.",
            fix: RESTORE,
        }
        ReleasesNotFound = "releases-not-found", Error, fixed {
            summary: "There are no releases to verify.",
            why: "A check that checks nothing must not pass: the place may be the wrong one, or everything was deleted there.",
            fix: "Name the project, the site or the folder that has releases, or make the first one.",
        }
        ReleaseUnlinked = "release-unlinked", Error, fixed {
            summary: "A release says that it is the first, and it is not.",
            why: CHAIN,
            fix: "If it was never published, cut it again with `candor release --replace`.",
        }
        ReleaseBranched = "release-branched", Error, fixed {
            summary: "Two releases follow the same one.",
            why: "They were made on two branches, and neither knows of the other.",
            fix: "Bring the content of both branches together and run `candor release --replace`, if the later one was never published.",
        }
        ReleaseConflict = "release-conflict", Error, fixed {
            summary: "A release or the list of digests holds marks of a merge that was not finished.",
            why: CHAIN,
            fix: "Finish the merge: take each release whole, from the side on which it was published.",
        }
        ReleaseMalformed = "release-malformed", Error, fixed {
            summary: "A file among the releases is not a release record.",
            why: CHAIN,
            fix: RESTORE,
        }
        ReleaseTruncated = "release-truncated", Error, fixed {
            summary: "A release ends in the middle.",
            why: CHAIN,
            fix: RESTORE,
        }
        ReleaseNotCanonical = "release-not-canonical", Error, fixed {
            summary: "A release is not written the way candor writes it.",
            why: "A digest is one of bytes: a file that was formatted anew is another file.",
            fix: RESTORE,
        }
        ReleaseSchema = "release-schema", Error, fixed {
            summary: "A release has a schema that this version of candor does not know.",
            why: "It was made by a newer version. `candor verify` checks the hash chain in every schema; nothing else can be made of it.",
            fix: "Install the version that made the release, or a later one.",
        }
        ReleaseNewer = "release-newer", Note, fixed {
            summary: "A release was made by a newer version of candor.",
            why: "It is verified and shown. Fields that this version does not know are left out of pages, files and comparisons, and \
                words that it does not know are shown as they are.",
            fix: "Install the version that made the release, or a later one.",
        }
        ReleaseLosesFields = "release-loses-fields", Error, fixed {
            summary: "The newest release has fields that this version of candor does not know.",
            why: "The content cannot state them in this version, so the next release would drop them without a word.",
            fix: "Install the version that made the release, or a later one, and make the next release with it.",
        }
        ReleaseUnreadable = "release-unreadable", Error, fixed {
            summary: "A release cannot be read.",
            why: CHAIN,
            fix: "Check its permissions, and that it is a plain file.",
        }
        ReleaseTooLarge = "release-too-large", Error, fixed {
            summary: "A file is too large for a release.",
            why: "candor did not write it.",
            fix: RESTORE,
        }
        HistoryRewritten = "history-rewritten", Error, fixed {
            summary: "The releases here are not those that were published.",
            why: PROOF,
            fix: "Bring the releases back as they were published, and make a new one for what is to change.",
        }
        HistoryUnpublished = "history-unpublished", Note, fixed {
            summary: "Releases that are here are not published.",
            why: "A release that was never published and a site that was put back to an earlier state look the same.",
            fix: "Publish. Where everything is published already, run `candor verify` with `--all-published`.",
        }
        HistoryRolledBack = "history-rolled-back", Error, fixed {
            summary: "The published site lacks releases, and `--all-published` says that it has all.",
            why: PROOF,
            fix: "Publish again. If they were published before, find out who put the site back to an earlier state.",
        }
        SiteIndex = "site-index", Error, fixed {
            summary: "The list of a site's releases cannot be read, or does not agree with the records and `SHA256SUMS`.",
            why: "The list says which releases there are, with which digests, and where. Readers and programs start from it.",
            fix: "Build the site again and publish it. If a build did not make this list, find out who can write there.",
        }
        ReleaseCompleted = "release-completed", Note, fixed {
            summary: "A release that was interrupted is complete now.",
            why: "Its digest was not noted yet when candor was stopped.",
            fix: "Nothing is left to do.",
        }
        ReleaseReplaced = "release-replaced", Warning, fixed {
            summary: "The newest release was cut again.",
            why: "Whoever noted its digest will find that it changed.",
            fix: "Do this only before anybody has seen it; otherwise bring the old one back.",
        }
        ReleaseNone = "release-none", Error, fixed {
            summary: "There is no release to cut again.",
            why: "`--replace` works on the newest release.",
            fix: "Make the first one.",
            example: "candor release -m \"First release\"",
        }
        ReleaseNothingChanged = "release-nothing-changed", Error, fixed {
            summary: "The content states what the newest release states.",
            why: "A release without a change would tell subscribers of nothing.",
            fix: "Edit the content first; order, theme and address are not part of a release.",
        }
        ReleaseExists = "release-exists", Error, fixed {
            summary: "A release of this version exists.",
            why: "A release is never written over.",
            fix: "Leave `--version` out to take the next free one.",
        }
        ReleaseSummaryEmpty = "release-summary-empty", Error, fixed {
            summary: "A release has no summary.",
            why: "It is the sentence that subscribers read first.",
            fix: "Say what changed and why.",
        }
        ReleaseSummaryTooLong = "release-summary-too-long", Error, fixed {
            summary: "The summary of a release is too long.",
            why: "It is a sentence or a few paragraphs, shown in the change log, in feeds and in mails. A release is never edited, so a \
                summary is not cut off either.",
            fix: "Shorten it, and move the rest into a section or a document.",
        }
        ReleaseVersionDay = "release-version-day", Error, fixed {
            summary: "A release's version is of another day than its date.",
            why: "A version is named after the day of its release.",
            fix: "Leave out one of `--version` and `--date`.",
        }
        ReleaseBeforeNewest = "release-before-newest", Error, fixed {
            summary: "A release would come before the newest one.",
            why: "Releases follow each other in time.",
            fix: "Take a later day; a past is imported from its oldest release on, into an empty project.",
        }
        NothingReleased = "nothing-released", Error, fixed {
            summary: "Nothing was ever released.",
            why: "A published page is always a release.",
            fix: "Make the first release, or build a draft.",
            example: "candor release -m \"First release\"",
        }
    }
    Import "Import": "What `candor import` did not understand, or completed, in a list from elsewhere." {
        ImportNoTable = "import-no-table", Error, fixed {
            summary: "The file has no table that could be a list of subprocessors.",
            why: "A list of lines does not say which part is a name, which a purpose, and which the data.",
            fix: "Make a table with columns for name, purpose and data categories.",
            example: "| Provider | Purpose | Data categories |\n| --- | --- | --- |\n| Example Cloud | Hosting | Account data |",
        }
        ImportMalformed = "import-malformed", Error, fixed {
            summary: "The file cannot be read as a table.",
            why: "A guess at what was meant would bring wrong rows.",
            fix: "Mend the file, or export it again.",
        }
        ImportWhichTable = "import-which-table", Error, fixed {
            summary: "It is not clear which table of the file is meant.",
            why: "Only you know.",
            fix: "Say which with `--table`.",
        }
        ImportMap = "import-map", Error, fixed {
            summary: "`--map` names a column that the table does not have.",
            why: "What it was meant for would be missing.",
            fix: "Write the column's name as it stands in the table, or its number.",
        }
        ImportColumnMissing = "import-column-missing", Error, fixed {
            summary: "No column is for a field that every subprocessor needs.",
            why: "Name, purpose and data categories are what customers, and GDPR Art. 28, ask for.",
            fix: "Name the column with `--map COLUMN=FIELD`, or add it to the table.",
        }
        ImportColumnUnused = "import-column-unused", Warning, fixed {
            summary: "A column is not imported.",
            why: SILENCE,
            fix: "Name its field with `--map COLUMN=FIELD`, or leave it out in so many words with `--map COLUMN=-`.",
        }
        ImportCell = "import-cell", Warning, fixed {
            summary: "A cell, or a part of it, is not imported.",
            why: SILENCE,
            fix: "Write the cell as the help says, or add the value to the written file by hand.",
        }
        ImportValueMissing = "import-value-missing", Error, fixed {
            summary: "A row has nothing in a column that every subprocessor needs.",
            why: "The row would be missing in the list, or the list would have a hole.",
            fix: "Fill the cell, or remove the row.",
        }
        ImportRowUnused = "import-row-unused", Warning, fixed {
            summary: "A row is not imported, because it seems to be a heading.",
            why: SILENCE,
            fix: "Nothing is to be done if it is no subprocessor.",
        }
        ImportRowTooLong = "import-row-too-long", Error, fixed {
            summary: "A row has more cells than the table has columns.",
            why: "All cells behind a delimiter that should have been text stand in the wrong column.",
            fix: "Put the cell in quotes (CSV), or write its bars as `\\|` (Markdown).",
        }
        ImportSameName = "import-same-name", Warning, fixed {
            summary: "A name stands in several rows.",
            why: "Each row became a subprocessor of its own, which readers may take for a mistake.",
            fix: "Bring the entries together in the file, or give them names that differ.",
        }
        ImportCompleted = "import-completed", Note, fixed {
            summary: "A value was completed on the way.",
            why: "What is published is your statement, so you should have seen it.",
            fix: "Look whether it is what you meant.",
        }
        ImportFileExists = "import-file-exists", Error, fixed {
            summary: "There is a list of subprocessors already.",
            why: "What somebody wrote is never written over without being asked to.",
            fix: "Add `--replace`, or move the file away.",
        }
        ImportNoGitHistory = "import-no-git-history", Error, fixed {
            summary: "The file's git history cannot be read in full.",
            why: "A past with a hole in it would look like a past without changes.",
            fix: "Commit the file in a repository whose whole history is there: `git fetch --unshallow` brings the rest.",
        }
        ImportHistoryExists = "import-history-exists", Error, fixed {
            summary: "There are releases already, and an imported past would have to stand before them.",
            why: "A chain of releases only grows at its end.",
            fix: "If nothing was published yet, remove `content/releases/` and import again.",
        }
        ImportCommitSkipped = "import-commit-skipped", Warning, fixed {
            summary: "A commit makes no release, because its state of the file cannot be read.",
            why: "Where a past state cannot be read, there is nothing to release.",
            fix: "Nothing is to be done, unless the reason that is named can be fixed with `--map` or `--table`.",
        }
        ImportCommitUnchanged = "import-commit-unchanged", Note, fixed {
            summary: "A commit makes no release, because it changes nothing that is stated.",
            why: "A release without a change would tell subscribers nothing.",
            fix: "Nothing needs to be fixed.",
        }
        ImportDateMoved = "import-date-moved", Warning, fixed {
            summary: "A release is dated later than its commit.",
            why: "Releases follow each other in time, and the commit before it has a later date.",
            fix: "Nothing is to be done; say so in the page if the day matters.",
        }
    }
}
