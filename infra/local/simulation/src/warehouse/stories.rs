//! What happens in the warehouses: orders that leave in parcels, receipts in parts, returns, fees.

use std::time::Duration;

use crate::Chance;

/// ShipBob's fulfilment centres, and the warehouses in M3 that stand for them.
pub(super) const CENTERS: [(u64, &str); 2] = [(8, "SBE"), (10, "SBA")];
/// An item without lots: its id at ShipBob, and its SKU, which is its number in M3.
pub(super) const CANDLE: (u64, &str) = (71, "CANDLE-SOY");
/// An item in lots.
pub(super) const BALM: (u64, &str) = (72, "BALM-LIP");
/// Its lot.
pub(super) const LOT: &str = "LOT-A";

/// How much happens on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Orders; each leaves in a parcel.
    pub orders: u64,
    /// How many of the orders leave in a second parcel as well.
    pub split: u64,
    /// Receiving orders, each stowed in two parts.
    pub receipts: u64,
    /// Fees, one in ten of them a credit.
    pub fees: u64,
}

/// One thing that happens, with what follows from it.
#[derive(Debug, Clone)]
pub(super) enum Story {
    /// An order is shipped.
    Order {
        /// Its id at ShipBob.
        id: u64,
        /// When it is placed.
        at: Duration,
        /// Its parcels, one after the other.
        parcels: Vec<Parcel>,
    },
    /// Goods arrive for a purchase order.
    Receipt {
        /// The place of its purchase order.
        place: usize,
        /// When it is announced.
        at: Duration,
        /// What is stowed, part by part.
        parts: Vec<u64>,
    },
    /// Goods come back.
    Return {
        /// When they are announced.
        at: Duration,
        /// How many go back to the shelf, and how many do not.
        restocked: u64,
        disposed: u64,
    },
    /// A fee is charged.
    Fee {
        /// When.
        at: Duration,
        /// In cents; below zero for a credit.
        cents: i64,
        /// The tax on it, in cents.
        tax: i64,
        /// Its name at ShipBob.
        name: &'static str,
        /// No webhook tells of it.
        is_silent: bool,
    },
}

/// One parcel of an order.
#[derive(Debug, Clone)]
pub(super) struct Parcel {
    /// The place of its fulfilment centre.
    pub(super) center: usize,
    /// What is in it, and how much of it.
    pub(super) item: (u64, &'static str),
    pub(super) quantity: u64,
    /// How long after the one before.
    pub(super) after: Duration,
    /// No webhook tells of it.
    pub(super) is_silent: bool,
    /// It turns out to have been another quantity; 0 if it is cancelled.
    pub(super) corrected: Option<u64>,
}

/// A day: everything spread over ten hours.
pub(super) fn day(size: Size) -> Vec<Story> {
    let chance = Chance::of(0, "warehouse day");
    let mut stories = Vec::new();
    for number in 0..size.orders {
        let parcels = if number < size.split { 2 } else { 1 };
        let parcels = (0..parcels).map(|_| parcel(&chance, 0, 0)).collect();
        stories.push(Story::Order { id: first_order(number), at: within(&chance, 36_000), parcels });
    }
    for place in 0..size.receipts {
        let parts = vec![chance.between(1..=400), chance.between(1..=400)];
        let place = usize::try_from(place).unwrap_or_default();
        stories.push(Story::Receipt { place, at: within(&chance, 36_000), parts });
    }
    stories.extend((0..size.fees).map(|number| fee(&chance, within(&chance, 36_000), number % 10 == 0, 0)));
    stories
}

/// A few things of a seed, within an hour; webhooks get lost.
pub(super) fn drawn(seed: u64) -> Vec<Story> {
    let chance = Chance::of(seed, "warehouse");
    let mut stories = Vec::new();
    for number in 0..chance.between(1..=5) {
        let parcels = (0..chance.between(1..=3)).map(|_| parcel(&chance, 150, 200)).collect();
        stories.push(Story::Order { id: first_order(number), at: within(&chance, 3_600), parcels });
    }
    for place in 0..usize::try_from(chance.between(0..=2)).unwrap_or_default() {
        let parts = (0..chance.between(1..=4)).map(|_| chance.between(1..=200)).collect();
        stories.push(Story::Receipt { place, at: within(&chance, 3_600), parts });
    }
    for _ in 0..chance.between(0..=2) {
        let (restocked, disposed) = (chance.between(0..=3), chance.between(0..=2));
        stories.push(Story::Return { at: within(&chance, 3_600), restocked, disposed });
    }
    for _ in 0..chance.between(0..=4) {
        let is_credit = chance.strikes(200);
        stories.push(fee(&chance, within(&chance, 3_600), is_credit, 150));
    }
    stories
}

fn first_order(number: u64) -> u64 {
    400_000_000 + number
}

fn parcel(chance: &Chance, silent: u32, corrected: u32) -> Parcel {
    let item = *chance.one_of(&[CANDLE, CANDLE, BALM]);
    // Lip balm is kept in lots that only the first warehouse has.
    let center = if item == BALM { 0 } else { usize::from(chance.strikes(300)) };
    Parcel {
        center,
        item,
        quantity: chance.between(1..=9),
        after: within(chance, 1_800),
        is_silent: chance.strikes(silent),
        corrected: chance.strikes(corrected).then(|| chance.between(0..=9)),
    }
}

fn fee(chance: &Chance, at: Duration, is_credit: bool, silent: u32) -> Story {
    let name = *chance.one_of(&["Shipping", "Per Pick Fee", "WRO Receiving Fee"]);
    let amount = i64::try_from(chance.between(1..=5_000)).unwrap_or(1);
    let tax = if chance.strikes(300) { amount / 10 } else { 0 };
    let sign = if is_credit { -1 } else { 1 };
    Story::Fee { at, cents: sign * amount, tax: sign * tax, name, is_silent: chance.strikes(silent) }
}

fn within(chance: &Chance, seconds: u64) -> Duration {
    Duration::from_millis(chance.between(0..=seconds * 1_000))
}
