//! A person says that a shop has the app again: nothing that the shop sends says so.

use domain::{Event, RecordKey, TenantId};
use jiff::Timestamp;
use ledger::{Ledger, LedgerError, WriteError};
use tenants::installation;

use crate::OpsError;

/// How often the entry is tried on top of what others wrote in between.
const TRIES: usize = 3;

/// Marks the tenant's shop as having the app. The trail of the record that had said otherwise says by whom; returns
/// that record's key, if there is one.
pub async fn installed(
    ledger: &dyn Ledger,
    tenant: &TenantId,
    by: &str,
    now: Timestamp,
) -> Result<Option<RecordKey>, OpsError> {
    let Some(key) = installation::mark_installed(ledger, tenant, now).await? else { return Ok(None) };
    for _ in 0..TRIES {
        let Some(record) = ledger.record(&key).await? else { return Ok(Some(key)) };
        match ledger.write(record.noted(now, Event::Installed, format!("by {by}"))).await {
            Ok(_) => return Ok(Some(key)),
            Err(WriteError::Conflict(_)) => {}
            Err(WriteError::Ledger(error)) => return Err(error.into()),
        }
    }
    Err(LedgerError::Contended { key }.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        test_record::{at, held},
        test_world::world,
    };

    #[tokio::test]
    async fn who_says_that_the_shop_has_the_app_stands_in_the_trail() {
        let (world, tenant) = (world(), "demo".parse().unwrap());
        let said_by = held(&world.ledger, 5, "").await.record.key;
        installation::mark_uninstalled(&world.ledger, &tenant, at(1), &said_by).await.unwrap();
        assert_eq!(installed(&world.ledger, &tenant, "jo", at(2)).await.unwrap(), Some(said_by));
        assert!(!installation::is_uninstalled(&world.ledger, &tenant).await.unwrap());
        assert_eq!(world.entries(5, Event::Installed).await, ["by jo"]);
        assert_eq!(installed(&world.ledger, &tenant, "jo", at(3)).await.unwrap(), None);
    }
}
