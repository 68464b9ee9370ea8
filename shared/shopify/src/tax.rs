//! What is due on top of the goods: taxes, duties and fees.

use serde::Deserialize;

use crate::{Amount, MoneySet, SetAmount, Side, wire};

/// A tax on a line or an order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct TaxLine {
    /// The tax's name.
    #[serde(deserialize_with = "wire::text")]
    pub title: Option<String>,
    /// The amount, in the shop's currency.
    pub price: Option<Amount>,
    /// The amount in both currencies.
    pub price_set: Option<MoneySet>,
    /// The rate as a fraction, such as 0.19; a bare number in JSON.
    pub rate: Option<Amount>,
    /// Whether a marketplace pays the tax on; null where nobody said.
    pub channel_liable: Option<bool>,
}

/// The duty on a line: what customs take on import.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Duty {
    /// The duty in the shop's currency.
    #[serde(deserialize_with = "wire::or_default")]
    pub shop_money: SetAmount,
    /// The duty in the currency that the buyer saw and paid.
    #[serde(deserialize_with = "wire::or_default")]
    pub presentment_money: SetAmount,
    /// The goods' number in the harmonised system of customs.
    #[serde(deserialize_with = "wire::lenient")]
    pub harmonized_system_code: Option<String>,
    /// Where the goods come from, by two letters (ISO 3166-1).
    #[serde(deserialize_with = "wire::text")]
    pub country_code_of_origin: Option<String>,
    /// The taxes on the duty.
    #[serde(deserialize_with = "wire::or_default")]
    pub tax_lines: Vec<TaxLine>,
}

impl Duty {
    /// The duty in one of the two currencies.
    pub fn money(&self, side: Side) -> &SetAmount {
        match side {
            Side::Shop => &self.shop_money,
            Side::Presentment => &self.presentment_money,
        }
    }
}

/// A fee on an order that is neither duty nor tax.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct AdditionalFee {
    /// The fee's name.
    #[serde(deserialize_with = "wire::text")]
    pub name: Option<String>,
    /// The amount in both currencies.
    #[serde(alias = "price")]
    pub price_set: Option<MoneySet>,
    /// The taxes on the fee.
    #[serde(deserialize_with = "wire::or_default")]
    pub tax_lines: Vec<TaxLine>,
}
