//! The reasons that M3 keeps with a batch order in error.

use super::nok::Nok;
use super::state::Message;

impl Message {
    /// A reason at the head.
    pub(super) fn head(nok: &Nok, data: &str) -> Self {
        Self::of("1", nok, data)
    }

    /// A reason at a line.
    pub(super) fn line(nok: &Nok, data: &str) -> Self {
        Self::of("2", nok, data)
    }

    fn of(level: &str, nok: &Nok, data: &str) -> Self {
        Self { level: level.to_owned(), id: nok.code.clone(), data: data.to_owned(), text: nok.text.clone() }
    }
}
