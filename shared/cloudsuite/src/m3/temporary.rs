//! Temporary numbers that say more than one thing.
//!
//! The ledger keeps one text for what was begun. M3 needs more to go on from there, so some numbers carry a second
//! part, after a slash: that a clerk releases a batch order (`T0000001/clerk`), the purchase order's number beside
//! its entry's (`<MSGN>/<PUNO>`), the accounting date of a journal entry whose update began (`<KEY1>/20261120`).

/// The second part of a batch order's number that a clerk releases.
pub(super) const BY_CLERK: &str = "clerk";

/// Both parts as one text.
pub(super) fn join(number: &str, beside: &str) -> String {
    format!("{number}/{beside}")
}

/// The first part: M3's own temporary number.
pub(super) fn number(temporary: &str) -> &str {
    temporary.split_once('/').map_or(temporary, |(number, _)| number)
}

/// The second part, if there is one.
pub(super) fn beside(temporary: &str) -> Option<&str> {
    temporary.split_once('/').map(|(_, beside)| beside).filter(|beside| !beside.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_parts_come_back() {
        let both = join("T1", "4711");
        assert_eq!((number(&both), beside(&both)), ("T1", Some("4711")));
        assert_eq!((number("T1"), beside("T1"), beside("T1/")), ("T1", None, None));
    }
}
