//! Cells of every kind: each line has the name of a column, the text of a cell (HTML), and what it becomes: the value as JSON, or the
//! reason why it is not imported. A denial, a limitation or a misspelling never becomes a value.

use candor::diagnostic::Source;
use candor::import::{self, ImportOptions};
use serde_json::Value;

/// Returns what the cell of a column becomes, in a table in which only this cell is of interest.
fn becomes(column: &str, cells: &[&str]) -> String {
    let rows: Vec<String> =
        cells.iter().enumerate().map(|(at, cell)| format!("<tr><td>Alfa {at}<td>Hosting<td>{cell}")).collect();
    let text = format!("<table><tr><th>Name<th>Purpose<th>{column}{}</table>", rows.concat());
    let (imported, report) = import::read(&Source::new("a.html", text), &ImportOptions::default());
    let imported =
        imported.filter(|_| !report.has_errors()).unwrap_or_else(|| panic!("{column}, {cells:?}: {report:#?}"));
    let item = serde_json::to_value(imported.items[0].as_ref()).expect("JSON");
    let account = imported.account.cells.iter().find(|cell| cell.row == 1 && cell.column == 3).expect("a cell");
    let reported = report.diagnostics().iter().any(|found| found.code().as_str() == "import-cell");
    let fields: Vec<String> = account
        .fields
        .iter()
        .map(|field| item.get(field.name()).unwrap_or(&Value::Null))
        .map(ToString::to_string)
        .collect();
    let stated =
        item.as_object().expect("an object").keys().any(|key| !["id", "name", "purpose"].contains(&key.as_str()));
    match account.remainder {
        Some(remainder) => {
            assert!(reported || remainder.as_str() == "no-value", "{column}, {cells:?}: nothing is reported");
            assert_eq!(stated, !fields.is_empty(), "{column}, {cells:?}: {item}");
            format!("{} ({})", fields.join(", "), remainder.as_str()).trim().to_owned()
        }
        None => fields.join(", "),
    }
}

fn check(cases: &[(&str, &str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .map(|(column, cell, expected)| (format!("{column}: {cell}"), becomes(column, &[cell]), *expected))
        .filter(|(_, found, expected)| found != expected)
        .map(|(case, found, expected)| format!("{case}\n  found    {found}\n  expected {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const NO: &str = "(not-a-value)";

#[test]
fn locations_are_countries_and_known_places() {
    let place = |code: &str, place: &str| format!(r#"[{{"code":"{code}","place":"{place}"}}]"#);
    let (frankfurt, dublin) = (place("DE", "Frankfurt"), place("IE", "Dublin"));
    let (boston, lehi, georgia) = (place("US", "Boston, MA"), place("US", "Lehi, UT"), place("US", "Georgia"));
    let ireland = place("EU", "Ireland");
    check(&[
        ("Location", "Kenia, Ghana", r#"["KE","GH"]"#),
        ("Location", "Katar, Oman", r#"["QA","OM"]"#),
        ("Location", "Macau, Hong Kong", r#"["MO","HK"]"#),
        ("Location", "Cape Verde, Portugal", r#"["CV","PT"]"#),
        ("Location", "Burma, Thailand", r#"["MM","TH"]"#),
        ("Location", "East Timor, Indonesia", r#"["TL","ID"]"#),
        ("Location", "Swaziland, South Africa", r#"["SZ","ZA"]"#),
        ("Location", "Malasia, Singapur", r#"["MY","SG"]"#),
        ("Location", "Palestinian Territories, Israel", r#"["PS","IL"]"#),
        ("Location", "Perú, Méjico", r#"["PE","MX"]"#),
        ("Location", "Nordirland", r#"["GB"]"#),
        ("Location", "Ivory Coast; Zaire", r#"["CI","CD"]"#),
        ("Location", "Germany (EU)", r#"["DE"]"#),
        ("Location", "Frankfurt, Germany", &frankfurt),
        ("Location", "Germany (Frankfurt)", &frankfurt),
        ("Location", "Germany - Frankfurt", &frankfurt),
        ("Location", "Dublin, IE", &dublin),
        ("Location", "Boston, MA, USA", &boston),
        ("Location", "Lehi, UT, USA", &lehi),
        ("Location", "Georgia, USA", &georgia),
        ("Location", "EU (Ireland)", &ireland),
        ("Location", "US, GB, CA", r#"["US","GB","CA"]"#),
        ("Location", "US &amp; CA", r#"["US","CA"]"#),
        // Regions, denials and limitations next to a country.
        ("Location", "Western Europe, USA", NO),
        ("Location", "Southeast Asia, Japan", NO),
        ("Location", "Rest of World, US", NO),
        ("Location", "Nordic countries, UK", NO),
        ("Location", "Latin America, Spain", NO),
        ("Location", "Outside (EU)", NO),
        ("Location", "Outside, EU", NO),
        ("Location", "Non - EU", NO),
        ("Location", "Non-EU", NO),
        ("Location", "Never, US", NO),
        ("Location", "EU (Never US)", NO),
        ("Location", "EU - US", NO),
        ("Location", "US (Germany)", NO),
        ("Location", "EU (UK)", NO),
        ("Location", "US (EU on request)", NO),
        ("Location", "EU (US fallback)", NO),
        ("Location", "US (Enterprise)", NO),
        ("Location", "Support (India)", NO),
        ("Location", "Engineering, India", NO),
        ("Location", "Servers: Germany", NO),
        ("Location", "Remote, CA, USA", NO),
        ("Location", "Germnay, France", NO),
        ("Location", "Irelnd, Germany", NO),
        ("Location", "Kosovo, Albania", NO),
        ("Location", "Dublin, USA", NO),
        ("Location", "Boston, MA, Germany", NO),
        // Two letters that are a state and a country.
        ("Location", "United States, VA", NO),
        ("Location", "United States, CA", NO),
        ("Location", "US, VA", NO),
        ("Location", "Peru, IN", NO),
        ("Location", "London, CA", NO),
        ("Location", "Wilmington, DE", NO),
        ("Location", "Canada, ON", NO),
        ("HQ", "Germany", r#""DE""#),
        ("HQ", "Boston, MA, USA", NO),
        // A denial is not Norway.
        ("EU data residency", "No", "(denied)"),
        ("Location", "no", "(denied)"),
        ("Location", "None", "(denied)"),
        ("Location", "US, No", NO),
        ("Location", "❌", "(denied)"),
        ("Location", "<s>US</s><br>Germany", r#"["DE"] (markup)"#),
        ("Location", "<span style='text-decoration: line-through'>US</span>, Germany", r#"["DE"] (markup)"#),
    ]);
}

#[test]
fn other_cells_of_a_column_say_what_codes_mean() {
    assert_eq!(becomes("Country", &["NO", "SE"]), r#"["NO"]"#);
    assert_eq!(becomes("Country", &["NO", "Yes", "SE"]), NO);
    assert_eq!(becomes("Country", &["NO"]), NO);
    for code in ["CA", "DE", "GA", "IN"] {
        assert_eq!(becomes("HQ", &[code, "NY", "TX"]), NO, "{code}");
        assert_eq!(becomes("HQ", &[code, "FR", "GB"]), format!("\"{code}\""));
    }
}

#[test]
fn mechanisms_are_not_denied_replaced_or_questioned() {
    check(&[
        ("Transfer mechanism", "SCC", r#""scc""#),
        ("Transfer mechanism", "✅ SCC", r#""scc""#),
        ("Transfer mechanism", "<del>DPF</del> SCC", r#""scc" (markup)"#),
        ("Transfer mechanism", "SCC (Module 2)", r#"[{"mechanism":"scc","note":"Module 2"}]"#),
        ("Transfer mechanism", "CCT", r#""scc""#),
        ("Transfer mechanism", "UK adequacy decision", r#"[{"mechanism":"adequacy","to":["GB"]}]"#),
        ("Transfer mechanism", "❌ DPF / ✅ SCC", NO),
        ("Transfer mechanism", "SCC ✗", NO),
        ("Transfer mechanism", "DPF in place of SCC", NO),
        ("Transfer mechanism", "DPF -&gt; SCC", NO),
        ("Transfer mechanism", "DPF → SCC", NO),
        ("Transfer mechanism", "SCC?", NO),
        ("Transfer mechanism", "keine", "(denied)"),
        ("Transfer mechanism", "None", "(denied)"),
        ("Transfer mechanism", "n/a", "(no-value)"),
    ]);
}

#[test]
fn conditions_name_one_feature() {
    let mail = r#"{"when":"enabled","feature":"Mail"}"#;
    check(&[
        ("Condition", "When Mail is enabled", mail),
        ("Condition", "Only with Mail", mail),
        ("Condition", "Always enabled", "null"),
        ("Optional", "No", "null"),
        ("Condition", "When SSO is not enabled", NO),
        ("Condition", "Unless AI is enabled", NO),
        ("Condition", "Not enabled", NO),
        ("Condition", "Except when Chat is enabled", NO),
        ("Condition", "Only if Chat is enabled and SMS is configured", NO),
        ("Condition", "Can be enabled", NO),
        ("Optional", "Yes", NO),
        ("Optional?", "Yes", NO),
    ]);
}

#[test]
fn denials_and_struck_text_are_no_values() {
    check(&[
        ("Data categories", "Names, logs", r#"["Names","logs"]"#),
        ("Data categories", "<s>Social security number</s>, Name", r#"["Name"] (markup)"#),
        ("Data categories", "<strike>Logs</strike>", "(markup)"),
        ("Data categories", "Names<sup>2</sup>", r#"["Names"] (markup)"#),
        ("Customer data?", "Yes", NO),
        ("Customer data?", "✓", NO),
        ("Customer data?", "EU only", NO),
        ("Data categories", "See Alfa", NO),
        ("Data categories", "as above", NO),
        ("Data categories", "IP, 1,000 events", r#"["IP","1,000 events"]"#),
        ("Data categories", "Names[^2]", r#"["Names"] (markup)"#),
        ("Data categories", "None", "(denied)"),
        ("Data categories", "keine", "(denied)"),
        ("Data categories", "Aucune", "(denied)"),
        ("Data categories", "Ninguno", "(denied)"),
        ("Data categories", "No personal data", NO),
        ("Data categories", "Logs, no names", NO),
        ("Data categories", "Names, except addresses", NO),
        ("Data subjects", "none", "(denied)"),
        ("Special categories", "Keine", "(denied)"),
        ("Retention", "None", "(denied)"),
        ("Replaces", "None", "(denied)"),
        ("Former name", "None", "(denied)"),
        ("Former name", "Gama, Inc.", r#"["Gama, Inc."]"#),
        ("Former names", "Gama, Inc., Beta", r#"["Gama, Inc.","Beta"]"#),
        ("Website", "none", "(denied)"),
        ("Role", "Not affiliated", NO),
        ("Date added", "not yet", NO),
        ("Address", "✗", "(denied)"),
    ]);
}
