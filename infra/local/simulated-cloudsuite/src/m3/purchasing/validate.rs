//! The validation of a batch purchase order (PPS370 option 25), and the defaults it fills in before.

use std::str::FromStr;

use rust_decimal::Decimal;

use super::{PurchaseBatch, PurchaseContent, PurchaseLine, Reason};
use crate::m3::batch_lines::{in_warehouse, usable_item};
use crate::m3::state::M3;
use crate::m3::{Input, Nok, accounts};
use crate::master::{Record, field};

/// The order with defaults for what was not given: an explicit blank stays blank.
pub(super) fn filled(m3: &M3, content: &PurchaseContent) -> PurchaseContent {
    let mut content = content.clone();
    let head = &mut content.head;
    let supplier = m3.supplier(field(head, "SUNO")).ok().cloned().unwrap_or_default();
    let order_type = m3.master.purchasing.order_types.first().map_or("", String::as_str);
    let today = m3.today();
    for (name, value) in [
        ("ORTY", order_type),
        ("PUDT", &today),
        ("CUCD", field(&supplier, "CUCD")),
        ("TEPY", field(&supplier, "TEPY")),
        ("LNCD", field(&supplier, "LNCD")),
    ] {
        fill(head, name, value);
    }
    let own: Vec<(&str, String)> =
        ["FACI", "WHLO", "SUNO", "DWDT"].map(|name| (name, field(head, name).to_owned())).into();
    for line in &mut content.lines {
        for (name, value) in &own {
            fill(&mut line.fields, name, value);
        }
        let item = m3.items.get(field(&line.fields, "ITNO"));
        let of_item = |name| item.map_or("", |item| field(&item.fields, name));
        for (name, value) in [
            ("PITD", of_item("ITDS")),
            ("PUUN", of_item("UNMS")),
            ("PPUN", of_item("UNMS")),
            ("PUPR", "0"),
            ("PUCD", "1"),
        ] {
            fill(&mut line.fields, name, value);
        }
    }
    content
}

fn fill(record: &mut Record, name: &str, value: &str) {
    if !value.is_empty() {
        record.entry(name.to_owned()).or_insert_with(|| value.to_owned());
    }
}

/// Notes with the order and its lines what is wrong with them.
pub(super) fn validate(m3: &M3, batch: &mut PurchaseBatch) {
    let head = check_head(m3, &batch.content);
    let PurchaseContent { head: fields, lines, .. } = &mut batch.content;
    for line in lines {
        line.reason = check_line(m3, fields, line).err().map(|nok| Reason::from(&nok));
    }
    batch.blame(head.err().map(|nok| Reason::from(&nok)));
}

fn check_head(m3: &M3, content: &PurchaseContent) -> Result<(), Nok> {
    let head = &content.head;
    usable_supplier(m3, field(head, "SUNO"))?;
    check_places(m3, head)?;
    Input(head).dates(&["DWDT", "PUDT", "LRED", "DUDT"])?;
    let known = &m3.master.purchasing;
    let order_type = field(head, "ORTY");
    if !known.order_types.iter().any(|code| code == order_type) {
        return Err(Nok::generic("ORTY", format!("Order type {order_type} does not exist")));
    }
    let currency = field(head, "CUCD");
    if !known.currencies.iter().any(|code| code == currency) {
        return Err(Nok::generic("CUCD", format!("Currency {currency} does not exist")));
    }
    for charge in &content.charges {
        let element = field(charge, "SUCE");
        if !known.costing_elements.iter().any(|code| code == element) {
            return Err(Nok::generic("SUCE", format!("Costing element {element} does not exist")));
        }
    }
    if content.lines.is_empty() {
        return Err(Nok::generic("PUNO", "Order lines are missing"));
    }
    Ok(())
}

fn check_line(m3: &M3, head: &Record, line: &PurchaseLine) -> Result<(), Nok> {
    let fields = &line.fields;
    let item = usable_item(m3, field(fields, "ITNO"))?;
    check_places(m3, fields)?;
    in_warehouse(m3, item, field(fields, "WHLO"))?;
    if field(fields, "SUNO") != field(head, "SUNO") {
        return Err(Nok::generic("SUNO", "Supplier of the line is not the supplier of the order"));
    }
    let input = Input(fields);
    input.dates(&["DWDT"])?;
    if input.number("ORQA")?.unwrap_or_default() <= Decimal::ZERO {
        return Err(Nok::generic("ORQA", "Ordered quantity must be greater than zero"));
    }
    let unit = field(fields, "PUUN");
    if !item.has_unit(unit) {
        return Err(Nok::generic("PUUN", format!("Unit {unit} is not set up for the item")));
    }
    if line.accounts.is_empty() {
        return Ok(());
    }
    let division = m3.division_of(field(fields, "FACI"));
    accounts::check_string(m3, division, &line.accounts, field(head, "PUDT"))
}

/// Facility and warehouse must exist and fit together.
fn check_places(m3: &M3, fields: &Record) -> Result<(), Nok> {
    let (facility, warehouse) = (field(fields, "FACI"), field(fields, "WHLO"));
    m3.facility(facility)?;
    if field(m3.warehouse(warehouse)?, "FACI") != facility {
        return Err(Nok::generic("WHLO", format!("Warehouse {warehouse} is not in facility {facility}")));
    }
    Ok(())
}

fn usable_supplier<'a>(m3: &'a M3, number: &str) -> Result<&'a Record, Nok> {
    let supplier = m3.supplier(number)?;
    match field(supplier, "STAT") {
        "20" => Ok(supplier),
        status => Err(Nok::generic("SUNO", format!("Supplier {number} has status {status}, not 20"))),
    }
}

impl M3 {
    pub(crate) fn supplier(&self, number: &str) -> Result<&Record, Nok> {
        let found = self.master.purchasing.suppliers.iter().find(|row| field(row, "SUNO") == number);
        found.ok_or_else(|| Nok::known("WSU0103", "SUNO", number))
    }

    /// The division of a facility, "" if there is no such facility.
    pub(super) fn division_of(&self, facility: &str) -> &str {
        self.facility(facility).map_or("", |row| field(row, "DIVI"))
    }
}

impl PurchaseLine {
    /// Quantity times price, less the discounts in percent.
    pub(super) fn amount(&self) -> Decimal {
        let number = |name| Decimal::from_str(field(&self.fields, name).trim()).unwrap_or_default();
        let per = number("PUCD").max(Decimal::ONE);
        let gross = self.quantity() * number("PUPR") / per;
        let discounts =
            ["ODI1", "ODI2", "ODI3"].map(|name| Decimal::ONE - number(name) / Decimal::ONE_HUNDRED);
        let net = discounts.iter().fold(gross, |amount, factor| amount * factor);
        net.round_dp(2)
    }

    /// The ordered quantity, 0 where it is no number.
    pub(super) fn quantity(&self) -> Decimal {
        Decimal::from_str(field(&self.fields, "ORQA").trim()).unwrap_or_default()
    }
}
