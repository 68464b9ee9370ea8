use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
};

use async_trait::async_trait;
use jiff::Timestamp;
use remote::time::after;
use reqwest::Url;

use super::*;
use crate::ion::{Broken, Gateway, Grant, HttpAnswer, InMemory, Limits, Post};

const LIFE: u64 = 7_200;

pub(super) fn ion() -> IonApi {
    IonApi {
        tenant: "ACME_TST".into(),
        client_id: "ACME_TST~id".into(),
        client_secret: Private::new("client-secret".into()),
        gateway: Url::parse("https://mingle-ionapi.inforcloudsuite.com").unwrap(),
        token_url: Url::parse("https://mingle-sso.inforcloudsuite.com/ACME_TST/as/token.oauth2").unwrap(),
        grant: Grant::Password {
            username: Private::new("ACME_TST#key".into()),
            password: Private::new("service-secret".into()),
        },
        scopes: Vec::new(),
    }
}

/// Infor's servers: tokens that end, and a gateway that knows them.
struct Infor {
    clock: Arc<InMemory>,
    /// How long each token endpoint request takes, in milliseconds.
    slow: AtomicU64,
    /// What the token endpoint answers instead of a token, 0 for a token.
    status: AtomicUsize,
    asked: AtomicUsize,
    tokens: Mutex<BTreeMap<String, Timestamp>>,
}

impl Infor {
    fn new(clock: Arc<InMemory>) -> Arc<Self> {
        let (slow, status, asked) = (AtomicU64::new(300), AtomicUsize::new(0), AtomicUsize::new(0));
        Arc::new(Self { clock, slow, status, asked, tokens: Mutex::default() })
    }

    fn asked(&self) -> usize {
        self.asked.load(Relaxed)
    }

    fn knows(&self, token: &str) -> bool {
        self.tokens.lock().unwrap().get(token).is_some_and(|end| self.clock.now() < *end)
    }

    fn revoke_all(&self) {
        self.tokens.lock().unwrap().clear();
    }

    async fn token(&self) -> HttpAnswer {
        let number = self.asked.fetch_add(1, Relaxed);
        tokio::time::sleep(Duration::from_millis(self.slow.load(Relaxed))).await;
        let status = u16::try_from(self.status.load(Relaxed)).unwrap();
        if status != 0 {
            return HttpAnswer { status, retry_after: None, body: Private::default() };
        }
        let token = format!("token-{number}");
        let end = after(self.clock.now(), Duration::from_secs(LIFE));
        self.tokens.lock().unwrap().insert(token.clone(), end);
        let body = format!("{{\"access_token\":\"{token}\",\"expires_in\":{LIFE}}}");
        HttpAnswer { status: 200, retry_after: None, body: Private::new(body.into_bytes()) }
    }
}

#[async_trait]
impl Transport for Infor {
    async fn post(&self, post: Post) -> Result<HttpAnswer, Broken> {
        if post.url == ion().token_url {
            return Ok(self.token().await);
        }
        let bearer = post.headers.iter().find(|(name, _)| *name == "authorization").unwrap();
        let token = bearer.1.expose().strip_prefix("Bearer ").unwrap().to_owned();
        tokio::time::sleep(Duration::from_millis(100)).await;
        let status = if self.knows(&token) { 200 } else { 401 };
        Ok(HttpAnswer { status, retry_after: None, body: Private::default() })
    }
}

fn shared() -> Arc<InMemory> {
    Arc::new(InMemory::starting("2026-11-22T10:00:00Z".parse().unwrap()))
}

fn instance(infor: &Arc<Infor>) -> Arc<Tokens> {
    Arc::new(Tokens::new(ion(), infor.clone(), infor.clock.clone()))
}

async fn get(tokens: &Tokens) -> Result<Private<String>, CallError> {
    tokens.get(&mut Patience::default()).await
}

fn gateway(infor: &Arc<Infor>) -> Gateway {
    Gateway::new(ion(), infor.clone(), infor.clock.clone(), Limits::default())
}

/// An instance that needs a token every half minute or so for a day; how often it had none.
async fn a_day_of(tokens: Arc<Tokens>, infor: Arc<Infor>) -> usize {
    let end = after(infor.clock.now(), Duration::from_secs(86_400));
    let mut without = 0;
    while infor.clock.now() < end {
        let token = get(&tokens).await;
        without += usize::from(!token.is_ok_and(|token| infor.knows(token.expose())));
        tokio::time::sleep(Duration::from_millis(fastrand::u64(1..60_000))).await;
    }
    without
}

/// Infor allows some clients 100 tokens a day: six instances together ask for 13.
#[tokio::test(start_paused = true)]
async fn six_instances_live_a_day_on_a_few_tokens() {
    fastrand::seed(7);
    let infor = Infor::new(shared());
    let days: Vec<_> = (0..6).map(|_| tokio::spawn(a_day_of(instance(&infor), infor.clone()))).collect();
    for day in days {
        assert_eq!(day.await.unwrap(), 0, "never without a token that is good");
    }
    assert_eq!(infor.asked(), 13);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_revoked_costs_one_more() {
    let infor = Infor::new(shared());
    let gateways: Vec<_> = (0..6).map(|_| gateway(&infor)).collect();
    for minute in 0..100 {
        if minute == 50 {
            infor.revoke_all();
        }
        for gateway in &gateways {
            gateway.post("M3", Vec::new(), &mut Patience::default()).await.unwrap();
        }
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
    assert_eq!(infor.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn two_instances_that_meet_a_401_at_once_ask_once() {
    let infor = Infor::new(shared());
    let (first, second) = (gateway(&infor), gateway(&infor));
    let (mut one, mut other) = (Patience::default(), Patience::default());
    first.post("M3", Vec::new(), &mut one).await.unwrap();
    second.post("M3", Vec::new(), &mut other).await.unwrap();
    assert_eq!(infor.asked(), 1);
    infor.revoke_all();
    let posts =
        tokio::join!(first.post("M3", Vec::new(), &mut one), second.post("M3", Vec::new(), &mut other));
    assert!(posts.0.is_ok() && posts.1.is_ok(), "{posts:?}");
    assert_eq!(infor.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_was_replaced_already_is_not_dropped() {
    let infor = Infor::new(shared());
    let (first, second) = (instance(&infor), instance(&infor));
    let old = get(&first).await.unwrap();
    get(&second).await.unwrap();
    assert!(first.drop_refused(&old).await.unwrap());
    let new = get(&first).await.unwrap();
    assert!(second.drop_refused(&old).await.unwrap());
    assert_eq!((get(&second).await.unwrap(), infor.asked()), (new.clone(), 2));
    assert!(!second.drop_refused(&new).await.unwrap(), "it came for a refused one a moment ago");
    assert_eq!(get(&second).await.unwrap(), new);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_good_is_not_read_again() {
    let infor = Infor::new(shared());
    let tokens = instance(&infor);
    let token = get(&tokens).await.unwrap();
    let version = infor.clock.read(NAME).await.unwrap().unwrap().version;
    infor.clock.swap(NAME, version, "not even JSON".into()).await.unwrap();
    tokio::time::sleep(Duration::from_secs(6_800)).await;
    assert_eq!(get(&tokens).await.unwrap(), token);
    tokio::time::sleep(Duration::from_secs(200)).await;
    assert_ne!(get(&tokens).await.unwrap(), token, "what cannot be read is begun anew");
}

#[tokio::test(start_paused = true)]
async fn a_holder_that_vanished_costs_its_lease_and_a_slow_one_is_waited_for_in_bounds() {
    let infor = Infor::new(shared());
    infor.slow.store(60_000, Relaxed);
    let vanished = instance(&infor);
    let asking = tokio::spawn(async move { get(&vanished).await });
    tokio::time::sleep(Duration::from_millis(10)).await;
    asking.abort();
    infor.slow.store(300, Relaxed);
    let (waiting, started) = (instance(&infor), Instant::now());
    let mut patience = Patience::default();
    let error = waiting.get(&mut patience).await.unwrap_err();
    assert!(matches!(&error, CallError::NotSent(why) if why.contains("20 s")), "{error}");
    assert!((20..22).contains(&started.elapsed().as_secs()), "{:?}", started.elapsed());
    assert!(!patience.allows_again(&error).await, "it waited long enough");
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert!(get(&waiting).await.is_ok());
    assert_eq!(infor.asked(), 2);
}

/// While the token endpoint is down before the end of a token, everybody goes on with it.
#[tokio::test(start_paused = true)]
async fn an_outage_of_the_token_endpoint_is_not_felt_while_the_token_is_good() {
    let infor = Infor::new(shared());
    let (old, new) = (instance(&infor), instance(&infor));
    let token = get(&old).await.unwrap();
    tokio::time::sleep(Duration::from_secs(6_950)).await;
    infor.status.store(503, Relaxed);
    for tokens in [&new, &old, &new] {
        assert_eq!(get(tokens).await.unwrap(), token);
    }
    assert_eq!(infor.asked(), 2, "after a failure nobody asks for a while");
    tokio::time::sleep(Duration::from_secs(200)).await;
    let error = get(&new).await.unwrap_err();
    assert!(matches!(&error, CallError::NotSent(why) if why.contains("503")), "{error}");
    infor.status.store(0, Relaxed);
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert!(get(&old).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn refused_credentials_are_not_tried_again_and_again_but_new_ones_at_once() {
    let infor = Infor::new(shared());
    infor.status.store(401, Relaxed);
    let tokens = instance(&infor);
    for _ in 0..5 {
        let error = get(&tokens).await.unwrap_err();
        assert!(matches!(&error, CallError::Credentials(why) if why.contains("401")), "{error}");
    }
    assert_eq!(infor.asked(), 1);
    infor.status.store(0, Relaxed);
    let mut rotated = ion();
    rotated.client_secret = Private::new("rotated".into());
    let rotated = Tokens::new(rotated, infor.clone(), infor.clock.clone());
    assert!(get(&rotated).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_budget_that_is_spent_says_when_it_goes_on() {
    let infor = Infor::new(shared());
    let tokens = instance(&infor);
    infor.status.store(503, Relaxed);
    let mut error = CallError::NotSent(String::new());
    for _ in 0..500 {
        error = get(&tokens).await.unwrap_err();
        if error.to_string().contains("within a day") {
            break;
        }
        // Without this the pauses would grow so long that the day has no eighty of them.
        let stored = known(infor.clock.read(NAME).await.unwrap());
        let account = tokens.seal().unwrap().account();
        let none = Token::new(String::new(), Duration::ZERO, infor.clock.now(), Duration::ZERO);
        let kept = stored.kept.received(account, infor.clock.now(), none);
        tokens.swap(stored.version, &kept).await.unwrap().ok().unwrap();
    }
    assert!(error.to_string().ends_with("no more until 2026-11-23T10:00:00Z"), "{error}");
    assert_eq!(infor.asked(), 80);
}

/// The place of shared values is down: nothing is sent, and nothing is taken for granted.
struct Down(Arc<InMemory>);

#[async_trait]
impl Shared for Down {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    async fn read(&self, _name: &str) -> Result<Option<Stored>, String> {
        Err("down".into())
    }

    async fn swap(&self, _name: &str, _before: u64, _value: String) -> Result<u64, SwapError> {
        Err(SwapError::Unavailable("down".into()))
    }
}

#[tokio::test(start_paused = true)]
async fn without_the_shared_value_no_token_is_asked_for() {
    let infor = Infor::new(shared());
    let tokens = Tokens::new(ion(), infor.clone(), Arc::new(Down(infor.clock.clone())));
    let error = get(&tokens).await.unwrap_err();
    assert!(matches!(&error, CallError::NotSent(why) if why.contains("down")), "{error}");
    assert_eq!(infor.asked(), 0);
}

#[tokio::test(start_paused = true)]
async fn nothing_secret_is_stored_in_plain_words() {
    let infor = Infor::new(shared());
    let tokens = instance(&infor);
    let token = get(&tokens).await.unwrap();
    let stored = infor.clock.read(NAME).await.unwrap().unwrap().value;
    for secret in [token.expose().as_str(), "client-secret", "service-secret", "ACME_TST#key"] {
        assert!(!stored.contains(secret), "{stored}");
    }
}
