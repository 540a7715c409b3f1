//! Parses dates. The order of day and month is read only if a column proves it, or if the user states it.

use std::str::FromStr;

use super::Read;
use crate::import::cell::Cell;
use crate::import::fields::unaccented;
use crate::model::{Date, Malformed};

/// The order of the numbers in a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// Day, month, year.
    DayMonthYear,
    /// Month, day, year.
    MonthDayYear,
}

impl FromStr for DateOrder {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<DateOrder, Malformed> {
        match text.to_ascii_lowercase().as_str() {
            "dmy" => Ok(DateOrder::DayMonthYear),
            "mdy" => Ok(DateOrder::MonthDayYear),
            _ => Err(Malformed::new(
                format!("`{}` is not an order of dates; use `dmy` or `mdy`", text.escape_debug()),
                "use `dmy` or `mdy`",
            )),
        }
    }
}

/// The beginnings of the names of months in English, German, French and Spanish, without accents.
const MONTHS: [&[&str]; 12] = [
    &["jan", "ene"],
    &["feb", "fev"],
    &["mar"],
    &["apr", "avr", "abr"],
    &["may", "mai"],
    &["jun", "juin"],
    &["jul", "juil"],
    &["aug", "aou", "ago"],
    &["sep", "set"],
    &["oct", "okt"],
    &["nov"],
    &["dec", "dez", "dic"],
];

/// Parses a date: year-month-day, or with the name of a month, or in the given order.
pub fn date(cell: &Cell, order: Option<DateOrder>) -> Read<Option<Date>> {
    let text = cell.text();
    if let Ok(date) = text.parse() {
        return Read::all(Some(date));
    }
    let found = named(&text).or_else(|| year_first(&text)).or_else(|| serial(&text, cell.from_1904));
    let found = found.or_else(|| numeric(&text, order?));
    match found {
        Some(date) => Read { notes: vec![format!("converted `{text}` to `{date}`")], ..Read::all(Some(date)) },
        None => Read::nothing(cell),
    }
}

/// Returns the date of a number without the format of a date, as spreadsheets store it: the number of days since 1899-12-30, or
/// since 1904-01-01. Numbers of dates before 1954 and after 2064 are something else.
fn serial(text: &str, from_1904: bool) -> Option<Date> {
    let days: i32 = text.parse().ok().filter(|days| (20_000..60_000).contains(days))?;
    let start = if from_1904 { Date::new(1904, 1, 1) } else { Date::new(1899, 12, 30) }?;
    Some(start.plus_days(days))
}

/// Returns the order that the dates of a column prove: the only one in which all of them exist.
pub fn proven_order<'a>(cells: impl Iterator<Item = &'a Cell>) -> Option<DateOrder> {
    let texts: Vec<String> = cells.map(Cell::text).filter(|text| numbers(text).is_some()).collect();
    let possible = |order: DateOrder| !texts.is_empty() && texts.iter().all(|text| numeric(text, order).is_some());
    match (possible(DateOrder::DayMonthYear), possible(DateOrder::MonthDayYear)) {
        (true, false) => Some(DateOrder::DayMonthYear),
        (false, true) => Some(DateOrder::MonthDayYear),
        // `05/05/2024` is the same date in both orders.
        (true, true) => texts
            .iter()
            .all(|text| numeric(text, DateOrder::DayMonthYear) == numeric(text, DateOrder::MonthDayYear))
            .then_some(DateOrder::DayMonthYear),
        (false, false) => None,
    }
}

/// Splits `03/04/2025` into its numbers, with the year last.
fn numbers(text: &str) -> Option<[i16; 3]> {
    let parts: Vec<&str> = text.split(['/', '.', '-']).map(str::trim).collect();
    let [first, second, year] = parts.as_slice() else { return None };
    let number = |text: &str| text.parse::<i16>().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()));
    let short = |text: &str| number(text).filter(|_| text.len() <= 2);
    let year = number(year).filter(|_| year.len() == 4)?;
    Some([short(first)?, short(second)?, year])
}

fn numeric(text: &str, order: DateOrder) -> Option<Date> {
    let [first, second, year] = numbers(text)?;
    let (day, month) = match order {
        DateOrder::DayMonthYear => (first, second),
        DateOrder::MonthDayYear => (second, first),
    };
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
}

/// Parses a date that begins with a year, perhaps followed by midnight: `2025/03/04`, `2025-03-04T00:00:00Z`.
fn year_first(text: &str) -> Option<Date> {
    let (date, time) = text.split_once(['T', ' ']).unwrap_or((text, ""));
    if !time.chars().all(|c| matches!(c, '0' | ':' | '.' | 'Z' | '+')) {
        return None;
    }
    let parts: Vec<&str> = date.split(['/', '.', '-']).collect();
    let [year, month, day] = parts.as_slice() else { return None };
    if year.len() != 4 || !parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// Parses a date with the name of a month: `4 March 2025`, `March 4th, 2025`, `4. März 2025`, `4 de marzo de 2025`.
fn named(text: &str) -> Option<Date> {
    let words: Vec<&str> =
        text.split([' ', ',', '-', '.', '/']).filter(|word| !word.is_empty() && *word != "de").collect();
    let [first, second, year] = words.as_slice() else { return None };
    let (day, month) = if second.starts_with(char::is_alphabetic) { (first, second) } else { (second, first) };
    let day = day
        .strip_suffix("st")
        .or_else(|| day.strip_suffix("nd"))
        .or_else(|| day.strip_suffix("rd"))
        .or_else(|| day.strip_suffix("th"))
        .or_else(|| day.strip_suffix("er"))
        .unwrap_or(day);
    let month: String = month.to_lowercase().chars().map(unaccented).collect();
    if month.chars().count() < 3 || !month.chars().all(char::is_alphabetic) || month.chars().count() > 10 {
        return None;
    }
    let number = MONTHS.iter().position(|names| names.iter().any(|name| month.starts_with(name)))? + 1;
    let year = year.parse().ok().filter(|_| year.len() == 4)?;
    Date::new(year, i8::try_from(number).ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> Cell {
        Cell::new(text, None)
    }

    #[test]
    fn parses_only_unambiguous_dates() {
        for text in [
            "2025-03-04",
            "4 March 2025",
            "March 4, 2025",
            "4th Mar 2025",
            "04-Mar-2025",
            "4. März 2025",
            "4 mars 2025",
            "4 de marzo de 2025",
            "2025/03/04",
            "2025-03-04T00:00:00Z",
            "2025.03.04",
        ] {
            let read = date(&cell(text), None).value.map(|date| date.to_string());
            assert_eq!(read.as_deref(), Some("2025-03-04"), "{text}");
        }
        let serial = |from_1904| date(&Cell { from_1904, ..cell("45000") }, None).value.map(|date| date.to_string());
        assert_eq!((serial(false).as_deref(), serial(true).as_deref()), (Some("2023-03-15"), Some("2027-03-16")));
        for text in [
            "03/04/2025",
            "Q1 2025",
            "12345",
            "30 February 2025",
            "soon",
            "March 2025",
            "2025",
            "04.03.25",
            "2025-03-04T10:20:00Z",
        ] {
            assert_eq!(date(&cell(text), None).rest, [text]);
        }
    }

    #[test]
    fn column_proves_the_order() {
        let order = |texts: &[&str]| {
            let cells: Vec<Cell> = texts.iter().map(|text| cell(text)).collect();
            proven_order(cells.iter())
        };
        assert_eq!(order(&["03/04/2025", "25/04/2025"]), Some(DateOrder::DayMonthYear));
        assert_eq!(order(&["03/04/2025", "04/25/2025"]), Some(DateOrder::MonthDayYear));
        assert_eq!(order(&["03/04/2025", "", "soon", "25.04.2025"]), Some(DateOrder::DayMonthYear));
        assert_eq!(order(&["05/05/2025"]), Some(DateOrder::DayMonthYear));
        for texts in [&["03/04/2025"][..], &["25/04/2025", "04/25/2025"], &["2025-03-04"], &[]] {
            assert_eq!(order(texts), None, "{texts:?}");
        }
        let read = date(&cell("03/04/2025"), Some(DateOrder::DayMonthYear)).value;
        assert_eq!(read.map(|date| date.to_string()).as_deref(), Some("2025-04-03"));
    }
}
