//! The ledger of stock: a movement makes a transaction and changes its balance, both or neither.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::m3::Nok;
use crate::m3::state::M3;
use crate::master::{Record, field};

/// On hand by place.
pub(crate) type Balances = BTreeMap<Place, Decimal>;

/// Where stock lies (a balance identity), without container and receiving number.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Place {
    /// WHLO.
    pub(crate) warehouse: String,
    /// ITNO.
    pub(crate) item: String,
    /// WHSL.
    pub(crate) location: String,
    /// BANO, "" if the item has no lots.
    pub(crate) lot: String,
}

impl Place {
    pub(crate) fn of(warehouse: &str, item: &str, location: &str, lot: &str) -> Self {
        let [warehouse, item, location, lot] = [warehouse, item, location, lot].map(str::to_owned);
        Self { warehouse, item, location, lot }
    }
}

/// What is to move, in the item's basic unit; an issue is negative.
#[derive(Debug, Clone)]
pub(crate) struct Movement {
    pub(crate) place: Place,
    pub(crate) quantity: Decimal,
    /// TTYP.
    pub(crate) kind: u8,
    /// TRDT, YMD8; "" for today.
    pub(crate) date: String,
    /// Order reference, reason, remark and the like, by M3's names.
    pub(crate) fields: Record,
    /// Accounting objects (ACC1 to ACC7) as AIT1 to AIT7.
    pub(crate) accounts: Record,
}

/// A stock transaction (MWS070).
#[derive(Debug, Clone, Serialize)]
pub(crate) struct StockTransaction {
    pub(crate) place: Place,
    /// TRQT, in the basic unit; an issue is negative.
    pub(crate) quantity: Decimal,
    /// TTYP.
    pub(crate) kind: u8,
    /// TRDT, YMD8.
    pub(crate) date: String,
    /// When it was entered (RGDT, RGTM).
    pub(crate) entered: Timestamp,
    /// TMSX: tells transactions of one second apart.
    pub(crate) suffix: usize,
    /// NSTQ: what the place held afterwards.
    pub(crate) balance: Decimal,
    pub(crate) fields: Record,
    pub(crate) accounts: Record,
}

impl M3 {
    /// What a place holds.
    pub(crate) fn on_hand(&self, place: &Place) -> Decimal {
        self.stock.balances.get(place).copied().unwrap_or_default()
    }

    /// Refuses to take more than there is, with this message.
    pub(super) fn check_on_hand(
        &self,
        place: &Place,
        taken: Decimal,
        code: &str,
        name: &str,
    ) -> Result<(), Nok> {
        if self.settings.stock.negative_stock {
            return Ok(());
        }
        let Some(held) = self.stock.balances.get(place) else {
            return Err(Nok::known("MW42028", name, ""));
        };
        if *held < taken {
            return Err(Nok::known(code, name, &held.normalize().to_string()));
        }
        Ok(())
    }

    /// Makes the transaction of a movement that has been checked, and changes its balance. A lot that comes in exists
    /// from now on.
    pub(crate) fn post_movement(&mut self, movement: Movement) {
        let Movement { place, quantity, kind, date, fields, accounts } = movement;
        if !place.lot.is_empty() {
            self.stock.lots.insert((place.item.clone(), place.lot.clone()));
        }
        let balance = self.stock.balances.entry(place.clone()).or_default();
        *balance += quantity;
        let balance = *balance;
        let date = if date.is_empty() { self.today() } else { date };
        let second = |entered: Timestamp| entered.as_second();
        let twins = self.stock.transactions.iter().rev();
        let suffix = twins.take_while(|other| second(other.entered) == second(self.now)).count() + 1;
        let entered = self.now;
        let transaction =
            StockTransaction { place, quantity, kind, date, entered, suffix, balance, fields, accounts };
        self.stock.transactions.push(transaction);
    }

    /// A count: the place holds this much from now on. The difference is a transaction, if there is one.
    pub(crate) fn count(&mut self, place: Place, counted: Decimal, fields: Record) {
        let quantity = counted - self.on_hand(&place);
        if quantity.is_zero() {
            return;
        }
        let kind = self.settings.stock.transaction_types.inventory;
        let date = field(&fields, "TRDT").to_owned();
        self.post_movement(Movement { place, quantity, kind, date, fields, accounts: Record::new() });
    }
}
