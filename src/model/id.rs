//! Ids, which identify items across releases.

use std::fmt;
use std::str::FromStr;

use super::{Malformed, text_newtype};

/// A stable id in kebab-case: groups of lowercase ASCII letters and digits, joined by single hyphens,
/// 1 to 64 characters. It is also the item's anchor on a page.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(String);

impl Id {
    /// The maximum length, in characters.
    pub const MAX: usize = 64;

    /// The id as a string.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Creates an id from a record, without validation.
    pub(super) fn archived(text: &str) -> Id {
        Id(text.to_owned())
    }

    /// Converts a name or a file stem to an id (`"Azure Maps"` becomes `azure-maps`);
    /// `None` if it has no ASCII letters or digits.
    pub fn from_name(name: &str) -> Option<Id> {
        let mut id = String::new();
        for character in name.chars() {
            if character.is_ascii_alphanumeric() {
                if id.len() == Id::MAX {
                    break;
                }
                id.push(character.to_ascii_lowercase());
            } else if !id.is_empty() && !id.ends_with('-') && id.len() < Id::MAX {
                id.push('-');
            }
        }
        let id = id.trim_end_matches('-');
        (!id.is_empty()).then(|| Id(id.to_owned()))
    }
}

impl FromStr for Id {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Id, Malformed> {
        let well_formed = !text.is_empty()
            && text.len() <= Id::MAX
            && text
                .split('-')
                .all(|group| !group.is_empty() && group.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
        if well_formed {
            return Ok(Id(text.to_owned()));
        }
        let help = match Id::from_name(text) {
            Some(near) => format!("write `{near}`"),
            None => "use lowercase letters, digits and single hyphens, such as `azure-maps`".to_owned(),
        };
        Err(Malformed::new(format!("`{}` is not an id in kebab-case", text.escape_debug()), help))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_newtype!(Id, archived, {
    "type": "string",
    "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$",
    "maxLength": 64,
    "description": "Stable id in kebab-case; identifies the item across releases."
});

#[cfg(test)]
mod tests {
    use super::Id;

    #[test]
    fn accepts_only_kebab_case() {
        for good in ["stripe", "azure-maps", "a1-2"] {
            assert_eq!(good.parse::<Id>().map(|id| id.to_string()), Ok(good.to_owned()));
        }
        for bad in ["", "Stripe", "azure_maps", "-a", "a-", "a--b", "a b", "é", &"a".repeat(65)] {
            assert!(bad.parse::<Id>().is_err(), "{bad:?} was accepted");
        }
    }

    #[test]
    fn converts_names_to_ids() {
        assert_eq!(Id::from_name("Redis / Azure Cache").map(|id| id.to_string()), Some("redis-azure-cache".into()));
        assert_eq!(Id::from_name("10-security-baseline").map(|id| id.to_string()), Some("10-security-baseline".into()));
        assert_eq!(Id::from_name("—"), None);
    }

    #[test]
    fn converted_ids_are_valid() {
        for name in ["x".repeat(200), format!("{}-y", "x".repeat(63)), "İstanbul Ltd.".into()] {
            let near = Id::from_name(&name).map(|id| id.to_string()).unwrap_or_default();
            assert!(near.parse::<Id>().is_ok(), "{near:?}");
        }
    }
}
