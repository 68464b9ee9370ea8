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

use crate::{
    large::{money, of_500_lines_and_60_refunds, of_lines},
    samples,
    world::in_seconds,
};

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
