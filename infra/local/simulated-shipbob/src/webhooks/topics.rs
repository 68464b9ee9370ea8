//! The topics that can be subscribed to, by their dotted names, and the names that the retired versions had for some.

use serde::{Deserialize, Serialize};

macro_rules! topics {
    ($($name:ident $dotted:literal $legacy:expr,)*) => {
        /// What a webhook tells of (`OpenAPI`, `Webhooks.Topics`, and the newer ones of the 2026-07 pages).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub(crate) enum Topic {
            $(#[serde(rename = $dotted)] $name,)*
        }

        impl Topic {
            /// The dotted name, as `x-webhook-topic` carries it.
            pub(crate) fn name(self) -> &'static str {
                match self { $(Self::$name => $dotted,)* }
            }

            /// The first dated version whose document has it; of `wro.*` no document says so, the pages of 2026-07 do.
            pub(crate) fn since(self) -> &'static str {
                match self.name() {
                    "order.delivered" | "order.shipment.tracking.updated" => "2026-07",
                    name if name.starts_with("wro.") => "2026-07",
                    name if name.starts_with("billing.") => "2026-01",
                    _ => "2025-07",
                }
            }

            /// The name in versions 1.0 and 2.0; none: those versions do not have it.
            pub(crate) fn legacy_name(self) -> Option<&'static str> {
                match self { $(Self::$name => $legacy,)* }
            }
        }
    };
}

topics! {
    OrderShipped "order.shipped" Some("order_shipped"),
    OrderDelivered "order.delivered" None,
    ShipmentDelivered "order.shipment.delivered" Some("shipment_delivered"),
    ShipmentException "order.shipment.exception" Some("shipment_exception"),
    ShipmentOnHold "order.shipment.on_hold" Some("shipment_onhold"),
    ShipmentCancelled "order.shipment.cancelled" Some("shipment_cancelled"),
    TrackingUpdated "order.shipment.tracking.updated" None,
    ReturnCreated "return.created" None,
    ReturnUpdated "return.updated" None,
    ReturnCompleted "return.completed" None,
    WroCreated "wro.created" None,
    WroUpdated "wro.updated" None,
    WroCompleted "wro.completed" None,
    BoxArrived "wro.box.arrived" None,
    BoxScanned "wro.box.scanned" None,
    BoxStowed "wro.box.stowed" None,
    ChargeCreated "billing.charge.created" None,
    RefundCreated "billing.refund.created" None,
    CreditCreated "billing.credit.created" None,
}
