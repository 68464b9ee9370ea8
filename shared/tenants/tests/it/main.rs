//! Instances over one ledger, and a simulated CloudSuite in the same process: no sockets, and time is tokio's.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

mod shipbobs;
mod shops;

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering::Relaxed},
};

use async_trait::async_trait;
use cloudsuite::{
    CallError, Wanted,
    ion::{Broken, HttpAnswer, Post, Transport},
};
use domain::{Private, TenantId};
use jiff::{SignedDuration, Timestamp};
use ledger::{Ledger, Memory};
use platform::{Clock, MemorySecrets, Secrets};
use simulated_cloudsuite::{Credentials, HttpRequest, MasterData, SimulatedCloudSuite};
use tenants::{Reach, Tenant, TenantError, TenantSource, Tenants, parse_credentials};
use tokio::time::Instant;

/// A clock that goes on with tokio's.
struct TokioClock(Instant);

impl Clock for TokioClock {
    fn now(&self) -> Timestamp {
        let start: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        start.checked_add(SignedDuration::try_from(self.0.elapsed()).unwrap()).unwrap()
    }
}

/// The simulated CloudSuite, reached without sockets.
struct InProcess {
    simulated: Mutex<SimulatedCloudSuite>,
    clock: Arc<TokioClock>,
    is_down: AtomicBool,
}

#[async_trait]
impl Transport for InProcess {
    async fn post(&self, post: Post) -> Result<HttpAnswer, Broken> {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        if self.is_down.load(Relaxed) {
            return Err(Broken::NoConnection);
        }
        let headers = post.headers.into_iter().map(|(name, value)| (name.to_owned(), value.into_exposed()));
        let request = HttpRequest {
            method: "POST".into(),
            path: post.url.path().to_owned(),
            headers: headers.collect(),
            body: post.body.into_exposed(),
        };
        let answer = self.simulated.lock().unwrap().handle(&request, self.clock.now());
        let response = answer.response().unwrap();
        let retry_after = response.headers.iter().find(|(name, _)| name == "retry-after");
        Ok(HttpAnswer {
            status: response.status,
            retry_after: retry_after.map(|(_, value)| value.clone()),
            body: Private::new(response.body),
        })
    }
}

struct World {
    ledger: Arc<Memory>,
    clock: Arc<TokioClock>,
    secrets: Arc<MemorySecrets>,
    infor: Arc<InProcess>,
}

async fn world(mapping: &str) -> World {
    let clock = Arc::new(TokioClock(Instant::now()));
    let ledger = Arc::new(Memory::default());
    let secrets = Arc::new(MemorySecrets::default());
    let ionapi = Credentials::default().ionapi_json("https://simulated.inforcloudsuite.com");
    // Two of our tenants that use one client of Infor's.
    for tenant in ["demo", "demo-2"] {
        ledger.push_mapping(&id(tenant), mapping, "test", clock.now()).await.unwrap();
        secrets.set(&format!("test/ionapi/{tenant}"), &[&ionapi]);
    }
    let simulated = Mutex::new(SimulatedCloudSuite::new(MasterData::demo()));
    let infor = Arc::new(InProcess { simulated, clock: clock.clone(), is_down: false.into() });
    World { ledger, clock, secrets, infor }
}

impl World {
    /// One instance of a function.
    fn instance(&self) -> Tenants {
        let credentials: Secrets<Private<String>> = Secrets::new(self.secrets.clone(), parse_credentials);
        let infor = self.infor.clone();
        let reach: Reach = Arc::new(move |_| Ok(infor.clone()));
        Tenants::new(self.ledger.clone(), credentials, "test".into(), self.clock.clone()).reached_by(reach)
    }

    /// Gives the first tenant another mapping file.
    async fn ledger_push(&self, mapping: &str) {
        self.ledger.push_mapping(&id("demo"), mapping, "test", self.clock.now()).await.unwrap();
    }

    fn count(&self, name: &str) -> u64 {
        self.infor.simulated.lock().unwrap().state()["counters"][name].as_u64().unwrap()
    }
}

fn id(tenant: &str) -> TenantId {
    tenant.parse().unwrap()
}

/// One request to the gateway: what is not there is asked for each time.
async fn ask(tenant: &Tenant) -> Result<(), CallError> {
    let wanted = Wanted { order_types: ["NO".to_owned()].into(), ..Wanted::default() };
    tenant.line.look_up(&tenant.company(), &wanted).await.map(drop)
}

#[tokio::test(start_paused = true)]
async fn tenants_of_one_client_share_its_token_in_all_instances() {
    let world = world(mapping::DEFAULT_FILE).await;
    for tenants in [world.instance(), world.instance()] {
        for tenant in ["demo", "demo-2"] {
            ask(&tenants.tenant(&id(tenant)).await.unwrap()).await.unwrap();
        }
    }
    assert_eq!((world.count("token_requests"), world.count("gateway_requests")), (1, 4));
}

#[tokio::test(start_paused = true)]
async fn the_limits_of_the_mapping_hold_for_all_of_them_together() {
    let mapping = mapping::DEFAULT_FILE
        .replace("requests_per_minute = 600", "requests_per_minute = 60")
        .replace("burst = 20", "burst = 2");
    let world = world(&mapping).await;
    let (first, second) = (world.instance(), world.instance());
    let first = first.tenant(&id("demo")).await.unwrap();
    let second = second.tenant(&id("demo-2")).await.unwrap();
    let started = Instant::now();
    for _ in 0..3 {
        ask(&first).await.unwrap();
        ask(&second).await.unwrap();
    }
    let took = started.elapsed().as_secs_f64();
    assert!((3.9..4.6).contains(&took), "two at once and four more, a second apart: {took} s");
}

#[tokio::test(start_paused = true)]
async fn a_gateway_that_is_down_is_left_alone_by_all_instances_until_one_finds_it_up() {
    let world = world(mapping::DEFAULT_FILE).await;
    let (first, second) = (world.instance(), world.instance());
    let first = first.tenant(&id("demo")).await.unwrap();
    let second = second.tenant(&id("demo")).await.unwrap();
    ask(&first).await.unwrap();
    world.infor.is_down.store(true, Relaxed);
    for _ in 0..2 {
        assert!(matches!(ask(&first).await, Err(CallError::NotSent(_) | CallError::Throttled { .. })));
    }
    let error = ask(&second).await.unwrap_err();
    assert!(matches!(error, CallError::Throttled { after: Some(_) }), "{error}");
    world.infor.is_down.store(false, Relaxed);
    tokio::time::sleep(error.wait()).await;
    ask(&second).await.unwrap();
    ask(&first).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn nothing_secret_stands_in_the_ledger() {
    let world = world(mapping::DEFAULT_FILE).await;
    ask(&world.instance().tenant(&id("demo")).await.unwrap()).await.unwrap();
    let credentials = Credentials::default();
    let client = domain::Digest::of(credentials.client_id.as_bytes());
    for name in ["gate", "token"] {
        let stored = world.ledger.shared(&client, name).await.unwrap().unwrap().value;
        for secret in [&credentials.client_secret, &credentials.access_key, &credentials.secret_key] {
            assert!(!stored.contains(secret), "{name}");
        }
    }
}

/// Without a transport of its own a tenant is reached over HTTPS, by the authority that its mapping names.
#[tokio::test]
async fn an_authority_that_is_no_certificate_is_a_finding() {
    let mapping =
        mapping::DEFAULT_FILE.replace("certificate_authority = \"\"", "certificate_authority = \"not PEM\"");
    let world = world(&mapping).await;
    let credentials: Secrets<Private<String>> = Secrets::new(world.secrets.clone(), parse_credentials);
    let tenants = Tenants::new(world.ledger.clone(), credentials, "test".into(), world.clock.clone());
    let Err(TenantError::Findings(findings)) = tenants.tenant(&id("demo")).await else { panic!() };
    assert!(findings[0].message.contains("certificate_authority"), "{findings:?}");
}
