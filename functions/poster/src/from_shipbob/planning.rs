//! What a delivery of ShipBob's is to become.

use std::time::Duration;

use domain::{DeliveredOrder, Finding, FindingCode, Kind, Record, RecordKey, Source, SourceId, State};
use ledger::LedgerError;
use mapping::{Mapping, Plan, Skus, plan_fee, plan_receipt, plan_return, plan_shipbob_order, plan_shipment};
use shipbob::{Event, Goods, Order, OrderStatus, Shipment, Topic, check, parse, stowed};
use tenants::Tenant;
use tokio::time::Instant;

use crate::{Poster, planning::Work};

/// How long the catalogue may take to answer.
const CATALOGUE: Duration = Duration::from_secs(20);

/// How many digits Shopify's order ids have at least today.
const SHORTEST_SHOPIFY_ID: usize = 12;

/// The order that a shipment is delivered for.
enum Ordered {
    /// CloudSuite has it.
    There(DeliveredOrder),
    /// It is on its way there, in words.
    NotYet(String),
    /// CloudSuite gets none.
    Nothing,
}

impl Poster {
    /// What is to be done for a body of one of ShipBob's topics, for this record.
    pub(crate) async fn plan_from_shipbob(
        &self,
        tenant: &Tenant,
        record: &Record,
        topic: &str,
        bytes: &[u8],
    ) -> Result<Work, LedgerError> {
        let (key, was_moved) = (&record.key, !record.movements.is_empty());
        let reject = |finding| Ok(Work::Plan(Plan::Reject(vec![finding])));
        let Some(topic) = Topic::parse(topic) else { return reject(unknown_topic(topic)) };
        let event = match parse(topic, bytes) {
            Ok(event) => event,
            Err(error) => return reject(error.finding()),
        };
        if let Err(mismatch) = check(topic, &event) {
            return reject(mismatch.finding());
        }
        if key.kind == Kind::Request {
            return Ok(Work::Unfold);
        }
        let mapping = &tenant.mapping;
        Ok(match event {
            Event::Order(order) if self.came_by_shopify(key, &order).await? => {
                Work::Plan(Plan::Skip("it came by Shopify as well".to_owned()))
            }
            Event::Order(order) if order.status == Some(OrderStatus::Cancelled) => {
                Work::Cancel("the order was cancelled at ShipBob".to_owned())
            }
            Event::Order(order) if may_come_by_shopify(mapping, &order) => {
                Work::Plan(Plan::Reject(vec![unclear_origin()]))
            }
            Event::Order(order) => Work::Plan(plan_shipbob_order(mapping, key, &order)),
            Event::Shipment(shipment) => {
                let order = match self.ordered(key, &shipment).await? {
                    Ordered::There(order) => Some(order),
                    Ordered::NotYet(why) if mapping.shipbob.shipments.for_order => {
                        return Ok(Work::Wait(why));
                    }
                    Ordered::NotYet(_) | Ordered::Nothing => None,
                };
                match self.skus(tenant, key, &shipment.issued().goods).await {
                    Ok(skus) => Work::Plan(plan_shipment(mapping, key, &shipment, &skus, order, was_moved)),
                    Err(work) => work,
                }
            }
            Event::Receipt { receipt, boxes } => {
                match self.skus(tenant, key, &stowed(&receipt, boxes.as_deref()).goods).await {
                    Ok(skus) => {
                        let boxes = boxes.as_deref();
                        Work::Plan(plan_receipt(mapping, key, &receipt, boxes, &skus, was_moved))
                    }
                    Err(work) => work,
                }
            }
            Event::Return(returned) => match self.skus(tenant, key, &returned.restocked().goods).await {
                Ok(skus) => Work::Plan(plan_return(mapping, key, &returned, &skus, was_moved)),
                Err(work) => work,
            },
            Event::Transaction(transaction) => Work::Plan(plan_fee(mapping, key, &transaction)),
            Event::Box(_) => {
                Work::Plan(Plan::Skip("a box alone says nothing of its receiving order".to_owned()))
            }
        })
    }

    /// The SKUs that ShipBob's catalogue has of goods; nothing is asked for what the mapping names, and nobody where the
    /// tenant has no access.
    async fn skus(&self, tenant: &Tenant, key: &RecordKey, goods: &[Goods]) -> Result<Skus, Work> {
        let Some(shipbob) = &tenant.shipbob else { return Ok(Skus::new()) };
        let unnamed = |id: &u64| !tenant.mapping.shipbob.items.contains_key(id);
        let items = goods.iter().map(|goods| goods.of.inventory_id).filter(unnamed);
        let items: std::collections::BTreeSet<_> = items.collect();
        let deadline = Instant::now() + CATALOGUE;
        let skus = self.catalogue.skus(&key.tenant, shipbob, items.into_iter(), deadline).await;
        skus.map_err(|error| {
            if error.is_passing() {
                Work::Wait(error.to_string())
            } else {
                Work::Plan(Plan::Reject(vec![error.finding()]))
            }
        })
    }

    /// Whether Shopify told of an order as well: then it is entered by that.
    async fn came_by_shopify(&self, key: &RecordKey, order: &Order) -> Result<bool, LedgerError> {
        match shopify_key(key, order.reference_id.as_deref()) {
            Some(key) => Ok(self.ledger.record(&key).await?.is_some()),
            None => Ok(false),
        }
    }

    /// The sales order of a shipment: ShipBob's own, or Shopify's, whose id ShipBob keeps as the order's reference.
    async fn ordered(&self, key: &RecordKey, shipment: &Shipment) -> Result<Ordered, LedgerError> {
        let own = shipment.order_id.map(|id| RecordKey { kind: Kind::Order, id: id.into(), ..key.clone() });
        let shopifys = shopify_key(key, shipment.reference_id.as_deref());
        for key in [shopifys, own].into_iter().flatten() {
            let Some(record) = self.ledger.record(&key).await? else { continue };
            let is_order = record.document_kind() == domain::DocumentKind::SalesOrder;
            match (&record.state, &record.references.number, &record.customer) {
                (
                    State::Posted | State::Confirmed | State::NeedsReview { .. },
                    Some(number),
                    Some(customer),
                ) if is_order => {
                    let (number, customer) = (number.clone(), customer.clone());
                    return Ok(Ordered::There(DeliveredOrder { number, customer }));
                }
                (
                    State::Received
                    | State::Posting { .. }
                    | State::Posted
                    | State::Waiting { .. }
                    | State::InDoubt { .. },
                    ..,
                ) => return Ok(Ordered::NotYet(format!("{key} is {}", record.state.word()))),
                _ => {}
            }
        }
        Ok(Ordered::Nothing)
    }
}

/// The record of the Shopify order that a reference is the id of, if it may be one.
fn shopify_key(key: &RecordKey, reference: Option<&str>) -> Option<RecordKey> {
    let id: u64 = reference?.parse().ok()?;
    Some(RecordKey { source: Source::Shopify, kind: Kind::Order, id: SourceId::from(id), ..key.clone() })
}

/// Whether Shopify may yet tell of an order: its reference is made as Shopify's ids are, and the mapping does not speak of
/// its channel. Entered now, it could be entered a second time then.
fn may_come_by_shopify(mapping: &Mapping, order: &Order) -> bool {
    let channels = &mapping.shipbob.orders.channels;
    let is_spoken_of =
        order.channel.as_ref().and_then(|channel| channel.id).is_some_and(|id| channels.contains_key(&id));
    let is_as_shopifys = |text: &str| text.len() >= SHORTEST_SHOPIFY_ID && text.parse::<u64>().is_ok();
    !is_spoken_of && order.reference_id.as_deref().is_some_and(is_as_shopifys)
}

fn unclear_origin() -> Finding {
    let message = "its reference may be the id of an order of Shopify's, which has not come by Shopify yet";
    let help = "name its channel under shipbob.orders.channels in the mapping file: becomes = \"nothing\" for that of \
                a Shopify shop, anything else for others";
    Finding::new(FindingCode::UnknownOrder, "reference_id", message, help)
}

fn unknown_topic(topic: &str) -> Finding {
    let help = "delete the message: the webhook lets no delivery of this topic through";
    let message = format!("'{topic}' is no topic that is known");
    Finding::new(FindingCode::UnreadablePayload, "topic", message, help)
}
