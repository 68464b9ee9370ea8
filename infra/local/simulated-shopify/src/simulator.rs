//! The whole simulated Shopify as one value: a request and the time go in, an answer comes out; a change goes in, and
//! its deliveries become due.

use jiff::Timestamp;
use serde_json::Value;

use crate::admin::{self, Bucket};
use crate::clock::Clock;
use crate::control;
use crate::counters::Counters;
use crate::faults::{Effect, Fault, Faults, Place, with_effects};
use crate::http::{Answer, HttpRequest, HttpResponse};
use crate::settings::{Credentials, Settings};
use crate::shop::{Kind, Message, RefundLine, Shop, local_time};
use crate::token::{OfflineToken, Tokens};
use crate::view;
use crate::webhooks::{
    DeclaredSubscription, Deliverer, Delivery, DeliveryRecord, Outcome, Published, Signer, Subscriptions,
};

/// The simulated shop with its Admin API, its token endpoint and its webhooks. It does no I/O and reads no clock, so a
/// run can be replayed. Every `now` is the machine's time; inside it becomes simulated time.
#[derive(Debug)]
pub struct SimulatedShopify {
    /// How it behaves; may be changed at any time.
    pub settings: Settings,
    pub(crate) credentials: Credentials,
    pub(crate) clock: Clock,
    pub(crate) shop: Shop,
    pub(crate) tokens: Tokens,
    pub(crate) subscriptions: Subscriptions,
    pub(crate) deliverer: Deliverer,
    pub(crate) bucket: Bucket,
    pub(crate) faults: Faults,
    pub(crate) counters: Counters,
}

impl Default for SimulatedShopify {
    fn default() -> Self {
        Self::with(Credentials::default(), Settings::default(), 1)
    }
}

impl SimulatedShopify {
    /// One for this shop and app, that behaves like this. Ids, tokens and chance follow from the seed.
    pub fn with(credentials: Credentials, settings: Settings, seed: u64) -> Self {
        Self {
            shop: Shop::new(&credentials.shop),
            tokens: Tokens::new(seed),
            deliverer: Deliverer::new(seed),
            settings,
            credentials,
            clock: Clock::default(),
            subscriptions: Subscriptions::default(),
            bucket: Bucket::default(),
            faults: Faults::default(),
            counters: Counters::default(),
        }
    }

    /// The credentials it accepts.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Answers one request at this time.
    pub fn handle(&mut self, request: &HttpRequest, now: Timestamp) -> Answer {
        let (path, query) = request.path_and_query();
        if let Some(path) = path.strip_prefix("/_simulated/") {
            return Answer::now(control::handle(self, &request.method, path, query, &request.body, now));
        }
        let simulated = self.clock.at(now);
        if path == "/admin/oauth/access_token" {
            return self.handle_token(request, simulated);
        }
        match admin::version_in(path) {
            Some(version) => admin::handle(self, request, version, simulated),
            None => Answer::now(HttpResponse::errors(404, "Not Found")),
        }
    }

    fn handle_token(&mut self, request: &HttpRequest, now: Timestamp) -> Answer {
        self.counters.token_requests += 1;
        let effects = self.faults.take(Place::Token, &request.body);
        if effects.contains(&Effect::RevokeTokens) {
            self.tokens.revoke_all();
        }
        let (tokens, installed) = (&mut self.tokens, self.shop.installed);
        let (credentials, settings) = (&self.credentials, &self.settings);
        with_effects(&effects, 0, || {
            if installed {
                return tokens.grant(request, credentials, settings, now);
            }
            HttpResponse::json(400, &serde_json::json!({ "error": "app_not_installed" }))
        })
    }

    /// Asks for a fault.
    pub fn add_fault(&mut self, fault: Fault) {
        self.faults.add(fault);
    }

    /// What it holds and what it has counted, as JSON.
    pub fn state(&self, now: Timestamp) -> Value {
        view::state(self, self.clock.at(now))
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

    /// A token that never ends (`shpat_…`).
    pub fn issue_permanent_token(&mut self) -> String {
        self.tokens.issue_permanent(&self.settings)
    }

    /// The expiring offline token that an installation brings; an older one ends.
    pub fn issue_offline_token(&mut self, now: Timestamp) -> OfflineToken {
        let now = self.clock.at(now);
        self.tokens.issue_offline(&self.settings, now)
    }

    /// Declares the subscriptions of `shopify.app.toml`, in place of those declared before.
    pub fn declare(&mut self, subscriptions: &[DeclaredSubscription], now: Timestamp) {
        self.subscriptions.declare(subscriptions, self.clock.at(now));
    }
}

/// What happens in the shop. Each change publishes its webhooks.
impl SimulatedShopify {
    /// Adds or replaces an order, given in the shape of its webhook (also as `{"order": …}`); returns its id. Ids and
    /// times that it carries are kept.
    ///
    /// # Errors
    /// It is no object, or its id is no number.
    pub fn put_order(&mut self, order: Value, now: Timestamp) -> Result<u64, String> {
        let time = self.local(now);
        let (id, messages) = self.shop.put_order(order, &time)?;
        self.publish_all(&messages, now);
        Ok(id)
    }

    /// As [`Self::put_order`], but nothing is published: an order that no webhook ever told of.
    ///
    /// # Errors
    /// As there.
    pub fn put_order_silently(&mut self, order: Value, now: Timestamp) -> Result<u64, String> {
        let time = self.local(now);
        self.shop.put_order(order, &time).map(|(id, _)| id)
    }

    /// Merges a patch (RFC 7396) into an order; its `updated_at` moves.
    ///
    /// # Errors
    /// There is no such order, or the patch changes its id.
    pub fn edit_order(&mut self, id: u64, patch: Value, now: Timestamp) -> Result<(), String> {
        self.change(now, |shop, time| shop.edit_order(id, patch, time))
    }

    /// Cancels an order for a reason: customer, declined, fraud, inventory, staff, other.
    ///
    /// # Errors
    /// There is no such order or reason, or it is cancelled already.
    pub fn cancel_order(&mut self, id: u64, reason: &str, now: Timestamp) -> Result<(), String> {
        self.change(now, |shop, time| shop.cancel_order(id, reason, time))
    }

    /// An order is paid in full.
    ///
    /// # Errors
    /// There is no such order.
    pub fn pay_order(&mut self, id: u64, now: Timestamp) -> Result<(), String> {
        self.change(now, |shop, time| shop.pay_order(id, time))
    }

    /// All lines of an order are shipped.
    ///
    /// # Errors
    /// There is no such order.
    pub fn fulfil_order(&mut self, id: u64, now: Timestamp) -> Result<(), String> {
        self.change(now, |shop, time| shop.fulfil_order(id, time))
    }

    /// Refunds so many pieces of these lines.
    ///
    /// # Errors
    /// There is no such order or line, or not so many pieces.
    pub fn refund_order(&mut self, id: u64, lines: &[RefundLine], now: Timestamp) -> Result<(), String> {
        self.change(now, |shop, time| shop.refund_order(id, lines, time))
    }

    /// Deletes an order.
    ///
    /// # Errors
    /// There is no such order.
    pub fn delete_order(&mut self, id: u64, now: Timestamp) -> Result<(), String> {
        self.change(now, |shop, _| shop.delete_order(id))
    }

    /// Adds or replaces a customer, company, location or contact, given in the shape of its webhook; returns its id.
    ///
    /// # Errors
    /// It is no object, or its id is no number.
    pub fn put(&mut self, kind: Kind, value: Value, now: Timestamp) -> Result<u64, String> {
        let time = self.local(now);
        let (id, messages) = self.shop.put(kind, value, &time)?;
        self.publish_all(&messages, now);
        Ok(id)
    }

    /// Deletes one of them.
    ///
    /// # Errors
    /// There is none.
    pub fn delete(&mut self, kind: Kind, id: u64, now: Timestamp) -> Result<(), String> {
        self.change(now, |shop, _| shop.delete(kind, id))
    }

    /// Publishes any message: `customers/redact`, `bulk_operations/finish` …
    pub fn publish(&mut self, topic: &str, payload: Value, now: Timestamp) {
        self.publish_all(&[Message::new(topic, payload)], now);
    }

    /// The merchant removes the app: all tokens end, the subscriptions that were made by the Admin API are gone.
    pub fn uninstall(&mut self, now: Timestamp) {
        self.shop.installed = false;
        self.tokens.revoke_all();
        let shop = self.shop.as_payload();
        self.publish("app/uninstalled", shop, now);
        self.subscriptions.clear();
    }

    /// The merchant installs the app again.
    pub fn install(&mut self) {
        self.shop.installed = true;
    }

    /// An order as it stands, in the shape of its webhook.
    pub fn order(&self, id: u64) -> Option<&Value> {
        self.shop.orders.get(&id)
    }

    fn change(
        &mut self,
        now: Timestamp,
        change: impl FnOnce(&mut Shop, &str) -> Result<Vec<Message>, String>,
    ) -> Result<(), String> {
        let time = self.local(now);
        let messages = change(&mut self.shop, &time)?;
        self.publish_all(&messages, now);
        Ok(())
    }

    fn local(&self, now: Timestamp) -> String {
        local_time(self.clock.at(now), self.settings.utc_offset_minutes)
    }

    fn publish_all(&mut self, messages: &[Message], now: Timestamp) {
        let signer = Signer {
            secret: self.credentials.client_secret.clone(),
            shop: self.credentials.shop.clone(),
            version: self.settings.webhook_version.clone(),
        };
        self.deliverer.publish(&Published {
            messages,
            subscriptions: &self.subscriptions,
            signer: &signer,
            protected: self.settings.protected_data,
            settings: &self.settings.delivery,
            now: self.clock.at(now),
        });
    }
}

/// The delivery of webhooks. Whoever has a connection asks what is due, posts it, and tells what came of it.
impl SimulatedShopify {
    /// Takes the deliveries that are due.
    pub fn due_deliveries(&mut self, now: Timestamp) -> Vec<Delivery> {
        let now = self.clock.at(now);
        self.deliverer.take_due(now, self.settings.delivery.at_once)
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
