//! The way through the ION API Gateway, against the simulated CloudSuite over HTTPS.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

mod clerk;
mod doubt;
mod world;

use std::{sync::Arc, time::Instant};

use cloudsuite::{
    CallError, Company, ProductLine, Standing, Wanted,
    ion::{AllowedHosts, Gateway, Grant, Https, InMemory, IonApi, Limits},
    m3::{M3, Options},
};
use jiff::Timestamp;
use serde_json::Value;
use simulated_cloudsuite::{Effect, Fault, MasterData, Running, SimulatedCloudSuite, serve_anywhere};

async fn simulated() -> Running {
    serve_anywhere(SimulatedCloudSuite::new(MasterData::demo())).await.unwrap()
}

fn ion(running: &Running, change: impl Fn(&mut Value)) -> IonApi {
    let mut file: Value = serde_json::from_str(running.ionapi_json()).unwrap();
    change(&mut file);
    let allowed = AllowedHosts::new(["localhost".to_owned(), "127.0.0.1".to_owned()]);
    IonApi::parse(&file.to_string(), &allowed).unwrap()
}

fn m3(ion: IonApi, certificate_authority: Option<&str>) -> M3 {
    let transport = Arc::new(Https::new(certificate_authority).unwrap());
    let shared = Arc::new(InMemory::starting(Timestamp::now()));
    M3::new(Gateway::new(ion, transport, shared, Limits::default()), Options::default())
}

fn company() -> Company {
    Company { number: 100, division: String::new() }
}

fn wanted(item: &str) -> Wanted {
    Wanted { items: [("100".to_owned(), item.to_owned())].into(), ..Wanted::default() }
}

fn count(running: &Running, name: &str) -> u64 {
    running.simulator().state()["counters"][name].as_u64().unwrap()
}

/// Secrets hold `+`, `%`, `~` and `#`, which a form or a header that is not encoded would change.
#[tokio::test]
async fn both_grants_get_a_token() {
    for without_service_account in [false, true] {
        let running = simulated().await;
        let ion = ion(&running, |file| {
            if without_service_account {
                file.as_object_mut().unwrap().retain(|key, _| key != "saak" && key != "sask");
            }
        });
        assert_eq!(ion.grant == Grant::ClientCredentials, without_service_account);
        let m3 = m3(ion, Some(running.ca_pem()));
        let known = m3.look_up(&company(), &wanted("MUG-BLUE-12")).await.unwrap();
        assert_eq!(known.items.values().collect::<Vec<_>>(), [&Standing::Usable]);
    }
}

/// Some tenants allow 100 tokens a day: calls at the same time must share one.
#[tokio::test]
async fn calls_at_the_same_time_ask_for_one_token() {
    let running = simulated().await;
    let m3 = m3(ion(&running, |_| ()), Some(running.ca_pem()));
    let (first, second, third) = (wanted("MUG-BLUE-12"), wanted("CAP-RED"), wanted("SOCK-42"));
    let company = company();
    let looked_up = tokio::join!(
        m3.look_up(&company, &first),
        m3.look_up(&company, &second),
        m3.look_up(&company, &third)
    );
    assert!(looked_up.0.is_ok() && looked_up.1.is_ok() && looked_up.2.is_ok());
    assert_eq!(count(&running, "token_requests"), 1);
}

/// A gateway that refuses every token must not make the client ask for ever new ones.
#[tokio::test]
async fn a_token_is_dropped_once_and_not_again() {
    let running = simulated().await;
    let m3 = m3(ion(&running, |_| ()), Some(running.ca_pem()));
    running.simulator().add_fault(Fault::once(Effect::Status { status: 401, retry_after: None }).times(9));
    let error = m3.look_up(&company(), &wanted("CAP-RED")).await.unwrap_err();
    assert!(matches!(error, CallError::Credentials(_)), "{error}");
    assert_eq!((count(&running, "token_requests"), count(&running, "gateway_requests")), (2, 2));
}

#[tokio::test]
async fn a_gateway_with_an_unknown_certificate_is_not_talked_to() {
    let running = simulated().await;
    let m3 = m3(ion(&running, |_| ()), None);
    let error = m3.look_up(&company(), &wanted("CAP-RED")).await.unwrap_err();
    assert!(matches!(error, CallError::NotSent(_)), "{error}");
    assert_eq!(count(&running, "token_requests"), 0);
}

#[tokio::test]
async fn an_authority_that_is_no_certificate_is_told() {
    let damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for pem in ["", "not PEM", damaged] {
        let error = CallError::from(Https::new(Some(pem)).unwrap_err());
        assert!(
            matches!(&error, CallError::Refused(why) if why.contains("certificate_authority")),
            "{error}"
        );
    }
}

/// A 429 was not processed: the next request waits for as long as the gateway says, at most three times.
#[tokio::test]
async fn a_short_pause_of_the_gateway_is_waited_out_by_the_gate() {
    let running = simulated().await;
    let m3 = m3(ion(&running, |_| ()), Some(running.ca_pem()));
    running.simulator().add_fault(Fault::once(Effect::Status { status: 429, retry_after: Some(2) }));
    let started = Instant::now();
    m3.look_up(&company(), &wanted("CAP-RED")).await.unwrap();
    assert!((2..4).contains(&started.elapsed().as_secs()), "{:?}", started.elapsed());
    assert_eq!(count(&running, "gateway_requests"), 3, "one of them again");
    running.simulator().add_fault(Fault::once(Effect::Status { status: 429, retry_after: Some(0) }).times(9));
    let error = m3.look_up(&company(), &wanted("SOCK-42")).await.unwrap_err();
    assert!(matches!(error, CallError::Throttled { .. }), "{error}");
    assert_eq!(count(&running, "gateway_requests"), 6);
}

#[tokio::test]
async fn a_long_pause_of_the_gateway_is_not_waited_out() {
    let running = simulated().await;
    let m3 = m3(ion(&running, |_| ()), Some(running.ca_pem()));
    running.simulator().add_fault(Fault::once(Effect::Status { status: 429, retry_after: Some(60) }));
    for _ in 0..2 {
        let error = m3.look_up(&company(), &wanted("CAP-RED")).await.unwrap_err();
        assert!(matches!(error, CallError::Throttled { after: Some(_) }), "{error}");
        assert!((55..=60).contains(&error.wait().as_secs()), "{:?}", error.wait());
    }
    assert_eq!(count(&running, "gateway_requests"), 1, "the second was not sent");
}

/// A redirect could lead a request with credentials elsewhere: it is an answer, not an order.
#[tokio::test]
async fn a_redirect_is_not_followed() {
    let running = simulated().await;
    let m3 = m3(ion(&running, |_| ()), Some(running.ca_pem()));
    running.simulator().add_fault(Fault::once(Effect::Status { status: 307, retry_after: None }));
    let error = m3.look_up(&company(), &wanted("CAP-RED")).await.unwrap_err();
    assert!(matches!(&error, CallError::Refused(why) if why.contains("307")), "{error}");
}

#[tokio::test]
async fn what_was_found_usable_is_not_asked_for_again_and_what_was_not_is() {
    let running = simulated().await;
    let m3 = m3(ion(&running, |_| ()), Some(running.ca_pem()));
    for _ in 0..2 {
        m3.look_up(&company(), &wanted("CAP-RED")).await.unwrap();
    }
    assert_eq!(count(&running, "gateway_requests"), 2, "the item, then the item in the warehouse");
    let stands =
        async || m3.look_up(&company(), &wanted("GHOST-SKU")).await.unwrap().items.into_values().next();
    assert_eq!(stands().await, Some(Standing::Unknown));
    running.simulator().add_item("GHOST-SKU");
    assert_eq!(stands().await, Some(Standing::Usable));
}
