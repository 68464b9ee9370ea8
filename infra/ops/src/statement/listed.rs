//! An object as ShipBob has it now, and what CloudSuite should have of it by today's mapping file. Pure.

use std::collections::BTreeMap;

use domain::{Finding, Kind, Quantities, RecordKey, SourceId, TenantId};
use jiff::civil::Date;
use mapping::{Mapping, Plan, Skus, plan_fee, plan_receipt, plan_return, plan_shipment};
use rust_decimal::Decimal;
use shipbob::{Goods, Receipt, ReceiptStatus, ReceivingBox, Return, Shipment, Transaction, stowed};

use super::times;

/// An object of ShipBob's.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Listed {
    pub(super) key: RecordKey,
    /// The day that it counts for; nothing where ShipBob does not say.
    pub(super) date: Option<Date>,
    pub(super) wanted: Wanted,
    /// The purchase order of a receipt.
    pub(super) purchase_order: Option<String>,
    /// Items of a closed receiving order of which less is on the shelves than was announced.
    pub(super) short: Vec<Short>,
}

/// What CloudSuite should have.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Wanted {
    /// This much, by item and lot or by currency, with the sign of the document's own.
    Quantities(Quantities),
    /// Nothing, for this reason.
    Nothing(String),
    /// The mapping makes no document of it. The quantities are ShipBob's own.
    Unplanned(Quantities, Vec<Finding>),
}

/// An item of which less is on the shelves than was announced, in ShipBob's units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Short {
    pub(super) inventory_id: u64,
    pub(super) expected: Decimal,
    pub(super) stowed: Decimal,
}

impl Wanted {
    /// What is to be made of a plan; `own` are the source's quantities.
    fn of(plan: Plan, own: impl FnOnce() -> Quantities) -> Self {
        match plan {
            Plan::Planned { document, findings, .. } if findings.is_empty() => {
                let quantities = without_zeros(document.movement().unwrap_or_default());
                if quantities.is_empty() {
                    Self::Nothing("it comes to nothing".to_owned())
                } else {
                    Self::Quantities(quantities)
                }
            }
            Plan::Planned { findings, .. } | Plan::Reject(findings) => {
                Self::Unplanned(without_zeros(own()), findings)
            }
            Plan::Skip(reason) => Self::Nothing(reason),
            Plan::Known { number } => Self::Nothing(format!("CloudSuite has it as {number}")),
        }
    }

    /// How much.
    pub(super) fn quantities(&self) -> Quantities {
        match self {
            Self::Quantities(quantities) | Self::Unplanned(quantities, _) => quantities.clone(),
            Self::Nothing(_) => Quantities::new(),
        }
    }
}

/// What came to nothing is nothing to have, whatever was moved for it before: that is compared with the record.
const NOT_MOVED: bool = false;

pub(super) fn shipment(tenant: &TenantId, mapping: &Mapping, shipment: &Shipment, skus: &Skus) -> Listed {
    let key = key(tenant, Kind::Shipment, SourceId::from(shipment.id));
    let left = shipment.actual_fulfillment_date.or(shipment.last_update_at).or(shipment.created_date);
    let date = left.map(|left| times::day(mapping, shipment.location.as_ref(), left));
    // For which order goods leave changes nothing of how many leave.
    let plan = plan_shipment(mapping, &key, shipment, skus, None, NOT_MOVED);
    let wanted = Wanted::of(plan, || quantities(&shipment.issued().goods));
    Listed { key, date, wanted, purchase_order: None, short: Vec::new() }
}

pub(super) fn receipt(
    tenant: &TenantId,
    mapping: &Mapping,
    receipt: &Receipt,
    boxes: Option<&[ReceivingBox]>,
    skus: &Skus,
) -> Listed {
    let key = key(tenant, Kind::Receipt, SourceId::from(receipt.id));
    let plan = plan_receipt(mapping, &key, receipt, boxes, skus, NOT_MOVED);
    let goods = stowed(receipt, boxes).goods;
    let wanted = Wanted::of(plan, || quantities(&goods));
    Listed {
        key,
        date: received_on(mapping, receipt),
        wanted,
        purchase_order: receipt.purchase_order_number.clone(),
        short: if is_closed(receipt) { short(receipt, &goods) } else { Vec::new() },
    }
}

/// The day on which a receiving order was closed; of one in work, that of its last change.
pub(super) fn received_on(mapping: &Mapping, receipt: &Receipt) -> Option<Date> {
    let closing = [ReceiptStatus::Completed, ReceiptStatus::Incomplete];
    let is_closing =
        |status: &Option<String>| closing.iter().any(|closing| status.as_deref() == Some(closing.as_str()));
    let history = receipt.status_history.iter().flatten();
    let closed = history.filter(|change| is_closing(&change.status)).filter_map(|change| change.timestamp);
    let closed = closed.max().filter(|_| is_closed(receipt));
    let time = closed.or(receipt.last_updated_date).or(receipt.insert_date)?;
    Some(times::day(mapping, receipt.fulfillment_center.as_ref(), time))
}

fn is_closed(receipt: &Receipt) -> bool {
    matches!(receipt.status, Some(ReceiptStatus::Completed | ReceiptStatus::Incomplete))
}

fn short(receipt: &Receipt, goods: &[Goods]) -> Vec<Short> {
    let mut expected: BTreeMap<u64, Decimal> = BTreeMap::new();
    for row in receipt.inventory_quantities.iter().flatten() {
        *expected.entry(row.inventory_id).or_default() += row.expected_quantity.unwrap_or_default();
    }
    let stowed = |id: u64| -> Decimal {
        let rows = goods.iter().filter(|goods| goods.of.inventory_id == id);
        rows.filter_map(|goods| goods.quantity).sum()
    };
    let each = expected.into_iter().map(|(inventory_id, expected)| Short {
        inventory_id,
        expected,
        stowed: stowed(inventory_id),
    });
    each.filter(|short| short.stowed < short.expected).collect()
}

pub(super) fn returned(tenant: &TenantId, mapping: &Mapping, returned: &Return, skus: &Skus) -> Listed {
    let key = key(tenant, Kind::Return, SourceId::from(returned.id));
    let time = returned.completed_date.or(returned.processing_date).or(returned.arrived_date);
    let time = time.or(returned.insert_date);
    let date = time.map(|time| times::day(mapping, returned.fulfillment_center.as_ref(), time));
    let plan = plan_return(mapping, &key, returned, skus, NOT_MOVED);
    // What comes back is an issue below zero.
    let own =
        || quantities(&returned.restocked().goods).into_iter().map(|(id, units)| (id, -units)).collect();
    let wanted = Wanted::of(plan, own);
    Listed { key, date, wanted, purchase_order: None, short: Vec::new() }
}

pub(super) fn fee(tenant: &TenantId, mapping: &Mapping, fee: &Transaction) -> Listed {
    let key = key(tenant, Kind::Fee, fee.transaction_id.source_id().clone());
    let plan = plan_fee(mapping, &key, fee);
    let own = || fee.amount().map(|own| Quantities::from([(own.currency.to_string(), own.amount)]));
    let wanted = Wanted::of(plan, || own().unwrap_or_default());
    Listed { key, date: fee.charge_date, wanted, purchase_order: None, short: Vec::new() }
}

pub(super) fn key(tenant: &TenantId, kind: Kind, id: SourceId) -> RecordKey {
    RecordKey { tenant: tenant.clone(), source: domain::Source::Shipbob, kind, id }
}

fn quantities(goods: &[Goods]) -> Quantities {
    let mut quantities = Quantities::new();
    for goods in goods {
        let id = goods.of.inventory_id;
        let id = goods.of.lot.as_ref().map_or_else(|| id.to_string(), |lot| format!("{id}/{lot}"));
        *quantities.entry(id).or_default() += goods.quantity.unwrap_or_default();
    }
    quantities
}

pub(super) fn without_zeros(mut quantities: Quantities) -> Quantities {
    quantities.retain(|_, quantity| !quantity.is_zero());
    quantities
}
