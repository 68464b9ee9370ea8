//! One call: repeated where that is allowed, throttled by its cost, over at its deadline.

use std::time::Duration;

use serde_json::{Value, json};
use shopify_admin::{AdminError, Broken, Wanted};
use tokio::time::Instant;

use crate::world::{Reply, cost, data, error, in_seconds, shop, status, throttled};

fn a_shop() -> Reply {
    data(json!({ "shop": a_shop_body() }))
}

fn a_shop_body() -> Value {
    json!({
        "id": "gid://shopify/Shop/1", "name": "Demo", "myshopifyDomain": "demo.myshopify.com",
        "currencyCode": "EUR", "ianaTimezone": "Europe/Berlin"
    })
}

fn wanted() -> Wanted {
    Wanted { topic: "orders/create".into(), uri: "https://hooks.example.com".into(), filter: None }
}

#[tokio::test(start_paused = true)]
async fn the_shop_is_read() {
    let (admin, script) = shop([a_shop()]);
    let found = admin.shop(in_seconds(10)).await.unwrap();
    assert_eq!((found.currency_code.as_str(), found.iana_timezone.as_str()), ("EUR", "Europe/Berlin"));
    assert_eq!(script.asked()[0]["operationName"], "Shop");
}

#[tokio::test(start_paused = true)]
async fn a_read_is_sent_again_after_whatever_passes() {
    let replies = [Err(Broken::TimedOut), status(503), error("INTERNAL_SERVER_ERROR"), a_shop()];
    let (admin, script) = shop(replies);
    let started = Instant::now();
    assert!(admin.shop(in_seconds(60)).await.is_ok());
    assert_eq!(script.asked().len(), 4);
    assert!((3_500..5_300).contains(&started.elapsed().as_millis()), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn it_is_given_up_after_four_tries_or_at_the_deadline() {
    let (admin, script) = shop((0..9).map(|_| Err(Broken::NoConnection)));
    assert!(matches!(admin.shop(in_seconds(60)).await, Err(AdminError::Unreachable(_))));
    assert_eq!(script.asked().len(), 4);
    let started = Instant::now();
    assert!(matches!(admin.shop(in_seconds(2)).await, Err(AdminError::Unreachable(_))));
    assert!(started.elapsed() < Duration::from_secs(2));
}

/// A change whose answer was lost may have been made: it is not sent again.
#[tokio::test(start_paused = true)]
async fn a_change_is_sent_again_only_if_it_was_certainly_not_made() {
    for lost in [Err(Broken::TimedOut), Err(Broken::BrokenOff), status(502), error("INTERNAL_SERVER_ERROR")] {
        let (admin, script) = shop([lost]);
        let result = admin.subscribe(&wanted(), in_seconds(60)).await;
        assert!(matches!(result, Err(AdminError::Unknown(_))), "{result:?}");
        assert_eq!(script.asked().len(), 1);
    }
    let made = json!({ "webhookSubscriptionCreate": { "userErrors": [], "webhookSubscription": {
        "id": "gid://shopify/WebhookSubscription/1", "topic": "ORDERS_CREATE", "uri": "https://hooks.example.com",
        "filter": null, "format": "JSON", "includeFields": []
    } } });
    let (admin, _) = shop([Err(Broken::NoConnection), throttled(10, 0), status(429), data(made)]);
    assert!(admin.subscribe(&wanted(), in_seconds(60)).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn throttled_is_waited_for_as_long_as_the_cost_lacks() {
    let (admin, script) = shop([throttled(600, 100), a_shop()]);
    let started = Instant::now();
    assert!(admin.shop(in_seconds(60)).await.is_ok());
    assert_eq!(script.asked().len(), 2);
    assert!((5_000..7_600).contains(&started.elapsed().as_millis()), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn throttled_beyond_the_deadline_says_how_long() {
    let (admin, script) = shop([throttled(600, 100)]);
    let result = admin.shop(in_seconds(3)).await;
    assert_eq!(result, Err(AdminError::Throttled { wait: Duration::from_secs(5) }));
    assert_eq!(script.asked().len(), 1);
    let (admin, script) = shop((0..20).map(|_| throttled(600, 590)));
    assert!(matches!(admin.shop(in_seconds(600)).await, Err(AdminError::Throttled { .. })));
    assert_eq!(script.asked().len(), 6, "not for ever");
}

/// The second call knows from the first answer what the bucket holds, so it waits before Shopify has to refuse it.
#[tokio::test(start_paused = true)]
async fn a_call_waits_for_the_bucket_before_it_is_sent() {
    let body = |available| {
        Ok((
            200,
            json!({ "data": { "shop": a_shop_body() }, "extensions": cost(300, available) }).to_string(),
        ))
    };
    let (admin, script) = shop([body(100), body(100)]);
    admin.shop(in_seconds(10)).await.unwrap();
    let started = Instant::now();
    admin.shop(in_seconds(10)).await.unwrap();
    assert_eq!(started.elapsed(), Duration::from_secs(2));
    assert_eq!(admin.shop(in_seconds(1)).await, Err(AdminError::Throttled { wait: Duration::from_secs(2) }));
    assert_eq!(script.asked().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_refused_for_good_is_told_without_being_shown() {
    let (admin, _) = shop([status(401)]);
    let error = admin.shop(in_seconds(10)).await.unwrap_err();
    assert!(matches!(error, AdminError::Credentials(_)), "{error}");
    assert!(!format!("{error} {error:?} {admin:?}").contains("hush"));
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_is_not_tried_again() {
    for (reply, expected) in [
        (status(404), "no such shop"),
        (status(423), "locked"),
        (error("undefinedField"), "undefinedField: words of Shopify"),
        (error("ACCESS_DENIED"), "denies access to `the whole call`"),
        (data(json!({ "shop": 7 })), "another shape"),
    ] {
        let (admin, script) = shop([reply]);
        let error = admin.shop(in_seconds(60)).await.unwrap_err();
        assert!(error.to_string().contains(expected) && !error.is_passing(), "{error}");
        assert_eq!(script.asked().len(), 1);
    }
}
