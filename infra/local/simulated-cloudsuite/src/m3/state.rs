//! What M3 holds: master data, customers, batch orders (temporary) and customer orders (final).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;

use super::nok::Nok;
use crate::master::{Customer, Item, MasterData, OrderType, Record, field};

/// The state of the simulated M3.
#[derive(Debug, Clone)]
pub(crate) struct M3 {
    /// Master data, without customers and items: those are below, by number.
    pub(crate) master: MasterData,
    pub(crate) customers: BTreeMap<String, Customer>,
    pub(crate) items: BTreeMap<String, Item>,
    pub(crate) batches: BTreeMap<String, BatchOrder>,
    /// The numbers of the batch orders whose confirmation is under way.
    pub(crate) pending: BTreeSet<String>,
    pub(crate) orders: BTreeMap<String, CustomerOrder>,
    /// As in the settings.
    pub(crate) repeats_count: bool,
    series: Series,
}

/// The number series (CRS165): temporary orders have their own.
#[derive(Debug, Clone)]
struct Series {
    temporary: u64,
    order: u64,
    customer: u64,
}

/// What an order consists of, temporary or final.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Content {
    pub(crate) customer: String,
    pub(crate) head: Record,
    pub(crate) lines: Vec<Line>,
    pub(crate) addresses: Vec<Record>,
    pub(crate) texts: Vec<Record>,
    pub(crate) charges: Vec<Record>,
}

/// An order line.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Line {
    pub(crate) number: u32,
    pub(crate) fields: Record,
    pub(crate) charges: Vec<Record>,
}

/// A batch order (OIS275).
#[derive(Debug, Clone, Serialize)]
pub(crate) struct BatchOrder {
    pub(crate) number: String,
    /// 10 in entry, 15/20/25 in error, 30 credit-stopped, 55 interrupted, 90 order created.
    pub(crate) status: String,
    /// The final order number, once there is one.
    pub(crate) order: Option<String>,
    pub(crate) messages: Vec<Message>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pending: Option<Pending>,
    pub(crate) content: Content,
}

/// A confirmation that is still under way.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Pending {
    pub(crate) ready: Timestamp,
    pub(crate) asks: u32,
}

/// A reason M3 gives for a batch order in error (`LstErrMsgOrder`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Message {
    /// 1 head, 2 line; the values of LEVL are not documented.
    pub(crate) level: String,
    pub(crate) id: String,
    pub(crate) data: String,
    pub(crate) text: String,
}

/// A customer order.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct CustomerOrder {
    pub(crate) number: String,
    /// The batch order it came from.
    pub(crate) temporary: String,
    pub(crate) status: String,
    pub(crate) content: Content,
}

impl M3 {
    pub(crate) fn new(mut master: MasterData) -> Self {
        let customers = std::mem::take(&mut master.customers);
        let items = std::mem::take(&mut master.items);
        let mut m3 = Self {
            master,
            customers: BTreeMap::new(),
            items: BTreeMap::new(),
            batches: BTreeMap::new(),
            pending: BTreeSet::new(),
            orders: BTreeMap::new(),
            repeats_count: false,
            series: Series { temporary: 1, order: 1, customer: 1 },
        };
        for customer in customers {
            m3.put_customer(customer);
        }
        for item in items {
            m3.put_item(item);
        }
        m3
    }

    /// Holds again what it held before, but gives no number twice.
    pub(crate) fn take_back(&mut self, before: Self) {
        *self = Self { series: self.series.clone(), ..before };
    }

    /// Adds a customer, or replaces the one of its number.
    pub(crate) fn put_customer(&mut self, customer: Customer) {
        self.customers.insert(field(&customer.fields, "CUNO").to_owned(), customer);
    }

    /// Adds an item, or replaces the one of its number.
    pub(crate) fn put_item(&mut self, item: Item) {
        self.items.insert(field(&item.fields, "ITNO").to_owned(), item);
    }

    pub(crate) fn next_temporary(&mut self) -> String {
        self.series.temporary += 1;
        format!("T{:09}", self.series.temporary - 1)
    }

    pub(crate) fn next_order(&mut self) -> String {
        self.series.order += 1;
        format!("{:010}", 1_000_000 + self.series.order - 1)
    }

    pub(crate) fn next_customer(&mut self) -> String {
        loop {
            let number = format!("E{:08}", self.series.customer);
            self.series.customer += 1;
            if !self.customers.contains_key(&number) {
                return number;
            }
        }
    }

    pub(crate) fn customer(&self, number: &str) -> Result<&Customer, Nok> {
        self.customers.get(number).ok_or_else(|| Nok::known("WCU0203", "CUNO", number))
    }

    pub(crate) fn item(&self, number: &str) -> Result<&Item, Nok> {
        self.items.get(number).ok_or_else(|| Nok::known("WIT0103", "ITNO", number))
    }

    pub(crate) fn warehouse(&self, code: &str) -> Result<&Record, Nok> {
        let found = self.master.warehouses.iter().find(|row| field(row, "WHLO") == code);
        found.ok_or_else(|| Nok::known("WWH0103", "WHLO", code))
    }

    pub(crate) fn facility(&self, code: &str) -> Result<&Record, Nok> {
        let found = self.master.facilities.iter().find(|row| field(row, "FACI") == code);
        found.ok_or_else(|| Nok::known("WFAC303", "FACI", code))
    }

    pub(crate) fn order_type(&self, code: &str) -> Result<&OrderType, Nok> {
        let found = self.master.order_types.iter().find(|row| field(&row.fields, "ORTP") == code);
        found.ok_or_else(|| Nok::generic("ORTP", format!("Order type {code} does not exist")))
    }

    pub(crate) fn batch(&self, number: &str) -> Result<&BatchOrder, Nok> {
        self.batches.get(number).ok_or_else(|| Nok::known("WOR0303", "ORNO", number))
    }

    /// A batch order that may still be changed.
    pub(crate) fn open_batch(&mut self, number: &str) -> Result<&mut BatchOrder, Nok> {
        let Some(batch) = self.batches.get_mut(number) else {
            return Err(Nok::known("WOR0303", "ORNO", number));
        };
        if batch.order.is_some() || batch.pending.is_some() {
            return Err(Nok::generic("ORNO", format!("Batch order {number} is confirmed")));
        }
        Ok(batch)
    }
}

impl Content {
    /// The line of this number.
    pub(crate) fn line(&mut self, number: &str) -> Result<&mut Line, Nok> {
        let found =
            self.lines.iter_mut().find(|line| line.number.to_string() == number.trim_start_matches('0'));
        found.ok_or_else(|| Nok::known("WPO0303", "PONR", number))
    }
}
