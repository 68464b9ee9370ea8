//! What the ledger keeps of a movement as its temporary number.

use std::fmt;

use super::Engine;

/// A message that was begun.
///
/// As text `<number>/<program>/<digest>` once it is begun, and `<number>/<program>/<digest>/<lines>` once all its
/// lines are there, before it is processed: from then on M3 may have moved the goods. The digest is that of
/// everything that is to be written: what was begun otherwise is never gone on with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    /// The message's number.
    pub(super) number: String,
    /// Which program has it.
    pub(super) engine: Engine,
    /// The digest of its lines; empty if that is not known.
    pub(super) digest: String,
    /// How many lines it has, once all are there.
    pub(super) lines: Option<u32>,
}

impl Kept {
    /// Reads a temporary number; nothing if it is none of a movement.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('/');
        let number = parts.next().filter(|number| !number.is_empty())?.to_owned();
        let program = parts.next()?;
        let engine = Engine::ALL.into_iter().find(|engine| engine.panel() == program)?;
        let digest = parts.next()?.to_owned();
        let lines = parts.next().map(str::parse).transpose().ok()?;
        Some(Self { number, engine, digest, lines })
    }
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, engine, digest, lines } = self;
        write!(f, "{number}/{}/{digest}", engine.panel())?;
        match lines {
            Some(lines) => write!(f, "/{lines}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_number_says_the_same_when_it_is_read_again() {
        for lines in [None, Some(3)] {
            let kept = Kept { number: "4711".into(), engine: Engine::Orders, digest: "AB".into(), lines };
            assert_eq!(Kept::parse(&kept.to_string()), Some(kept));
        }
        for text in ["", "4711", "T1/clerk", "4711/MHS850", "4711/MHS850/AB/x", "/MHS850/AB"] {
            assert_eq!(Kept::parse(text), None, "{text}");
        }
    }
}
