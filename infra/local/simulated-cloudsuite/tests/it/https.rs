//! Over real connections: TLS, the credentials file, dropped connections, the end of it.

use std::time::Duration;

use reqwest::{Certificate, Client};
use serde_json::{Value, json};
use simulated_cloudsuite::{Effect, Fault, MasterData, Running, SimulatedCloudSuite, serve_anywhere};

use crate::bench::bulk_body;

async fn start() -> (Running, Client) {
    // Only the first of several tests can install it; the others find it installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let running = serve_anywhere(SimulatedCloudSuite::new(MasterData::demo())).await.unwrap();
    let ca = Certificate::from_pem(running.ca_pem().as_bytes()).unwrap();
    (running, Client::builder().tls_certs_only([ca]).build().unwrap())
}

async fn token(file: &Value, client: &Client) -> String {
    let part = |key: &str| file[key].as_str().unwrap().to_owned();
    let form =
        [("grant_type", "password".to_owned()), ("username", part("saak")), ("password", part("sask"))];
    let request = client.post(part("pu") + &part("ot")).basic_auth(part("ci"), Some(part("cs"))).form(&form);
    let answer: Value =
        serde_json::from_slice(&request.send().await.unwrap().bytes().await.unwrap()).unwrap();
    answer["access_token"].as_str().unwrap().to_owned()
}

fn execute(file: &Value, client: &Client, token: &str, body: String) -> reqwest::RequestBuilder {
    let (base, tenant) = (file["iu"].as_str().unwrap(), file["ti"].as_str().unwrap());
    let url = format!("{base}/{tenant}/M3/m3api-rest/v2/execute");
    client.post(url).bearer_auth(token).header("content-type", "application/json").body(body)
}

#[tokio::test]
async fn the_credentials_file_alone_leads_to_an_order() {
    let (running, client) = start().await;
    let file: Value = serde_json::from_str(running.ionapi_json()).unwrap();
    let token = token(&file, &client).await;
    let head = bulk_body("OIS100MI", &[("AddBatchHead", json!({ "CUNO": "C00001", "CUOR": "SHOP-1" }))]);
    let response = execute(&file, &client, &token, head).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let found = client.get(format!("{}/_simulated/orders?cuor=SHOP-1", running.base())).send().await.unwrap();
    let found: Value = serde_json::from_slice(&found.bytes().await.unwrap()).unwrap();
    assert_eq!(found["batch_orders"].as_array().unwrap().len(), 1);
    assert_eq!(running.simulator().state()["counters"]["max_simultaneous"], 1);
}

#[tokio::test]
async fn a_dropped_connection_is_seen_as_one_and_the_work_is_done() {
    let (running, client) = start().await;
    let file: Value = serde_json::from_str(running.ionapi_json()).unwrap();
    let token = token(&file, &client).await;
    running.simulator().add_fault(Fault::once(Effect::DropAfter));
    let head = bulk_body("OIS100MI", &[("AddBatchHead", json!({ "CUNO": "C00001" }))]);
    let lost = execute(&file, &client, &token, head).send().await;
    assert!(lost.is_err_and(|error| error.is_request()), "no answer at all");
    assert_eq!(running.simulator().state()["batch_orders"].as_object().unwrap().len(), 1);
}

#[tokio::test]
async fn slow_requests_are_open_at_once() {
    let (running, client) = start().await;
    let file: Value = serde_json::from_str(running.ionapi_json()).unwrap();
    let token = token(&file, &client).await;
    running.simulator().settings.latency_milliseconds = 300;
    let ping = || bulk_body("GENERAL", &[("GetUserInfo", json!({}))]);
    let first = execute(&file, &client, &token, ping()).send();
    let second = execute(&file, &client, &token, ping()).send();
    let (first, second) = tokio::join!(first, second);
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(running.simulator().state()["counters"]["max_simultaneous"], 2);
}

#[tokio::test]
async fn a_foreign_certificate_authority_is_not_trusted_and_an_ended_one_is_gone() {
    let (running, client) = start().await;
    let (_other, stranger) = start().await;
    let url = format!("{}/_simulated/state", running.base());
    assert!(stranger.get(&url).send().await.is_err());
    assert!(client.get(&url).send().await.is_ok());
    drop(running);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(client.get(&url).send().await.is_err());
}
