//! The whole simulated ShipBob as one value: a request and the time go in, an answer comes out; something happens in a
//! warehouse, and its deliveries become due.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::api::{self, Limit};
use crate::clock::Clock;
use crate::control;
use crate::faults::Faults;
use crate::http::{HttpRequest, HttpResponse};
use crate::oauth::{Consent, OAuth};
use crate::settings::{Credentials, Settings};
use crate::warehouse::Warehouse;
use crate::webhooks::{Deliverer, Delivery, DeliveryRecord, Message, Outcome, Subscriptions};

/// The simulated account with its API, its warehouses and its webhooks. It does no I/O and reads no clock, so a run can
/// be replayed. Every `now` is the machine's time; inside it becomes simulated time.
#[derive(Debug)]
pub struct SimulatedShipBob {
    /// How it behaves; may be changed at any time.
    pub settings: Settings,
    pub(crate) credentials: Credentials,
    pub(crate) clock: Clock,
    pub(crate) warehouse: Warehouse,
    pub(crate) subscriptions: Subscriptions,
    pub(crate) deliverer: Deliverer,
    /// Of the personal access token, and of the app.
    pub(crate) limits: [Limit; 2],
    pub(crate) oauth: OAuth,
    pub(crate) faults: Faults,
    /// Parameters of the query that nothing came of, with the place where they were asked for.
    pub(crate) ignored: BTreeSet<String>,
    /// API answers by status.
    pub(crate) answers_by_status: BTreeMap<u16, u64>,
    pub(crate) random: fastrand::Rng,
}

impl Default for SimulatedShipBob {
    fn default() -> Self {
        Self::with(Credentials::default(), Settings::default(), 1)
    }
}

impl SimulatedShipBob {
    /// One with these secrets, that behaves like this. Ids and chance follow from the seed.
    pub fn with(credentials: Credentials, settings: Settings, seed: u64) -> Self {
        Self {
            settings,
            credentials,
            clock: Clock::default(),
            warehouse: Warehouse::default(),
            subscriptions: Subscriptions::default(),
            deliverer: Deliverer::new(seed),
            limits: Default::default(),
            oauth: OAuth::default(),
            faults: Faults::default(),
            ignored: BTreeSet::new(),
            answers_by_status: BTreeMap::new(),
            random: fastrand::Rng::with_seed(seed),
        }
    }

    /// The secrets it accepts and suggests.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Answers one request at this time.
    pub fn handle(&mut self, request: &HttpRequest, now: Timestamp) -> HttpResponse {
        self.warehouse.bill_what_is_due(self.clock.at(now));
        let (path, query) = request.path_and_query();
        if let Some(path) = path.strip_prefix("/_simulated/") {
            return control::handle(self, &request.method, path, query, &request.body, now);
        }
        let answer = self.answer(request, path, now);
        *self.answers_by_status.entry(answer.status).or_default() += 1;
        answer
    }

    /// What the API answers, or the fault that was asked for.
    fn answer(&mut self, request: &HttpRequest, path: &str, now: Timestamp) -> HttpResponse {
        let path = path.trim_start_matches('/');
        let below =
            path.split_once('/').filter(|(version, _)| self.settings.versions.iter().any(|v| v == version));
        let Some(fault) = self.faults.of_request(&request.method, below.map_or(path, |(_, below)| below))
        else {
            return self.ask(request, path, now);
        };
        let lets_through = fault.lets_through();
        fault.instead_of(if lets_through { self.ask(request, path, now) } else { HttpResponse::none() })
    }

    /// The API, or the other host, which gives tokens.
    fn ask(&mut self, request: &HttpRequest, path: &str, now: Timestamp) -> HttpResponse {
        if path == "connect/token" {
            let now = self.clock.at(now);
            return self.oauth.token(request, &self.credentials, &mut self.random, now);
        }
        let answer = api::handle(self, request, now);
        HttpResponse { body: self.with_unknown_values(answer.body), ..answer }
    }

    /// The same body with the words that the settings replace. What is a member's value follows a colon at once.
    fn with_unknown_values(&self, body: Vec<u8>) -> Vec<u8> {
        if self.settings.unknown_values.is_empty() {
            return body;
        }
        let replaced = |text: String, (known, unknown): (&String, &String)| {
            text.replace(&format!(":\"{known}\""), &format!(":\"{unknown}\""))
        };
        let text = String::from_utf8_lossy(&body).into_owned();
        self.settings.unknown_values.iter().fold(text, replaced).into_bytes()
    }

    /// The merchant authorises the app: a code for `POST /connect/token`, good for two minutes.
    pub(crate) fn authorise(&mut self, consent: Consent, now: Timestamp) -> String {
        let now = self.clock.at(now);
        self.oauth.agree(consent, &self.settings.scopes, &mut self.random, now)
    }

    /// The simulated time.
    pub fn time(&self, now: Timestamp) -> Timestamp {
        self.clock.at(now)
    }

    /// From now on so many simulated seconds pass in a second; 0 stops the time.
    pub fn set_pace(&mut self, pace: u32, now: Timestamp) {
        self.clock.set_pace(pace, now);
    }

    /// Jumps ahead by so many simulated seconds.
    pub fn skip(&mut self, seconds: u32) {
        self.clock.skip(seconds);
    }

    pub(crate) fn publish(&mut self, messages: &[Message], now: Timestamp) {
        let simulated = self.clock.at(now);
        for message in messages {
            let message = Message { body: self.with_unknown_values(message.body.clone()), ..message.clone() };
            let settings = &self.settings.delivery;
            self.deliverer.publish(&message, &self.subscriptions, settings, &mut self.faults, simulated);
        }
    }
}

/// The delivery of webhooks. Whoever has a connection asks what is due, posts it, and tells what came of it.
impl SimulatedShipBob {
    /// Takes the deliveries that are due, signed with the simulated time unless the settings name the machine's.
    pub fn due_deliveries(&mut self, now: Timestamp) -> Vec<Delivery> {
        let simulated = self.clock.at(now);
        let signed_at = if self.settings.delivery.timestamps_by_machine_time { now } else { simulated };
        self.deliverer.take_due(simulated, self.settings.delivery.at_once, signed_at.as_second())
    }

    /// When the next delivery is due, in simulated time.
    pub fn next_delivery(&self) -> Option<Timestamp> {
        self.deliverer.next_due()
    }

    /// Tells how an attempt ended.
    pub fn delivered(&mut self, delivery: u64, outcome: Outcome, now: Timestamp) {
        let now = self.clock.at(now);
        self.deliverer.ended(delivery, outcome, &mut self.subscriptions, &self.settings.delivery, now);
    }

    /// What became of each delivery so far.
    pub fn deliveries(&self) -> Vec<DeliveryRecord> {
        self.deliverer.records().cloned().collect()
    }
}
