//! The whole simulated CloudSuite as one value: a request and the time go in, an answer comes out.

use jiff::Timestamp;

use crate::control;
use crate::counters::Counters;
use crate::faults::{Effect, Fault, Faults, Place};
use crate::gateway;
use crate::http::{Answer, HttpRequest, HttpResponse};
use crate::limit::Limit;
use crate::m3::M3;
use crate::master::{Item, MasterData};
use crate::settings::{Credentials, Settings};
use crate::token::Tokens;
use crate::view;

/// The simulated token endpoint, gateway and M3. It does no I/O and reads no clock, so a run can be replayed.
#[derive(Debug)]
pub struct SimulatedCloudSuite {
    /// How it behaves; may be changed at any time.
    pub settings: Settings,
    pub(crate) credentials: Credentials,
    pub(crate) tokens: Tokens,
    pub(crate) limit: Limit,
    pub(crate) smoothing: Limit,
    pub(crate) faults: Faults,
    pub(crate) counters: Counters,
    pub(crate) m3: M3,
}

impl SimulatedCloudSuite {
    /// One that holds this master data and accepts the default credentials.
    pub fn new(master: MasterData) -> Self {
        Self::with(master, Credentials::default(), Settings::default())
    }

    /// One that accepts these credentials and behaves like this.
    pub fn with(mut master: MasterData, credentials: Credentials, settings: Settings) -> Self {
        master.user.insert("TEID".to_owned(), credentials.tenant.clone());
        Self {
            settings,
            credentials,
            tokens: Tokens::new(1),
            limit: Limit::default(),
            smoothing: Limit::default(),
            faults: Faults::default(),
            counters: Counters::default(),
            m3: M3::new(master),
        }
    }

    /// The credentials it accepts.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Asks for a fault.
    pub fn add_fault(&mut self, fault: Fault) {
        self.faults.add(fault);
    }

    /// Adds an item that can be sold from every warehouse.
    pub fn add_item(&mut self, number: &str) {
        let places = self.m3.master.warehouses.iter().filter_map(|row| row.get("WHLO").cloned()).collect();
        self.m3.put_item(Item::sellable(number, places));
    }

    /// Somebody enters a batch order by hand: for this customer, with this text as the customer's order number.
    ///
    /// # Errors
    /// There is no such customer; the text of M3's message.
    pub fn enter_batch_order(&mut self, customer: &str, reference: &str) -> Result<String, String> {
        self.m3.enter_by_hand(customer, reference).map_err(|nok| nok.text)
    }

    /// A customer order moves on: its lines, or one of them, to a status (33 allocated, 44 pick list printed, 66
    /// delivered, 77 invoiced), or each one step.
    ///
    /// # Errors
    /// There is no such order, line or status, or no line to move; the text of it.
    pub fn advance_order(&mut self, number: &str, line: Option<u32>, to: Option<&str>) -> Result<(), String> {
        self.m3.advance(number, line, to).map_err(|nok| nok.text)
    }

    /// A clerk changes a field of an order's line by hand. Says why if there is no such order or line.
    pub fn change_line(&mut self, order: &str, line: u32, field: &str, value: &str) -> Result<(), String> {
        let found = self.m3.orders.get_mut(order).ok_or_else(|| format!("there is no order {order}"))?;
        let line = found.content.lines.iter_mut().find(|one| one.number == line);
        let line = line.ok_or_else(|| format!("order {order} has no such line"))?;
        line.fields.insert(field.to_owned(), value.to_owned());
        Ok(())
    }

    /// What it holds and what it has counted, as JSON.
    pub fn state(&self) -> serde_json::Value {
        view::state(self)
    }

    /// Notes how many gateway requests are open at once; only a caller with real connections knows.
    pub fn observe_simultaneous(&mut self, open: u64) {
        self.counters.max_simultaneous = self.counters.max_simultaneous.max(open);
    }

    /// Answers one request at this time.
    pub fn handle(&mut self, request: &HttpRequest, now: Timestamp) -> Answer {
        self.m3.settings = self.settings.clone();
        self.m3.settle(now);
        let (path, query) = request.path_and_query();
        let tenant = &self.credentials.tenant;
        if path == "/" {
            return Answer::now(HttpResponse::html(view::page(self)));
        }
        if let Some(control) = path.strip_prefix("/_simulated/") {
            return Answer::now(control::handle(self, &request.method, control, query, &request.body));
        }
        if path == format!("/{tenant}/as/token.oauth2") || path == "/InforIntSTS/connect/token" {
            return self.handle_token(request, now);
        }
        if path == format!("/{tenant}/as/revoke_token.oauth2") || path == "/InforIntSTS/connect/revocation" {
            return Answer::now(self.tokens.revoke(request, &self.credentials));
        }
        if path == format!("/{tenant}/M3/m3api-rest/v2/execute") {
            return gateway::handle(self, request, query, now);
        }
        Answer::now(HttpResponse::fault(404, "Not Found"))
    }

    fn handle_token(&mut self, request: &HttpRequest, now: Timestamp) -> Answer {
        self.counters.token_requests += 1;
        let effects = self.faults.take(Place::Token, "", &[]);
        let (tokens, credentials, settings) = (&mut self.tokens, &self.credentials, &self.settings);
        gateway::with_effects(&effects, 0, || tokens.grant(request, credentials, settings, now))
    }
}

/// Whether a fault of this kind is among them.
pub(crate) fn has(effects: &[Effect], wanted: &Effect) -> bool {
    effects.contains(wanted)
}
