//! One page of Shopify's list against the ledger.

use domain::{Kind, RecordKey, Source, SourceId, TenantId};
use ledger::{Ledger, LedgerError};
use shopify_admin::Listed;

use crate::{
    index::{Index, Updated},
    report::{Counts, Found, NAMED, PageReport},
};

/// Compares a page, reports what it came to, and returns the ids of what is missing or outdated.
pub(crate) async fn compare(
    ledger: &dyn Ledger,
    tenant: &TenantId,
    index: &mut Index,
    orders: &[Listed],
    page: &mut PageReport,
) -> Result<Vec<u64>, LedgerError> {
    let times = || orders.iter().map(|order| order.updated_at);
    let (Some(first), Some(last)) = (times().min(), times().max()) else { return Ok(Vec::new()) };
    index.read_on(ledger, tenant, (first, last), orders.len()).await?;
    let keyed: Vec<_> = orders.iter().map(|order| (key(tenant, order.id), order)).collect();
    // The index lags and tells of its own span only: nothing is fetched on its word alone.
    let unsure = keyed.iter().filter(|(key, order)| standing(index.get(key), order) != Standing::Known);
    let unsure: Vec<_> = unsure.map(|(key, _)| key.clone()).collect();
    if !unsure.is_empty() {
        index.take(ledger.known_of(&unsure).await?);
    }
    Ok(sort_out(index, &keyed, page))
}

fn sort_out(index: &Index, keyed: &[(RecordKey, &Listed)], page: &mut PageReport) -> Vec<u64> {
    let mut wanted = Vec::new();
    for (key, order) in keyed {
        let standing = standing(index.get(key), order);
        count(&mut page.counts, standing);
        if standing == Standing::Known {
            continue;
        }
        wanted.push(order.id);
        if page.examples.len() < NAMED {
            let Listed { id, ref name, updated_at } = **order;
            let outdated = standing == Standing::Outdated;
            page.examples.push(Found { id, name: name.clone(), updated_at, outdated });
        }
    }
    wanted
}

fn count(counts: &mut Counts, standing: Standing) {
    counts.listed += 1;
    match standing {
        Standing::Known => counts.known += 1,
        Standing::Missing => counts.missing += 1,
        Standing::Outdated => counts.outdated += 1,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Known,
    Missing,
    Outdated,
}

/// How an order stands in the ledger. Shopify dates orders to the second. A record that tells no time may be of
/// anything: it counts as outdated, and what is fetched tells one.
fn standing(known: Option<Updated>, order: &Listed) -> Standing {
    match known {
        None => Standing::Missing,
        Some(Updated(Some(updated_at))) if updated_at.as_second() >= order.updated_at.as_second() => {
            Standing::Known
        }
        Some(_) => Standing::Outdated,
    }
}

/// The record of an order.
fn key(tenant: &TenantId, id: u64) -> RecordKey {
    RecordKey { tenant: tenant.clone(), source: Source::Shopify, kind: Kind::Order, id: SourceId::from(id) }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn an_order_is_known_if_the_ledger_has_it_as_new_to_the_second() {
        let at = |millisecond: i64| Timestamp::from_millisecond(1_790_000_000_000 + millisecond).unwrap();
        let order = Listed { id: 1, name: "#1001".into(), updated_at: at(5_000) };
        for (known, expected) in [
            (None, Standing::Missing),
            (Some(None), Standing::Outdated),
            (Some(Some(at(4_999))), Standing::Outdated),
            (Some(Some(at(5_000))), Standing::Known),
            (Some(Some(at(5_999))), Standing::Known),
            (Some(Some(at(9_000))), Standing::Known),
        ] {
            assert_eq!(standing(known.map(Updated), &order), expected, "{known:?}");
        }
        let order = Listed { updated_at: at(5_900), ..order };
        assert_eq!(standing(Some(Updated(Some(at(5_000)))), &order), Standing::Known);
    }
}
