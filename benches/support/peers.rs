//! The same content for other generators: a page per release with its table of subprocessors, from data files.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::generate::{Size, disclosure, yaml};

/// Whether a program can be started.
pub fn is_here(program: &str, version: &str) -> bool {
    let asked = Command::new(program).arg(version).stdout(Stdio::null()).stderr(Stdio::null()).status();
    asked.is_ok_and(|status| status.success())
}

const ROWS: [&str; 2] =
    ["<table><thead><tr><th>Provider</th><th>Purpose</th><th>Data</th></tr></thead><tbody>", "</tbody></table>"];

/// A Zola site: `zola --root DIR build`.
pub fn zola(root: &Path, size: Size) {
    for folder in ["content", "data", "templates"] {
        fs::create_dir_all(root.join(folder)).expect("a folder");
    }
    write(
        root,
        "config.toml",
        "base_url = \"https://trust.example.com\"\ncompile_sass = false\ngenerate_feeds = false\n",
    );
    write(root, "content/_index.md", "+++\ntitle = \"Trust\"\nsort_by = \"none\"\n+++\n");
    write(
        root,
        "templates/index.html",
        "<!doctype html><title>{{ section.title }}</title>{% for page in section.pages %}<a href=\"{{ page.permalink }}\">{{ page.title }}</a>{% endfor %}",
    );
    let page = format!(
        "<!doctype html><html lang=\"en\"><title>{{{{ page.title }}}}</title><h1>{{{{ page.title }}}}</h1>{{{{ page.content | safe }}}}\
         {{% set items = load_data(path=page.extra.data) %}}{}{{% for item in items %}}<tr id=\"{{{{ item.id }}}}\"><th scope=\"row\">{{{{ item.name }}}}</th>\
         <td>{{{{ item.purpose }}}}</td><td><ul>{{% for category in item.data_categories %}}<li>{{{{ category }}}}</li>{{% endfor %}}</ul></td></tr>{{% endfor %}}{}",
        ROWS[0], ROWS[1]
    );
    write(root, "templates/page.html", &page);
    for at in 0..size.releases {
        let disclosure = disclosure(size, at);
        write(root, &format!("data/r{at}.yaml"), &yaml(&disclosure));
        let text: String = disclosure.sections.iter().map(|s| format!("## {}\n\n{}\n\n", s.title, s.body)).collect();
        write(
            root,
            &format!("content/r{at}.md"),
            &format!("+++\ntitle = \"Release {at}\"\n[extra]\ndata = \"data/r{at}.yaml\"\n+++\n{text}"),
        );
    }
}

/// A Hugo site: `hugo --source DIR`.
pub fn hugo(root: &Path, size: Size) {
    for folder in ["content", "data", "layouts/_default"] {
        fs::create_dir_all(root.join(folder)).expect("a folder");
    }
    write(
        root,
        "config.toml",
        "baseURL = \"https://trust.example.com\"\ndisableKinds = [\"taxonomy\", \"term\", \"RSS\", \"sitemap\"]\n",
    );
    write(
        root,
        "layouts/index.html",
        "<!doctype html><title>Trust</title>{{ range .Site.RegularPages }}<a href=\"{{ .RelPermalink }}\">{{ .Title }}</a>{{ end }}",
    );
    let page = format!(
        "<!doctype html><html lang=\"en\"><title>{{{{ .Title }}}}</title><h1>{{{{ .Title }}}}</h1>{{{{ .Content }}}}{}\
         {{{{ range index .Site.Data .Params.data }}}}<tr id=\"{{{{ .id }}}}\"><th scope=\"row\">{{{{ .name }}}}</th><td>{{{{ .purpose }}}}</td>\
         <td><ul>{{{{ range .data_categories }}}}<li>{{{{ . }}}}</li>{{{{ end }}}}</ul></td></tr>{{{{ end }}}}{}",
        ROWS[0], ROWS[1]
    );
    write(root, "layouts/_default/single.html", &page);
    write(root, "layouts/_default/list.html", "<!doctype html><title>{{ .Title }}</title>");
    for at in 0..size.releases {
        let disclosure = disclosure(size, at);
        write(root, &format!("data/r{at}.yaml"), &yaml(&disclosure));
        let text: String = disclosure.sections.iter().map(|s| format!("## {}\n\n{}\n\n", s.title, s.body)).collect();
        write(
            root,
            &format!("content/r{at}.md"),
            &format!("+++\ntitle = \"Release {at}\"\ndata = \"r{at}\"\n+++\n{text}"),
        );
    }
}

fn write(root: &Path, path: &str, text: &str) {
    fs::write(root.join(path), text).unwrap_or_else(|error| panic!("{path}: {error}"));
}
