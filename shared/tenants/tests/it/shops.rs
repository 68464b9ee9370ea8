//! The way to a tenant's shop: set up from its secret, and never in the way of posting.

use std::sync::{Arc, Mutex, atomic::Ordering::Relaxed};

use async_trait::async_trait;
use domain::{FindingCode, Private};
use platform::Clock as _;
use shopify_admin::{Broken, HttpAnswer, Post, Transport};
use simulated_shopify::{Credentials, HttpRequest, SimulatedShopify};
use tenants::{Tenant, TenantSource as _, Tenants};
use tokio::time::Instant;

use crate::{TokioClock, World, id, world};

/// The simulated Shopify, reached without sockets.
struct Simulated(Mutex<SimulatedShopify>, Arc<TokioClock>);

#[async_trait]
impl Transport for Simulated {
    async fn post(&self, post: Post) -> Result<HttpAnswer, Broken> {
        let headers = post.headers.into_iter().map(|(name, value)| (name.to_owned(), value.into_exposed()));
        let request = HttpRequest {
            method: "POST".into(),
            path: post.url.path().to_owned(),
            headers: headers.collect(),
            body: post.body.into_exposed(),
        };
        let answer = self.0.lock().unwrap().handle(&request, self.1.now());
        let response = answer.response().ok_or(Broken::BrokenOff)?;
        Ok(HttpAnswer { status: response.status, retry_after: None, body: Private::new(response.body) })
    }
}

const NAME: &str = "test/shopify-admin/demo";

fn simulated(world: &World) -> Arc<Simulated> {
    Arc::new(Simulated(Mutex::default(), world.clock.clone()))
}

fn instance(world: &World, simulated: &Arc<Simulated>) -> Tenants {
    let simulated = simulated.clone();
    world.instance().shops_reached_by(Arc::new(move |_| Ok(simulated.clone())))
}

async fn demo(tenants: &Tenants) -> Arc<Tenant> {
    tenants.tenant(&id("demo")).await.unwrap()
}

fn client_credentials() -> String {
    let Credentials { shop, client_id, client_secret } = Credentials::default();
    format!(
        r#"{{"kind":"client_credentials","client_id":"{client_id}","client_secret":"{client_secret}","shop_domain":"{shop}"}}"#
    )
}

#[tokio::test(start_paused = true)]
async fn without_a_secret_there_is_no_shop_and_no_fault() {
    let world = world(mapping::DEFAULT_FILE).await;
    let tenant = demo(&instance(&world, &simulated(&world))).await;
    assert!(tenant.shop.is_none() && tenant.shop_fault.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_shop_is_reached_and_kept_until_its_secret_changes() {
    let world = world(mapping::DEFAULT_FILE).await;
    world.secrets.set(NAME, &[&client_credentials()]);
    let simulated = simulated(&world);
    let tenants = instance(&world, &simulated);
    let first = demo(&tenants).await;
    let shop = first.shop.clone().unwrap();
    let in_time = Instant::now() + std::time::Duration::from_secs(10);
    assert_eq!(shop.shop(in_time).await.unwrap().myshopify_domain, Credentials::default().shop);
    // Another mapping: the shop stays as it is, and so does CloudSuite under another secret of the shop.
    let mapping = format!("{}\n# changed\n", mapping::DEFAULT_FILE);
    world.ledger_push(&mapping).await;
    tokio::time::advance(std::time::Duration::from_secs(61)).await;
    let second = demo(&tenants).await;
    assert_ne!(first.version, second.version);
    assert!(Arc::ptr_eq(&shop, second.shop.as_ref().unwrap()));
    let token = simulated.0.lock().unwrap().issue_permanent_token();
    let other = format!(
        r#"{{"kind":"access_token","access_token":"{token}","shop_domain":"{}"}}"#,
        Credentials::default().shop
    );
    world.secrets.set(NAME, &[&other]);
    tokio::time::advance(std::time::Duration::from_secs(301)).await;
    let third = demo(&tenants).await;
    assert!(!Arc::ptr_eq(&shop, third.shop.as_ref().unwrap()));
    assert!(Arc::ptr_eq(&second.line, &third.line));
}

#[tokio::test(start_paused = true)]
async fn a_secret_that_cannot_be_used_keeps_nobody_from_posting() {
    let secret = |kind: &str, domain: &str| {
        format!(r#"{{"kind":"{kind}","access_token":"shpat_hush","shop_domain":{domain}}}"#)
    };
    let cases = [
        ("no json hush".to_owned(), "not a JSON object"),
        (secret("token", "\"demo.myshopify.com\""), "kind must be"),
        (secret("access_token", "7"), "shop_domain"),
        (secret("access_token", "\"demo.example.com\""), "name.myshopify.com"),
        (
            secret("access_token", "\"demo.myshopify.com\", \"base_url\": \"http://example.com\""),
            "base address",
        ),
    ];
    for (secret, why) in cases {
        let world = world(mapping::DEFAULT_FILE).await;
        world.secrets.set(NAME, &[&secret]);
        let tenant = demo(&instance(&world, &simulated(&world))).await;
        assert!(tenant.shop.is_none(), "{secret}");
        let fault = tenant.shop_fault.clone().unwrap();
        assert_eq!(fault.code, FindingCode::Credentials);
        let text = fault.to_string();
        assert!(text.contains(NAME) && text.contains(why) && !text.contains("hush"), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn while_secrets_manager_is_down_the_shop_stays_as_it_was() {
    let world = world(mapping::DEFAULT_FILE).await;
    world.secrets.set(NAME, &[&client_credentials()]);
    let tenants = instance(&world, &simulated(&world));
    let before = demo(&tenants).await;
    world.secrets.down.store(true, Relaxed);
    tokio::time::advance(std::time::Duration::from_secs(301)).await;
    let after = demo(&tenants).await;
    assert!(Arc::ptr_eq(before.shop.as_ref().unwrap(), after.shop.as_ref().unwrap()));
}

#[tokio::test(start_paused = true)]
async fn a_rotated_token_is_shared_through_the_ledger() {
    let world = world(mapping::DEFAULT_FILE).await;
    let simulated = simulated(&world);
    let token = simulated.0.lock().unwrap().issue_offline_token(world.clock.now());
    let Credentials { shop, client_id, client_secret } = Credentials::default();
    world.secrets.set(
        NAME,
        &[&format!(
            r#"{{"kind":"expiring","client_id":"{client_id}","client_secret":"{client_secret}",
                 "refresh_token":"{}","shop_domain":"{shop}"}}"#,
            token.refresh_token
        )],
    );
    for _ in 0..3 {
        // Each a new instance: the refresh token of the secret works once only.
        let tenant = demo(&instance(&world, &simulated)).await;
        let in_time = Instant::now() + std::time::Duration::from_secs(10);
        tenant.shop.as_ref().unwrap().shop(in_time).await.unwrap();
    }
    let client = domain::Digest::of(format!("shopify/{shop}/{client_id}").as_bytes());
    let shared = ledger::Ledger::shared(&*world.ledger, &client, "tokens").await.unwrap().unwrap();
    assert!(!shared.value.contains(&client_secret) && !shared.value.contains("shprt_"));
}
