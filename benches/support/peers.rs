//! The same content for other generators: a page per release with its table of subprocessors, from data files.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::generate::{Size, disclosure, json, yaml};

/// Another generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// Zola: a single binary in Rust with the same template language.
    Zola,
    /// Hugo: a single binary in Go.
    Hugo,
}

/// What a site's data is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Data {
    /// YAML, as people write it.
    Yaml,
    /// JSON, which every generator parses faster.
    Json,
}

impl Data {
    fn ending(self) -> &'static str {
        match self {
            Data::Yaml => "yaml",
            Data::Json => "json",
        }
    }
}

impl Peer {
    /// The program: that which the variable `ZOLA` or `HUGO` names, or else that on the PATH.
    fn program(self) -> String {
        let (variable, name) = match self {
            Peer::Zola => ("ZOLA", "zola"),
            Peer::Hugo => ("HUGO", "hugo"),
        };
        std::env::var(variable).unwrap_or_else(|_| name.to_owned())
    }

    /// A run of what starts the program and is not a part of it, which the variable `ZOLA_START` or `HUGO_START` may
    /// name with its arguments: Zola of the npm package runs within Node, and `node -e 0` is what that costs.
    pub fn launcher(self) -> Option<Command> {
        let words = std::env::var(if self == Peer::Zola { "ZOLA_START" } else { "HUGO_START" }).ok()?;
        let mut words = words.split_whitespace();
        let mut command = Command::new(words.next()?);
        command.args(words);
        Some(command)
    }

    /// What it says of its version; none where it cannot be started.
    pub fn version(self) -> Option<String> {
        let mut command = Command::new(self.program());
        command.arg(if self == Peer::Zola { "--version" } else { "version" });
        let output = command.stderr(Stdio::null()).output().ok().filter(|output| output.status.success())?;
        String::from_utf8_lossy(&output.stdout).lines().next().map(str::to_owned)
    }

    /// The build of a site into a folder that is not there yet.
    pub fn build(self, root: &Path, out: &Path) -> Command {
        let mut command = Command::new(self.program());
        match self {
            Peer::Zola => command.arg("--root").arg(root).arg("build").arg("--output-dir").arg(out),
            Peer::Hugo => command.arg("--quiet").arg("--source").arg(root).arg("--destination").arg(out),
        };
        command
    }

    /// Writes a site with the same content.
    pub fn write(self, root: &Path, size: Size, data: Data) {
        match self {
            Peer::Zola => zola(root, size, data),
            Peer::Hugo => hugo(root, size, data),
        }
    }
}

const ROWS: [&str; 2] =
    ["<table><thead><tr><th>Provider</th><th>Purpose</th><th>Data</th></tr></thead><tbody>", "</tbody></table>"];

fn zola(root: &Path, size: Size, data: Data) {
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
    pages(root, size, data, |at, data| {
        format!("+++\ntitle = \"Release {at}\"\n[extra]\ndata = \"data/{data}\"\n+++\n")
    });
}

fn hugo(root: &Path, size: Size, data: Data) {
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
    pages(root, size, data, |at, _| format!("+++\ntitle = \"Release {at}\"\ndata = \"r{at}\"\n+++\n"));
}

/// A page and a data file per release; `front` makes a page's front matter from its number and the data file's name.
fn pages(root: &Path, size: Size, data: Data, front: impl Fn(usize, &str) -> String) {
    for at in 0..size.releases {
        let disclosure = disclosure(size, at);
        let name = format!("r{at}.{}", data.ending());
        let items = match data {
            Data::Yaml => yaml(&disclosure),
            Data::Json => json(&disclosure),
        };
        write(root, &format!("data/{name}"), &items);
        let text: String = disclosure.sections.iter().map(|s| format!("## {}\n\n{}\n\n", s.title, s.body)).collect();
        write(root, &format!("content/r{at}.md"), &format!("{}{text}", front(at, &name)));
    }
}

fn write(root: &Path, path: &str, text: &str) {
    fs::write(root.join(path), text).unwrap_or_else(|error| panic!("{path}: {error}"));
}
