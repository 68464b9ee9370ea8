//! Units of measure of an item and the conversion to its basic one (MMS015).

use std::str::FromStr;

use rust_decimal::Decimal;

use crate::m3::Nok;
use crate::master::{Item, field};

/// A quantity in one of the item's units, in its basic unit. DMCF 1 multiplies, 2 divides; that it is so is
/// UNCONFIRMED.
pub(crate) fn to_basic(item: &Item, quantity: Decimal, unit: &str, name: &str) -> Result<Decimal, Nok> {
    let basic = field(&item.fields, "UNMS");
    if unit.is_empty() || unit == basic {
        return whole(item, quantity, unit, name);
    }
    let Some(row) = item.alternatives.iter().find(|row| field(row, "ALUN") == unit) else {
        let number = field(&item.fields, "ITNO");
        let text = format!("Unit of measure {unit} has no conversion for item {number}");
        return Err(Nok::generic(name, text));
    };
    let factor = Decimal::from_str(field(row, "COFA")).unwrap_or(Decimal::ONE);
    let converted =
        if field(row, "DMCF") == "2" { quantity.checked_div(factor) } else { quantity.checked_mul(factor) };
    whole(item, converted.unwrap_or_default(), unit, name)
}

/// Refuses more decimals than the item's unit has (DCCD).
fn whole(item: &Item, quantity: Decimal, unit: &str, name: &str) -> Result<Decimal, Nok> {
    let decimals = field(&item.fields, "DCCD").parse().unwrap_or(0);
    if quantity.round_dp(decimals) == quantity {
        return Ok(quantity.normalize());
    }
    let basic = field(&item.fields, "UNMS");
    let unit = if unit.is_empty() { basic } else { unit };
    Err(Nok::generic(
        name,
        format!("A quantity in {unit} is {quantity} {basic}; the unit has {decimals} decimals"),
    ))
}

impl Item {
    /// Whether something can be ordered in this unit.
    pub(crate) fn has_unit(&self, unit: &str) -> bool {
        field(&self.fields, "UNMS") == unit
            || self.units.iter().any(|own| own == unit)
            || self.alternatives.iter().any(|row| field(row, "ALUN") == unit)
    }
}
