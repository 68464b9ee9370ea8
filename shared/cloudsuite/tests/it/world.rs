//! A world for orders: a simulated CloudSuite, M3 behind it, a ledger that remembers what it was told, and a lease
//! that can end.

use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

use async_trait::async_trait;
use cloudsuite::{Abandoned, Begun, Found, Outcome, Posting, ProductLine, Progress, Sought, m3::M3};
use domain::{
    Address, Charge, Document, Money, OrderLine, Private, RecordKey, Reference, References, SalesOrder, Step,
};
use jiff::Timestamp;
use serde_json::Value;
use simulated_cloudsuite::{Effect, Fault, MasterData, Running, SimulatedCloudSuite, serve_anywhere};

use crate::{company, ion, m3};

pub(crate) struct World {
    pub(crate) running: Running,
    pub(crate) m3: M3,
}

pub(crate) async fn world() -> World {
    world_of(MasterData::demo()).await
}

pub(crate) async fn world_of(master: MasterData) -> World {
    let running = serve_anywhere(SimulatedCloudSuite::new(master)).await.unwrap();
    let m3 = m3(ion(&running, |_| ()), Some(running.ca_pem()));
    World { running, m3 }
}

/// What was told of each document of one posting, and how often its lease is still found to hold.
pub(crate) struct Ledger {
    told: Mutex<Vec<(usize, Step, References)>>,
    asks_left: AtomicUsize,
}

impl Default for Ledger {
    fn default() -> Self {
        Self::holding_for(usize::MAX)
    }
}

impl Ledger {
    /// One whose leases are found to hold so many times.
    pub(crate) fn holding_for(asks: usize) -> Self {
        Self { told: Mutex::default(), asks_left: AtomicUsize::new(asks) }
    }

    /// The temporary number that was kept last for a document.
    pub(crate) fn kept(&self, index: usize) -> Option<String> {
        let told = self.told.lock().unwrap();
        told.iter()
            .rev()
            .find(|(of, ..)| *of == index)
            .and_then(|(.., references)| references.temporary.clone())
    }
}

#[async_trait]
impl Progress for Ledger {
    async fn reached(&self, index: usize, step: Step, references: References) -> Result<(), Abandoned> {
        self.told.lock().unwrap().push((index, step, references));
        Ok(())
    }

    fn until(&self) -> Timestamp {
        let holds = self.asks_left.fetch_update(SeqCst, SeqCst, |asks| asks.checked_sub(1)).is_ok();
        if holds { Timestamp::MAX } else { Timestamp::MIN }
    }
}

pub(crate) fn key(id: u32) -> RecordKey {
    format!("demo/shopify/order/{id}").parse().unwrap()
}

/// An order with so many lines, a charge, an address and a note.
pub(crate) fn order(id: u32, lines: u32) -> SalesOrder {
    let eur = |amount| Money::parse(amount, "EUR".parse().unwrap()).unwrap();
    let line = |number: u32| OrderLine {
        path: format!("line_items[{}]", number - 1),
        source_id: format!("{id}-{number}"),
        item: "CAP-RED".into(),
        quantity: "2".parse().unwrap(),
        unit: String::new(),
        price: eur("10.00"),
        discount: eur("0.00"),
        allocations: Vec::new(),
    };
    let address = Address {
        name: Private::new("Ada Lovelace".into()),
        lines: Private::new(vec!["Unter den Linden 6".into()]),
        postal_code: Private::new("10117".into()),
        town: Private::new("Berlin".into()),
        country: "DE".into(),
        ..Address::default()
    };
    SalesOrder {
        reference: Reference::of(&key(id)),
        source_name: format!("#{id}"),
        company: 100,
        division: String::new(),
        customer: "C00001".into(),
        order_type: "ECO".into(),
        facility: String::new(),
        warehouse: "100".into(),
        currency: "EUR".parse().unwrap(),
        order_date: "2026-11-20".parse().unwrap(),
        ship_to: Some(address),
        lines: (1..=lines).map(line).collect(),
        charges: vec![Charge {
            id: "FRT".into(),
            amount: eur("4.90"),
            text: "Standard".into(),
            allocations: Vec::new(),
        }],
        note: Private::new("Please ring twice".into()),
        buyer_reference: String::new(),
        payment_terms: String::new(),
        release: domain::Release::AtOnce,
    }
}

pub(crate) fn sought(id: u32, kept: Option<&str>) -> Sought {
    let references = References { temporary: kept.map(str::to_owned), number: None };
    let (document, customer) = (domain::DocumentKind::SalesOrder, "C00001".into());
    Sought {
        key: key(id),
        document,
        reference: Reference::of(&key(id)),
        customer,
        references,
        message_number: String::new(),
    }
}

/// A fault that strikes the OIS100MI requests that hold a transaction.
pub(crate) fn fault(effect: Effect, transaction: &str) -> Fault {
    Fault::once(effect).only("OIS100MI", transaction)
}

impl World {
    pub(crate) fn fault(&self, fault: Fault) {
        self.running.simulator().add_fault(fault);
    }

    /// Posts orders, each with what M3 has of it.
    pub(crate) async fn post(&self, orders: &[(SalesOrder, Option<Begun>)], ledger: &Ledger) -> Vec<Outcome> {
        let posting = |(order, begun): &(SalesOrder, Option<Begun>)| Posting {
            key: key(order.source_name[1..].parse().unwrap()),
            document: Document::SalesOrder(order.clone()),
            existing: None,
            begun: begun.clone(),
        };
        let batch: Vec<_> = orders.iter().map(posting).collect();
        self.m3.post(&company(), &batch, ledger).await
    }

    pub(crate) async fn post_new(&self, order: SalesOrder, ledger: &Ledger) -> Outcome {
        self.post(&[(order, None)], ledger).await.remove(0)
    }

    pub(crate) async fn find(&self, sought: Sought) -> Found {
        self.m3.find(&company(), &[sought]).await.unwrap().remove(0)
    }

    /// Looks for an order whose number was kept or not, and posts it from where it is.
    pub(crate) async fn settle(&self, order: SalesOrder, kept: Option<&str>) -> Found {
        let id = order.source_name[1..].parse().unwrap();
        let found = self.find(sought(id, kept)).await;
        let begun = match &found {
            Found::Absent => None,
            Found::Begun(begun) => Some(begun.clone()),
            Found::Taken(_) => return found,
            Found::Unclear(why) => panic!("{why}"),
        };
        let outcome = self.post(&[(order, begun)], &Ledger::default()).await.remove(0);
        assert!(matches!(outcome, Outcome::Posted(References { number: Some(_), .. })), "{outcome:?}");
        found
    }

    pub(crate) fn state(&self) -> Value {
        self.running.simulator().state()
    }

    pub(crate) fn requests(&self) -> u64 {
        crate::count(&self.running, "gateway_requests")
    }

    /// How often a transaction of OIS100MI was run.
    pub(crate) fn runs(&self, transaction: &str) -> u64 {
        let state = self.state();
        state["counters"]["transactions"][format!("OIS100MI/{transaction}")].as_u64().unwrap_or(0)
    }

    /// How many batch orders are not confirmed.
    pub(crate) fn open(&self) -> usize {
        let state = self.state();
        let batches = state["batch_orders"].as_object().unwrap().values();
        batches.filter(|batch| batch["order"].is_null()).count()
    }

    /// The order is there exactly once, with each of its lines once, its charge, its address and its note.
    pub(crate) fn assert_whole(&self, order: &SalesOrder) {
        let state = self.state();
        let orders = state["orders"].as_object().unwrap().values();
        let own: Vec<_> = orders
            .map(|order| &order["content"])
            .filter(|content| content["head"]["CUOR"] == order.reference.as_str())
            .collect();
        assert_eq!(own.len(), 1, "orders with our reference");
        let rows = |key: &str| own[0][key].as_array().unwrap().clone();
        let mut lines: Vec<_> =
            rows("lines").iter().map(|line| line["fields"]["CUPO"].as_str().unwrap().to_owned()).collect();
        lines.sort_by_key(|number| number.parse::<usize>().unwrap());
        let expected: Vec<_> = (1..=order.lines.len()).map(|number| number.to_string()).collect();
        assert_eq!(lines, expected);
        let beside = ["charges", "addresses", "texts"].map(|key| rows(key).len());
        assert_eq!(beside, [1, 1, 1], "charges, addresses, texts");
    }
}
