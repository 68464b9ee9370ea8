//! A read-only view of what is held: JSON for programs, a plain page for people.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::master::field;
use crate::simulator::SimulatedCloudSuite;

/// Everything, as JSON.
pub(crate) fn state(simulator: &SimulatedCloudSuite) -> Value {
    let m3 = &simulator.m3;
    json!({
        "customers": m3.customers,
        "items": m3.items.keys().collect::<Vec<_>>(),
        "batch_orders": m3.batches,
        "orders": m3.orders,
        "counters": simulator.counters,
        "settings": simulator.settings,
        "faults": simulator.faults.all(),
    })
}

/// Batch orders and final orders, all or those whose customer's order number is `cuor`.
pub(crate) fn orders(simulator: &SimulatedCloudSuite, query: &str) -> Value {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let wanted = pairs.find(|(key, _)| key == "cuor").map(|(_, value)| value.into_owned());
    let matches = |number: &str| wanted.as_deref().is_none_or(|wanted| wanted == number);
    let m3 = &simulator.m3;
    let batches = m3.batches.values().filter(|batch| matches(field(&batch.content.head, "CUOR")));
    let orders = m3.orders.values().filter(|order| matches(field(&order.content.head, "CUOR")));
    json!({ "batch_orders": batches.collect::<Vec<_>>(), "orders": orders.collect::<Vec<_>>() })
}

/// A page with the orders and the counts.
pub(crate) fn page(simulator: &SimulatedCloudSuite) -> String {
    let m3 = &simulator.m3;
    let batches = m3.batches.values().map(|batch| {
        let reasons = batch.messages.iter().map(|message| format!("{} {}", message.id, message.text));
        vec![
            batch.number.clone(),
            batch.status.clone(),
            batch.order.clone().unwrap_or_default(),
            batch.content.customer.clone(),
            field(&batch.content.head, "CUOR").to_owned(),
            batch.content.lines.len().to_string(),
            reasons.collect::<Vec<_>>().join("; "),
        ]
    });
    let customers = m3.customers.iter().map(|(number, customer)| {
        let own = |name| field(&customer.fields, name).to_owned();
        vec![number.clone(), own("STAT"), own("ALCU"), own("TOWN"), own("CSCD")]
    });
    let counts =
        simulator.counters.transactions.iter().map(|(name, count)| vec![name.clone(), count.to_string()]);
    let mut page = String::from(
        "<!doctype html><meta charset=\"utf-8\"><title>Simulated CloudSuite</title>\
         <style>body{font-family:sans-serif}td,th{padding:2px 10px;text-align:left}</style>\
         <h1>Simulated CloudSuite</h1>",
    );
    let heads = ["Temporary", "Status", "Order", "Customer", "CUOR", "Lines", "Reasons"];
    table(&mut page, "Batch orders", &heads, batches);
    table(&mut page, "Customers", &["Customer", "Status", "Search key", "Town", "Country"], customers);
    table(&mut page, "Transactions", &["Transaction", "Count"], counts);
    page
}

fn table(page: &mut String, title: &str, heads: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    // Writing to a string cannot fail.
    let _ = write!(page, "<h2>{title}</h2><table><tr><th>{}</th></tr>", heads.join("</th><th>"));
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| escape(cell)).collect();
        let _ = write!(page, "<tr><td>{}</td></tr>", cells.join("</td><td>"));
    }
    page.push_str("</table>");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
