//! `AddDO`: a requisition or distribution order is made and its goods leave at once. Its accounting objects (ACC1 to
//! ACC7) are checked as an accounting string.

use rust_decimal::Decimal;

use super::messages::StockMessage;
use super::movements::{accounts, check_reason, in_stock};
use super::{Direction, Place, check_lot, location, to_basic};
use crate::m3::state::M3;
use crate::m3::{Input, Nok, accounts as identities};
use crate::master::{Record, field, record};

/// Makes the order and issues its goods.
pub(super) fn issue(m3: &mut M3, message: &StockMessage, fields: &Record) -> Result<Record, Nok> {
    let input = Input(fields);
    let order_type = input.get("TRTP");
    if !m3.master.stock.order_types.iter().any(|known| known == order_type) {
        return Err(Nok::known("WTT0403", "TRTP", order_type));
    }
    check_reason(m3, &input)?;
    let item = m3.item(input.get("ITNO"))?;
    in_stock(m3, item, &message.warehouse)?;
    let quantity = to_basic(item, input.number("DLQT")?.unwrap_or_default(), "", "DLQT")?;
    if quantity <= Decimal::ZERO {
        return Err(Nok::generic("DLQT", "Quantity must be entered"));
    }
    let accounts = accounts(&input);
    if !accounts.is_empty() {
        let division = m3.warehouse(&message.warehouse).map_or("", |place| field(place, "DIVI"));
        let today = m3.today();
        identities::check_string(m3, division, &accounts, input.or("RPDT", &[&today]))?;
    }
    check_lot(m3, item, input.get("BANO"), Direction::Out)?;
    let location = location(m3, &message.warehouse, input.get("WHSL"))?;
    let place = Place::of(&message.warehouse, input.get("ITNO"), &location, input.get("BANO"));
    m3.check_on_hand(&place, quantity, "MW42223", "DLQT")?;
    let made =
        record(&[("RIDN", &m3.series.distribution()), ("RIDL", "1"), ("RIDX", "0"), ("WHSL", &location)]);
    let mut fields = fields.clone();
    fields.extend(made.clone());
    let kind = m3.settings.stock.transaction_types.distribution;
    m3.move_goods(place, -quantity, kind, &Input(&fields), message);
    Ok(made)
}
