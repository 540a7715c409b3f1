//! What depends on the language of a catalog alone: plural rules, and the names of countries.

use icu_locale_core::Locale;
use icu_plurals::{PluralCategory as CldrCategory, PluralRules};

use super::PluralCategory;
use crate::model::Language;

/// The names of countries by code and language, from the Unicode CLDR; `tests/languages/territories.py` writes them.
const TERRITORIES: &str = include_str!("territories.tsv");

/// Returns the plural category of a number in a language (Unicode CLDR, "Plural Rules", cardinal numbers).
///
/// A language without rules in CLDR has only [`PluralCategory::Other`], as in the page's scripts (`Intl.PluralRules`).
pub fn plural_category(language: &Language, n: usize) -> PluralCategory {
    rules(language).map_or(PluralCategory::Other, |rules| category(rules.category_for(n)))
}

/// Returns the plural categories that a language has for whole numbers and fractions, in CLDR order.
pub fn plural_categories(language: &Language) -> Vec<PluralCategory> {
    let mut categories: Vec<_> = match rules(language) {
        Some(rules) => rules.categories().map(category).collect(),
        None => vec![PluralCategory::Other],
    };
    categories.sort_unstable();
    categories
}

fn rules(language: &Language) -> Option<PluralRules> {
    let locale: Locale = language.as_str().parse().ok()?;
    PluralRules::try_new_cardinal(locale.into()).ok()
}

fn category(category: CldrCategory) -> PluralCategory {
    match category {
        CldrCategory::Zero => PluralCategory::Zero,
        CldrCategory::One => PluralCategory::One,
        CldrCategory::Two => PluralCategory::Two,
        CldrCategory::Few => PluralCategory::Few,
        CldrCategory::Many => PluralCategory::Many,
        CldrCategory::Other => PluralCategory::Other,
    }
}

/// Returns the codes of all countries with their names in a language, by primary subtag; nothing for other languages than those of the
/// built-in catalogs.
pub fn countries(primary: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut rows = TERRITORIES.lines().map(|row| row.split('\t'));
    let column = rows.next().and_then(|mut header| header.position(|language| language == primary));
    rows.filter_map(move |mut row| {
        let code = row.clone().next()?;
        Some((code, row.nth(column?)?))
    })
}

#[cfg(test)]
mod tests {
    use super::{countries, plural_categories, plural_category};
    use crate::model::{CountryCode, Language};
    use crate::wording::PluralCategory::{Few, Many, One, Other, Two, Zero};

    fn language(tag: &str) -> Language {
        tag.parse().expect("a language")
    }

    #[test]
    fn numbers_have_the_categories_of_cldr() {
        for (tag, n, expected) in [
            ("en", 1, One),
            ("en-GB", 0, Other),
            ("de", 1, One),
            ("de-AT", 2, Other),
            ("fr", 0, One),
            ("fr", 1_000_000, Many),
            ("pl", 1, One),
            ("pl", 2, Few),
            ("pl", 5, Many),
            ("pl", 12, Many),
            ("pl", 22, Few),
            ("ar", 0, Zero),
            ("ar", 2, Two),
            ("ar", 3, Few),
            ("ar", 11, Many),
            ("ar", 100, Other),
            ("ja", 1, Other),
            // No language.
            ("zxx", 1, Other),
        ] {
            assert_eq!(plural_category(&language(tag), n), expected, "{tag} {n}");
        }
        assert_eq!(plural_categories(&language("ar")), [Zero, One, Two, Few, Many, Other]);
        assert_eq!(plural_categories(&language("pl")), [One, Few, Many, Other]);
        assert_eq!(plural_categories(&language("sv")), [One, Other]);
    }

    #[test]
    fn every_country_has_a_name_in_every_language() {
        for tag in ["de", "es", "fr", "it", "nl", "pl", "pt", "sv"] {
            let named: Vec<_> = countries(tag).collect();
            let codes: Vec<_> = CountryCode::all().map(|(code, _)| code).collect();
            assert_eq!(named.len(), codes.len(), "{tag}");
            for (code, name) in named {
                assert!(codes.iter().any(|known| known.as_str() == code), "{tag} {code}");
                assert!(!name.trim().is_empty() && name != code, "{tag} {code}");
            }
        }
        assert_eq!(countries("sv").find(|(code, _)| *code == "DE"), Some(("DE", "Tyskland")));
        assert_eq!(countries("en").count(), 0);
        assert_eq!(countries("xx").count(), 0);
    }
}
