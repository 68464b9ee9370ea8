//! What M3 holds: master data, customers, batch orders (temporary) and customer orders (final), and what purchasing
//! and the general ledger hold.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::changes::PendingChange;
use super::journals::Journals;
use super::nok::Nok;
use super::purchasing::Purchasing;
use super::series::Series;
use super::stock::Stock;
use crate::master::{Customer, Item, MasterData, OrderType, Record, field};
use crate::settings::{Processing, Settings};

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
    /// The customer orders that were deleted, as they were then.
    pub(crate) deleted_orders: Vec<CustomerOrder>,
    /// The numbers of the customer orders with changes under way.
    pub(crate) changing: BTreeSet<String>,
    pub(crate) purchasing: Purchasing,
    pub(crate) journals: Journals,
    pub(crate) stock: Stock,
    /// The settings in force.
    pub(crate) settings: Settings,
    /// The time of the request in hand.
    pub(crate) now: Timestamp,
    pub(crate) series: Series,
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
    /// Its order status (ORST); "" as long as the order is a batch order.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) status: String,
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

/// Something that M3 does later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Pending {
    pub(crate) ready: Timestamp,
    pub(crate) asks: u32,
}

impl Pending {
    /// What is to be done later, `None` if it is done at once.
    pub(crate) fn of(processing: Processing, now: Timestamp) -> Option<Self> {
        match processing {
            Processing::Immediate => None,
            Processing::Later { seconds, asks } => {
                Some(Self { ready: now + SignedDuration::from_secs(i64::from(seconds)), asks })
            }
        }
    }

    /// Whether its time has come.
    pub(crate) fn is_due(&self, now: Timestamp) -> bool {
        self.asks == 0 && self.ready <= now
    }

    /// One read that did not show it.
    pub(crate) fn ask(&mut self) {
        self.asks = self.asks.saturating_sub(1);
    }
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
    /// The lowest status of its lines (ORSL).
    pub(crate) status: String,
    /// The highest status of its lines (ORST).
    pub(crate) highest: String,
    /// When it was made or last changed: the search index follows.
    #[serde(skip)]
    pub(crate) changed: Timestamp,
    /// The highest line number it has given.
    #[serde(skip)]
    pub(crate) last_line: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) changes: Vec<PendingChange>,
    /// Why changes that were under way came to nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) messages: Vec<Message>,
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
            deleted_orders: Vec::new(),
            changing: BTreeSet::new(),
            purchasing: Purchasing::default(),
            journals: Journals::default(),
            stock: Stock::default(),
            settings: Settings::default(),
            now: Timestamp::UNIX_EPOCH,
            series: Series::default(),
        };
        for customer in customers {
            m3.put_customer(customer);
        }
        for item in items {
            m3.put_item(item);
        }
        m3.open_purchase_orders();
        m3.open_stock();
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

    pub(crate) fn next_customer(&mut self) -> String {
        loop {
            let number = self.series.customer();
            if !self.customers.contains_key(&number) {
                return number;
            }
        }
    }

    /// The date of the request in hand, YMD8.
    pub(crate) fn today(&self) -> String {
        self.now.to_zoned(TimeZone::UTC).strftime("%Y%m%d").to_string()
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
        let found = self.lines.iter_mut().find(|line| line.has(number));
        found.ok_or_else(|| Nok::known("WPO0303", "PONR", number))
    }
}

impl Line {
    /// Whether it has this number.
    pub(crate) fn has(&self, number: &str) -> bool {
        self.number.to_string() == number.trim_start_matches('0')
    }
}
