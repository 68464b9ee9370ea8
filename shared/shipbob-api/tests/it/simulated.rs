//! The client against the simulated ShipBob, which is written from the documents alone.

use std::{collections::BTreeSet, time::Duration};

use serde_json::{Value, json};
use shipbob_api::{ApiError, Json, OrderFilter, Pages, ReceivingFilter, ReturnFilter, TransactionFilter};
use simulated_shipbob::Settings;
use tokio::time::Instant;

use crate::{
    simulation::{Simulated, start},
    world::{soon, store},
};

fn late() -> Instant {
    Instant::now() + Duration::from_secs(3600)
}

fn value(json: &Json) -> Value {
    serde_json::from_str(json.text()).unwrap()
}

async fn ids(pages: Pages<'_>) -> BTreeSet<u64> {
    let found = pages.all(late()).await.unwrap();
    let ids: BTreeSet<u64> = found.iter().map(|one| value(one)["id"].as_u64().unwrap()).collect();
    assert_eq!(ids.len(), found.len(), "nothing comes twice");
    ids
}

#[tokio::test(start_paused = true)]
async fn the_pinned_versions_are_asked_and_nothing_else() {
    let simulated = Simulated::new();
    let api = simulated.client(store());
    let id = simulated.order(1);
    api.order(id, soon()).await.unwrap().unwrap();
    api.webhooks(soon()).await.unwrap();
    let asked: Vec<_> = simulated.exchanges().into_iter().map(|(_, path, _)| path).collect();
    assert_eq!(asked, [format!("/2026-01/order/{id}"), "/2026-07/webhook?RecordsPerPage=250".to_owned()]);
}

#[tokio::test(start_paused = true)]
async fn two_instances_keep_to_150_requests_a_minute() {
    let (simulated, shared) = (Simulated::new(), store());
    let id = simulated.order(1);
    let end = Instant::now() + Duration::from_secs(300);
    let work = |_| {
        let api = simulated.client(shared.clone());
        tokio::spawn(async move {
            let mut read = 0;
            while Instant::now() < end {
                match api.order(id, end).await {
                    Ok(_) => read += 1,
                    Err(ApiError::Throttled { wait }) => tokio::time::sleep(wait).await,
                    Err(error) => assert!(Instant::now() >= end, "{error}"),
                }
            }
            read
        })
    };
    let [first, second]: [_; 2] = std::array::from_fn(work);
    let read: u32 = first.await.unwrap() + second.await.unwrap();
    assert_eq!(simulated.count("/2026-01/order", 429), 0);
    assert!((500..=750).contains(&read), "{read} of 750 in five minutes");
}

#[tokio::test(start_paused = true)]
async fn after_a_429_nobody_asks_before_x_retry_after_is_over() {
    let (simulated, shared) = (Simulated::new(), store());
    let (one, other) = (simulated.client(shared.clone()), simulated.client(shared));
    let id = simulated.order(1);
    simulated.does("faults", &json!([{ "status": 429, "retry_after": 17 }]));
    // That is longer than a call waits by itself.
    for api in [&one, &other] {
        let error = api.order(id, late()).await.unwrap_err();
        let ApiError::Throttled { wait } = error else { panic!("{error}") };
        assert!(wait > Duration::from_secs(16), "{wait:?}");
    }
    assert_eq!(simulated.exchanges().len(), 1, "the other instance asks nothing");
    tokio::time::sleep(Duration::from_secs(18)).await;
    for api in [&one, &other] {
        api.order(id, late()).await.unwrap().unwrap();
    }
    simulated.does("faults", &json!([{ "status": 429, "retry_after": 3 }]));
    let began = Instant::now();
    one.order(id, late()).await.unwrap().unwrap();
    assert!(began.elapsed() >= Duration::from_secs(3), "{:?}", began.elapsed());
    assert_eq!((simulated.count("/2026-01/order", 429), simulated.count("/2026-01/order", 200)), (2, 3));
}

#[tokio::test(start_paused = true)]
async fn unsorted_pages_of_orders_give_every_order_once() {
    let simulated = Simulated::new();
    let api = simulated.client(store());
    let made: BTreeSet<u64> = (0..501).map(|number| simulated.order(number)).collect();
    assert_eq!(ids(api.orders(&OrderFilter::default())).await, made);
    assert_eq!(simulated.count("/2026-01/order", 200), 3);
}

#[tokio::test(start_paused = true)]
async fn pages_of_receiving_and_returns_give_everything_once() {
    let simulated = Simulated::new();
    let api = simulated.client(store());
    let id = |made: Value| made["id"].as_u64().unwrap();
    let receiving: BTreeSet<u64> =
        (0..251).map(|_| id(simulated.does("receiving", &json!({ "boxes": [] })))).collect();
    let returns: BTreeSet<u64> = (0..251)
        .map(|_| id(simulated.does("returns", &json!({ "inventory": [{ "sku": "MUG", "quantity": 1 }] }))))
        .collect();
    assert_eq!(ids(api.receiving(&ReceivingFilter::default()).unwrap()).await, receiving);
    assert_eq!(ids(api.returns(&ReturnFilter::default())).await, returns);
    assert_eq!((simulated.count("/2026-01/receiving", 200), simulated.count("/2026-01/return", 200)), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn cursors_of_transactions_and_links_of_items_are_followed_to_the_end() {
    let simulated = Simulated::new();
    let api = simulated.client(store());
    let charge = json!({ "amount": 0.1, "transaction_fee": "Per Pick Fee" });
    simulated.does("transactions", &json!(vec![charge; 2001]));
    let day = jiff::SignedDuration::from_hours(24);
    let filter = TransactionFilter::charged(start() - day, start() + day);
    let found = api.transactions(&filter).unwrap().all(late()).await.unwrap();
    let names: BTreeSet<String> = found.iter().map(|one| value(one)["transaction_id"].to_string()).collect();
    assert_eq!((found.len(), names.len()), (2001, 2001));

    let items: Vec<Value> =
        (1000..1501).map(|id| json!({ "inventory_id": id, "sku": format!("S{id}"), "name": "x" })).collect();
    simulated.does("items", &json!(items));
    let found = api.inventory(&[]).all(late()).await.unwrap();
    let known: BTreeSet<u64> = found.iter().map(|one| value(one)["inventory_id"].as_u64().unwrap()).collect();
    assert_eq!((found.len(), known.len()), (503, 503));
}

#[tokio::test(start_paused = true)]
async fn lists_and_windows_go_as_shipbob_reads_them() {
    let simulated = Simulated::new();
    let api = simulated.client(store());
    let made: Vec<u64> = (0..3).map(|number| simulated.order(number)).collect();
    let named = OrderFilter { ids: made[..2].to_vec(), ..OrderFilter::default() };
    assert_eq!(ids(api.orders(&named)).await, made[..2].iter().copied().collect());
    let hour = jiff::SignedDuration::from_hours(1);
    let window = shipbob_api::Window::new(start() - hour, start() + hour);
    let inserted = OrderFilter { inserted: window, ..OrderFilter::default() };
    assert_eq!(ids(api.orders(&inserted)).await.len(), 3);
    let earlier = shipbob_api::Window::new(start() - hour * 2, start() - hour);
    let inserted = OrderFilter { inserted: earlier, ..OrderFilter::default() };
    assert!(ids(api.orders(&inserted)).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn every_shape_of_a_refusal_is_told_and_none_is_tried_again() {
    for shape in ["field", "no_field", "problem", "message", "detailed", "text", "empty", "html"] {
        let simulated = Simulated::new();
        let api = simulated.client(store());
        simulated.does("faults", &json!([{ "status": 400, "shape": shape }]));
        let error = api.order(1, soon()).await.unwrap_err();
        assert!(matches!(error, ApiError::Refused { .. }), "{shape}: {error}");
        assert_eq!(simulated.exchanges().len(), 1, "{shape}");
        let says = error.to_string();
        assert!(says.contains("400"), "{shape}: {says}");
        let tells = !matches!(shape, "empty" | "html");
        assert_eq!(says.contains("This was asked for"), tells, "{shape}: {says}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_passes_is_tried_again_and_what_is_wrong_with_the_access_is_not() {
    for (fault, good) in [
        (json!({ "status": 500 }), true),
        (json!({ "status": 503, "shape": "html" }), true),
        (json!({ "no_answer": true }), true),
        (json!({ "after_milliseconds": 600_000 }), true),
        (json!({ "status": 401 }), false),
        (json!({ "status": 403 }), false),
    ] {
        let simulated = Simulated::new();
        let api = simulated.client(store());
        let id = simulated.order(1);
        simulated.does("faults", &json!([fault]));
        assert_eq!(api.order(id, late()).await.is_ok(), good, "{fault}");
        assert_eq!(simulated.exchanges().len(), 1 + usize::from(good), "{fault}");
    }
}

/// A subscription that is made twice delivers everything twice.
#[tokio::test(start_paused = true)]
async fn a_webhook_whose_answer_is_lost_is_not_made_again() {
    for carried_out in [true, false] {
        let simulated = Simulated::new();
        let api = simulated.client(store());
        simulated
            .does("faults", &json!([{ "method": "POST", "no_answer": true, "carried_out": carried_out }]));
        let wanted = shipbob_api::Subscription {
            topics: vec!["order.shipped".into(), "wro.completed".into(), "order.delivered".into()],
            url: "https://hooks.example.com/shipbob".to_owned().into(),
            description: None,
            secret: Some(format!("whsec_{}", "a".repeat(32)).into()),
        };
        let error = api.create_webhook(&wanted, soon()).await.unwrap_err();
        assert!(matches!(error, ApiError::Unknown(_)), "{error}");
        let known = api.webhooks(soon()).await.unwrap();
        assert_eq!(known.len(), usize::from(carried_out));
        assert!(known.iter().all(|one| value(one)["enabled"] == true && value(one).get("secret").is_none()));
    }
}

#[tokio::test(start_paused = true)]
async fn decimals_and_times_come_as_they_were_written() {
    let simulated = Simulated::with(Settings { invoice_amount_after_hours: 0, ..Settings::default() });
    let api = simulated.client(store());
    let mut digits = BTreeSet::new();
    for (number, amount) in
        (0..24).zip(["0.1", "6.58", "12345678901234.123456789", "0.30"].into_iter().cycle())
    {
        let id = simulated.order(number);
        let amount: Value =
            serde_json::from_str(&format!(r#"{{"parcels":[{{"invoice_amount":{amount}}}]}}"#)).unwrap();
        simulated.does(&format!("orders/{id}/ship"), &amount);
        let order = api.order(id, soon()).await.unwrap().unwrap();
        assert!(order.text().contains(r#""unit_price":12.5"#));
        let created = value(&order)["created_date"].as_str().unwrap().to_owned();
        created.parse::<jiff::Timestamp>().unwrap();
        let fraction = created.split_once('.').map_or("", |(_, rest)| rest.split(['Z', '+']).next().unwrap());
        digits.insert(fraction.len());
        tokio::time::sleep(Duration::from_millis(1000)).await;
    }
    assert_eq!(digits, (0..=7).collect());
}

/// Every filter of the lists that the ingest job reads; a name that ShipBob does not know would be lost in silence.
#[tokio::test(start_paused = true)]
async fn no_filter_is_ignored() {
    let simulated = Simulated::new();
    let api = simulated.client(store());
    let day = jiff::SignedDuration::from_hours(24);
    let window = || shipbob_api::Window::new(start() - day, start() + day);
    let orders = OrderFilter {
        inserted: window(),
        updated: window(),
        tracking_updated: window(),
        ids: vec![1, 2],
        has_tracking: Some(true),
        is_tracking_uploaded: Some(false),
    };
    let receiving = ReceivingFilter {
        ids: vec![1],
        statuses: vec!["Completed".into(), "Processing".into()],
        purchase_orders: vec!["PO-1".into()],
        inserted: window(),
        completed: window(),
        is_synced: Some(false),
    };
    let returns = ReturnFilter {
        ids: vec![1],
        original_shipments: vec![2],
        statuses: vec!["Completed"],
        inserted: window(),
        completed: window(),
    };
    let fees = TransactionFilter::charged(start() - day, start());
    let receiving = api.receiving(&receiving).unwrap();
    let fees = api.transactions(&fees).unwrap();
    for pages in [api.orders(&orders), receiving, api.returns(&returns), fees, api.inventory(&[501])] {
        pages.all(late()).await.unwrap();
    }
    api.channels(soon()).await.unwrap();
    api.webhooks(soon()).await.unwrap();
    let request = simulated_shipbob::HttpRequest::new("GET", "/_simulated/state");
    let state = simulated.shipbob().handle(&request, simulated.now());
    let state: Value = serde_json::from_slice(&state.body).unwrap();
    assert_eq!(state["ignored_parameters"], json!([]));
    assert_eq!(state["answers_by_status"], json!({ "200": 7 }));
}
