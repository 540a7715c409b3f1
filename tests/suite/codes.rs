//! Every diagnostic code can be reported, with the severity that the table declares.
//!
//! A new code needs a fixture here, or a case in `check/cases.rs`. Codes that need a failing file system are in
//! [`ELSEWHERE`].

mod inputs;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use candor::diagnostic::{Code, Report};

use crate::check::{cases, diagnostics};
use crate::history::{company, merged};
use crate::support::{Project, SITE};

/// The reported codes, each with its severity.
type Reported = BTreeSet<(&'static str, &'static str)>;

/// A function that produces diagnostics, and the codes that it must produce.
struct Fixture {
    name: &'static str,
    codes: &'static [Code],
    reported: fn() -> Reported,
}

const FIXTURES: &[Fixture] = &[
    Fixture {
        name: "wrong fields",
        codes: &[
            Code::UnknownField,
            Code::MissingField,
            Code::WrongType,
            Code::DuplicateKey,
            Code::DuplicateId,
            Code::DuplicateEntry,
            Code::EmptyText,
            Code::EmptyList,
            Code::ControlCharacter,
            Code::BadId,
            Code::BadDate,
            Code::BadEmail,
            Code::BadUrl,
            Code::BadCountry,
            Code::BadCondition,
            Code::BadIdentifier,
            Code::BadLanguage,
            Code::BadColor,
            Code::BadMediaType,
            Code::BadNameEnding,
            Code::BadChoice,
            Code::BadNumber,
            Code::BadPath,
            Code::FileAndUrl,
            Code::NoticeDaysTwice,
        ],
        reported: inputs::wrong_fields,
    },
    Fixture {
        name: "questions of a profile",
        codes: &[Code::ProfileField, Code::NotStated],
        reported: inputs::profile,
    },
    Fixture { name: "expired evidence", codes: &[Code::EvidenceExpired], reported: inputs::expired_evidence },
    Fixture { name: "no project", codes: &[Code::MissingFile], reported: || printed(&Project::empty(), &["check"]) },
    Fixture {
        name: "unreadable files",
        codes: &[
            Code::NotAFile,
            Code::NotAFolder,
            Code::EmptyFile,
            Code::FileTooLarge,
            Code::FileName,
            Code::TooMany,
            Code::Unreadable,
            Code::NotUtf8,
            Code::OutsideProject,
            Code::MisnamedFile,
            Code::UnknownFile,
            Code::MissingFrontMatter,
            Code::YamlSyntax,
            Code::YamlLimit,
            Code::NotATemplate,
        ],
        reported: inputs::unreadable_files,
    },
    Fixture {
        name: "files of releases",
        codes: &[
            Code::ReleaseFileMissing,
            Code::ReleaseFileChanged,
            Code::ReleaseFilesUnverified,
            Code::AssetLfsPointer,
        ],
        reported: inputs::files_of_releases,
    },
    Fixture {
        name: "notices that releases bind",
        codes: &[Code::SentNoticeMissing, Code::SentNoticeChanged],
        reported: inputs::bound_notices,
    },
    Fixture {
        name: "lists of recipients",
        codes: &[Code::RecipientList, Code::BadRecipient, Code::DuplicateRecipient],
        reported: inputs::lists_of_recipients,
    },
    Fixture {
        name: "merge conflicts",
        codes: &[Code::MergeConflict],
        reported: || {
            let text = "---\ntitle: A\n---\n\n<<<<<<< HEAD\nB\n=======\nC\n>>>>>>> branch\n";
            printed(&Project::new().file("content/sections/10-a.md", text), &["check"])
        },
    },
    Fixture {
        name: "custom themes",
        codes: &[Code::ThemeFileOutdated, Code::TemplateUnused, Code::LinkToFormerHost],
        reported: || {
            let old = format!("{{#- Copied from candor 0.0.1, SHA-256 {} -#}}\n", "0".repeat(64));
            let project = company()
                .file("templates/lists/faq.html", format!("{old}{{% include \"builtin/lists/faq.html\" %}}"))
                .file("templates/lists/faqs.html", "x")
                .file("content/sections/90-old.md", "---\ntitle: Old\n---\n\n[list](https://old.example.net/trust/)\n");
            let site = project.read("content/site.yaml") + "former_base_urls: [https://old.example.net/trust]\n";
            printed(&project.file("content/site.yaml", site), &["check"])
        },
    },
    Fixture {
        name: "own pages",
        codes: &[Code::PageNameTaken],
        reported: || printed(&Project::new().file("content/pages/changelog.md", "---\ntitle: A\n---\n"), &["check"]),
    },
    Fixture { name: "links of releases", codes: &[Code::LinkGone], reported: inputs::links_of_releases },
    Fixture {
        name: "hidden characters",
        codes: &[Code::HiddenCharacter, Code::HiddenCharacterInText],
        reported: || {
            let site = SITE.replace("Trust", "\"Trust\\u202E\"");
            let section = "---\ntitle: A\n---\n\nsoft\u{AD}hyphen\n";
            printed(
                &Project::new().file("content/site.yaml", site).file("content/sections/10-a.md", section),
                &["check"],
            )
        },
    },
    Fixture {
        name: "values that YAML takes text away from",
        codes: &[Code::CommentInValue, Code::TagOrAnchorInValue],
        reported: || {
            let list = "- id: a\n  question: Who is #1?\n  answer: !We are\n";
            printed(&Project::new().file("content/data/faq.yaml", list), &["check"])
        },
    },
    Fixture { name: "templates", codes: &[Code::BadCatalog, Code::TemplateError], reported: inputs::templates },
    Fixture {
        name: "strings",
        codes: &[
            Code::StringUnknown,
            Code::StringPlaceholderUnknown,
            Code::StringUnused,
            Code::LanguageUnknown,
            Code::PluralMissing,
        ],
        reported: inputs::strings,
    },
    Fixture {
        name: "translations",
        codes: &[
            Code::TranslationLanguage,
            Code::TranslationFact,
            Code::TranslationUnknown,
            Code::TranslationTwice,
            Code::TranslationEntries,
            Code::TranslationLock,
            Code::TranslationFile,
            Code::TranslationMissing,
            Code::TranslationStale,
            Code::TranslationExtra,
            Code::AuthorityNotStated,
        ],
        reported: inputs::translations,
    },
    Fixture {
        name: "static files",
        codes: &[
            Code::AssetNotAFile,
            Code::AssetTooLarge,
            Code::AssetMalformed,
            Code::AssetNotUtf8,
            Code::AssetName,
            Code::AssetSameName,
            Code::AssetCollision,
            Code::AssetLink,
            Code::AssetMissing,
            Code::AssetExternal,
            Code::AssetCycle,
            Code::AssetDepth,
            Code::AssetIsCode,
            Code::AssetHostFile,
            Code::AssetServedAsIs,
            Code::TemporaryFile,
            Code::HiddenFile,
            Code::StyleUnused,
            Code::BlockedByPolicy,
            Code::MediaTypeUnknown,
        ],
        reported: inputs::static_files,
    },
    Fixture {
        name: "files of documents",
        codes: &[Code::FileNotPublic, Code::FileUnreferenced, Code::FileByAddress, Code::BrokenAddress],
        reported: inputs::documents,
    },
    Fixture {
        name: "answers of external sites",
        codes: &[Code::ExternalLinkBroken, Code::ExternalLinkUnreachable, Code::ExternalLinkMoved],
        reported: inputs::other_sites,
    },
    Fixture {
        name: "refused releases",
        codes: &[
            Code::ReleaseNone,
            Code::ReleaseNothingChanged,
            Code::ReleaseExists,
            Code::ReleaseSummaryEmpty,
            Code::ReleaseSummaryTooLong,
            Code::ReleaseVersionDay,
            Code::ReleaseBeforeNewest,
            Code::ReleaseFuture,
        ],
        reported: inputs::refused_releases,
    },
    Fixture {
        name: "a release of a newer version of candor",
        codes: &[Code::ReleaseNewer, Code::ReleaseLosesFields],
        reported: inputs::newer_releases,
    },
    Fixture {
        name: "a replaced or completed release",
        codes: &[Code::ReleaseReplaced, Code::ReleaseCompleted],
        reported: inputs::repaired_releases,
    },
    Fixture {
        name: "unreleased changes",
        codes: &[Code::UnreleasedChanges],
        reported: || printed(&company(), &["check"]),
    },
    Fixture {
        name: "changes against the announcements",
        codes: &[Code::NoticeDatesMissing, Code::EffectiveMovedEarlier, Code::RemovedWhileUpcoming],
        reported: inputs::broken_announcements,
    },
    Fixture {
        name: "an upcoming change with an anchor",
        codes: &[Code::UpcomingNotApplied],
        reported: inputs::aliased_change,
    },
    Fixture { name: "an empty site", codes: &[Code::NothingReleased], reported: inputs::empty_site },
    Fixture {
        name: "tampered records",
        codes: &[
            Code::ReleaseEdited,
            Code::ReleaseDigestWrong,
            Code::ReleaseDigest,
            Code::ReleaseMissing,
            Code::ReleaseUnlisted,
            Code::ReleaseSumsMissing,
            Code::ReleaseSums,
            Code::ReleaseRenamed,
            Code::ReleaseDuplicate,
            Code::ReleaseName,
            Code::ReleaseOrder,
            Code::ReleaseInconsistent,
            Code::ReleaseUnlinked,
            Code::ReleaseMalformed,
            Code::ReleaseTruncated,
            Code::ReleaseNotCanonical,
            Code::ReleaseSchema,
            Code::ReleaseUnreadable,
            Code::ReleaseTooLarge,
        ],
        reported: inputs::tampered_records,
    },
    Fixture {
        name: "two branches",
        codes: &[Code::ReleaseBranched, Code::ReleaseConflict],
        reported: || printed(&merged("2026-05-02", "2026-05-03"), &["verify"]),
    },
    Fixture {
        name: "another history",
        codes: &[
            Code::HistoryRewritten,
            Code::HistoryUnpublished,
            Code::HistoryRolledBack,
            Code::SiteIndex,
            Code::SiteIndexKeys,
            Code::ReleasesNotFound,
        ],
        reported: inputs::other_histories,
    },
    Fixture {
        name: "redactions",
        codes: &[
            Code::RedactionUnbound,
            Code::RedactionMissing,
            Code::RedactionMismatch,
            Code::RedactionList,
            Code::RedactionInterrupted,
            Code::RedactionTarget,
            Code::RedactionStated,
            Code::RedactionElsewhere,
            Code::WithheldFile,
            Code::EditionsPublic,
        ],
        reported: inputs::redactions,
    },
    Fixture {
        name: "imported lists",
        codes: &[
            Code::ImportNoTable,
            Code::ImportMalformed,
            Code::ImportWhichTable,
            Code::ImportTableUnused,
            Code::ImportTemplate,
            Code::ImportMap,
            Code::ImportColumnMissing,
            Code::ImportColumnUnused,
            Code::ImportCell,
            Code::ImportValueMissing,
            Code::ImportRowUnused,
            Code::ImportRowTooLong,
            Code::ImportSameName,
            Code::ImportCompleted,
        ],
        reported: inputs::imported_lists,
    },
    Fixture {
        name: "refused imports",
        codes: &[Code::ImportFileExists, Code::ImportNoGitHistory, Code::ImportHistoryExists],
        reported: inputs::refused_imports,
    },
    Fixture {
        name: "the imported history of a list",
        codes: &[
            Code::ImportCommitSkipped,
            Code::ImportCommitUnchanged,
            Code::ImportCommitUnrecorded,
            Code::ImportCommitUnknown,
            Code::ImportNameUnknown,
            Code::ImportRenamed,
            Code::ImportDateMoved,
            Code::ImportPlan,
        ],
        reported: inputs::imported_history,
    },
];

/// Codes that need a failing file system, which cannot be simulated when tests run as root: the code, and the file and
/// function that report it.
const ELSEWHERE: &[(Code, &str, &str)] = &[
    (Code::AssetUnreadable, "tests/fault/commands.py", "def unreadable_files("),
    (Code::ImportCopied, "tests/suite/import/past.rs", "fn copied_page_starts_a_history_of_its_own("),
];

#[test]
fn every_code_is_reported_with_its_declared_severity() {
    let mut reached = BTreeSet::new();
    for case in cases::all() {
        reached.extend(of_report(&diagnostics(case.fails, "2026-05-22")));
    }
    let mut missing: Vec<String> = Vec::new();
    for fixture in FIXTURES {
        let reported = (fixture.reported)();
        let is_missing = |code: &&Code| !reported.iter().any(|(name, _)| *name == code.as_str());
        missing.extend(fixture.codes.iter().filter(is_missing).map(|code| format!("{}: {code}", fixture.name)));
        reached.extend(reported);
    }
    assert!(missing.is_empty(), "not reported: {missing:#?}");
    let mut unreached: Vec<Code> = Vec::new();
    for code in Code::ALL {
        let mut severities = reached.iter().filter(|(name, _)| *name == code.as_str()).map(|(_, severity)| *severity);
        match (severities.next(), severities.next()) {
            (None, _) => unreached.push(*code),
            (Some(severity), other) => assert_eq!((severity, other), (code.severity().as_str(), None), "{code}"),
        }
    }
    assert_eq!(unreached, ELSEWHERE.iter().map(|(code, _, _)| *code).collect::<Vec<_>>());
}

#[test]
fn codes_listed_elsewhere_are_used_there() {
    for (code, path, function) in ELSEWHERE {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a source");
        let (_, body) = text.split_once(function).unwrap_or_else(|| panic!("{path} has no `{function}`"));
        let body = body.split("\ndef ").next().unwrap_or_default();
        assert!(body.contains(&format!("[{code}]")), "`{function}` of {path} does not name `{code}`");
    }
}

fn of_report(report: &Report) -> Reported {
    report.diagnostics().iter().map(|found| (found.code().as_str(), found.severity().as_str())).collect()
}

/// Returns what a command reports in the terminal.
fn printed(project: &Project, args: &[&str]) -> Reported {
    let run = project.run(args);
    let reported: Reported = run
        .stderr
        .lines()
        .filter_map(|line| {
            let (severity, rest) = line.split_once('[')?;
            let severity = ["error", "warning", "note"].into_iter().find(|known| *known == severity)?;
            let (code, _) = rest.split_once("]: ")?;
            let code: Code = code.parse().unwrap_or_else(|error| panic!("{args:?}: {error}"));
            Some((code.as_str(), severity))
        })
        .collect();
    assert!(!reported.is_empty(), "{args:?} reports nothing: {run:?}");
    reported
}

fn all(runs: impl IntoIterator<Item = Reported>) -> Reported {
    runs.into_iter().flatten().collect()
}
