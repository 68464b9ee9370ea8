//! How many of a line were sold: a refund takes out of the sale what never left the shop, and nothing of what the
//! buyer got.

use jiff::Timestamp;

use crate::{LineItem, Order, RefundLine};

/// Pieces of a line that a refund took off it.
#[derive(Debug, Clone, Copy)]
struct Refunded {
    /// When; nothing where Shopify does not say.
    at: Option<Timestamp>,
    quantity: u64,
    of: Pieces,
}

/// Which pieces a refund is of (Shopify documentation, "`RefundLineItemRestockType`": `return` is for lines that were
/// fulfilled, `cancel` for lines that were not).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pieces {
    /// Of those that the buyer had.
    Delivered,
    /// Of those that never left.
    Undelivered,
    /// `no_restock`, the `legacy_restock` of old orders, and whatever comes later say nothing of it.
    Either,
}

impl Pieces {
    fn named(line: &RefundLine) -> Self {
        match line.restock_type.as_deref() {
            Some("return") => Self::Delivered,
            Some("cancel") => Self::Undelivered,
            _ => Self::Either,
        }
    }
}

impl Order {
    /// How many of a line the buyer was to get: what is left, and what was delivered and refunded since. What was
    /// taken out before it was delivered, by a refund or by an edit, was not sold; of a line on which nothing was
    /// delivered, that is all that was taken out.
    ///
    /// A refund that does not say which pieces it is of takes those that were delivered before it first, as Shopify
    /// does with `no_restock` (community.shopify.dev, thread 19953). UNCONFIRMED: the shop's admin takes undelivered
    /// pieces off a line that is partly delivered in the same words; there, what is yet to be fulfilled tells.
    pub fn quantity_sold(&self, line: &LineItem) -> Option<u64> {
        let left = line.effective_quantity()?;
        let refunded = self.refunded(line);
        let returned = sum(refunded.iter().filter(|one| one.of == Pieces::Delivered).map(|one| one.quantity));
        let is_clear = refunded.iter().all(|one| one.of != Pieces::Either);
        let back = if is_clear { returned } else { self.back(line, left, &refunded).max(returned) };
        let sold = left.saturating_add(back);
        // Where Shopify does not say what is left, nothing was taken off.
        Some(line.ordered().map_or(sold, |ordered| sold.min(ordered)).max(left))
    }

    /// What refunds took off a line, the earliest first; those of no known time last.
    fn refunded(&self, line: &LineItem) -> Vec<Refunded> {
        let lines = self.refunds.iter().flat_map(|refund| {
            let at = refund.created_at.or(refund.processed_at).map(|time| time.at);
            refund.refund_line_items.iter().map(move |line| (at, line))
        });
        let ours = lines.filter(|(_, back)| back.line_item_id.is_some() && back.line_item_id == line.id);
        let mut refunded: Vec<_> = ours
            .map(|(at, back)| Refunded {
                at,
                quantity: back.quantity.unwrap_or_default(),
                of: Pieces::named(back),
            })
            .collect();
        refunded.sort_by_key(|one| (one.at.is_none(), one.at));
        refunded
    }

    /// How many pieces of a line were delivered and refunded since, where not every refund says it.
    fn back(&self, line: &LineItem, left: u64, refunded: &[Refunded]) -> u64 {
        let deliveries = self.deliveries(line);
        let delivered = sum(deliveries.iter().map(|(_, quantity)| *quantity));
        if delivered == 0 {
            let back = refunded.iter().filter(|one| one.of != Pieces::Undelivered && self.is_fulfilled(line));
            return sum(back.map(|one| one.quantity));
        }
        let back = refunded.iter().fold(0_u64, |back, one| {
            let before = deliveries.iter().filter(|(at, _)| one.at.is_none() || *at <= one.at);
            let there = sum(before.map(|(_, quantity)| *quantity)).saturating_sub(back);
            back.saturating_add(match one.of {
                Pieces::Delivered => one.quantity,
                Pieces::Undelivered => 0,
                Pieces::Either => one.quantity.min(there),
            })
        });
        // All that was sold was delivered or is yet to be.
        match line.fulfillable_quantity {
            Some(open) => back.min(delivered.saturating_add(open).saturating_sub(left)),
            None => back,
        }
    }

    /// When how many pieces of a line were sent. A fulfilment that failed or was cancelled sent none.
    fn deliveries(&self, line: &LineItem) -> Vec<(Option<Timestamp>, u64)> {
        let failed = |status: &str| matches!(status, "cancelled" | "error" | "failure");
        let sent = self.fulfillments.iter().filter(|one| !one.status.as_deref().is_some_and(failed));
        let lines = sent.flat_map(|one| {
            let at = one.created_at.map(|time| time.at);
            one.line_items.iter().map(move |line| (at, line))
        });
        let ours = lines.filter(|(_, sent)| sent.id.is_some() && sent.id == line.id);
        ours.map(|(at, sent)| (at, sent.quantity.unwrap_or_default())).collect()
    }

    /// Whether all that is to be sent of a line was sent, by the line's word or, in fetched orders, the order's.
    fn is_fulfilled(&self, line: &LineItem) -> bool {
        let status = line.fulfillment_status.as_deref().or(self.fulfillment_status.as_deref());
        status == Some("fulfilled")
    }
}

fn sum(quantities: impl Iterator<Item = u64>) -> u64 {
    quantities.fold(0, u64::saturating_add)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    /// At so many minutes past ten.
    fn time(minute: u8) -> String {
        format!("2026-11-20T10:{minute:02}:00+01:00")
    }

    /// Pieces of the line, sent at a minute; then the fulfilment's status.
    fn sent(minute: u8, quantity: u64, status: &str) -> Value {
        let lines = json!([{"id": 5, "quantity": quantity}, {"id": 6, "quantity": 9}]);
        json!({"created_at": time(minute), "status": status, "line_items": lines})
    }

    /// Pieces of the line, refunded at a minute.
    fn refunded(minute: u8, quantity: u64, restock: &str) -> Value {
        json!({"id": 2, "order_id": 1, "created_at": time(minute), "refund_line_items": [
            {"line_item_id": 5, "quantity": quantity, "restock_type": restock},
            {"line_item_id": 6, "quantity": 1, "restock_type": "return"},
        ]})
    }

    /// What was sold of a line of four.
    fn sold(line: &Value, fulfillments: &[Value], refunds: &[Value]) -> Option<u64> {
        let mut whole = json!({"id": 5, "quantity": 4});
        whole.as_object_mut().unwrap().extend(line.as_object().unwrap().clone());
        let order = json!({"id": 1, "line_items": [whole], "fulfillments": fulfillments, "refunds": refunds});
        let order = crate::parse_order(order.to_string().as_bytes()).unwrap();
        order.quantity_sold(&order.line_items[0])
    }

    #[test]
    fn what_the_buyer_got_was_sold_whatever_came_back() {
        let left = |left: u64| json!({ "current_quantity": left });
        let all = || sent(5, 4, "success");
        let cases = [
            ("nothing happened", left(4), vec![], vec![], 4),
            ("an edit took two out", left(2), vec![], vec![], 2),
            ("returned", left(3), vec![all()], vec![refunded(9, 1, "return")], 4),
            (
                "returned, and Shopify does not tell the fulfilment",
                left(3),
                vec![],
                vec![refunded(9, 1, "return")],
                4,
            ),
            ("never more than was ordered", left(4), vec![], vec![refunded(9, 1, "return")], 4),
            ("cancelled", left(3), vec![], vec![refunded(1, 1, "cancel")], 3),
            (
                "cancelled, and the rest sent",
                left(3),
                vec![sent(5, 3, "success")],
                vec![refunded(1, 1, "cancel")],
                3,
            ),
            (
                "cancelled after a part was sent",
                left(3),
                vec![sent(5, 2, "success")],
                vec![refunded(9, 1, "cancel")],
                3,
            ),
            ("given up before delivery", left(3), vec![], vec![refunded(1, 1, "no_restock")], 3),
            (
                "given up, then the rest sent",
                left(3),
                vec![sent(5, 3, "success")],
                vec![refunded(1, 1, "no_restock")],
                3,
            ),
            ("kept by the buyer", left(3), vec![all()], vec![refunded(9, 1, "no_restock")], 4),
            ("all kept by the buyer", left(0), vec![all()], vec![refunded(9, 4, "no_restock")], 4),
            ("restocked by an old shop", left(3), vec![all()], vec![refunded(9, 1, "legacy_restock")], 4),
            ("restocked before delivery", left(3), vec![], vec![refunded(1, 1, "legacy_restock")], 3),
            ("a word of tomorrow", left(3), vec![all()], vec![refunded(9, 1, "donate")], 4),
            ("a word of tomorrow, before delivery", left(3), vec![], vec![refunded(9, 1, "donate")], 3),
            (
                "the fulfilment failed",
                left(3),
                vec![sent(5, 4, "failure")],
                vec![refunded(9, 1, "no_restock")],
                3,
            ),
            (
                "the fulfilment was cancelled",
                left(3),
                vec![sent(5, 4, "cancelled")],
                vec![refunded(9, 1, "no_restock")],
                3,
            ),
            (
                "of what was sent so far",
                left(3),
                vec![sent(5, 1, "success")],
                vec![refunded(9, 1, "no_restock")],
                4,
            ),
            (
                "more than was sent so far",
                left(1),
                vec![sent(5, 2, "success")],
                vec![refunded(9, 3, "no_restock")],
                3,
            ),
            (
                "before, between and after",
                left(1),
                vec![sent(3, 1, "success"), sent(7, 2, "success")],
                vec![
                    refunded(9, 1, "no_restock"),
                    refunded(5, 1, "no_restock"),
                    refunded(1, 1, "no_restock"),
                ],
                3,
            ),
            (
                "one of each",
                left(1),
                vec![sent(5, 3, "success")],
                vec![refunded(1, 1, "cancel"), refunded(8, 1, "return"), refunded(9, 1, "no_restock")],
                3,
            ),
            (
                "what was returned cannot be kept as well",
                left(0),
                vec![sent(5, 2, "success")],
                vec![refunded(8, 2, "return"), refunded(9, 2, "no_restock")],
                2,
            ),
        ];
        for (name, line, fulfillments, refunds, expected) in cases {
            assert_eq!(sold(&line, &fulfillments, &refunds), Some(expected), "{name}");
        }
    }

    /// The shop's admin takes pieces off that were not sent yet, without restocking them.
    #[test]
    fn what_is_yet_to_be_fulfilled_tells_which_pieces_were_taken_off() {
        let line = |open: u64| json!({"current_quantity": 3, "fulfillable_quantity": open});
        let refunds = [refunded(9, 1, "no_restock")];
        assert_eq!(sold(&line(2), &[sent(5, 2, "success")], &refunds), Some(4), "one that was sent");
        assert_eq!(sold(&line(1), &[sent(5, 2, "success")], &refunds), Some(3), "one that was not");
        assert_eq!(sold(&line(0), &[sent(5, 4, "success")], &refunds), Some(4), "all were sent");
        assert_eq!(sold(&line(0), &[], &refunds), Some(3), "nothing was sent, as far as is told");
    }

    /// Fetched orders, and payloads of chosen fields, tell no fulfilment: the status is all that they say.
    #[test]
    fn a_fulfilled_line_without_its_fulfilments_was_delivered() {
        let refunds = [refunded(9, 1, "no_restock"), refunded(9, 1, "cancel")];
        let line = |status: Value| json!({"current_quantity": 2, "fulfillment_status": status});
        assert_eq!(sold(&line(json!("fulfilled")), &[], &refunds), Some(3));
        for status in [json!("partial"), Value::Null] {
            assert_eq!(sold(&line(status), &[], &refunds), Some(2));
        }
        let order = json!({"id": 1, "fulfillment_status": "fulfilled", "refunds": refunds,
            "line_items": [{"id": 5, "quantity": 4, "current_quantity": 2}]});
        let order = crate::parse_order(order.to_string().as_bytes()).unwrap();
        assert_eq!(order.quantity_sold(&order.line_items[0]), Some(3));
    }

    #[test]
    fn what_shopify_leaves_out_does_no_harm() {
        assert_eq!(sold(&json!({"quantity": null}), &[], &[]), None);
        assert_eq!(sold(&json!({}), &[sent(5, 4, "success")], &[refunded(9, 1, "no_restock")]), Some(4));
        let timeless = json!({"id": 2, "refund_line_items": [{"line_item_id": 5, "quantity": 1}, {}]});
        let line = json!({"current_quantity": 3});
        assert_eq!(
            sold(&line, &[sent(5, 4, "success")], std::slice::from_ref(&timeless)),
            Some(4),
            "the last there was"
        );
        let sent_once = json!({"line_items": [{"id": 5, "quantity": 4}, {}]});
        assert_eq!(sold(&line, &[sent_once], &[timeless]), Some(4), "the first there was");
        let huge = refunded(9, u64::MAX, "return");
        assert_eq!(sold(&line, &[sent(5, u64::MAX, "open")], &[huge.clone(), huge]), Some(4));
    }
}
