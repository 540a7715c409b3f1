//! Codes about fields: found by `load` while it turns text into values.

use super::Rule;

const GUESS: &str =
    "A trust page must not guess: a value that is not understood is neither shown nor left out in silence.";

pub(super) const RULES: &[&Rule] = &[
    &Rule::fixed(
        "unknown-field",
        "A field has a name that nothing reads.",
        "A misspelt field would be left out of the page in silence.",
        "Write the name that the help suggests; `candor schema` lists the fields and lets editors complete them.",
    ),
    &Rule::fixed(
        "missing-field",
        "A field that is required is not there.",
        "The page would have a hole where readers look first.",
        "Add the field.",
    ),
    &Rule::fixed(
        "wrong-type",
        "A field holds another kind of value than it takes.",
        GUESS,
        "Write the kind of value that is named.",
    )
    .example("data_categories:\n  - Account data\n  - Security data"),
    &Rule::fixed(
        "duplicate-key",
        "A field stands twice in one map.",
        "Readers of YAML disagree on which of the two counts.",
        "Keep one of them.",
    ),
    &Rule::fixed(
        "duplicate-id",
        "Two items of a list, or two sections, have the same id.",
        "The id is an item's identity across releases and its address in the page.",
        "Give the newer one another id; an id that was released stays with its item.",
    ),
    &Rule::fixed(
        "duplicate-entry",
        "A list names the same thing twice.",
        "It reads like a mistake, and is one.",
        "Remove one of the two.",
    ),
    &Rule::fixed(
        "empty-text",
        "A text field holds nothing but blanks.",
        GUESS,
        "Write the text, or leave the line out.",
    ),
    &Rule::fixed(
        "empty-list",
        "A list that needs an entry has none.",
        "A subprocessor without data categories would seem to process nothing.",
        "Write at least one entry.",
    ),
    &Rule::fixed(
        "control-character",
        "A text holds a character that nobody can see.",
        "It comes from copying out of another program, and breaks searches, feeds and screen readers.",
        "Take it out.",
    ),
    &Rule::fixed(
        "bad-id",
        "An id is not in kebab-case.",
        "It becomes part of addresses that contracts link to.",
        "Use lower-case letters, digits and single hyphens, at most 64 characters.",
    )
    .example("id: azure-maps"),
    &Rule::fixed(
        "bad-date",
        "A date is not a day of the calendar, written year-month-day.",
        "Any other order of the numbers is read differently in different countries.",
        "Write it as in RFC 3339.",
    )
    .example("effective: 2026-07-01"),
    &Rule::fixed(
        "bad-email",
        "An e-mail address cannot be written to.",
        "A customer's request would bounce.",
        "Write the bare address.",
    )
    .example("privacy: privacy@example.com"),
    &Rule::fixed(
        "bad-url",
        "A web address does not work as it stands.",
        "The link would lead nowhere, or elsewhere.",
        "Write it in full, with https://, without blanks, user name or password.",
    )
    .example("website: https://example.com/"),
    &Rule::fixed(
        "bad-country",
        "A country is not an ISO 3166-1 alpha-2 code.",
        "Names of countries have many spellings; the code has one.",
        "Write the two letters.",
    )
    .example("locations: [DE, IE]"),
    &Rule::fixed(
        "bad-language",
        "A language is not a tag such as `en` or `pt-BR` (BCP 47).",
        "Screen readers choose their voice by it.",
        "Write the tag.",
    ),
    &Rule::fixed(
        "bad-colour",
        "A colour is not written as `#rrggbb`.",
        GUESS,
        "Write six hexadecimal digits, in quotes: a bare `#` begins a comment.",
    )
    .example("theme:\n  accent: \"#0b5c8a\""),
    &Rule::fixed(
        "bad-choice",
        "A word is not one of those that the field takes.",
        "A misspelt status would say something else than was meant.",
        "Write one of the words that are named.",
    ),
    &Rule::fixed(
        "bad-number",
        "A number is outside its range.",
        GUESS,
        "Write a whole number within the range that is named.",
    ),
    &Rule::fixed(
        "bad-path",
        "A path does not stay inside `static/`.",
        "Only what lies in `static/` is published.",
        "Write the path from `static/` on, with forward slashes.",
    )
    .example("file: documents/dpa.pdf"),
    &Rule::fixed(
        "file-not-public",
        "The site would publish the file of a document that not everybody may have.",
        "A site has no login: everybody who knows or guesses the address can download the file.",
        "Remove `file:` and keep the file outside `static/`. Readers request the document from your contact, or give its \
         `url:` behind a login.",
    )
    .example("- id: soc2\n  title: SOC 2 report\n  access: nda"),
    &Rule::fixed(
        "file-and-url",
        "A document has both a file and an address.",
        "Readers could get two different documents.",
        "Keep the one that readers are to get.",
    ),
];
