//! Ways of M3: statuses, lengths of its fields, and what would make two things the same to it.

use super::{Problems, text};
use crate::{Amounts, JournalBatches, M3Ways, MissingMessages, read::Path};

/// Statuses of batch orders whose meaning Infor documents (OIS275): an order was made, or a person is needed.
const DOCUMENTED: [u8; 5] = [15, 25, 30, 55, 90];
/// The highest status: M3's statuses have two digits.
const HIGHEST: u8 = 99;
/// How many characters a message id has at most (MSID).
const MESSAGE_ID: usize = 7;

pub(super) fn check(ways: &M3Ways, problems: &mut Problems) {
    let path = Path::from("cloudsuite.m3");
    statuses(ways, &path, problems);
    for (key, value, least, most) in [
        ("master_data_seconds", ways.master_data_seconds, 0, 86_400),
        ("transactions_per_request", ways.transactions_per_request.into(), 1, 100),
    ] {
        if !(least..=most).contains(&value) {
            problems.push((path.key(key), format!("it is not {least} to {most}")));
        }
    }
    let place = path.key("order_text");
    text(problems, place.key("class"), &ways.order_text.class, 10, false);
    text(problems, place.key("table"), &ways.order_text.table, 10, true);
    text(problems, place.key("field"), &ways.order_text.field, 6, true);
    journal(&ways.journal, &path.key("journal"), problems);
    missing(&ways.missing, &path.key("missing"), problems);
}

fn statuses(ways: &M3Ways, path: &Path, problems: &mut Problems) {
    let single =
        [("amendable_to", ways.amendable_to), ("items_from", ways.items_from), ("items_to", ways.items_to)];
    let listed = ways.unconfirmed.iter().enumerate();
    let listed = listed.map(|(place, status)| (path.key("unconfirmed").index(place), *status));
    for (path, status) in single.map(|(key, status)| (path.key(key), status)).into_iter().chain(listed) {
        if status > HIGHEST {
            problems.push((path, format!("a status is 0 to {HIGHEST}")));
        }
    }
    if ways.items_from > ways.items_to {
        problems.push((path.key("items_from"), "it is above items_to: no item could be ordered".to_owned()));
    }
    for (place, status) in ways.unconfirmed.iter().enumerate().filter(|(_, one)| DOCUMENTED.contains(one)) {
        let message = format!("M3 documents status {status}: it does not wait for a confirmation");
        problems.push((path.key("unconfirmed").index(place), message));
    }
}

fn journal(journal: &JournalBatches, path: &Path, problems: &mut Problems) {
    text(problems, path.key("record"), &journal.record, 2, true);
    text(problems, path.key("debit"), &journal.debit, 1, false);
    text(problems, path.key("credit"), &journal.credit, 1, false);
    if journal.debit == journal.credit && journal.amounts == Amounts::Absolute {
        let message = "it is the code of a debit too, and amounts have no sign: M3 could not tell them apart";
        problems.push((path.key("credit"), message.to_owned()));
    }
    message_ids(&journal.exists, &path.key("exists"), problems);
}

fn missing(missing: &MissingMessages, path: &Path, problems: &mut Problems) {
    let MissingMessages { item, item_in_warehouse, warehouse, facility, customer, list } = missing;
    for (key, ids) in [
        ("item", item),
        ("item_in_warehouse", item_in_warehouse),
        ("warehouse", warehouse),
        ("facility", facility),
        ("customer", customer),
        ("list", list),
    ] {
        message_ids(ids, &path.key(key), problems);
    }
}

fn message_ids(ids: &[String], path: &Path, problems: &mut Problems) {
    for (place, id) in ids.iter().enumerate() {
        let is_one = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        if id.is_empty() || id.len() > MESSAGE_ID || !id.bytes().all(is_one) {
            let message = "it is no message id: up to 7 capital letters and digits, such as WIT0103";
            problems.push((path.index(place), message.to_owned()));
        }
    }
}
