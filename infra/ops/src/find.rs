//! From what an operator has in hand to a record: a whole key, its end such as `shipment/9001`, an order's id, or a name
//! such as `#1001`.

use domain::{Kind, Record, RecordKey, Source, SourceId, TenantId};
use ledger::Ledger;

use crate::OpsError;

/// Finds the record of an order. A number is first taken for the source's id, then for a name.
pub async fn find(
    ledger: &dyn Ledger,
    tenant: &TenantId,
    source: Source,
    order: &str,
) -> Result<Record, OpsError> {
    let order = order.trim();
    if let Some(key) = as_key(tenant, source, order)
        && let Some(record) = ledger.record(&key).await?
    {
        return Ok(record);
    }
    for name in [order.to_owned(), format!("#{order}")] {
        let mut keys = ledger.find_by_name(tenant, &name).await?;
        keys.retain(|key| key.source == source);
        match keys.as_slice() {
            [] => {}
            [key] => return ledger.record(key).await?.ok_or_else(|| unknown(tenant, order)),
            _ => return Err(OpsError::Ambiguous { order: name, keys }),
        }
    }
    Err(unknown(tenant, order))
}

fn as_key(tenant: &TenantId, source: Source, order: &str) -> Option<RecordKey> {
    if order.contains('/') {
        return order.parse().or_else(|_| format!("{tenant}/{source}/{order}").parse()).ok();
    }
    let id: SourceId = order.parse().ok()?;
    Some(RecordKey { tenant: tenant.clone(), source, kind: Kind::Order, id })
}

fn unknown(tenant: &TenantId, order: &str) -> OpsError {
    OpsError::NoRecord { tenant: tenant.to_string(), order: order.to_owned() }
}

#[cfg(test)]
#[path = "find_tests.rs"]
mod tests;
