//! OIS100MI batch entry, head level: the head, its texts, addresses and charges.

use jiff::tz::TimeZone;

use super::state::{BatchOrder, Content, M3};
use super::{Call, Input, Nok, Outcome};
use crate::master::{Customer, Record, field, record};

/// `AddBatchHead`. A customer's order number (CUOR) may repeat: no uniqueness is documented.
pub(super) fn add_head(m3: &mut M3, call: &Call<'_>) -> Outcome {
    let input = &call.input;
    let customer = usable_customer(m3, input.get("CUNO"))?;
    let (order_type, facility, warehouse) = places(m3, input, customer)?;
    input.dates(&["RLDT", "ORDT", "CUDT", "RLDZ", "FDED", "LDED"])?;
    input.numbers(&["OTBA", "OTDP"])?;
    for payer in ["PYNO", "INRC", "DECU"] {
        if let Some(number) = input.given(payer).filter(|number| !m3.customers.contains_key(*number)) {
            return Err(Nok::known("XIM0002", payer, number));
        }
    }
    if let Some(method) = input.given("MODL").filter(|method| !delivers_by(m3, method)) {
        return Err(Nok::known("WMO0103", "MODL", method));
    }
    let mut head = input.stored();
    let today = call.now.to_zoned(TimeZone::UTC).strftime("%Y%m%d").to_string();
    let currency = input.or("CUCD", &[field(&customer.fields, "CUCD")]);
    let terms = input.or("TEPY", &[field(&customer.fields, "TEPY")]);
    let date = input.or("ORDT", &[&today]);
    for (name, value) in [
        ("ORTP", order_type.as_str()),
        ("FACI", &facility),
        ("WHLO", &warehouse),
        ("CUCD", currency),
        ("TEPY", terms),
        ("ORDT", date),
    ] {
        head.insert(name.to_owned(), value.to_owned());
    }
    Ok(vec![record(&[("ORNO", &open(m3, input.get("CUNO"), head))])])
}

impl M3 {
    /// A batch order that no program entered.
    pub(crate) fn enter_by_hand(&mut self, customer: &str, reference: &str) -> Result<String, Nok> {
        self.customer(customer)?;
        Ok(open(self, customer, record(&[("CUOR", reference)])))
    }
}

fn open(m3: &mut M3, customer: &str, head: Record) -> String {
    let number = m3.series.temporary();
    let content = Content {
        customer: customer.to_owned(),
        head,
        lines: Vec::new(),
        addresses: Vec::new(),
        texts: Vec::new(),
        charges: Vec::new(),
    };
    let batch = BatchOrder {
        number: number.clone(),
        status: "10".to_owned(),
        order: None,
        messages: Vec::new(),
        pending: None,
        content,
    };
    m3.batches.insert(number.clone(), batch);
    number
}

/// The customer, if orders may be entered for it.
pub(super) fn usable_customer<'a>(m3: &'a M3, number: &str) -> Result<&'a Customer, Nok> {
    let customer = m3.customer(number)?;
    let status = field(&customer.fields, "STAT");
    if status != "20" {
        return Err(Nok::generic("CUNO", format!("Customer {number} has status {status}, not 20")));
    }
    if !["", "0"].contains(&field(&customer.fields, "BLCD")) {
        return Err(Nok::generic("CUNO", format!("Customer {number} is stopped")));
    }
    Ok(customer)
}

/// Order type, facility and warehouse of a head: each must exist, and they must fit together.
fn places(m3: &M3, input: &Input<'_>, customer: &Customer) -> Result<(String, String, String), Nok> {
    let own = |name| field(&customer.fields, name);
    let user = &m3.master.user;
    let order_type = input.or("ORTP", &[own("ORTP"), &m3.master.default_order_type]);
    let kind = m3.order_type(order_type)?;
    if let Some(facility) = input.given("FACI") {
        m3.facility(facility)?;
    }
    let of_facility = m3.facility(input.get("FACI")).map_or("", |row| field(row, "WHLO"));
    let warehouse = input.or("WHLO", &[of_facility, own("WHLO"), field(user, "ZZWHLO")]);
    let of_warehouse = field(m3.warehouse(warehouse)?, "FACI");
    let facility = input.or("FACI", &[of_warehouse]);
    if facility != of_warehouse {
        return Err(Nok::generic("WHLO", format!("Warehouse {warehouse} is not in facility {facility}")));
    }
    if !kind.facilities.is_empty() && !kind.facilities.iter().any(|allowed| allowed == facility) {
        let text = format!("Order type {order_type} is not allowed in facility {facility}");
        return Err(Nok::generic("ORTP", text));
    }
    Ok((order_type.to_owned(), facility.to_owned(), warehouse.to_owned()))
}

fn delivers_by(m3: &M3, method: &str) -> bool {
    let known = &m3.master.delivery_methods;
    known.is_empty() || known.iter().any(|name| name == method)
}

/// `AddBatchText`: TYPE 1 head or 2 line, TYTR 1 before, 2 after, 3 F6.
pub(super) fn add_text(m3: &mut M3, input: &Input<'_>) -> Outcome {
    let content = &mut m3.open_batch(input.get("ORNO"))?.content;
    match input.get("TYPE") {
        "1" => {}
        "2" => drop(content.line(input.get("PONR"))?),
        other => return Err(Nok::generic("TYPE", format!("Type {other} is not 1 or 2"))),
    }
    if !["1", "2", "3"].contains(&input.get("TYTR")) {
        return Err(Nok::generic("TYTR", format!("Text type {} is not 1, 2 or 3", input.get("TYTR"))));
    }
    content.texts.push(input.stored());
    Ok(Vec::new())
}

/// `AddBatchAddress`. What M3 does with a second address of a type is not documented; it replaces the first.
pub(super) fn add_address(m3: &mut M3, input: &Input<'_>) -> Outcome {
    let appends = m3.settings.repeats_count;
    let addresses = &mut m3.open_batch(input.get("ORNO"))?.content.addresses;
    put(addresses, "ADRT", input.stored(), appends);
    Ok(Vec::new())
}

/// `AddBatchHeadChg`. A second charge of an id replaces the first.
pub(super) fn add_head_charge(m3: &mut M3, input: &Input<'_>) -> Outcome {
    check_charge(m3, input)?;
    let appends = m3.settings.repeats_count;
    put(&mut m3.open_batch(input.get("ORNO"))?.content.charges, "CRID", input.stored(), appends);
    Ok(Vec::new())
}

/// The charge must be known, its amount a number.
pub(super) fn check_charge(m3: &M3, input: &Input<'_>) -> Result<(), Nok> {
    let charge = input.get("CRID");
    if !m3.master.charges.iter().any(|known| known == charge) {
        return Err(Nok::generic("CRID", format!("Charge {charge} does not exist")));
    }
    input.numbers(&["CRAM", "CRFA"])
}

/// Adds a row, or replaces the one with the same key, unless it is to stand beside that.
pub(super) fn put(rows: &mut Vec<Record>, key: &str, row: Record, appends: bool) {
    let same = |other: &Record| !appends && field(other, key) == field(&row, key);
    match rows.iter_mut().find(|other| same(other)) {
        Some(other) => *other = row,
        None => rows.push(row),
    }
}

/// `DelBatchHead`: temporary orders only.
pub(super) fn delete_head(m3: &mut M3, input: &Input<'_>) -> Outcome {
    let number = input.get("ORNO");
    m3.open_batch(number)?;
    m3.batches.remove(number);
    Ok(Vec::new())
}
