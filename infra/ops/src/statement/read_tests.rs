//! Statements read from the simulated ShipBob and the ledger in memory.

use std::{sync::atomic::Ordering, time::Duration};

use ledger::Payload;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::*;
use crate::statement::{
    Line, Section, What,
    read_world::{World, date, mapping_file, time, world},
    render_statement,
};

fn section(statement: &Statement, kind: Kind) -> &Section {
    statement.sections.iter().find(|section| section.kind == kind).unwrap()
}

fn odd(statement: &Statement) -> Vec<(What, String)> {
    statement.odd.iter().map(|odd| (odd.what, odd.id.to_string())).collect()
}

fn units(line: &Line) -> Decimal {
    line.shipbob["units"]
}

#[tokio::test(start_paused = true)]
async fn a_month_that_was_posted_whole_ties_to_the_unit_and_the_cent() {
    let world = world().await;
    // A kit leaves as its components; tea is counted in boxes of four.
    let (shipment, other) = (world.ships(&[("SET", 3)]), world.ships(&[("MUG", 1)]));
    world.confirms(Kind::Shipment, shipment, &[("501", "6"), ("502", "3")]).await;
    world.confirms(Kind::Shipment, other, &[("501", "1")]).await;
    let announced = json!({ "purchase_order_number": "PO1", "fulfillment_center_id": 8,
        "boxes": [{ "items": [{ "sku": "TEA", "quantity": 8, "lot_number": "A" }] }] });
    let receipt = world.does("receiving", &announced)["id"].clone();
    let stow = json!({ "boxes": [{ "items": [{ "sku": "TEA", "quantity": 8, "lot_number": "A" }] }] });
    world.does(&format!("receiving/{receipt}/stow"), &stow);
    world.does(&format!("receiving/{receipt}/complete"), &Value::Null);
    world.confirms(Kind::Receipt, &receipt, &[("502/A", "2")]).await;
    let back = json!({ "original_shipment_id": shipment, "inventory": [{ "sku": "MUG", "quantity": 2 }] });
    let back = world.does("returns", &back)["id"].clone();
    world.does(&format!("returns/{back}/complete"), &Value::Null);
    world.confirms(Kind::Return, &back, &[("501", "-2")]).await;
    let fees = world.charges(&json!([
        { "amount": 6.58, "transaction_fee": "Shipping", "reference_id": "1", "reference_type": "Shipment",
            "taxes": [{ "tax_type": "GST", "tax_rate": 10, "tax_amount": 0.66 }] },
        { "amount": -1.10, "transaction_fee": "Shipping", "transaction_type": "Credit" },
        { "amount": -500, "transaction_fee": "Payment", "transaction_type": "Payment" },
    ]));
    world.confirms(Kind::Fee, &fees[0], &[("USD", "7.24")]).await;
    world.confirms(Kind::Fee, &fees[1], &[("USD", "-1.10")]).await;

    let statement = world.statement().await;
    assert!(statement.ties, "{}", render_statement(&statement));
    assert_eq!(statement.odd, []);
    let totals = |kind| {
        let section = section(&statement, kind);
        assert!(section.difference.is_empty() && section.shipbob == section.confirmed);
        let [(counted_in, figure)] = section.shipbob.figures.iter().collect::<Vec<_>>()[..] else {
            panic!("{section:?}")
        };
        (section.shipbob.objects, format!("{figure} {counted_in}"))
    };
    assert_eq!(totals(Kind::Shipment), (2, "10 units".into()));
    assert_eq!(totals(Kind::Receipt), (1, "2 units".into()));
    assert_eq!(totals(Kind::Return), (1, "2 units".into()));
    assert_eq!(totals(Kind::Fee), (2, "6.14 USD".into()));
    assert_eq!(section(&statement, Kind::Fee).nothing_to_post.values().sum::<u64>(), 1);
    assert_eq!(statement.time_zones, ["America/Chicago", "UTC"]);
}

#[tokio::test(start_paused = true)]
async fn what_happened_since_it_was_posted_shows_and_so_does_what_nobody_heard_of() {
    let world = world().await;
    let (corrected, cancelled, unheard) =
        (world.ships(&[("MUG", 4)]), world.ships(&[("MUG", 2)]), world.ships(&[("MUG", 1)]));
    world.confirms(Kind::Shipment, corrected, &[("501", "4")]).await;
    world.confirms(Kind::Shipment, cancelled, &[("501", "2")]).await;
    let correct = json!({ "items": [{ "inventory_id": 501, "quantity": 3 }] });
    world.does(&format!("shipments/{corrected}/correct"), &correct);
    world.does(&format!("shipments/{cancelled}/cancel"), &Value::Null);
    let announced = json!({ "purchase_order_number": "PO1",
        "boxes": [{ "items": [{ "sku": "MUG", "quantity": 10 }] }] });
    let receipt = world.does("receiving", &announced)["id"].clone();
    let stow = json!({ "boxes": [{ "items": [{ "sku": "MUG", "quantity": 9 }] }] });
    world.does(&format!("receiving/{receipt}/stow"), &stow);
    world.does(&format!("receiving/{receipt}/complete"), &Value::Null);
    world.confirms(Kind::Receipt, &receipt, &[("501", "9")]).await;

    let statement = world.statement().await;
    assert!(!statement.ties);
    assert_eq!(
        odd(&statement),
        [
            (What::NotHeardOf, unheard.to_string()),
            (What::QuantitiesDiffer, corrected.to_string()),
            (What::QuantitiesDiffer, cancelled.to_string()),
            (What::ShortReceipt, receipt.to_string()),
        ]
    );
    let shipments = section(&statement, Kind::Shipment);
    assert_eq!(shipments.difference["units"], Decimal::from(-2));
    assert_eq!(shipments.lines.iter().map(|line| line.ties).collect::<Vec<_>>(), [false; 3]);
}

/// The day at the fulfilment centre decides: an evening in Chicago is the next day in universal time.
#[tokio::test(start_paused = true)]
async fn an_object_counts_for_the_day_at_its_fulfilment_centre() {
    let world = world().await;
    world.it_is("2026-11-01T04:59:00Z");
    let october = world.ships(&[("MUG", 1)]);
    world.it_is("2026-12-01T05:59:00Z");
    let november = world.ships(&[("MUG", 2)]);
    world.it_is("2026-12-01T06:01:00Z");
    world.ships(&[("MUG", 4)]);
    // The one of October is in the ledger late: it is looked up, and is none of this statement.
    world.it_is("2026-11-05T06:01:00Z");
    world.confirms(Kind::Shipment, october, &[("501", "1")]).await;
    world.it_is("2026-12-02T06:01:00Z");
    let statement = world.statement().await;
    let lines: Vec<_> = section(&statement, Kind::Shipment)
        .lines
        .iter()
        .map(|line| (line.id.to_string(), units(line)))
        .collect();
    assert_eq!(lines, [(november.to_string(), Decimal::from(2))]);
    assert_eq!(odd(&statement), [(What::NotHeardOf, november.to_string())]);
}

/// Orders wait, receiving orders are announced and returns are made weeks before, and fees come up days after.
#[tokio::test(start_paused = true)]
async fn what_was_begun_before_the_month_or_came_up_after_it_is_found() {
    let world = world().await;
    world.it_is("2026-09-20T12:00:00Z");
    let order = world.orders(&[("MUG", 3)]);
    let announced = json!({ "purchase_order_number": "PO1",
        "boxes": [{ "items": [{ "sku": "MUG", "quantity": 5 }] }] });
    let receipt = world.does("receiving", &announced)["id"].clone();
    let back =
        world.does("returns", &json!({ "inventory": [{ "sku": "MUG", "quantity": 2 }] }))["id"].clone();
    world.it_is("2026-11-15T12:00:00Z");
    let shipment = world.leaves(&order);
    let stow = json!({ "boxes": [{ "items": [{ "sku": "MUG", "quantity": 5 }] }] });
    world.does(&format!("receiving/{receipt}/stow"), &stow);
    world.does(&format!("receiving/{receipt}/complete"), &Value::Null);
    world.does(&format!("returns/{back}/complete"), &Value::Null);
    world.it_is("2026-12-04T12:00:00Z");
    let fees = world.charges(&json!([
        { "amount": 4, "transaction_fee": "Storage", "charge_date": "2026-11-30" },
        { "amount": 5, "transaction_fee": "Storage", "charge_date": "2026-12-01" },
    ]));
    let statement = world.statement().await;
    let found = [
        (What::NotHeardOf, shipment.to_string()),
        (What::NotHeardOf, receipt.to_string()),
        (What::NotHeardOf, back.to_string()),
        (What::NotHeardOf, fees[0].clone()),
    ];
    assert_eq!(odd(&statement), found);
}

#[tokio::test(start_paused = true)]
async fn what_the_ledger_has_and_shipbob_does_not_is_odd_in_its_own_month() {
    let world = world().await;
    world.confirms(Kind::Shipment, 999_999, &[("501", "1")]).await;
    world.confirms(Kind::Fee, "01HGONE", &[("USD", "4.10")]).await;
    let old = world.confirms(Kind::Fee, "01HOLD", &[("USD", "1.00")]).await;
    let bytes =
        br#"{"transaction_id":"01HOLD","amount":1.00,"currency_code":"USD","charge_date":"2026-10-31"}"#;
    let payload = Payload {
        body: old.body,
        compressed: Body::compress(bytes).into_compressed(),
        topic: "transaction.polled".into(),
        api_version: String::new(),
        received_at: old.received_at,
    };
    world.ledger.archive(&old.key, &payload).await.unwrap();
    let statement = world.statement().await;
    assert_eq!(
        odd(&statement),
        [(What::NotListed, "999999".to_owned()), (What::NotListed, "01HGONE".to_owned())]
    );
    assert_eq!(section(&statement, Kind::Fee).difference["USD"], "-4.10".parse().unwrap());
}

#[tokio::test(start_paused = true)]
async fn kinds_that_the_mapping_makes_nothing_of_are_not_asked_for() {
    let world = world().await;
    let text = mapping_file().replacen(
        "journal = true\n# Whether ShipBob's",
        "journal = false\n# Whether ShipBob's",
        1,
    );
    world.ledger.push_mapping(&world.tenant, &text, "jo", time("2026-11-03T12:00:00Z")).await.unwrap();
    world.simulated.at.lock().unwrap().0.settings.scopes.retain(|scope| scope != "billing_read");
    let statement = world.statement().await;
    assert_eq!(statement.sections.len(), 3);
    assert!(statement.ties);
}

#[tokio::test(start_paused = true)]
async fn without_a_list_there_is_no_statement() {
    let world = world().await;
    world.simulated.at.lock().unwrap().0.settings.scopes.retain(|scope| scope != "billing_read");
    let World { tenant, api, ledger, .. } = &world;
    let sources =
        Sources { tenant, shipbob: api, ledger, deadline: Instant::now() + Duration::from_secs(600) };
    let error = statement_of(&sources, date("2026-11-01"), date("2026-11-30")).await.unwrap_err();
    assert!(error.to_string().contains("the token lacks billing_read"), "{error}");
    let error = statement_of(&sources, date("2026-11-30"), date("2026-11-01")).await.unwrap_err();
    assert!(matches!(error, StatementError::Period { .. }), "{error}");
}

#[tokio::test(start_paused = true)]
async fn what_passes_by_itself_is_waited_for_until_the_deadline() {
    let world = world().await;
    let shipment = world.ships(&[("MUG", 1)]);
    world.confirms(Kind::Shipment, shipment, &[("501", "1")]).await;
    world.simulated.lost.store(8, Ordering::Relaxed);
    assert!(world.statement().await.ties);
    assert_eq!(world.simulated.lost.swap(u32::MAX, Ordering::Relaxed), 0);
    let World { tenant, api, ledger, .. } = &world;
    let sources =
        Sources { tenant, shipbob: api, ledger, deadline: Instant::now() + Duration::from_secs(100) };
    let error = statement_of(&sources, date("2026-11-01"), date("2026-11-30")).await.unwrap_err();
    assert!(matches!(&error, StatementError::ShipBob(error) if error.is_passing()), "{error}");
}
