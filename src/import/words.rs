//! Finds the field of a column by the words of its name, in English, German, French and Spanish.
//!
//! The rules are ordered: a name such as `Location of data processing` has words of several fields, and the first rule that
//! matches decides. Compounds (`Verarbeitungsort`) are recognized by their parts.

use super::fields::{Field, plain};

/// How well the words of a name describe a field: a lower rank wins if two columns fit one field.
pub type Rank = u8;

/// The rank of a name that clearly describes its field.
const CLEAR: Rank = 3;

const PLACE: &[&str] = &[
    "location*",
    "localisation*",
    "localizacion*",
    "countr*",
    "region*",
    "place",
    "places",
    "residency",
    "jurisdiction*",
    "geograph*",
    "territor*",
    "land",
    "lander",
    "landern",
    "*standort*",
    "ort",
    "orte",
    "*ungsort*",
    "serverort",
    "speicherort",
    "lieu",
    "lieux",
    "pays",
    "ubicacion*",
    "pais",
    "paises",
    "lugar*",
    "zone*",
    "zona*",
    "where",
    "datacenter*",
    "city",
    "sitzland",
    "herkunftsland",
    "zielland",
];
const SEAT: &[&str] = &[
    "hq",
    "headquarter*",
    "headquartered",
    "domicile*",
    "seat",
    "sitz",
    "*firmensitz",
    "hauptsitz",
    "unternehmenssitz",
    "sitzland",
    "siege",
    "sede",
];
const OFFICE: &[&str] = &["office", "offices"];
const COMPANY: &[&str] = &[
    "corporate",
    "incorporat*",
    "establish*",
    "registered",
    "registration",
    "entity",
    "vendor*",
    "provider*",
    "company",
    "supplier*",
    "legal",
    "parent",
    "head",
    "main",
    "principal",
    "unternehmen*",
    "firma",
    "firmen*",
    "anbieter*",
    "niederlassung*",
    "societe",
    "entreprise",
    "prestataire*",
    "fournisseur*",
    "empresa",
    "proveedor*",
    "gesellschaft*",
];
const PROCESSING: &[&str] = &[
    "process*",
    "data",
    "hosting",
    "hosted",
    "host",
    "storage",
    "stored",
    "server*",
    "service",
    "services",
    "datacenter*",
    "center",
    "centre",
    "verarbeit*",
    "datenverarbeit*",
    "daten",
    "speicher*",
    "traitement*",
    "donnees",
    "hebergement*",
    "tratamiento*",
    "datos",
    "alojamiento*",
    "almacen*",
    "operation*",
];
const PURPOSE: &[&str] = &[
    "purpose*",
    "*zweck*",
    "finalite*",
    "finalidad*",
    "proposito*",
    "activit*",
    "actividad*",
    "*tatigkeit*",
    "function*",
    "functionality",
    "funktion*",
    "fonction*",
    "funcion*",
    "task*",
    "aufgabe*",
    "reason*",
    "why",
    "warum",
    "pourquoi",
];
const WEAK_PURPOSE: &[&str] = &[
    "description*",
    "beschreibung*",
    "descripcion*",
    "use",
    "uses",
    "usage",
    "usages",
    "used",
    "uso",
    "utilisation*",
    "what",
    "nature",
    "objet",
    "but",
    "objeto",
    "scope",
    "leistung*",
    "gegenstand",
    "auftragsinhalt",
    "auftragsgegenstand",
    "does",
    "naturaleza",
];
const DATA: &[&str] = &["data", "daten", "daten*", "*daten", "donnees", "datos", "pii"];
const DATA_PART: &[&str] = &[
    "categor*",
    "*kategorie*",
    "type",
    "types",
    "typ",
    "typen",
    "tipo",
    "tipos",
    "art",
    "arten",
    "*arten",
    "*art",
    "processed",
    "process",
    "access*",
    "involv*",
    "shar*",
    "personal",
    "personen*",
    "personnel*",
    "personales",
    "customer*",
    "client*",
    "kunden*",
    "collect*",
    "handled",
    "element*",
    "kind*",
    "stored",
    "transferred",
    "reach",
    "sent",
    "used",
    "exposed",
    "received",
    "affected",
    "verarbeitet*",
    "betroffen*",
    "traitees",
    "tratados",
    "user",
    "end",
    "caracter",
    "field*",
    "it",
    "can",
    "likely",
    "what",
    "which",
    "welche",
    "quelles",
    "shared",
    "subject*",
    "scope",
    "description*",
    "nature",
];
const NO_DATA: &[&str] = &[
    "processor*",
    "importer*",
    "exporter*",
    "controller*",
    "center*",
    "centre*",
    "protection",
    "privacy",
    "breach*",
    "agreement*",
    "addendum*",
    "source*",
    "security",
    "datenschutz*",
    "protec*",
];
const PROVIDER: &[&str] = &[
    "vendor*",
    "provider*",
    "supplier*",
    "processor*",
    "partner*",
    "contractor*",
    "anbieter*",
    "dienstleister*",
    "*auftragnehmer*",
    "subunternehmer*",
    "prestataire*",
    "fournisseur*",
    "proveedor*",
    "destinatario*",
];
const SUBPROCESSOR: &[&str] = &[
    "subprocessor*",
    "*auftragsverarbeiter*",
    "subencargado*",
    "subprocesador*",
    "encargado*",
    "soustraitant*",
    "traitant*",
    "traitants",
    "*verarbeiter",
];
const COMPANY_NAME: &[&str] = &[
    "company",
    "companies",
    "organization*",
    "organisation*",
    "entity",
    "entities",
    "unternehmen",
    "firma",
    "societe*",
    "entreprise*",
    "entite*",
    "empresa*",
    "entidad*",
    "gesellschaft",
];
const AFFILIATE: &[&str] = &[
    "affiliate*",
    "affiliation",
    "subsidiar*",
    "konzernunternehmen",
    "konzerngesellschaft*",
    "tochter*",
    "gruppenunternehmen",
    "gruppengesellschaft*",
    "verbundene*",
    "filiale*",
    "filial",
    "affilie*",
    "intragroup",
];
const NAME: &[&str] = &["name", "names", "nom", "noms", "nombre", "nombres"];
const TOOL: &[&str] = &["tool", "tools", "platform", "software", "application", "app"];
const DATE: &[&str] = &["date", "dates", "datum", "fecha", "since", "seit", "depuis", "desde", "on", "from"];

/// Whether a column name says that its cells have an address.
pub fn has_address(name: &str) -> bool {
    let patterns = ["address*", "adresse*", "anschrift*", "direccion*"];
    plain(name).split(' ').any(|word| patterns.iter().any(|pattern| fits(word, pattern)))
}

/// Whether the words of a column name say that the column has the names of affiliates.
pub fn is_affiliate(name: &str) -> bool {
    let words: Vec<&str> = name.split(' ').collect();
    let group = words.iter().any(|word| matches!(*word, "group" | "groupe" | "grupo" | "konzern"));
    let company = words.iter().any(|word| COMPANY_NAME.iter().any(|pattern| fits(word, pattern)));
    words.len() <= 4
        && !words.iter().any(|word| matches!(*word, "parent" | "non" | "is" | "or" | "and"))
        && (words.iter().any(|word| AFFILIATE.iter().any(|pattern| fits(word, pattern))) || (group && company))
}

/// Returns the field that the words of a column name describe, and how clearly. The words are normalized by
/// [`plain`](super::fields::plain).
pub fn field(name: &str) -> Option<(Field, Rank)> {
    let joined = name
        .replace("sub processor", "subprocessor")
        .replace("sous traitant", "soustraitant")
        .replace("sub encargado", "subencargado")
        .replace("service provider", "provider")
        .replace("third part", "vendor")
        .replace("data center", "datacenter")
        .replace("data centre", "datacenter");
    let words: Vec<&str> = joined.split(' ').filter(|word| !word.is_empty()).collect();
    if words.is_empty() || words.len() > 12 {
        return None;
    }
    let has = |patterns: &[&str]| words.iter().any(|word| patterns.iter().any(|pattern| fits(word, pattern)));
    let only = |field: Field| Some((field, CLEAR));
    if words == ["mail"] {
        return only(Field::Contact);
    }
    let data = has(DATA) && !has(NO_DATA);
    let place = has(PLACE);
    if has(&["email*", "phone*", "contact*", "kontakt*", "contacto*", "ansprechpartner*"]) {
        return only(Field::Contact);
    }
    if has(&["address*", "adresse*", "anschrift*", "direccion*"]) && !has(&["ip", "web"]) {
        // `Name and address`: the name, with the address below it or after a comma.
        if has(NAME) || (has(SUBPROCESSOR) && words.len() > 1 && has(&["and", "und", "et", "y"])) {
            return only(Field::Name);
        }
        return only(Field::Address);
    }
    let agreement = has(&["agreement*", "addendum*", "contract*", "vertrag*", "contrat*"]);
    if has(&["dpa", "dpas", "avv"]) || (agreement && has(&["data", "processing", "auftragsverarbeit*"])) {
        return only(Field::DpaUrl);
    }
    if has(&[
        "url",
        "urls",
        "website*",
        "webseite*",
        "homepage*",
        "internetseite*",
        "link*",
        "lien*",
        "enlace*",
        "web",
        "site",
        "sitio*",
    ]) {
        let other = [
            "privacy",
            "policy",
            "polic*",
            "terms",
            "security",
            "trust",
            "documentation",
            "docs",
            "status",
            "datenschutz*",
        ];
        return match () {
            () if has(&["list*", "their"]) => only(Field::SubprocessorsUrl),
            () if has(&other) => None,
            () => only(Field::Website),
        };
    }
    if has(&["lei"]) {
        return only(Field::Lei);
    }
    if has(&["euid"]) {
        return only(Field::Euid);
    }
    if has(&[
        "transfer",
        "transfers",
        "transfert",
        "transferts",
        "transferencia*",
        "*ubermittlung*",
        "drittland*",
        "safeguard*",
        "garantie*",
        "garantia*",
        "mechanism*",
        "mecanism*",
        "scc",
        "sccs",
        "adequacy",
    ]) {
        let supplementary = has(&["supplementary", "additional", "zusatzlich*", "supplementaire*", "complementaria*"]);
        return only(if supplementary { Field::SupplementaryMeasures } else { Field::TransferMechanism });
    }
    if has(&["matter"]) {
        return only(Field::SubjectMatter);
    }
    if has(&["subjects", "betroffene", "betroffenen", "interesados", "concernees", "individuals"])
        || (has(&["subject", "betroffener"]) && data)
    {
        return only(Field::DataSubjects);
    }
    if has(&["special", "sensitive", "sensible*", "besondere*", "especial*"])
        && (data || has(&["categor*", "*kategorie*"]))
    {
        return only(Field::SpecialCategories);
    }
    if has(&["retention", "aufbewahrung*", "speicherdauer", "loschfrist*", "conservation", "conservacion", "retencion"])
    {
        return only(Field::Retention);
    }
    if has(&["duration", "dauer", "duree", "duracion", "laufzeit"]) {
        return only(Field::Duration);
    }
    let purpose = has(PURPOSE);
    if has(SEAT) || (has(OFFICE) && has(COMPANY)) {
        let processing =
            has(&["processing", "verarbeit*", "traitement*", "tratamiento*", "hosting", "storage", "server*"]);
        return only(if processing { Field::Locations } else { Field::CorporateLocation });
    }
    if place {
        let stated_purpose = has(&["purpose*", "*zweck*", "finalite*", "finalidad*", "proposito*"]);
        return match () {
            () if stated_purpose => None,
            () if has(PROCESSING) || has(SUBPROCESSOR) => only(Field::Locations),
            () if has(COMPANY) => only(Field::CorporateLocation),
            () => only(Field::Locations),
        };
    }
    let described = has(&["description*", "nature", "beschreibung*", "descripcion*", "what"])
        && has(&["processing", "verarbeitung", "traitement"]);
    if purpose || described {
        return only(Field::Purpose);
    }
    if data && (words.len() == 1 || has(DATA_PART)) {
        return only(Field::DataCategories);
    }
    if has(&["information", "informationen", "informations", "informacion"])
        && has(&["personal", "type", "types", "categor*", "customer", "personen*"])
    {
        return only(Field::DataCategories);
    }
    if let Some(found) = dates(&has) {
        return only(found);
    }
    if has(&["relation*", "role", "roles", "rolle", "beziehung*", "relacion*"]) {
        return only(Field::Role);
    }
    if has(&["former", "formerly", "previous", "fruher*", "ancien*", "anterior*"]) {
        return has(NAME).then_some((Field::FormerNames, CLEAR));
    }
    let service =
        has(&["service", "services", "dienst", "dienste", "*dienstleistung*", "servicio*", "dienstleistungen"]);
    if has(&["type", "types", "typ", "art", "tipo"]) && (service || has(&["processing", "verarbeitung"])) {
        return Some((Field::Purpose, 5));
    }
    if is_affiliate(&joined) && !has(&["type", "types", "role"]) {
        return Some((Field::Name, 4));
    }
    if has(&[
        "category",
        "categories",
        "categorie*",
        "categoria*",
        "kategorie*",
        "type",
        "typ",
        "tipo",
        "group",
        "gruppe",
    ]) {
        return only(Field::Category);
    }
    if has(&["legal", "registered", "official", "full"]) && (has(NAME) || has(COMPANY_NAME)) {
        return only(Field::LegalName);
    }
    if has(&["optional*", "condition*", "applies", "applicab*", "bedingung*", "condicion*"]) {
        return only(Field::Condition);
    }
    if has(&["parent", "customer*", "number", "count", "id", "logo", "changes", "change"]) {
        return None;
    }
    if has(SUBPROCESSOR) || (has(NAME) && !service) {
        return only(Field::Name);
    }
    if has(PROVIDER) {
        return Some((Field::Name, 4));
    }
    if has(WEAK_PURPOSE) && !has(&["by"]) {
        return Some((Field::Purpose, 5));
    }
    if service && !has(NAME) {
        return Some((Field::Purpose, 6));
    }
    if has(COMPANY_NAME) {
        return Some((Field::Name, 5));
    }
    (has(TOOL) && words.len() <= 2).then_some((Field::Name, 7))
}

fn dates(has: &impl Fn(&[&str]) -> bool) -> Option<Field> {
    if has(&["updated", "modified", "reviewed", "aktualisiert", "review", "change", "changed"]) {
        return None;
    }
    let dated = has(DATE);
    match () {
        () if dated
            && has(&["announced", "notified", "notification*", "notice", "angekundigt", "annonce", "aviso"]) =>
        {
            Some(Field::Announced)
        }
        () if dated && has(&["removed", "removal", "end", "until", "termination", "terminated", "ende", "fin"]) => {
            Some(Field::Ends)
        }
        () if dated
            && has(&[
                "added",
                "addition",
                "start*",
                "effective",
                "engaged",
                "onboard*",
                "since",
                "seit",
                "depuis",
                "desde",
                "hinzugefugt",
                "beginn",
                "ajout",
                "debut",
                "inicio",
                "gultig",
                "appointed",
            ]) =>
        {
            Some(Field::Effective)
        }
        () => None,
    }
}

/// Whether a word fits a pattern, in which `*` stands for any beginning or ending.
pub(super) fn fits(word: &str, pattern: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(_), Some(_)) => word.contains(pattern.trim_matches('*')),
        (Some(ending), None) => word.ends_with(ending),
        (None, Some(beginning)) => word.starts_with(beginning),
        (None, None) => word == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fields::Field;

    #[test]
    fn finds_fields_by_the_words_of_published_column_names() {
        for (field, names) in [
            (
                Field::Name,
                &[
                    "Third-party Entity",
                    "Third Party Processor",
                    "Data Processor",
                    "LLM sub-processor",
                    "Name of Vendor",
                    "Sub-processor(s)",
                    "Unterauftragsverarbeiter",
                    "Name des Unterauftragsverarbeiters",
                    "Anbieter",
                    "Dienstleister",
                    "Sous-traitant ultérieur",
                    "Nom du sous-traitant",
                    "Prestataire",
                    "Proveedor",
                    "Subencargado del tratamiento",
                    "Nombre",
                    "Infrastructure provider",
                    "Entity Name",
                ][..],
            ),
            (
                Field::Purpose,
                &[
                    "Description/Purpose",
                    "Purpose/Services",
                    "Role / Purpose",
                    "Subprocessing Activities",
                    "Sub-processor Activity",
                    "Activity",
                    "Related Services",
                    "Zweck der Verarbeitung",
                    "Verarbeitungszweck",
                    "Zweck",
                    "Tätigkeit",
                    "Finalité",
                    "Finalité du traitement",
                    "Finalidad",
                    "Propósito del tratamiento",
                    "What they do",
                    "Service(s) provided",
                    "Purpose of data processing",
                    "Type of service",
                    "Processing Activities",
                    "Description of data processing",
                ][..],
            ),
            (
                Field::DataCategories,
                &[
                    "Data type",
                    "Data Types",
                    "Customer data processed",
                    "Customer data involved",
                    "Customer Personal Data categories",
                    "Categories of Data Accessed",
                    "Broad data category",
                    "Likely data categories",
                    "Example Data Processed",
                    "Data it can reach",
                    "Data Types / Access (data)",
                    "Datenkategorien",
                    "Art der Daten",
                    "Verarbeitete Daten",
                    "Kategorien personenbezogener Daten",
                    "Catégories de données",
                    "Données traitées",
                    "Données à caractère personnel",
                    "Categorías de datos",
                    "Datos personales",
                    "Type of Personal Information",
                    "dataProcessed",
                    "Personal data shared",
                ][..],
            ),
            (
                Field::Locations,
                &[
                    "Location of Data Processing",
                    "Location of Subprocessors",
                    "Region of processing",
                    "Geographic Location",
                    "Typical Processing Location(s)",
                    "Data Processing Region",
                    "Place of Data Processing",
                    "Place of Data Handling",
                    "Ort der Verarbeitung",
                    "Verarbeitungsort",
                    "Serverstandort",
                    "Land",
                    "Lieu de traitement",
                    "Pays",
                    "Localisation",
                    "Ubicación",
                    "País",
                    "Lugar del tratamiento",
                    "Hosting location",
                    "Data Center Location",
                    "Location (Country)",
                    "Processing location of the provider",
                    "Country / Region",
                ][..],
            ),
            (
                Field::CorporateLocation,
                &[
                    "Corporate Office",
                    "Corporate HQ",
                    "HQ Location",
                    "Provider Location",
                    "HQ",
                    "Entity Country",
                    "Firmensitz",
                    "Sitz",
                    "Siège social",
                    "Sede",
                    "Country of incorporation",
                    "Vendor Country",
                    "Headquarters (country)",
                ][..],
            ),
            (
                Field::TransferMechanism,
                &[
                    "Transfer Mechanism",
                    "Safeguards",
                    "International transfers",
                    "Garantien",
                    "Mécanisme de transfert",
                    "Garantías",
                    "Data transfer mechanism",
                    "Übermittlungsgrundlage",
                ][..],
            ),
            (
                Field::Website,
                &["Website", "Web site", "Provider website", "Site web", "Sitio web", "Webseite", "Link to website"][..],
            ),
            (Field::Address, &["Registered address", "Anschrift", "Adresse", "Dirección"][..]),
            (Field::Category, &["Category", "Service category", "Vendor type", "Kategorie"][..]),
            (Field::Effective, &["Date added", "Start date", "Onboarding date", "Added on"][..]),
            (
                Field::DataSubjects,
                &["Data subjects", "Categories of data subjects", "Betroffene Personen", "Personnes concernées"][..],
            ),
            (Field::DpaUrl, &["DPA", "Link to DPA", "Data Processing Agreement"][..]),
        ] {
            for name in names {
                assert_eq!(Field::of_column(name), Some(field), "{name}");
            }
        }
    }

    #[test]
    fn leaves_other_columns_alone() {
        for name in [
            "Notes",
            "Privacy policy link",
            "Last updated",
            "Date",
            "Purpose and location",
            "Security review",
            "Price",
            "#",
            "Parent company",
            "Name / Location",
            "Additional information",
        ] {
            assert_eq!(Field::of_column(name), None, "{name}");
        }
    }
}
