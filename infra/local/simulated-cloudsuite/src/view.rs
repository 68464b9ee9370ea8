//! A read-only view of what is held: JSON for programs, a plain page for people.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::master::{Record, field};
use crate::simulator::SimulatedCloudSuite;

/// Everything, as JSON.
pub(crate) fn state(simulator: &SimulatedCloudSuite) -> Value {
    let m3 = &simulator.m3;
    json!({
        "customers": m3.customers,
        "items": m3.items.keys().collect::<Vec<_>>(),
        "batch_orders": m3.batches,
        "orders": m3.orders,
        "deleted_orders": m3.deleted_orders,
        "purchase_entries": m3.purchasing.entries,
        "purchase_batches": m3.purchasing.batches,
        "purchase_orders": m3.purchasing.orders,
        "stock": simulator.stock(),
        "stock_messages": { "internal": m3.stock.internal, "received": m3.stock.received },
        "goods_receipts": m3.purchasing.receipts,
        "journal_batches": m3.journals.batches,
        "vouchers": m3.journals.vouchers,
        "counters": simulator.counters,
        "settings": simulator.settings,
        "faults": simulator.faults.all(),
    })
}

/// Batch orders and final orders, all or those whose customer's order number is `cuor`.
pub(crate) fn orders(simulator: &SimulatedCloudSuite, query: &str) -> Value {
    let wanted = wanted(query, "cuor");
    let matches = |number: &str| wanted.as_deref().is_none_or(|wanted| wanted == number);
    let m3 = &simulator.m3;
    let batches = m3.batches.values().filter(|batch| matches(field(&batch.content.head, "CUOR")));
    let orders = m3.orders.values().filter(|order| matches(field(&order.content.head, "CUOR")));
    json!({ "batch_orders": batches.collect::<Vec<_>>(), "orders": orders.collect::<Vec<_>>() })
}

/// Batch purchase orders and purchase orders, all or those whose reference (HREF) is `href`.
pub(crate) fn purchase_orders(simulator: &SimulatedCloudSuite, query: &str) -> Value {
    let wanted = wanted(query, "href");
    let matches = |head: &Record| wanted.as_deref().is_none_or(|wanted| wanted == field(head, "HREF"));
    let held = &simulator.m3.purchasing;
    let batches = held.batches.values().filter(|batch| matches(&batch.content.head));
    let orders = held.orders.values().filter(|order| matches(&order.content.head));
    json!({ "batches": batches.collect::<Vec<_>>(), "purchase_orders": orders.collect::<Vec<_>>() })
}

/// Interface batches and vouchers, all or those whose KEY1 is `key1`.
pub(crate) fn vouchers(simulator: &SimulatedCloudSuite, query: &str) -> Value {
    let wanted = wanted(query, "key1");
    let matches = |key: &str| wanted.as_deref().is_none_or(|wanted| wanted == key);
    let held = &simulator.m3.journals;
    let batches = held.batches.values().filter(|batch| matches(&batch.key));
    let vouchers = held.vouchers.iter().filter(|voucher| matches(&voucher.key));
    json!({ "batches": batches.collect::<Vec<_>>(), "vouchers": vouchers.collect::<Vec<_>>() })
}

fn wanted(query: &str, name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
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
    let purchases = m3.purchasing.batches.values().map(|batch| {
        let own = |name| field(&batch.content.head, name).to_owned();
        let reason = batch.reason.as_ref().map(|reason| format!("{} {}", reason.id, reason.text));
        vec![
            batch.number.clone(),
            batch.status.clone(),
            own("SUNO"),
            own("HREF"),
            batch.content.lines.len().to_string(),
            reason.unwrap_or_default(),
        ]
    });
    let vouchers = m3.journals.batches.values().map(|batch| {
        vec![
            batch.key.clone(),
            batch.division.clone(),
            batch.voucher.map(|number| number.to_string()).unwrap_or_default(),
            batch.lines.len().to_string(),
            batch.faults.join("; "),
        ]
    });
    let customers = m3.customers.iter().map(|(number, customer)| {
        let own = |name| field(&customer.fields, name).to_owned();
        vec![number.clone(), own("STAT"), own("ALCU"), own("TOWN"), own("CSCD")]
    });
    let stock = simulator.stock().into_iter().map(|held| {
        let quantity = held.quantity.to_string();
        vec![held.warehouse, held.item, held.location, held.lot, quantity]
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
    let heads = ["Purchase order", "Status", "Supplier", "HREF", "Lines", "Reason"];
    table(&mut page, "Batch purchase orders", &heads, purchases);
    table(&mut page, "Interface batches", &["KEY1", "Division", "Voucher", "Lines", "Faults"], vouchers);
    table(&mut page, "Customers", &["Customer", "Status", "Search key", "Town", "Country"], customers);
    table(&mut page, "Stock", &["Warehouse", "Item", "Location", "Lot", "On hand"], stock);
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
