//! Custom themes: `candor theme`, style sheets and fonts of the publisher, the blocks of `base.html`, `asset()`, and what `check`
//! reports about them.

use std::collections::BTreeMap;
use std::fs;

use candor::theme_file::{ThemeFile, ThemeFileKind};
use walkdir::WalkDir;

use crate::support::{Project, SITE, ok};

fn check(project: &Project) -> String {
    let run = project.run(["check"]);
    assert_ne!(run.code, Some(2), "{}", run.stderr);
    run.stdout + &run.stderr
}

fn draft(project: &Project) {
    ok(project, &["build", "--draft", "--no-compress"]);
}

/// Returns the pages of a built site that use the theme, by path.
fn pages(project: &Project) -> BTreeMap<String, String> {
    let top = project.path("dist");
    let entries = WalkDir::new(&top).into_iter().map(|entry| entry.expect("an entry").into_path());
    let pages = entries.filter(|path| path.extension().is_some_and(|ending| ending == "html"));
    pages
        .map(|path| {
            let name = path.strip_prefix(&top).expect("below").to_string_lossy().into_owned();
            (name, fs::read_to_string(path).expect("text"))
        })
        // The small pages of aliases do not depend on the theme.
        .filter(|(_, page)| !page.contains("http-equiv=\"refresh\""))
        .collect()
}

#[test]
fn exported_files_render_the_same_pages() {
    let project = Project::empty();
    ok(&project, &["init", "--full"]);
    ok(&project, &["release", "-m", "First."]);
    ok(&project, &["build", "--no-compress"]);
    let before = pages(&project);
    // A project with a template of its own for the table of subprocessors gets all of the table on the trust page.
    let names: Vec<&str> = ThemeFile::all()
        .filter(|file| matches!(file.kind, ThemeFileKind::Template | ThemeFileKind::Strings))
        .map(|file| file.name)
        .filter(|name| !name.starts_with("lists/subprocessor"))
        .collect();
    ok(&project, &[&["theme", "export"], names.as_slice()].concat());
    assert!(!check(&project).contains("error"), "{}", check(&project));
    ok(&project, &["build", "--no-compress"]);
    for (path, page) in pages(&project) {
        assert_eq!(page, before[&path], "{path}");
    }
    assert_eq!(ok(&project, &["theme", "diff"]), "");
}

#[test]
fn list_shows_which_files_are_replaced() {
    let project = Project::new().file("templates/404.html", "{% extends \"builtin/404.html\" %}");
    ok(&project, &["theme", "export", "lists/faq.html", "css/candor.css"]);
    let list = ok(&project, &["theme", "list"]);
    assert_eq!(list.lines().count(), ThemeFile::all().count());
    let line = |path: &str| list.lines().find(|line| line.split(' ').next() == Some(path)).expect("a line").to_owned();
    assert!(line("templates/404.html").ends_with("  replaced"));
    assert!(line("templates/lists/faq.html").contains("replaced, copied from candor "));
    assert!(line("static/css/candor.css").contains("replaced, copied from candor "));
    assert!(line("templates/base.html").ends_with("  built-in"));
    assert!(line("templates/strings/en.yaml").contains("  strings  "));
}

#[test]
fn export_overwrites_files_only_with_force() {
    let project = Project::new();
    ok(&project, &["theme", "export", "templates/lists/faq.html"]);
    let changed = project.read("templates/lists/faq.html") + "<p>Mine</p>\n";
    let project = project.file("templates/lists/faq.html", &changed);
    let again = project.run(["theme", "export", "404.html", "lists/faq.html"]);
    assert_eq!(again.code, Some(2));
    assert!(again.stderr.contains("`templates/lists/faq.html` already exists"), "{}", again.stderr);
    assert!(!project.path("templates/404.html").exists(), "half of the files were written");
    let diff = ok(&project, &["theme", "diff", "lists/faq.html"]);
    assert!(diff.starts_with("--- built-in/lists/faq.html\n+++ templates/lists/faq.html\n"), "{diff}");
    assert!(diff.contains("\n+<p>Mine</p>") && !diff.contains("Copied from"), "{diff}");
    ok(&project, &["theme", "export", "--force", "lists/faq.html"]);
    assert!(!project.read("templates/lists/faq.html").contains("Mine"));
    let unknown = project.run(["theme", "export", "list/faq.html"]);
    assert!(unknown.code == Some(2) && unknown.stderr.contains("did you mean `lists/faq.html`?"), "{}", unknown.stderr);
    let missing = project.run(["theme", "diff", "404.html"]);
    assert!(missing.code == Some(2) && missing.stderr.contains("the project has no file"), "{}", missing.stderr);
}

#[test]
fn check_reports_copies_of_files_that_have_changed_since() {
    let project = Project::new();
    for name in ["lists/faq.html", "strings/en.yaml", "css/candor.css", "js/compare.js"] {
        ok(&project, &["theme", "export", name]);
        assert!(!check(&project).contains("theme-file-outdated"), "{name}");
        let file = ThemeFile::find(name).expect("a file");
        // As if another version had written the copy.
        let old = project.read(&file.path()).replace(&file.sha256().to_string(), &"ab".repeat(32));
        fs::write(project.path(&file.path()), old).expect("a file");
        let found = check(&project);
        assert!(found.contains("warning[theme-file-outdated]"), "{name}: {found}");
        assert!(found.contains(&format!("{}:1:1", file.path())), "{name}: {found}");
        assert!(found.contains(&format!("candor theme diff {name}")), "{name}: {found}");
        ok(&project, &["theme", "export", "--mark", name]);
        assert!(!check(&project).contains("theme-file-outdated"), "{name}");
    }
}

#[test]
fn own_style_sheets_are_linked_after_the_built_in_one() {
    let styles = |page: &str| -> Vec<String> {
        page.split("<link rel=\"stylesheet\" href=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().expect("an address").to_owned())
            .collect()
    };
    let names = |page: &str| -> Vec<String> {
        styles(page)
            .iter()
            .map(|href| href.rsplit('/').next().expect("a name").split('.').next().expect("a stem").to_owned())
            .collect()
    };
    let project = Project::new()
        .file("static/css/b.css", "@import \"c.css\"; body { color: red }\n")
        .file("static/css/a.css", "a { color: red }\n")
        .file("static/css/c.css", "i { color: red }\n")
        .file("static/css/parts/d.css", "b { color: red }\n");
    draft(&project);
    for (path, page) in pages(&project) {
        assert_eq!(names(&page), ["candor", "a", "b"], "{path}");
    }
    let project = project.file("content/site.yaml", format!("{SITE}theme:\n  styles: [css/parts/d.css, css/a.css]\n"));
    draft(&project);
    assert_eq!(names(&project.read("dist/index.html")), ["candor", "d", "a"]);
    let project = project.file("content/site.yaml", format!("{SITE}theme:\n  styles: []\n"));
    draft(&project);
    assert_eq!(names(&project.read("dist/index.html")), ["candor"]);
    let listed = "styles: [css/candor.css, css/a.css, css/b.css, css/a.css]";
    let project = project.file("content/site.yaml", format!("{SITE}theme:\n  {listed}\n"));
    let found = check(&project);
    assert!(
        found.contains("every page loads `css/candor.css`") && found.contains("`css/a.css` is listed twice"),
        "{found}"
    );
}

#[test]
fn settings_of_the_theme_set_variables_of_the_style_sheet() {
    let theme = "theme:\n  font_text: fonts/text.woff2\n  font_interface: fonts/my font.woff2\n  radius: large\n  density: compact\n";
    let project = Project::new()
        .file("content/site.yaml", format!("{SITE}{theme}"))
        .file("static/fonts/text.woff2", "wOF2 text")
        .file("static/fonts/my font.woff2", "wOF2 interface");
    draft(&project);
    let page = project.read("dist/index.html");
    let (_, rest) = page.split_once("<link rel=\"stylesheet\" href=\"./").expect("a style sheet");
    let style = project.read(&format!("dist/{}", rest.split('"').next().expect("an address")));
    for expected in
        ["--serif:\"Own text\"", "--sans:\"Own interface\"", "--radius:8px", "--text:1rem", "font-display:swap"]
    {
        assert!(style.contains(expected), "no {expected}");
    }
    let fonts: Vec<_> =
        style.split("src:url(\"").skip(1).map(|rest| rest.split('"').next().expect("an address")).collect();
    assert_eq!(fonts.len(), 2);
    for font in fonts {
        let path = font.replace("%20", " ").replace("../", "assets/");
        assert!(project.path(&format!("dist/{path}")).exists(), "{font}");
    }
    // The variables exist in the built-in style sheet.
    let css = include_str!("../../static/css/candor.css");
    for variable in ["--serif", "--sans", "--radius", "--text", "--data", "--small", "--accent", "--accent-dark"] {
        assert!(css.contains(&format!("{variable}: ")) && css.contains(&format!("var({variable})")), "{variable}");
    }
}

#[test]
fn wrong_paths_and_types_of_the_theme_are_reported_at_their_place() {
    for (theme, expected) in [
        ("styles: [css/nope.css]", "there is no file `static/css/nope.css`"),
        ("styles: [css/own.cs]", "there is no file"),
        ("styles: [js/own.js]", "`js/own.js` is not a style sheet"),
        ("styles: css/own.css", "must be a list of paths"),
        ("styles: [../own.css]", "is not a path inside static/"),
        ("styles: [static/css/own.css]", "write `css/own.css`"),
        ("font_text: fonts/own.woff2", "there is no file `static/fonts/own.woff2`"),
        ("font_interface: js/own.js", "`js/own.js` is not a WOFF2 font"),
        ("logo: js/own.js", "`js/own.js` is not an image"),
        ("logo_dark: images/nope.svg", "there is no file `static/images/nope.svg`"),
        ("radius: huge", "`radius` cannot be `huge`"),
        ("density: dense", "`density` cannot be `dense`"),
        ("font: Arial", "unknown field `font`"),
    ] {
        let project = Project::new()
            .file("content/site.yaml", format!("{SITE}theme:\n  {theme}\n"))
            .file("static/css/own.css", "a {}\n")
            .file("static/js/own.js", "let a;\n");
        let found = check(&project);
        assert!(found.contains(expected) && found.contains("content/site.yaml:5:"), "{theme}: {found}");
        assert_eq!(project.run(["build", "--draft"]).code, Some(1), "{theme}");
    }
}

/// A file of this name would replace the built-in template that others extend.
#[test]
fn templates_below_builtin_are_refused() {
    let project = Project::new().file("templates/builtin/base.html", "replaced");
    let found = check(&project);
    assert!(
        found.contains("`templates/builtin/base.html` is not used") && found.contains("move it to templates/base.html"),
        "{found}"
    );
    project.run(["build", "--draft", "--no-compress"]);
    assert!(!project.path("dist/index.html").exists() || !project.read("dist/index.html").contains("replaced"));
}

/// `check` renders what the draft does not show, so that a release is never followed by a build that fails.
#[test]
fn templates_of_releases_are_checked_before_the_first_release() {
    for template in
        ["release.html", "feed/entry.html", "lists/changelog.html", "partials/entry.html", "schedule-document.html"]
    {
        let built_in = candor::theme_file::ThemeFile::find(&format!("templates/{template}")).expect("a template").text;
        let own = format!("{built_in}{{{{ no_such_field }}}}\n");
        let path = format!("templates/{template}");
        let project = Project::new()
            .file("content/sections/10-log.md", "---\ntitle: Log\nshow: changelog\n---\n")
            .file(&path, own);
        let run = project.run(["check"]);
        assert_eq!(run.code, Some(1), "{template}: {run:?}");
        assert!(
            run.stderr.contains("no_such_field") && run.stderr.contains(&format!("--> {path}:")),
            "{template}: {run:?}"
        );
        // The built-in one has no problem.
        let run = project.file(&path, built_in).run(["check"]);
        assert_eq!(run.code, Some(0), "{template}: {run:?}");
    }
}

#[test]
fn style_sheets_that_no_page_loads_are_reported() {
    let project = Project::new()
        .file("static/css/own.css", "@import \"parts/a.css\";\n")
        .file("static/css/parts/a.css", "a {}\n")
        .file("static/css/UP.CSS", "a {}\n")
        .file("static/brand.css", "a {}\n")
        .file("static/named.css", "a {}\n")
        .file("templates/404.html", "<link rel=\"stylesheet\" href=\"{{ asset(path='named.css') }}\">");
    let found = check(&project);
    let reported: Vec<&str> = found.lines().filter(|line| line.starts_with("warning[style-unused]")).collect();
    assert_eq!(
        reported,
        ["brand.css", "css/UP.CSS"]
            .map(|path| format!("warning[style-unused]: no page loads the style sheet `static/{path}`"))
    );
    let project = project.file("content/site.yaml", format!("{SITE}theme:\n  styles: [brand.css]\n"));
    assert!(check(&project).contains("no page loads the style sheet `static/css/own.css`"));
}

#[test]
fn a_font_of_fifty_mebibytes_is_refused() {
    let project = Project::new()
        .file("content/site.yaml", format!("{SITE}theme:\n  font_text: fonts/text.woff2\n"))
        .file("static/fonts/text.woff2", vec![0; 50 * 1024 * 1024]);
    let found = check(&project);
    assert!(found.contains("error[asset-too-large]: the font `static/fonts/text.woff2` has 50 MiB"), "{found}");
}

#[test]
fn every_block_of_the_frame_can_be_replaced() {
    for block in ["title", "head", "header", "navigation", "main", "content", "footer"] {
        let own =
            format!("{{% extends \"builtin/base.html\" %}}{{% block {block} %}}@@{{{{ super() }}}}{{% endblock %}}");
        let project = Project::new().file("templates/base.html", own);
        draft(&project);
        for (path, page) in pages(&project) {
            // A page defines its own content.
            if block != "content" {
                assert!(page.contains("@@"), "{block}: {path}");
            }
        }
    }
    // A frame that does not know the block of the navigation gets it with the header.
    let frame = "<!DOCTYPE html>\n<html lang=\"en\"><head><title>{{ page.title }}</title></head><body>\n\
        {% include \"partials/icons.html\" %}{% include \"partials/masthead.html\" %}<main id=\"content\">{% block content %}{% endblock %}</main></body></html>\n";
    let project = Project::new().file("templates/base.html", frame);
    draft(&project);
    assert!(project.read("dist/index.html").contains("<nav class=\"sitenav\""));
}

#[test]
fn templates_refer_to_files_with_their_published_address() {
    let own = |path: &str| {
        format!(
            "{{% extends \"builtin/base.html\" %}}\n{{% block footer %}}<img src=\"{{{{ asset(path=\"{path}\") }}}}\" alt=\"\">{{% endblock %}}\n"
        )
    };
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"></svg>\n";
    let project = Project::new().file("static/img/a b.svg", svg).file("templates/base.html", own("img/a b.svg"));
    draft(&project);
    assert!(project.read("dist/index.html").contains("<img src=\"./assets/img/a%20b."));
    assert!(project.read("dist/subprocessors/index.html").contains("<img src=\"../assets/img/a%20b."));
    let project = project.file("templates/base.html", own("img/a c.svg"));
    let found = check(&project);
    assert!(
        found.contains("there is no file `static/img/a c.svg`") && found.contains("did you mean `img/a b.svg`?"),
        "{found}"
    );
    assert!(found.contains("templates/base.html:2:"), "{found}");
}

#[test]
fn check_reports_templates_that_no_page_uses() {
    let used = "{% include \"mine/part.html\" %}{% include \"builtin/404.html\" %}";
    let project = Project::new()
        .file("templates/404.html", used)
        .file("templates/mine/part.html", "{{ <mine.mark /> }}")
        .file("templates/mine/marks.html", "{% component mine.mark() %}x{% endcomponent %}");
    let found = check(&project);
    assert!(!found.contains("template-unused"), "{found}");
    let project = project
        .file("templates/lists/faqs.html", "x")
        .file("templates/zebra.html", "{% include \"mine/other.html\" %}")
        .file("templates/mine/other.html", "x");
    let found = check(&project);
    assert_eq!(found.matches("warning[template-unused]").count(), 3, "{found}");
    assert!(found.contains("did you mean `templates/lists/faq.html`?"), "{found}");
    assert_eq!(project.run(["build", "--draft", "--no-compress"]).code, Some(0));
}

#[test]
fn links_to_former_addresses_are_reported() {
    let site = format!(
        "{SITE}base_url: https://trust.example.net\nformer_base_urls: [https://www.example.net/trust, https://old.example.net]\n"
    );
    for (address, path) in [
        ("https://www.example.net/trust/subprocessors/", Some("subprocessors/")),
        ("http://www.example.net/trust/subprocessors/?a=b#mail", Some("subprocessors/?a=b#mail")),
        ("https://www.example.net/trust", Some("/")),
        ("https://old.example.net/feed.xml", Some("feed.xml")),
        ("https://OLD.example.net", Some("/")),
        ("https://www.example.net/trusted/", None),
        ("https://www.example.net/", None),
        ("https://example.net/trust/", None),
        ("https://old.example.net:8443/", None),
    ] {
        let text = format!("---\ntitle: About\n---\n\n[link]({address})\n");
        let project = Project::new().file("content/site.yaml", &site).file("content/sections/10-about.md", text);
        let found = check(&project);
        assert_eq!(found.contains("warning[link-to-former-host]"), path.is_some(), "{address}: {found}");
        if let Some(path) = path {
            assert!(found.contains("content/sections/10-about.md:5:"), "{address}: {found}");
            assert!(
                found.contains(&format!("write the path from the root of the site: `{path}`")),
                "{address}: {found}"
            );
        }
    }
    let document = "- id: dpa\n  title: DPA\n  url: https://old.example.net/dpa.pdf\n";
    let project = Project::new().file("content/site.yaml", &site).file("content/data/documents.yaml", document);
    assert!(check(&project).contains("content/data/documents.yaml:3:"), "{}", check(&project));
}

/// The current address may be below a former one, and a former one below the current one.
#[test]
fn innermost_address_decides_whether_a_link_is_current() {
    for (now, former, address, path) in [
        ("https://example.net/trust", "https://example.net", "https://example.net/trust/subprocessors/", None),
        ("https://example.net/trust", "https://example.net", "https://example.net/%74rust", None),
        (
            "https://example.net/trust",
            "https://example.net",
            "https://example.net/subprocessors/",
            Some("subprocessors/"),
        ),
        ("https://example.net/trust", "https://example.net", "https://example.net/trusted", Some("trusted")),
        ("https://example.net", "https://example.net/trust", "https://example.net/subprocessors/", None),
        ("https://example.net", "https://example.net/trust", "https://example.net/%74rust/a#b", Some("a#b")),
        ("https://example.net/trust", "https://example.net/trust/", "https://example.net/trust/", None),
        ("https://example.net/%C3%BC", "https://example.net", "https://example.net/%c3%bc/subprocessors/", None),
    ] {
        let site = format!("{SITE}base_url: {now}\nformer_base_urls: [{former}]\n");
        let text = format!("---\ntitle: About\n---\n\n[link]({address})\n");
        let project = Project::new().file("content/site.yaml", site).file("content/sections/10-about.md", text);
        let found = check(&project);
        assert_eq!(found.contains("warning[link-to-former-host]"), path.is_some(), "{now} {address}: {found}");
        let help = path.map(|path| format!("write the path from the root of the site: `{path}`"));
        assert!(help.is_none_or(|help| found.contains(&help)), "{now} {address}: {found}");
    }
}

/// The address of the published site is none of its former ones, even if it is below one of them.
#[test]
fn a_preview_does_not_report_addresses_of_the_published_site() {
    let site = format!("{SITE}base_url: https://example.net/trust\nformer_base_urls: [https://example.net]\n");
    for (address, is_former) in [("https://example.net/trust/subprocessors/", false), ("https://example.net/old", true)]
    {
        let text = format!("---\ntitle: About\n---\n\n[link]({address})\n");
        let project = Project::new().file("content/site.yaml", &site).file("content/sections/10-about.md", text);
        for options in [&[][..], &["--base-url", "https://preview.test"]] {
            let found = project.run([&["build", "--draft"], options].concat()).stderr;
            assert_eq!(found.contains("[link-to-former-host]"), is_former, "{options:?} {address}: {found}");
        }
    }
}

/// Settings, templates and HTML files can have former addresses, too.
#[test]
fn former_addresses_outside_of_content_are_reported() {
    let site = format!(
        "{SITE}base_url: https://trust.example.net\nformer_base_urls: [https://old.example.net]\nlinks:\n  header:\n    - {{title: A, url: \"https://old.example.net/a/\"}}\n  footer:\n    - {{title: B, url: \"https://old.example.net/b/\"}}\nsubscribe:\n  list_unsubscribe: https://old.example.net/bye\n  form:\n    action: https://old.example.net/join\n    method: post\n    field: email\n"
    );
    let project = Project::new()
        .file("content/site.yaml", &site)
        .file("templates/404.html", "<p>\n<a href=\"https://old.example.net/c/\">{{ page.title }}</a>")
        .file("static/root/own.html", "<!doctype html>\n<a href='https://old.example.net/d/'>D</a>\n");
    let found = check(&project);
    for (place, path) in [
        ("content/site.yaml:8:", "a/"),
        ("content/site.yaml:10:", "b/"),
        ("content/site.yaml:12:", "bye"),
        ("content/site.yaml:14:", "join"),
        ("templates/404.html:2:10", "c/"),
        ("static/root/own.html:2:10", "d/"),
    ] {
        let message = format!("warning[link-to-former-host]: `https://old.example.net/{path}` is at a former address");
        let (_, rest) = found.split_once(&message).unwrap_or_else(|| panic!("{message}: {found}"));
        assert!(
            rest.trim_start_matches(" of this site").trim_start().starts_with(&format!("--> {place}")),
            "{place}: {rest}"
        );
    }
    assert!(found.contains("write `{{ page.root }}c/`") && found.contains("write `/d/`"), "{found}");
}

/// What runs code in a page or is blocked by its policy, as far as it is written in the file.
#[test]
fn markup_that_the_policy_blocks_is_reported() {
    for (html, message) in [
        ("<a href=\"javascript:a()\">", "blocks `javascript:` addresses"),
        ("<a href=' JAVA\tscript:{{ page.title }}'>", "blocks `javascript:` addresses"),
        ("<a href=\"{% if page.title %}javascript:a(){% endif %}\">", "blocks `javascript:` addresses"),
        ("<form action=javascript:a()>", "blocks `javascript:` addresses"),
        ("<img src=\"data:image/png;base64,AA==\" alt=\"\">", "blocks `data:` addresses"),
        ("<p {% if page.title %}onclick=\"a()\"{% endif %}>", "`onclick` is code"),
        ("<script>a()</script>", "blocks an inline script"),
        ("<script type=module>a()</script>", "blocks an inline script"),
        ("<style>a {}</style>", "blocks an inline style sheet"),
        ("<p style=\"color: red\">", "blocks inline styles"),
        ("<iframe src=\"{{ page.root }}\"></iframe>", "blocks `<iframe>`"),
        ("<video src=a.mp4></video>", "blocks `<video>`"),
        ("<base href=\"/\">", "blocks `<base>`"),
        ("<form action=\"https://other.test/\">", "blocks forms that are sent to `https://other.test/`"),
        ("<script src=\"https://cdn.test/a.js\"></script>", "loads `https://cdn.test/a.js` from another site"),
        ("<link rel=\"preload stylesheet\" href=\"//cdn.test/a.css\">", "loads `//cdn.test/a.css` from another site"),
        ("<link rel=icon href=\"https://cdn.test/{{ page.title }}.png\">", "from another site"),
        ("<img srcset=\"a.png 1x, https://cdn.test/b.png 2x\" alt=\"\">", "from another site"),
        ("<iframe src=\"https://cdn.test/\"></iframe>", "loads `https://cdn.test/` from another site"),
        ("<svg><image href=\"https://cdn.test/a.png\"/></svg>", "from another site"),
        ("<svg><a xlink:href=\"javascript:a()\"/></svg>", "blocks `javascript:` addresses"),
        ("<p style=\"background: url(https://cdn.test/a.png)\">", "from another site"),
        ("<a href=\"https://cdn.test/javascript:\" title=\"javascript:a()\" data-on=\"a\">", ""),
        ("<script type=\"application/json\">{}</script><link rel=canonical href=\"https://cdn.test/\">", ""),
        (
            "<script src=\"{{ page.root }}{{ asset(path='js/a.js') }}\"></script><img src=\"https://trust.test/a.png\" alt=\"\">",
            "",
        ),
        ("<form action=\"https://news.test/{{ page.title }}\">{# <script>a()</script> #}<!-- <p onclick=a()> -->", ""),
    ] {
        let site = format!(
            "{SITE}base_url: https://trust.test\nsubscribe: {{form: {{action: \"https://news.test/join\", method: post, field: email}}}}\n"
        );
        let mut files = vec![(
            "templates/404.html",
            format!("{{% extends \"builtin/404.html\" %}}{{% block content %}}\n{html}{{% endblock %}}"),
        )];
        if !html.contains('{') {
            files.push(("static/root/own.html", format!("<!doctype html>\n{html}")));
        }
        for (path, text) in files {
            let project =
                Project::new().file("content/site.yaml", &site).file("static/js/a.js", "a()").file(path, text);
            let found = check(&project);
            let is_found = |line: &&str| line.contains("[blocked-by-policy]") || line.contains("[asset-external]");
            let lines: Vec<&str> = found.lines().filter(is_found).collect();
            match message {
                "" => assert_eq!(lines, [""; 0], "{html}"),
                _ => {
                    assert!(lines.len() == 1 && lines[0].contains(message), "{path}: {html}: {found}");
                    assert!(found.contains(&format!("--> {path}:2:")), "{path}: {html}: {found}");
                }
            }
        }
    }
    // A copy of a built-in file has nothing of it.
    let project = Project::new();
    let names: Vec<&str> = ThemeFile::all().map(|file| file.name).collect();
    ok(&project, &[&["theme", "export"], names.as_slice()].concat());
    let found = check(&project);
    assert!(!found.contains("blocked-by-policy") && !found.contains("asset-external"), "{found}");
}

/// A logo or font that is another file than its name says would not be shown.
#[test]
fn logos_and_fonts_have_the_type_that_their_name_says() {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
    for (field, file, bytes, expected) in [
        (
            "logo",
            "a.svg",
            &b"hello"[..],
            "`static/a.svg` is not an SVG image: it is not well-formed XML with the root element `svg`",
        ),
        (
            "logo",
            "a.svg",
            b"<!DOCTYPE html><html></html>",
            "`static/a.svg` is not an SVG image: the file is a web page",
        ),
        ("logo_dark", "b.PNG", b"", "`static/b.PNG` is not a PNG image: the file is empty"),
        ("logo_dark", "b.png", b"\xff\xd8\xff", "`static/b.png` is not a PNG image: the file is of another type"),
        ("font_text", "f.woff2", b"<html>404</html>", "`static/f.woff2` is not a WOFF2 font: the file is a web page"),
        ("font_interface", "f.woff2", b"not found", "`static/f.woff2` is not a WOFF2 font: the file is text"),
        ("logo_dark", "b.png", b"\x89PNG\r\n\x1a\n", ""),
        ("logo_dark", "b.webp", b"RIFF....WEBP", ""),
    ] {
        let logo = if field == "logo" { "" } else { "  logo: ok.svg\n" };
        let run = Project::empty()
            .file("content/site.yaml", format!("{SITE}theme:\n{logo}  {field}: {file}\n"))
            .file("static/ok.svg", svg)
            .file(&format!("static/{file}"), bytes)
            .run(["check"]);
        let lines = run.stderr.lines().chain(run.stdout.lines());
        let found: Vec<&str> = lines.filter_map(|line| line.strip_prefix("error[asset-malformed]: ")).collect();
        assert_eq!(found.join("\n"), expected, "{file}");
    }
}
