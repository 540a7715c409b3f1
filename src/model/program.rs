//! Which build of candor makes a site.

use std::borrow::Cow;
use std::fmt;

/// Identifies one build of the program: version, commit where it is known, and a digest of the sources it is compiled from.
///
/// A file that one build made is never taken for what another build would make. Builds from equal sources are equal,
/// on every machine: what they make is the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ProgramVersion(Cow<'static, str>);

impl ProgramVersion {
    /// The program that is running.
    pub const fn current() -> ProgramVersion {
        ProgramVersion(Cow::Borrowed(concat!(env!("CANDOR_VERSION"), " ", env!("CANDOR_SOURCES"))))
    }

    /// A program of this name, for tests of what happens when another one takes over.
    pub fn named(name: impl Into<String>) -> ProgramVersion {
        ProgramVersion(Cow::Owned(name.into()))
    }

    /// The text that identifies it, on one line.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProgramVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
