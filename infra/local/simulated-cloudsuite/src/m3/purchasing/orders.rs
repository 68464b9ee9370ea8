//! PPS200MI: purchase orders. HREF is in none of its answers, as the catalogue has it.

use rust_decimal::Decimal;

use super::{PurchaseLine, PurchaseOrder};
use crate::m3::state::M3;
use crate::m3::stock::to_basic;
use crate::m3::{Call, Nok, Outcome, not_simulated, search};
use crate::master::{Record, field};

pub(super) fn run(m3: &M3, call: &Call<'_>) -> Outcome {
    let input = &call.input;
    let number = input.get("PUNO");
    match call.transaction {
        "GetHead" | "GetHeadBasic" => Ok(vec![head(m3, m3.purchase_order(number)?)]),
        "LstLine" => {
            let order = m3.purchase_order(number)?;
            Ok(order.content.lines.iter().map(|row| line(m3, order, row)).collect())
        }
        "GetLine" => {
            let (order, found) = m3.purchase_line(number, input.get("PNLI"), input.get("PNLS"))?;
            Ok(vec![line(m3, order, found)])
        }
        "SearchHead" => {
            let orders = m3.purchasing.orders.values();
            search::run(m3, call, orders.map(|order| (order.changed, head(m3, order))))
        }
        "SearchLine" => {
            let orders = m3.purchasing.orders.values();
            let rows = orders.flat_map(|order| {
                order.content.lines.iter().map(|row| (order.changed, line(m3, order, row)))
            });
            search::run(m3, call, rows)
        }
        // Orders that were duplicated from this one; nothing here duplicates orders.
        "LstDupOrders" => match input.given("PUNO") {
            Some(number) => m3.purchase_order(number).map(|_| Vec::new()),
            None => Ok(Vec::new()),
        },
        _ => Err(not_simulated(call)),
    }
}

fn head(m3: &M3, order: &PurchaseOrder) -> Record {
    let lines = &order.content.lines;
    let net: Decimal = lines.iter().map(PurchaseLine::amount).sum();
    let quantity: Decimal = lines.iter().map(PurchaseLine::quantity).sum();
    let mut row = shared(m3, order, &order.content.head);
    for (name, value) in [
        ("DIVI", m3.division_of(field(&order.content.head, "FACI")).to_owned()),
        ("NTAM", net.to_string()),
        ("BRAM", net.to_string()),
        ("COAM", net.to_string()),
        ("TOQT", quantity.to_string()),
        ("NOLN", lines.len().to_string()),
        ("PUSL", order.lowest().to_owned()),
        ("PUST", order.highest().to_owned()),
    ] {
        row.insert(name.to_owned(), value);
    }
    row
}

fn line(m3: &M3, order: &PurchaseOrder, line: &PurchaseLine) -> Record {
    let mut row = shared(m3, order, &line.fields);
    let received = line.progress.received.normalize().to_string();
    // Quantities end in A in the unit of the purchase, in T in the item's basic unit.
    let basic = |quantity: Decimal| match m3.item(field(&line.fields, "ITNO")) {
        Ok(item) => to_basic(item, quantity, field(&line.fields, "PUUN"), "PUUN").unwrap_or(quantity),
        Err(_) => quantity,
    };
    for (name, value) in [
        ("PUSL", order.lowest_of(line).to_owned()),
        ("PUST", order.highest_of(line).to_owned()),
        ("CAQA", received.clone()),
        ("SDQA", received.clone()),
        ("PNLI", line.number.to_string()),
        ("PNLS", "0".to_owned()),
        ("ITDS", field(&line.fields, "PITD").to_owned()),
        ("LNAM", line.amount().to_string()),
        ("RVQA", received),
        ("ORQT", basic(line.quantity()).normalize().to_string()),
        ("RVQT", basic(line.progress.received).normalize().to_string()),
        ("IVQA", "0".to_owned()),
    ] {
        row.insert(name.to_owned(), value);
    }
    row
}

fn shared(m3: &M3, order: &PurchaseOrder, fields: &Record) -> Record {
    let mut row = fields.clone();
    for (name, value) in
        [("CONO", m3.master.company.to_string().as_str()), ("PUNO", &order.number), ("POTC", "20")]
    {
        row.insert(name.to_owned(), value.to_owned());
    }
    row
}

impl M3 {
    pub(super) fn purchase_order(&self, number: &str) -> Result<&PurchaseOrder, Nok> {
        self.purchasing.orders.get(number).ok_or_else(|| Nok::known("WPU0803", "PUNO", number))
    }
}
