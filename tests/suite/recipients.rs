//! Subprocessors with places, regions and categories, and recipients that are not subprocessors, in every output.

use serde_json::Value;

use crate::support::Project;

const LIST: &str = "\
- {id: cloud, name: Cloud, purpose: Hosting, category: Infrastructure, data_categories: [All], former_names: [Hoster], \
transfer_mechanism: adequacy, lei: 5299000EXAMPLE000096, retention: 30 days, locations: [EEA, {code: CH, place: Zurich, condition: {when: enabled, feature: Swiss data}}]}
- {id: bank, name: Bank, purpose: Payments, role: recipient, data_categories: [Invoices], locations: [DE], \
condition: {when: enabled, feature: Invoices}}
- {id: mail, name: Mail, purpose: Email, data_categories: [Addresses], locations: [IE], \
condition: {when: enabled, feature: Newsletters}}
- {id: ads, name: Audit, purpose: Logs, category: Infrastructure, data_categories: [Logs], locations: [{code: DE, place: Frankfurt}, {code: DE, place: Berlin}]}
";

fn released() -> Project {
    let project = Project::new()
        .file("content/data/subprocessors.yaml", LIST)
        .file("content/sections/10-subprocessors.md", "---\ntitle: Subprocessors\nshow: subprocessors\n---\n");
    assert_eq!(project.run(["release", "-m", "First"]).code, Some(0));
    let build = project.run(["build", "--no-compress"]);
    assert_eq!(build.code, Some(0), "{}", build.stderr);
    project
}

#[test]
fn recipients_are_listed_apart_and_are_not_in_the_count_or_the_schedule() {
    let project = released();
    let json: Value = serde_json::from_str(&project.read("dist/subprocessors.json")).expect("JSON");
    let ids = |key: &str| -> Vec<String> {
        json[key].as_array().into_iter().flatten().map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
    };
    assert_eq!(
        (ids("subprocessors"), ids("recipients")),
        (vec!["cloud".into(), "mail".into(), "ads".into()], vec!["bank".into()])
    );
    for page in ["dist/index.html", "dist/subprocessors/index.html"] {
        let html = project.read(page);
        let (listed, apart) = html.split_once("Other recipients of personal data").expect("a table of recipients");
        assert!(listed.contains("id=\"mail\"") && !listed.contains("id=\"bank\""), "{page}");
        assert!(apart.contains("id=\"bank\"") && !apart.contains("id=\"mail\""), "{page}");
    }
    assert!(project.read("dist/index.html").contains("Subprocessors</a></dt><dd class=\"figure\">3</dd>"));
    assert!(project.read("dist/index.html").contains("1 is used only with an optional feature"));
    assert!(!project.read("dist/schedule/index.html").contains("Bank"));
    let schedule = project.run(["schedule", "--format", "csv"]);
    assert_eq!(csv::Reader::from_reader(schedule.stdout.as_bytes()).records().count(), 2, "{}", schedule.stdout);
    let refused = project.run(["schedule", "--features", "Invoices"]);
    assert_eq!(refused.code, Some(2), "a feature that only a recipient names cannot be selected");
    let copy = project.read("dist/index.md");
    let (listed, apart) = copy.split_once("### Other recipients").expect("a heading");
    assert!(listed.contains("| Mail |") && apart.contains("| Bank |") && !apart.contains("| Mail |"), "{copy}");
}

#[test]
fn changes_of_recipients_require_no_notice_and_transfer_rules_apply_to_them() {
    let project = released();
    let without = LIST.lines().filter(|line| !line.contains("bank")).collect::<Vec<_>>().join("\n");
    let project = project.file("content/data/subprocessors.yaml", without + "\n");
    let diff: Value = serde_json::from_str(&project.run(["diff", "--format", "json"]).stdout).expect("JSON");
    assert_eq!((diff["changes"].as_array().map(Vec::len), &diff["notice"]), (Some(1), &Value::Bool(false)), "{diff:#}");
    let project = project.file("content/data/subprocessors.yaml", LIST.replace("locations: [DE]", "locations: [US]"));
    let check = project.run(["check"]);
    assert!(check.stderr.contains("transfer-mechanism-missing"), "{check:?}");
}

#[test]
fn removed_recipients_keep_their_anchor_and_are_listed_apart() {
    // The change log links to every item that was ever listed, also to one that became a recipient before it was removed.
    let list =
        |zeta: &str| format!("- {{id: alfa, name: Alfa, purpose: P, data_categories: [D], locations: [DE]}}\n{zeta}");
    let zeta = |role: &str| {
        list(&format!("- {{id: zeta, name: Zeta, purpose: P, data_categories: [D], locations: [DE], role: {role}}}\n"))
    };
    for history in [vec![zeta("recipient")], vec![zeta("third-party"), zeta("recipient")]] {
        let mut project = Project::new()
            .file("content/sections/10-subprocessors.md", "---\ntitle: Subprocessors\nshow: subprocessors\n---\n");
        for state in history.into_iter().chain([list("")]) {
            project = project.file("content/data/subprocessors.yaml", state);
            assert_eq!(project.run(["release", "-m", "Edit"]).code, Some(0));
        }
        let build = project.run(["build", "--no-compress"]);
        assert_eq!(build.code, Some(0), "{}", build.stderr);
        let html = project.read("dist/subprocessors/index.html");
        let (before, apart) = html.split_once("Former recipients").expect("a table of former recipients");
        assert!(apart.contains("id=\"zeta\"") && !before.contains("Former subprocessors"), "{html}");
    }
}

#[test]
fn notice_period_does_not_apply_to_recipients() {
    let list = "- {id: a, name: A, purpose: P, data_categories: [D], role: third-party, effective: 2026-05-23}\n";
    let site = "title: Trust\norganization: {name: Example, notice_days: 30}\n";
    let project = Project::new().file("content/site.yaml", site).file("content/data/subprocessors.yaml", list);
    let check = |project: &Project| project.run(["check", "--as-of", "2026-05-22"]).stderr;
    assert!(check(&project).contains("notice-too-short"));
    let project = project.file("content/data/subprocessors.yaml", list.replace("third-party", "recipient"));
    assert!(!check(&project).contains("notice-too-short"));
}

#[test]
fn categories_group_the_list() {
    let project = released();
    for page in ["dist/index.html", "dist/subprocessors/index.html"] {
        let html = project.read(page);
        let at = |text: &str| html.find(text).unwrap_or_else(|| panic!("{text} is missing in {page}"));
        assert!(
            at("id=\"mail\"") < at(">Infrastructure</th>") && at(">Infrastructure</th>") < at("id=\"cloud\""),
            "{page}"
        );
        assert!(at("id=\"cloud\"") < at("id=\"ads\""), "{page}");
    }
    let copy = project.read("dist/index.md");
    assert!(copy.find("| Mail |") < copy.find("### Infrastructure"), "{copy}");
}

#[test]
fn places_are_in_every_output() {
    let project = released();
    let json: Value = serde_json::from_str(&project.read("dist/subprocessors.json")).expect("JSON");
    let audit = &json["subprocessors"][2];
    assert_eq!(audit["locations"], serde_json::json!(["DE"]));
    assert_eq!(
        audit["location_details"],
        serde_json::json!([{"code": "DE", "place": "Frankfurt"}, {"code": "DE", "place": "Berlin"}])
    );
    let html = project.read("dist/subprocessors/index.html");
    for text in
        ["European Economic Area, Switzerland (Zurich; only with Swiss data)", "Germany (Frankfurt), Germany (Berlin)"]
    {
        assert!(html.contains(text), "{text}");
    }
    let mut csv = csv::Reader::from_path(project.path("dist/subprocessors.csv")).expect("CSV");
    let column = |name: &str, csv: &mut csv::Reader<std::fs::File>| {
        csv.headers().expect("a head").iter().position(|head| head == name).expect("a column")
    };
    let [locations, places, former, lei, retention] =
        ["locations", "places", "former_names", "lei", "retention"].map(|name| column(name, &mut csv));
    let rows: Vec<csv::StringRecord> = csv.records().map(|row| row.expect("a row")).collect();
    assert_eq!((&rows[0][locations], &rows[0][places]), ("EEA; CH", "CH: Zurich (Only with Swiss data)"));
    assert_eq!((&rows[0][former], &rows[0][lei], &rows[0][retention]), ("Hoster", "5299000EXAMPLE000096", "30 days"));
    assert_eq!((&rows[2][locations], &rows[2][places]), ("DE", "DE: Frankfurt; DE: Berlin"));
    let schedule = project.run(["schedule"]).stdout;
    assert!(schedule.contains("Germany (Frankfurt); Germany (Berlin)") && schedule.contains("30 days"), "{schedule}");
}

#[test]
fn new_fields_are_kept_by_records() {
    let project = released();
    assert_eq!(project.run(["verify"]).code, Some(0));
    let again = project.run(["release", "-m", "Again"]);
    assert_eq!(again.code, Some(1), "{again:?}");
    assert!(again.stderr.contains("release-nothing-changed"), "{}", again.stderr);
    let longer = LIST.replace("locations: [IE]", "locations: [{code: IE}]");
    let project = project.file("content/data/subprocessors.yaml", longer);
    assert_eq!(project.run(["diff", "--exit-code"]).code, Some(0), "the long form says no more");
}
