//! Whether a tenant's shop has the app, and until when the shop's data was erased: one small value in the ledger that
//! all instances share.
//!
//! The shop says when the app was removed; nothing that it sends says that it was taken back, because a delivery that
//! was late looks the same. A person says that. Nothing here fetches or erases.

use domain::{Digest, RecordKey, TenantId};
use jiff::Timestamp;
use ledger::{Ledger, LedgerError, SwapError};
use serde::{Deserialize, Serialize};

/// The name of the value.
const NAME: &str = "shop";
/// How often a change is tried on top of what others wrote in between.
const TRIES: usize = 5;

/// What is known of a tenant's shop beside its records.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Installation {
    /// When the app was removed, as the webhook accepted it; nothing while the shop has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uninstalled_at: Option<Timestamp>,
    /// The record of the request that said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said_by: Option<RecordKey>,
    /// When a person last said that the shop has the app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub installed_at: Option<Timestamp>,
    /// Until when everything accepted of the shop was erased, or is being erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub erased_until: Option<Timestamp>,
}

impl Installation {
    /// Whether the app was removed: its access token is dead, and nothing can be fetched.
    pub fn is_uninstalled(&self) -> bool {
        self.uninstalled_at.is_some()
    }
}

/// What is known of a tenant's shop, by a strongly consistent read.
pub async fn installation(ledger: &dyn Ledger, tenant: &TenantId) -> Result<Installation, LedgerError> {
    Ok(read(ledger, tenant).await?.1)
}

/// Whether the app was removed from a tenant's shop, so that nothing is to be fetched from it.
pub async fn is_uninstalled(ledger: &dyn Ledger, tenant: &TenantId) -> Result<bool, LedgerError> {
    Ok(installation(ledger, tenant).await?.is_uninstalled())
}

/// The app was removed from the tenant's shop at this time, as the record `said_by` says. One that comes late, after a
/// person said that the shop has the app again, changes nothing. Returns what is known from now on.
pub async fn mark_uninstalled(
    ledger: &dyn Ledger,
    tenant: &TenantId,
    at: Timestamp,
    said_by: &RecordKey,
) -> Result<Installation, LedgerError> {
    change(ledger, tenant, |known| {
        if known.installed_at.is_none_or(|installed_at| installed_at < at) && known.uninstalled_at.is_none() {
            known.uninstalled_at = Some(at);
            known.said_by = Some(said_by.clone());
        }
    })
    .await
}

/// A person says that the tenant's shop has the app. Returns the record that had said otherwise, if one had.
pub async fn mark_installed(
    ledger: &dyn Ledger,
    tenant: &TenantId,
    now: Timestamp,
) -> Result<Option<RecordKey>, LedgerError> {
    let mut said_by = None;
    change(ledger, tenant, |known| {
        said_by = known.said_by.take();
        known.uninstalled_at = None;
        known.installed_at = Some(now);
    })
    .await?;
    Ok(said_by)
}

/// Everything accepted of the tenant's shop until this time is to be erased.
pub async fn mark_erased(
    ledger: &dyn Ledger,
    tenant: &TenantId,
    until: Timestamp,
) -> Result<(), LedgerError> {
    change(ledger, tenant, |known| known.erased_until = known.erased_until.max(Some(until))).await.map(drop)
}

async fn change(
    ledger: &dyn Ledger,
    tenant: &TenantId,
    mut alter: impl FnMut(&mut Installation) + Send,
) -> Result<Installation, LedgerError> {
    for _ in 0..TRIES {
        let (version, before) = read(ledger, tenant).await?;
        let mut next = before.clone();
        alter(&mut next);
        if next == before {
            return Ok(next);
        }
        // Times and a key: this cannot fail.
        let value = serde_json::to_string(&next).unwrap_or_default();
        match ledger.swap_shared(&client(tenant), NAME, version, &value).await {
            Ok(_) => return Ok(next),
            Err(SwapError::Conflict(_)) => {}
            Err(SwapError::Ledger(error)) => return Err(error),
        }
    }
    let (what, cause) = (format!("writing what is known of the shop of {tenant}"), "others kept writing it");
    Err(LedgerError::Unavailable { what, cause: cause.to_owned() })
}

/// The value with its version; 0 where there is none.
async fn read(ledger: &dyn Ledger, tenant: &TenantId) -> Result<(u64, Installation), LedgerError> {
    let Some(shared) = ledger.shared(&client(tenant), NAME).await? else {
        return Ok((0, Installation::default()));
    };
    let known = serde_json::from_str(&shared.value).map_err(|error| LedgerError::Damaged {
        item: format!("of the shop of {tenant}"),
        attribute: NAME.to_owned(),
        problem: error.to_string(),
    })?;
    Ok((shared.version, known))
}

fn client(tenant: &TenantId) -> Digest {
    Digest::of(format!("shop/{tenant}").as_bytes())
}

#[cfg(test)]
mod tests {
    use ledger::Memory;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + second).unwrap()
    }

    fn demo() -> TenantId {
        "demo".parse().unwrap()
    }

    fn key() -> RecordKey {
        "demo/shopify/request/uninstalled-5".parse().unwrap()
    }

    #[tokio::test]
    async fn a_shop_has_the_app_until_it_says_otherwise_and_again_when_a_person_says_so() {
        let ledger = Memory::default();
        assert!(!is_uninstalled(&ledger, &demo()).await.unwrap());
        mark_uninstalled(&ledger, &demo(), at(10), &key()).await.unwrap();
        assert!(is_uninstalled(&ledger, &demo()).await.unwrap());
        assert!(!is_uninstalled(&ledger, &"other".parse().unwrap()).await.unwrap());
        assert_eq!(mark_installed(&ledger, &demo(), at(20)).await.unwrap(), Some(key()));
        assert!(!is_uninstalled(&ledger, &demo()).await.unwrap());
        assert_eq!(mark_installed(&ledger, &demo(), at(21)).await.unwrap(), None);
    }

    /// The shop may have taken the app back before the delivery arrives.
    #[tokio::test]
    async fn a_removal_that_comes_late_does_not_undo_what_a_person_said_and_a_later_one_does() {
        let ledger = Memory::default();
        mark_installed(&ledger, &demo(), at(20)).await.unwrap();
        let known = mark_uninstalled(&ledger, &demo(), at(10), &key()).await.unwrap();
        assert!(!known.is_uninstalled());
        let known = mark_uninstalled(&ledger, &demo(), at(30), &key()).await.unwrap();
        assert_eq!(known.uninstalled_at, Some(at(30)));
    }

    #[tokio::test]
    async fn an_erasure_only_goes_forward_and_keeps_the_rest() {
        let ledger = Memory::default();
        mark_uninstalled(&ledger, &demo(), at(10), &key()).await.unwrap();
        for second in [50, 40] {
            mark_erased(&ledger, &demo(), at(second)).await.unwrap();
        }
        let known = installation(&ledger, &demo()).await.unwrap();
        assert_eq!((known.erased_until, known.uninstalled_at), (Some(at(50)), Some(at(10))));
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_damaged_and_not_overwritten() {
        let ledger = Memory::default();
        ledger.swap_shared(&client(&demo()), NAME, 0, "no JSON").await.unwrap();
        let error = mark_uninstalled(&ledger, &demo(), at(1), &key()).await.unwrap_err();
        assert!(!error.is_retryable(), "{error}");
    }
}
