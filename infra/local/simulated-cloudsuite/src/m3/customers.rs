//! CRS610MI: customers. Lists are start-position lists: they give the asked key and every later one.

use super::state::M3;
use super::{Call, Input, Nok, Outcome, not_simulated};
use crate::master::{Customer, Record, field, record};

pub(super) fn run(m3: &mut M3, call: &Call<'_>) -> Outcome {
    let input = &call.input;
    match call.transaction {
        "Add" => add(m3, input),
        "ChgBasicData" => change(m3, input),
        "GetBasicData" | "GetFinancial" | "GetOrderInfo" => {
            Ok(vec![row(m3, m3.customer(input.get("CUNO"))?)])
        }
        "LstTemplates" => Ok(m3.master.templates.iter().map(|template| with_company(m3, template)).collect()),
        "LstBySearchKey" => list_from(m3, input, "ALCU"),
        "LstByNumber" => list_from(m3, input, "CUNO"),
        "LstByName" => list_from(m3, input, "CUNM"),
        _ => Err(not_simulated(call)),
    }
}

fn add(m3: &mut M3, input: &Input<'_>) -> Outcome {
    let template = input.get("CUTM");
    let Some(template) = m3.master.templates.iter().find(|row| field(row, "CUNO") == template) else {
        return Err(Nok::generic("CUTM", format!("Customer template {template} does not exist")));
    };
    let mut fields = template.clone();
    fields.extend(input.stored());
    fields.remove("CUTM");
    let number = match input.given("CUNO") {
        Some(number) if is_taken(m3, number) => {
            return Err(Nok::generic("CUNO", format!("Customer {number} already exists")));
        }
        Some(number) => number.to_owned(),
        None => m3.next_customer(),
    };
    let missing = missing(m3, &fields);
    let status = if missing.is_empty() { input.or("STAT", &["20"]) } else { "12" };
    for (name, value) in [("CUNO", number.as_str()), ("STAT", status), ("CHNO", "1")] {
        fields.insert(name.to_owned(), value.to_owned());
    }
    m3.put_customer(Customer { credit_stopped: false, addresses: Vec::new(), fields });
    Ok(vec![record(&[("CUNO", &number), ("ERRM", &missing)])])
}

fn is_taken(m3: &M3, number: &str) -> bool {
    m3.customers.contains_key(number) || m3.master.templates.iter().any(|row| field(row, "CUNO") == number)
}

/// Why a customer stays in status 12, "" if it need not.
fn missing(m3: &M3, fields: &Record) -> String {
    let names = m3.master.customer_needs.iter().filter(|name| field(fields, name).is_empty());
    let names: Vec<&str> = names.map(String::as_str).collect();
    if names.is_empty() { String::new() } else { format!("Status 12, missing: {}", names.join(", ")) }
}

/// `ChgBasicData`: fields that are not given stay. CHNO, if given, must be the current change number.
fn change(m3: &mut M3, input: &Input<'_>) -> Outcome {
    let number = input.get("CUNO");
    let old = m3.customer(number)?;
    let change_number = field(&old.fields, "CHNO").parse::<u32>().unwrap_or(1);
    if input.given("CHNO").is_some_and(|sent| sent.parse() != Ok(change_number)) {
        return Err(Nok::generic("CHNO", format!("Customer {number} has been changed by another user")));
    }
    let mut fields = old.fields.clone();
    fields.extend(input.stored());
    fields.insert("CHNO".to_owned(), (change_number + 1).to_string());
    let missing = missing(m3, &fields);
    if input.get("STAT") == "20" && !missing.is_empty() {
        return Err(Nok::generic("STAT", missing));
    }
    if let Some(customer) = m3.customers.get_mut(number) {
        customer.fields = fields;
    }
    Ok(vec![record(&[("CUNO", number)])])
}

fn list_from(m3: &M3, input: &Input<'_>, key: &str) -> Outcome {
    input.refuse(&["LMTS"])?;
    let start = input.get(key);
    let mut found: Vec<&Customer> =
        m3.customers.values().filter(|customer| field(&customer.fields, key) >= start).collect();
    found.sort_by_key(|customer| field(&customer.fields, key));
    Ok(found.into_iter().map(|customer| row(m3, customer)).collect())
}

fn row(m3: &M3, customer: &Customer) -> Record {
    with_company(m3, &customer.fields)
}

fn with_company(m3: &M3, fields: &Record) -> Record {
    let mut row = fields.clone();
    row.insert("CONO".to_owned(), m3.master.company.to_string());
    row
}
