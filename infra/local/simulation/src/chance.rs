//! Chance from a seed: one generator a concern, so that a draw more in one place changes nothing in another.

use std::{
    ops::RangeInclusive,
    sync::{Mutex, MutexGuard, PoisonError},
};

use fastrand::Rng;

/// A seeded generator of one concern.
#[derive(Debug)]
pub(crate) struct Chance(Mutex<Rng>);

impl Chance {
    /// The generator of a concern under a seed.
    pub(crate) fn of(seed: u64, concern: &str) -> Self {
        // FNV-1a keeps concerns apart: neighbouring seeds of one concern must not meet those of another.
        let mixed = concern.bytes().fold(0xcbf2_9ce4_8422_2325 ^ seed, |mixed: u64, byte| {
            (mixed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(Mutex::new(Rng::with_seed(mixed)))
    }

    /// True so many times in a thousand. Zero draws nothing.
    pub(crate) fn strikes(&self, per_thousand: u32) -> bool {
        per_thousand > 0 && self.rng().u32(0..1_000) < per_thousand
    }

    /// A whole number within bounds.
    pub(crate) fn between(&self, bounds: RangeInclusive<u64>) -> u64 {
        self.rng().u64(bounds)
    }

    /// One of several; there must be one.
    pub(crate) fn one_of<'a, T>(&self, several: &'a [T]) -> &'a T {
        &several[self.rng().usize(0..several.len())]
    }

    /// Puts things into another order.
    pub(crate) fn shuffle<T>(&self, things: &mut [T]) {
        self.rng().shuffle(things);
    }

    /// A poisoned lock only means a panic elsewhere; a generator is never half drawn.
    fn rng(&self) -> MutexGuard<'_, Rng> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
