//! The simulated Shopify: the demo tenant's shop, what happens in it, and where it delivers to.

use domain::TenantId;
use reconcile::wanted;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    Options, StackError,
    simulation::{Simulation, answered},
};

/// The shop's domain.
pub(crate) const SHOP: &str = "demo.myshopify.com";

/// The running simulation.
#[derive(Debug)]
pub struct Shopify {
    pub(crate) simulation: Simulation,
    pub(crate) app: App,
}

/// The app that is installed in the shop, as the simulation made it.
#[derive(Debug, Deserialize)]
pub(crate) struct App {
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
}

impl Shopify {
    /// Starts it on a free port.
    pub(crate) async fn start(options: &Options) -> Result<Self, StackError> {
        let name = "the simulated Shopify";
        let simulation = Simulation::start(name, "shopify", &["--shop", SHOP], options).await?;
        let app = serde_json::from_str(&simulation.file("app.json")?).map_err(|error| {
            StackError::Refused { what: "reading the app of the shop", why: error.to_string() }
        })?;
        Ok(Self { simulation, app })
    }

    /// Its address.
    pub fn base(&self) -> &str {
        &self.simulation.base
    }

    /// Lets it deliver every topic to the webhook of a tenant, as `shopify.app.toml` does.
    pub(crate) async fn deliver_to(&self, api_url: &str, tenant: &TenantId) -> Result<(), StackError> {
        // The emulator's API speaks plain HTTP.
        let settings = json!({ "delivery": { "plain_http_on_loopback": true } });
        self.change("changing settings", "settings", &settings).await?;
        let wanted = wanted(api_url, tenant);
        let declared: Vec<Value> =
            wanted.iter().map(|wanted| json!({ "topic": wanted.topic, "uri": wanted.uri })).collect();
        self.change("declaring the subscriptions", "declare", &json!(declared)).await
    }

    /// Puts an order into the shop, in the shape of its webhook; Shopify tells of it.
    pub async fn put_order(&self, order: &Value) -> Result<(), StackError> {
        self.change("putting an order into the shop", "orders", order).await
    }

    /// The same, but no delivery tells of it.
    pub async fn put_order_silently(&self, order: &Value) -> Result<(), StackError> {
        self.change("putting an order into the shop", "orders?silent=true", order).await
    }

    /// Lets Shopify tell of something, whatever the shop holds.
    pub async fn publish(&self, topic: &str, payload: &Value) -> Result<(), StackError> {
        let message = json!({ "topic": topic, "payload": payload });
        self.change("publishing a message", "publish", &message).await
    }

    async fn change(&self, what: &'static str, path: &str, body: &Value) -> Result<(), StackError> {
        answered::<Value>(what, self.simulation.post(path).json(body)).await.map(drop)
    }
}
