//! Chaos: orders by the hundred while the poster's and the poller's processes are killed at random moments and
//! CloudSuite loses answers. Afterwards every order must be there once: proved by id, not by counting.

use std::{
    collections::BTreeMap,
    fmt,
    time::{Duration, Instant},
};

use domain::{Kind, Record, RecordKey, Reference, Source, State};
use futures::future::{join_all, try_join_all};
use jiff::Timestamp;
use ops::Delivery;
use serde_json::{Value, json};

use crate::{Stack, StackError, processes};

/// How long after the last fault everything must have come to its end: a message of a killed poster comes again
/// after 40 s, and the poller runs once a minute.
const END: Duration = Duration::from_mins(8);
/// How often it is looked whether everything has come to its end.
const LOOK: Duration = Duration::from_secs(2);
/// The id of the first order; the others follow.
const FIRST: u64 = 8_800_000_000_000;

/// What is done to a stack.
#[derive(Debug, Clone, Copy)]
pub struct Chaos {
    /// How many orders.
    pub orders: u64,
    /// Within how many seconds they arrive, while processes are killed and answers lost.
    pub seconds: u64,
    /// What the moments and kinds of faults are drawn from. The machine's own timing is not in it, so a run cannot
    /// be repeated exactly.
    pub seed: u64,
}

/// What was done and what came of it.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Orders that were accepted.
    pub accepted: u64,
    /// Processes that were killed.
    pub killed: u64,
    /// Faults that were asked of the simulated CloudSuite.
    pub faults: u64,
    /// Orders whose trail says that they were in doubt, or were left by a holder that vanished.
    pub in_doubt: u64,
    /// How long the last order took to be confirmed after the last fault.
    pub settled_in: Duration,
    /// Every sentence that does not hold; empty if every order is there once.
    pub violations: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { accepted, killed, faults, in_doubt, settled_in, violations } = self;
        write!(
            f,
            "{accepted} orders accepted, {killed} processes killed, {faults} faults in CloudSuite, {in_doubt} orders \
             in doubt on the way, settled {} s after the last fault, {} violations",
            settled_in.as_secs(),
            violations.len()
        )
    }
}

impl Chaos {
    /// Does it to a stack, whose waits should be short.
    pub async fn strike(
        self,
        stack: &Stack,
        order: &Value,
        say: impl Fn(&str),
    ) -> Result<Report, StackError> {
        let mut report = Report::default();
        say(&format!("{} orders in {} s, with faults (seed {})", self.orders, self.seconds, self.seed));
        let (accepted, faults) = tokio::join!(self.load(stack, order), self.harm(stack));
        (report.accepted, (report.killed, report.faults)) = (accepted?, faults?);
        stack.cloudsuite().clear_faults().await?;
        say(&format!("{} processes killed, {} faults; now quiet", report.killed, report.faults));
        let start = Instant::now();
        let records = self.wait_for_the_end(stack, &say).await?;
        report.settled_in = start.elapsed();
        report.in_doubt = records.values().filter(|record| was_in_doubt(record)).count() as u64;
        report.violations = self.violations(stack, &records, lines_of(order)).await?;
        Ok(report)
    }

    /// Delivers every order at a moment of its own, one in four of them twice.
    async fn load(self, stack: &Stack, order: &Value) -> Result<u64, StackError> {
        let mut random = fastrand::Rng::with_seed(self.seed);
        let deliveries = (0..self.orders).flat_map(|n| {
            let times = if random.u8(..4) == 0 { 2 } else { 1 };
            (0..times).map(|_| (n, random.u64(..self.seconds * 1_000))).collect::<Vec<_>>()
        });
        let deliveries = deliveries.collect::<Vec<_>>().into_iter().map(|(n, after)| async move {
            tokio::time::sleep(Duration::from_millis(after)).await;
            let delivery = Delivery::new("orders/create", self.body(order, n), Timestamp::now());
            // As Shopify does: again and again until it is accepted.
            while !stack
                .deliver(Source::Shopify, delivery.clone())
                .await
                .is_ok_and(|answer| answer.is_accepted())
            {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        });
        join_all(deliveries).await;
        Ok(self.orders)
    }

    /// Kills processes and loses answers until the orders are in, and a little longer.
    async fn harm(self, stack: &Stack) -> Result<(u64, u64), StackError> {
        let mut random = fastrand::Rng::with_seed(!self.seed);
        let end = Instant::now() + Duration::from_secs(self.seconds + 10);
        let (mut killed, mut faults) = (0, 0);
        while Instant::now() < end {
            tokio::time::sleep(Duration::from_millis(random.u64(200..1_500))).await;
            if random.bool() {
                let function = if random.u8(..4) == 0 { "PollerFunction" } else { "PosterFunction" };
                let running = processes::of_function(stack.emulator.service.id(), function);
                let unlucky = random.choice(running);
                killed += u64::from(unlucky.is_some_and(processes::kill));
            } else {
                stack.cloudsuite().add_fault(&fault(&mut random)).await?;
                faults += 1;
            }
        }
        Ok((killed, faults))
    }

    /// Waits until every order is confirmed. After too long, it returns what there is.
    async fn wait_for_the_end(
        self,
        stack: &Stack,
        say: &impl Fn(&str),
    ) -> Result<BTreeMap<RecordKey, Record>, StackError> {
        let start = Instant::now();
        let mut told = 0;
        loop {
            let keys = (0..self.orders).map(|n| self.key(stack, n));
            let records =
                try_join_all(keys.map(|key| async move { stack.ledger().record(&key).await })).await?;
            let records: BTreeMap<_, _> =
                records.into_iter().flatten().map(|record| (record.key.clone(), record)).collect();
            let confirmed = records.values().filter(|record| record.state == State::Confirmed).count() as u64;
            if confirmed == self.orders || start.elapsed() > END {
                return Ok(records);
            }
            if start.elapsed().as_secs() >= told + 15 {
                told = start.elapsed().as_secs();
                say(&format!("{confirmed} of {} confirmed after {told} s", self.orders));
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Every sentence that does not hold.
    async fn violations(
        self,
        stack: &Stack,
        records: &BTreeMap<RecordKey, Record>,
        lines: usize,
    ) -> Result<Vec<String>, StackError> {
        let held = stack.cloudsuite().orders().await?;
        let mut violations = Vec::new();
        for n in 0..self.orders {
            let key = self.key(stack, n);
            let reference = Reference::of(&key);
            let orders: Vec<_> = held.iter().filter(|order| order.names(reference.as_str())).collect();
            match orders[..] {
                [order] if order.lines == lines => {}
                [order] => violations.push(format!("{key}: {} of {lines} lines", order.lines)),
                _ => violations.push(format!("{key}: {} orders in CloudSuite", orders.len())),
            }
            match records.get(&key) {
                None => violations.push(format!("{key}: no record")),
                Some(record) if record.state != State::Confirmed || record.lease.is_some() => {
                    violations.push(format!("{key}: {:?}, lease {:?}", record.state, record.lease));
                }
                Some(_) => {}
            }
        }
        Ok(violations)
    }

    fn key(self, stack: &Stack, n: u64) -> RecordKey {
        RecordKey {
            tenant: stack.tenant().clone(),
            source: Source::Shopify,
            kind: Kind::Order,
            id: self.id(n).into(),
        }
    }

    fn id(self, n: u64) -> u64 {
        FIRST + (self.seed % 1_000_000) * 10_000 + n
    }

    fn body(self, order: &Value, n: u64) -> Vec<u8> {
        let mut order = order.clone();
        order["id"] = self.id(n).into();
        order["name"] = format!("#C{n}").into();
        order.to_string().into_bytes()
    }
}

/// A fault at one of the requests to come.
fn fault(random: &mut fastrand::Rng) -> Value {
    let transactions = ["AddBatchHead", "AddBatchLine", "Confirm"];
    let transaction = transactions[random.usize(..transactions.len())];
    let mut fault = match random.u8(..8) {
        0..3 => json!({ "kind": "drop_after" }),
        3 => json!({ "kind": "drop_before" }),
        4 => json!({ "kind": "status", "status": 503 }),
        5 => json!({ "kind": "status", "status": 429, "retry_after": 2 }),
        6 => json!({ "kind": "stop_after", "after": 1 }),
        _ => json!({ "kind": "missing_results", "keep": 0 }),
    };
    fault["program"] = "OIS100MI".into();
    fault["transaction"] = transaction.into();
    fault
}

fn was_in_doubt(record: &Record) -> bool {
    record.trail.iter().any(|entry| matches!(entry.event, domain::Event::InDoubt | domain::Event::Found))
}

fn lines_of(order: &Value) -> usize {
    order["line_items"].as_array().map_or(0, Vec::len)
}
