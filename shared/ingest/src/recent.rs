//! What was put on the queue lately.
//!
//! A record keeps the body that it took in last, and not one that was compared with it and changed nothing: of such
//! a one the ledger would have it sent again in every run. So it is remembered here for as long as windows overlap.

use domain::{Digest, RecordKey};
use serde::{Deserialize, Serialize};

/// How many objects are remembered: what changes in an hour of a busy day. Each takes 19 bytes of the progress.
const MOST: usize = 300;
/// How many characters of each digest.
const LENGTH: usize = 8;

/// The last body of each object that was sent lately, the longest ago first: the beginnings of two digests. Where they
/// mislead, which takes two like objects with two like bodies, the ledger's next change of either puts it right.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Recent(Vec<String>);

impl Recent {
    /// Whether this body was the last one of its object that was sent.
    pub(crate) fn has(&self, key: &RecordKey, body: &Digest) -> bool {
        self.0.contains(&entry(key, body))
    }

    /// Remembers a body in place of what was remembered of its object.
    pub(crate) fn add(&mut self, key: &RecordKey, body: &Digest) {
        let entry = entry(key, body);
        self.0.retain(|known| known.get(..LENGTH) != entry.get(..LENGTH));
        self.0.push(entry);
        let surplus = self.0.len().saturating_sub(MOST);
        self.0.drain(..surplus);
    }
}

fn entry(key: &RecordKey, body: &Digest) -> String {
    let mut entry = Digest::of(key.to_string().as_bytes()).to_string();
    entry.truncate(LENGTH);
    entry.extend(body.to_string().chars().take(LENGTH));
    entry
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_body_of_an_object_counts_and_what_is_long_ago_is_forgotten() {
        let key = |id: usize| format!("demo/shipbob/order/{id}").parse::<RecordKey>().unwrap();
        let [a, b] = [b"a", b"b"].map(|body| Digest::of(body));
        let mut recent = Recent::default();
        recent.add(&key(1), &a);
        assert!(recent.has(&key(1), &a) && !recent.has(&key(1), &b) && !recent.has(&key(2), &a));
        recent.add(&key(1), &b);
        assert!(recent.has(&key(1), &b) && !recent.has(&key(1), &a), "what went back is sent again");
        for id in 2..=MOST + 1 {
            recent.add(&key(id), &a);
        }
        assert!(!recent.has(&key(1), &b) && recent.has(&key(2), &a));
        assert!(serde_json::to_string(&recent).unwrap().len() < 6_000);
    }
}
