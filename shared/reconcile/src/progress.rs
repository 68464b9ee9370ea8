//! Where a comparison stands, kept in the ledger between runs.

use serde::{Deserialize, Serialize};
use shopify_admin::Window;

use crate::Counts;

/// Where a comparison stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Progress {
    /// What is being compared, or was compared last.
    pub(crate) window: Window,
    /// What the next page is asked for by; nothing for the first one.
    pub(crate) cursor: Option<String>,
    /// Whether the window was compared to its end.
    pub(crate) complete: bool,
    /// What was counted in it so far.
    pub(crate) counts: Counts,
}

impl Progress {
    pub(crate) fn at_the_beginning_of(window: Window) -> Self {
        Self { window, cursor: None, complete: false, counts: Counts::default() }
    }
}
