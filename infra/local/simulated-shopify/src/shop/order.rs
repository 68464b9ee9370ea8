//! What happens to an order, and what Shopify publishes about it. A checkout publishes `orders/create`,
//! `orders/updated` and, if it was paid, `orders/paid`; every later change publishes `orders/updated` beside its own
//! topic.

use serde_json::{Value, json};

use super::values::set_missing;
use super::{Message, Shop, id_of, merge, refund, time_of};
use crate::shop::refund::RefundLine;

impl Shop {
    /// Adds or replaces an order, in the shape of its webhook (also wrapped in `{"order": …}`). Ids and times that it
    /// carries are kept; a replaced order's `updated_at` moves.
    pub(crate) fn put_order(&mut self, order: Value, time: &str) -> Result<(u64, Vec<Message>), String> {
        let mut order = unwrapped(order);
        let id = self.own_id(&mut order, "Order")?;
        self.complete(&mut order, time);
        let known = self.orders.contains_key(&id);
        if known
            && time_of(&order["updated_at"]) <= self.orders.get(&id).and_then(|o| time_of(&o["updated_at"]))
        {
            order["updated_at"] = json!(time);
        }
        self.orders.insert(id, order.clone());
        let mut topics = if known { vec!["orders/updated"] } else { vec!["orders/create", "orders/updated"] };
        if !known && order["financial_status"] == "paid" {
            topics.push("orders/paid");
        }
        Ok((id, messages(&topics, &order)))
    }

    /// Merges a patch (RFC 7396) into an order. Changed lines publish `orders/edited` too, and the order counts as edited
    /// from then on.
    pub(crate) fn edit_order(&mut self, id: u64, patch: Value, time: &str) -> Result<Vec<Message>, String> {
        let before = self.order(id)?.clone();
        let mut order = before.clone();
        merge(&mut order, patch);
        if id_of(&order) != Some(id) {
            return Err("an edit cannot change the order's id".to_owned());
        }
        self.number_lines(&mut order);
        let edited = line_changes(&before, &order);
        let mut published = self.keep(id, order, time, &[])?;
        if let Some(lines) = edited {
            self.edited.insert(id);
            published.push(Message::new("orders/edited", self.edit_payload(id, &lines, time)));
        }
        Ok(published)
    }

    /// Cancels an order; its totals stay as they are.
    pub(crate) fn cancel_order(&mut self, id: u64, reason: &str, time: &str) -> Result<Vec<Message>, String> {
        const REASONS: [&str; 6] = ["customer", "declined", "fraud", "inventory", "staff", "other"];
        if !REASONS.contains(&reason) {
            return Err(format!("{reason} is no reason; one of {}", REASONS.join(", ")));
        }
        let mut order = self.order(id)?.clone();
        if !order["cancelled_at"].is_null() {
            return Err(format!("order {id} is cancelled already"));
        }
        order["cancelled_at"] = json!(time);
        order["closed_at"] = json!(time);
        order["cancel_reason"] = json!(reason);
        self.keep(id, order, time, &["orders/cancelled"])
    }

    /// An order is paid in full.
    pub(crate) fn pay_order(&mut self, id: u64, time: &str) -> Result<Vec<Message>, String> {
        let mut order = self.order(id)?.clone();
        order["financial_status"] = json!("paid");
        order["total_outstanding"] = json!("0.00");
        self.keep(id, order, time, &["orders/paid"])
    }

    /// All lines of an order are shipped.
    pub(crate) fn fulfil_order(&mut self, id: u64, time: &str) -> Result<Vec<Message>, String> {
        let mut order = self.order(id)?.clone();
        order["fulfillment_status"] = json!("fulfilled");
        for line in lines_mut(&mut order) {
            line["fulfillment_status"] = json!("fulfilled");
            line["fulfillable_quantity"] = json!(0);
        }
        self.keep(id, order, time, &["orders/fulfilled"])
    }

    /// Refunds so much of these lines.
    pub(crate) fn refund_order(
        &mut self,
        id: u64,
        lines: &[RefundLine],
        time: &str,
    ) -> Result<Vec<Message>, String> {
        let mut order = self.order(id)?.clone();
        let refund = refund::make(self, &mut order, lines, time)?;
        let mut published = vec![Message::new("refunds/create", refund)];
        published.extend(self.keep(id, order, time, &[])?);
        Ok(published)
    }

    /// Deletes an order; the message carries its id alone.
    pub(crate) fn delete_order(&mut self, id: u64) -> Result<Vec<Message>, String> {
        self.orders.remove(&id).ok_or_else(|| missing(id))?;
        self.edited.remove(&id);
        Ok(vec![Message::new("orders/delete", json!({ "id": id }))])
    }

    fn order(&self, id: u64) -> Result<&Value, String> {
        self.orders.get(&id).ok_or_else(|| missing(id))
    }

    fn keep(
        &mut self,
        id: u64,
        mut order: Value,
        time: &str,
        topics: &[&str],
    ) -> Result<Vec<Message>, String> {
        order["updated_at"] = json!(time);
        self.orders.insert(id, order);
        Ok(messages(&[topics, &["orders/updated"]].concat(), self.order(id)?))
    }

    /// What every order has, where the given one lacks it.
    fn complete(&mut self, order: &mut Value, time: &str) {
        if order["order_number"].is_null() {
            order["order_number"] = json!(self.next_number);
            order["number"] = json!(self.next_number - 1000);
            self.next_number += 1;
        }
        let number = order["order_number"].to_string();
        set_missing(order, "name", &format!("#{number}"));
        for key in ["created_at", "updated_at", "processed_at"] {
            set_missing(order, key, time);
        }
        let currency = self.currency.clone();
        set_missing(order, "currency", &currency);
        let currency = order["currency"].as_str().unwrap_or_default().to_owned();
        set_missing(order, "presentment_currency", &currency);
        for suffix in ["total_price", "total_price_set"] {
            let current = format!("current_{suffix}");
            if order[current.as_str()].is_null() && !order[suffix].is_null() {
                order[current.as_str()] = order[suffix].clone();
            }
        }
        self.number_lines(order);
    }

    /// Gives lines that lack one an id.
    fn number_lines(&mut self, order: &mut Value) {
        for line in lines_mut(order) {
            if id_of(line).is_none() {
                line["id"] = json!(self.new_id());
            }
            let id = line["id"].to_string();
            set_missing(line, "admin_graphql_api_id", &format!("gid://shopify/LineItem/{id}"));
        }
    }

    fn edit_payload(&mut self, id: u64, lines: &Value, time: &str) -> Value {
        let nothing = json!({ "additions": [], "removals": [] });
        json!({ "order_edit": {
            "id": self.new_id(), "app_id": null, "created_at": time, "committed_at": time,
            "notify_customer": false, "order_id": id, "staff_note": "", "user_id": null,
            "line_items": lines, "discounts": { "line_item": nothing }, "shipping_lines": nothing,
        } })
    }
}

fn unwrapped(mut order: Value) -> Value {
    let wrapped = order.get("id").is_none() && order.get("order").is_some_and(Value::is_object);
    if wrapped { order["order"].take() } else { order }
}

fn missing(id: u64) -> String {
    format!("there is no order {id}")
}

fn messages(topics: &[&str], order: &Value) -> Vec<Message> {
    topics.iter().map(|topic| Message::new(topic, order.clone())).collect()
}

pub(super) fn lines_mut(order: &mut Value) -> impl Iterator<Item = &mut Value> {
    order.get_mut("line_items").and_then(Value::as_array_mut).into_iter().flatten()
}

/// Quantities that an edit added or removed; none if no line changed.
fn line_changes(before: &Value, after: &Value) -> Option<Value> {
    let lines = |order: &Value| order["line_items"].as_array().cloned().unwrap_or_default();
    let quantity = |lines: &[Value], id: Option<u64>| {
        let line = lines.iter().find(|line| id_of(line) == id);
        line.map_or(0, |line| line["current_quantity"].as_i64().or(line["quantity"].as_i64()).unwrap_or(0))
    };
    let (before, after) = (lines(before), lines(after));
    let mut ids: Vec<Option<u64>> = before.iter().chain(&after).map(id_of).collect();
    ids.sort_unstable();
    ids.dedup();
    let (mut additions, mut removals) = (Vec::new(), Vec::new());
    for id in ids {
        match quantity(&after, id) - quantity(&before, id) {
            0 => {}
            more @ 1.. => additions.push(json!({ "id": id, "delta": more })),
            less => removals.push(json!({ "id": id, "delta": -less })),
        }
    }
    let changed = !additions.is_empty() || !removals.is_empty();
    changed.then(|| json!({ "additions": additions, "removals": removals }))
}
