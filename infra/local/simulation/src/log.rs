//! The event log: what happened, when, to what, in one line each. Two runs of one seed write the same log.

use std::{
    fmt::Display,
    sync::{Mutex, PoisonError},
};

use crate::Time;

/// The lines of one run, if they are wanted at all.
#[derive(Debug)]
pub(crate) struct Log {
    time: Time,
    lines: Option<Mutex<Vec<String>>>,
}

impl Log {
    /// An empty log; one that is not wanted stays empty and costs nothing.
    pub(crate) fn new(time: Time, is_wanted: bool) -> Self {
        Self { time, lines: is_wanted.then(Mutex::default) }
    }

    /// Writes a line: who, then what.
    pub(crate) fn say<T: Display>(&self, who: &str, what: impl FnOnce() -> T) {
        let Some(lines) = &self.lines else { return };
        let elapsed = self.time.elapsed();
        let (seconds, milliseconds) = (elapsed.as_secs(), elapsed.subsec_millis());
        let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        let line = format!("{hours:02}:{minutes:02}:{seconds:02}.{milliseconds:03} {who:<12} {}", what());
        lines.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    /// All lines, in order.
    pub(crate) fn lines(&self) -> Vec<String> {
        let lines = self.lines.as_ref();
        lines.map(|lines| lines.lock().unwrap_or_else(PoisonError::into_inner).clone()).unwrap_or_default()
    }
}
