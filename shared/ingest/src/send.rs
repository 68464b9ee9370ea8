//! What the ledger does not have is put on the queue of events, as a webhook about it would have come.

use std::collections::HashMap;

use domain::{Digest, Finding, FindingCode, RecordKey, Source};
use ledger::LedgerError;
use platform::{Body, Envelope};
use shipbob_api::VERSION;

use crate::{Stop, Warehouse, object::Object, recent::Recent, report::Part};

/// What a run sent, so that an object that stands in two lists, or on two pages, is sent once.
pub(crate) type Sent = HashMap<RecordKey, Digest>;

/// Sends what is new of these objects; in a dry run counts it only. What is wrong with one of them is a finding and
/// stops no other.
pub(crate) async fn send(
    warehouse: &Warehouse<'_>,
    objects: Vec<Object>,
    is_live: bool,
    sent: &mut Sent,
    recent: &mut Recent,
    part: &mut Part,
) -> Result<(), Stop> {
    let known = known(warehouse, &objects).await?;
    for Object { key, topic, body, digest } in objects {
        let is_known =
            [known.get(&key), sent.get(&key)].contains(&Some(&digest)) || recent.has(&key, &digest);
        if is_known {
            part.counts.of(key.kind).known += 1;
            continue;
        }
        let mut envelope = Envelope::new(
            warehouse.tenant.clone(),
            Source::Shipbob,
            topic.as_str().to_owned(),
            format!("ingest-{}-{}-{}", key.kind, key.id, digest.short()),
            warehouse.clock.now(),
            Body::compress(&body),
        );
        envelope.api_version = Some(VERSION.to_owned());
        match envelope.to_bounded_message(body.len()) {
            Ok(message) => {
                if is_live {
                    warehouse.queues.send(warehouse.tenant, message).await?;
                }
                part.counts.of(key.kind).sent += 1;
                recent.add(&key, &digest);
                sent.insert(key, digest);
            }
            Err(size) => part.failed(key.kind, too_large(&key, size)),
        }
    }
    Ok(())
}

/// The bodies that the ledger took in last, by their records.
async fn known(
    warehouse: &Warehouse<'_>,
    objects: &[Object],
) -> Result<HashMap<RecordKey, Digest>, LedgerError> {
    let keys: Vec<_> = objects.iter().map(|object| object.key.clone()).collect();
    let known = warehouse.ledger.known_of(&keys).await?;
    Ok(known.into_iter().filter_map(|known| Some((known.key, known.body?))).collect())
}

fn too_large(key: &RecordKey, size: usize) -> Finding {
    Finding::new(
        FindingCode::TooLong,
        format!("{}/{}", key.kind, key.id),
        format!("it makes a message of {size} bytes, more than the queue takes"),
        "enter it in CloudSuite by hand",
    )
}
