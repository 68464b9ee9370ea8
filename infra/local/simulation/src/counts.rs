//! What is counted over a run, and over many.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::Fault;

/// Counts under names. The names are few and for people.
#[derive(Debug, Default)]
pub(crate) struct Counts(Mutex<BTreeMap<&'static str, u64>>);

impl Counts {
    /// Counts some more of something.
    pub(crate) fn add(&self, name: &'static str, amount: u64) {
        *self.counts().entry(name).or_default() += amount;
    }

    /// Counts one more.
    pub(crate) fn one(&self, name: &'static str) {
        self.add(name, 1);
    }

    /// Counts a fault that struck.
    pub(crate) fn fault(&self, fault: Fault) {
        self.one(fault.word());
    }

    /// Everything counted.
    pub(crate) fn all(&self) -> BTreeMap<&'static str, u64> {
        self.counts().clone()
    }

    /// A poisoned lock only means a panic elsewhere; a count is never half made.
    fn counts(&self) -> MutexGuard<'_, BTreeMap<&'static str, u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
