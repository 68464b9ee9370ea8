//! The versions of ShipBob's API that everything here is written for: the one place that names them.
//!
//! A version comes each January and July and is supported for two years (ShipBob documentation, "Versioning").

/// The version of everything but webhooks, supported until 2028-01-31. It is the newest whose `OpenAPI` document the
/// client is checked against; 2026-07 only adds to what is read here (freight fields of receiving orders, receiving
/// orders for goods that nobody announced), so nothing is missed.
pub const VERSION: &str = "2026-01";

/// The version of webhook subscriptions, supported until 2028-07-31: `order.delivered` and
/// `order.shipment.tracking.updated` came with it (ShipBob documentation, "Create subscription"). UNCONFIRMED whether
/// it takes `wro.*`, and whether a delivery has the shape of its subscription's version: a topic that it does not
/// take is refused by name, and additions to a shape do no harm.
pub const WEBHOOK_VERSION: &str = "2026-07";
