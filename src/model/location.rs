//! The locations of processing: a country or region, perhaps with a place in it and a condition.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Condition, Territory};

/// A location of processing. A location that states only its code is written as that code.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Location {
    /// The country or region.
    pub code: Territory,
    /// A place in it, such as a city or a data center region, as plain text.
    pub place: Option<String>,
    /// The condition under which data is processed there.
    pub condition: Option<Condition>,
}

/// A location that states more than its code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct LocationFields {
    /// The country as an ISO 3166-1 alpha-2 code, or `EU`, `EEA` or `GLOBAL`.
    pub code: Territory,
    /// A place in it, such as a city or a data center region, as plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The condition under which data is processed there. If it is left out, data is always processed there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
}

impl Location {
    /// Whether the location states only its code.
    pub fn is_plain(&self) -> bool {
        self.place.is_none() && self.condition.is_none()
    }
}

impl<T: Into<Territory>> From<T> for Location {
    fn from(code: T) -> Location {
        Location { code: code.into(), place: None, condition: None }
    }
}

impl From<LocationFields> for Location {
    fn from(LocationFields { code, place, condition }: LocationFields) -> Location {
        Location { code, place, condition }
    }
}

impl From<&Location> for LocationFields {
    fn from(location: &Location) -> LocationFields {
        let Location { code, place, condition } = location.clone();
        LocationFields { code, place, condition }
    }
}

impl Serialize for Location {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.is_plain() {
            true => self.code.serialize(serializer),
            false => LocationFields::from(self).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Location {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Location, D::Error> {
        /// Reads both forms without a buffer, so that unknown fields of records are still found.
        struct Forms;

        impl<'de> de::Visitor<'de> for Forms {
            type Value = Location;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a code, or a map with `code`")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Location, E> {
                Territory::deserialize(de::value::StrDeserializer::new(text)).map(Location::from)
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Location, A::Error> {
                LocationFields::deserialize(de::value::MapAccessDeserializer::new(map)).map(Location::from)
            }
        }

        deserializer.deserialize_any(Forms)
    }
}

impl JsonSchema for Location {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Location".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let forms = [generator.subschema_for::<Territory>(), generator.subschema_for::<LocationFields>()];
        schemars::json_schema!({
            "oneOf": forms,
            "description": "A country or region, or a map that also states a place in it or a condition.",
        })
    }
}

/// Returns the distinct codes of locations, in their order.
pub fn codes(locations: &[Location]) -> Vec<&Territory> {
    let mut codes: Vec<&Territory> = Vec::with_capacity(locations.len());
    for location in locations {
        if !codes.contains(&&location.code) {
            codes.push(&location.code);
        }
    }
    codes
}

/// Whether `after` names a country in which data was not processed before, or not under the same condition.
///
/// A location without a condition covers every condition. The wording of a condition does not matter.
pub fn grew(before: &[Location], after: &[Location]) -> bool {
    after.iter().any(|location| {
        let covering: Vec<&Territory> = before
            .iter()
            .filter(|old| old.condition.is_none() || same_test(old.condition.as_ref(), location.condition.as_ref()))
            .map(|old| &old.code)
            .collect();
        !is_covered(&location.code, &covering)
    })
}

fn same_test(a: Option<&Condition>, b: Option<&Condition>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a.means_the_same(b))
}

/// Whether every country of a territory is in the set of countries that the others form together.
fn is_covered(territory: &Territory, by: &[&Territory]) -> bool {
    if by.iter().any(|other| other.covers(territory)) {
        return true;
    }
    let countries = match territory {
        Territory::Country(_) => None,
        Territory::Region(region) => region.countries(),
    };
    countries.is_some_and(|countries| {
        countries.into_iter().map(Territory::Country).all(|country| by.iter().any(|other| other.covers(&country)))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Location, codes, grew};

    fn locations(value: serde_json::Value) -> Vec<Location> {
        serde_json::from_value(value).expect("locations")
    }

    #[test]
    fn location_with_only_a_code_is_written_short() {
        let read = locations(json!(["DE", { "code": "IE" }, { "code": "IE", "place": "Dublin" }, "XK"]));
        let written = serde_json::to_value(&read).expect("JSON");
        assert_eq!(written, json!(["DE", "IE", { "code": "IE", "place": "Dublin" }, "XK"]));
        assert_eq!(codes(&read).iter().map(|code| code.as_str()).collect::<Vec<_>>(), ["DE", "IE", "XK"]);
    }

    #[test]
    fn growth_is_decided_by_the_set_of_countries() {
        let members: Vec<String> =
            super::super::Region::Eu.countries().expect("countries").iter().map(ToString::to_string).collect();
        for (before, after, expected) in [
            (json!(["DE"]), json!(["EU"]), true),
            (json!(["EU"]), json!(["DE", "FR"]), false),
            (json!(["EEA"]), json!(["EU", "NO"]), false),
            (json!(["EU", "NO", "IS", "LI"]), json!(["EEA"]), false),
            (json!(members), json!(["EU"]), false),
            (json!(["EU"]), json!(["EEA"]), true),
            (json!(["GLOBAL"]), json!(["US", "EEA"]), false),
            (json!(["US", "EEA"]), json!(["GLOBAL"]), true),
            (json!(["DE"]), json!([{ "code": "DE", "place": "Frankfurt" }]), false),
            (json!([]), json!([]), false),
        ] {
            assert_eq!(grew(&locations(before.clone()), &locations(after.clone())), expected, "{before} to {after}");
        }
    }

    #[test]
    fn location_that_loses_its_condition_is_growth() {
        let only = json!([{ "code": "US", "condition": { "when": "enabled", "feature": "Maps" } }]);
        assert!(grew(&locations(only.clone()), &locations(json!(["US"]))));
        assert!(!grew(&locations(json!(["US"])), &locations(only.clone())));
        assert!(!grew(&locations(only.clone()), &locations(only)));
    }
}
