//! Drift: in what Shopify's deliveries differ from what this release knows of them, counted by topic and API version,
//! and told by one line a day.
//!
//! What is kept are paths of fields, such as `line_items[].sku`, and never what stands in them. An instance counts
//! what it sees; the ledger holds what was told today, so that one instance alone tells it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use domain::Digest;
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use ledger::{Ledger, LedgerError, SharedValue, SwapError};
use platform::telemetry::{Metric, count};
use shopify::{Drift, Topic, known};

/// Every how many-th delivery of a topic and version is compared, from the first on: a comparison costs 17 µs for 7 KB,
/// more than half of what reading the order costs, and a change of Shopify's is in every delivery.
const EVERY: u64 = 16;
/// The most topics and versions that are counted; there are 28 topics, and five versions at a time.
const MOST_KINDS: usize = 150;
/// The most fields of a topic and version that are counted, and the most that a line tells.
const MOST_FIELDS: usize = 100;
const MOST_TOLD: usize = 20;
/// How long an instance leaves the ledger alone after it has asked it.
const PAUSE: SignedDuration = SignedDuration::from_hours(1);
/// How often a swap is tried, against other instances that tell at the same moment.
const TRIES: usize = 2;

/// What this instance has seen of drift. Bounded, and shared by the tasks of an instance.
#[derive(Debug, Default)]
pub struct Tally(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    kinds: BTreeMap<Kind, Counts>,
    /// The day, in UTC, that `told` is about.
    day: Option<Date>,
    /// What was told today, by whichever instance.
    told: BTreeSet<String>,
    /// When the ledger was asked last.
    asked: Option<Timestamp>,
}

/// A topic and the API version that its bodies are of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    topic: Topic,
    version: String,
}

impl Kind {
    /// As it stands in the ledger.
    fn name(&self) -> String {
        format!("{} {}", self.topic.as_str(), self.version)
    }
}

/// What was seen of a topic and version since it was told last.
#[derive(Debug, Clone, Default)]
struct Counts {
    deliveries: u64,
    compared: u64,
    unknown: BTreeMap<String, u64>,
    missing: BTreeMap<String, u64>,
}

impl Counts {
    fn add(&mut self, drift: Drift) {
        self.compared = self.compared.saturating_add(1);
        for (counts, paths) in [(&mut self.unknown, drift.unknown), (&mut self.missing, drift.missing)] {
            for path in paths {
                if counts.len() < MOST_FIELDS || counts.contains_key(&path) {
                    let count = counts.entry(path).or_default();
                    *count = count.saturating_add(1);
                }
            }
        }
    }

    fn fields(&self) -> usize {
        self.unknown.len() + self.missing.len()
    }
}

impl Tally {
    /// Looks at a body that was taken in: `topic` and `version` as the headers name them. Compares every sixteenth
    /// body of a topic and version, the first among them; what cannot be read is the parser's to tell.
    pub fn see(&self, topic: &str, version: Option<&str>, body: &[u8]) {
        let Some(topic) = Topic::parse(topic) else { return };
        let kind = Kind { topic, version: version.map_or_else(|| "unknown".to_owned(), plain) };
        if !self.is_turn(&kind) {
            return;
        }
        if let Ok(drift) = known(topic, version).compare(body)
            && let Some(counts) = self.seen().kinds.get_mut(&kind)
        {
            counts.add(drift);
        }
    }

    /// Counts a delivery, and says whether it is one to compare.
    fn is_turn(&self, kind: &Kind) -> bool {
        let mut seen = self.seen();
        if !seen.kinds.contains_key(kind) && seen.kinds.len() >= MOST_KINDS {
            return false;
        }
        let counts = seen.kinds.entry(kind.clone()).or_default();
        let turn = counts.deliveries.is_multiple_of(EVERY);
        counts.deliveries = counts.deliveries.saturating_add(1);
        turn
    }

    /// Tells what drifted and was not told today, one line a topic and version, unless another instance did. Call it at
    /// the end of an invocation: mostly it does nothing, and it asks the ledger at most once an hour.
    pub async fn tell(&self, ledger: &dyn Ledger, now: Timestamp) {
        let news = self.news(now);
        if news.is_empty() {
            return;
        }
        match agree(ledger, now, news.keys().map(Kind::name).collect()).await {
            Ok(agreed) => {
                for (kind, counts) in news.iter().filter(|(kind, _)| agreed.ours.contains(&kind.name())) {
                    line(kind, counts);
                    count(Metric::SchemaDrift, "", counts.fields());
                }
                self.told(agreed, news.keys());
            }
            // What drifted stays counted and is told an hour later.
            Err(error) => tracing::info!(%error, "drift could not be told"),
        }
    }

    /// What is to be told now; nothing within the pause.
    fn news(&self, now: Timestamp) -> BTreeMap<Kind, Counts> {
        let mut seen = self.seen();
        if seen.asked.is_some_and(|asked| now.duration_since(asked) < PAUSE) {
            return BTreeMap::new();
        }
        let today = day(now);
        if seen.day != Some(today) {
            seen.day = Some(today);
            seen.told.clear();
        }
        let is_news = |kind: &Kind, counts: &Counts| counts.fields() > 0 && !seen.told.contains(&kind.name());
        let news: BTreeMap<_, _> = seen
            .kinds
            .iter()
            .filter(|(kind, counts)| is_news(kind, counts))
            .map(|(kind, counts)| (kind.clone(), counts.clone()))
            .collect();
        if !news.is_empty() {
            seen.asked = Some(now);
        }
        news
    }

    /// Notes what was told, by whomever, and counts it anew.
    fn told<'a>(&self, agreed: Agreed, kinds: impl Iterator<Item = &'a Kind>) {
        let mut seen = self.seen();
        seen.told.extend(agreed.all);
        for kind in kinds {
            seen.kinds.remove(kind);
        }
    }

    /// A poisoned lock only means that a task panicked elsewhere; counts are whole after each call.
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What instances have agreed on.
struct Agreed {
    /// What this instance is to tell.
    ours: BTreeSet<String>,
    /// All that is told today.
    all: BTreeSet<String>,
}

/// Puts down in the ledger that this instance tells what nobody told today. The one value of a day is shared by all
/// tenants: what Shopify sends is the same for each.
async fn agree(ledger: &dyn Ledger, now: Timestamp, wanted: BTreeSet<String>) -> Result<Agreed, LedgerError> {
    let (client, name) = (Digest::of(b"drift/shopify"), format!("drift/{}", day(now)));
    let mut stored = ledger.shared(&client, &name).await?;
    for _ in 0..TRIES {
        let before: BTreeSet<String> = lines(stored.as_ref()).map(str::to_owned).collect();
        let ours: BTreeSet<_> = wanted.difference(&before).cloned().collect();
        let all: BTreeSet<_> = before.union(&wanted).cloned().collect();
        if ours.is_empty() {
            return Ok(Agreed { ours, all });
        }
        let value = all.iter().map(String::as_str).collect::<Vec<_>>().join("\n");
        let version = stored.as_ref().map_or(0, |stored| stored.version);
        match ledger.swap_shared(&client, &name, version, &value).await {
            Ok(_) => return Ok(Agreed { ours, all }),
            Err(SwapError::Conflict(now)) => stored = now,
            Err(SwapError::Ledger(error)) => return Err(error),
        }
    }
    // Others tell at this moment; what they leave is told in an hour.
    Ok(Agreed { ours: BTreeSet::new(), all: lines(stored.as_ref()).map(str::to_owned).collect() })
}

fn lines(stored: Option<&SharedValue>) -> impl Iterator<Item = &str> {
    stored.into_iter().flat_map(|stored| stored.value.lines())
}

fn day(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}

/// The line that an operator reads.
fn line(kind: &Kind, counts: &Counts) {
    tracing::warn!(
        topic = kind.topic.as_str(),
        api_version = kind.version,
        compared = counts.compared,
        new = most(&counts.unknown),
        gone = most(&counts.missing),
        "schema drift: Shopify's deliveries differ from what this release knows"
    );
}

/// The fields that were seen most often, each with how often.
fn most(counts: &BTreeMap<String, u64>) -> String {
    let mut fields: Vec<_> = counts.iter().collect();
    fields.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let rest = fields.len().saturating_sub(MOST_TOLD);
    let mut told: Vec<_> =
        fields.iter().take(MOST_TOLD).map(|(path, count)| format!("{path} ({count})")).collect();
    if rest > 0 {
        told.push(format!("and {rest} more"));
    }
    told.join(", ")
}

/// A version as it may stand in a log: the header that names it is not signed.
fn plain(version: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_version = (1..=16).contains(&version.len()) && version.bytes().all(is_plain);
    if is_version { version.to_owned() } else { "unknown".to_owned() }
}

#[cfg(test)]
#[path = "drift_tests.rs"]
mod tests;
