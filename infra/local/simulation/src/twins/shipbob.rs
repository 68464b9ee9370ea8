//! ShipBob's side, and the way to its API as one instance sees it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use domain::Private;
use platform::Clock as _;
use remote::{Broken, HttpAnswer, Method, Request, Transport};
use serde_json::Value;
use simulated_shipbob::{HttpRequest, HttpResponse, SimulatedShipBob};

use crate::{Fault, Instance, Surroundings};

/// ShipBob's side.
pub(crate) struct ShipBob {
    simulator: Mutex<SimulatedShipBob>,
    around: Arc<Surroundings>,
}

impl ShipBob {
    /// ShipBob's side of a world.
    pub(crate) fn new(simulator: SimulatedShipBob, around: &Arc<Surroundings>) -> Arc<Self> {
        Arc::new(Self { simulator: Mutex::new(simulator), around: around.clone() })
    }

    /// The simulation. A poisoned lock only means a panic elsewhere.
    pub(crate) fn simulator(&self) -> MutexGuard<'_, SimulatedShipBob> {
        self.simulator.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets something happen in the account, by the control interface of the simulation; what that answers.
    pub(crate) fn happens(&self, path: &str, body: &Value) -> Value {
        self.control("POST", path, body)
    }

    /// What the control interface tells.
    pub(crate) fn tells(&self, path: &str) -> Value {
        self.control("GET", path, &Value::Null)
    }

    fn control(&self, method: &str, path: &str, body: &Value) -> Value {
        let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let request = HttpRequest::new(method, &format!("/_simulated/{path}")).body(bytes);
        let answer = self.simulator().handle(&request, self.around.time.now());
        let told = String::from_utf8_lossy(&answer.body).into_owned();
        self.around.log.say("shipbob", || format!("{path} {body}: {} {told}", answer.status));
        if answer.status != 200 {
            self.around.counts.one("refused by shipbob");
        }
        serde_json::from_str(&told).unwrap_or_default()
    }
}

/// The way to its API as one instance sees it.
pub(crate) struct ShipBobTransport {
    /// ShipBob's side.
    pub(crate) shipbob: Arc<ShipBob>,
    /// Who sees it.
    pub(crate) instance: Arc<Instance>,
}

#[async_trait]
impl Transport for ShipBobTransport {
    async fn send(&self, request: Request) -> Result<HttpAnswer, Broken> {
        let wanted = request.wanted;
        self.instance.point("a request to ShipBob").await;
        if self.instance.strikes(Fault::NoConnection, "request to ShipBob") {
            return Err(Broken::NoConnection);
        }
        let answer = self.shipbob.simulator().handle(&asked(request), self.shipbob.around.time.now());
        self.instance.point("an answer of ShipBob").await;
        if self.instance.strikes(Fault::BrokenAfter, "answer of ShipBob") {
            return Err(Broken::BrokenOff);
        }
        Ok(answered(answer, wanted))
    }
}

fn asked(request: Request) -> HttpRequest {
    let method = match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Delete => "DELETE",
    };
    let path = match request.url.query() {
        Some(query) => format!("{}?{query}", request.url.path()),
        None => request.url.path().to_owned(),
    };
    let headers = request.headers.into_iter().map(|(name, value)| (name.to_owned(), value.into_exposed()));
    HttpRequest {
        method: method.to_owned(),
        path,
        headers: headers.collect(),
        body: request.body.into_exposed(),
    }
}

fn answered(answer: HttpResponse, wanted: &'static [&'static str]) -> HttpAnswer {
    let header = |name: &&'static str| {
        let found = answer.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| (*name, value.clone()))
    };
    let headers = wanted.iter().filter_map(header).collect();
    HttpAnswer { status: answer.status, headers, body: Private::new(answer.body) }
}
