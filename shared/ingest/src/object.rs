//! Objects of a page, as the queue gets them.

use std::collections::BTreeMap;

use domain::{Digest, Finding, FindingCode, Kind, RecordKey, Source, SourceId, TenantId};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipbob::{Topic, peek};
use shipbob_api::Json;

use crate::{List, report::Part};

/// An object on its way to the queue. Its body holds personal data, so it has no `Debug`.
pub(crate) struct Object {
    /// The record that it is of.
    pub(crate) key: RecordKey,
    /// The topic that it goes under.
    pub(crate) topic: Topic,
    /// What the queue gets: ShipBob's own bytes.
    pub(crate) body: Vec<u8>,
    /// Digest of the body.
    pub(crate) digest: Digest,
}

impl Object {
    fn new(key: RecordKey, topic: Topic, body: &[u8]) -> Self {
        Self { key, topic, digest: Digest::of(body), body: body.to_vec() }
    }
}

/// A page by the ids of its objects: each once, the last one that stands there, in the order of the ids. What has no
/// id is counted and told.
pub(crate) fn by_id(list: List, page: Vec<Json>, part: &mut Part) -> BTreeMap<SourceId, Json> {
    let mut objects = BTreeMap::new();
    for json in page {
        part.counts.of(list.kind()).listed += 1;
        match identify(list.topic(), json.bytes()) {
            Ok(id) => {
                objects.insert(id, json);
            }
            Err(finding) => part.failed(list.kind(), finding),
        }
    }
    objects
}

/// An order, and each of its shipments by itself: so a shipment is found of which no webhook told.
pub(crate) fn order(tenant: &TenantId, id: SourceId, json: &Json, part: &mut Part) -> Vec<Object> {
    let mut objects = vec![Object::new(key(tenant, Kind::Order, id), Topic::OrderPolled, json.bytes())];
    // What cannot be read of it, whoever takes the order in will tell.
    let Shipments { shipments } = serde_json::from_str(json.text()).unwrap_or_default();
    for shipment in shipments.unwrap_or_default() {
        let body = shipment.get().as_bytes();
        part.counts.shipments.listed += 1;
        match identify(Topic::ShipmentPolled, body) {
            Ok(id) => {
                objects.push(Object::new(key(tenant, Kind::Shipment, id), Topic::ShipmentPolled, body));
            }
            Err(finding) => part.failed(Kind::Shipment, finding),
        }
    }
    objects
}

/// A receiving order with its boxes, which ShipBob answers apart: the body of `wro.fetched`.
pub(crate) fn receipt(tenant: &TenantId, id: SourceId, json: &Json, boxes: Option<&[Json]>) -> Object {
    let boxes = boxes.map(|boxes| boxes.iter().map(Json::text).collect::<Vec<_>>().join(","));
    let boxes = boxes.map(|boxes| format!(r#","boxes":[{boxes}]"#)).unwrap_or_default();
    let body = format!(r#"{{"receipt":{}{boxes}}}"#, json.text());
    Object::new(key(tenant, Kind::Receipt, id), Topic::WroFetched, body.as_bytes())
}

/// A return or a fee.
pub(crate) fn plain(tenant: &TenantId, list: List, id: SourceId, json: &Json) -> Object {
    Object::new(key(tenant, list.kind(), id), list.topic(), json.bytes())
}

#[derive(Default, Deserialize)]
struct Shipments<'a> {
    #[serde(borrow, default)]
    shipments: Option<Vec<&'a RawValue>>,
}

fn identify(topic: Topic, body: &[u8]) -> Result<SourceId, Finding> {
    let peek = peek(topic, body).map_err(|error| error.finding())?;
    if peek.subject == topic.subject() {
        return Ok(peek.id);
    }
    let (listed, found) = (topic.subject().as_str(), peek.subject.as_str());
    Err(Finding::new(
        FindingCode::UnreadablePayload,
        "shipbob-api",
        format!("ShipBob listed {found} where {listed} was asked for"),
        "report this finding: ShipBob sends a shape that this release does not know",
    ))
}

fn key(tenant: &TenantId, kind: Kind, id: SourceId) -> RecordKey {
    RecordKey { tenant: tenant.clone(), source: Source::Shipbob, kind, id }
}
