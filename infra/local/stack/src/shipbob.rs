//! The simulated ShipBob: the demo tenant's account, what happens in its warehouses, and where it delivers to.

use ::shipbob::Topic;
use domain::TenantId;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    Options, StackError,
    simulation::{Simulation, answered},
};

/// The version of its API by which the subscription is made: older ones know no topics of receiving orders.
const VERSION: &str = "2026-07";
/// The items of the account: those of the demo tenant's catalogue that M3 keeps in the fulfilment centres too. What M3
/// keeps in lots, ShipBob does.
const ITEMS: [(u64, &str, bool); 2] = [(71, "CANDLE-SOY", false), (72, "BALM-LIP", true)];
/// What the token may do beside reading: a merchant makes the subscriptions in the dashboard.
const WRITES: &str = "webhooks_write";

/// The running simulation.
#[derive(Debug)]
pub struct ShipBob {
    pub(crate) simulation: Simulation,
    pub(crate) account: Account,
}

/// How the account is reached, and what its deliveries are signed with.
#[derive(Debug, Deserialize)]
pub(crate) struct Account {
    pub(crate) access_token: String,
    pub(crate) webhook_secret: String,
}

impl ShipBob {
    /// Starts it on a free port.
    pub(crate) async fn start(options: &Options) -> Result<Self, StackError> {
        let simulation = Simulation::start("the simulated ShipBob", "shipbob", &[], options).await?;
        let account = serde_json::from_str(&simulation.file("app.json")?).map_err(|error| {
            StackError::Refused { what: "reading the account at ShipBob", why: error.to_string() }
        })?;
        let shipbob = Self { simulation, account };
        let item = |(id, sku, is_lot): (u64, &str, bool)| json!({ "inventory_id": id, "sku": sku, "name": sku, "is_lot": is_lot });
        shipbob.happens("items", &json!(ITEMS.map(item))).await?;
        Ok(shipbob)
    }

    /// Its address.
    pub fn base(&self) -> &str {
        &self.simulation.base
    }

    /// Lets it deliver every topic to the webhook of a tenant.
    pub(crate) async fn deliver_to(&self, api_url: &str, tenant: &TenantId) -> Result<(), StackError> {
        let mut scopes = self.state().await?["settings"]["scopes"].clone();
        if let Some(scopes) = scopes.as_array_mut() {
            scopes.push(json!(WRITES));
        }
        // The emulator's API speaks plain HTTP.
        let settings = json!({ "scopes": scopes, "delivery": { "plain_http_on_loopback": true } });
        self.happens("settings", &settings).await?;
        let wanted = Topic::all().filter(|topic| topic.is_needed() && !topic.is_internal());
        let subscription = json!({
            "topics": wanted.map(Topic::as_str).collect::<Vec<_>>(),
            "url": format!("{}/webhooks/shipbob/{tenant}", api_url.trim_end_matches('/')),
            "secret": self.account.webhook_secret,
        });
        let request =
            self.simulation.api(&format!("{VERSION}/webhook")).bearer_auth(&self.account.access_token);
        answered::<Value>("subscribing to ShipBob's webhooks", request.json(&subscription)).await.map(drop)
    }

    /// Lets something happen in the account, as its control interface says (its README lists what can); what that
    /// answers.
    pub async fn happens(&self, path: &str, body: &Value) -> Result<Value, StackError> {
        answered("letting something happen at ShipBob", self.simulation.post(path).json(body)).await
    }

    async fn state(&self) -> Result<Value, StackError> {
        answered("asking ShipBob for its state", self.simulation.get("state")).await
    }
}
