//! Which rows are part of a list: current subprocessors, each once, and everything else is reported.

use candor::diagnostic::{Report, Source};
use candor::import::{self, ImportOptions, Imported};

use super::{list, refused};

const HEAD: &str = "| Name | Purpose | Data | Location |\n|---|---|---|---|\n";

fn read(path: &str, text: &str) -> (Option<Imported>, Report) {
    import::read(&Source::new(path, import::normal(text)), &ImportOptions::default())
}

/// Returns the names of the imported subprocessors.
fn names(path: &str, text: &str) -> Vec<String> {
    list(path, text).0.iter().map(|item| item.name.clone()).collect()
}

/// Returns how many cells are not imported for a reason.
fn remainder(path: &str, text: &str, reason: &str) -> usize {
    let imported = read(path, text).0.expect("a list");
    imported.account.cells.iter().filter(|cell| cell.remainder.is_some_and(|it| it.as_str() == reason)).count()
}

/// Headings of lists that are not current.
const FORMER: &[&str] = &[
    "Former subprocessors",
    "Retired subprocessors",
    "No longer in use",
    "Terminated vendors",
    "Removed on 1 May 2025",
    "Previous",
    "Discontinued",
    "Ehemalige Unterauftragsverarbeiter",
    "Nicht mehr eingesetzt",
    "Anciens sous-traitants",
    "Antiguos subencargados",
    "Ya no utilizados",
    "Upcoming subprocessors",
];

#[test]
fn former_lists_are_not_imported_wherever_they_are() {
    for former in FORMER {
        let current = format!("## Current\n\n{HEAD}| A | x | y | US |\n\n");
        let old = "| Old | x | y | US |\n";
        let below = format!("{current}## {former}\n\n{HEAD}{old}");
        assert_eq!(names("a.md", &below), ["A"], "{former}: heading");
        let deeper = format!("{current}## {former}\n\n### Hosting\n\n{HEAD}{old}");
        assert_eq!(names("a.md", &deeper), ["A"], "{former}: outer heading");
        let row = format!("{HEAD}| A | x | y | US |\n| **{former}** | | | |\n{old}| Older | x | y | US |\n");
        assert_eq!(names("a.md", &row), ["A"], "{former}: bold row");
        assert_eq!(remainder("a.md", &row, "not-current"), 8, "{former}");
        let plain = format!("Name,Purpose\nA,x\n{former},\nOld,x\n");
        assert_eq!(names("a.csv", &plain), ["A"], "{former}: row");
        let spans =
            format!("<table><tr><th>Name<th>Purpose<tr><td>A<td>x<tr><td colspan=2>{former}<tr><td>Old<td>x</table>");
        assert_eq!(names("a.html", &spans), ["A"], "{former}: spanning row");
        let alone = format!("## {former}\n\n{HEAD}{old}");
        assert_eq!(refused("a.md", &alone), ["import-which-table"], "{former}: alone");
        let key = format!("current:\n  - {{name: A, purpose: x}}\n\"{former}\":\n  - {{name: Old, purpose: x}}\n");
        assert_eq!(names("a.yaml", &key), ["A"], "{former}: key");
        let bullets = format!("## Current subprocessors\n\n- **A** – x\n\n## {former}\n\n- **Old** – x\n");
        assert_eq!(names("a.md", &bullets), ["A"], "{former}: bullets");
    }
}

#[test]
fn variables_and_rows_say_what_is_not_current() {
    let program = "export const subprocessors = [{ name: \"A\", purpose: \"x\" }];\n\
        export const formerSubprocessors: Vendor[] = [{ name: \"Old\", purpose: \"x\" }];\n\
        module.exports.retired = [{ name: \"Older\", purpose: \"x\" }];\n\
        export const cookies = [{ name: \"_ga\", purpose: \"x\" }];\n";
    assert_eq!(names("d.ts", program), ["A"]);
    let cookies =
        format!("{HEAD}| A | x | y | US |\n\n## Cookies\n\n| Name | Purpose |\n|---|---|\n| _ga | Analytics |\n");
    assert_eq!(names("a.md", &cookies), ["A"]);
    for row in ["~~Beta~~ | Mail", "Beta (terminated) | Mail", "Beta (no longer used) | Mail", "<s>Beta</s> | Mail"] {
        let text = format!("| Name | Purpose |\n|---|---|\n| A | x |\n| {row} |\n");
        assert_eq!(names("a.md", &text), ["A"], "{row}");
        assert_eq!(remainder("a.md", &text, "not-current"), 2, "{row}");
    }
    let status = "Name,Purpose,Status\nA,x,Active\nBeta,x,Terminated\n";
    assert_eq!(names("a.csv", status), ["A"]);
    assert_eq!(names("a.csv", "Name,Purpose\nX (formerly Twitter),x\n"), ["X (formerly Twitter)"]);
    let none = "| Name | Purpose |\n|---|---|\n| A | x |\n| None | n/a |\n";
    assert_eq!(names("a.md", none), ["A"]);
}

#[test]
fn hidden_rows_are_not_imported() {
    for hidden in ["hidden", "style=\"display:none\"", "style='color: red; DISPLAY: none !important'"] {
        let row =
            format!("<table><tr><th>Name<th>Purpose<tr><td>A<td>x<tr {hidden}><td>Old<td>x<tr><td>B<td>x</table>");
        assert_eq!(names("a.html", &row), ["A", "B"], "{hidden}");
        assert_eq!(remainder("a.html", &row, "hidden"), 2, "{hidden}");
        let group = format!(
            "<table><tr><th>Name<th>Purpose<tbody><tr><td>A<td>x</tbody><tbody {hidden}><tr><td>Old<td>x</tbody></table>"
        );
        assert_eq!(names("a.html", &group), ["A"], "{hidden}");
        let around = format!(
            "<table><tr><th>Name<th>Purpose<tr><td>A<td>x</table><div {hidden}><p>Text</p><table><tr><th>Name<th>Purpose<tr><td>Old<td>x</table></div>"
        );
        assert_eq!(names("a.html", &around), ["A"], "{hidden}");
        let part = format!("<table><tr><th>Name<th>Purpose<tr><td>A<span {hidden}> (old)</span><td>x</table>");
        assert_eq!(names("a.html", &part), ["A"], "{hidden}");
    }
}

#[test]
fn column_names_may_be_in_two_rows() {
    let two = "<table><thead><tr><th rowspan=2>Sub-processor<th rowspan=2>Purpose<th colspan=2>Location<tr><th>Country<th>City\
        <tbody><tr><td>Alfa<td>Hosting<td>Germany<td>Frankfurt</table>";
    let details = "<table><thead><tr><th rowspan=2>Sub-processor<th colspan=2>Details<th rowspan=2>Country<tr><th>Purpose<th>Data\
        <tbody><tr><td>Alfa<td>Hosting<td>Logs<td>US</table>";
    let csv = "Sub-processor,Purpose,Location,\n,,Country,City\nAlfa,Hosting,Germany,Frankfurt\n";
    for (path, text) in [("a.html", two), ("b.html", details), ("c.csv", csv)] {
        let (items, _) = list(path, text);
        assert_eq!(items.len(), 1, "{path}");
        assert_eq!((items[0].name.as_str(), items[0].purpose.as_str()), ("Alfa", "Hosting"), "{path}");
        assert_eq!(items[0].locations.len(), 1, "{path}");
    }
    assert_eq!(list("b.html", details).0[0].data_categories, ["Logs"]);
    let more = format!("{details}<h2>Affiliates</h2><table><tr><th>Name<th>Purpose<tr><td>B<td>y</table>");
    assert_eq!(names("b.html", &more), ["Alfa", "B"]);
    let corner = "| | Alfa | Beta |\n|---|---|---|\n| Purpose | Hosting | Mail |\n| Data | Logs, IP | Names |\n| Country | DE | US |\n";
    assert_eq!(names("a.md", corner), ["Alfa", "Beta"]);
}

#[test]
fn nothing_of_a_page_is_lost_without_a_report() {
    let table = format!("## Third parties\n\n{HEAD}| A | x | y | US |\n\n");
    for (format, bullets) in [
        ("Markdown", "## Affiliates\n\n- **Invented UK Ltd**: Support\n- **Invented India**: Engineering\n"),
        ("HTML", "## Affiliates\n\n- **Invented UK Ltd** – Support\n- **Invented India** – Engineering\n"),
    ] {
        let (items, _) = list("a.md", &format!("{table}{bullets}"));
        let roles: Vec<_> = items.iter().map(|item| item.role.as_ref().map(|role| role.as_str())).collect();
        assert_eq!(roles, [Some("third-party"), Some("affiliate"), Some("affiliate")], "{format}");
    }
    for rest in [
        "## Affiliates\n\n- Invented UK Ltd\n- Invented India\n",
        "- **Invented UK Ltd**: Support\n- **Invented India**: Work\n",
    ] {
        let text = format!("{table}{rest}");
        let (items, reported) = list("a.md", &text);
        assert_eq!(items.len(), 1, "{rest}");
        assert!(reported.iter().any(|line| line.starts_with("import-table-unused")), "{rest}: {reported:?}");
        assert!(remainder("a.md", &text, "other-table") >= 2, "{rest}");
    }
    let shared =
        "<h1>Subprocessors</h1><dl><dt>Alfa</dt><dd>Hosting</dd><dt>Gamma</dt><dt>Delta</dt><dd>Chat</dd></dl>";
    assert_eq!(names("b.html", shared), ["Alfa", "Gamma", "Delta"]);
    let notes = "| Name | Purpose | Data |\n|---|---|---|\n| Beta[^1] | Mail | Name[^2] |\n\n[^1]: Only outside of the EU.\n[^2]: Never the full name.\n";
    let (items, reported) = list("c.md", notes);
    assert_eq!((items[0].name.as_str(), items[0].data_categories.as_slice()), ("Beta", &["Name".to_owned()][..]));
    for footnote in ["Only outside of the EU.", "Never the full name."] {
        assert!(reported.iter().any(|line| line.contains(footnote)), "{footnote}: {reported:?}");
    }
    let raised = "<table><tr><th>Name<th>Purpose<tr><td>Beta<sup>1</sup><td>Mail<sup>2</sup>\
        <tr><td colspan=2>1 Only with the CDN add-on.</table>";
    let (items, reported) = list("d.html", raised);
    assert_eq!((items.len(), items[0].name.as_str(), items[0].purpose.as_str()), (1, "Beta", "Mail"));
    assert!(!reported.iter().any(|line| line.contains("heading of the rows below")), "{reported:?}");
    assert_eq!((remainder("d.html", raised, "note"), remainder("d.html", raised, "markup")), (2, 2));
    let alone = "Name,Purpose\nA,x\nBeta,\nC,x\n";
    assert_eq!(remainder("a.csv", alone, "incomplete-row"), 1);
}

#[test]
fn bullets_below_other_headings_are_not_subprocessors() {
    let list = "# Subprocessors\n\n- **Alfa**: hosting\n\n";
    for other in ["Resources", "Security", "Contact", "Our products", "More information"] {
        let text = format!("{list}## {other}\n\n- **Email**: dpo@invented.example\n- **Phone**: 123\n");
        assert_eq!(names("a.md", &text), ["Alfa"], "{other}");
        assert_eq!(remainder("a.md", &text, "other-table"), 4, "{other}");
    }
    for group in ["Infrastructure", "Affiliates", "Payment providers"] {
        let text = format!("{list}## {group}\n\n- **Beta**: support\n");
        assert_eq!(names("a.md", &text), ["Alfa", "Beta"], "{group}");
    }
    for other in [
        "# Security\n\n- **Encryption**: TLS\n\n# Subprocessors\n\nProse.\n",
        "## Your rights\n\n- **Access**: a copy\n",
    ] {
        assert_eq!(refused("a.md", other), ["import-which-table"], "{other}");
    }
    let unreadable = "# Subprocessors\n\n- [Alfa](https://alfa.example) - hosting\n- Beta\n\n## Links\n\n- [Terms](/terms) - legal\n";
    assert!(refused("a.md", unreadable).contains(&"import-value-missing"));
}

#[test]
fn names_keep_what_belongs_to_them() {
    let linked = "| Name | Purpose |\n|---|---|\n| Beta Mail ([website](https://beta.example)) | Mail |\n";
    let (items, _) = list("a.md", linked);
    assert_eq!(items[0].name, "Beta Mail");
    assert_eq!(items[0].website.as_ref().map(|url| url.as_str()), Some("https://beta.example"));
    let (items, _) = list("a.md", "# Subprocessors\n\n- **Alfa** (Germany): Hosting\n- **Beta** (Mail): E-mail\n");
    assert_eq!((items[0].name.as_str(), items[0].purpose.as_str(), items[0].locations.len()), ("Alfa", "Hosting", 1));
    assert_eq!((items[1].name.as_str(), items[1].purpose.as_str()), ("Beta (Mail)", "E-mail"));
    let ids: Vec<String> = list("a.csv", "Name,Purpose\nÉpsilon SAS,x\nBêta Inc,x\nSüß GmbH,x\n")
        .0
        .iter()
        .map(|item| item.id.to_string())
        .collect();
    assert_eq!(ids, ["epsilon-sas", "beta-inc", "suss-gmbh"]);
}

#[test]
fn data_files_are_read_by_their_fields() {
    let translated = "- name: {en: Alfa, de: Alpha}\n  purpose: {en: Hosting, de: Rechenzentrum}\n";
    for (language, purpose) in [("de", "Rechenzentrum"), ("en-GB", "Hosting"), ("pl", "Hosting"), ("", "Hosting")] {
        let options = ImportOptions { language: language.to_owned(), ..ImportOptions::default() };
        let imported = import::read(&Source::new("a.yaml", translated), &options).0.expect("a list");
        assert_eq!(imported.items[0].purpose, purpose, "{language}");
    }
    let edges = r#"{"data":{"subprocessors":{"edges":[{"node":{"name":"Alfa","purpose":"x"}},{"node":{"name":"Beta","purpose":"y"}}]}}}"#;
    let (items, _) = list("f.json", edges);
    assert_eq!(items.iter().map(|item| item.category.clone()).collect::<Vec<_>>(), [None, None]);
    let keyed = "export default { vendors: { \"alfa-key\": { title: \"Alfa Inc.\", purpose: \"x\" } } };";
    assert_eq!(names("g.js", keyed), ["Alfa Inc."]);
    let nested = "- name: Alfa\n  purpose: x\n  location: {country: Germany, city: Frankfurt}\n";
    let (items, _) = list("a.yaml", nested);
    assert_eq!(items[0].locations[0].place.as_deref(), Some("Frankfurt"));
    let (items, _) =
        list("a.yaml", "- {name: Alfa, purpose: x, locations: no}\n- {name: Beta, purpose: x, locations: SE}\n");
    assert!(items[0].locations.is_empty());
}

#[test]
fn tables_of_other_formats_are_read_or_refused() {
    let rst = "Subs\n====\n\n.. list-table::\n   :header-rows: 1\n\n   * - Name\n     - Purpose\n   * - Alfa\n     - Hosting and\n       backups\n";
    let (items, _) = list("c.rst", rst);
    assert_eq!((items[0].name.as_str(), items[0].purpose.as_str()), ("Alfa", "Hosting and backups"));
    let tsv = "Name\tPurpose\tData\tCountry\n\"Alfa\tHosting\tLogs\tUS\nBeta\tMail \"special\"\tNames\tDE\n";
    let (items, _) = list("d.tsv", tsv);
    assert_eq!(items.len(), 2);
    assert_eq!(items[1].purpose, "Mail \"special\"");
    let open = "Name,Purpose\n\"Alfa,Hosting\nBeta,Mail\nGamma,Chat\n";
    assert_eq!(refused("a.csv", open), ["import-malformed"]);
    let inner = "<table><tr><td>a<td>b</table>";
    for text in [
        format!("<table><tr><th>Name<th>Purpose<tr><td>A<td>B{inner}</table>"),
        format!("<table><tr><td>{inner}</table>"),
    ] {
        assert_eq!(refused("a.html", &text), ["import-malformed"]);
    }
}

#[test]
fn problems_of_html_have_a_place() {
    let text = "<h1>List</h1>\n<table>\n<tr><th>Name<th>Purpose<th>Location</tr>\n<tr><td>A<td>x<td>Nowhere</td></tr>\n</table>";
    for path in ["a.html", "a.astro"] {
        let report = read(path, text).1;
        let found =
            report.diagnostics().iter().find(|found| found.code().as_str() == "import-cell").expect("a problem");
        let range = found.place().expect("a place").range.clone();
        assert_eq!(&text[range], "Nowhere", "{path}");
    }
}

#[test]
fn dates_of_two_orders_prove_nothing() {
    let text = "Name,Purpose,Date added,Date removed\nA,x,25/04/2025,04/25/2026\nB,x,03/04/2025,05/06/2026\n";
    let (items, reported) = list("a.csv", text);
    assert!(items.iter().all(|item| item.effective.is_none() && item.ends.is_none()));
    assert!(reported.iter().filter(|line| line.starts_with("import-cell")).count() == 4, "{reported:?}");
}
