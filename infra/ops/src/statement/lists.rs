//! What ShipBob lists of a period: its objects as they are now, each once.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
};

use domain::{Kind, RecordKey, SourceId, TenantId};
use jiff::Timestamp;
use mapping::{Mapping, Skus};
use shipbob::{Event, InventoryItem, Receipt, ReceiptStatus, ReceivingBox, Shipment, Topic, parse};
use shipbob_api::{
    ApiError, Json, OrderFilter, Pages, ReceivingFilter, ReturnFilter, ShipBob, TransactionFilter, Window,
};
use tokio::time::{Instant, sleep};

use super::{
    listed::{self, Listed},
    times::{Period, after, before},
};

/// How often in a row what is passing is waited for.
const TRIES: usize = 20;
/// How many inventory items are asked for at once: their ids stand in the address.
const ITEMS_AT_ONCE: usize = 100;
/// For how many days around a period fees are listed: they come up days after the day on which they were charged, and
/// whoever finds one in the ledger is to find it here.
const FEES_AROUND: i64 = 31;
/// How old a receiving order that was closed incomplete may be: UNCONFIRMED whether ShipBob counts the closing as a
/// completion.
const INCOMPLETE_BACK: i64 = 90;
/// The states of a receiving order that is in work.
const IN_WORK: [ReceiptStatus; 7] = [
    ReceiptStatus::PartiallyArrivedAtHub,
    ReceiptStatus::ArrivedAtHub,
    ReceiptStatus::ProcessingAtHub,
    ReceiptStatus::InternalTransfer,
    ReceiptStatus::PartiallyArrived,
    ReceiptStatus::Arrived,
    ReceiptStatus::Processing,
];

/// What ShipBob says of one object.
pub(super) enum Found {
    /// It has it.
    Object(Box<Listed>),
    /// It does not have it.
    Absent,
    /// It has it in a shape that is not known: that is told.
    Unreadable,
}

/// Reads ShipBob's lists.
pub(super) struct Lists<'a> {
    pub(super) tenant: &'a TenantId,
    pub(super) shipbob: &'a ShipBob,
    pub(super) mapping: &'a Mapping,
    pub(super) period: Period,
    pub(super) deadline: Instant,
    /// What ShipBob lists, of the period or not.
    pub(super) seen: BTreeSet<(Kind, SourceId)>,
    /// What could not be read.
    pub(super) unread: Vec<String>,
    skus: Skus,
    asked: BTreeSet<u64>,
}

impl<'a> Lists<'a> {
    pub(super) fn new(
        tenant: &'a TenantId,
        shipbob: &'a ShipBob,
        mapping: &'a Mapping,
        period: Period,
        deadline: Instant,
    ) -> Self {
        let (seen, unread, skus, asked) = Default::default();
        Self { tenant, shipbob, mapping, period, deadline, seen, unread, skus, asked }
    }

    /// What counts for the period, of one kind.
    pub(super) async fn of(&mut self, kind: Kind) -> Result<Vec<Listed>, ApiError> {
        match kind {
            Kind::Shipment => self.shipments().await,
            Kind::Receipt => self.receipts().await,
            Kind::Return => self.returns().await,
            _ => self.fees().await,
        }
    }

    /// An object that the ledger has and no list named, whatever its day. Fees cannot be asked for one by one.
    pub(super) async fn one(&mut self, key: &RecordKey) -> Result<Found, ApiError> {
        let (shipbob, deadline) = (self.shipbob, self.deadline);
        // Ids of goods are numbers; one that is none ShipBob never gave.
        let Ok(id) = key.id.as_str().parse() else { return Ok(Found::Absent) };
        let (topic, json) = match key.kind {
            Kind::Shipment => {
                (Topic::ShipmentPolled, self.patiently(|| shipbob.shipment(id, deadline)).await?)
            }
            Kind::Receipt => {
                (Topic::WroFetched, self.patiently(|| shipbob.receiving_order(id, deadline)).await?)
            }
            Kind::Return => {
                (Topic::ReturnPolled, self.patiently(|| shipbob.return_order(id, deadline)).await?)
            }
            _ => return Ok(Found::Absent),
        };
        let Some(json) = json else { return Ok(Found::Absent) };
        Ok(match self.read(topic, &json) {
            Some(Event::Shipment(shipment)) => Found::Object(Box::new(self.shipment(&shipment).await?)),
            Some(Event::Receipt { receipt, .. }) => Found::Object(Box::new(self.receipt(&receipt).await?)),
            Some(Event::Return(returned)) => Found::Object(Box::new(self.returned(&returned).await?)),
            _ => Found::Unreadable,
        })
    }

    async fn shipments(&mut self) -> Result<Vec<Listed>, ApiError> {
        let since = Window { from: Some(self.period.begins()), to: None };
        let inserted = OrderFilter { inserted: since, ..OrderFilter::default() };
        let updated = OrderFilter { updated: since, ..OrderFilter::default() };
        let mut shipments = BTreeMap::new();
        for filter in [inserted, updated] {
            let mut pages = self.shipbob.orders(&filter);
            while let Some(page) = self.page(&mut pages).await? {
                for json in page {
                    let Some(Event::Order(order)) = self.read(Topic::OrderPolled, &json) else { continue };
                    for shipment in order.shipments.unwrap_or_default() {
                        shipments.insert(shipment.id, shipment);
                    }
                }
            }
        }
        self.seen.extend(shipments.keys().map(|id| (Kind::Shipment, SourceId::from(*id))));
        // First those of the period, so that no SKU is asked for in vain.
        let blank = Skus::new();
        let (tenant, mapping, period) = (self.tenant, self.mapping, self.period);
        shipments.retain(|_, one| period.has(listed::shipment(tenant, mapping, one, &blank).date));
        let items = shipments.values().flat_map(|one| one.issued().goods).map(|goods| goods.of.inventory_id);
        self.know(items.collect()).await?;
        Ok(shipments.values().map(|one| listed::shipment(tenant, mapping, one, &self.skus)).collect())
    }

    async fn shipment(&mut self, shipment: &Shipment) -> Result<Listed, ApiError> {
        let goods = shipment.issued().goods;
        self.know(goods.iter().map(|goods| goods.of.inventory_id).collect()).await?;
        Ok(listed::shipment(self.tenant, self.mapping, shipment, &self.skus))
    }

    async fn receipts(&mut self) -> Result<Vec<Listed>, ApiError> {
        let since = Window { from: Some(self.period.begins()), to: None };
        let long_since = Window { from: Some(before(self.period.begins(), INCOMPLETE_BACK)), to: None };
        let statuses = IN_WORK.iter().map(|status| status.as_str().to_owned()).collect();
        let incomplete = vec![ReceiptStatus::Incomplete.as_str().to_owned()];
        let filters = [
            ReceivingFilter { inserted: since, ..ReceivingFilter::default() },
            ReceivingFilter { completed: since, ..ReceivingFilter::default() },
            ReceivingFilter { statuses, ..ReceivingFilter::default() },
            ReceivingFilter { statuses: incomplete, inserted: long_since, ..ReceivingFilter::default() },
        ];
        let mut receipts = BTreeMap::new();
        for filter in filters {
            let mut pages = self.shipbob.receiving(&filter)?;
            while let Some(page) = self.page(&mut pages).await? {
                for json in page {
                    if let Some(Event::Receipt { receipt, .. }) = self.read(Topic::WroFetched, &json) {
                        receipts.insert(receipt.id, receipt);
                    }
                }
            }
        }
        self.seen.extend(receipts.keys().map(|id| (Kind::Receipt, SourceId::from(*id))));
        let mut listed = Vec::new();
        for receipt in receipts.into_values() {
            if self.period.has(listed::received_on(self.mapping, &receipt)) {
                listed.push(self.receipt(&receipt).await?);
            }
        }
        Ok(listed)
    }

    /// A receiving order with its boxes, which alone know lots.
    async fn receipt(&mut self, receipt: &Receipt) -> Result<Listed, ApiError> {
        let (shipbob, deadline) = (self.shipbob, self.deadline);
        let boxes = self.patiently(|| shipbob.boxes(receipt.id, deadline)).await?;
        let mut read: Vec<ReceivingBox> = Vec::new();
        for json in boxes.iter().flatten() {
            // A box bears its own topic nowhere: its keys tell what it is.
            if let Some(Event::Box(one)) = self.read(Topic::WroFetched, json) {
                read.push(*one);
            }
        }
        let boxes = boxes.is_some().then_some(read);
        let goods = shipbob::stowed(receipt, boxes.as_deref()).goods;
        self.know(goods.iter().map(|goods| goods.of.inventory_id).collect()).await?;
        Ok(listed::receipt(self.tenant, self.mapping, receipt, boxes.as_deref(), &self.skus))
    }

    async fn returns(&mut self) -> Result<Vec<Listed>, ApiError> {
        let since = Window { from: Some(self.period.begins()), to: None };
        let inserted = ReturnFilter { inserted: since, ..ReturnFilter::default() };
        let completed = ReturnFilter { completed: since, ..ReturnFilter::default() };
        let mut returns = BTreeMap::new();
        for filter in [inserted, completed] {
            let mut pages = self.shipbob.returns(&filter);
            while let Some(page) = self.page(&mut pages).await? {
                for json in page {
                    if let Some(Event::Return(returned)) = self.read(Topic::ReturnPolled, &json) {
                        returns.insert(returned.id, returned);
                    }
                }
            }
        }
        self.seen.extend(returns.keys().map(|id| (Kind::Return, SourceId::from(*id))));
        let mut listed = Vec::new();
        for returned in returns.into_values() {
            listed.push(self.returned(&returned).await?);
        }
        listed.retain(|listed| self.period.has(listed.date));
        Ok(listed)
    }

    async fn returned(&mut self, returned: &shipbob::Return) -> Result<Listed, ApiError> {
        let goods = returned.restocked().goods;
        self.know(goods.iter().map(|goods| goods.of.inventory_id).collect()).await?;
        Ok(listed::returned(self.tenant, self.mapping, returned, &self.skus))
    }

    async fn fees(&mut self) -> Result<Vec<Listed>, ApiError> {
        let (from, to) = (before(self.period.begins(), FEES_AROUND), after(self.period.ends(), FEES_AROUND));
        let mut pages = self.shipbob.transactions(&TransactionFilter::charged(from, to))?;
        let mut fees = BTreeMap::new();
        while let Some(page) = self.page(&mut pages).await? {
            for json in page {
                if let Some(Event::Transaction(fee)) = self.read(Topic::TransactionPolled, &json) {
                    let listed = listed::fee(self.tenant, self.mapping, &fee);
                    fees.insert(listed.key.id.clone(), listed);
                }
            }
        }
        self.seen.extend(fees.keys().map(|id| (Kind::Fee, id.clone())));
        fees.retain(|_, fee| self.period.has(fee.date));
        Ok(fees.into_values().collect())
    }

    /// Asks ShipBob's catalogue for the SKUs of items that neither the mapping names nor anybody asked for before.
    async fn know(&mut self, items: BTreeSet<u64>) -> Result<(), ApiError> {
        let named = &self.mapping.shipbob.items;
        let items: Vec<_> =
            items.into_iter().filter(|id| !named.contains_key(id) && self.asked.insert(*id)).collect();
        for some in items.chunks(ITEMS_AT_ONCE) {
            let mut pages = self.shipbob.inventory(some);
            while let Some(page) = self.page(&mut pages).await? {
                let read = page.iter().filter_map(|json| serde_json::from_slice(json.bytes()).ok());
                let known = read.filter_map(|item: InventoryItem| Some((item.inventory_id, item.sku?)));
                self.skus.extend(known);
            }
        }
        Ok(())
    }

    /// Reads an object; what cannot be read is told, without what stands there.
    fn read(&mut self, topic: Topic, json: &Json) -> Option<Event> {
        match parse(topic, json.bytes()) {
            Ok(event) => Some(event),
            Err(error) => {
                self.tell(topic.subject().as_str(), &error);
                None
            }
        }
    }

    fn tell(&mut self, what: &str, error: &impl Display) {
        self.unread.push(format!("{what}: {error}"));
    }

    async fn page(&self, pages: &mut Pages<'_>) -> Result<Option<Vec<Json>>, ApiError> {
        let mut tries = 0;
        loop {
            match pages.next(self.deadline).await {
                Err(error) if self.is_worth_waiting(&error, &mut tries) => sleep(error.wait()).await,
                answer => return answer,
            }
        }
    }

    async fn patiently<T, F>(&self, ask: impl Fn() -> F) -> Result<T, ApiError>
    where
        F: Future<Output = Result<T, ApiError>>,
    {
        let mut tries = 0;
        loop {
            match ask().await {
                Err(error) if self.is_worth_waiting(&error, &mut tries) => sleep(error.wait()).await,
                answer => return answer,
            }
        }
    }

    fn is_worth_waiting(&self, error: &ApiError, tries: &mut usize) -> bool {
        *tries += 1;
        error.is_passing() && *tries < TRIES && Instant::now() + error.wait() < self.deadline
    }
}

/// The day of an object by the bytes that were archived of it; nothing where they do not say.
pub(super) fn archived_day(
    tenant: &TenantId,
    mapping: &Mapping,
    topic: &str,
    bytes: &[u8],
) -> Option<jiff::civil::Date> {
    let skus = Skus::new();
    match parse(Topic::parse(topic)?, bytes).ok()? {
        Event::Shipment(one) => listed::shipment(tenant, mapping, &one, &skus).date,
        Event::Receipt { receipt, .. } => listed::received_on(mapping, &receipt),
        Event::Return(one) => listed::returned(tenant, mapping, &one, &skus).date,
        Event::Transaction(one) => listed::fee(tenant, mapping, &one).date,
        Event::Order(_) | Event::Box(_) => None,
    }
}

/// When records of a period were first received at the latest.
pub(super) fn received_until(period: Period) -> Timestamp {
    after(period.ends(), FEES_AROUND)
}
