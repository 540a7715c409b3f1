//! Options with a fixed set of values, each of which has a name on the command line.

use clap::ValueEnum;

/// When to use color.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Diagnostics that fail a check, in addition to errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Deny {
    /// All warnings
    Warnings,
}

/// A CI system for which `candor init` can write a recipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Recipe {
    /// GitHub Actions
    Github,
    /// GitLab CI/CD
    Gitlab,
    /// Azure Pipelines
    Azure,
    /// No recipe
    None,
}

/// A host that the CI recipe can publish to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum HostChoice {
    /// Object storage behind a CDN, with `candor publish`
    Storage,
    /// GitHub Pages
    GithubPages,
    /// GitLab Pages
    GitlabPages,
    /// Cloudflare Pages
    CloudflarePages,
    /// Netlify
    Netlify,
}
