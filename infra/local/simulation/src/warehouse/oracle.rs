//! What must hold in the end: stock and ledger in M3 equal ShipBob's own figures, to the unit and the cent, and every
//! movement was made once. It reads ShipBob's totals and M3's books, and nothing of the code between.

use std::collections::BTreeMap;

use domain::{Record, Source, State};
use rust_decimal::Decimal;
use serde_json::Value;

use super::stories::{BALM, CANDLE, CENTERS};
use crate::{Fault, World, run::is_told};

/// Warehouse, item and lot.
type Place = (String, String, String);
/// Debits by account, credits below zero.
type Ledger = BTreeMap<String, Decimal>;

/// What M3 held before anything happened.
pub(super) struct Before(BTreeMap<Place, Decimal>);

impl Before {
    /// What it holds now.
    pub(super) fn of(world: &World) -> Self {
        Self(held(world))
    }
}

/// Every sentence that does not hold.
pub(super) fn judge(world: &World, before: &Before) -> Vec<String> {
    let mut violations = made_twice(world);
    violations.extend(left_open(world));
    // What M3 answered and lost nobody but a person can find again, and until then the books differ by it.
    if is_left_to_people(world) {
        world.around.counts.one("left to people");
        return violations;
    }
    let totals = world.shipbob.tells("totals");
    violations.extend(compare("stock", &stock_at_shipbob(&totals), &changes(before, &held(world))));
    violations.extend(compare("account", &booked_at_shipbob(&totals), &booked(world)));
    violations
}

fn compare<K: Ord + std::fmt::Debug>(
    what: &str,
    expected: &BTreeMap<K, Decimal>,
    got: &BTreeMap<K, Decimal>,
) -> Vec<String> {
    let keys: std::collections::BTreeSet<_> = expected.keys().chain(got.keys()).collect();
    let of = |figures: &BTreeMap<K, Decimal>, key: &K| figures.get(key).copied().unwrap_or_default();
    let differing = keys.into_iter().filter(|key| of(expected, key) != of(got, key));
    differing
        .map(|key| format!("{what} {key:?}: ShipBob has {}, M3 {}", of(expected, key), of(got, key)))
        .collect()
}

fn held(world: &World) -> BTreeMap<Place, Decimal> {
    let mut held = BTreeMap::new();
    for balance in world.infor.simulator().stock() {
        *held.entry((balance.warehouse, balance.item, balance.lot)).or_default() += balance.quantity;
    }
    held
}

fn changes(before: &Before, now: &BTreeMap<Place, Decimal>) -> BTreeMap<Place, Decimal> {
    let change = |(place, quantity): (&Place, &Decimal)| {
        (place.clone(), quantity - before.0.get(place).copied().unwrap_or_default())
    };
    now.iter().map(change).filter(|(_, change)| !change.is_zero()).collect()
}

fn stock_at_shipbob(totals: &Value) -> BTreeMap<Place, Decimal> {
    let mut stock = BTreeMap::new();
    for row in totals["stock"].as_array().into_iter().flatten() {
        let number = |name: &str| row[name].as_u64().unwrap_or_default();
        let warehouse = CENTERS.iter().find(|(id, _)| *id == number("fulfillment_center_id"));
        let item = [CANDLE, BALM].into_iter().find(|(id, _)| *id == number("inventory_id"));
        let (Some((_, warehouse)), Some((_, item))) = (warehouse, item) else { continue };
        let lot = row["lot"].as_str().unwrap_or_default();
        let moved = Decimal::from(number("stowed") + number("restocked")) - Decimal::from(number("shipped"));
        *stock.entry(((*warehouse).to_owned(), item.to_owned(), lot.to_owned())).or_default() += moved;
    }
    stock.retain(|_, moved: &mut Decimal| !moved.is_zero());
    stock
}

/// By the accounts that the mapping file of the simulation names.
fn booked_at_shipbob(totals: &Value) -> Ledger {
    let mut ledger = Ledger::new();
    for row in totals["fees"].as_array().into_iter().flatten() {
        let amount = |name: &str| row[name].to_string().parse::<Decimal>().unwrap_or_default();
        let account = if row["transaction_fee"] == "Shipping" { "5710" } else { "4010" };
        *ledger.entry(account.to_owned()).or_default() += amount("amount");
        *ledger.entry("2650".to_owned()).or_default() += amount("tax");
        *ledger.entry("2440".to_owned()).or_default() -= amount("amount") + amount("tax");
    }
    ledger.retain(|_, amount| !amount.is_zero());
    ledger
}

fn booked(world: &World) -> Ledger {
    let mut ledger = Ledger::new();
    for line in world.infor.simulator().vouchers().into_iter().flat_map(|voucher| voucher.lines) {
        *ledger.entry(line.accounts[0].clone()).or_default() += line.amount;
    }
    ledger.retain(|_, amount| !amount.is_zero());
    ledger
}

/// Movements and fees that M3 has more than once.
fn made_twice(world: &World) -> Vec<String> {
    let m3 = world.infor.simulator();
    let done =
        |message: &simulated_cloudsuite::StockMessage| message.lines.iter().any(|line| line.status == "90");
    let movements = m3.stock_messages().into_iter().filter(done).map(|message| message.external);
    let fees = m3.vouchers().into_iter().map(|voucher| voucher.key);
    let mut times = BTreeMap::<String, u32>::new();
    for number in movements.chain(fees) {
        *times.entry(number).or_default() += 1;
    }
    let twice = times.into_iter().filter(|(_, times)| *times > 1);
    twice.map(|(number, times)| format!("{number} was made {times} times")).collect()
}

/// Records that say neither that CloudSuite has them nor that there is nothing to have, nor are a person's.
fn left_open(world: &World) -> Vec<String> {
    let records = world.ledger.records();
    let own = records.iter().filter(|record| record.key.source == Source::Shipbob);
    let open = own.filter(|record| !matches!(record.state, State::Confirmed | State::Skipped { .. }));
    let open = open.filter(|record| !is_left(world, record));
    open.map(|record| format!("{} is left as {:?}", record.key, record.state)).collect()
}

fn is_left_to_people(world: &World) -> bool {
    world.ledger.records().iter().any(|record| is_left(world, record))
}

/// Whether a record is in doubt and a person is told of it: only where M3 lost what it had answered.
fn is_left(world: &World, record: &Record) -> bool {
    let has_lost = world.around.counts.all().contains_key(Fault::CommitLost.word());
    has_lost && matches!(record.state, State::InDoubt { .. }) && is_told(world, record)
}
