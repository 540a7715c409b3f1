//! What headings, names of sheets and names of variables say about the list below them: a role, a category, or that it is not a list
//! of current subprocessors.

use super::cell::Cell;
use super::fields::plain;
use super::values;
use super::words::fits;
use crate::model::{Date, Role};

/// Words of texts about subprocessors that are no longer in use, or not yet. `*` means any beginning or ending.
const NOT_CURRENT: &[&str] = &[
    // English
    "former",
    "previous",
    "previously",
    "past",
    "removed",
    "removal",
    "removals",
    "archive",
    "archived",
    "deprecated",
    "replaced",
    "superseded",
    "inactive",
    "retired",
    "terminated",
    "discontinued",
    "decommissioned",
    "offboarded",
    "obsolete",
    "expired",
    "ended",
    "withdrawn",
    "deleted",
    "historic",
    "historical",
    "sunset",
    "sunsetted",
    "disengaged",
    "cancel*",
    "upcoming",
    "planned",
    "future",
    "proposed",
    "pending",
    // German
    "ehemalig*",
    "fruhere*",
    "vorherige*",
    "vergangene*",
    "beendet*",
    "entfernt*",
    "geloscht*",
    "ausgeschieden*",
    "abgelost*",
    "inaktiv*",
    "archiviert*",
    "archiv",
    "veraltet*",
    "historisch*",
    "geplant*",
    "kunftig*",
    "zukunftig*",
    "ausstehend*",
    // French
    "ancien",
    "anciens",
    "ancienne",
    "anciennes",
    "precedent*",
    "retire",
    "retires",
    "retiree*",
    "supprime*",
    "resilie*",
    "inactif*",
    "inactive*",
    "archives",
    "archivee*",
    "obsoletes",
    "historique",
    "historiques",
    "futur*",
    "prevu*",
    // Spanish
    "antiguo*",
    "antigua*",
    "anterior",
    "anteriores",
    "previo*",
    "previa*",
    "retirado*",
    "retirada*",
    "eliminado*",
    "eliminada*",
    "cesado*",
    "inactivo*",
    "inactiva*",
    "historico*",
    "historica*",
    "archivado*",
    "obsoleto*",
    "proximo*",
    "previsto*",
    "pendiente*",
];

/// Phrases with the same meaning.
const NOT_CURRENT_PHRASES: &[&str] = &[
    "no longer",
    "not in use",
    "not used",
    "out of use",
    "phased out",
    "used to use",
    "not current",
    "not active",
    "not yet",
    "coming soon",
    "stopped using",
    "ex subprocessors",
    "old subprocessors",
    "old sub processors",
    "old vendors",
    "old list",
    "nicht mehr",
    "noch nicht",
    "ne sont plus",
    "plus utilise",
    "a venir",
    "ya no",
    "dado de baja",
    "dados de baja",
    "por venir",
];

/// Words of texts about a log of changes. A page as a whole may be called so and still list the current subprocessors.
const LOG: &[&str] = &[
    "history",
    "changelog",
    "changes",
    "change",
    "revision",
    "revisions",
    "updates",
    "anderung*",
    "modifications",
    "historial",
    "cambios",
    "aktualisierung*",
];

/// Words that say that a list is current, although it is next to former ones: `Current and former subprocessors`.
const CURRENT: &[&str] =
    &["current", "currently", "present", "active", "aktuell*", "actuel*", "actual", "actuales", "today"];

/// Words of headings above lists of other things.
const OTHER_LISTS: &[&str] = &[
    "cookie*",
    "tracker*",
    "trackers",
    "certification*",
    "certificate*",
    "glossary",
    "definitions",
    "abbreviations",
    "acronyms",
    "measures",
    "controls",
    "contacts",
    "team",
    "faq*",
    "resources",
    "rights",
    "collect*",
    "employees",
    "incidents",
    "zertifi*",
    "glossar",
    "glossaire",
    "glosario",
];

/// Words for subprocessors.
const SUBPROCESSORS: &[&str] = &[
    "subprocessor*",
    "processor*",
    "vendor*",
    "provider*",
    "supplier*",
    "*auftragsverarbeiter*",
    "*unterauftragnehmer*",
    "subunternehmer*",
    "dienstleister*",
    "anbieter*",
    "traitant*",
    "prestataire*",
    "fournisseur*",
    "subencargado*",
    "encargado*",
    "proveedor*",
    "affiliate*",
    "subsidiar*",
    "recipient*",
    "subcontractor*",
    "thirdparty",
    "thirdparties",
    "drittanbieter*",
    "drittparteien",
    "unterauftrag*",
    "subcontratista*",
    "destinataire*",
    "destinatario*",
    "empfanger*",
];

fn has(words: &[&str], patterns: &[&str]) -> bool {
    words.iter().any(|word| patterns.iter().any(|pattern| fits(word, pattern)))
}

/// Whether a text is about subprocessors that are no longer in use, or not yet.
pub(super) fn is_not_current(text: &str) -> bool {
    let plain = plain(text);
    let words: Vec<&str> = plain.split(' ').collect();
    let spaced = format!(" {plain} ");
    let phrase = NOT_CURRENT_PHRASES.iter().any(|phrase| spaced.contains(&format!(" {phrase}")));
    (has(&words, NOT_CURRENT) || phrase) && !has(&words, CURRENT)
}

/// Whether a heading says that the list below it holds from a later date: `Subprocessors as of 1 June 2030`.
pub(super) fn starts_after(heading: &str, as_of: Date) -> bool {
    let starts = [
        "as of ",
        "as from ",
        "from ",
        "effective ",
        "starting ",
        "ab dem ",
        "ab ",
        "zum ",
        "partir du ",
        "partir del ",
    ];
    let lower = heading.to_lowercase();
    let words: Vec<&str> = starts.iter().filter_map(|start| lower.split_once(start)).map(|(_, rest)| rest).collect();
    words.into_iter().any(|rest| {
        let rest: Vec<&str> = rest.split_whitespace().take(5).collect();
        let dates =
            (1..=rest.len()).filter_map(|length| values::date(&Cell::new(&rest[..length].join(" "), None), None).value);
        dates.into_iter().any(|date| date > as_of)
    })
}

/// Whether a heading begins a usual part of a page that no subprocessor has as its name, such as `Contact`.
pub(super) fn is_part_of_page(heading: &str) -> bool {
    const PARTS: &[&str] = &[
        "contact",
        "contacts",
        "contact us",
        "contact information",
        "legal",
        "links",
        "resources",
        "faq",
        "faqs",
        "questions",
        "terms",
        "further information",
        "more information",
        "your rights",
        "kontakt",
        "glossary",
        "glossar",
        "abbreviations",
        "cookies",
        "certifications",
        "definitions",
        "introduction",
        "overview",
    ];
    PARTS.contains(&plain(heading).as_str())
}

/// Whether a heading is the name of a usual group of subprocessors, such as `Infrastructure`.
pub(super) fn is_usual_category(heading: &str) -> bool {
    const WORDS: &[&str] = &[
        "infrastructure*",
        "hosting",
        "cloud",
        "storage",
        "communication*",
        "email*",
        "mail",
        "messaging",
        "support",
        "payment*",
        "billing",
        "analytics",
        "monitoring",
        "logging",
        "logs",
        "crm",
        "marketing",
        "sales",
        "ai",
        "development",
        "engineering",
        "collaboration",
        "productivity",
        "optional",
        "core",
        "infrastruktur",
        "kommunikation",
        "zahlung*",
        "hebergement",
        "paiement*",
        "alojamiento",
        "pagos",
    ];
    let plain = words_of(heading);
    has(&plain.split(' ').collect::<Vec<_>>(), WORDS) && !is_other_items(heading)
}

/// Returns the text in brackets after a name that says that the subprocessor is no longer in use: `Alfa (terminated)`. A former name
/// is not one: `Alfa (formerly Alpha)`.
pub(super) fn ended_in_brackets(name: &str) -> Option<String> {
    let (_, inside) = name.strip_suffix([')', ']'])?.rsplit_once(['(', '['])?;
    let plain = plain(inside);
    let first = plain.split(' ').next().unwrap_or_default();
    let ended = [
        "retired",
        "terminated",
        "removed",
        "discontinued",
        "inactive",
        "deprecated",
        "offboarded",
        "ended",
        "decommissioned",
        "beendet",
        "entfernt",
        "supprime",
        "retire",
        "eliminado",
        "retirado",
    ];
    let says = ended.contains(&first) || plain == "former" || plain.starts_with("no longer");
    says.then(|| inside.trim().to_owned())
}

/// Whether a text is about changes of a list.
pub(super) fn is_log(text: &str) -> bool {
    has(&plain(text).split(' ').collect::<Vec<_>>(), LOG)
}

/// Whether a text is about other things than subprocessors.
pub(super) fn is_other_list(text: &str) -> bool {
    let plain = plain(text);
    let words: Vec<&str> = plain.split(' ').collect();
    has(&words, OTHER_LISTS) && !has(&words, SUBPROCESSORS)
}

/// Returns the normalized words of a text, in which `third party` is one word.
fn words_of(text: &str) -> String {
    plain(text).replace("third part", "thirdpart").replace("sub processor", "subprocessor")
}

/// Whether a text is about subprocessors, or names a role that they have.
pub(super) fn is_about_subprocessors(text: &str) -> bool {
    let plain = words_of(text);
    let words: Vec<&str> = plain.split(' ').collect();
    has(&words, SUBPROCESSORS) || role(&words).is_some()
}

/// Whether a heading says that current subprocessors are listed below it.
pub(super) fn names_list(heading: &str) -> bool {
    is_about_subprocessors(heading) && !is_not_current(heading) && !is_log(heading)
}

/// Whether a heading says only that the list is below it, such as `Our subprocessors`.
pub(super) fn is_title_of_list(heading: &str) -> bool {
    let plain = words_of(heading);
    names_list(heading) && !is_specific(&plain.split(' ').collect::<Vec<_>>())
}

/// Whether the items below a heading about something else are not subprocessors, unlike the rows of a table with column names.
pub(super) fn is_other_items(heading: &str) -> bool {
    const WORDS: &[&str] =
        &["contact*", "link", "links", "legal", "question*", "information", "product", "products", "terms", "kontakt*"];
    let plain = words_of(heading);
    let words: Vec<&str> = plain.split(' ').collect();
    (has(&words, WORDS) || has(&words, OTHER_LISTS)) && !has(&words, SUBPROCESSORS)
}

/// Whether a text says that there are no subprocessors: `We have no subprocessors.`
pub(super) fn states_none(text: &str) -> bool {
    const NONE: &[&str] = &[
        "no subprocessors",
        "no sub processors",
        "not use any subprocessors",
        "not use any sub processors",
        "not use subprocessors",
        "not use sub processors",
        "not engage any subprocessors",
        "not engage any sub processors",
        "not have any subprocessors",
        "not have any sub processors",
        "no third party subprocessors",
        "no third party sub processors",
        "keine unterauftragsverarbeiter",
        "keine subunternehmer",
        "keine unterauftragnehmer",
        "aucun sous traitant",
        "ningun subencargado",
        "no subencargados",
        "sin subencargados",
    ];
    let plain = format!(" {} ", plain(text));
    NONE.iter().any(|phrase| plain.contains(&format!(" {phrase}")))
}

/// What a heading says about the subprocessors below it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Grouping {
    pub role: Option<Role>,
    pub category: Option<String>,
}

/// Words that may be next to the name of a role without changing what it says.
const AROUND_ROLES: &[&str] = &[
    "our",
    "the",
    "a",
    "all",
    "list",
    "lists",
    "of",
    "current",
    "active",
    "authorized",
    "authorised",
    "approved",
    "sub",
    "subprocessor",
    "subprocessors",
    "processor",
    "processors",
    "as",
    "and",
    "group",
    "companies",
    "company",
    "entities",
    "entity",
    "members",
    "corporate",
    "internal",
    "external",
    "service",
    "services",
    "provider",
    "providers",
    "vendor",
    "vendors",
    "controller",
    "controllers",
    "unternehmen",
    "unsere",
    "liste",
    "der",
    "die",
    "und",
    "nos",
    "les",
    "de",
    "nuestros",
    "nuestras",
    "los",
    "las",
    "lista",
    "independent",
    "other",
    "data",
    "who",
    "are",
    "unterauftragsverarbeiter",
    "sous",
    "traitants",
    "subencargados",
    "id",
    "du",
    "del",
    "dienstleister",
    "anbieter",
    "lieferanten",
    "prestataires",
    "proveedores",
    "separate",
    "acting",
];

/// Words that mean a role.
const ROLES: &[(Role, &[&str])] = &[
    (
        Role::Affiliate,
        &[
            "affiliate",
            "affiliates",
            "affiliated",
            "subsidiary",
            "subsidiaries",
            "intragroup",
            "konzernunternehmen",
            "konzerngesellschaften",
            "tochtergesellschaften",
            "verbundene",
            "tochterunternehmen",
            "gruppenunternehmen",
            "gruppengesellschaften",
            "filiales",
            "filiale",
            "filial",
            "affiliees",
            "affiliee",
            "affilies",
        ],
    ),
    (Role::Recipient, &["recipient", "recipients", "empfanger", "destinataires", "destinatarios"]),
    (
        Role::ThirdParty,
        &["thirdparty", "thirdparties", "external", "externe", "drittanbieter", "drittparteien", "tiers", "terceros"],
    ),
];

/// Words for the companies of a group.
const COMPANIES: &[&str] = &[
    "companies",
    "company",
    "entities",
    "entity",
    "members",
    "corporate",
    "our",
    "unternehmen",
    "gesellschaften",
    "societes",
    "entites",
    "empresas",
    "sociedades",
    "entidades",
];

/// Words that deny, or say whose subprocessors they are.
const NOT_A_ROLE: &[&str] = &[
    "not",
    "no",
    "non",
    "without",
    "except",
    "excluding",
    "nicht",
    "kein*",
    "ohne",
    "sans",
    "sin",
    "hors",
    "of",
    "de",
    "der",
    "for",
];

/// Returns the role that a heading names, if it names nothing else: `Affiliates`, but not `Affiliate marketing tools`.
fn role(words: &[&str]) -> Option<Role> {
    // `Recipients (no processors)`
    let denied = words.windows(2).position(|pair| matches!(pair[0], "no" | "not") && pair[1].starts_with("processor"));
    let words = &words[..denied.unwrap_or(words.len())];
    let found: Vec<&Role> = ROLES.iter().filter(|(_, names)| has(words, names)).map(|(role, _)| role).collect();
    let is_role = |word: &&str| ROLES.iter().any(|(_, names)| names.contains(word));
    let known = |word: &&str| AROUND_ROLES.contains(word) || COMPANIES.contains(word) || is_role(word);
    // `Sub-processors of our affiliates` are not the affiliates.
    let of = words.iter().position(|word| matches!(*word, "of" | "de" | "der")).map_or(0, |at| at + 1);
    let before =
        words[..of].iter().any(|word| !matches!(*word, "list" | "lists" | "lista" | "liste" | "of" | "de" | "der"));
    let group = has(words, &["group", "groupe", "grupo", "gruppe", "konzern"]) && has(words, COMPANIES);
    // `Vendors and affiliates` are both.
    let is_processor = |word: &&str| has(&[word], SUBPROCESSORS) && !is_role(word);
    let first = words.iter().position(is_role).unwrap_or(words.len());
    let joined = words[..first].iter().any(is_processor)
        || (has(words, &["and", "und", "et", "y"]) && words.iter().any(is_processor));
    // `Acme subsidiaries`
    let named = || {
        let last = words.last().is_some_and(|word| ROLES[0].1.contains(word)) || (group && words.len() > 2);
        last && words.len() <= 4 && !has(words, NOT_A_ROLE) && !has(words, &["and", "und", "et", "y"])
    };
    let controllers = has(words, &["controller", "controllers", "verantwortliche*", "responsables"]);
    match found.as_slice() {
        [Role::Affiliate] if joined || before => None,
        [Role::Affiliate] | [] if !words.iter().all(known) => named().then_some(Role::Affiliate),
        _ if before || !words.iter().all(known) => None,
        [role] => Some(Role::clone(role)),
        // `Third-party recipients (independent controllers)` are recipients.
        [Role::Recipient, _] => Some(Role::Recipient),
        [] if group => Some(Role::Affiliate),
        [] if controllers && !words.iter().any(is_processor) => Some(Role::Recipient),
        _ => None,
    }
}

/// Interprets a heading: the name of a role, or else of a category.
pub(super) fn grouping(heading: &str) -> Grouping {
    let plain = words_of(heading);
    let words: Vec<&str> = plain.split(' ').collect();
    match role(&words) {
        Some(role) => Grouping { role: Some(role), category: None },
        // "Infrastructure subprocessors" is a category, "Our subprocessors" is not.
        None if !plain.is_empty() && is_specific(&words) => {
            Grouping { role: None, category: Some(heading.trim_end_matches(':').trim().to_owned()) }
        }
        None => Grouping::default(),
    }
}

/// Whether a heading says more than that it is the list.
fn is_specific(words: &[&str]) -> bool {
    const COMMON: &[&str] = &[
        "our",
        "the",
        "list",
        "lists",
        "of",
        "current",
        "sub",
        "processor",
        "processors",
        "subprocessor",
        "subprocessors",
        "overview",
        "vendor",
        "vendors",
        "authorized",
        "approved",
        "engaged",
        "we",
        "use",
        "used",
        "all",
        "and",
        "table",
        "supplier",
        "suppliers",
        "provider",
        "providers",
        "service",
        "active",
        "unsere",
        "liste",
        "der",
        "die",
        "aktuelle",
        "aktuell",
        "unterauftragsverarbeiter",
        "subunternehmer",
        "nos",
        "sous",
        "traitants",
        "ulterieurs",
        "des",
        "les",
        "nuestros",
        "subencargados",
        "lista",
        "de",
        "los",
        "by",
        "data",
        "thirdparty",
        "thirdparties",
        "page",
        "updated",
        "last",
        "for",
        "customer",
        "customers",
        "personal",
        "a",
        "as",
        "at",
        "id",
        // Keys of data files and names of sheets.
        "edges",
        "edge",
        "node",
        "nodes",
        "items",
        "item",
        "entries",
        "rows",
        "records",
        "results",
        "values",
        "value",
        "content",
        "contents",
        "default",
        "export",
        "array",
        "json",
        "sheet",
        "sheet1",
        "tabelle1",
        "tabelle",
        "feuil1",
        "hoja1",
        "actual",
        "actuales",
        "actuel",
        "actuels",
        "present",
        "attributes",
        "fields",
        "companies",
        "entities",
    ];
    words.iter().any(|word| !COMMON.contains(word) && !word.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::{Role, grouping, is_not_current, is_other_list, states_none};

    #[test]
    fn former_and_upcoming_lists_are_not_current() {
        for text in [
            "Former subprocessors",
            "Retired",
            "Terminated vendors",
            "No longer in use",
            "Removed on 1 May 2025",
            "formerSubprocessors",
            "Ehemalige Unterauftragsverarbeiter",
            "Nicht mehr eingesetzt",
            "Anciens sous-traitants",
            "Antiguos subencargados",
            "Ya no se utilizan",
            "Upcoming subprocessors",
            "Phased out",
        ] {
            assert!(is_not_current(text), "{text}");
        }
        for text in ["Subprocessors", "Current and former subprocessors", "Formerly Acme", "Hosting", "Active"] {
            assert!(!is_not_current(text), "{text}");
        }
    }

    #[test]
    fn other_lists_are_recognized() {
        for text in ["Cookies", "cookies", "Our certifications"] {
            assert!(is_other_list(text), "{text}");
        }
        for text in ["Subprocessors and cookies", "Cookie vendors", "Hosting"] {
            assert!(!is_other_list(text), "{text}");
        }
        assert!(states_none("We have no subprocessors."));
        assert!(!states_none("We have no subprocessing of health data."));
    }

    #[test]
    fn headings_name_a_role_only_if_they_name_nothing_else() {
        for (text, role) in [
            ("Affiliates", Some(Role::Affiliate)),
            ("Our affiliated companies", Some(Role::Affiliate)),
            ("Group companies", Some(Role::Affiliate)),
            ("Affiliate sub-processors", Some(Role::Affiliate)),
            ("List of affiliates", Some(Role::Affiliate)),
            ("Third parties", Some(Role::ThirdParty)),
            ("Third-party subprocessors", Some(Role::ThirdParty)),
            ("Verbundene Unternehmen", Some(Role::Affiliate)),
            ("Third-party recipients (independent controllers)", Some(Role::Recipient)),
            ("Acme subsidiaries", Some(Role::Affiliate)),
            ("Our corporate group", Some(Role::Affiliate)),
            ("Acme group companies", Some(Role::Affiliate)),
            ("Sociétés affiliées", Some(Role::Affiliate)),
            ("Sociétés du groupe", Some(Role::Affiliate)),
            ("Externe Dienstleister", Some(Role::ThirdParty)),
            ("Independent controllers", Some(Role::Recipient)),
            ("Data recipients", Some(Role::Recipient)),
            ("Recipients (no processors)", Some(Role::Recipient)),
            ("Non-affiliated subprocessors", None),
            ("Vendors and affiliates", None),
            ("Affiliates and subprocessors", None),
            ("Controllers and processors", None),
            ("Affiliate marketing tools", None),
            ("Sub-processors of our affiliates", None),
            ("Not affiliates", None),
            ("Affiliates and third parties", None),
            ("Hosting", None),
        ] {
            assert_eq!(grouping(text).role, role, "{text}");
        }
        assert_eq!(grouping("Infrastructure subprocessors").category.as_deref(), Some("Infrastructure subprocessors"));
        for text in ["Our subprocessors", "Current", "edges", "Sheet1"] {
            assert_eq!(grouping(text).category, None, "{text}");
        }
    }
}
