//! Enums that are written as one of a fixed set of strings.
//!
//! Content may use only the values of [`ALL`](super::Role::ALL). A record may contain a value of a newer candor, which is kept
//! as a string, so that the record can be read, shown and compared.

/// Defines an enum from its variants and their strings, with `ALL`, `as_str`, serde and JSON Schema.
///
/// Deserializing never fails on an unknown string, because serde reads records. Content is read by the loader, which accepts
/// only the values of `ALL`.
macro_rules! word_enum {
    (
        $(#[$meta:meta])*
        $type:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal,)+ }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, schemars::JsonSchema)]
        pub enum $type {
            $($(#[$variant_meta])* #[schemars(rename = $word)] $variant,)+
            /// A value of a newer candor. Only records can contain one.
            #[schemars(skip)]
            Unknown(std::sync::Arc<str>),
        }

        impl $type {
            /// All values that content can use, with their strings.
            pub const ALL: &'static [(&'static str, $type)] = &[$(($word, $type::$variant)),+];

            /// The value as a string.
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
