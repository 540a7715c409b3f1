//! Enums that are written as one word of a fixed set.
//!
//! Content may state only the words of [`ALL`](super::Role::ALL). A record may hold a word that a newer candor knows: it is
//! kept as text, so that the record can be read, shown and compared.

/// An enum with the word of each variant: `ALL`, `as_str`, serde and JSON Schema follow from it.
///
/// Reading with serde never fails on a word, because serde reads records; content is read by the loader, which takes a word
/// from `ALL` or reports a diagnostic.
macro_rules! word_enum {
    (
        $(#[$meta:meta])*
        $type:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal,)+ }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, schemars::JsonSchema)]
        pub enum $type {
            $($(#[$variant_meta])* #[schemars(rename = $word)] $variant,)+
            /// A word of a newer candor. Only records hold one.
            #[schemars(skip)]
            Unknown(std::sync::Arc<str>),
        }

        impl $type {
            /// All values that content can state, each with its word.
            pub const ALL: &'static [(&'static str, $type)] = &[$(($word, $type::$variant)),+];

            /// The word.
            pub fn as_str(&self) -> &str {
                match self {
                    $($type::$variant => $word,)+
                    $type::Unknown(word) => word,
                }
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                Ok(match &*word {
                    $($word => $type::$variant,)+
                    unknown => $type::Unknown(unknown.into()),
                })
            }
        }
    };
}
pub(crate) use word_enum;
