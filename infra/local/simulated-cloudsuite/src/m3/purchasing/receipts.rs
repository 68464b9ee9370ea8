//! Goods received for purchase orders: PPS001MI and the messages of MHS850MI come here. Direct put-away: what is received
//! is on hand. A line is 75 when all of it is, and until then its lowest status stays what it was.

use rust_decimal::Decimal;
use serde::Serialize;

use super::{PurchaseLine, PurchaseOrder};
use crate::m3::state::M3;
use crate::m3::stock::{
    Direction, Movement, Place, check_lot, check_responsible, in_stock, location, to_basic,
};
use crate::m3::{Call, Nok, Outcome};
use crate::master::{Record, field, record};

/// The status of what is put away.
const PUT_AWAY: &str = "75";
/// The status of a line that is closed without a receipt.
const CLOSED: &str = "99";

/// How much of a line has been received.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Progress {
    /// In the purchase order's unit.
    pub(crate) received: Decimal,
    /// Flagged as completed: nothing more is expected.
    pub(crate) finished: bool,
}

/// One receipt (PPS300).
#[derive(Debug, Clone, Serialize)]
pub(crate) struct GoodsReceipt {
    /// REPN.
    pub(crate) number: String,
    pub(crate) order: String,
    pub(crate) line: u32,
    pub(crate) place: Place,
    /// RPQA: in the purchase order's unit.
    pub(crate) quantity: Decimal,
    /// RPQT: in the item's basic unit.
    pub(crate) basic: Decimal,
    /// TRDT.
    pub(crate) date: String,
    /// RESP, SUDO and the like.
    pub(crate) fields: Record,
}

/// What arrives.
#[derive(Debug)]
pub(crate) struct GoodsIn<'a> {
    pub(crate) order: &'a str,
    pub(crate) line: &'a str,
    pub(crate) subline: &'a str,
    /// "" if it is not named.
    pub(crate) item: &'a str,
    /// "" if it is not named.
    pub(crate) warehouse: &'a str,
    pub(crate) quantity: Decimal,
    /// The field that held the quantity.
    pub(crate) quantity_field: &'static str,
    /// The quantity's unit, "" for the item's basic one; `None`: the order line's.
    pub(crate) unit: Option<&'a str>,
    /// YMD8, "" for today.
    pub(crate) date: &'a str,
    pub(crate) location: &'a str,
    pub(crate) lot: &'a str,
    pub(crate) finishes: bool,
    pub(crate) fields: Record,
}

/// Number and location of what was received.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) number: String,
    pub(crate) location: String,
}

/// `PPS001MI/Receipt`.
pub(super) fn receipt(m3: &mut M3, call: &Call<'_>) -> Outcome {
    let input = &call.input;
    input.refuse(&["CAMU", "CAWE", "POCY", "UTCM", "AV01", "AV02", "AV03"])?;
    input.dates(&["TRDT", "PRDT"])?;
    check_responsible(m3, input.get("RESP"))?;
    let mut fields = record(&[("RFTX", input.get("BREM"))]);
    for name in ["RESP", "SUDO", "BREF", "BRE2"] {
        fields.insert(name.to_owned(), input.get(name).to_owned());
    }
    let goods = GoodsIn {
        order: input.get("PUNO"),
        line: input.get("PNLI"),
        subline: input.get("PNLS"),
        item: "",
        warehouse: input.get("WHLO"),
        quantity: input.number("RVQA")?.unwrap_or_default(),
        quantity_field: "RVQA",
        unit: None,
        date: input.get("TRDT"),
        location: input.get("WHSL"),
        lot: input.get("BANO"),
        finishes: input.get("OEND") == "1",
        fields,
    };
    let Received { number, location } = receive_goods(m3, &goods)?;
    let (order, line) = m3.purchase_line(goods.order, goods.line, goods.subline)?;
    let warehouse = warehouse_of(order, line);
    let item = field(&line.fields, "ITNO");
    let row =
        [("REPN", &*number), ("WHLO", warehouse), ("ITNO", item), ("WHSL", &location), ("BANO", goods.lot)];
    Ok(vec![record(&row)])
}

/// `PPS001MI/FinishMark`: nothing more is expected, of a line or of all. A line without any receipt is closed.
pub(super) fn finish(m3: &mut M3, call: &Call<'_>) -> Outcome {
    let input = &call.input;
    let number = input.get("PUNO");
    m3.purchase_order(number)?;
    if let Some(line) = input.given("PNLI") {
        m3.purchase_line(number, line, input.get("PNLS"))?;
    }
    let now = m3.now;
    if let Some(order) = m3.purchasing.orders.get_mut(number) {
        order.changed = now;
        let meant = |line: &&mut PurchaseLine| input.given("PNLI").is_none_or(|wanted| line.has(wanted));
        order.content.lines.iter_mut().filter(meant).for_each(|line| line.progress.finished = true);
    }
    Ok(Vec::new())
}

/// Checks what arrives, puts it on hand and notes it with the order; all of it or nothing.
pub(crate) fn receive_goods(m3: &mut M3, goods: &GoodsIn<'_>) -> Result<Received, Nok> {
    let (order, line) = m3.purchase_line(goods.order, goods.line, goods.subline)?;
    check_open(m3, order, line)?;
    let warehouse = warehouse_of(order, line).to_owned();
    if !goods.warehouse.is_empty() && goods.warehouse != warehouse {
        return Err(Nok::known("PP25010", "WHLO", &warehouse));
    }
    let today = m3.today();
    let date = if goods.date.is_empty() { &today } else { goods.date };
    if date > today.as_str() {
        return Err(Nok::known("PP30006", "TRDT", date));
    }
    let number = field(&line.fields, "ITNO").to_owned();
    if !goods.item.is_empty() && goods.item != number {
        return Err(Nok::known("WIT0101", "ITNO", goods.item));
    }
    let item = m3.item(&number)?;
    in_stock(m3, item, &warehouse)?;
    let (quantity, basic) = quantities(m3, goods, line)?;
    check_lot(m3, item, goods.lot, Direction::In)?;
    let location = location(m3, &warehouse, goods.location)?;
    let place = Place::of(&warehouse, &number, &location, goods.lot);
    let (date, line) = (date.to_owned(), line.number);
    let receipt = m3.series.receipt();
    let mut fields = goods.fields.clone();
    for (name, value) in
        [("RIDN", goods.order), ("RIDL", &line.to_string()), ("RIDX", "0"), ("REPN", &receipt)]
    {
        fields.insert(name.to_owned(), value.to_owned());
    }
    let kind = m3.settings.stock.transaction_types.purchase_receipt;
    let accounts = Record::new();
    let movement = Movement {
        place: place.clone(),
        quantity: basic,
        kind,
        date: date.clone(),
        fields: fields.clone(),
        accounts,
    };
    m3.post_movement(movement);
    note(m3, goods, line, quantity);
    let order = goods.order.to_owned();
    let number = receipt.clone();
    m3.purchasing.receipts.push(GoodsReceipt { number, order, line, place, quantity, basic, date, fields });
    Ok(Received { number: receipt, location })
}

/// The line must be open: its lowest status neither too low nor 50 and above.
fn check_open(m3: &M3, order: &PurchaseOrder, line: &PurchaseLine) -> Result<(), Nok> {
    let lowest = order.lowest_of(line);
    if lowest >= "50" {
        return Err(Nok::known("PP30003", "PUNO", &order.number));
    }
    let low = lowest.parse::<u8>().unwrap_or_default() < m3.settings.purchasing.receipt_from;
    if low { Err(Nok::known("WPU0901", "PUSL", lowest)) } else { Ok(()) }
}

/// The quantity in the order line's unit and in the item's basic one; above zero, and not above what is left.
fn quantities(m3: &M3, goods: &GoodsIn<'_>, line: &PurchaseLine) -> Result<(Decimal, Decimal), Nok> {
    let name = goods.quantity_field;
    if goods.quantity <= Decimal::ZERO {
        return Err(Nok::known("PP30005", name, ""));
    }
    let item = m3.item(field(&line.fields, "ITNO"))?;
    let own = field(&line.fields, "PUUN");
    let unit = goods.unit.unwrap_or(own);
    if !unit.is_empty() && !item.has_unit(unit) {
        return Err(Nok::known("WPU0201", "PUUN", unit));
    }
    let basic = to_basic(item, goods.quantity, unit, name)?;
    let per = to_basic(item, Decimal::ONE, own, "PUUN")?;
    let quantity = if unit == own { goods.quantity } else { basic.checked_div(per).unwrap_or_default() };
    let tolerance = Decimal::from(m3.settings.purchasing.over_receipt_percent) / Decimal::ONE_HUNDRED;
    if line.progress.received + quantity > line.quantity() * (Decimal::ONE + tolerance) {
        return Err(Nok::known("PP30019", name, ""));
    }
    Ok((quantity, basic))
}

fn note(m3: &mut M3, goods: &GoodsIn<'_>, number: u32, quantity: Decimal) {
    let now = m3.now;
    let Some(order) = m3.purchasing.orders.get_mut(goods.order) else { return };
    order.changed = now;
    if let Some(line) = order.content.lines.iter_mut().find(|line| line.number == number) {
        line.progress.received += quantity;
        line.progress.finished |= goods.finishes;
    }
}

fn warehouse_of<'a>(order: &'a PurchaseOrder, line: &'a PurchaseLine) -> &'a str {
    match field(&line.fields, "WHLO") {
        "" => field(&order.content.head, "WHLO"),
        own => own,
    }
}

/// `LstReceiptsByPO`: of an order, or of one of its lines.
pub(super) fn list(m3: &M3, call: &Call<'_>) -> Outcome {
    let input = &call.input;
    let number = input.get("PUNO");
    let order = m3.purchase_order(number)?;
    let wanted = |receipt: &&GoodsReceipt| {
        receipt.order == number
            && input.given("PNLI").is_none_or(|line| line.trim_start_matches('0') == receipt.line.to_string())
    };
    Ok(m3.purchasing.receipts.iter().filter(wanted).map(|receipt| row(order, receipt)).collect())
}

fn row(order: &PurchaseOrder, receipt: &GoodsReceipt) -> Record {
    record(&[
        ("PUNO", &receipt.order),
        ("PNLI", &receipt.line.to_string()),
        ("PNLS", "0"),
        ("PNLX", "0"),
        ("PUOS", PUT_AWAY),
        ("REPN", &receipt.number),
        ("WHLO", &receipt.place.warehouse),
        ("WHSL", &receipt.place.location),
        ("BANO", &receipt.place.lot),
        ("TRDT", &receipt.date),
        ("RPQT", &receipt.basic.normalize().to_string()),
        ("RPQA", &receipt.quantity.normalize().to_string()),
        ("SUNO", field(&order.content.head, "SUNO")),
        ("RESP", field(&receipt.fields, "RESP")),
    ])
}

impl PurchaseOrder {
    /// The lowest status of a line (PUSL).
    pub(super) fn lowest_of(&self, line: &PurchaseLine) -> &str {
        let Progress { received, finished } = line.progress;
        if self.status.as_str() >= PUT_AWAY {
            return &self.status;
        }
        match (finished, received.is_zero()) {
            (true, true) => CLOSED,
            _ if finished || received >= line.quantity() => PUT_AWAY,
            _ => &self.status,
        }
    }

    /// The highest status of a line (PUST).
    pub(super) fn highest_of(&self, line: &PurchaseLine) -> &str {
        let lowest = self.lowest_of(line);
        if line.progress.received.is_zero() || lowest >= PUT_AWAY { lowest } else { PUT_AWAY }
    }

    /// The lowest status of its lines.
    pub(super) fn lowest(&self) -> &str {
        self.content.lines.iter().map(|line| self.lowest_of(line)).min().unwrap_or(&self.status)
    }

    /// The highest status of its lines.
    pub(super) fn highest(&self) -> &str {
        self.content.lines.iter().map(|line| self.highest_of(line)).max().unwrap_or(&self.status)
    }
}

impl M3 {
    /// A line of a purchase order; sublines (PNLS) are not simulated, so none is found.
    pub(crate) fn purchase_line(
        &self,
        number: &str,
        line: &str,
        subline: &str,
    ) -> Result<(&PurchaseOrder, &PurchaseLine), Nok> {
        let order = self.purchase_order(number)?;
        let main = subline.trim_start_matches('0').is_empty();
        let found = order.content.lines.iter().find(|own| main && own.has(line));
        Ok((order, found.ok_or_else(|| Nok::known("WPN0103", "PNLI", line))?))
    }
}
