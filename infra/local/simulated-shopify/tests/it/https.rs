//! Over real connections: TLS, a token, an order, and its webhook delivered to an address.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum_server::tls_rustls::RustlsConfig;
use reqwest::{Certificate, Client};
use serde_json::{Value, json};
use simulated_shopify::{DeliveryState, Options, Running, SimulatedShopify, serve_anywhere};

use crate::bench::order;

#[derive(Debug, Default)]
struct Hook {
    answers: Vec<u16>,
    came: Vec<(HeaderMap, Bytes)>,
}

type Shared = Arc<Mutex<Hook>>;

/// An address for webhooks with a certificate of its own; it answers with the given statuses, then with 200.
async fn hook(answers: &[u16]) -> (String, String, Shared) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let certified = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let pem = certified.cert.pem();
    let key = certified.signing_key.serialize_pem();
    let tls = RustlsConfig::from_pem(pem.clone().into_bytes(), key.into_bytes()).await.unwrap();
    let shared = Shared::new(Mutex::new(Hook { answers: answers.to_vec(), came: Vec::new() }));
    let app = Router::new().fallback(take).with_state(Arc::clone(&shared));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address: SocketAddr = listener.local_addr().unwrap();
    listener.set_nonblocking(true).unwrap();
    tokio::spawn(axum_server::from_tcp_rustls(listener, tls).unwrap().serve(app.into_make_service()));
    (format!("https://localhost:{}/hook", address.port()), pem, shared)
}

async fn take(
    State(hook): State<Shared>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, [(&'static str, &'static str); 1]) {
    let mut hook = hook.lock().unwrap();
    hook.came.push((headers, body));
    let status = if hook.answers.is_empty() { 200 } else { hook.answers.remove(0) };
    // Whoever follows a redirect comes back here, and is taken for another delivery.
    (StatusCode::from_u16(status).unwrap(), [("location", "/hook")])
}

async fn start(trusted: Vec<String>) -> (Running, Client) {
    let running = serve_anywhere(SimulatedShopify::default(), &Options { trusted }).await.unwrap();
    let ca = Certificate::from_pem(running.ca_pem().as_bytes()).unwrap();
    (running, Client::builder().tls_certs_only([ca]).build().unwrap())
}

async fn post(client: &Client, url: String, token: &str, body: &Value) -> Value {
    let request =
        client.post(url).header("content-type", "application/json").header("x-shopify-access-token", token);
    let answer = request.body(body.to_string()).send().await.unwrap();
    serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
}

async fn subscribed(running: &Running, client: &Client, address: &str) {
    let own = running.simulator().credentials().clone();
    let grant = json!({ "client_id": own.client_id, "client_secret": own.client_secret, "grant_type": "client_credentials" });
    let token = post(client, format!("{}/admin/oauth/access_token", running.base()), "", &grant).await;
    let token = token["access_token"].as_str().unwrap();
    let query = format!(
        "mutation {{ webhookSubscriptionCreate(topic: ORDERS_CREATE, webhookSubscription: {{ uri: \"{address}\" }}) {{ userErrors {{ message }} }} }}"
    );
    let url = format!("{}/admin/api/2026-10/graphql.json", running.base());
    let made = post(client, url, token, &json!({ "query": query })).await;
    assert_eq!(made["data"]["webhookSubscriptionCreate"]["userErrors"], json!([]));
}

/// Waits until the first delivery stands like this.
async fn until(running: &Running, wanted: impl Fn(&simulated_shopify::DeliveryRecord) -> bool) {
    for _ in 0..500 {
        if running.simulator().deliveries().first().is_some_and(&wanted) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it did not come to that: {:?}", running.simulator().deliveries());
}

#[tokio::test]
async fn an_order_is_put_by_http_and_its_webhook_is_retried_until_it_is_accepted() {
    let (address, pem, hook) = hook(&[503, 302]).await;
    let (running, client) = start(vec![pem]).await;
    subscribed(&running, &client, &address).await;
    post(&client, format!("{}/_simulated/clock", running.base()), "", &json!({ "pace": 1000 })).await;
    post(&client, format!("{}/_simulated/orders", running.base()), "", &order()).await;
    until(&running, |record| record.state == DeliveryState::Accepted).await;
    let record = running.simulator().deliveries().remove(0);
    let statuses: Vec<_> = record.attempts.iter().map(|attempt| attempt.status).collect();
    assert_eq!(statuses, [Some(503), Some(302), Some(200)]);
    let hook = hook.lock().unwrap();
    let (headers, body) = &hook.came[2];
    assert_eq!(headers["x-shopify-topic"], "orders/create");
    assert_eq!(
        (&hook.came[0].1, &hook.came[0].0["x-shopify-hmac-sha256"]),
        (body, &headers["x-shopify-hmac-sha256"])
    );
}

#[tokio::test]
async fn an_address_that_is_not_trusted_gets_nothing() {
    let (address, _, hook) = hook(&[]).await;
    let (running, client) = start(Vec::new()).await;
    subscribed(&running, &client, &address).await;
    post(&client, format!("{}/_simulated/orders", running.base()), "", &order()).await;
    until(&running, |record| record.attempts.len() == 1).await;
    assert_eq!(running.simulator().deliveries()[0].attempts[0].status, None);
    assert_eq!(hook.lock().unwrap().came.len(), 0);
}

#[tokio::test]
async fn an_answer_after_the_budget_is_none() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut simulator = SimulatedShopify::default();
    simulator.settings.delivery.budget_milliseconds = 100;
    // A listener that takes connections and never says a word.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("https://localhost:{}/hook", silent.local_addr().unwrap().port());
    let running = serve_anywhere(simulator, &Options::default()).await.unwrap();
    let ca = Certificate::from_pem(running.ca_pem().as_bytes()).unwrap();
    let client = Client::builder().tls_certs_only([ca]).build().unwrap();
    subscribed(&running, &client, &address).await;
    post(&client, format!("{}/_simulated/orders", running.base()), "", &order()).await;
    until(&running, |record| record.attempts.len() == 1 && !record.attempts[0].accepted).await;
    running.stop().await;
    assert!(client.get("https://localhost:1/").send().await.is_err());
}
