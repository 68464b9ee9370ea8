//! The simulated ShipBob behind the client's transport, without sockets. Its time goes on with tokio's.

use std::{
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use async_trait::async_trait;
use domain::Private;
use jiff::{SignedDuration, Timestamp};
use remote::{Broken, HttpAnswer, InMemory, Method, Request, Transport};
use serde_json::{Value, json};
use shipbob_api::{LIMITS, ShipBob};
use simulated_shipbob::{Credentials, HttpRequest, Settings, SimulatedShipBob};
use tokio::time::Instant;

use crate::world::access;

/// A request that was answered: its method, the address without the host, and the status.
pub(crate) type Exchange = (String, String, u16);

pub(crate) struct Simulated {
    shipbob: Mutex<SimulatedShipBob>,
    exchanges: Mutex<Vec<Exchange>>,
    started: Instant,
}

pub(crate) fn start() -> Timestamp {
    "2026-11-22T10:00:00.1234567Z".parse().unwrap()
}

impl Simulated {
    pub(crate) fn with(settings: Settings) -> Arc<Self> {
        let shipbob = SimulatedShipBob::with(Credentials::default(), settings, 1);
        let made =
            Self { shipbob: Mutex::new(shipbob), exchanges: Mutex::default(), started: Instant::now() };
        made.does(
            "items",
            &json!([
                { "inventory_id": 501, "sku": "MUG", "name": "Mug" },
                { "inventory_id": 502, "sku": "TEA", "name": "Tea", "is_lot": true },
            ]),
        );
        Arc::new(made)
    }

    /// As it is without any settings.
    pub(crate) fn new() -> Arc<Self> {
        Self::with(Settings::default())
    }

    pub(crate) fn shipbob(&self) -> MutexGuard<'_, SimulatedShipBob> {
        self.shipbob.lock().unwrap()
    }

    pub(crate) fn now(&self) -> Timestamp {
        start() + SignedDuration::try_from(self.started.elapsed()).unwrap()
    }

    /// Something happens there.
    pub(crate) fn does(&self, path: &str, body: &Value) -> Value {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = HttpRequest::new("POST", &format!("/_simulated/{path}")).body(body);
        let answer = self.shipbob().handle(&request, self.now());
        assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
        serde_json::from_slice(&answer.body).unwrap()
    }

    pub(crate) fn order(&self, number: u64) -> u64 {
        let order = json!({
            "reference_id": format!("REF-{number}"),
            "order_number": number.to_string(),
            "type": "DTC",
            "channel": { "id": 100_001, "name": "Simulated channel" },
            "recipient": { "name": "Test Person",
                "address": { "address1": "1 Test St", "city": "Testville", "country": "US" } },
            "products": [{ "id": 1, "reference_id": "MUG", "sku": "MUG", "quantity": 1, "unit_price": 12.5 }],
        });
        self.does("orders", &order)["id"].as_u64().unwrap()
    }

    /// A client with the personal access token.
    pub(crate) fn client(self: &Arc<Self>, shared: Arc<InMemory>) -> ShipBob {
        let token = self.shipbob().credentials().access_token.clone();
        let secret = json!({ "kind": "access_token", "access_token": token }).to_string();
        ShipBob::new(access(&secret), self.clone(), shared, LIMITS).unwrap()
    }

    /// A client of the app, which begins with this refresh token.
    pub(crate) fn app(self: &Arc<Self>, refresh_token: &str, shared: Arc<InMemory>) -> ShipBob {
        let Credentials { client_id, client_secret, .. } = self.shipbob().credentials().clone();
        let secret = json!({ "kind": "oauth", "client_id": client_id, "client_secret": client_secret,
            "refresh_token": refresh_token });
        ShipBob::new(access(&secret.to_string()), self.clone(), shared, LIMITS).unwrap()
    }

    /// The merchant authorises the app and a first exchange gives a refresh token.
    pub(crate) fn authorised(&self) -> String {
        let code = self.does("authorise", &Value::Null)["code"].as_str().unwrap().to_owned();
        let Credentials { client_id, client_secret, .. } = self.shipbob().credentials().clone();
        let form = format!(
            "grant_type=authorization_code&code={code}&client_id={client_id}&client_secret={client_secret}"
        );
        let request = HttpRequest::new("POST", "/connect/token").body(form);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = self.shipbob().handle(&request, self.now());
        let answer: Value = serde_json::from_slice(&answer.body).unwrap();
        answer["refresh_token"].as_str().unwrap().to_owned()
    }

    /// What was asked so far, and how it was answered.
    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        self.exchanges.lock().unwrap().clone()
    }

    /// How many requests to a path (its start below the host) were answered with this status.
    pub(crate) fn count(&self, path: &str, status: u16) -> usize {
        let is_it = |(_, asked, answered): &&Exchange| asked.starts_with(path) && *answered == status;
        self.exchanges().iter().filter(is_it).count()
    }
}

#[async_trait]
impl Transport for Simulated {
    async fn send(&self, request: Request) -> Result<HttpAnswer, Broken> {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let method = match request.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Delete => "DELETE",
        };
        let host = request.url.host_str().unwrap();
        let is_token = request.url.path() == "/connect/token";
        assert_eq!(host, if is_token { "auth.shipbob.com" } else { "api.shipbob.com" });
        let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let path = format!("{}{query}", request.url.path());
        let headers =
            request.headers.into_iter().map(|(name, value)| (name.to_owned(), value.into_exposed()));
        let asked = HttpRequest {
            method: method.to_owned(),
            path: path.clone(),
            headers: headers.collect(),
            body: request.body.into_exposed(),
        };
        let answer = self.shipbob().handle(&asked, self.now());
        let wait = Duration::from_millis(u64::from(answer.after_milliseconds));
        tokio::time::sleep(wait.min(request.time_out)).await;
        self.exchanges.lock().unwrap().push((method.to_owned(), path, answer.status));
        if wait >= request.time_out {
            return Err(Broken::TimedOut);
        }
        if answer.is_none() {
            return Err(Broken::BrokenOff);
        }
        let wanted = |name: &&'static str| answer.header(name).map(|value| (*name, value.to_owned()));
        let headers = request.wanted.iter().filter_map(wanted).collect();
        let is_telling = request.telling.contains(&answer.status);
        let body = if is_telling { answer.body.clone() } else { Vec::new() };
        Ok(HttpAnswer { status: answer.status, headers, body: Private::new(body) })
    }
}
