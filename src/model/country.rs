//! Countries and territories (ISO 3166-1).

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::{Malformed, text_newtype};

/// An ISO 3166-1 alpha-2 code that is assigned to a country or territory.
///
/// A record may contain any string, because assigned codes change over time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountryCode(Cow<'static, str>);

impl CountryCode {
    /// The two uppercase letters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The English short name, or the code itself if the table does not have it.
    pub fn english_name(&self) -> &str {
        ASSIGNED.iter().find(|(code, _)| *code == self.0).map_or(&self.0, |(_, name)| name)
    }

    /// Whether ISO 3166-1 assigns the code, as far as this version knows. A record may have others.
    pub fn is_assigned(&self) -> bool {
        matches!(self.0, Cow::Borrowed(_))
    }

    /// Creates a code from a record, without validation.
    pub(super) fn archived(text: &str) -> CountryCode {
        text.parse().unwrap_or_else(|_| CountryCode(Cow::Owned(text.to_owned())))
    }

    /// Whether the GDPR applies there: in the member states of the European Union, in Iceland, Liechtenstein
    /// and Norway (EEA Agreement), and in the outermost regions (Art. 355(1) TFEU).
    pub fn in_eea(&self) -> bool {
        const EEA: [&str; 36] = [
            "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
            "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "IS", "LI", "NO", "AX", "GF", "GP", "MF", "MQ", "RE",
        ];
        EEA.contains(&self.as_str()) || self.0 == "YT"
    }

    /// Whether it is a member state of the European Union, or one of its territories in the EEA.
    pub fn in_eu(&self) -> bool {
        self.in_eea() && !["IS", "LI", "NO"].contains(&self.as_str())
    }

    /// All codes with their English names, sorted by code.
    pub fn all() -> impl Iterator<Item = (CountryCode, &'static str)> {
        ASSIGNED.iter().map(|(code, name)| (CountryCode(Cow::Borrowed(code)), *name))
    }
}

impl FromStr for CountryCode {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<CountryCode, Malformed> {
        if let Ok(found) = ASSIGNED.binary_search_by_key(&text, |(code, _)| code) {
            return Ok(CountryCode(Cow::Borrowed(ASSIGNED[found].0)));
        }
        let near = match text.to_ascii_uppercase().as_str() {
            "EU" | "EEA" | "GLOBAL" => {
                let message = format!("`{}` is a region, not a country", text.escape_debug());
                return Err(Malformed::new(
                    message,
                    "use the ISO 3166-1 alpha-2 code of one country, such as DE or US",
                ));
            }
            "UK" => Some("GB"),
            "EL" => Some("GR"),
            "USA" => Some("US"),
            upper => ASSIGNED
                .iter()
                .find(|(code, name)| *code == upper || name.eq_ignore_ascii_case(text))
                .map(|(code, _)| *code),
        };
        let help = match near {
            Some(code) => format!("write `{code}`"),
            None => "use an ISO 3166-1 alpha-2 code, such as DE, IE or US".to_owned(),
        };
        Err(Malformed::new(format!("`{}` is not a country code", text.escape_debug()), help))
    }
}

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_newtype!(CountryCode, archived, {
    "type": "string",
    "pattern": "^[A-Z]{2}$",
    "description": "Country or territory as an ISO 3166-1 alpha-2 code."
});

/// Officially assigned codes with English short names, sorted by code.
const ASSIGNED: [(&str, &str); 249] = [
    ("AD", "Andorra"),
    ("AE", "United Arab Emirates"),
    ("AF", "Afghanistan"),
    ("AG", "Antigua and Barbuda"),
    ("AI", "Anguilla"),
    ("AL", "Albania"),
    ("AM", "Armenia"),
    ("AO", "Angola"),
    ("AQ", "Antarctica"),
    ("AR", "Argentina"),
    ("AS", "American Samoa"),
    ("AT", "Austria"),
    ("AU", "Australia"),
    ("AW", "Aruba"),
    ("AX", "Åland Islands"),
    ("AZ", "Azerbaijan"),
    ("BA", "Bosnia and Herzegovina"),
    ("BB", "Barbados"),
    ("BD", "Bangladesh"),
    ("BE", "Belgium"),
    ("BF", "Burkina Faso"),
    ("BG", "Bulgaria"),
    ("BH", "Bahrain"),
    ("BI", "Burundi"),
    ("BJ", "Benin"),
    ("BL", "Saint Barthélemy"),
    ("BM", "Bermuda"),
    ("BN", "Brunei"),
    ("BO", "Bolivia"),
    ("BQ", "Bonaire, Sint Eustatius and Saba"),
    ("BR", "Brazil"),
    ("BS", "Bahamas"),
    ("BT", "Bhutan"),
    ("BV", "Bouvet Island"),
    ("BW", "Botswana"),
    ("BY", "Belarus"),
    ("BZ", "Belize"),
    ("CA", "Canada"),
    ("CC", "Cocos (Keeling) Islands"),
    ("CD", "Congo (Democratic Republic)"),
    ("CF", "Central African Republic"),
    ("CG", "Congo"),
    ("CH", "Switzerland"),
    ("CI", "Côte d’Ivoire"),
    ("CK", "Cook Islands"),
    ("CL", "Chile"),
    ("CM", "Cameroon"),
    ("CN", "China"),
    ("CO", "Colombia"),
    ("CR", "Costa Rica"),
    ("CU", "Cuba"),
    ("CV", "Cabo Verde"),
    ("CW", "Curaçao"),
    ("CX", "Christmas Island"),
    ("CY", "Cyprus"),
    ("CZ", "Czechia"),
    ("DE", "Germany"),
    ("DJ", "Djibouti"),
    ("DK", "Denmark"),
    ("DM", "Dominica"),
    ("DO", "Dominican Republic"),
    ("DZ", "Algeria"),
    ("EC", "Ecuador"),
    ("EE", "Estonia"),
    ("EG", "Egypt"),
    ("EH", "Western Sahara"),
    ("ER", "Eritrea"),
    ("ES", "Spain"),
    ("ET", "Ethiopia"),
    ("FI", "Finland"),
    ("FJ", "Fiji"),
    ("FK", "Falkland Islands"),
    ("FM", "Micronesia"),
    ("FO", "Faroe Islands"),
    ("FR", "France"),
    ("GA", "Gabon"),
    ("GB", "United Kingdom"),
    ("GD", "Grenada"),
    ("GE", "Georgia"),
    ("GF", "French Guiana"),
    ("GG", "Guernsey"),
    ("GH", "Ghana"),
    ("GI", "Gibraltar"),
    ("GL", "Greenland"),
    ("GM", "Gambia"),
    ("GN", "Guinea"),
    ("GP", "Guadeloupe"),
    ("GQ", "Equatorial Guinea"),
    ("GR", "Greece"),
    ("GS", "South Georgia and the South Sandwich Islands"),
    ("GT", "Guatemala"),
    ("GU", "Guam"),
    ("GW", "Guinea-Bissau"),
    ("GY", "Guyana"),
    ("HK", "Hong Kong"),
    ("HM", "Heard Island and McDonald Islands"),
    ("HN", "Honduras"),
    ("HR", "Croatia"),
    ("HT", "Haiti"),
    ("HU", "Hungary"),
    ("ID", "Indonesia"),
    ("IE", "Ireland"),
    ("IL", "Israel"),
    ("IM", "Isle of Man"),
    ("IN", "India"),
    ("IO", "British Indian Ocean Territory"),
    ("IQ", "Iraq"),
    ("IR", "Iran"),
    ("IS", "Iceland"),
    ("IT", "Italy"),
    ("JE", "Jersey"),
    ("JM", "Jamaica"),
    ("JO", "Jordan"),
    ("JP", "Japan"),
    ("KE", "Kenya"),
    ("KG", "Kyrgyzstan"),
    ("KH", "Cambodia"),
    ("KI", "Kiribati"),
    ("KM", "Comoros"),
    ("KN", "Saint Kitts and Nevis"),
    ("KP", "North Korea"),
    ("KR", "South Korea"),
    ("KW", "Kuwait"),
    ("KY", "Cayman Islands"),
    ("KZ", "Kazakhstan"),
    ("LA", "Laos"),
    ("LB", "Lebanon"),
    ("LC", "Saint Lucia"),
    ("LI", "Liechtenstein"),
    ("LK", "Sri Lanka"),
    ("LR", "Liberia"),
    ("LS", "Lesotho"),
    ("LT", "Lithuania"),
    ("LU", "Luxembourg"),
    ("LV", "Latvia"),
    ("LY", "Libya"),
    ("MA", "Morocco"),
    ("MC", "Monaco"),
    ("MD", "Moldova"),
    ("ME", "Montenegro"),
    ("MF", "Saint Martin (French part)"),
    ("MG", "Madagascar"),
    ("MH", "Marshall Islands"),
    ("MK", "North Macedonia"),
    ("ML", "Mali"),
    ("MM", "Myanmar"),
    ("MN", "Mongolia"),
    ("MO", "Macao"),
    ("MP", "Northern Mariana Islands"),
    ("MQ", "Martinique"),
    ("MR", "Mauritania"),
    ("MS", "Montserrat"),
    ("MT", "Malta"),
    ("MU", "Mauritius"),
    ("MV", "Maldives"),
    ("MW", "Malawi"),
    ("MX", "Mexico"),
    ("MY", "Malaysia"),
    ("MZ", "Mozambique"),
    ("NA", "Namibia"),
    ("NC", "New Caledonia"),
    ("NE", "Niger"),
    ("NF", "Norfolk Island"),
    ("NG", "Nigeria"),
    ("NI", "Nicaragua"),
    ("NL", "Netherlands"),
    ("NO", "Norway"),
    ("NP", "Nepal"),
    ("NR", "Nauru"),
    ("NU", "Niue"),
    ("NZ", "New Zealand"),
    ("OM", "Oman"),
    ("PA", "Panama"),
    ("PE", "Peru"),
    ("PF", "French Polynesia"),
    ("PG", "Papua New Guinea"),
    ("PH", "Philippines"),
    ("PK", "Pakistan"),
    ("PL", "Poland"),
    ("PM", "Saint Pierre and Miquelon"),
    ("PN", "Pitcairn"),
    ("PR", "Puerto Rico"),
    ("PS", "Palestine"),
    ("PT", "Portugal"),
    ("PW", "Palau"),
    ("PY", "Paraguay"),
    ("QA", "Qatar"),
    ("RE", "Réunion"),
    ("RO", "Romania"),
    ("RS", "Serbia"),
    ("RU", "Russia"),
    ("RW", "Rwanda"),
    ("SA", "Saudi Arabia"),
    ("SB", "Solomon Islands"),
    ("SC", "Seychelles"),
    ("SD", "Sudan"),
    ("SE", "Sweden"),
    ("SG", "Singapore"),
    ("SH", "Saint Helena, Ascension and Tristan da Cunha"),
    ("SI", "Slovenia"),
    ("SJ", "Svalbard and Jan Mayen"),
    ("SK", "Slovakia"),
    ("SL", "Sierra Leone"),
    ("SM", "San Marino"),
    ("SN", "Senegal"),
    ("SO", "Somalia"),
    ("SR", "Suriname"),
    ("SS", "South Sudan"),
    ("ST", "São Tomé and Príncipe"),
    ("SV", "El Salvador"),
    ("SX", "Sint Maarten (Dutch part)"),
    ("SY", "Syria"),
    ("SZ", "Eswatini"),
    ("TC", "Turks and Caicos Islands"),
    ("TD", "Chad"),
    ("TF", "French Southern Territories"),
    ("TG", "Togo"),
    ("TH", "Thailand"),
    ("TJ", "Tajikistan"),
    ("TK", "Tokelau"),
    ("TL", "Timor-Leste"),
    ("TM", "Turkmenistan"),
    ("TN", "Tunisia"),
    ("TO", "Tonga"),
    ("TR", "Türkiye"),
    ("TT", "Trinidad and Tobago"),
    ("TV", "Tuvalu"),
    ("TW", "Taiwan"),
    ("TZ", "Tanzania"),
    ("UA", "Ukraine"),
    ("UG", "Uganda"),
    ("UM", "United States Minor Outlying Islands"),
    ("US", "United States"),
    ("UY", "Uruguay"),
    ("UZ", "Uzbekistan"),
    ("VA", "Holy See"),
    ("VC", "Saint Vincent and the Grenadines"),
    ("VE", "Venezuela"),
    ("VG", "British Virgin Islands"),
    ("VI", "U.S. Virgin Islands"),
    ("VN", "Vietnam"),
    ("VU", "Vanuatu"),
    ("WF", "Wallis and Futuna"),
    ("WS", "Samoa"),
    ("YE", "Yemen"),
    ("YT", "Mayotte"),
    ("ZA", "South Africa"),
    ("ZM", "Zambia"),
    ("ZW", "Zimbabwe"),
];

#[cfg(test)]
mod tests {
    use super::{ASSIGNED, CountryCode};

    #[test]
    fn codes_are_sorted_and_unique() {
        assert!(ASSIGNED.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn suggests_the_right_code() {
        for (wrong, right) in [("UK", "GB"), ("de", "DE"), ("Ireland", "IE"), ("USA", "US")] {
            let error = wrong.parse::<CountryCode>().expect_err("not a code");
            assert_eq!(error.help, format!("write `{right}`"));
        }
        assert!("XX".parse::<CountryCode>().is_err());
    }

    #[test]
    fn eea_contains_its_members_and_the_territories_of_the_treaties() {
        // The member states of the European Union (Art. 52(1) TEU).
        const MEMBER_STATES: &str = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK";
        // The other parties of the EEA Agreement (Art. 2(b)).
        const EEA_STATES: &str = "IS LI NO";
        // Outermost regions with a code of their own (Art. 349 and 355(1) TFEU; Mayotte since 2014 by Decision 2012/419/EU).
        const OUTERMOST_REGIONS: &str = "GF GP MF MQ RE YT";
        // Åland (Art. 355(4) TFEU).
        const ALAND: &str = "AX";
        let all = [MEMBER_STATES, EEA_STATES, OUTERMOST_REGIONS, ALAND].join(" ");
        let mut inside: Vec<&str> = all.split(' ').collect();
        inside.sort_unstable();
        let found = CountryCode::all().map(|(code, _)| code).filter(|code| code.in_eea());
        let found: Vec<String> = found.map(|code| code.to_string()).collect();
        assert_eq!(found, inside);
        // Territories of member states outside it: overseas countries and territories (Annex II TFEU; Saint Barthélemy since 2012 by
        // Decision 2010/718/EU), the Faroe Islands (Art. 355(5)(a) TFEU), Svalbard (Protocol 40 to the EEA Agreement).
        const OUTSIDE: &str = "AW BL BQ CW FO GL NC PF PM SJ SX TF WF";
        // Neighbors that are often taken for members.
        const NEIGHBORS: &str = "AD CH GB GG GI IM JE MC SM VA";
        for code in OUTSIDE.split(' ').chain(NEIGHBORS.split(' ')) {
            assert!(code.parse::<CountryCode>().is_ok_and(|code| !code.in_eea()), "{code}");
        }
    }
}
