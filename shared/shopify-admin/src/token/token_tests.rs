use std::{
    sync::{
        Mutex as Lock,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use async_trait::async_trait;

use super::*;
use crate::{Broken, HttpAnswer, InMemory, Post, Stored, SwapError};

/// How the token endpoint behaves next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    Well,
    /// Gives tokens, and the answer never arrives.
    Loses,
    /// Refuses every refresh token.
    Refuses,
    Down,
}

/// Shopify's token endpoint: rotates, and keeps a used refresh token until its replacement is used.
struct Shopify {
    mood: Lock<Mood>,
    asked: AtomicUsize,
    /// The refresh tokens that are taken: the newest, and the one before it.
    taken: Lock<[String; 2]>,
    slow: Duration,
}

impl Shopify {
    fn new() -> Arc<Self> {
        let taken = Lock::new(["refresh-0".to_owned(), String::new()]);
        let slow = Duration::from_millis(300);
        Arc::new(Self { mood: Lock::new(Mood::Well), asked: AtomicUsize::new(0), taken, slow })
    }

    fn is(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    fn asked(&self) -> usize {
        self.asked.load(Relaxed)
    }

    fn refresh(&self, token: &str, number: usize) -> Option<String> {
        let mut taken = self.taken.lock().unwrap();
        let place = taken.iter().position(|known| known == token)?;
        let new = format!("refresh-{number}");
        *taken = [new.clone(), taken[place].clone()];
        Some(new)
    }
}

fn answer(status: u16, body: &str) -> HttpAnswer {
    HttpAnswer { status, retry_after: None, body: Private::new(body.as_bytes().to_vec()) }
}

#[async_trait]
impl Transport for Shopify {
    async fn post(&self, post: Post) -> Result<HttpAnswer, Broken> {
        let number = self.asked.fetch_add(1, Relaxed) + 1;
        tokio::time::sleep(self.slow).await;
        let form: std::collections::BTreeMap<String, String> =
            form_urlencoded::parse(post.body.expose()).into_owned().collect();
        assert_eq!((form["client_id"].as_str(), form["client_secret"].as_str()), ("app", "client-hush"));
        let mood = *self.mood.lock().unwrap();
        match mood {
            Mood::Down => return Ok(answer(503, "")),
            Mood::Refuses => return Ok(answer(400, r#"{"error":"invalid_grant"}"#)),
            Mood::Well | Mood::Loses => {}
        }
        if form["grant_type"] == "client_credentials" {
            return Ok(answer(200, &format!(r#"{{"access_token":"day-{number}","expires_in":86399}}"#)));
        }
        let Some(refresh) = self.refresh(&form["refresh_token"], number) else {
            return Ok(answer(400, r#"{"error":"invalid_grant"}"#));
        };
        if mood == Mood::Loses {
            return Err(Broken::BrokenOff);
        }
        let body =
            format!(r#"{{"access_token":"hour-{number}","expires_in":3600,"refresh_token":"{refresh}"}}"#);
        Ok(answer(200, &body))
    }
}

fn store() -> Arc<InMemory> {
    Arc::new(InMemory::starting("2026-11-22T10:00:00Z".parse().unwrap()))
}

fn tokens(shopify: &Arc<Shopify>, shared: Arc<dyn Shared>, credentials: Credentials) -> Tokens {
    let url = Url::parse("https://demo.myshopify.com/admin/oauth/access_token").unwrap();
    Tokens::new("demo.myshopify.com", url, credentials, shopify.clone(), shared)
}

fn expiring(refresh: &str) -> Credentials {
    Credentials::Expiring {
        client_id: "app".into(),
        client_secret: Private::new("client-hush".into()),
        refresh_token: Private::new(refresh.into()),
    }
}

fn rotating(shopify: &Arc<Shopify>, shared: &Arc<InMemory>) -> Tokens {
    tokens(shopify, shared.clone(), expiring("refresh-0"))
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(20)
}

async fn get(tokens: &Tokens) -> Result<String, AdminError> {
    tokens.get(soon()).await.map(Private::into_exposed)
}

#[tokio::test(start_paused = true)]
async fn two_instances_that_need_a_token_at_once_refresh_once() {
    let (shopify, shared) = (Shopify::new(), store());
    let (first, second) = (rotating(&shopify, &shared), rotating(&shopify, &shared));
    let both = tokio::join!(get(&first), get(&second), get(&first));
    assert_eq!(both, (Ok("hour-1".into()), Ok("hour-1".into()), Ok("hour-1".into())));
    assert_eq!(shopify.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn four_instances_live_a_day_on_twenty_seven_refreshes_and_are_never_without_a_token() {
    let (shopify, shared) = (Shopify::new(), store());
    let instances: Vec<_> = (0..4).map(|_| rotating(&shopify, &shared)).collect();
    for _ in 0..1_440 {
        for tokens in &instances {
            assert!(get(tokens).await.is_ok());
        }
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
    assert_eq!(shopify.asked(), 27);
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_the_successor_of_a_token_that_is_still_good() {
    let (shopify, shared) = (Shopify::new(), store());
    let (first, second) = (rotating(&shopify, &shared), rotating(&shopify, &shared));
    assert!(get(&first).await.is_ok() && get(&second).await.is_ok());
    tokio::time::sleep(Duration::from_secs(3_300)).await;
    let started = Instant::now();
    let refreshing = tokio::spawn(async move { get(&first).await });
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(get(&second).await.unwrap(), "hour-1");
    assert!(started.elapsed() < Duration::from_millis(10));
    assert_eq!(refreshing.await.unwrap().unwrap(), "hour-2");
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_costs_a_pause_and_the_same_refresh_token_once_more() {
    let (shopify, shared) = (Shopify::new(), store());
    let (first, second) = (rotating(&shopify, &shared), rotating(&shopify, &shared));
    shopify.is(Mood::Loses);
    assert!(matches!(get(&first).await, Err(AdminError::Unreachable(why)) if why.contains("broke off")));
    shopify.is(Mood::Well);
    assert!(
        matches!(get(&second).await, Err(AdminError::Unreachable(why)) if why.contains("not asked again"))
    );
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(get(&second).await.unwrap(), "hour-2");
    assert_eq!(get(&first).await.unwrap(), "hour-2");
}

#[tokio::test(start_paused = true)]
async fn a_refused_refresh_token_needs_the_merchant_and_is_not_tried_by_everybody() {
    let (shopify, shared) = (Shopify::new(), store());
    shopify.is(Mood::Refuses);
    for _ in 0..5 {
        let error = get(&rotating(&shopify, &shared)).await.unwrap_err();
        assert!(matches!(error, AdminError::Reauthorise(_)), "{error}");
        assert!(error.to_string().contains("let the merchant authorise the app again"), "{error}");
    }
    assert_eq!(shopify.asked(), 1);
    shopify.is(Mood::Well);
    *shopify.taken.lock().unwrap() = ["refresh-new".to_owned(), String::new()];
    let renewed = tokens(&shopify, shared.clone(), expiring("refresh-new"));
    assert_eq!(get(&renewed).await.unwrap(), "hour-2", "a new authorisation is used at once");
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_not_felt_while_the_token_is_good() {
    let (shopify, shared) = (Shopify::new(), store());
    let tokens = rotating(&shopify, &shared);
    get(&tokens).await.unwrap();
    tokio::time::sleep(Duration::from_secs(3_300)).await;
    shopify.is(Mood::Down);
    assert_eq!(get(&tokens).await.unwrap(), "hour-1");
    tokio::time::sleep(Duration::from_secs(300)).await;
    assert!(matches!(get(&tokens).await, Err(AdminError::Unreachable(_))));
    shopify.is(Mood::Well);
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert!(get(&tokens).await.is_ok());
}

/// A place that takes the lease and nothing after it.
struct Failing(Arc<InMemory>, AtomicUsize);

#[async_trait]
impl Shared for Failing {
    fn now(&self) -> jiff::Timestamp {
        self.0.now()
    }

    async fn read(&self, name: &str) -> Result<Option<Stored>, String> {
        self.0.read(name).await
    }

    async fn swap(&self, name: &str, before: u64, value: String) -> Result<u64, SwapError> {
        if self.1.fetch_add(1, Relaxed) > 0 {
            return Err(SwapError::Unavailable("down".into()));
        }
        self.0.swap(name, before, value).await
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_whose_refresh_token_is_not_stored_is_not_used_and_nothing_is_lost() {
    let (shopify, shared) = (Shopify::new(), store());
    let failing = Arc::new(Failing(shared.clone(), AtomicUsize::new(0)));
    let error = get(&tokens(&shopify, failing, expiring("refresh-0"))).await.unwrap_err();
    assert!(matches!(&error, AdminError::Unreachable(why) if why.contains("down")), "{error}");
    tokio::time::sleep(Duration::from_secs(31)).await;
    assert_eq!(get(&rotating(&shopify, &shared)).await.unwrap(), "hour-2");
}

#[tokio::test(start_paused = true)]
async fn a_refused_access_token_is_dropped_once_for_all() {
    let (shopify, shared) = (Shopify::new(), store());
    let (first, second) = (rotating(&shopify, &shared), rotating(&shopify, &shared));
    let old = Private::new(get(&first).await.unwrap());
    get(&second).await.unwrap();
    assert!(first.drop_refused(&old).await.unwrap());
    assert_eq!(get(&first).await.unwrap(), "hour-2");
    assert!(second.drop_refused(&old).await.unwrap(), "it was replaced already");
    assert_eq!(get(&second).await.unwrap(), "hour-2");
    let new = Private::new("hour-2".to_owned());
    assert!(!second.drop_refused(&new).await.unwrap(), "it came for a refused one a moment ago");
    assert_eq!(shopify.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn nothing_secret_is_stored_in_plain_words() {
    let (shopify, shared) = (Shopify::new(), store());
    get(&rotating(&shopify, &shared)).await.unwrap();
    let stored = shared.read("tokens").await.unwrap().unwrap().value;
    let bytes = data_encoding::BASE64.decode(stored.as_bytes()).unwrap();
    for secret in ["hour-1", "refresh-", "client-hush", "access"] {
        assert!(!String::from_utf8_lossy(&bytes).contains(secret));
    }
}

#[tokio::test(start_paused = true)]
async fn client_credentials_ask_once_a_day_and_again_after_a_refusal() {
    let (shopify, shared) = (Shopify::new(), store());
    let credentials = Credentials::ClientCredentials {
        client_id: "app".into(),
        client_secret: Private::new("client-hush".into()),
    };
    let tokens = tokens(&shopify, shared, credentials);
    let both = tokio::join!(get(&tokens), get(&tokens));
    assert_eq!(both, (Ok("day-1".into()), Ok("day-1".into())));
    tokio::time::sleep(Duration::from_secs(86_000)).await;
    assert_eq!(get(&tokens).await.unwrap(), "day-1");
    tokio::time::sleep(Duration::from_secs(400)).await;
    assert_eq!(get(&tokens).await.unwrap(), "day-2");
    let refused = Private::new("day-2".to_owned());
    assert!(tokens.drop_refused(&refused).await.unwrap() && tokens.drop_refused(&refused).await.unwrap());
    assert_eq!((get(&tokens).await.unwrap(), shopify.asked()), ("day-3".into(), 3));
    shopify.is(Mood::Refuses);
    tokens.drop_refused(&Private::new("day-3".to_owned())).await.unwrap();
    assert!(matches!(get(&tokens).await, Err(AdminError::Credentials(_))));
}

#[tokio::test(start_paused = true)]
async fn a_token_that_does_not_end_is_never_asked_for() {
    let shopify = Shopify::new();
    let access_token = Private::new("shpat_1".to_owned());
    let tokens = tokens(&shopify, store(), Credentials::AccessToken { access_token: access_token.clone() });
    assert_eq!(get(&tokens).await.unwrap(), "shpat_1");
    assert!(!tokens.drop_refused(&access_token).await.unwrap());
    assert_eq!(shopify.asked(), 0);
}
