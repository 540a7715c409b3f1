//! The performance targets of candor, as ratios of times in one run.

use super::time::Measured;

/// Names of the cases that targets refer to.
pub mod case {
    pub const COPY: &str = "cp -r of the output";
    pub const START: &str = "candor --version";
    pub const DEFAULT: &str = "build, cold";
    pub const DEFAULT_EDITED: &str = "build, one section edited";
    pub const COLD: &str = "uncompressed build, cold";
    pub const BASELINE: &str = "the same, by the baseline";
    pub const EDITED: &str = "uncompressed build, one section edited";
    pub const UNCHANGED: &str = "uncompressed build, nothing changed";
    pub const ZOLA_START: &str = "launcher of zola";
    pub const ZOLA_YAML: &str = "zola, YAML data";
    pub const ZOLA_JSON: &str = "zola, JSON data";
    pub const ZOLA_TABLES: &str = "zola, YAML data, only tables";
    pub const HUGO_START: &str = "launcher of hugo";
    pub const HUGO_YAML: &str = "hugo, YAML data";
    pub const HUGO_JSON: &str = "hugo, JSON data";
}

/// The measurements of one size.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// Number of releases.
    pub releases: usize,
    /// The measured cases.
    pub measured: &'a [Measured],
}

impl Run<'_> {
    /// Returns the seconds of a case, if it was measured.
    pub fn seconds(&self, name: &str) -> Option<f64> {
        self.measured.iter().find(|measured| measured.name == name).map(|measured| measured.seconds)
    }

    /// Returns the seconds of a peer, without those of its launcher.
    pub fn without_start(&self, name: &str) -> Option<f64> {
        let start = match name {
            case::ZOLA_YAML | case::ZOLA_JSON | case::ZOLA_TABLES => case::ZOLA_START,
            case::HUGO_YAML | case::HUGO_JSON => case::HUGO_START,
            _ => return self.seconds(name),
        };
        Some(self.seconds(name)? - self.seconds(start).unwrap_or_default())
    }

    fn memory(&self, name: &str) -> Option<f64> {
        self.measured.iter().find(|measured| measured.name == name)?.megabytes
    }

    /// Returns the seconds of the fastest peer.
    fn best_peer(&self) -> Option<f64> {
        let peers = [case::ZOLA_YAML, case::ZOLA_JSON, case::HUGO_YAML, case::HUGO_JSON];
        peers.into_iter().filter_map(|name| self.without_start(name)).min_by(f64::total_cmp)
    }

    /// Returns the targets for this size with their results, without those of peers that are not installed.
    fn targets(&self) -> Vec<Target> {
        let Some(cold) = self.seconds(case::COLD) else { return Vec::new() };
        let ratio =
            |what, other: Option<f64>, most| other.map(|other| Target { what, found: cold / other, most, unit: "" });
        let mut targets = Vec::new();
        if self.releases >= 100 {
            let ratio = |what, one: &str, other: Option<f64>, most| {
                Some(Target { what, found: self.seconds(one)? / other?, most, unit: "" })
            };
            let (peer, edited) = (self.without_start(case::ZOLA_JSON), self.seconds(case::EDITED));
            targets.extend(ratio("build / Zola with JSON", case::DEFAULT, peer, 1.0));
            targets.extend(ratio("edited build / uncompressed", case::DEFAULT_EDITED, edited, 1.5));
        }
        targets.extend(ratio("uncompressed / baseline", self.seconds(case::BASELINE), 1.5));
        if self.releases == 1 {
            targets.extend(ratio("uncompressed / Zola with YAML", self.without_start(case::ZOLA_YAML), 0.5));
        }
        if self.releases >= 100 {
            targets.extend(ratio("uncompressed / Zola with YAML", self.without_start(case::ZOLA_YAML), 0.2));
            targets.extend(ratio("uncompressed / best peer", self.best_peer(), 0.5));
        }
        if self.releases >= 1000 {
            targets.extend(ratio("uncompressed / cp -r", self.seconds(case::COPY), 4.0));
            // Both builds, because the default one also compresses.
            let memory = [case::DEFAULT, case::COLD].into_iter().filter_map(|name| self.memory(name));
            targets.extend(memory.max_by(f64::total_cmp).map(|found| Target {
                what: "memory of a cold build",
                found,
                most: 150.0,
                unit: " MB",
            }));
        }
        targets
    }

    /// Prints each target with its result.
    pub fn judge(&self) {
        for target in self.targets() {
            println!("{target}");
        }
    }
}

/// A performance target with its result.
struct Target {
    what: &'static str,
    found: f64,
    most: f64,
    unit: &'static str,
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let verdict = if self.found <= self.most { "met" } else { "MISSED" };
        let Target { what, found, most, unit } = self;
        write!(f, "{what:<36} {found:>8.2}{unit}, target {most}{unit}: {verdict}")
    }
}

/// Checks that the cost grows no faster than the output, by the seconds per byte of the larger run and the smaller one.
pub fn judge_growth(smaller: (f64, u64), larger: (f64, u64)) {
    let found = (larger.0 / larger.1 as f64) / (smaller.0 / smaller.1 as f64);
    println!("{}", Target { what: "time per byte, largest / second largest", found, most: 1.25, unit: "" });
}
