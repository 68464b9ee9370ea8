//! Which SKU an inventory item is, as ShipBob's catalogue tells it. Bodies name the SKU of what was ordered, which is
//! not that of what was picked where a kit was ordered.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use domain::TenantId;
use mapping::Skus;
use shipbob::InventoryItem;
use shipbob_api::{ApiError, ShipBob};
use tokio::time::Instant;

/// How long an item's SKU is believed.
const FRESH: Duration = Duration::from_hours(1);
/// How many items of a tenant are remembered.
const MOST: usize = 20_000;

/// What this instance knows of ShipBob's catalogues.
#[derive(Default)]
pub struct Catalogue(Mutex<BTreeMap<TenantId, BTreeMap<u64, Known>>>);

#[derive(Clone)]
struct Known {
    sku: String,
    since: Instant,
}

impl fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Catalogue").finish_non_exhaustive()
    }
}

impl Catalogue {
    /// The SKUs of items, those that ShipBob names none of left out.
    pub(crate) async fn skus(
        &self,
        tenant: &TenantId,
        shipbob: &ShipBob,
        items: impl Iterator<Item = u64>,
        deadline: Instant,
    ) -> Result<Skus, ApiError> {
        let mut skus = Skus::new();
        for id in items {
            if let Some(sku) = self.remembered(tenant, id) {
                skus.insert(id, sku);
                continue;
            }
            let Some(item) = shipbob.inventory_item(id, deadline).await? else { continue };
            let read = serde_json::from_slice::<InventoryItem>(item.bytes()).ok();
            if let Some(sku) = read.and_then(|item| item.sku) {
                self.remember(tenant, id, &sku);
                skus.insert(id, sku);
            }
        }
        Ok(skus)
    }

    fn remembered(&self, tenant: &TenantId, id: u64) -> Option<String> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.get(tenant)?.get(&id)?;
        (known.since.elapsed() < FRESH).then(|| known.sku.clone())
    }

    fn remember(&self, tenant: &TenantId, id: u64, sku: &str) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.entry(tenant.clone()).or_default();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(id, Known { sku: sku.to_owned(), since: Instant::now() });
    }
}
