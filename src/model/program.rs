//! Identifies the build of candor that creates a site.

use std::borrow::Cow;
use std::fmt;

/// Identifies a build of candor: version, commit if it is known, and a digest of the source code.
///
/// Output of one build is never reused by a different build. Builds from equal sources are equal on every machine, because
/// they produce the same output.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ProgramVersion(Cow<'static, str>);

impl ProgramVersion {
    /// The running program.
    pub const fn current() -> ProgramVersion {
        ProgramVersion(Cow::Borrowed(concat!(env!("CANDOR_VERSION"), " ", env!("CANDOR_SOURCES"))))
    }

    /// A program with this name, for tests.
    pub fn named(name: impl Into<String>) -> ProgramVersion {
        ProgramVersion(Cow::Owned(name.into()))
    }

    /// The version alone, such as `0.2.0`, as records have it.
    pub fn version(&self) -> &str {
        self.0.split(' ').next().unwrap_or_default()
    }

    /// The identifier, on one line.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProgramVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
