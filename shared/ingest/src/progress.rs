//! How far reading came, kept in the ledger between runs.

use std::collections::{BTreeMap, VecDeque};

use domain::SourceId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shipbob_api::Bookmark;

use crate::{Counts, List, Wanted, recent::Recent, window::Window};

/// How far reading came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Progress {
    /// Each list by itself: what keeps one from being read keeps no other.
    pub(crate) lists: BTreeMap<List, Stand>,
    /// The lists that are still to be read in this round, in their order. A round may take several runs; when it is
    /// over, the next run begins another.
    pub(crate) left: VecDeque<List>,
    /// What was sent lately.
    pub(crate) recent: Recent,
}

/// How far reading of one list came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stand {
    /// What is being read, or was read last.
    pub(crate) window: Window,
    /// The page that is read; nothing for the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) page: Option<Bookmark>,
    /// Up to which id, as text, the objects of this page are done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) after: Option<SourceId>,
    /// Whether the window was read to its end.
    pub(crate) complete: bool,
    /// What was counted in it so far.
    pub(crate) counts: Counts,
}

impl Stand {
    fn at_the_beginning_of(window: Window) -> Self {
        Self { window, page: None, after: None, complete: false, counts: Counts::default() }
    }

    /// Begins the window anew.
    pub(crate) fn begin_anew(&mut self) {
        *self = Self::at_the_beginning_of(self.window);
    }
}

impl Progress {
    /// Goes on with the round, or begins one.
    pub(crate) fn go_round(&mut self, wanted: &Wanted) {
        self.left.retain(|list| list.is_wanted(wanted));
        if self.left.is_empty() {
            self.left = List::ALL.into_iter().filter(|list| list.is_wanted(wanted)).collect();
        }
    }

    /// Where a list stands if its last window is not done, else the beginning of its next one; nothing if it is not
    /// time for that yet.
    pub(crate) fn begin(&self, list: List, wanted: &Wanted, now: Timestamp) -> Option<Stand> {
        match self.lists.get(&list) {
            Some(stand) if !stand.complete => Some(stand.clone()),
            last => {
                let window = list.next_window(last.map(|stand| stand.window), wanted, now);
                window.map(Stand::at_the_beginning_of)
            }
        }
    }
}
