//! Calls that go wrong, and what is made of it.

use std::time::Duration;

use remote::Broken;
use shipbob_api::{ApiError, TransactionFilter};
use tokio::time::Instant;

use crate::world::{Reply, at, says, shipbob, soon, texts, with};

#[tokio::test(start_paused = true)]
async fn a_call_carries_the_token_the_channel_and_nothing_without_need() {
    let (api, script) = shipbob([says(200, r#"{"id":5}"#)]);
    assert_eq!(api.order(5, soon()).await.unwrap().unwrap().text(), r#"{"id":5}"#);
    let request = script.requests().remove(0);
    let headers: Vec<_> =
        request.headers.iter().map(|(name, value)| (*name, value.expose().as_str())).collect();
    let expected =
        [("authorization", "Bearer pat-hush"), ("accept", "application/json"), ("shipbob_channel_id", "17")];
    assert_eq!(headers, expected);
    assert_eq!(request.url.as_str(), "https://api.shipbob.com/2026-01/order/5");
}

#[tokio::test(start_paused = true)]
async fn what_is_not_there_is_none() {
    let (api, _) = shipbob([says(404, r#"{"title":"Not Found"}"#), says(404, ""), says(200, "null")]);
    assert!(api.shipment(1, soon()).await.unwrap().is_none());
    assert!(api.boxes(1, soon()).await.unwrap().is_none());
    assert!(texts(&api.shipments(1, soon()).await.unwrap().unwrap()).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_read_is_sent_again_after_what_passes() {
    for lost in
        [says(500, ""), says(503, ""), says(504, ""), Err(Broken::TimedOut), Err(Broken::NoConnection)]
    {
        let (api, script) = shipbob([lost, says(200, r#"{"id":5}"#)]);
        assert!(api.order(5, soon()).await.unwrap().is_some());
        assert_eq!(script.asked().len(), 2);
    }
    let (api, script) = shipbob((0..9).map(|_| says(500, r#"{"stack_trace":"hush"}"#)));
    let error = api.order(5, soon()).await.unwrap_err();
    assert_eq!(error, ApiError::Unreachable("HTTP 500 to an order".into()));
    assert_eq!(script.asked().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn what_lasts_is_not_sent_again() {
    for (status, body) in [(400, r#"{"IDs":["is wrong"]}"#), (401, ""), (403, ""), (422, ""), (302, "")] {
        let (api, script) = shipbob((0..3).map(|_| says(status, body)));
        let error = api.order(5, soon()).await.unwrap_err();
        assert!(!error.is_passing(), "{error}");
        assert_eq!(script.asked().len(), 1, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_older_than_its_scope_is_told() {
    let (api, _) = shipbob([says(403, "")]);
    let filter = TransactionFilter::charged(at("2026-11-01T00:00:00Z"), at("2026-11-08T00:00:00Z"));
    let error = api.transactions(&filter).unwrap().all(soon()).await.unwrap_err().to_string();
    assert!(error.contains("billing_read") && error.contains("made anew by the root user"), "{error}");
    let (api, _) = shipbob([says(403, "")]);
    let error = api.order(5, soon()).await.unwrap_err().to_string();
    assert!(error.contains("scope") && !error.contains("billing_read"), "{error}");
}

fn throttled(seconds: &'static str) -> Reply {
    with(429, "x-retry-after", seconds, r#"{"statusCode":429,"message":"Rate limit is exceeded."}"#)
}

#[tokio::test(start_paused = true)]
async fn a_short_pause_is_waited_out_and_a_long_one_is_told() {
    let (api, script) = shipbob([throttled("4"), says(200, r#"{"id":5}"#)]);
    let started = Instant::now();
    assert!(api.order(5, soon()).await.is_ok());
    assert_eq!((started.elapsed().as_secs(), script.asked().len()), (4, 2));
    let (api, script) = shipbob([throttled("25"), says(200, "{}")]);
    let started = Instant::now();
    for _ in 0..2 {
        let error = api.order(5, soon()).await.unwrap_err();
        assert!(
            matches!(error, ApiError::Throttled { wait } if (24..26).contains(&wait.as_secs())),
            "{error}"
        );
        assert!(["in 25 s", "in 26 s"].iter().any(|told| error.to_string().ends_with(told)), "{error}");
    }
    assert_eq!((started.elapsed(), script.asked().len()), (Duration::ZERO, 1), "the second was not sent");
}

#[tokio::test(start_paused = true)]
async fn the_last_call_of_a_minute_lets_the_next_one_wait() {
    let (api, _) = shipbob([with(200, "x-remaining-calls", "0", r#"{"id":5}"#), says(200, r#"{"id":6}"#)]);
    api.order(5, soon()).await.unwrap();
    let started = Instant::now();
    api.order(6, soon()).await.unwrap();
    assert_eq!(started.elapsed().as_secs(), 1);
}

#[tokio::test(start_paused = true)]
async fn nothing_lasts_longer_than_its_deadline() {
    let (api, script) = shipbob((0..9).map(|_| says(503, "")));
    let started = Instant::now();
    assert!(api.order(5, started + Duration::from_millis(400)).await.is_err());
    assert!(started.elapsed() < Duration::from_millis(400));
    let (api, _) = shipbob([throttled("4")]);
    let error = api.order(5, Instant::now() + Duration::from_secs(2)).await.unwrap_err();
    assert!(matches!(error, ApiError::Throttled { wait } if wait.as_secs() == 4), "{error}");
    assert!(matches!(api.order(5, Instant::now()).await, Err(ApiError::Throttled { .. })));
    assert_eq!(script.asked().len(), 1);
    let (api, script) = shipbob([says(200, "{}")]);
    assert!(matches!(api.order(5, Instant::now()).await, Err(ApiError::Unreachable(_))));
    assert!(script.asked().is_empty());
}

#[tokio::test(start_paused = true)]
async fn nobody_and_no_secret_stands_in_errors_and_debug() {
    let hush = r#"{"message":"jon.snow@example.com has pat-hush-pat-hush-pat-hush-pat-hush-pat-hush","errors":["5551234567"],"stack_trace":"hush"}"#;
    for status in [400, 401, 403, 409, 422, 429, 500] {
        let (api, _) = shipbob((0..9).map(|_| says(status, hush)));
        let error = api.order(5, soon()).await.unwrap_err();
        let text = format!("{error} {error:?} {api:?} {}", error.finding());
        for secret in ["jon", "hush", "555"] {
            assert!(!text.contains(secret), "{status}: {text}");
        }
    }
    let (api, _) = shipbob([says(200, r#"{"recipient":"Jon Snow"}"#)]);
    let order = api.order(5, soon()).await.unwrap().unwrap();
    assert!(!format!("{order:?}").contains("Snow"));
}
