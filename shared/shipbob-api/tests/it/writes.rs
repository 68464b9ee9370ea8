//! What is changed, and what becomes of a lost answer.

use domain::Private;
use remote::Broken;
use shipbob_api::{ApiError, Subscription};

use crate::world::{says, shipbob, soon, texts};

fn subscription() -> Subscription {
    Subscription {
        topics: vec!["order.shipped".into(), "order.delivered".into()],
        url: Private::new("https://hooks.example.com/webhooks/shipbob/demo".into()),
        description: None,
        secret: Some(Private::new(format!("whsec_{}", "a+/Z".repeat(8)))),
    }
}

#[tokio::test(start_paused = true)]
async fn a_webhook_is_made_once_and_its_secret_comes_back() {
    let (api, script) = shipbob([says(201, r#"{"id":"7","secret":"whsec_hush"}"#)]);
    let made = api.create_webhook(&subscription(), soon()).await.unwrap();
    assert_eq!(made.text(), r#"{"id":"7","secret":"whsec_hush"}"#);
    assert!(!format!("{made:?} {:?}", subscription()).contains("whsec_"));
    assert_eq!(script.asked(), ["POST /2026-07/webhook"]);
    let body: serde_json::Value = serde_json::from_slice(script.requests()[0].body.expose()).unwrap();
    assert_eq!(body["topics"], serde_json::json!(["order.shipped", "order.delivered"]));
    assert!(body.get("description").is_none() && body["secret"].is_string());
}

#[tokio::test(start_paused = true)]
async fn a_webhook_whose_answer_is_lost_is_not_made_again() {
    for lost in [says(500, ""), says(504, ""), Err(Broken::TimedOut), Err(Broken::BrokenOff)] {
        let (api, script) = shipbob([lost, says(201, "{}")]);
        let error = api.create_webhook(&subscription(), soon()).await.unwrap_err();
        assert!(matches!(error, ApiError::Unknown(_)), "{error}");
        assert_eq!(script.asked().len(), 1);
    }
    let (api, script) = shipbob([Err(Broken::NoConnection), says(201, "{}")]);
    assert!(api.create_webhook(&subscription(), soon()).await.is_ok(), "nothing was sent the first time");
    assert_eq!(script.asked().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_shipbob_would_refuse_is_not_sent() {
    let (api, script) = shipbob([]);
    let with_secret =
        |secret: &str| Subscription { secret: Some(Private::new(secret.to_owned())), ..subscription() };
    let faulty = [
        Subscription { topics: vec![], ..subscription() },
        Subscription { url: Private::new("http://hooks.example.com".into()), ..subscription() },
        with_secret("hush"),
        with_secret("whsec_"),
        with_secret(&format!("whsec_{}=", "a".repeat(31))),
    ];
    for faulty in faulty {
        let error = api.create_webhook(&faulty, soon()).await.unwrap_err();
        assert!(matches!(error, ApiError::Refused { .. }) && !error.to_string().contains("hush"), "{error}");
    }
    assert!(script.asked().is_empty());
    let (api, _) = shipbob([says(422, r#"{"Topics":["'wro.created' is no topic"]}"#)]);
    let error = api.create_webhook(&subscription(), soon()).await.unwrap_err().to_string();
    assert!(error.contains("'wro.created' is no topic"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn what_is_there_already_is_told_apart() {
    let (api, _) = shipbob([says(422, r#"{"":["Webhook already exists"]}"#)]);
    let error = api.create_webhook(&subscription(), soon()).await.unwrap_err();
    assert!(matches!(error, ApiError::Duplicate(_)), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_webhook_is_ended_and_listed() {
    let (api, script) = shipbob([
        says(200, r#"{"items":[{"id":"7","enabled":false}],"next":null}"#),
        Err(Broken::TimedOut),
        says(404, ""),
        says(204, ""),
    ]);
    assert_eq!(texts(&api.webhooks(soon()).await.unwrap()), [r#"{"id":"7","enabled":false}"#]);
    assert_eq!(api.delete_webhook("a/7", soon()).await, Ok(false), "the first try did it");
    assert_eq!(api.delete_webhook("8", soon()).await, Ok(true));
    assert_eq!(script.asked()[0], "GET /2026-07/webhook?RecordsPerPage=250");
    assert_eq!(script.asked()[2..], ["DELETE /2026-07/webhook/a%2F7", "DELETE /2026-07/webhook/8"]);
}

#[tokio::test(start_paused = true)]
async fn marks_go_in_parts_and_may_be_repeated() {
    let done = || says(200, r#"{"results":[{"id":1,"is_success":true}]}"#);
    let (api, script) = shipbob([done(), Err(Broken::TimedOut), done()]);
    let ids: Vec<u64> = (1..=300).collect();
    let said = api.set_external_sync(&ids, true, soon()).await.unwrap();
    assert_eq!(said.len(), 2);
    assert_eq!(script.asked(), ["POST /2026-01/receiving:setExternalSync"; 3]);
    let body: serde_json::Value = serde_json::from_slice(script.requests()[2].body.expose()).unwrap();
    assert_eq!((body["ids"].as_array().unwrap().len(), &body["is_external_sync"]), (50, &true.into()));
    let (api, script) = shipbob([says(200, r#"{"results":[]}"#)]);
    api.set_tracking_uploaded(&[9], false, soon()).await.unwrap();
    assert_eq!(script.asked(), ["POST /2026-01/shipment:batchUpdateTrackingUpload"]);
    let body = String::from_utf8(script.requests()[0].body.expose().clone()).unwrap();
    assert_eq!(body, r#"{"is_tracking_uploaded":false,"shipment_ids":[9]}"#);
}
