//! The client against the simulated Shopify, which refuses what costs more than 1,000 points by the strictest reading.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use async_trait::async_trait;
use domain::Private;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use shopify::{Order, parse_order};
use shopify_admin::{Admin, AdminError, Broken, Credentials, HttpAnswer, InMemory, Post, Transport};
use simulated_shopify::{Answer, HttpRequest, SimulatedShopify};
use tokio::time::Instant;

use crate::{samples, world::in_seconds};

/// What happens in the shop before a request with this number arrives.
type Meanwhile = Box<dyn Fn(u64, &mut SimulatedShopify, Timestamp) + Send + Sync>;

/// The simulated Shopify without sockets; its time goes on with tokio's.
struct Simulated {
    shopify: Mutex<SimulatedShopify>,
    requests: AtomicU64,
    started: Instant,
    meanwhile: Meanwhile,
}

impl Simulated {
    fn now(&self) -> Timestamp {
        start() + SignedDuration::try_from(self.started.elapsed()).unwrap()
    }

    /// Requests so far, and the points that they cost.
    fn counted(&self) -> (u64, u64) {
        let counters = &self.shopify.lock().unwrap().state(self.now())["counters"];
        (self.requests.load(Relaxed), counters["points"].as_u64().unwrap())
    }
}

#[async_trait]
impl Transport for Simulated {
    async fn post(&self, post: Post) -> Result<HttpAnswer, Broken> {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let headers = post.headers.into_iter().map(|(name, value)| (name.to_owned(), value.into_exposed()));
        let request = HttpRequest {
            method: "POST".into(),
            path: post.url.path().to_owned(),
            headers: headers.collect(),
            body: post.body.into_exposed(),
        };
        let (number, now) = (self.requests.fetch_add(1, Relaxed) + 1, self.now());
        let mut shopify = self.shopify.lock().unwrap();
        (self.meanwhile)(number, &mut shopify, now);
        let Answer::Respond { response, .. } = shopify.handle(&request, now) else {
            panic!("no faults here")
        };
        Ok(HttpAnswer { status: response.status, retry_after: None, body: Private::new(response.body) })
    }
}

fn start() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

/// A shop with these orders, and a client of it.
fn shop(
    orders: &[Value],
    meanwhile: impl Fn(u64, &mut SimulatedShopify, Timestamp) + Send + Sync + 'static,
) -> (Admin, Arc<Simulated>) {
    let mut shopify = SimulatedShopify::default();
    for order in orders {
        shopify.put_order(order.clone(), start()).unwrap();
    }
    let access_token = Private::new(shopify.issue_permanent_token());
    let domain = shopify.credentials().shop.clone();
    let meanwhile: Meanwhile = Box::new(meanwhile);
    let simulated = Arc::new(Simulated {
        shopify: Mutex::new(shopify),
        requests: AtomicU64::default(),
        started: Instant::now(),
        meanwhile,
    });
    let shared = Arc::new(InMemory::starting(start()));
    let credentials = Credentials::AccessToken { access_token };
    (Admin::new(&domain, None, credentials, simulated.clone(), shared).unwrap(), simulated)
}

fn nothing(_: u64, _: &mut SimulatedShopify, _: Timestamp) {}

fn money(amount: &str) -> Value {
    let side = json!({ "amount": amount, "currency_code": "EUR" });
    json!({ "shop_money": side, "presentment_money": side })
}

fn rate() -> Value {
    serde_json::from_str("0.19").unwrap()
}

/// An order of so many lines of 10.00 each, with 1.60 tax in them, as its webhook would tell it.
fn of_lines(id: u64, count: u64) -> Value {
    let line = |number: u64| {
        let tax = json!({ "title": "VAT", "rate": rate(), "price": "1.60", "price_set": money("1.60"), "channel_liable": false });
        json!({
            "id": id * 100_000 + number, "sku": format!("SKU-{number}"), "title": "Mug", "name": "Mug", "vendor": "Demo",
            "quantity": 1, "current_quantity": 1, "price": "10.00", "price_set": money("10.00"),
            "total_discount": "0.00", "product_id": 7, "variant_id": 8, "taxable": true, "requires_shipping": true,
            "gift_card": false, "properties": [], "duties": [], "discount_allocations": [], "tax_lines": [tax],
        })
    };
    let (goods, tax) = (format!("{}.00", count * 10), format!("{}.{}0", count * 16 / 10, count * 16 % 10));
    let mut order: Value =
        serde_json::from_slice(&testkit::sample("shopify-orders-create-two-lines.json")).unwrap();
    let times = json!("2026-11-22T09:00:00+00:00");
    for (key, value) in [
        ("id", json!(id)),
        ("admin_graphql_api_id", json!(format!("gid://shopify/Order/{id}"))),
        ("name", json!(format!("#{id}"))),
        ("line_items", (0..count).map(line).collect()),
        ("shipping_lines", json!([])),
        ("discount_applications", json!([])),
        ("discount_codes", json!([])),
        ("refunds", json!([])),
        ("taxes_included", json!(true)),
        ("created_at", times.clone()),
        ("updated_at", times.clone()),
        ("processed_at", times),
    ] {
        order[key] = value;
    }
    order["tax_lines"] = json!([{ "title": "VAT", "rate": rate(), "price": tax, "price_set": money(&tax), "channel_liable": false }]);
    for (total, amount) in [
        ("total_line_items_price", goods.as_str()),
        ("subtotal_price", &goods),
        ("total_price", &goods),
        ("total_tax", &tax),
        ("total_discounts", "0.00"),
        ("total_shipping_price", "0.00"),
        ("current_subtotal_price", &goods),
        ("current_total_price", &goods),
        ("current_total_tax", &tax),
        ("current_total_discounts", "0.00"),
        ("current_shipping_price", "0.00"),
    ] {
        order[total] = json!(amount);
        order[format!("{total}_set")] = money(amount);
    }
    order
}

/// A refund of so many lines, each of its pieces given back one by one.
fn refund(order: &Value, id: u64, lines: u64) -> Value {
    let order_lines = order["line_items"].as_array().unwrap();
    let refunded = |number: u64| {
        let place = usize::try_from(number).unwrap() % order_lines.len();
        json!({
            "id": id * 1_000 + number, "line_item_id": order_lines[place]["id"], "quantity": 1,
            "restock_type": "return", "location_id": 5,
            "subtotal": 10.25, "subtotal_set": money("10.25"), "total_tax": 1.64, "total_tax_set": money("1.64"),
        })
    };
    let adjustment = |number: u64| {
        json!({
            "id": id * 1_000 + number, "order_id": order["id"], "kind": "refund_discrepancy",
            "reason": "refund_discrepancy", "amount": "-1.00", "amount_set": money("-1.00"), "tax_amount": "0.00",
            "tax_amount_set": money("0.00"),
        })
    };
    let shipping = |number: u64| json!({ "id": id * 1_000 + number, "subtotal_amount_set": money("1.00") });
    let transaction = |number: u64| {
        json!({
            "id": id * 1_000 + number, "order_id": order["id"], "kind": "refund", "status": "success",
            "gateway": "bogus", "test": false, "amount": "5.00", "currency": "EUR",
            "created_at": "2026-11-22T09:30:00+00:00", "processed_at": "2026-11-22T09:30:00+00:00",
        })
    };
    // Each list of a refund is longer than a first page for some refunds, and than a further one for the largest.
    let few = |most: u64| id % (most + 1);
    json!({
        "id": id, "admin_graphql_api_id": format!("gid://shopify/Refund/{id}"), "order_id": order["id"],
        "note": "damaged", "created_at": "2026-11-22T09:30:00+00:00", "processed_at": "2026-11-22T09:30:00+00:00",
        "refund_line_items": (0..lines).map(refunded).collect::<Vec<_>>(),
        "refund_shipping_lines": (0..few(2)).map(shipping).collect::<Vec<_>>(),
        "order_adjustments": (0..few(3)).map(adjustment).collect::<Vec<_>>(),
        "transactions": (0..1 + few(4)).map(transaction).collect::<Vec<_>>(),
    })
}

/// An order that is longer than a page in every list it has.
fn of_500_lines_and_60_refunds() -> Value {
    let mut order = of_lines(1, 500);
    let refunds = (1..=60).map(|id| refund(&order, id, if id % 20 == 0 { 200 } else { id % 9 }));
    order["refunds"] = refunds.collect::<Vec<_>>().into();
    let code = |number: u64| {
        json!({
            "type": "manual", "title": format!("Part {number}"), "value": "0.0", "value_type": "fixed_amount",
            "allocation_method": "across", "target_selection": "all", "target_type": "line_item",
        })
    };
    order["discount_applications"] = (0..7).map(code).collect::<Vec<_>>().into();
    let shipping = |number: u64| {
        json!({
            "id": number, "title": "Parcel", "code": "parcel", "source": "shopify", "price": "0.00", "price_set": money("0.00"),
            "discounted_price": "0.00", "discounted_price_set": money("0.00"), "is_removed": number % 2 == 0,
            "discount_allocations": [], "tax_lines": [],
        })
    };
    order["shipping_lines"] = (1..=60).map(shipping).collect::<Vec<_>>().into();
    let schedule = |number: u64| {
        json!({
            "id": number, "amount": "1000.00", "currency": "EUR", "issued_at": "2026-11-22T09:00:00+00:00",
            "due_at": format!("2027-0{number}-01T09:00:00+00:00"), "completed_at": null,
        })
    };
    order["payment_terms"] = json!({
        "id": 5, "payment_terms_name": "Instalments", "payment_terms_type": "fixed", "due_in_days": null,
        "payment_schedules": (1..=5).map(schedule).collect::<Vec<_>>(),
    });
    order
}

fn delivered(order: &Value) -> Order {
    parse_order(order.to_string().as_bytes()).unwrap()
}

/// Without what the Admin API does not tell of an order beyond what other tests name.
fn told(order: Order) -> Order {
    let mut order = samples::told(order);
    for refund in &mut order.refunds {
        for adjustment in &mut refund.order_adjustments {
            adjustment.kind = None;
        }
    }
    order
}

async fn fetched(admin: &Admin, id: u64) -> Order {
    let document = admin.order(id, in_seconds(7_200)).await.unwrap().unwrap();
    parse_order(document.body.expose()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_order_of_500_lines_and_60_refunds_is_fetched_whole() {
    let rest = of_500_lines_and_60_refunds();
    let (admin, simulated) = shop(std::slice::from_ref(&rest), nothing);
    let fetched = told(fetched(&admin, 1).await);
    let delivered = told(delivered(&rest));
    assert_eq!((fetched.line_items.len(), fetched.refunds.len()), (500, 60));
    assert_eq!(fetched.mismatches(), []);
    for (fetched, delivered) in fetched.refunds.iter().zip(&delivered.refunds) {
        assert_eq!(fetched, delivered);
    }
    assert!(fetched == delivered, "something beside the refunds differs");
    let (requests, points) = simulated.counted();
    println!("500 lines and 60 refunds: {requests} requests, {points} points");
}

#[tokio::test(start_paused = true)]
async fn several_large_orders_are_fetched_whole_together() {
    let orders: Vec<_> = (1..=4).map(|id| of_lines(id, 3 + id * 10)).collect();
    let (admin, _) = shop(&orders, nothing);
    let documents = admin.orders(&[4, 3, 9, 2, 1], in_seconds(7_200)).await.unwrap();
    assert_eq!(documents.iter().map(|document| document.id).collect::<Vec<_>>(), [4, 3, 2, 1]);
    for (document, rest) in documents.iter().rev().zip(&orders) {
        assert_eq!(told(parse_order(document.body.expose()).unwrap()), told(delivered(rest)));
    }
}

/// Refunds a piece of the first order's line with this place.
fn give_back(place: u64, shopify: &mut SimulatedShopify, now: Timestamp) {
    let line = simulated_shopify::RefundLine { line_item_id: 100_000 + place, quantity: 1 };
    shopify.refund_order(1, &[line], now).unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_order_that_changes_between_its_pages_is_begun_anew() {
    // Its head is the first request, its lines the next three, its refund, if it has one by then, the fifth.
    for changes_before in [2, 3, 4] {
        let (admin, simulated) = shop(&[of_lines(1, 100)], move |number, shopify, now| {
            if number == changes_before {
                give_back(99, shopify, now);
            }
        });
        let fetched = fetched(&admin, 1).await;
        let now = delivered(simulated.shopify.lock().unwrap().order(1).unwrap());
        assert_eq!(fetched.updated_at.map(|time| time.at), now.updated_at.map(|time| time.at));
        assert_eq!(fetched.line_items[99].current_quantity, Some(0));
        assert_eq!(fetched.refunds.len(), 1, "{changes_before}");
        assert_eq!(simulated.counted().0, changes_before + 5, "what was begun, four pages, and the refund");
    }
}

#[tokio::test(start_paused = true)]
async fn an_order_among_others_that_changes_is_begun_anew_alone() {
    let orders = [of_lines(1, 20), of_lines(2, 2)];
    let (admin, simulated) = shop(&orders, |number, shopify, now| {
        if number == 2 {
            give_back(3, shopify, now);
        }
    });
    let documents = admin.orders(&[1, 2], in_seconds(600)).await.unwrap();
    let parsed: Vec<_> =
        documents.iter().map(|document| parse_order(document.body.expose()).unwrap()).collect();
    assert_eq!(parsed[0].refunds.len(), 1);
    assert_eq!(parsed[0].line_items[3].current_quantity, Some(0));
    assert_eq!(parsed[1].line_items.len(), 2);
    assert_eq!(simulated.counted().0, 4, "both, a page that changed, the order alone, its refund");
}

#[tokio::test(start_paused = true)]
async fn an_order_that_never_rests_is_given_up_for_now() {
    // Orders are dated to the second.
    let later = |now, number: u64| now + SignedDuration::from_secs(number.cast_signed());
    let restless = move |number, shopify: &mut _, now| give_back(number, shopify, later(now, number));
    let (admin, simulated) = shop(&[of_lines(1, 100)], restless);
    let error = admin.order(1, in_seconds(600)).await.unwrap_err();
    assert!(matches!(&error, AdminError::Unreachable(why) if why.contains("kept changing")), "{error}");
    assert_eq!(simulated.counted().0, 6, "three beginnings, and a page after each");
}

#[tokio::test(start_paused = true)]
async fn the_pages_end_at_the_deadline() {
    let (admin, _) = shop(&[of_lines(1, 500)], nothing);
    let started = Instant::now();
    let error = admin.order(1, in_seconds(20)).await.unwrap_err();
    assert!(error.is_passing(), "{error}");
    assert!(started.elapsed() <= Duration::from_secs(20));
}

/// An edited order tells its totals as ordered: the lines that came later are not in them.
#[tokio::test(start_paused = true)]
async fn an_edited_order_is_fetched_as_it_is_delivered() {
    let (admin, simulated) = shop(&[of_lines(1, 3)], nothing);
    let edited = {
        let mut shopify = simulated.shopify.lock().unwrap();
        let mut lines = shopify.order(1).unwrap()["line_items"].clone();
        let mut added = lines[0].clone();
        added["id"] = json!(100_007);
        lines.as_array_mut().unwrap().push(added);
        let now = start() + SignedDuration::from_secs(1);
        let totals = json!({
            "line_items": lines, "current_total_price": "40.00", "current_total_price_set": money("40.00"),
            "current_subtotal_price": "40.00", "current_subtotal_price_set": money("40.00"),
            "current_total_tax": "6.40", "current_total_tax_set": money("6.40"),
        });
        shopify.edit_order(1, totals, now).unwrap();
        shopify.order(1).unwrap().clone()
    };
    let (fetched, delivered) = (fetched(&admin, 1).await, delivered(&edited));
    assert_eq!(fetched.total_line_items_price.as_ref().unwrap().as_str(), "30.00");
    assert_eq!((fetched.mismatches(), delivered.mismatches()), (vec![], vec![]));
    assert_eq!(told(fetched), told(delivered));
}

/// What is promised of the usual: one request an order, and three orders a request.
#[tokio::test(start_paused = true)]
async fn usual_orders_need_few_requests() {
    let orders: Vec<_> = (1..=10).map(|id| of_lines(id, 5)).collect();
    let (admin, simulated) = shop(&orders, nothing);
    fetched(&admin, 1).await;
    let alone = simulated.counted();
    let ids: Vec<_> = (1..=10).collect();
    let started = Instant::now();
    assert_eq!(admin.orders(&ids, in_seconds(600)).await.unwrap().len(), 10);
    let (requests, points) = simulated.counted();
    let (requests, points, seconds) = (requests - alone.0, points - alone.1, started.elapsed().as_secs());
    println!("one order of 5 lines: {alone:?}; ten: {requests} requests, {points} points, {seconds} s");
    assert_eq!((alone.0, requests), (1, 4));
    assert!(alone.1 < 250 && points < 2_500, "{} and {points}", alone.1);
}
