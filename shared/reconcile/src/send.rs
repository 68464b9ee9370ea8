//! Fetches orders and puts them on the queue of events, as a webhook about them would have come.

use domain::{Finding, FindingCode, Source};
use platform::{Body, Envelope};
use shopify::Topic;
use shopify_admin::{AdminError, ORDERS_TOGETHER, OrderDocument, VERSION};
use tokio::time::Instant;

use crate::{Shop, Stop, report::PageReport};

/// Fetches these orders and sends them. What is wrong with a single order is a finding and stops no other.
pub(crate) async fn send(
    shop: &Shop<'_>,
    ids: &[u64],
    deadline: Instant,
    page: &mut PageReport,
) -> Result<(), Stop> {
    for ids in ids.chunks(ORDERS_TOGETHER) {
        match shop.admin.orders(ids, deadline).await {
            Ok(documents) => {
                page.counts.gone += (ids.len() - documents.len()) as u64;
                for document in documents {
                    send_one(shop, document, page).await?;
                }
            }
            Err(error) if is_of_one_order(&error) => one_by_one(shop, ids, deadline, page).await?,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// One of them cannot be fetched, and which one it is shows alone.
async fn one_by_one(
    shop: &Shop<'_>,
    ids: &[u64],
    deadline: Instant,
    page: &mut PageReport,
) -> Result<(), Stop> {
    for id in ids {
        match shop.admin.order(*id, deadline).await {
            Ok(Some(document)) => send_one(shop, document, page).await?,
            Ok(None) => page.counts.gone += 1,
            Err(error) if is_of_one_order(&error) => {
                page.counts.failed += 1;
                let Finding { code, message, help, .. } = error.finding();
                page.findings.push(Finding::new(code, format!("orders/{id}"), message, help));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Whether an error says something of a single order: another one may fare better.
fn is_of_one_order(error: &AdminError) -> bool {
    matches!(error, AdminError::Incomplete(_) | AdminError::Unreadable(_) | AdminError::TooCostly)
}

async fn send_one(shop: &Shop<'_>, document: OrderDocument, page: &mut PageReport) -> Result<(), Stop> {
    let id = document.id;
    let bytes = document.body.expose().len();
    match envelope(shop, document).to_bounded_message(bytes) {
        Ok(message) => {
            shop.queues.send(shop.tenant, message).await?;
            page.counts.sent += 1;
        }
        Err(size) => {
            page.counts.failed += 1;
            page.findings.push(too_large(id, size));
        }
    }
    Ok(())
}

/// The order in the envelope that the webhook would have made of a delivery. The same state of the order has the same
/// delivery id, whoever sends it.
fn envelope(shop: &Shop<'_>, document: OrderDocument) -> Envelope {
    let OrderDocument { id, updated_at, body, .. } = document;
    let mut envelope = Envelope::new(
        shop.tenant.clone(),
        Source::Shopify,
        Topic::OrdersUpdated.as_str().to_owned(),
        format!("reconcile-{id}-{}", updated_at.as_second()),
        shop.clock.now(),
        Body::compress(body.expose()),
    );
    envelope.api_version = Some(VERSION.to_owned());
    envelope
}

fn too_large(id: u64, size: usize) -> Finding {
    Finding::new(
        FindingCode::TooLong,
        format!("orders/{id}"),
        format!("the order makes a message of {size} bytes, more than the queue takes"),
        "enter this order in CloudSuite by hand",
    )
}
