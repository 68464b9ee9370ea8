//! Over real connections: TLS, a subscription, an order, and its webhook delivered to an address on loopback.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use reqwest::{Certificate, Client};
use serde_json::{Value, json};
use simulated_shipbob::{DeliveryState, Options, Running, SimulatedShipBob, serve_anywhere, sign};

use crate::bench::order;

#[derive(Debug, Default)]
struct Hook {
    answers: Vec<u16>,
    came: Vec<(HeaderMap, Bytes)>,
}

type Shared = Arc<Mutex<Hook>>;

/// An address that answers with the given statuses, then with 200.
async fn hook(answers: &[u16]) -> (String, Shared) {
    let shared = Shared::new(Mutex::new(Hook { answers: answers.to_vec(), came: Vec::new() }));
    let app = Router::new().fallback(take).with_state(Arc::clone(&shared));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, app).await });
    (format!("http://127.0.0.1:{port}/hook"), shared)
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

async fn post(running: &Running, client: &Client, path: &str, body: &Value) -> Value {
    let token = running.simulator().credentials().access_token.clone();
    let request = client.post(format!("{}/{path}", running.base())).bearer_auth(token);
    let answer = request.body(body.to_string()).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
}

#[tokio::test]
async fn an_order_ships_and_its_webhook_is_retried_until_it_is_accepted() {
    let (address, hook) = hook(&[503, 302]).await;
    let mut simulator = SimulatedShipBob::default();
    simulator.settings.delivery.plain_http_on_loopback = true;
    // The receiver's clock is the machine's, whatever the pace.
    simulator.settings.delivery.timestamps_by_machine_time = true;
    let running = serve_anywhere(simulator, &Options::default()).await.unwrap();
    let ca = Certificate::from_pem(running.ca_pem().as_bytes()).unwrap();
    let client = Client::builder().tls_certs_only([ca]).build().unwrap();
    let wanted = json!({ "topics": ["order.shipped"], "url": address });
    let secret = post(&running, &client, "2026-01/webhook", &wanted).await["secret"].clone();
    post(&running, &client, "_simulated/clock", &json!({ "pace": 1000 })).await;
    post(&running, &client, "_simulated/items", &json!([{ "inventory_id": 501, "sku": "MUG" }])).await;
    let id = post(&running, &client, "_simulated/orders", &order(&[("MUG", 1)])).await["id"].clone();
    post(&running, &client, &format!("_simulated/orders/{id}/ship"), &json!({})).await;

    for _ in 0..500 {
        if running.simulator().deliveries()[0].state == DeliveryState::Accepted {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let record = running.simulator().deliveries().remove(0);
    let statuses: Vec<_> = record.attempts.iter().map(|attempt| attempt.status).collect();
    assert_eq!(statuses, [Some(503), Some(302), Some(200)]);
    let hook = hook.lock().unwrap();
    assert_eq!(hook.came.len(), 3);
    for (headers, body) in &hook.came {
        let timestamp: i64 = headers["webhook-timestamp"].to_str().unwrap().parse().unwrap();
        assert!((jiff::Timestamp::now().as_second() - timestamp).abs() < 30);
        let id = headers["webhook-id"].to_str().unwrap();
        let signature = sign(secret.as_str().unwrap(), id, timestamp, body).unwrap();
        assert_eq!(headers["webhook-signature"], signature.as_str());
    }
}

#[tokio::test]
async fn a_fault_ends_the_connection_or_holds_the_answer_back() {
    let running = serve_anywhere(SimulatedShipBob::default(), &Options::default()).await.unwrap();
    let ca = Certificate::from_pem(running.ca_pem().as_bytes()).unwrap();
    let client = Client::builder().tls_certs_only([ca]).build().unwrap();
    let faults = json!([{ "no_answer": true }, { "status": 503, "after_milliseconds": 300 }]);
    post(&running, &client, "_simulated/faults", &faults).await;
    let token = running.simulator().credentials().access_token.clone();
    let ask = || client.get(format!("{}/2026-01/order", running.base())).bearer_auth(&token).send();
    assert!(ask().await.is_err());
    let began = std::time::Instant::now();
    assert_eq!(ask().await.unwrap().status(), 503);
    assert!(began.elapsed() >= Duration::from_millis(300));
    assert_eq!(ask().await.unwrap().status(), 200);
}
