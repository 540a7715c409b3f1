//! `candor import`: lists of every format are imported completely, and anything that is not imported is reported.

mod bombs;
mod cells;
mod lists;
mod past;
mod shapes;

use std::sync::Arc;

use candor::diagnostic::{Report, Source};
use candor::import::{self, ImportOptions, Imported};
use candor::load;
use candor::model::Subprocessor;
use proptest::prelude::*;

use crate::support::Project;

fn read(path: &str, text: &str) -> (Option<Imported>, Report) {
    import::read(&Source::new(path, import::normal(text)), &ImportOptions::default())
}

/// Imports a list without errors; returns its items and the reported diagnostics.
fn list(path: &str, text: &str) -> (Vec<Arc<Subprocessor>>, Vec<String>) {
    let (imported, report) = read(path, text);
    assert!(!report.has_errors(), "{report:#?}");
    let imported = imported.expect("a list");
    let reported =
        report.diagnostics().iter().map(|found| format!("{}: {}", found.code().as_str(), found.message)).collect();
    assert_round_trips(&imported.items);
    (imported.items, reported)
}

/// Returns the diagnostic codes for a list that cannot be imported.
fn refused(path: &str, text: &str) -> Vec<&'static str> {
    let (_, report) = read(path, text);
    assert!(report.has_errors());
    report.diagnostics().iter().map(|found| found.code().as_str()).collect()
}

fn assert_round_trips(items: &[Arc<Subprocessor>]) {
    let written = Source::new("content/data/subprocessors.yaml", import::to_yaml(items, "`a list`"));
    let (again, report) = load::subprocessors(&written);
    assert!(report.is_empty(), "{report:#?}\n{}", written.text);
    assert_eq!(again, items, "{}", written.text);
}

#[test]
fn markdown_table_keeps_links_and_escaped_pipes() {
    let text = r#"# Our subprocessors

| Provider | Purpose | Data processed | Location |
|---|---|:-:|--:|
| [Stripe](https://stripe.com) | Billing \| invoices | `Payment data`, name<br>Invoices | Ireland, USA |
| **Azure Maps** | Maps, see [the terms](https://maps.example/terms) | Scan data (IP address, time), logs | Netherlands |
"#;
    let (items, reported) = list("vendors.md", text);
    assert_eq!(items[0].name, "Stripe");
    assert_eq!(items[0].website.as_ref().map(|url| url.as_str()), Some("https://stripe.com"));
    assert_eq!(items[0].purpose, "Billing | invoices");
    assert_eq!(items[0].data_categories, ["Payment data, name", "Invoices"]);
    assert_eq!(items[0].locations.iter().map(|location| location.code.as_str()).collect::<Vec<_>>(), ["IE", "US"]);
    assert_eq!(items[1].id.as_str(), "azure-maps");
    assert_eq!(items[1].data_categories, ["Scan data (IP address, time)", "logs"]);
    assert_eq!(
        reported,
        ["import-cell: `Azure Maps`, column `Purpose`: the link to `https://maps.example/terms` is not imported"]
    );
}

#[test]
fn html_table_with_spans_is_read_as_in_browsers() {
    let text = r#"<!doctype html><h1>Vendors</h1><table><caption>As of May</caption>
<thead><tr><th>Vendor</th><th>Service</th><th>Personal data</th><th>Country</th></tr></thead>
<tbody>
<tr><td colspan="4">Infrastructure</td></tr>
<tr><th rowspan="2"><a href="https://cloud.example">Cloud &amp; Co</a></th><td>Hosting</td><td rowspan="2"><ul><li>Account data<li>Logs</ul></td><td>Germany</td></tr>
<tr><td>Backups</td><td>France<br>Norway</td></tr>
<tr><td>Mail Ltd<td>E-mail <script>x()</script><td>Addresses; names<td>Germany
</table>"#;
    let (items, reported) = list("vendors.html", text);
    let ids: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(ids, ["cloud-co", "cloud-co-2", "mail-ltd"]);
    assert_eq!((items[0].name.as_str(), items[1].purpose.as_str()), ("Cloud & Co", "Backups"));
    assert_eq!(items[1].data_categories, ["Account data", "Logs"]);
    assert_eq!(items[1].locations.iter().map(|location| location.code.as_str()).collect::<Vec<_>>(), ["FR", "NO"]);
    assert_eq!(items[2].purpose, "E-mail");
    let codes: Vec<&str> = reported.iter().map(|line| line.split(':').next().unwrap_or_default()).collect();
    assert_eq!(codes, ["import-completed", "import-same-name", "import-cell"], "{reported:#?}");
    assert!(items.iter().all(|item| item.category.as_deref() == Some("Infrastructure")));
}

#[test]
fn csv_may_have_bom_semicolons_quotes_and_line_breaks() {
    let text = "\u{FEFF}Name;Wofür;Data categories;Website\r\n\"Müller; Söhne\";\"Print \"\"on demand\"\"\";\"Names\r\nAddresses\";mueller.example\r\n;;;\r\n";
    let (none, report) = read("list.csv", text);
    assert!(
        none.is_none() && report.diagnostics().iter().any(|found| found.code().as_str() == "import-column-missing")
    );
    let options = ImportOptions {
        assignments: vec!["Wofür=purpose".parse().expect("an assignment")],
        ..ImportOptions::default()
    };
    let (imported, report) = import::read(&Source::new("list.csv", import::normal(text)), &options);
    let items = imported.expect("a list").items;
    assert_round_trips(&items);
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].name, "Müller; Söhne");
    assert_eq!(items[0].purpose, "Print \"on demand\"");
    assert_eq!(items[0].data_categories, ["Names", "Addresses"]);
    assert_eq!(items[0].website.as_ref().map(|url| url.as_str()), Some("https://mueller.example"));
    assert_eq!(
        report.diagnostics().iter().map(|found| found.code().as_str()).collect::<Vec<_>>(),
        ["import-completed"]
    );
}

#[test]
fn reads_tab_separated_values_and_excel_separator_line() {
    for text in [
        "Vendor\tPurpose\tData\tCondition\nSendGrid\tE-mail, alerts\tAddress\tWhen SendGrid is configured\n",
        "sep=,\nVendor,Purpose,Data,Condition\nSendGrid,\"E-mail, alerts\",Address,If SendGrid is configured\n",
    ] {
        let (items, reported) = list("list.tsv", text);
        assert_eq!(items[0].purpose, "E-mail, alerts");
        assert_eq!(items[0].condition.as_ref().and_then(candor::model::Condition::only_feature), Some("SendGrid"));
        assert!(reported.is_empty(), "{reported:?}");
    }
}

#[test]
fn detects_html_in_markdown_and_files_without_extension() {
    let html = "Text.\n\n<table>\n<tr><th>Entity</th><th>Function</th><th>Data</th></tr>\n\n<tr><td>A</td><td>B</td><td>C</td></tr>\n</table>\n";
    for (path, text) in [("a.md", html), ("page", html), ("README", "|Entity|Function|Data|\n|--|--|--|\n|A|B|C|\n")] {
        let (items, reported) = list(path, text);
        assert_eq!((items.len(), items[0].name.as_str()), (1, "A"), "{path}");
        assert!(reported.is_empty(), "{reported:?}");
    }
}

#[test]
fn rejects_a_list_that_is_not_a_table() {
    for (path, text) in [
        ("a.md", "- Stripe: billing\n- Azure: hosting\n"),
        ("a.html", "<ul><li>Stripe</li></ul>"),
        ("a.csv", "- Stripe\n- Azure\n"),
        ("a.md", "1. Stripe\n2. Azure\n"),
    ] {
        let (none, report) = read(path, text);
        assert!(none.is_none());
        let found = &report.diagnostics()[0];
        assert_eq!(found.code().as_str(), "import-no-table");
        assert!(found.message.contains("has a list"), "{}", found.message);
    }
    assert_eq!(refused("a.md", "Prose alone."), ["import-no-table"]);
    assert_eq!(refused("a.csv", ""), ["import-no-table"]);
    assert_eq!(refused("a.md", "|Name|Purpose|Data|\n|--|--|--|\n"), ["import-no-table"]);
}

#[test]
fn requires_a_choice_between_several_tables() {
    let other = "| Day | Change |\n|--|--|\n| 1 | x |\n\n";
    let table = "| Name | Purpose | Data |\n|--|--|--|\n| A | B | C |\n\n";
    assert_eq!(list("a.md", &format!("{other}{table}")).0[0].name, "A");
    let dated = "| Name | Purpose | Start date | End date | Contact |\n|--|--|--|--|--|\n| A | B | | | |\n\n";
    let located =
        table.replace("Data |\n|--|--|--|", "Data | Location | HQ |\n|--|--|--|--|--|").replace("C |", "C | DE | DE |");
    assert_eq!(refused("a.md", &format!("{located}{dated}")), ["import-which-table"]);
    assert_eq!(refused("a.md", &format!("{other}{other}")), ["import-which-table"]);
    let source = Source::new("a.md", format!("{table}{other}"));
    let third = ImportOptions { tables: vec![3], ..ImportOptions::default() };
    assert_eq!(import::read(&source, &third).1.diagnostics()[0].code().as_str(), "import-which-table");
}

#[test]
fn dropped_values_are_reported() {
    let text = "Name,Purpose,Data,Location,Notes,Transfer mechanism,Role\n\
        A,B,C,\"Europe, Germany\",internal,SCC or DPF,Partner\n\
        Name,Purpose,Data,Location,Notes,Transfer mechanism,Role\n";
    let (items, reported) = list("a.csv", text);
    assert_eq!(items.len(), 1);
    for expected in ["column `Notes`", "`Europe, Germany`", "`SCC or DPF`", "`Partner`", "repeats the column names"] {
        assert!(reported.iter().any(|line| line.contains(expected)), "{expected}: {reported:#?}");
    }
    assert_eq!(refused("a.csv", "Name,Purpose,Data\nA,,C\n"), ["import-value-missing"]);
    assert_eq!(refused("a.csv", "Name,Purpose,Data\nA,B,C,D\n"), ["import-row-too-long"]);
}

#[test]
fn non_latin_and_long_names_get_unique_ids() {
    let long = "x".repeat(80);
    let text = format!("Name,Purpose,Data\n株式会社,B,C\nООО,B,C\n{long},B,C\n{long}!,B,C\n");
    let (items, _) = list("a.csv", &text);
    let ids: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(ids[..2], ["subprocessor", "subprocessor-2"]);
    assert_eq!((ids[2].len(), ids[3].len()), (64, 64));
    assert!(ids[3].ends_with("x-2"));
}

#[test]
fn strings_that_yaml_would_convert_round_trip() {
    let text = "Name,Purpose,Data,Location,Address\nno,\"a: b # c\",\"~, 1e5, 2026-01-01, - x, yes\",NO,\"[x], {y}\"\nnull,'q',0x1f,SE,\"C:\\x\"\n";
    let (items, _) = list("a.csv", text);
    assert_eq!(items[0].name, "no");
    assert_eq!(items[0].data_categories, ["~", "1e5", "2026-01-01", "x", "yes"]);
    assert_eq!(items[1].address.as_deref(), Some("C:\\x"));
}

#[test]
fn rejects_table_with_excessive_spans() {
    let html = format!("<table><tr>{}</tr></table>", "<td colspan=1000 rowspan=60000>x</td>".repeat(100));
    assert_eq!(refused("a.html", &html), ["import-malformed"]);
    let deep = format!("<table><tr><td>{}x</td></tr></table>", "<b>".repeat(5000));
    assert_eq!(refused("a.html", &deep), ["import-no-table"]);
    let wide = format!("|{}\n|{}\n", "a|".repeat(101), "-|".repeat(101));
    assert_eq!(refused("a.md", &wide), ["import-malformed"]);
}

#[test]
fn many_rows_of_one_name_are_numbered_quickly() {
    // Trying each number for each row would take hours for a file that a faulty script might write.
    let text = format!("Name,Purpose,Data\n{}A 7,B,C\n", "A,B,C\n".repeat(9_000));
    let (items, _) = list("a.csv", &text);
    let ids: Vec<&str> = [0, 1, 5, 6, 8_999, 9_000].map(|at| items[at].id.as_str()).to_vec();
    assert_eq!(ids, ["a", "a-2", "a-6", "a-7", "a-9000", "a-7-2"]);
}

const VENDORS: &str = "| Provider | Purpose | Data categories |\n|--|--|--|\n| Example Mail | E-mail | Address |\n";

#[test]
fn import_shows_column_mapping_and_writes_only_on_request() {
    let project = Project::new().file("vendors.md", VENDORS);
    let run = project.run(["import", "vendors.md"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stdout.contains("  Provider         -> name\n"), "{}", run.stdout);
    assert!(run.stdout.contains("example-mail  Example Mail"), "{}", run.stdout);
    assert!(run.stdout.contains("Nothing was written"), "{}", run.stdout);
    assert!(!project.path("content/data").exists());
    let run = project.run(["import", "vendors.md", "--write"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(project.load().0.expect("content").disclosure.subprocessors[0].name, "Example Mail");
}

#[test]
fn existing_list_is_overwritten_only_with_replace() {
    let project = Project::new().file("vendors.md", VENDORS).file("content/data/subprocessors.yaml", "# mine\n[]\n");
    let run = project.run(["import", "vendors.md", "--write"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stderr.contains("import-file-exists"), "{}", run.stderr);
    assert_eq!(project.read("content/data/subprocessors.yaml"), "# mine\n[]\n");
    let run = project.run(["import", "vendors.md", "--write", "--replace", "--format", "json"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let output: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!((&output["written"], &output["subprocessors"][0]["id"]), (&true.into(), &"example-mail".into()));
    assert!(project.read("content/data/subprocessors.yaml").contains("id: example-mail"));
}

#[test]
fn invalid_mapping_is_refused_with_suggestions() {
    let project = Project::new().file("vendors.md", VENDORS).file("latin.csv", b"Name,Purpose,Data\nCaf\xE9,B,C\n");
    let run = project.run(["import", "vendors.md", "--map", "Providr=name"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stderr.contains("did you mean `Provider`?"), "{}", run.stderr);
    let run = project.run(["import", "vendors.md", "--map", "Provider=nme"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("did you mean `name`?"), "{}", run.stderr);
    let run = project.run(["import", "vendors.md", "--map", "3=data_categories", "--map", "Purpose=-"]);
    assert!(run.stderr.contains("no column for the required field `purpose`"), "{}", run.stderr);
    let run = project.run(["import", "latin.csv"]);
    assert!(run.code == Some(1) && run.stderr.contains("not-utf8"), "{run:?}");
}

/// Fragments of tables, and characters that break them.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("Name,Purpose,Data,Location,Website,Condition,Start date\n".to_owned()),
        Just("| Name | Purpose | Data |\n|--|--|--|\n".to_owned()),
        Just("<table><tr><th>Name<th>Purpose<th>Data<th>Role".to_owned()),
        "(<tr>|<td rowspan=[0-9]{1,3}>|<td colspan=[0-9]{1,3}>|</table>|<table>|<br>|<a href=\"[a-z:/.]{0,9}\">)",
        "[|,;\t\n\"']{1,3}",
        "(Germany|NO|When X is enabled|always|1 May 2025|x\\.example|and |\\(|\\)|[*][*]|`|\\\\)",
        "\\PC{0,6}",
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn import_never_panics_and_round_trips(
        text in pieces(),
        name in prop::sample::select(vec!["a.md", "a.html", "a.csv", "a"]),
    ) {
        if let (Some(imported), report) = read(name, &text)
            && !report.has_errors()
        {
            assert_round_trips(&imported.items);
        }
    }

    // Code of templates, which starts with one of these characters, is refused.
    #[test]
    fn any_cell_text_round_trips(words in prop::collection::vec("[^\"{<$]{0,20}", 5)) {
        let text = format!(
            "Name,Purpose,Data,Address,Legal name\n\"A{}\",\"B{}\",\"C{}\",\"{}\",\"{}\"\n",
            words[0], words[1], words[2], words[3], words[4]
        );
        let (imported, report) = read("a.csv", &text);
        prop_assert!(!report.has_errors(), "{:?}", report);
        assert_round_trips(&imported.expect("a list").items);
    }
}

#[test]
fn rejects_oversized_input_quickly() {
    let row =
        |places: &str| format!("| Name | Purpose | Data | Locations |\n|---|---|---|---|\n| A | p | c | {places} |\n");
    let long = ["and of ", "Atlantis, ", "a/b&c", "(((", "Germany; "].map(|part| row(&part.repeat(100_000)));
    let many = format!("{}{}", row("DE"), "| A | p | c | DE |\n".repeat(10_001));
    for text in long.iter().chain([&many]) {
        assert_eq!(refused("list.md", text), ["import-malformed"]);
    }
    let csv = format!("Name,Purpose,Data\n{}", "A,p,c\n".repeat(10_001));
    assert_eq!(refused("list.csv", &csv), ["import-malformed"]);
}

#[test]
fn nested_lists_in_a_cell_take_linear_time() {
    for tags in ["<ul><li>", "<div>", "<p>", "<dl><dd>", "<h1>", "<b>"] {
        let cell = tags.repeat(500_000 / tags.len());
        let html = format!("<table><tr><th>Name<th>Purpose<th>Data<tr><td>A<td>p<td>{cell}Logs</table>");
        let (items, _) = list("list.html", &html);
        assert_eq!(items[0].data_categories, ["Logs"], "{tags}");
    }
}
