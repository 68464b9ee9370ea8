//! Our reference: the text by which a document is found again in CloudSuite.

use std::fmt;

use data_encoding::BASE32_NOPAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{Kind, RecordKey, Source};

/// The longest reference that every product line can hold (M3's CUOR has 20 characters).
const LONGEST: usize = 20;
/// The length of a search key (M3's ALCU has 10 characters).
const SEARCH_KEY: usize = 10;
/// The length of a batch key (M3's KEY1 has 15 characters).
const BATCH_KEY: usize = 15;
/// The length of an external message number (M3's PMSN has 17 characters).
const MESSAGE_NUMBER: usize = 17;

/// A reference of at most 20 characters, derived from the record's key alone, so that every attempt
/// of every instance writes and looks for the same one.
///
/// It is a letter for the source and kind, then the source's id; an id that does not fit is hashed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reference(String);

impl Reference {
    /// The reference of a record.
    pub fn of(key: &RecordKey) -> Self {
        let letter = letter(key.source, key.kind);
        let id = key.id.as_str();
        let plain = id.len() < LONGEST && id.bytes().all(|b| b.is_ascii_digit());
        Self(if plain { format!("{letter}{id}") } else { format!("{letter}X{}", hashed(key, LONGEST - 2)) })
    }

    /// A search key of 10 characters, for fields too short for the reference (M3's ALCU).
    pub fn search_key_of(key: &RecordKey) -> String {
        hashed(key, SEARCH_KEY)
    }

    /// A key of 15 characters, for the batches of a general ledger (M3's KEY1 of GLS840).
    pub fn batch_key_of(key: &RecordKey) -> String {
        hashed(key, BATCH_KEY)
    }

    /// The number of a record's movement of goods, counted from 1, of at most 17 characters (M3's PMSN).
    pub fn message_number_of(key: &RecordKey, movement: u32) -> String {
        let tail = format!("-{movement}");
        let own = Self::of(key).0;
        let room = MESSAGE_NUMBER.saturating_sub(tail.len());
        let head = if own.len() <= room { own } else { hashed(key, room) };
        head + &tail
    }

    /// The reference as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One letter for each source and kind, so that ids of different objects never meet.
fn letter(source: Source, kind: Kind) -> char {
    match (source, kind) {
        (Source::Shopify, Kind::Order) => 'S',
        (Source::Shopify, Kind::Customer) => 'C',
        (Source::Shopify, Kind::Return) => 'T',
        (Source::Shopify, Kind::Refund) => 'Z',
        (Source::Shopify, Kind::Journal) => 'J',
        (Source::Shopify, Kind::Shipment | Kind::Receipt | Kind::Fee | Kind::Request) => 'U',
        (Source::Shipbob, Kind::Order) => 'B',
        (Source::Shipbob, Kind::Customer) => 'D',
        (Source::Shipbob, Kind::Shipment) => 'P',
        (Source::Shipbob, Kind::Receipt) => 'W',
        (Source::Shipbob, Kind::Return) => 'R',
        (Source::Shipbob, Kind::Fee) => 'F',
        (Source::Shipbob, Kind::Journal) => 'L',
        (Source::Shipbob, Kind::Refund | Kind::Request) => 'V',
    }
}

fn hashed(key: &RecordKey, length: usize) -> String {
    let mut text = BASE32_NOPAD.encode(&Sha256::digest(key.to_string().as_bytes()));
    text.truncate(length);
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reference(key: &str) -> String {
        Reference::of(&key.parse().unwrap()).to_string()
    }

    #[test]
    fn an_id_of_digits_stays_readable() {
        assert_eq!(reference("demo/shopify/order/820982911946154508"), "S820982911946154508");
        assert_eq!(reference("demo/shopify/order/9223372036854775807"), "S9223372036854775807");
    }

    #[test]
    fn an_id_that_does_not_fit_is_hashed() {
        assert_eq!(reference("demo/shopify/order/18446744073709551615").len(), 20);
        assert!(reference("demo/shopify/customer/e-0123456789abcdef").starts_with("CX"));
    }

    #[test]
    fn movements_of_one_record_have_numbers_of_their_own() {
        let key = |text: &str| text.parse().unwrap();
        let shipment = key("demo/shipbob/shipment/123456789");
        assert_eq!(Reference::message_number_of(&shipment, 1), "P123456789-1");
        assert_eq!(Reference::message_number_of(&shipment, 12), "P123456789-12");
        let receipt = key("demo/shipbob/receipt/123456789");
        assert_eq!(Reference::message_number_of(&receipt, 1), "W123456789-1");
    }

    proptest! {
        #[test]
        fn a_reference_fits_and_is_the_same_each_time(id in "[!-.0-~]{1,64}") {
            prop_assume!(!id.contains('#'));
            let key: RecordKey = format!("demo/shopify/order/{id}").parse().unwrap();
            prop_assert!(Reference::of(&key).as_str().len() <= 20);
            prop_assert_eq!(Reference::of(&key), Reference::of(&key));
            prop_assert_eq!(Reference::search_key_of(&key).len(), 10);
            prop_assert_eq!(Reference::batch_key_of(&key).len(), 15);
            for movement in [1, 20, 4_294_967_295] {
                prop_assert!(Reference::message_number_of(&key, movement).len() <= 17);
            }
        }
    }
}
