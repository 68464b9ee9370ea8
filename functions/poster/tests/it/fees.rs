//! ShipBob's fees: a journal entry for each in the simulated M3, in the period in which it was charged.

use domain::{FindingCode, State};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use simulated_cloudsuite::Voucher;

use crate::{
    shipbob::{record, told, world_and},
    support::World,
};

const RULES: &str = r#"
[[gl]]
kind = "warehouse_fee"
when = { fee = ["Shipping"] }
account = "5710"
split = [{ percent = 33.34 }, { percent = 33.33, account = "6570" }, { percent = 33.33, account = "4010" }]

[[gl]]
kind = "warehouse_fee"
when = { fee = ["Per Pick Fee"] }
account = "6570"

[[gl]]
kind = "warehouse_tax"
account = "2650"

[journal]"#;

/// Fees are booked to accounts of M3's demo data, from what is owed to suppliers.
async fn world() -> World {
    world_picking_to("6570").await
}

/// The same with this account for picks.
async fn world_picking_to(account: &str) -> World {
    let picks = |account| format!("when = {{ fee = [\"Per Pick Fee\"] }}\naccount = \"{account}\"");
    world_and(&[
        ("interface = \"\"", "interface = \"ECOM-FLD\""),
        ("clearing_account = \"\"", "clearing_account = \"1510\""),
        ("division = \"\"", "division = \"AAA\""),
        ("journal = false", "journal = true"),
        ("account = \"\"\n\n[shipbob.fees.dimensions]", "account = \"2440\"\n\n[shipbob.fees.dimensions]"),
        ("\n[journal]", RULES),
        (&picks("6570"), &picks(account)),
    ])
    .await
}

fn fee(id: &str, name: &str, amount: &str, date: &str, kind: &str) -> Value {
    let amount: serde_json::Number = amount.parse().unwrap();
    json!({
        "transaction_id": id, "amount": amount, "currency_code": "USD", "charge_date": date,
        "transaction_fee": name, "transaction_type": kind, "reference_id": "900101", "reference_type": "Shipment",
        "fulfillment_center": "Cicero (IL)", "taxes": []
    })
}

/// The accounts and amounts of a voucher.
fn lines(voucher: &Voucher) -> Vec<(&str, Decimal)> {
    voucher.lines.iter().map(|line| (line.accounts[0].as_str(), line.amount)).collect()
}

fn amount(text: &str) -> Decimal {
    text.parse().unwrap()
}

async fn charged(world: &World, body: &Value) {
    let id = body["transaction_id"].as_str().unwrap();
    told(world, "transaction.polled", id, body).await;
    world.confirm_after(60).await;
    let record = record(world, &format!("fee/{id}")).await;
    assert_eq!(record.state, State::Confirmed, "{id}");
}

#[tokio::test]
async fn a_fee_is_booked_once_by_its_charge_date_split_to_the_cent() {
    let world = world().await;
    let body = fee("01K9ZQ7T9S", "Shipping", "7.01", "2026-10-31", "Charge");
    charged(&world, &body).await;
    told(&world, "transaction.polled", "again", &body).await;
    let vouchers = world.m3.simulator().vouchers();
    assert_eq!(vouchers.len(), 1);
    // Accrued in October, though it is told in November.
    assert_eq!(vouchers[0].date, "20261031");
    let expected = [("5710", "2.34"), ("6570", "2.34"), ("4010", "2.33"), ("2440", "-7.01")];
    let found = lines(&vouchers[0]);
    assert_eq!(found.iter().map(|(_, amount)| *amount).sum::<Decimal>(), Decimal::ZERO);
    assert_eq!(found, expected.map(|(account, text)| (account, amount(text))));
    let key = "demo/shipbob/fee/01K9ZQ7T9S".parse().unwrap();
    let reference = domain::Reference::of(&key);
    assert_eq!(vouchers[0].key, domain::Reference::batch_key_of(&key));
    assert!(vouchers[0].lines.iter().all(|line| line.text.starts_with(reference.as_str())), "{vouchers:?}");
}

#[tokio::test]
async fn a_credit_stands_in_its_own_period_and_taxes_on_lines_of_their_own() {
    let world = world().await;
    let mut charge = fee("01K9ZQ7T9T", "Per Pick Fee", "10.00", "2026-10-30", "Charge");
    charge["taxes"] = json!([
        { "tax_type": "GST", "tax_rate": 5.0, "tax_amount": 0.50 },
        { "tax_type": "PST", "tax_rate": 7.0, "tax_amount": 0.70 },
        { "tax_type": "HST", "tax_rate": 0.0, "tax_amount": 0.0 },
    ]);
    charged(&world, &charge).await;
    charged(&world, &fee("01K9ZQ7T9V", "Per Pick Fee", "-10.00", "2026-11-02", "Credit")).await;
    let vouchers = world.m3.simulator().vouchers();
    let dates: Vec<_> = vouchers.iter().map(|voucher| voucher.date.as_str()).collect();
    assert_eq!(dates, ["20261030", "20261102"]);
    let expected = [("6570", "10"), ("2650", "0.5"), ("2650", "0.7"), ("2440", "-11.2")];
    assert_eq!(lines(&vouchers[0]), expected.map(|(account, text)| (account, amount(text))));
    assert_eq!(lines(&vouchers[1]), [("6570", amount("-10")), ("2440", amount("10"))]);
}

#[tokio::test]
async fn a_fee_that_no_rule_books_is_parked_and_a_payment_is_none() {
    let world = world().await;
    told(&world, "transaction.polled", "t-1", &fee("01A", "Kitting Fee", "3.00", "2026-11-02", "Charge"))
        .await;
    let State::Rejected { findings } = record(&world, "fee/01A").await.state else { panic!() };
    assert_eq!(findings[0].code, FindingCode::Mapping);
    told(&world, "transaction.polled", "t-2", &fee("01B", "Payment", "-99.00", "2026-11-02", "Payment"))
        .await;
    assert!(matches!(record(&world, "fee/01B").await.state, State::Skipped { .. }));
    assert!(world.m3.simulator().vouchers().is_empty());
}

#[tokio::test]
async fn a_fee_whose_account_m3_does_not_know_or_has_locked_is_parked_and_tried_again() {
    for (account, code) in [("7777", FindingCode::UnknownAccount), ("9990", FindingCode::AccountNotUsable)] {
        let world = world_picking_to(account).await;
        let body = fee("01C", "Per Pick Fee", "3.00", "2026-11-02", "Charge");
        told(&world, "transaction.polled", "t-1", &body).await;
        let State::Rejected { findings } = record(&world, "fee/01C").await.state else { panic!() };
        assert_eq!(findings[0].code, code, "{findings:?}");
        assert!(world.state()["journal_batches"].as_object().unwrap().is_empty(), "nothing is created");
        assert_eq!(world.settle_after(901).await.taken_up, 1);
    }
}
