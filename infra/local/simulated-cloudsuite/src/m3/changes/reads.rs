//! Reads of a customer order's lines and addresses.

use std::str::FromStr;

use rust_decimal::Decimal;

use crate::m3::orders::line_amount;
use crate::m3::state::{CustomerOrder, Line, M3};
use crate::m3::{Input, Nok, Outcome};
use crate::master::{Record, field};

/// `LstLine`. Its filters are refused: whether they bound or start the list is not documented.
pub(super) fn lines(m3: &M3, input: &Input<'_>) -> Outcome {
    input.refuse(&["ORST", "ITNO"])?;
    let order = m3.order(input.get("ORNO"))?;
    Ok(order.content.lines.iter().map(|line| row(order, line)).collect())
}

/// `GetLine`.
pub(super) fn line(m3: &M3, input: &Input<'_>) -> Outcome {
    let order = m3.order(input.get("ORNO"))?;
    Ok(vec![row(order, order.line(input.get("PONR"), input.get("POSX"))?)])
}

fn row(order: &CustomerOrder, line: &Line) -> Record {
    let own = |name| field(&line.fields, name);
    let quantity = own("ORQT");
    let amount = line_amount(line);
    let ordered = Decimal::from_str(quantity).unwrap_or_default();
    let price = amount.checked_div(ordered).unwrap_or_default().round_dp(4).normalize();
    let held = |statuses: &[&str]| if statuses.contains(&line.status.as_str()) { quantity } else { "0" };
    let delivered = match own("DLQT") {
        "" => held(&["66", "77"]),
        reported => reported,
    };
    let mut row = line.fields.clone();
    for (name, value) in [
        ("PONR", line.number.to_string().as_str()),
        ("POSX", "0"),
        ("ATNR", "0"),
        ("ORST", &line.status),
        ("ORQA", quantity),
        ("NLAM", &amount.to_string()),
        ("LNA2", &amount.to_string()),
        ("NEPR", &price.to_string()),
        ("CUCD", field(&order.content.head, "CUCD")),
        ("ALQT", held(&["33", "44"])),
        ("DLQT", delivered),
        ("IVQT", held(&["77"])),
    ] {
        row.insert(name.to_owned(), value.to_owned());
    }
    row
}

/// `GetAddress`: the order's own address of the type, else that of the customer (type 1 only).
pub(super) fn address(m3: &M3, input: &Input<'_>) -> Outcome {
    let order = m3.order(input.get("ORNO"))?;
    let kind = |text: &str| text.trim().trim_start_matches('0').to_owned();
    let wanted = kind(input.get("ADRT"));
    let own = order.content.addresses.iter().find(|row| kind(field(row, "ADRT")) == wanted);
    let customer = m3.customer(&order.content.customer).ok().filter(|_| wanted == "1");
    match own.or(customer.map(|customer| &customer.fields)) {
        Some(row) => Ok(vec![row.clone()]),
        None => Err(Nok::generic("ADRT", format!("The order has no address of type {wanted}"))),
    }
}
