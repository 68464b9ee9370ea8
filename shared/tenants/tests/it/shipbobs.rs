//! ShipBob's API from a tenant's secret.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, atomic::Ordering::Relaxed},
    time::Duration,
};

use async_trait::async_trait;
use domain::{FindingCode, Private};
use remote::{Broken, HttpAnswer, Request, Transport};
use tenants::{Tenant, TenantSource as _, Tenants};
use tokio::time::Instant;

use crate::{World, id, world};

const NAME: &str = "test/shipbob-api/demo";
const TOKEN: &str = r#"{"kind":"access_token","access_token":"pat-hush"}"#;

/// Answers everything, and replaces the refresh token with each use.
#[derive(Default)]
struct Answering {
    sent: Mutex<Vec<String>>,
    refreshed: Mutex<u32>,
}

#[async_trait]
impl Transport for Answering {
    async fn send(&self, request: Request) -> Result<HttpAnswer, Broken> {
        let path = request.url.path().to_owned();
        self.sent.lock().unwrap().push(path.clone());
        let mut body = "{}".to_owned();
        if path == "/connect/token" {
            let mut refreshed = self.refreshed.lock().unwrap();
            let form = String::from_utf8(request.body.into_exposed()).unwrap();
            let form: BTreeMap<_, _> = form.split('&').filter_map(|pair| pair.split_once('=')).collect();
            if form["refresh_token"] != format!("refresh-{refreshed}") {
                return Ok(HttpAnswer { status: 400, ..HttpAnswer::default() });
            }
            *refreshed += 1;
            body =
                format!(r#"{{"access_token":"a","expires_in":3600,"refresh_token":"refresh-{refreshed}"}}"#);
        }
        Ok(HttpAnswer { status: 200, headers: Vec::new(), body: Private::new(body.into_bytes()) })
    }
}

fn instance(world: &World, shipbob: &Arc<Answering>) -> Tenants {
    let shipbob = shipbob.clone();
    world.instance().shipbob_reached_by(Arc::new(move |_| Ok(shipbob.clone())))
}

async fn demo(tenants: &Tenants) -> Arc<Tenant> {
    tenants.tenant(&id("demo")).await.unwrap()
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(10)
}

#[tokio::test(start_paused = true)]
async fn without_a_secret_there_is_no_api_and_no_fault() {
    let world = world(mapping::DEFAULT_FILE).await;
    let tenant = demo(&instance(&world, &Arc::default())).await;
    assert!(tenant.shipbob.is_none() && tenant.shipbob_fault.is_none());
}

#[tokio::test(start_paused = true)]
async fn the_api_is_kept_until_its_secret_changes_and_while_secrets_manager_is_down() {
    let world = world(mapping::DEFAULT_FILE).await;
    world.secrets.set(NAME, &[TOKEN]);
    let tenants = instance(&world, &Arc::default());
    let first = demo(&tenants).await.shipbob.clone().unwrap();
    assert!(first.order(1, soon()).await.is_ok());
    world.secrets.down.store(true, Relaxed);
    tokio::time::advance(Duration::from_secs(301)).await;
    assert!(Arc::ptr_eq(&first, demo(&tenants).await.shipbob.as_ref().unwrap()));
    world.secrets.down.store(false, Relaxed);
    world.secrets.set(NAME, &[&TOKEN.replace("hush", "other")]);
    tokio::time::advance(Duration::from_secs(301)).await;
    let tenant = demo(&tenants).await;
    assert!(!Arc::ptr_eq(&first, tenant.shipbob.as_ref().unwrap()));
}

#[tokio::test(start_paused = true)]
async fn a_secret_that_cannot_be_used_keeps_nobody_from_posting() {
    let cases = [
        ("no json hush", "not a JSON object"),
        (r#"{"kind":"hush"}"#, "kind must be"),
        (r#"{"kind":"oauth","client_id":"hush"}"#, "client_secret is missing; refresh_token is missing"),
        (r#"{"kind":"access_token","access_token":"hush","base_url":"http://example.com"}"#, "base_url"),
    ];
    for (secret, why) in cases {
        let world = world(mapping::DEFAULT_FILE).await;
        world.secrets.set(NAME, &[secret]);
        let tenant = demo(&instance(&world, &Arc::default())).await;
        assert!(tenant.shipbob.is_none(), "{secret}");
        let fault = tenant.shipbob_fault.clone().unwrap();
        assert_eq!(fault.code, FindingCode::Credentials);
        let text = fault.to_string();
        assert!(text.contains(NAME) && text.contains(why) && !text.contains("hush"), "{text}");
    }
}

/// Without a transport of its own ShipBob is reached over HTTPS, by the authority that the secret names.
#[tokio::test(start_paused = true)]
async fn an_authority_that_is_no_certificate_is_a_fault() {
    let world = world(mapping::DEFAULT_FILE).await;
    world
        .secrets
        .set(NAME, &[r#"{"kind":"access_token","access_token":"hush","certificate_authority":"not PEM"}"#]);
    let fault = demo(&world.instance()).await.shipbob_fault.clone().unwrap().to_string();
    assert!(fault.contains("certificate_authority") && !fault.contains("hush"), "{fault}");
}

#[tokio::test(start_paused = true)]
async fn instances_share_the_rotated_token_and_the_rate_through_the_ledger() {
    let world = world(mapping::DEFAULT_FILE).await;
    let secret = r#"{"kind":"oauth","client_id":"app","client_secret":"hush","refresh_token":"refresh-0"}"#;
    world.secrets.set(NAME, &[secret]);
    let shipbob = Arc::new(Answering::default());
    for _ in 0..3 {
        // Each a new instance: the refresh token of the secret works once only.
        let tenant = demo(&instance(&world, &shipbob)).await;
        tenant.shipbob.as_ref().unwrap().order(1, soon()).await.unwrap();
    }
    assert_eq!(*shipbob.refreshed.lock().unwrap(), 1);
    assert_eq!(shipbob.sent.lock().unwrap().len(), 4);
    let client = domain::Digest::of(b"shipbob/api.shipbob.com/app/app/demo");
    let shared = |name| ledger::Ledger::shared(&*world.ledger, &client, name);
    let (tokens, gate) = (shared("tokens").await.unwrap().unwrap(), shared("gate").await.unwrap().unwrap());
    assert!(!tokens.value.contains("refresh") && !tokens.value.contains("hush"));
    assert_eq!(gate.version, 3, "one write a request");
}
