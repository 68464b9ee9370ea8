//! A refresh token that is replaced with each use, and several instances that have it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use domain::Private;
use remote::{Broken, HttpAnswer, InMemory, Request, Shared, Stored, SwapError, Transport};
use reqwest::Url;
use shipbob_api::{ApiError, LIMITS, ShipBob};

use crate::world::{access, soon, store};

/// ShipBob's two hosts: one gives tokens, each refresh token once; the other knows the newest access token only.
struct Hosts {
    tokens: Mutex<(u32, String)>,
    asked: Mutex<Vec<Url>>,
}

impl Hosts {
    fn new() -> Arc<Self> {
        Arc::new(Self { tokens: Mutex::new((0, "refresh-0".into())), asked: Mutex::default() })
    }

    fn refreshed(&self) -> u32 {
        self.tokens.lock().unwrap().0
    }
}

fn answer(status: u16, body: String) -> Result<HttpAnswer, Broken> {
    Ok(HttpAnswer { status, headers: Vec::new(), body: Private::new(body.into_bytes()) })
}

#[async_trait]
impl Transport for Hosts {
    async fn send(&self, request: Request) -> Result<HttpAnswer, Broken> {
        self.asked.lock().unwrap().push(request.url.clone());
        tokio::time::sleep(Duration::from_millis(200)).await;
        let mut tokens = self.tokens.lock().unwrap();
        if request.url.as_str() != "https://auth.shipbob.com/connect/token" {
            let header = request.headers.iter().find(|(name, _)| *name == "authorization").unwrap();
            let is_good = *header.1.expose() == format!("Bearer access-{}", tokens.0);
            return if is_good { answer(200, "{}".into()) } else { answer(401, String::new()) };
        }
        let form: BTreeMap<String, String> =
            reqwest::Url::parse(&format!("http://x/?{}", String::from_utf8_lossy(request.body.expose())))
                .unwrap()
                .query_pairs()
                .into_owned()
                .collect();
        assert_eq!((form["client_id"].as_str(), form["grant_type"].as_str()), ("app", "refresh_token"));
        if form["refresh_token"] != tokens.1 {
            return answer(400, r#"{"error":"invalid_grant"}"#.into());
        }
        let number = tokens.0 + 1;
        *tokens = (number, format!("refresh-{number}"));
        answer(
            200,
            format!(
                r#"{{"access_token":"access-{number}","expires_in":3600,"refresh_token":"refresh-{number}"}}"#
            ),
        )
    }
}

fn instance(hosts: &Arc<Hosts>, shared: Arc<dyn Shared>) -> ShipBob {
    let secret = r#"{"kind":"oauth","client_id":"app","client_secret":"hush","refresh_token":"refresh-0"}"#;
    ShipBob::new(access(secret), hosts.clone(), shared, LIMITS).unwrap()
}

#[tokio::test(start_paused = true)]
async fn one_of_several_instances_refreshes_and_all_go_on_with_it() {
    let (hosts, shared) = (Hosts::new(), store());
    let all: Vec<_> = (0..4).map(|_| instance(&hosts, shared.clone())).collect();
    let calls = tokio::join!(all[0].order(1, soon()), all[1].order(1, soon()), all[2].order(1, soon()));
    assert!(calls.0.is_ok() && calls.1.is_ok() && calls.2.is_ok());
    assert_eq!(hosts.refreshed(), 1);
    // A day of calls: an access token lives an hour and is replaced five minutes before it is no longer used.
    for _ in 0..288 {
        tokio::time::sleep(Duration::from_secs(300)).await;
        for api in &all {
            api.order(1, soon()).await.unwrap();
        }
    }
    assert!((24..=29).contains(&hosts.refreshed()), "{}", hosts.refreshed());
}

#[tokio::test(start_paused = true)]
async fn a_refused_access_token_is_replaced_once_and_the_call_goes_on() {
    let (hosts, shared) = (Hosts::new(), store());
    let api = instance(&hosts, shared.clone());
    api.order(1, soon()).await.unwrap();
    // Somebody used the refresh token elsewhere: the access token is no longer the newest.
    hosts.tokens.lock().unwrap().0 += 1;
    api.order(1, soon()).await.unwrap();
    assert_eq!(hosts.refreshed(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_refresh_token_that_is_spent_asks_for_the_merchant() {
    let (hosts, shared) = (Hosts::new(), store());
    hosts.tokens.lock().unwrap().1 = "another".into();
    for _ in 0..3 {
        let error = instance(&hosts, shared.clone()).order(1, soon()).await.unwrap_err();
        assert!(matches!(error, ApiError::Reauthorise(_)), "{error}");
        let text = error.to_string();
        assert!(text.contains("authorise the app again") && !text.contains("refresh-0"), "{text}");
    }
    assert_eq!(hosts.asked.lock().unwrap().len(), 1, "it is not tried by everybody");
}

/// A place that does not answer for a moment, just when the new tokens are to be stored.
struct Hiccup(Arc<InMemory>, Mutex<u32>);

#[async_trait]
impl Shared for Hiccup {
    fn now(&self) -> jiff::Timestamp {
        self.0.now()
    }

    async fn read(&self, name: &str) -> Result<Option<Stored>, String> {
        self.0.read(name).await
    }

    async fn swap(&self, name: &str, before: u64, value: String) -> Result<u64, SwapError> {
        if name == "tokens" {
            let mut swaps = self.1.lock().unwrap();
            *swaps += 1;
            if (2..=3).contains(&*swaps) {
                return Err(SwapError::Unavailable("down".into()));
            }
        }
        self.0.swap(name, before, value).await
    }
}

/// ShipBob forgets a refresh token when it is used: a new one that is not stored is lost for ever.
#[tokio::test(start_paused = true)]
async fn new_tokens_are_stored_even_if_their_place_does_not_answer_at_once() {
    let (hosts, shared) = (Hosts::new(), store());
    let hiccup = Arc::new(Hiccup(shared.clone(), Mutex::default()));
    instance(&hosts, hiccup).order(1, soon()).await.unwrap();
    instance(&hosts, shared).order(1, soon()).await.unwrap();
    assert_eq!(hosts.refreshed(), 1);
}

#[tokio::test(start_paused = true)]
async fn nothing_secret_is_shared_in_plain_words() {
    let (hosts, shared) = (Hosts::new(), store());
    instance(&hosts, shared.clone()).order(1, soon()).await.unwrap();
    for name in ["tokens", "gate"] {
        let stored = shared.read(name).await.unwrap().unwrap().value;
        for secret in ["refresh-", "access-", "hush"] {
            assert!(!stored.contains(secret), "{name}");
        }
    }
}
