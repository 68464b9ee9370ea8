//! Plays deliveries against a running stack: posts, follows the record through the ledger, compares.

use std::time::{Duration, Instant};

use domain::{Finding, Kind, Record, RecordKey, Source, State};
use futures::future::join_all;

use crate::{
    Answer, Delivery, Sample, Stack, StackError,
    sample::{Expected, Extent, by_order},
};

/// How long a record may take to settle: the poller looks once a minute.
const SETTLE: Duration = Duration::from_mins(5);
const PAUSE: Duration = Duration::from_millis(400);

/// What became of a sample.
#[derive(Debug, Clone)]
pub struct Played {
    /// The sample's name.
    pub name: String,
    /// The HTTP status of the answer.
    pub http: u16,
    /// The word of the record's state; nothing where there is no record.
    pub state: Option<String>,
    /// CloudSuite's number of the order.
    pub number: Option<String>,
    /// The codes of the findings.
    pub findings: Vec<String>,
    /// What differs from what was expected.
    pub differences: Vec<String>,
}

impl Stack {
    /// Plays samples side by side, those of one order one after the other. `say` gets a line for each stage.
    pub async fn play(&self, samples: &[Sample], say: impl Fn(&str)) -> Result<Vec<Played>, StackError> {
        let groups = by_order(samples).into_iter().map(|group| {
            let say = &say;
            async move {
                let mut played = Vec::new();
                for sample in group {
                    played.push(self.play_one(sample, say).await?);
                }
                Ok(played)
            }
        });
        let played: Result<Vec<Vec<Played>>, StackError> = join_all(groups).await.into_iter().collect();
        let mut played = played?.concat();
        played.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(played)
    }

    async fn play_one(&self, sample: &Sample, say: &impl Fn(&str)) -> Result<Played, StackError> {
        let expected = &sample.expected;
        let tell = |stage: &str, detail: &str| say(&format!("{:<44} {stage:<10} {detail}", sample.name));
        let key = sample.order.map(|id| self.order_key(&id.to_string())).transpose()?;
        let before = match &key {
            Some(key) => self.ledger().record(key).await?,
            None => None,
        };
        let answer = self.post(&Delivery::new(&expected.topic, sample.body.clone())).await?;
        tell("received", &format!("HTTP {}, {}", answer.status, answer.text));
        let record = match key.filter(|_| expected.state.is_some() && answer.status == 200) {
            Some(key) => Some(self.follow(&key, before.as_ref(), tell).await?),
            None => None,
        };
        self.compare(sample, &answer, record).await
    }

    /// The key of an order of the demo tenant.
    pub fn order_key(&self, id: &str) -> Result<RecordKey, StackError> {
        let id = id.parse().map_err(|error: domain::ParseKeyError| StackError::Refused {
            what: "making a record's key",
            why: error.to_string(),
        })?;
        Ok(RecordKey { tenant: self.tenant().clone(), source: Source::Shopify, kind: Kind::Order, id })
    }

    /// Waits until a record was written after `before` and settled, and tells each new entry of its trail.
    pub async fn follow(
        &self,
        key: &RecordKey,
        before: Option<&Record>,
        tell: impl Fn(&str, &str),
    ) -> Result<Record, StackError> {
        let mut told = before.map_or(0, length);
        let start = Instant::now();
        while start.elapsed() < SETTLE {
            if let Some(record) = self.ledger().record(key).await? {
                let new = length(&record).saturating_sub(told).min(record.trail.len());
                for entry in &record.trail[record.trail.len() - new..] {
                    tell(&entry.event.to_string(), &entry.detail);
                }
                told = length(&record);
                if record.state.is_settled() && before.is_none_or(|before| record.version > before.version) {
                    for finding in findings(&record) {
                        tell("finding", &finding.to_string());
                    }
                    return Ok(record);
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(StackError::TooSlow {
            what: "the settling of a record",
            seconds: SETTLE.as_secs(),
            log: self.options().log("emulator"),
        })
    }

    async fn compare(
        &self,
        sample: &Sample,
        answer: &Answer,
        record: Option<Record>,
    ) -> Result<Played, StackError> {
        let number = record.as_ref().and_then(|record| record.references.number.clone());
        let orders = self.cloudsuite().orders().await?;
        let extent = orders.iter().find(|order| Some(&order.number) == number.as_ref());
        let extent = extent.map(|order| Extent { lines: order.lines, charges: order.charges });
        let mut codes: Vec<String> =
            record.iter().flat_map(findings).map(|finding| finding.code.to_string()).collect();
        codes.sort();
        let state = record.map(|record| record.state.word().to_owned());
        let mut played = Played {
            name: sample.name.clone(),
            http: answer.status,
            state,
            number,
            findings: codes,
            differences: Vec::new(),
        };
        played.differences = differences(&sample.expected, &played, extent);
        Ok(played)
    }
}

/// How many entries a record's trail has, pages included.
fn length(record: &Record) -> usize {
    record.trail.len() + usize::try_from(record.paged).unwrap_or(usize::MAX)
}

fn findings(record: &Record) -> &[Finding] {
    match &record.state {
        State::Rejected { findings } | State::Failed { findings } => findings,
        _ => &[],
    }
}

fn differences(expected: &Expected, played: &Played, extent: Option<Extent>) -> Vec<String> {
    let mut codes = expected.findings.clone();
    codes.sort();
    let mut found = Vec::new();
    let mut compare = |what: &str, expected: String, got: String| {
        if expected != got {
            found.push(format!("{what}: expected {expected}, got {got}"));
        }
    };
    let word = |state: &Option<String>| state.clone().unwrap_or_else(|| "no record".to_owned());
    let measure = |extent: Option<Extent>| {
        extent.map_or("no order".to_owned(), |e| format!("{} lines, {} charges", e.lines, e.charges))
    };
    compare("HTTP status", expected.http.to_string(), played.http.to_string());
    compare("state", word(&expected.state), word(&played.state));
    compare("findings", format!("{codes:?}"), format!("{:?}", played.findings));
    compare("in CloudSuite", measure(expected.cloudsuite), measure(extent));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected() -> Expected {
        Expected {
            topic: "orders/create".to_owned(),
            http: 200,
            state: Some("rejected".to_owned()),
            findings: vec!["b".to_owned(), "a".to_owned()],
            cloudsuite: None,
        }
    }

    fn played(http: u16, findings: &[&str]) -> Played {
        Played {
            name: "sample".to_owned(),
            http,
            state: Some("rejected".to_owned()),
            number: None,
            findings: findings.iter().map(|&code| code.to_owned()).collect(),
            differences: Vec::new(),
        }
    }

    #[test]
    fn the_order_of_findings_is_no_difference() {
        assert_eq!(differences(&expected(), &played(200, &["a", "b"]), None), Vec::<String>::new());
    }

    #[test]
    fn each_difference_is_named() {
        let extent = Extent { lines: 2, charges: 1 };
        let found = differences(&expected(), &played(503, &["a"]), Some(extent));
        assert_eq!(
            found,
            [
                "HTTP status: expected 200, got 503",
                r#"findings: expected ["a", "b"], got ["a"]"#,
                "in CloudSuite: expected no order, got 2 lines, 1 charges",
            ]
        );
    }
}
