use domain::{Claim, Delivery, Event as Told, Finding, FindingCode, State};
use ledger::{Claimed, Memory, Payload, claim};

use super::*;
use crate::test_record::{at, wish};

async fn kept(ledger: &Memory, key: &str, topic: &str, body: &Value) -> Record {
    let bytes = body.to_string().into_bytes();
    let wish = wish(1, "#1");
    let delivery = Delivery { body: Digest::of(&bytes), topic: topic.into(), ..wish.delivery };
    let wish = Claim { key: key.parse().unwrap(), delivery, ..wish };
    let Claimed::Held(held) = claim(ledger, &wish, at(0)).await.unwrap() else { panic!() };
    let payload = Payload {
        body: Digest::of(&bytes),
        compressed: Body::compress(&bytes).into_compressed(),
        topic: topic.into(),
        api_version: String::new(),
        received_at: at(0),
    };
    ledger.archive(&held.record.key, &payload).await.unwrap();
    let finding = Finding::new(FindingCode::Request, "", "", "");
    ledger.write(held.for_a_person(at(1), finding).unwrap()).await.unwrap()
}

async fn world() -> Memory {
    let ledger = Memory::default();
    let of = |id: u64, name: &str| json!({ "id": 1, "customer": { "id": id, "first_name": name } });
    let email = SourceId::of_email("ada@example.com");
    kept(&ledger, "demo/shopify/order/1", "orders/create", &of(7, "Ada")).await;
    kept(&ledger, "demo/shopify/order/2", "orders/create", &of(8, "Grace")).await;
    kept(&ledger, "demo/shopify/order/3", "orders/create", &of(7, "Unasked")).await;
    kept(&ledger, &format!("demo/shopify/customer/{email}"), "customers/update", &json!({ "id": 7 })).await;
    let customer = json!({ "id": 7, "email": "Ada@example.com", "phone": null });
    let asked = json!({ "shop_id": 5, "customer": customer, "orders_requested": [1, 2, 99], "data_request": { "id": 9 } });
    kept(&ledger, "demo/shopify/request/data-request-9", "customers/data_request", &asked).await;
    ledger
}

#[tokio::test]
async fn an_export_holds_all_of_the_customer_and_nothing_of_others() {
    let (ledger, tenant) = (world().await, "demo".parse().unwrap());
    for request in ["9", "data-request-9", "demo/shopify/request/data-request-9"] {
        let export = gather(&ledger, &tenant, request).await.unwrap();
        assert_eq!((export.records, export.deliveries, export.left_out), (3, 2, 1), "{request}");
        let text = export.json.to_string();
        assert!(text.contains("\"Ada\"") && !text.contains("Grace") && !text.contains("Unasked"), "{text}");
        assert!(text.contains("\"trail\"") && !format!("{export:?}").contains("Ada"));
    }
}

#[tokio::test]
async fn who_exported_and_when_stands_in_the_trail_and_the_request_is_done_with() {
    let (ledger, tenant) = (world().await, "demo".parse().unwrap());
    let before = ledger.records();
    let export = gather(&ledger, &tenant, "9").await.unwrap();
    assert_eq!(ledger.records(), before, "gathering changes nothing");
    let record = exported(&ledger, &export, "jo", at(50)).await.unwrap();
    let entry = record.trail.last().unwrap();
    assert_eq!((&record.state, entry.event, entry.at), (&State::Confirmed, Told::Exported, at(50)));
    assert_eq!(entry.detail, "by jo: 3 records, 2 deliveries");
}

#[tokio::test]
async fn what_is_no_request_for_data_is_not_exported() {
    let (ledger, tenant) = (world().await, "demo".parse().unwrap());
    let error = gather(&ledger, &tenant, "demo/shopify/order/1").await.unwrap_err().to_string();
    assert!(error.contains("demo/shopify/order/1 is no request for data"), "{error}");
    assert!(gather(&ledger, &tenant, "12").await.is_err());
}
