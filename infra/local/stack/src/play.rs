//! Plays deliveries against a running stack: posts, follows the record through the ledger, compares.

use std::{collections::BTreeMap, time::Duration};

use domain::{Entry, Event, Finding, Record, Reference, State};
use futures::future::join_all;
use jiff::Timestamp;
use ops::{Answer, Delivery, OpsError};
use rust_decimal::Decimal;

use crate::{
    Sample, Stack, StackError,
    sample::{Expected, Extent, StockChange, by_record},
};

/// How long a record may take to settle: the poller looks once a minute.
const SETTLE: Duration = Duration::from_mins(5);

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
    /// Plays samples side by side, those of one record one after the other. `say` gets a line for each stage.
    pub async fn play(&self, samples: &[Sample], say: impl Fn(&str)) -> Result<Vec<Played>, StackError> {
        let width = samples.iter().map(|sample| sample.name.len()).max().unwrap_or(0);
        let tell =
            |name: &str, stage: &str, detail: &str| say(&format!("{name:<width$}  {stage:<9}  {detail}"));
        let groups = by_record(self.tenant(), samples).into_iter().map(|group| {
            let tell = &tell;
            async move {
                let mut played = Vec::new();
                for sample in group {
                    let tell = |stage: &str, detail: &str| tell(&sample.name, stage, detail);
                    played.push(self.play_one(sample, tell).await?);
                }
                Ok(played)
            }
        });
        let played: Result<Vec<Vec<Played>>, StackError> = join_all(groups).await.into_iter().collect();
        let mut played = played?.concat();
        played.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(played)
    }

    async fn play_one(&self, sample: &Sample, tell: impl Fn(&str, &str)) -> Result<Played, StackError> {
        let key = sample.key(self.tenant());
        let before = self.ledger().record(&key).await?;
        let delivery = Delivery::new(&sample.expected.topic, sample.body.as_slice(), Timestamp::now());
        let answer = self.deliver(sample.source, delivery).await?;
        tell("received", &format!("HTTP {}, {}", answer.status, answer.body));
        if sample.expected.state.is_none() || !answer.is_accepted() {
            return self.compare(sample, &answer, None).await;
        }
        let on_entry = |entry: &Entry| {
            let (stage, detail) = in_words(entry);
            tell(&stage, &detail);
        };
        let record = match ops::follow(self.ledger(), &key, before.as_ref(), SETTLE, on_entry).await {
            // It is compared as it is: one that hangs must not hide what became of the others.
            Err(OpsError::NotSettled { .. }) => self.ledger().record(&key).await?,
            followed => Some(followed?),
        };
        for finding in record.iter().flat_map(findings) {
            tell("finding", &finding.to_string());
        }
        self.compare(sample, &answer, record).await
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
        let stock = self.stock_changes(record.as_ref()).await?;
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
        played.differences = differences(&sample.expected, &played, extent, &stock);
        Ok(played)
    }

    /// What all movements of a record did to the stock in CloudSuite.
    async fn stock_changes(&self, record: Option<&Record>) -> Result<Vec<StockChange>, StackError> {
        let Some(record) = record.filter(|record| !record.movements.is_empty()) else {
            return Ok(Vec::new());
        };
        let numbers = (1..=record.movements.count).map(|n| Reference::message_number_of(&record.key, n));
        let numbers: Vec<_> = numbers.collect();
        let mut changes = BTreeMap::<_, Decimal>::new();
        for moved in
            self.cloudsuite().moved().await?.into_iter().filter(|moved| numbers.contains(&moved.external))
        {
            *changes.entry((moved.warehouse, moved.item, moved.lot)).or_default() += moved.quantity;
        }
        let change = |((warehouse, item, lot), quantity): (_, Decimal)| StockChange {
            warehouse,
            item,
            lot,
            quantity: quantity.normalize(),
        };
        Ok(changes.into_iter().map(change).collect())
    }
}

/// An entry of the trail as a stage of the way.
fn in_words(entry: &Entry) -> (String, String) {
    match entry.event {
        // The delivery itself was received before: here the poster has it.
        Event::Received => ("taken up".to_owned(), entry.detail.clone()),
        Event::Confirmed => (entry.event.to_string(), format!("M3 {}", entry.detail)),
        event => (event.to_string(), entry.detail.clone()),
    }
}

fn findings(record: &Record) -> &[Finding] {
    match &record.state {
        State::Rejected { findings } | State::Failed { findings } => findings,
        _ => &[],
    }
}

fn differences(
    expected: &Expected,
    played: &Played,
    extent: Option<Extent>,
    stock: &[StockChange],
) -> Vec<String> {
    let mut wanted = expected.stock.clone();
    wanted.sort();
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
    compare("in stock", in_stock(&wanted), in_stock(stock));
    found
}

fn in_stock(changes: &[StockChange]) -> String {
    let change = |StockChange { warehouse, item, lot, quantity }: &StockChange| {
        let lot = if lot.is_empty() { String::new() } else { format!(" lot {lot}") };
        format!("{warehouse} {item}{lot} {quantity:+}")
    };
    let changes: Vec<_> = changes.iter().map(change).collect();
    if changes.is_empty() { "no change".to_owned() } else { changes.join(", ") }
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
            record: None,
            cloudsuite: None,
            stock: Vec::new(),
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
        assert_eq!(differences(&expected(), &played(200, &["a", "b"]), None, &[]), Vec::<String>::new());
    }

    #[test]
    fn each_difference_is_named() {
        let extent = Extent { lines: 2, charges: 1 };
        let stock = vec![StockChange {
            warehouse: "SBE".to_owned(),
            item: "CANDLE-SOY".to_owned(),
            lot: String::new(),
            quantity: (-3).into(),
        }];
        let found = differences(&expected(), &played(503, &["a"]), Some(extent), &stock);
        assert_eq!(
            found,
            [
                "HTTP status: expected 200, got 503",
                r#"findings: expected ["a", "b"], got ["a"]"#,
                "in CloudSuite: expected no order, got 2 lines, 1 charges",
                "in stock: expected no change, got SBE CANDLE-SOY -3",
            ]
        );
    }
}
