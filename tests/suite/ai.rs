//! Features that use artificial intelligence: the page, the Markdown copy, the change log, and customer notice.

use crate::support::{Project, SITE, ok};

const AI: &str = "content/data/ai.yaml";
const SUBPROCESSORS: &str = "content/data/subprocessors.yaml";

const PROVIDERS: &str = "- id: example-ai
  name: Example AI
  purpose: Language models
  data_categories: [Message contents]
  locations: [IE]
- id: other-ai
  name: Other AI
  purpose: Language models
  data_categories: [Message contents]
  locations: [DE]
";

const FEATURE: &str = "- id: replies
  feature: Reply suggestions
  provider: example-ai
  model: Example Large 3
  data_categories: [Message contents]
  training: no
  retention: 30 days
  regions: [EU]
  human_oversight: An agent edits and sends every reply.
  opt_out: Turn it off in the settings.
  details: Prompts are **not** shared.
";

fn project(feature: &str) -> Project {
    Project::new()
        .file("content/site.yaml", format!("{SITE}base_url: https://trust.acme.test/\n"))
        .file("content/sections/10-ai.md", "---\ntitle: AI features\nshow: ai\n---\n")
        .file(SUBPROCESSORS, PROVIDERS)
        .file(AI, feature)
}

#[test]
fn page_and_copy_state_every_field_and_link_to_the_provider() {
    let project = project(FEATURE);
    ok(&project, &["release", "-m", "First.", "--date", "2026-05-22"]);
    ok(&project, &["--as-of", "2026-05-22", "build", "--no-compress"]);
    let page = project.read("dist/index.html");
    for shown in [
        "id=\"ai-replies\"",
        "<h3>Reply suggestions</h3>",
        "<dd><a href=\"./subprocessors/#example-ai\">Example AI</a></dd>",
        "<dt>Training on customer data</dt><dd>No</dd>",
        "<dd>Example Large 3</dd>",
        "<dd>Message contents</dd>",
        "<dd>European Union</dd>",
        "<dd>30 days</dd>",
        "<dd>An agent edits and sends every reply.</dd>",
        "<dd>Turn it off in the settings.</dd>",
        "Prompts are <strong>not</strong> shared.",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    // The archived page does not show the list, so there is nothing to link to.
    let archived = project.read("dist/releases/2026-05-22/index.html");
    assert!(archived.contains("<dd>Example AI</dd>"), "{archived}");
    let copy = project.read("dist/index.md");
    let row = "| Reply suggestions | Example AI | Example Large 3 | Message contents | No | 30 days | European Union | \
               An agent edits and sends every reply. | Turn it off in the settings. | Prompts are **not** shared. |";
    assert!(copy.contains(row), "{copy}");
}

#[test]
fn provider_training_and_new_data_require_notice_in_good_english() {
    let project = project(FEATURE);
    ok(&project, &["release", "-m", "First.", "--date", "2026-05-01"]);
    let changed = FEATURE
        .replace("provider: example-ai", "provider: other-ai")
        .replace("training: no", "training: opt-out")
        .replace("[Message contents]", "[Message contents, Attachments]")
        .replace("regions: [EU]", "regions: [EU, US]")
        .replace("model: Example Large 3", "model: Other One");
    let project = project.file(AI, changed);
    let diff = ok(&project, &["--as-of", "2026-05-02", "diff", "--format", "json"]);
    let diff: serde_json::Value = serde_json::from_str(&diff).expect("JSON");
    let fields = diff["changes"][0]["fields"].as_array().expect("fields");
    let notice: Vec<&str> =
        fields.iter().filter(|field| field["notice"] == true).filter_map(|field| field["field"].as_str()).collect();
    assert_eq!(notice, ["data_categories", "provider", "training"], "{diff}");
    ok(&project, &["release", "-m", "Another provider.", "--date", "2026-05-02"]);
    ok(&project, &["--as-of", "2026-05-02", "build", "--no-compress"]);
    for file in ["dist/changelog/index.html", "dist/feed.xml", "dist/feed.json"] {
        let text = project.read(file);
        for words in ["AI features", "Example AI", "Other AI", "Unless you opt out", "United States"] {
            assert!(text.contains(words), "{file}: {words}");
        }
        assert!(!text.contains("other-ai<") && !text.contains("opt-out<"), "{file}");
    }
    // The script names providers as the change log does.
    assert!(project.read("dist/compare/index.html").contains("\"other-ai\":\"Other AI\""));
}

#[test]
fn provider_must_be_in_the_list_now_and_later() {
    let project = project(FEATURE);
    ok(&project, &["release", "-m", "First.", "--date", "2026-05-01"]);
    let (_, other) = PROVIDERS.split_at(PROVIDERS.find("- id: other-ai").expect("the second one"));
    let upcoming = "  upcoming:\n    - announced: 2026-05-02\n      effective: 2026-07-01\n      provider: othr-ai\n";
    let project = project.file(SUBPROCESSORS, other).file(AI, format!("{FEATURE}{upcoming}"));
    let check = project.run(["--as-of", "2026-05-02", "check"]);
    assert_eq!(check.code, Some(1));
    for message in [
        "error[ai-provider-unknown]: `Reply suggestions` names the provider `example-ai`, which the list of subprocessors no longer has",
        "error[ai-provider-unknown]: `Reply suggestions` names the provider `othr-ai`, which is not in the list of subprocessors",
        "did you mean `other-ai`?",
    ] {
        assert!(check.stderr.contains(message), "{message}: {}", check.stderr);
    }
}

#[test]
fn announced_change_of_training_takes_effect_on_its_date() {
    let upcoming = "  upcoming:\n    - announced: 2026-05-22\n      effective: 2026-07-01\n      training: opt-in\n";
    let project = project(&format!("{FEATURE}{upcoming}"));
    ok(&project, &["release", "-m", "First.", "--date", "2026-05-22"]);
    ok(&project, &["--as-of", "2026-06-30", "build", "--no-compress"]);
    assert!(project.read("dist/index.html").contains("<dt>Training on customer data</dt><dd>No</dd>"));
    ok(&project, &["--as-of", "2026-07-01", "build", "--no-compress"]);
    assert!(project.read("dist/index.html").contains("<dt>Training on customer data</dt><dd>Only if you opt in</dd>"));
}

#[test]
fn training_written_as_a_boolean_is_corrected() {
    let project = project(&FEATURE.replace("training: no", "training: false"));
    let stderr = project.run(["check"]).stderr;
    assert!(
        stderr.contains("`training` must be one of no, opt-in, opt-out and yes, but `false` is a boolean"),
        "{stderr}"
    );
    assert!(stderr.contains("write `no`"), "{stderr}");
}
