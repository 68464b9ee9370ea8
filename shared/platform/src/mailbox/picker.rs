//! Which messages a receive of the twin brings: a standard queue promises no order and now and then brings a
//! message twice, so a simulation chooses.

use super::KeptMessage;

/// One message that a receive brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pick {
    /// Its place among the visible messages.
    pub place: usize,
    /// Whether it stays visible all the same, so that another receive brings it too.
    pub twice: bool,
}

/// Chooses what a receive brings.
pub trait Picker: Send + Sync {
    /// Picks at most `most` of the visible messages, which stand oldest first. Places that do not exist and
    /// picks beyond `most` are passed over.
    fn pick(&self, visible: &[&KeptMessage], most: usize) -> Vec<Pick>;
}

/// The oldest first, each once: what a quiet queue does nearly always.
#[derive(Debug, Clone, Copy, Default)]
pub struct OldestFirst;

impl Picker for OldestFirst {
    fn pick(&self, visible: &[&KeptMessage], most: usize) -> Vec<Pick> {
        (0..visible.len().min(most)).map(|place| Pick { place, twice: false }).collect()
    }
}

/// A closure of the same shape picks as well.
impl<F: Fn(&[&KeptMessage], usize) -> Vec<Pick> + Send + Sync> Picker for F {
    fn pick(&self, visible: &[&KeptMessage], most: usize) -> Vec<Pick> {
        self(visible, most)
    }
}
