//! For each rule: content that passes, content that fails, and the expected diagnostic.

/// The fixture of one rule. A minimal `site.yaml` is added.
pub struct Case {
    pub code: &'static str,
    pub passes: Files,
    pub fails: Files,
    /// Location, quoted text, severity, message and help.
    pub expected: &'static str,
    /// Whether both load without a diagnostic.
    pub loads: bool,
}

type Files = &'static [(&'static str, &'static str)];

pub fn all() -> impl Iterator<Item = &'static Case> {
    [TEXTS, LINKS, ANCHORS, DATES, SUBPROCESSORS, LISTS, QUESTIONNAIRES, UPDATES, STATEMENTS, PLACEHOLDERS, SITE]
        .into_iter()
        .flatten()
}

macro_rules! case {
    ($code:literal, pass [$(($pass_path:expr, $pass:expr)),* $(,)?], fail [$(($fail_path:expr, $fail:expr)),* $(,)?], $expected:expr $(,)?) => {
        Case { code: $code, passes: &[$(($pass_path, $pass)),*], fails: &[$(($fail_path, $fail)),*], expected: $expected, loads: true }
    };
}

/// A case for the Markdown of one section.
macro_rules! text {
    ($code:literal, $pass:literal, $fail:literal, $expected:expr $(,)?) => {
        case!(
            $code,
            pass[("content/sections/10-a.md", concat!("---\ntitle: A\n---\n", $pass))],
            fail[("content/sections/10-a.md", concat!("---\ntitle: A\n---\n", $fail))],
            $expected,
        )
    };
}

const SITE_FILE: &str = "content/site.yaml";
const CONTROLS: &str = "content/data/controls.yaml";
const SUBS: &str = "content/data/subprocessors.yaml";
const FACTS: &str = "content/data/facts.yaml";
const AI: &str = "content/data/ai.yaml";
const CERTS: &str = "content/data/certifications.yaml";
const DOCS: &str = "content/data/documents.yaml";
const QUESTIONS: &str = "content/questionnaires/caiq.yaml";

const UPDATE: &str = "content/updates/2026-05-20-a.md";

macro_rules! update {
    ($more:literal) => {
        concat!("---\ntitle: A\n", $more, "---\n\nText.\n")
    };
}

macro_rules! site {
    ($more:literal) => {
        concat!("title: Trust\norganization:\n  name: Example\n", $more)
    };
}

macro_rules! sub {
    ($more:literal) => {
        concat!("- id: a\n  name: A\n  purpose: B\n  data_categories: [C]\n", $more)
    };
}

macro_rules! question {
    ($more:literal) => {
        concat!(
            "title: CAIQ\nreviewed: 2026-05-01\nquestions:\n  - id: a\n    number: \"1.2\"\n    question: A?\n",
            $more
        )
    };
}

const QUESTIONNAIRES: &[Case] = &[
    case!(
        "unknown-evidence",
        pass [(CONTROLS, "- id: backups\n  title: B\n"), (QUESTIONS, question!("    answer: yes\n    evidence: [backups]\n"))],
        fail [(CONTROLS, "- id: backups\n  title: B\n"), (QUESTIONS, question!("    answer: no\n    evidence: [backup]\n"))],
        "content/questionnaires/caiq.yaml:8:16 `backup` error: no control, certification, document or FAQ entry has the id `backup`; did you mean `backups`?",
    ),
    case!(
        "answer-contradicts-evidence",
        pass [
            (CONTROLS, "- id: backups\n  title: B\n  status: planned\n"),
            (DOCS, "- id: report\n  title: R\n  valid_until: 2026-05-22\n"),
            (QUESTIONS, question!("    answer: partial\n    evidence: [backups]\n  - id: b\n    question: B?\n    answer: yes\n    evidence: [report]\n")),
        ],
        fail [
            (CONTROLS, "- id: backups\n  title: B\n  status: planned\n"),
            (QUESTIONS, question!("    answer: yes\n    evidence: [backups]\n")),
        ],
        "content/questionnaires/caiq.yaml:8:16 `backups` error: question 1.2 of `CAIQ` is answered `yes`, but the control `B` is planned; correct the answer, or name other evidence",
    ),
    case!(
        "answer-not-reviewed",
        pass[(
            QUESTIONS,
            "title: CAIQ\nreviewed: 2025-05-22\nquestions:\n  - id: a\n    question: A?\n    answer: yes\n"
        )],
        fail[(
            QUESTIONS,
            "title: CAIQ\nreviewed: 2025-05-21\nquestions:\n  - id: a\n    question: A?\n    answer: yes\n"
        )],
        "content/questionnaires/caiq.yaml:2:11 `2025-05-21` warning: `CAIQ` was last reviewed on 2025-05-21, 366 days ago: 1 answer; review the answers and enter the date",
    ),
    case!(
        "question-unanswered",
        pass[(QUESTIONS, question!("    explanation: It depends.\n"))],
        fail[(QUESTIONS, question!(""))],
        "content/questionnaires/caiq.yaml:4:9 `a` warning: question 1.2 of `CAIQ` has no answer; add `answer:`, or `explanation:` if a word cannot answer it",
    ),
];

const UPDATES: &[Case] = &[
    case!(
        "update-incomplete",
        pass[(
            UPDATE,
            update!("kind: incident\nseverity: low\nstatus: resolved\nstarted: 2026-05-19\nresolved: 2026-05-20\n")
        )],
        fail[(UPDATE, update!("kind: advisory\nstatus: identified\n"))],
        "content/updates/2026-05-20-a.md:2:8 `A` warning: `A` does not state `severity` and `started`; add `severity` and `started` to the front matter",
    ),
    case!(
        "update-contradiction",
        pass[(
            UPDATE,
            update!("kind: incident\nseverity: low\nstatus: resolved\nstarted: 2026-05-19\nresolved: 2026-05-20\n")
        )],
        fail[(
            UPDATE,
            update!("kind: incident\nseverity: low\nstatus: identified\nstarted: 2026-05-19\nresolved: 2026-05-20\n")
        )],
        "content/updates/2026-05-20-a.md:5:9 `identified` error: `A` has a date on which it was resolved, but the status `identified`; set `status: resolved`, or remove `resolved:`",
    ),
];

const TEXTS: &[Case] = &[
    text!(
        "hidden-character",
        "[a](https://example.com/)",
        "[a\u{200b}](https://example.com/)",
        "content/sections/10-a.md:4:3 `\u{200b}` error: the text of a link or image contains U+200B ZERO WIDTH SPACE: `a\\u{200b}`; remove it, or retype the text: readers cannot see it"
    ),
    text!(
        "hidden-character-in-text",
        "ab",
        "a\u{200b}b",
        "content/sections/10-a.md:4:2 `\u{200b}` warning: the text contains U+200B ZERO WIDTH SPACE: `a\\u{200b}b`; remove it, or retype the text: readers cannot see it"
    ),
    text!(
        "html-refused",
        "a \\<b>",
        "a <b>",
        "content/sections/10-a.md:4:3 `<b>` error: HTML is not allowed: `<b>`; use Markdown; for a literal `<`, write `\\<` or use backticks"
    ),
    text!(
        "link-scheme-refused",
        "[a](https://b.example)",
        "[a](javascript:b)",
        "content/sections/10-a.md:4:1 `[a](javascript:b)` error: link has the scheme `javascript:`, which is not allowed; use https, http, mailto, tel, a path from the root of the site, or an #anchor"
    ),
    text!(
        "link-malformed",
        "[a](mailto:b@c.example)",
        "[a](mailto:b)",
        "content/sections/10-a.md:4:1 `[a](mailto:b)` error: link to `mailto:b` is not an email link; use mailto:name@example.com, optionally with ?subject= and &body="
    ),
    text!(
        "link-empty",
        "[a](#top)",
        "[a]()",
        "content/sections/10-a.md:4:1 `[a]()` error: link has no address; add an address, or use plain text"
    ),
    text!(
        "link-outside-site",
        "[a](subprocessors/)",
        "[a](../subprocessors/)",
        "content/sections/10-a.md:4:1 `[a](../subprocessors/)` error: link to `../subprocessors/` leads out of the site; remove `../`: links are relative to the root of the site on every page"
    ),
    text!(
        "link-undefined",
        "[a][b]\n\n[b]: https://c.example",
        "[a][b]",
        "content/sections/10-a.md:4:1 `[a][b]` error: undefined link label `[b]`; add a line `[b]: https://…`, or put the address in parentheses"
    ),
    case!(
        "image-remote",
        pass [("content/sections/10-a.md", "---\ntitle: A\n---\n![b](c.svg)"), ("static/c.svg", "<svg/>")],
        fail [("content/sections/10-a.md", "---\ntitle: A\n---\n![b](https://c.example/d.png)")],
        "content/sections/10-a.md:4:1 `![b](https://c.example/d.png)` error: image `https://c.example/d.png` is on another site; put the file into static/ and use its path: pages load no files from other sites",
    ),
    text!(
        "image-alt-missing",
        "![b](c.svg)",
        "![](c.svg)",
        "content/sections/10-a.md:4:1 `![](c.svg)` error: image `c.svg` has no alternative text; describe the image in the square brackets: ![Diagram of the data flow](flow.svg)"
    ),
    text!(
        "heading-level-skipped",
        "# A\n## B",
        "# A\n### B",
        "content/sections/10-a.md:5:1 `### B` warning: heading `B` skips from level 1 to level 3; write `## B`"
    ),
    text!(
        "heading-empty",
        "# A",
        "#",
        "content/sections/10-a.md:4:1 `#` warning: empty heading; add text, or remove the `#`"
    ),
    text!(
        "nesting-too-deep",
        "> > > > > > > > > > > > > > > > a",
        "> > > > > > > > > > > > > > > > > a",
        "content/sections/10-a.md:4:33 `> a` error: quotes and lists are nested more than 16 levels deep; move the text up, or put it in a section of its own"
    ),
    text!(
        "heading-attribute-refused",
        "# A {#b .c}",
        "# A {b=c}",
        "content/sections/10-a.md:4:1 `# A {b=c}` error: heading attribute `b=c` is not allowed; use only {#id} and {.class} with letters, digits, `-` and `_`; write `\\{` for a literal brace"
    ),
    text!(
        "anchor-duplicate",
        "# A {#a}\n# B {#b}",
        "# A {#a}\n# B {#a}",
        "content/sections/10-a.md:5:1 `# B {#a}` error: duplicate heading id `a`; use a different {#id} for one of them"
    ),
    text!(
        "footnote-undefined",
        "a[^1]\n\n[^1]: b",
        "a[^1]",
        "content/sections/10-a.md:4:2 `[^1]` error: undefined footnote `[^1]`; add a line `[^1]: …`, or remove the reference"
    ),
    text!(
        "footnote-duplicate",
        "a[^1]\n\n[^1]: b",
        "a[^1]\n\n[^1]: b\n\n[^1]: c",
        "content/sections/10-a.md:8:1 `[^1]: c` error: duplicate footnote `[^1]`; use a different label for one of them"
    ),
    text!(
        "footnote-unused",
        "a[^1]\n\n[^1]: b",
        "a\n\n[^1]: b",
        "content/sections/10-a.md:6:1 `[^1]: b` warning: unused footnote `[^1]` is not shown; add a reference `[^1]`, or remove the footnote"
    ),
];

const LINKS: &[Case] = &[
    case!(
        "broken-link",
        pass [
            ("content/sections/10-a.md", "---\ntitle: A\n---\n[a](/subprocessors/#b) [c](d.pdf) [e](/) [f](feed.xml)"),
            (SUBS, "- id: b\n  name: A\n  purpose: B\n  data_categories: [C]\n"),
            ("static/d.pdf", ""),
        ],
        fail [("content/sections/10-a.md", "---\ntitle: A\n---\n[a](subprocesors/)")],
        "content/sections/10-a.md:4:1 `[a](subprocesors/)` error: there is no page or file `subprocesors/` on the site; did you mean `subprocessors/`?",
    ),
    case!(
        "broken-address",
        pass [
            (SITE_FILE, site!("base_url: https://trust.myexample.com/\n")),
            ("content/data/controls.yaml", "- {id: a, title: A, evidence: \"https://trust.myexample.com/changelog/\"}\n"),
        ],
        fail [
            (SITE_FILE, site!("base_url: https://trust.myexample.com/\n")),
            ("content/data/controls.yaml", "- {id: a, title: A, evidence: \"https://trust.myexample.com/changes/\"}\n"),
        ],
        "content/data/controls.yaml:1:31 `\"https://trust.myexample.com/changes/\"` error: there is no page or file `changes/` on the site; did you mean `changelog/`?",
    ),
    text!(
        "broken-anchor",
        "# B\n[a](#b) [c](#a) [d](#a--b)",
        "# Bee\n\n[a](#bea)",
        "content/sections/10-a.md:6:1 `[a](#bea)` error: there is no anchor `#bea` on the page; use the id of a section or an item, or a heading of this text in kebab-case"
    ),
    case!(
        "file-not-found",
        pass [(DOCS, "- id: a\n  title: A\n  file: a.pdf\n"), ("static/a.pdf", "")],
        fail [(DOCS, "- id: a\n  title: A\n  file: documents/a.pdf\n")],
        "content/data/documents.yaml:3:9 `documents/a.pdf` error: there is no file `static/documents/a.pdf`; put the file at static/documents/a.pdf",
    ),
    case!(
        "unknown-document",
        pass [(CONTROLS, "- id: a\n  title: A\n  evidence: dpa\n"), (DOCS, "- id: dpa\n  title: DPA\n")],
        fail [(CONTROLS, "- id: a\n  title: A\n  evidence: dap\n"), (DOCS, "- id: dpa\n  title: DPA\n")],
        "content/data/controls.yaml:3:13 `dap` error: there is no document with the id `dap`; add it to content/data/documents.yaml, or remove the reference",
    ),
    case!(
        "unknown-document",
        pass [(CERTS, "- id: a\n  framework: A\n  editions: [{document: dpa}]\n"), (DOCS, "- id: dpa\n  title: DPA\n")],
        fail [(CERTS, "- id: a\n  framework: A\n  editions: [{document: dap}]\n"), (DOCS, "- id: dpa\n  title: DPA\n")],
        "content/data/certifications.yaml:3:25 `dap` error: there is no document with the id `dap`; add it to content/data/documents.yaml, or remove the reference",
    ),
];

const ANCHORS: &[Case] = &[
    case!(
        "id-taken",
        pass [
            ("content/sections/10-stripe.md", "---\ntitle: A\n---\n"),
            (CONTROLS, "- id: stripe\n  title: A\n"),
        ],
        fail [
            ("content/sections/10-stripe.md", "---\ntitle: A\nshow: controls\n---\n"),
            (CONTROLS, "- id: stripe\n  title: A\n"),
        ],
        "content/data/controls.yaml:1:7 `stripe` error: the id `stripe` is used twice on the trust page; change the id that has not been released yet",
    ),
    case!(
        "id-taken",
        pass[("content/sections/10-contents.md", "---\ntitle: A\n---\n")],
        fail[("content/sections/10-content.md", "---\ntitle: A\n---\n")],
        "content/sections/10-content.md:2:1 `title: A` error: the id `content` is reserved for the page itself; choose a different `id:`",
    ),
];

const DATES: &[Case] = &[
    case!(
        "certification-expired",
        pass[(
            CERTS,
            "- id: a\n  framework: A\n  valid_until: 2027-05-21\n- id: b\n  framework: B\n  status: expired\n  valid_until: 2026-05-21\n"
        )],
        fail[(CERTS, "- id: a\n  framework: A\n  status: active\n  valid_until: 2026-05-21\n")],
        "content/data/certifications.yaml:4:16 `2026-05-21` warning: `A` was valid until 2026-05-21; enter the new validity period, or set `status: expired`",
    ),
    case!(
        "certification-expiring",
        pass[(CERTS, "- id: a\n  framework: A\n  valid_until: 2026-06-22\n")],
        fail[(CERTS, "- id: a\n  framework: A\n  valid_until: 2026-06-21\n")],
        "content/data/certifications.yaml:3:16 `2026-06-21` warning: `A` is valid until 2026-06-21: 30 days are left; prepare the renewal",
    ),
    case!(
        "status-contradicts-dates",
        pass[(CERTS, "- id: a\n  framework: A\n  status: active\n  valid_from: 2026-05-22\n")],
        fail[(CERTS, "- id: a\n  framework: A\n  status: active\n  valid_from: 2026-05-23\n")],
        "content/data/certifications.yaml:3:11 `active` warning: `A` has the status `active`, but is not valid yet; set `status: in-progress` until then, or remove the status",
    ),
    case!(
        "certification-expired",
        pass[(
            CERTS,
            "- id: a\n  framework: A\n  valid_until: 2026-05-21\n  editions:\n    - valid_until: 2027-05-21\n- id: b\n  framework: B\n  status: in-progress\n  valid_until: 2026-05-21\n"
        )],
        fail[(
            CERTS,
            "- id: a\n  framework: A\n  valid_until: 2025-05-21\n  editions:\n    - valid_until: 2026-05-21\n    - valid_until: 2024-05-21\n"
        )],
        "content/data/certifications.yaml:5:20 `2026-05-21` warning: `A` was valid until 2026-05-21; enter the new validity period, or set `status: expired`",
    ),
    case!(
        "certification-expiring",
        pass[(
            CERTS,
            "- id: a\n  framework: A\n  status: in-progress\n  valid_from: 2026-06-22\n  valid_until: 2029-06-21\n  editions:\n    - valid_from: 2023-06-22\n      valid_until: 2026-06-21\n"
        )],
        fail[(
            CERTS,
            "- id: a\n  framework: A\n  status: in-progress\n  valid_from: 2026-06-23\n  valid_until: 2029-06-22\n  editions:\n    - valid_from: 2023-06-22\n      valid_until: 2026-06-21\n"
        )],
        "content/data/certifications.yaml:8:20 `2026-06-21` warning: `A` is valid until 2026-06-21: 30 days are left; prepare the renewal",
    ),
    case!(
        "status-contradicts-dates",
        pass[(
            CERTS,
            "- id: a\n  framework: A\n  status: active\n  valid_from: 2026-06-01\n  editions:\n    - valid_from: 2023-06-01\n      valid_until: 2026-12-31\n"
        )],
        fail[(
            CERTS,
            "- id: a\n  framework: A\n  status: expired\n  editions:\n    - valid_from: 2023-06-01\n      valid_until: 2026-12-31\n"
        )],
        "content/data/certifications.yaml:3:11 `expired` warning: `A` has the status `expired`, but is valid until 2026-12-31; correct the status or the date",
    ),
    case!(
        "report-period-missing",
        pass[(
            CERTS,
            "- id: a\n  framework: SOC 2 Type II\n  type: report\n  period: {from: 2025-04-01, to: 2026-03-31}\n- id: b\n  framework: SOC 2 Type I\n  type: report\n- id: c\n  framework: PCI DSS\n  type: report\n- id: d\n  framework: SOC 2\n  type: alignment\n- id: e\n  framework: SOC 2 Type II\n  status: in-progress\n"
        )],
        fail[(CERTS, "- id: a\n  framework: SOC 2 Type II\n")],
        "content/data/certifications.yaml:2:14 `SOC 2 Type II` warning: the report `SOC 2 Type II` does not state the period that it covers; add `period: {from: ..., to: ...}` with the first and the last day that the auditor observed",
    ),
    case!(
        "report-period-old",
        pass[(
            CERTS,
            "- id: a\n  framework: SOC 2\n  type: report\n  period: {from: 2024-05-23, to: 2025-05-22}\n- id: b\n  framework: SOC 2\n  type: report\n  period: {from: 2024-01-01, to: 2024-12-31}\n  bridge_until: 2026-05-22\n- id: c\n  framework: ISAE 3402\n  type: report\n  period: {from: 2024-01-01, to: 2024-12-31}\n  editions:\n    - period: {from: 2025-01-01, to: 2025-12-31}\n"
        )],
        fail[(CERTS, "- id: a\n  framework: SOC 2\n  period: {from: 2024-05-22, to: 2025-05-21}\n")],
        "content/data/certifications.yaml:3:34 `2025-05-21` warning: the period of the report `SOC 2` ended on 2025-05-21, 366 days ago; publish the next report, or a bridge letter with `bridge_until: DATE`",
    ),
    case!(
        "report-period-old",
        pass[(CERTS, "- id: a\n  framework: A\n  type: report\n  period: {from: 2024-01-01, to: 2024-12-31}\n")],
        fail[(
            CERTS,
            "- id: a\n  framework: SOC2 Type 2\n  type: report\n  period: {from: 2024-01-01, to: 2024-12-31}\n  bridge_until: 2026-05-21\n"
        )],
        "content/data/certifications.yaml:4:34 `2024-12-31` warning: the period of the report `SOC2 Type 2` ended on 2024-12-31, 507 days ago, and the bridge letter covers days until 2026-05-21 only; publish the next report, or a bridge letter with `bridge_until: DATE`",
    ),
    case!(
        "date-in-future",
        pass[(CERTS, "- id: a\n  framework: A\n  issued: 2026-05-22\n  editions: [{issued: 2026-05-22}]\n")],
        fail[(CERTS, "- id: a\n  framework: A\n  editions: [{issued: 2026-05-23}]\n")],
        "content/data/certifications.yaml:3:23 `2026-05-23` error: `A` was issued on 2026-05-23, which is after 2026-05-22; enter the date on which it was issued",
    ),
    case!(
        "dates-reversed",
        pass[(CERTS, "- id: a\n  framework: A\n  editions: [{valid_from: 2025-01-01, valid_until: 2025-01-01}]\n")],
        fail[(CERTS, "- id: a\n  framework: A\n  editions: [{valid_from: 2025-01-02, valid_until: 2025-01-01}]\n")],
        "content/data/certifications.yaml:3:52 `2025-01-01` error: `A` is valid until 2025-01-01, which is before 2025-01-02; correct one of the two dates",
    ),
    case!(
        "dates-reversed",
        pass[(CERTS, "- id: a\n  framework: A\n  editions: [{period: {from: 2025-01-01, to: 2025-01-01}}]\n")],
        fail[(CERTS, "- id: a\n  framework: A\n  editions: [{period: {from: 2025-01-02, to: 2025-01-01}}]\n")],
        "content/data/certifications.yaml:3:46 `2025-01-01` error: the period of `A` ends on 2025-01-01, which is before 2025-01-02; correct one of the two dates",
    ),
    case!(
        "dates-reversed",
        pass[(
            CERTS,
            "- id: a\n  framework: A\n  period: {from: 2025-01-01, to: 2025-12-31}\n  bridge_until: 2025-12-31\n"
        )],
        fail[(
            CERTS,
            "- id: a\n  framework: A\n  period: {from: 2025-01-01, to: 2025-12-31}\n  bridge_until: 2025-12-30\n"
        )],
        "content/data/certifications.yaml:4:17 `2025-12-30` error: the bridge letter of `A` covers days until 2025-12-30, which is before 2025-12-31; correct one of the two dates",
    ),
    case!(
        "document-expired",
        pass[(DOCS, "- id: a\n  title: A\n  valid_until: 2026-05-22\n")],
        fail[(DOCS, "- id: a\n  title: A\n  valid_until: 2026-05-21\n")],
        "content/data/documents.yaml:3:16 `2026-05-21` warning: `A` was valid until 2026-05-21; replace it with the current edition, or remove it",
    ),
    case!(
        "document-expiring",
        pass[(DOCS, "- id: a\n  title: A\n  valid_until: 2026-06-22\n")],
        fail[(DOCS, "- id: a\n  title: A\n  valid_until: 2026-05-23\n")],
        "content/data/documents.yaml:3:16 `2026-05-23` warning: `A` is valid until 2026-05-23: 1 day is left; prepare the next edition",
    ),
    case!(
        "verification-stale",
        pass[(CONTROLS, "- id: a\n  title: A\n  last_verified: 2025-05-22\n")],
        fail[(CONTROLS, "- id: a\n  title: A\n  last_verified: 2025-05-21\n")],
        "content/data/controls.yaml:3:18 `2025-05-21` warning: `A` was last verified on 2025-05-21, 366 days ago; verify it and enter the date",
    ),
    case!(
        "date-in-future",
        pass[(CONTROLS, "- id: a\n  title: A\n  last_verified: 2026-05-22\n")],
        fail[(CONTROLS, "- id: a\n  title: A\n  last_verified: 2026-05-23\n")],
        "content/data/controls.yaml:3:18 `2026-05-23` error: `A` was verified on 2026-05-23, which is after 2026-05-22; enter the date on which it was verified",
    ),
    case!(
        "dates-reversed",
        pass[(CERTS, "- id: a\n  framework: A\n  valid_from: 2026-01-01\n  valid_until: 2026-12-31\n")],
        fail[(CERTS, "- id: a\n  framework: A\n  valid_from: 2026-12-31\n  valid_until: 2026-01-01\n")],
        "content/data/certifications.yaml:4:16 `2026-01-01` error: `A` is valid until 2026-01-01, which is before 2026-12-31; correct one of the two dates",
    ),
    case!(
        "dates-reversed",
        pass[(SUBS, sub!("  effective: 2026-05-01\n  ends: 2026-06-01\n"))],
        fail[(SUBS, sub!("  effective: 2026-06-01\n  ends: 2026-05-01\n"))],
        "content/data/subprocessors.yaml:6:9 `2026-05-01` error: `A` ends on 2026-05-01, before it starts on 2026-06-01; correct one of the two dates",
    ),
    case!(
        "dates-reversed",
        pass[(SUBS, sub!("  announced: 2026-05-01\n  ends: 2026-06-01\n"))],
        fail[(SUBS, sub!("  announced: 2026-06-02\n  ends: 2026-06-01\n"))],
        "content/data/subprocessors.yaml:6:9 `2026-06-01` error: `A` ends on 2026-06-01, before it is announced on 2026-06-02; correct one of the two dates",
    ),
    case!(
        "dates-reversed",
        pass[(
            DOCS,
            "- id: a\n  title: A\n  url: https://a.myexample.com/\n  date: 2026-05-01\n  valid_until: 2026-12-31\n"
        )],
        fail[(
            DOCS,
            "- id: a\n  title: A\n  url: https://a.myexample.com/\n  date: 2026-05-01\n  valid_until: 2026-04-30\n"
        )],
        "content/data/documents.yaml:5:16 `2026-04-30` error: `A` is valid until 2026-04-30, which is before its date 2026-05-01; correct one of the two dates",
    ),
    case!(
        "announced-after-effective",
        pass[(SUBS, sub!("  announced: 2026-06-01\n  effective: 2026-06-01\n"))],
        fail[(SUBS, sub!("  announced: 2026-06-02\n  effective: 2026-06-01\n"))],
        "content/data/subprocessors.yaml:5:14 `2026-06-02` warning: `A` is announced on 2026-06-02, after it takes effect on 2026-06-01; correct one of the two dates, or, if the notice really was late, set `rules: {announced-after-effective: note}`",
    ),
];

const SUBPROCESSORS: &[Case] = &[
    case!(
        "transfer-mechanism-missing",
        pass[(
            SUBS,
            sub!(
                "  locations: [DE, IE]\n  corporate_location: NO\n- id: b\n  name: B\n  purpose: B\n  data_categories: [C]\n  locations: [US]\n  transfer_mechanism: scc\n"
            )
        )],
        fail[(SUBS, sub!("  locations: [DE, US]\n"))],
        "content/data/subprocessors.yaml:5:19 `US` warning: `A` is in United States (US) but has no transfer mechanism; set `transfer_mechanism:` to adequacy, dpf, scc, bcr or derogation",
    ),
    case!(
        "transfer-mechanism-missing",
        pass[(
            SUBS,
            sub!(
                "  locations: [EU, EEA, US, IN]\n  transfer_mechanism: [{mechanism: dpf, to: [US]}, {mechanism: scc, to: [IN, BR]}]\n"
            )
        )],
        fail[(
            SUBS,
            sub!(
                "  locations: [EEA, US, IN]\n  corporate_location: JP\n  transfer_mechanism: [{mechanism: dpf, to: [US]}]\n"
            )
        )],
        "content/data/subprocessors.yaml:5:24 `IN` warning: `A` is in India (IN) and Japan (JP), which no entry of `transfer_mechanism` covers; add an entry with `to: [IN, JP]`, or one without `to`",
    ),
    case!(
        "transfer-mechanism-missing",
        pass[(SUBS, sub!("  locations: [GLOBAL]\n  transfer_mechanism: [{mechanism: scc, to: [GLOBAL]}]\n"))],
        fail[(SUBS, sub!("  locations: [GLOBAL]\n  transfer_mechanism: [{mechanism: scc, to: [US]}]\n"))],
        "content/data/subprocessors.yaml:5:15 `GLOBAL` warning: `A` is in Worldwide (GLOBAL), which no entry of `transfer_mechanism` covers; add an entry with `to: [GLOBAL]`, or one without `to`",
    ),
    case!(
        "condition-undeclared",
        pass [(SITE_FILE, "title: Trust\norganization:\n  name: Example\ndimensions:\n  region: [EU, US]\n"), (SUBS, sub!("  condition: {feature: C, region: [EU, US]}\n"))],
        fail [(SITE_FILE, "title: Trust\norganization:\n  name: Example\ndimensions:\n  region: [EU, US]\n"), (SUBS, sub!("  condition: {any: [{feature: C}, {regoin: EU}]}\n"))],
        "content/data/subprocessors.yaml:5:36 `regoin` error: the condition names `regoin`, which is not a declared dimension; did you mean `region`?",
    ),
    case!(
        "condition-undeclared",
        pass [(SITE_FILE, "title: Trust\norganization:\n  name: Example\ndimensions:\n  region: [EU, US]\n"), (SUBS, sub!("  locations: [{code: DE, condition: {region: EU}}]\n"))],
        fail [(SITE_FILE, "title: Trust\norganization:\n  name: Example\ndimensions:\n  region: [EU, US]\n"), (SUBS, sub!("  locations: [{code: DE, condition: {unless: {region: Mars}}}]\n"))],
        "content/data/subprocessors.yaml:5:55 `Mars` error: `region` has no value `Mars`; use one of its values (EU, US), or declare it in site.yaml",
    ),
    case!(
        "data-categories-missing",
        pass[(SUBS, sub!(""))],
        fail[(SUBS, "- id: a\n  name: A\n  purpose: B\n  role: recipient\n")],
        "content/data/subprocessors.yaml:1:3 `id: a` warning: `A` states no data categories; add `data_categories:` with the categories of personal data that it processes",
    ),
    case!(
        "location-missing",
        pass [(SITE_FILE, site!("  jurisdiction: eu\n")), (SUBS, sub!("  locations: [DE]\n"))],
        fail [(SITE_FILE, site!("  jurisdiction: eu\n")), (SUBS, sub!(""))],
        "content/data/subprocessors.yaml:1:3 `id: a` warning: `A` has no country; add `locations:` with the countries in which it processes the data",
    ),
    case!(
        "notice-too-short",
        pass [(SITE_FILE, site!("  notice_days: 30\n")), (SUBS, sub!("  announced: 2026-05-22\n  effective: 2026-06-21\n"))],
        fail [(SITE_FILE, site!("  notice_days: 30\n")), (SUBS, sub!("  announced: 2026-05-22\n  effective: 2026-06-20\n"))],
        "content/data/subprocessors.yaml:6:14 `2026-06-20` error: `A` starts on 2026-06-20 and was announced on 2026-05-22: 29 days of notice instead of 30; set `effective` to 2026-06-21 or later",
    ),
    case!(
        "notice-too-short",
        pass [(SITE_FILE, site!("  notice_days: 30\n")), (SUBS, sub!("  effective: 2026-05-22\n"))],
        fail [(SITE_FILE, site!("  notice_days: 30\n")), (SUBS, sub!("  effective: 2026-05-23\n"))],
        "content/data/subprocessors.yaml:5:14 `2026-05-23` error: `A` starts on 2026-05-23 and was not announced as of 2026-05-22: 1 day of notice instead of 30; set `effective` to 2026-06-21 or later",
    ),
    case!(
        "notice-too-short",
        pass [(SITE_FILE, site!("notice: {days: 5, counting: business, holidays: [2026-05-25]}\n")), (SUBS, sub!("  upcoming:\n    - {announced: 2026-05-22, effective: 2026-06-01, name: B}\n"))],
        fail [(SITE_FILE, site!("notice: {days: 5, counting: business, holidays: [2026-05-25]}\n")), (SUBS, sub!("  upcoming:\n    - {announced: 2026-05-22, effective: 2026-05-29, name: B}\n"))],
        "content/data/subprocessors.yaml:6:42 `2026-05-29` error: a change of `A` takes effect on 2026-05-29 and was announced on 2026-05-22: 4 business days of notice instead of 5; set `effective` to 2026-06-01 or later",
    ),
    case!(
        "announced-after-effective",
        pass[(SUBS, sub!("  upcoming:\n    - {announced: 2026-06-01, effective: 2026-06-01, name: B}\n"))],
        fail[(SUBS, sub!("  upcoming:\n    - {announced: 2026-06-02, effective: 2026-06-01, name: B}\n"))],
        "content/data/subprocessors.yaml:6:19 `2026-06-02` warning: `A` is announced on 2026-06-02, after it takes effect on 2026-06-01; correct one of the two dates, or, if the notice really was late, set `rules: {announced-after-effective: note}`",
    ),
    case!(
        "announced-before-published",
        pass[(SUBS, sub!("  announced: 2026-05-22\n  effective: 2026-07-01\n"))],
        fail[(SUBS, sub!("  announced: 2026-05-12\n  effective: 2026-07-01\n"))],
        "content/data/subprocessors.yaml:5:14 `2026-05-12` warning: `A` is announced on 2026-05-12, but it is not released as of 2026-05-22; set `announced` to 2026-05-22: candor counts the days of notice from the release. If customers were informed in another way, set `rules: {announced-before-published: note}`",
    ),
    case!(
        "objection-after-effective",
        pass [(SITE_FILE, site!("notice: {objection_days: 14}\n")), (SUBS, sub!("  upcoming:\n    - {announced: 2026-05-22, effective: 2026-06-06, name: B}\n"))],
        fail [(SITE_FILE, site!("notice: {objection_days: 14}\n")), (SUBS, sub!("  upcoming:\n    - {announced: 2026-05-22, effective: 2026-06-05, name: B}\n"))],
        "content/data/subprocessors.yaml:6:42 `2026-06-05` warning: customers can object to the change of `A` until 2026-06-05, but it takes effect on 2026-06-05; set `effective` to 2026-06-06 or later, or reduce `objection_days`",
    ),
    case!(
        "upcoming-due",
        pass[(SUBS, sub!("  upcoming:\n    - {announced: 2026-05-22, effective: 2026-05-23, name: B}\n"))],
        fail[(SUBS, sub!("  upcoming:\n    - {announced: 2026-05-01, effective: 2026-05-22, name: B}\n"))],
        "content/data/subprocessors.yaml:6:42 `2026-05-22` warning: the date of the change of `A`, 2026-05-22, has come, but no release announces it; set `effective` to a later date; or, if it is in effect, move the values into the fields and remove the entry",
    ),
    case!(
        "subprocessor-ended",
        pass[(SUBS, sub!("  ends: 2026-05-22\n"))],
        fail[(SUBS, sub!("  ends: 2026-05-21\n"))],
        "content/data/subprocessors.yaml:5:9 `2026-05-21` warning: `A` ended on 2026-05-21 but is still listed; remove it and make a release; the change log still shows it",
    ),
    case!(
        "replaces-unknown",
        pass[(SUBS, sub!("- id: b\n  name: B\n  purpose: B\n  data_categories: [C]\n  replaces: a\n"))],
        fail[(SUBS, sub!("- id: b\n  name: B\n  purpose: B\n  data_categories: [C]\n  replaces: stripe\n"))],
        "content/data/subprocessors.yaml:9:13 `stripe` error: `B` replaces `stripe`, which was never listed; use the id of a subprocessor in this list or in an earlier release",
    ),
    case!(
        "ai-provider-unknown",
        pass[(SUBS, sub!("")), (AI, "- id: b\n  feature: B\n  provider: a\n")],
        fail[(SUBS, sub!("")), (AI, "- id: b\n  feature: B\n  provider: stripe\n")],
        "content/data/ai.yaml:3:13 `stripe` error: `B` names the provider `stripe`, which is not in the list of subprocessors; use the id of a subprocessor in content/data/subprocessors.yaml, or add it there",
    ),
];

const LISTS: &[Case] = &[
    case!(
        "fact-without-value",
        pass[(FACTS, "- id: a\n  title: A\n  details: B\n- id: b\n  title: B\n  kind: rto\n  hours: 4\n")],
        fail[(FACTS, "- id: a\n  title: A\n  kind: uptime\n")],
        "content/data/facts.yaml:2:10 `A` warning: `A` states neither a value nor details; add `percent` or `details`, or remove the fact",
    ),
    case!(
        "fact-twice",
        pass[(
            FACTS,
            "- id: a\n  title: A\n  kind: rto\n  hours: 4\n- id: b\n  title: B\n  kind: rto\n  plan: B\n  hours: 8\n"
        )],
        fail[(FACTS, "- id: a\n  title: A\n  kind: rto\n  hours: 4\n- id: b\n  title: B\n  kind: rto\n  hours: 8\n")],
        "content/data/facts.yaml:7:9 `rto` warning: two facts have the kind `rto`; merge the two, or state the `plan` of each",
    ),
    case!(
        "duplicate-name",
        pass[(CONTROLS, "- id: a\n  title: A b\n- id: b\n  title: B\n")],
        fail[(CONTROLS, "- id: a\n  title: A b\n- id: b\n  title: a  B\n")],
        "content/data/controls.yaml:4:10 `a  B` warning: `a  B` appears twice in controls; rename or remove one of them",
    ),
    case!(
        "list-order",
        pass [(SITE_FILE, site!("sorted: [controls]\n")), (CONTROLS, "- id: a\n  title: a\n- id: b\n  title: B\n")],
        fail [(SITE_FILE, site!("sorted: [controls]\n")), (CONTROLS, "- id: a\n  title: b\n- id: b\n  title: A\n")],
        "content/data/controls.yaml:4:10 `A` warning: `A` is after `b`, but controls is declared as sorted; move it up, or remove `controls` from `sorted:` in site.yaml",
    ),
    case!(
        "nothing-to-show",
        pass [("content/sections/10-a.md", "---\ntitle: A\nshow: controls\n---\n"), (CONTROLS, "- id: a\n  title: A\n")],
        fail [("content/sections/10-a.md", "---\ntitle: A\nshow: controls\n---\n")],
        "content/sections/10-a.md:3:7 `controls` warning: `A` shows controls, but the list is empty; add items to content/data/controls.yaml, or remove `show: controls`",
    ),
    case!(
        "list-not-shown",
        pass [("content/sections/10-a.md", "---\ntitle: A\nshow: controls\n---\n"), (CONTROLS, "- id: a\n  title: A\n")],
        fail [("content/sections/10-a.md", "---\ntitle: A\n---\n"), (CONTROLS, "- id: a\n  title: A\n")],
        "content/data/controls.yaml:1:1 `` warning: no section or page shows controls; add `show: controls` to the front matter of a section or page",
    ),
    case!(
        "page-name-taken",
        pass[("content/pages/imprint.md", "---\ntitle: A\n---\n")],
        fail[("content/pages/changelog.md", "---\ntitle: A\n---\n")],
        "content/pages/changelog.md:2:1 `title: A` error: a page cannot have the address `/changelog/`, which is reserved; rename the file of the page",
    ),
    case!(
        "list-shown-twice",
        pass [
            ("content/sections/10-a.md", "---\ntitle: A\nshow: controls\n---\n"),
            ("content/sections/20-b.md", "---\ntitle: B\nshow: changelog\n---\n"),
            ("content/sections/30-c.md", "---\ntitle: C\n---\n"),
            ("content/sections/40-d.md", "---\ntitle: D\n---\n"),
            (CONTROLS, "- id: x\n  title: X\n"),
        ],
        fail [
            ("content/sections/10-a.md", "---\ntitle: A\nshow: controls\n---\n"),
            ("content/sections/20-b.md", "---\ntitle: B\nshow: controls\n---\n"),
            (CONTROLS, "- id: x\n  title: X\n"),
        ],
        "content/sections/20-b.md:3:7 `controls` error: `A` and `B` both show controls; remove `show: controls` from one of them; its text can link to #a",
    ),
    case!(
        "status-not-shown",
        pass [(CONTROLS, "- id: a\n  title: A\n  status: planned\n"), ("templates/lists/controls.html", "{{ item.title }} {{ item.status_label }}")],
        fail [(CONTROLS, "- id: a\n  title: A\n  status: planned\n"), ("templates/lists/controls.html", "{{ item.title }}")],
        "templates/lists/controls.html:1:1 `` error: `templates/lists/controls.html` shows `A` without its status; show `item.status_label`",
    ),
];

const STATEMENTS: &[Case] = &[
    case!(
        "provider-not-listed",
        pass [
            (SUBS, "- id: sendgrid\n  name: Twilio SendGrid Inc.\n  purpose: Email\n  data_categories: [Email addresses]\n"),
            (
                "content/sections/10-a.md",
                "---\ntitle: A\n---\nSendGrid sends email. We no longer use Stripe. A `Stripe` key, and stripes on <https://stripe.com>."
            ),
        ],
        fail [
            (SUBS, sub!("")),
            ("content/sections/10-a.md", "---\ntitle: A\n---\nEmail goes through [SendGrid](https://sendgrid.com). SendGrid is great."),
        ],
        "content/sections/10-a.md:4:21 `SendGrid` note: the text names `SendGrid`, which is not in the list of subprocessors; add it to the list if it processes customers' data, or say that it does not",
    ),
    case!(
        "contact-disagrees",
        pass [
            (SITE_FILE, site!("contacts:\n  privacy: privacy@b.example\n")),
            ("content/sections/10-a.md", "---\ntitle: A\n---\n<Privacy@B.example>, or help@elsewhere.example."),
        ],
        fail [
            (SITE_FILE, site!("contacts:\n  privacy: privacy@b.example\n")),
            ("content/sections/10-a.md", "---\ntitle: A\n---\nWrite to [dpo@b.example](mailto:dpo@b.example)."),
        ],
        "content/sections/10-a.md:4:11 `dpo@b.example` warning: `dpo@b.example` is not among the contacts in site.yaml; use one of the contacts (privacy@b.example), or add it to `contacts:`",
    ),
    case!(
        "notice-period-disagrees",
        pass [
            (SITE_FILE, site!("  notice_days: 30\n")),
            ("content/sections/10-a.md", "---\ntitle: Subprocessors\n---\nWe give thirty (30) days' notice. Logs stay for 14 days."),
        ],
        fail [
            (SITE_FILE, site!("  notice_days: 30\n")),
            ("content/sections/10-a.md", "---\ntitle: Subprocessors\n---\nWe announce changes 14 days in advance."),
        ],
        "content/sections/10-a.md:4:21 `14 days` warning: the text says `14 days`, but the notice period is 30; use the same number in both places",
    ),
];

const PLACEHOLDERS: &[Case] = &[
    case!(
        "placeholder",
        pass[(SITE_FILE, site!("contacts:\n  privacy: privacy@myexample.com # TODO\n"))],
        fail[(SITE_FILE, site!("contacts:\n  privacy: privacy@example.com\n"))],
        "content/site.yaml:5:12 `privacy@example.com` warning: `privacy@example.com` is a reserved example address; use your own address, or remove it",
    ),
    case!(
        "placeholder",
        pass[(
            "content/sections/10-a.md",
            "---\ntitle: A\n---\nA `TODO`, [Add a name](#a), [^1] and \\<head>.\n\n[^1]: B.\n"
        )],
        fail[("content/sections/10-a.md", "---\ntitle: A\n---\n\nWritten by [Add a name].\n")],
        "content/sections/10-a.md:5:12 `[Add a name]` warning: `[Add a name]` is a placeholder; write the text that belongs there, or remove it",
    ),
    case!(
        "placeholder",
        pass[(SUBS, sub!("  legal_name: A Ltd.\n"))],
        fail[(SUBS, sub!("  legal_name: A Ltd. (fictional)\n"))],
        "content/data/subprocessors.yaml:5:22 `(fictional)` warning: `(fictional)` marks an example; write your own text, or remove it",
    ),
    case!(
        "placeholder",
        pass[(CONTROLS, "- id: example-hardware-keys\n  title: Administrators sign in with hardware keys\n")],
        fail[(
            CONTROLS,
            "- id: example-hardware-keys\n  title: \"Example: administrators sign in with hardware keys\"\n"
        )],
        "content/data/controls.yaml:2:10 `\"Example: administrators sign in with hardware keys\"` warning: `Example: administrators sign in with hardware keys` is an example of a new project; replace it with an item of your own, or remove it",
    ),
    case!(
        "object-to-unknown",
        pass[(SITE_FILE, site!("contacts: {privacy: a@b.example}\nnotice: {object_to: privacy}\n"))],
        fail[(SITE_FILE, site!("contacts: {privacy: a@b.example}\nnotice: {object_to: privcy}\n"))],
        "content/site.yaml:5:21 `privcy` error: `object_to` names the contact `privcy`, which does not exist; did you mean `privacy`?",
    ),
    case!(
        "subscribe-form-query",
        pass[(SITE_FILE, site!("subscribe: {form: {action: \"https://lists.fjord-data.com/add?list=7\"}}\n"))],
        fail[(
            SITE_FILE,
            site!("subscribe: {form: {action: \"https://lists.fjord-data.com/add?list=7\", method: get}}\n")
        )],
        "content/site.yaml:4:28 `\"https://lists.fjord-data.com/add?list=7\"` warning: the form is sent with `get`, so browsers replace `?list=7` of its address; set `method: post`, or use an address without a query",
    ),
    case!(
        "placeholder-base-url",
        pass[(SITE_FILE, site!("base_url: https://trust.myexample.com/\n"))],
        fail[(SITE_FILE, site!("base_url: https://trust.example.com/\n"))],
        "content/site.yaml:4:11 `https://trust.example.com/` warning: `https://trust.example.com/` is a reserved example address; set it to the address at which the site is published",
    ),
];

const SITE: &[Case] = &[
    case!(
        "base-url-missing",
        pass [(SITE_FILE, site!("base_url: https://trust.myexample.com/\n"))],
        fail [],
        "content/site.yaml:1:1 `title: Trust` warning: `base_url` is missing; set it to the address at which the site is published",
    ),
    case!(
        "unknown-rule",
        pass[(SITE_FILE, site!("rules:\n  list-order: error\n"))],
        fail[(SITE_FILE, site!("rules:\n  list-oder: error\n"))],
        "content/site.yaml:5:3 `list-oder` error: there is no rule `list-oder`; did you mean `list-order`?",
    ),
    case!(
        "fixed-rule",
        pass[(SITE_FILE, site!("rules:\n  list-order: error\n"))],
        fail[(SITE_FILE, site!("rules:\n  html-refused: warn\n"))],
        "content/site.yaml:5:3 `html-refused` error: the level of `html-refused` cannot be changed; remove the line",
    ),
    case!(
        "acknowledgment-refused",
        pass[(
            SITE_FILE,
            site!("acknowledged:\n  - {code: certification-expiring, item: iso, until: 2026-06-01, reason: Audit}\n")
        )],
        fail[(
            SITE_FILE,
            site!("acknowledged:\n  - {code: date-in-future, item: iso, until: 2026-06-01, reason: Audit}\n")
        )],
        "content/site.yaml:5:12 `date-in-future` error: `date-in-future` cannot be acknowledged, because it is an error; remove the entry, and fix what the rule reports",
    ),
    case!(
        "acknowledgment-unused",
        pass[(
            SITE_FILE,
            site!(
                "acknowledged:\n  - {code: base-url-missing, item: content/site.yaml, until: 2026-06-01, reason: Soon}\n"
            )
        )],
        fail[(
            SITE_FILE,
            site!("acknowledged:\n  - {code: certification-expiring, item: iso, until: 2026-06-01, reason: Audit}\n")
        )],
        "content/site.yaml:5:42 `iso` warning: there is no warning `certification-expiring` about `iso` to acknowledge; remove the entry",
    ),
    case!(
        "security-txt-incomplete",
        pass[(SITE_FILE, site!("contacts:\n  security: a@b.example\nsecurity_txt:\n  expires: 2027-01-31\n"))],
        fail[(
            SITE_FILE,
            site!("contacts:\n  security: a@b.example\nsecurity_txt:\n  policy: [https://b.example/policy]\n")
        )],
        "content/site.yaml:7:3 `policy` error: security.txt has no `expires`; add `expires:` with a date within the next year (RFC 9116 section 2.5.5)",
    ),
    case!(
        "security-txt-incomplete",
        pass[(SITE_FILE, site!("security_txt:\n  contact: [https://b.example/report]\n  expires: 2027-01-31\n"))],
        fail[(SITE_FILE, site!("contacts:\n  security: the Support page\nsecurity_txt:\n  expires: 2027-01-31\n"))],
        "content/site.yaml:5:13 `the Support page` error: the contact `the Support page` in security.txt is not an address; use an email or https address (RFC 9116 section 2.5.3)",
    ),
    case!(
        "security-txt-expired",
        pass[(SITE_FILE, site!("security_txt:\n  expires: 2026-05-23\n"))],
        fail[(SITE_FILE, site!("security_txt:\n  expires: 2026-05-22\n"))],
        "content/site.yaml:5:12 `2026-05-22` warning: security.txt expired on 2026-05-22; review it, and set a date within the next year",
    ),
    case!(
        "security-txt-expiring",
        pass[(SITE_FILE, site!("security_txt:\n  expires: 2026-06-22\n"))],
        fail[(SITE_FILE, site!("security_txt:\n  expires: 2026-06-21T12:00:00Z\n"))],
        "content/site.yaml:5:12 `2026-06-21T12:00:00Z` warning: security.txt expires on 2026-06-21: 30 days are left; review it, and set a date within the next year",
    ),
    case!(
        "security-txt-long",
        pass[(SITE_FILE, site!("security_txt:\n  expires: 2027-05-23\n"))],
        fail[(SITE_FILE, site!("security_txt:\n  expires: 2027-05-24\n"))],
        "content/site.yaml:5:12 `2027-05-24` warning: security.txt expires on 2027-05-24, in 367 days; review it, and set a date within the next year",
    ),
    case!(
        "accent-contrast",
        // Orange is not legible as text on a light page, so it is used for surfaces.
        pass[(SITE_FILE, site!("theme:\n  accent: \"#ffad00\"\n"))],
        fail[(SITE_FILE, site!("theme:\n  accent: \"#0b5c8a\"\n  accent_dark: \"#0b5c8a\"\n"))],
        "content/site.yaml:6:16 `\"#0b5c8a\"` error: `#0b5c8a` has a contrast of 2.24:1 on the dark page, below 4.5:1; use \"#4a90c1\", the nearest color with enough contrast",
    ),
];
