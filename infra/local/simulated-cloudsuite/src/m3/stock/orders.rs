//! MHS850MI: picks, requisitions, receipts and returns by one transaction each. What they name must exist; whether it
//! can be posted is found out when the message is processed. Which of the two M3 does where is UNCONFIRMED.

use super::entry::{Added, Work, add_line, check_responsible, item_number, partner};
use crate::m3::state::M3;
use crate::m3::{Call, Input, Nok, Outcome, not_simulated};
use crate::master::{Record, field, record};

/// Fields whose effect is not simulated.
const NOT_SIMULATED: [&str; 4] = ["CAMU", "CAWE", "POCY", "UTCM"];

pub(super) fn run(m3: &mut M3, call: &Call<'_>) -> Outcome {
    let input = &call.input;
    input.refuse(&NOT_SIMULATED)?;
    input.dates(&["GEDT", "RPDT", "EXPI", "DNDT"])?;
    partner(m3, input)?;
    let (work, fields) = match call.transaction {
        "AddCOPick" => (Work::CustomerPick, pick(m3, input)?),
        "AddDO" => (Work::Distribution, distribution(m3, input)?),
        "AddPOReceipt" => (Work::PurchaseReceipt, receipt(m3, input)?),
        "AddCOReturn" => (Work::CustomerReturn, customer_return(m3, input)?),
        _ => return Err(not_simulated(call)),
    };
    let Added { message, line } = add_line(m3, call, work, fields)?;
    let package = input.or("PACN", &[&message]).to_owned();
    Ok(vec![record(&[
        ("CONO", &m3.master.company.to_string()),
        ("MSGN", &message),
        ("PACN", &package),
        ("MSLN", &line.to_string()),
    ])])
}

fn pick(m3: &M3, input: &Input<'_>) -> Result<Record, Nok> {
    input.refuse(&["TWSL", "ISMD"])?;
    m3.customer(input.get("CUNO"))?;
    let line = m3.order(input.get("RIDN"))?.line(input.get("RIDL"), input.get("RIDX"))?;
    let own = field(&line.fields, "ITNO").to_owned();
    with_item(m3, input, Some(&own))
}

fn distribution(m3: &M3, input: &Input<'_>) -> Result<Record, Nok> {
    input.refuse(&["RIDN", "RIDL", "DLIX", "TWSL", "ALQT", "HLDR"])?;
    check_responsible(m3, input.get("RESP"))?;
    if let Some(number) = input.given("CUNO") {
        m3.customer(number)?;
    }
    with_item(m3, input, None)
}

fn receipt(m3: &M3, input: &Input<'_>) -> Result<Record, Nok> {
    let (order, line) = m3.purchase_line(input.get("RIDN"), input.get("RIDL"), input.get("RIDX"))?;
    m3.supplier(input.get("SUNO"))?;
    if field(&order.content.head, "SUNO") != input.get("SUNO") {
        return Err(Nok::known("WSU0101", "SUNO", input.get("SUNO")));
    }
    let own = field(&line.fields, "ITNO").to_owned();
    with_item(m3, input, Some(&own))
}

fn customer_return(m3: &M3, input: &Input<'_>) -> Result<Record, Nok> {
    m3.customer(input.get("CUNO"))?;
    check_responsible(m3, input.get("RESP"))?;
    let expected = m3.expected_return(input.get("REPN"), input.get("RELI"))?;
    let own = field(expected, "ITNO").to_owned();
    with_item(m3, input, Some(&own))
}

/// The record with its item: that of the order line if none is named, and no other.
fn with_item(m3: &M3, input: &Input<'_>, own: Option<&str>) -> Result<Record, Nok> {
    let named = input.given("ITNO").or(input.given("POPN")).is_some();
    let item = match own {
        Some(own) if !named => own.to_owned(),
        _ => item_number(m3, input)?,
    };
    if own.is_some_and(|own| own != item) {
        return Err(Nok::known("MH87004", "ITNO", &item));
    }
    let mut fields = input.stored();
    fields.insert("ITNO".to_owned(), item);
    Ok(fields)
}

impl M3 {
    /// A customer return that is expected.
    pub(super) fn expected_return(&self, number: &str, line: &str) -> Result<&Record, Nok> {
        let clean = |text: &str| text.trim().trim_start_matches('0').to_owned();
        let is_meant = |row: &&Record| {
            clean(field(row, "REPN")) == clean(number) && clean(field(row, "RELI")) == clean(line)
        };
        let found = self.master.stock.returns.iter().find(is_meant);
        found.ok_or_else(|| {
            Nok::generic("REPN", format!("Receiving number {number} line {line} does not exist"))
        })
    }
}
