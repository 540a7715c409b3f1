//! Every command mentioned in the help, in messages, in the documentation or in a CI recipe is valid: the real parser
//! accepts it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use candor::cli::Cli;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Parser};

use crate::support::shell_words;

/// A command that a document mentions.
struct Mention {
    place: String,
    command: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns every text file below these paths of the repository, with its path.
fn texts(paths: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for path in paths {
        for entry in walkdir::WalkDir::new(root().join(path)).sort_by_file_name() {
            let entry = entry.expect("readable");
            if entry.file_type().is_file()
                && let Ok(text) = fs::read_to_string(entry.path())
            {
                let shown = entry.path().strip_prefix(root()).expect("below").display().to_string();
                found.push((shown, text));
            }
        }
    }
    found
}

/// Returns the help of the program and of each command.
fn help() -> Vec<(String, String)> {
    let mut whole = Cli::command();
    whole.build();
    let mut texts = vec![("candor --help".to_owned(), whole.render_long_help().to_string())];
    for command in whole.get_subcommands_mut() {
        texts.push((format!("candor {} --help", command.get_name()), command.render_long_help().to_string()));
    }
    texts
}

/// Returns the commands that text mentions: between backticks, after a prompt, or on a line of a recipe.
fn mentions(place: &str, text: &str) -> Vec<Mention> {
    // A string literal in source code, which may continue after a backslash.
    let text = text.replace("\\\"", "\"").replace("\\\n", "\n");
    let mut found = Vec::new();
    let mut add = |command: &str| {
        let command = command.split_whitespace().collect::<Vec<_>>().join(" ");
        found.push(Mention { place: place.to_owned(), command });
    };
    for (at, _) in text.match_indices("`candor ") {
        let rest = &text[at + 1..];
        add(rest.split('`').next().unwrap_or_default());
    }
    for line in text.lines() {
        let line = line.trim_start().trim_start_matches("- ").trim_start_matches("run: ");
        let line = line.strip_prefix("$ ").unwrap_or(line);
        let line = line.strip_prefix("~/.cargo/bin/").unwrap_or(line);
        if line.starts_with("candor ") && line.split(' ').nth(1).is_some_and(is_command_like) {
            add(line);
        }
    }
    found
}

/// Returns whether a word is a command, or an option that precedes one.
fn is_command_like(word: &str) -> bool {
    word.starts_with('-') || Cli::command().get_subcommands().any(|command| command.get_name() == word)
}

/// Splits a command line into words, up to a pipe, a redirection or a comment. Replaces each placeholder with a value.
fn words(line: &str) -> Vec<String> {
    let mut words = shell_words(line, &['|', '>', '&', ';']);
    words.retain(|word| !word.starts_with("${"));
    words.iter().map(|word| value(word.trim_matches(['[', ']']))).collect()
}

/// Returns a value for a placeholder.
fn value(word: &str) -> String {
    match word {
        "VERSION" => "2026-05-22",
        "DATE" | "$(date -u +%F)" => "2026-05-22",
        "URL" => "https://trust.example.com",
        "N" => "1",
        "SHELL" => "bash",
        "DEST" => "file:///srv/trust",
        "COLUMN=FIELD" => "Vendor=name",
        "COMMAND" => "check",
        "SHA256" => "0000000000000000000000000000000000000000000000000000000000000000",
        other => other,
    }
    .to_owned()
}

/// Returns why the parser rejects a command, or `None` if it accepts it.
fn refused(command: &str) -> Option<String> {
    let words = words(command);
    // The text mentions only the name of a command, or an option without its value, such as "give the date with
    // `--date`".
    let mentioned = [
        ErrorKind::MissingRequiredArgument,
        ErrorKind::DisplayHelp,
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand,
        ErrorKind::DisplayVersion,
    ];
    match Cli::try_parse_from(&words) {
        Ok(_) => None,
        Err(error) if mentioned.contains(&error.kind()) => None,
        Err(error) if error.get(ContextKind::InvalidValue) == Some(&ContextValue::String(String::new())) => None,
        Err(error) => Some(error.to_string()),
    }
}

#[test]
fn every_mentioned_command_is_valid() {
    let mut texts = texts(&[
        "src",
        "docs",
        "README.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "CHANGELOG.md",
        "tests/README.md",
        "templates",
        "static/js",
        ".github",
        "content",
    ]);
    texts.extend(help());
    let mut count = 0;
    let mut wrong = Vec::new();
    for (place, text) in &texts {
        for mention in mentions(place, text) {
            // A format string has the name of its value in braces.
            if mention.command.contains('{') || !available(&mention.command) {
                continue;
            }
            count += 1;
            if let Some(why) = refused(&mention.command) {
                wrong.push(format!("{}: `{}`: {why}", mention.place, mention.command));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 100, "only {count} commands were found");
}

/// Returns whether a command exists in this build, or is only disabled by a feature.
fn available(command: &str) -> bool {
    let left_out = [
        ("import", cfg!(feature = "import")),
        ("publish", cfg!(feature = "publish")),
        ("serve", cfg!(feature = "serve")),
    ];
    !left_out.iter().any(|(name, there)| !there && command.split(' ').nth(1) == Some(name))
}

#[test]
fn invalid_mentions_are_detected() {
    for wrong in [
        "candor nosuch",
        "candor check --nosuch",
        "candor check --format csv",
        "candor verify --list",
        "candor --format json check",
        "candor release --message A --summary-file b",
        "candor release --date yesterday",
    ] {
        let found = mentions("a", &format!("use `{wrong}` here"));
        assert!(found.len() == 1 && refused(&found[0].command).is_some(), "{wrong}");
    }
    for right in ["candor release", "candor explain CODE", "candor check | tee log", "candor diff > a.md # a comment"] {
        let found = mentions("a", &format!("\n$ {right}\n"));
        assert!(found.len() == 1 && refused(&found[0].command).is_none(), "{right}");
    }
}

/// Options that messages and help mention without a command, such as "use another port with --port".
#[test]
fn every_mentioned_option_exists() {
    let mut known: BTreeSet<String> = BTreeSet::from(["help".to_owned(), "version".to_owned()]);
    let mut whole = Cli::command();
    whole.build();
    let mut commands = vec![&whole];
    while let Some(command) = commands.pop() {
        known.extend(command.get_arguments().filter_map(|argument| argument.get_long()).map(str::to_owned));
        commands.extend(command.get_subcommands());
    }
    if !cfg!(all(feature = "import", feature = "publish", feature = "serve")) {
        return;
    }
    let mut count = 0;
    let mut wrong = Vec::new();
    // On the pages, only options between backticks are candor's, and `foreign` names the others.
    let pages =
        texts(&["docs", "README.md", "CONTRIBUTING.md"]).into_iter().filter(|(place, _)| place.ends_with(".md"));
    let pages: Vec<_> = pages.map(|(place, text)| (place, text.replace(" --", " "))).collect();
    let mut texts = texts(&["src"]);
    // Options of git and of the compiler, and CSS properties.
    texts.retain(|(place, _)| {
        let others = ["src/commands/import/git", "src/build", "src/assets", "src/model/color"];
        place.ends_with(".rs") && !others.iter().any(|other| place.starts_with(other))
    });
    texts.extend(help());
    texts.extend(pages);
    for (place, text) in &texts {
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//") || line.contains('`')) {
            for (at, _) in line.match_indices("--") {
                let before = line[..at].chars().next_back().unwrap_or(' ');
                let name: String = line[at + 2..].chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
                // CSS custom properties and HTML comments look similar.
                if name.is_empty()
                    || name.starts_with('-')
                    || !(before == '`' || before == ' ' || before == '"')
                    || foreign(line, &name)
                {
                    continue;
                }
                count += 1;
                if !known.contains(name.trim_end_matches('-')) {
                    wrong.push(format!("{place}: --{name}: {}", line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 30, "only {count} options were found");
}

/// Returns whether an option on a line belongs to another program or is a CSS property.
fn foreign(line: &str, name: &str) -> bool {
    // Options of cargo and of container programs.
    ["locked", "user"].contains(&name)
        || ["git ", "cargo ", "sha256sum ", "candor.css", "CSS variable"].iter().any(|other| line.contains(other))
        || fs::read_to_string(root().join("static/css/candor.css")).is_ok_and(|css| css.contains(&format!("--{name}:")))
        || line.contains(&format!("--{name}:"))
        || line.contains(&format!("var(--{name}"))
}
