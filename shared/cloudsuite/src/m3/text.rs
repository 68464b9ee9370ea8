//! Texts, numbers and days as M3's fields hold them. Pure.

use domain::{Accounts, Address, Private};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// How many characters an address line of M3 holds (CUA1 to CUA4, CUNM).
const LINE: usize = 36;
/// How many address lines M3 holds.
const LINES: usize = 4;
/// The places of an accounting string.
const PLACES: [&str; 7] = ["AIT1", "AIT2", "AIT3", "AIT4", "AIT5", "AIT6", "AIT7"];

/// An accounting string. A place that M3 does not have is a finding before anything is posted.
pub(super) fn account_fields(accounts: &Accounts) -> impl Iterator<Item = (&'static str, String)> {
    (1_u8..).zip(PLACES).filter_map(|(place, field)| Some((field, accounts.get(&place)?.clone())))
}

/// A day as M3 reads it (YMD8).
pub(super) fn day(date: Date) -> String {
    date.strftime("%Y%m%d").to_string()
}

/// A day as M3 writes it: nothing for blank or zero; an error for what is no day.
pub(super) fn read_day(text: &str) -> Result<Option<Date>, String> {
    if text.bytes().all(|byte| byte == b'0') {
        return Ok(None);
    }
    Date::strptime("%Y%m%d", text).map(Some).map_err(|_| format!("{text:?} is no day"))
}

/// Name and address, as CRS610MI and OIS100MI both name them. Streets are wrapped over four lines.
pub(super) fn address_fields(address: &Address) -> impl Iterator<Item = (&'static str, String)> {
    let streets = streets(address.lines.expose());
    let streets = ["CUA1", "CUA2", "CUA3", "CUA4"].into_iter().zip(streets);
    let rest = [
        ("CUNM", cut(address.name.expose(), LINE)),
        ("PONO", cut(address.postal_code.expose(), 10)),
        ("TOWN", cut(address.town.expose(), 20)),
        // A code that does not fit is left out: its first letters would name another area or none.
        ("ECAR", Some(address.area.expose().clone()).filter(|area| area.len() <= 2).unwrap_or_default()),
        ("CSCD", address.country.clone()),
    ];
    rest.into_iter().chain(streets)
}

/// Street lines in M3's four. Each keeps a line of its own if that fits; else they are joined, and, if broken
/// between words they still do not fit, broken where the line ends.
fn streets(lines: &[String]) -> Vec<String> {
    let apart: Vec<_> = lines.iter().flat_map(|line| chunks(line, LINE)).collect();
    if apart.len() <= LINES {
        return apart;
    }
    let joined = lines.join(", ");
    let together = chunks(&joined, LINE);
    if together.len() <= LINES {
        return together;
    }
    let letters: Vec<char> = joined.chars().collect();
    letters.chunks(LINE).map(|piece| piece.iter().collect::<String>().trim().to_owned()).collect()
}

/// A telephone number in M3's 16 characters: digits and plus only; one that is still longer is left out.
pub(super) fn phone(number: &Private<String>) -> String {
    let dialled: String = number.expose().chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    if dialled.len() <= 16 { dialled } else { String::new() }
}

/// A decimal as M3 reads it: a point, no exponent, no zeros at the end.
pub(super) fn decimal(value: Decimal) -> String {
    value.normalize().to_string()
}

/// The first characters of a text.
pub(super) fn cut(text: &str, most: usize) -> String {
    text.trim().chars().take(most).collect::<String>().trim_end().to_owned()
}

/// A text in pieces of at most so many characters, broken between words where that is possible.
pub(super) fn chunks(text: &str, most: usize) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let mut word: Vec<char> = word.chars().collect();
        while !word.is_empty() {
            let room = pieces.last().map_or(0, |piece| most.saturating_sub(piece.chars().count() + 1));
            match pieces.last_mut() {
                Some(piece) if word.len() <= room => {
                    piece.push(' ');
                    piece.extend(word.drain(..));
                }
                _ => pieces.push(word.drain(..word.len().min(most)).collect()),
            }
        }
    }
    pieces
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
