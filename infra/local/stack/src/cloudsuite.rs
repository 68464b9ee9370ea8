//! The simulated CloudSuite as a process: how it is started and what it is asked from outside.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    Options, StackError,
    simulation::{Simulation, answered},
};

/// The running simulation.
#[derive(Debug)]
pub struct CloudSuite {
    pub(crate) simulation: Simulation,
    pub(crate) ionapi: String,
}

/// A customer order that the simulated M3 holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Its number (ORNO).
    pub number: String,
    /// How many lines it has.
    pub lines: usize,
    /// How many charges it has, of the head and of the lines.
    pub charges: usize,
    /// The fields of its head.
    pub head: BTreeMap<String, String>,
}

impl Order {
    /// Whether a field of its head holds this text: the customer's order number, or our reference.
    pub fn names(&self, text: &str) -> bool {
        self.head.values().any(|value| value == text)
    }
}

/// What one movement of goods did to the stock of an item.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Moved {
    /// The number of the message that reported it (PMSN).
    pub external: String,
    /// The warehouse (WHLO).
    pub warehouse: String,
    /// The item (ITNO).
    pub item: String,
    /// The lot (BANO); empty for an item that is not kept in lots.
    pub lot: String,
    /// What came, in the item's basic unit; below zero what left.
    pub quantity: Decimal,
}

#[derive(Deserialize)]
struct Stock {
    transactions: Vec<Moved>,
}

#[derive(Deserialize)]
struct Orders {
    orders: Vec<Held>,
}

#[derive(Deserialize)]
struct Held {
    number: String,
    content: Content,
}

#[derive(Deserialize)]
struct Content {
    head: BTreeMap<String, String>,
    lines: Vec<Line>,
    charges: Vec<Value>,
}

#[derive(Deserialize)]
struct Line {
    charges: Vec<Value>,
}

impl CloudSuite {
    /// Starts it on a free port.
    pub(crate) async fn start(options: &Options) -> Result<Self, StackError> {
        let simulation = Simulation::start("the simulated CloudSuite", "cloudsuite", &[], options).await?;
        let ionapi = simulation.file("demo.ionapi")?;
        Ok(Self { simulation, ionapi })
    }

    /// Its address.
    pub fn base(&self) -> &str {
        &self.simulation.base
    }

    /// Every customer order that it holds.
    pub async fn orders(&self) -> Result<Vec<Order>, StackError> {
        let held: Orders = answered("listing customer orders", self.simulation.get("orders")).await?;
        Ok(held.orders.into_iter().map(Order::from).collect())
    }

    /// Every stock transaction of messages from outside, in the order in which they were made.
    pub async fn moved(&self) -> Result<Vec<Moved>, StackError> {
        let mut stock: Stock = answered("listing the stock", self.simulation.get("stock")).await?;
        stock.transactions.retain(|moved| !moved.external.is_empty());
        Ok(stock.transactions)
    }

    /// Asks for a fault, in the words of its control interface.
    pub async fn add_fault(&self, fault: &Value) -> Result<(), StackError> {
        let request = self.simulation.post("faults").json(fault);
        answered::<Value>("asking for a fault", request).await.map(drop)
    }

    /// Takes back every fault that has not struck yet.
    pub async fn clear_faults(&self) -> Result<(), StackError> {
        answered::<Value>("taking faults back", self.simulation.delete("faults")).await.map(drop)
    }

    /// Adds items to its master data: sellable from the demo tenant's warehouse, in pieces.
    pub async fn add_items(&self, numbers: &[&str]) -> Result<(), StackError> {
        let item = |number: &&str| {
            json!({
                "ITNO": number, "ITDS": number, "STAT": "20", "UNMS": "PCS", "SAPR": "10.00",
                "warehouses": ["100"],
            })
        };
        let change = json!({ "add": { "items": numbers.iter().map(item).collect::<Vec<_>>() } });
        let request = self.simulation.post("master").json(&change);
        answered::<Value>("adding items to the simulated CloudSuite", request).await.map(drop)
    }
}

impl From<Held> for Order {
    fn from(held: Held) -> Self {
        let Content { head, lines, charges } = held.content;
        let of_lines: usize = lines.iter().map(|line| line.charges.len()).sum();
        Self { number: held.number, lines: lines.len(), charges: charges.len() + of_lines, head }
    }
}
