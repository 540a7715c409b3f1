//! CI recipes: a pipeline that checks every change and publishes it to a host, and the scripts that its steps run.
//!
//! A recipe is the file of the CI system, which ends with the job that publishes: there is one for each host. Everything that can be
//! tested without a CI system is in two scripts, which all recipes share.
//!
//! The files of hosts with a tool of their own have only the settings and the command of the job. `upload.yml` has the rest of it.

/// The address of candor's repository: `repository` of Cargo.toml, the only place that states it. As long as candor has no public
/// repository, its host is reserved (RFC 2606), and the installation script rejects it.
pub const CANDOR_REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// The tools of hosts that have no upload of their own, as npm packages.
const WRANGLER: &str = "wrangler@4.164.0";
const NETLIFY: &str = "netlify-cli@27.10.2";

/// A CI system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ci {
    /// GitHub Actions.
    Github,
    /// GitLab CI/CD.
    Gitlab,
    /// Azure Pipelines.
    Azure,
}

/// A host that a recipe publishes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecipeHost {
    /// Object storage, with `candor publish`.
    Storage,
    /// GitHub Pages.
    GithubPages,
    /// GitLab Pages.
    GitlabPages,
    /// Cloudflare Pages.
    CloudflarePages,
    /// Netlify.
    Netlify,
}

/// A file of a recipe: its path below the project root, and its text.
pub(super) type RecipeFile = (&'static str, String);

impl Ci {
    /// All CI systems.
    pub const ALL: [Ci; 3] = [Ci::Github, Ci::Gitlab, Ci::Azure];

    /// Returns the hosts that it can publish to, the default first.
    pub fn hosts(self) -> Vec<RecipeHost> {
        RecipeHost::ALL.into_iter().filter(|host| self.publication(*host).is_some()).collect()
    }

    /// Returns the path of the recipe in a project.
    pub fn path(self) -> &'static str {
        match self {
            Ci::Github => ".github/workflows/trust-center.yml",
            Ci::Gitlab => ".gitlab-ci.yml",
            Ci::Azure => "azure-pipelines.yml",
        }
    }

    /// Returns the files of the recipe; `None` if the CI system cannot publish to the host.
    pub(super) fn recipe(self, host: RecipeHost) -> Option<Vec<RecipeFile>> {
        let checks = match self {
            Ci::Github => include_str!("ci/github/recipe.yml"),
            Ci::Gitlab => include_str!("ci/gitlab/recipe.yml"),
            Ci::Azure => include_str!("ci/azure/recipe.yml"),
        };
        let (publication, announcement) = (self.publication(host)?, self.announcement());
        // GitLab Pages requires this name.
        let job = if host == RecipeHost::GitlabPages { "pages" } else { "publish" };
        let recipe = format!("{checks}{publication}{announcement}").replace("{{publish}}", job);
        let recipe = filled(&recipe, CANDOR_REPOSITORY);
        let mut files = vec![(self.path(), recipe), ("ci/install-candor.sh", include_str!("ci/install.sh").to_owned())];
        if host == RecipeHost::Storage {
            files.push(("ci/publish-candor.sh", include_str!("ci/publish.sh").to_owned()));
        }
        Some(files)
    }

    /// Returns the job that announces releases, commented out except for its description; empty for a system without releases.
    fn announcement(self) -> String {
        let job = match self {
            Ci::Github => include_str!("ci/github/announce.yml"),
            Ci::Gitlab => include_str!("ci/gitlab/announce.yml"),
            Ci::Azure => return String::new(),
        };
        let is_description = |line: &&str| line.is_empty() || line.trim_start().starts_with('#');
        let described = job.lines().take_while(is_description).count();
        let commented = |(at, line)| if at < described { format!("{line}\n") } else { format!("# {line}\n") };
        job.lines().enumerate().map(commented).collect()
    }

    /// Returns the part of the recipe that publishes to a host.
    fn publication(self, host: RecipeHost) -> Option<String> {
        let text = match (self, host) {
            (Ci::Github, RecipeHost::Storage) => include_str!("ci/github/storage.yml"),
            (Ci::Github, RecipeHost::GithubPages) => include_str!("ci/github/github-pages.yml"),
            (Ci::Github, RecipeHost::CloudflarePages) => include_str!("ci/github/cloudflare-pages.yml"),
            (Ci::Github, RecipeHost::Netlify) => include_str!("ci/github/netlify.yml"),
            (Ci::Gitlab, RecipeHost::Storage) => include_str!("ci/gitlab/storage.yml"),
            (Ci::Gitlab, RecipeHost::GitlabPages) => include_str!("ci/gitlab/gitlab-pages.yml"),
            (Ci::Gitlab, RecipeHost::CloudflarePages) => include_str!("ci/gitlab/cloudflare-pages.yml"),
            (Ci::Gitlab, RecipeHost::Netlify) => include_str!("ci/gitlab/netlify.yml"),
            (Ci::Azure, RecipeHost::Storage) => include_str!("ci/azure/storage.yml"),
            (Ci::Azure, RecipeHost::CloudflarePages) => include_str!("ci/azure/cloudflare-pages.yml"),
            (Ci::Azure, RecipeHost::Netlify) => include_str!("ci/azure/netlify.yml"),
            (Ci::Github | Ci::Azure, RecipeHost::GitlabPages) | (Ci::Gitlab | Ci::Azure, RecipeHost::GithubPages) => {
                return None;
            }
        };
        let text = match text.split_once("{{job}}\n") {
            Some((settings, upload)) => {
                let job = match self {
                    Ci::Github => include_str!("ci/github/upload.yml"),
                    Ci::Gitlab => include_str!("ci/gitlab/upload.yml"),
                    Ci::Azure => include_str!("ci/azure/upload.yml"),
                };
                job.replace("{{settings}}\n", settings).replace("{{upload}}\n", upload)
            }
            None => text.to_owned(),
        };
        Some(text.replace("{{published}}\n", include_str!("ci/gitlab/published.yml")))
    }
}

impl RecipeHost {
    /// All hosts.
    pub const ALL: [RecipeHost; 5] = [
        RecipeHost::Storage,
        RecipeHost::GithubPages,
        RecipeHost::GitlabPages,
        RecipeHost::CloudflarePages,
        RecipeHost::Netlify,
    ];

    /// Returns the name, as the command line takes it.
    pub fn name(self) -> &'static str {
        match self {
            RecipeHost::Storage => "storage",
            RecipeHost::GithubPages => "github-pages",
            RecipeHost::GitlabPages => "gitlab-pages",
            RecipeHost::CloudflarePages => "cloudflare-pages",
            RecipeHost::Netlify => "netlify",
        }
    }
}

/// Fills in what a recipe installs. The program's own version is preset only if its repository has an address, because a placeholder
/// has no releases.
fn filled(recipe: &str, repository: &str) -> String {
    let version = if is_placeholder(repository) { "" } else { env!("CARGO_PKG_VERSION") };
    recipe
        .replace("{{repository}}", repository)
        .replace("{{version}}", version)
        .replace("{{wrangler}}", WRANGLER)
        .replace("{{netlify}}", NETLIFY)
}

/// Returns whether the host of an address is reserved for examples, as in `ci/install-candor.sh`.
fn is_placeholder(repository: &str) -> bool {
    let address = format!("{}/", repository.trim_end_matches('/'));
    address == "/" || address.contains(".example/") || address.contains(".example.com/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ci_system_publishes_to_object_storage_first_and_every_host_has_a_recipe() {
        for ci in Ci::ALL {
            assert_eq!(ci.hosts().first(), Some(&RecipeHost::Storage), "{ci:?}");
        }
        for host in RecipeHost::ALL {
            assert!(Ci::ALL.iter().any(|ci| ci.recipe(host).is_some()), "{host:?}");
        }
    }

    #[test]
    fn recipe_has_no_open_placeholder() {
        for (ci, host) in Ci::ALL.into_iter().flat_map(|ci| ci.hosts().into_iter().map(move |host| (ci, host))) {
            for (path, text) in ci.recipe(host).expect("a recipe") {
                assert!(!text.replace("${{", "").contains("{{"), "{ci:?} {host:?}: {path}");
            }
        }
    }

    #[test]
    fn announcement_is_a_job_once_its_comment_signs_are_removed() {
        for (ci, host) in Ci::ALL.into_iter().flat_map(|ci| ci.hosts().into_iter().map(move |host| (ci, host))) {
            let files = ci.recipe(host).expect("a recipe");
            let text = &files[0].1;
            let parsed = |text: &str| serde_yaml::from_str::<serde_json::Value>(text).expect("YAML");
            let jobs = |recipe: serde_json::Value| if ci == Ci::Github { recipe["jobs"].clone() } else { recipe };
            let before = jobs(parsed(text));
            assert!(before.get("announce").is_none(), "{ci:?} {host:?}");
            let Some((head, job)) = text.split_once(if ci == Ci::Github { "\n#   announce:" } else { "\n# announce:" })
            else {
                assert_eq!(ci, Ci::Azure);
                continue;
            };
            let job: String = format!("# announce:{job}").lines().map(|line| format!("{}\n", &line[2..])).collect();
            let indent = if ci == Ci::Github { "  " } else { "" };
            let after = jobs(parsed(&format!("{head}\n{indent}{job}")));
            let needs = after["announce"]["needs"].to_string();
            let needs = needs.trim_matches(['[', ']', '"']);
            assert!(before.get(needs).is_some(), "{ci:?} {host:?}: {needs}");
        }
    }

    #[test]
    fn version_is_preset_only_with_a_real_repository() {
        let recipe = "{{repository}} {{version}}";
        for placeholder in ["https://code.example.com/candor", "https://candor.example/", ""] {
            assert_eq!(filled(recipe, placeholder), format!("{placeholder} "));
        }
        let version = env!("CARGO_PKG_VERSION");
        assert_eq!(filled(recipe, "https://forge.test/candor"), format!("https://forge.test/candor {version}"));
    }
}
