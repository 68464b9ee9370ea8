//! What stands around the goods: fulfilment centres, the sales channel, inventory items and the kits made of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::values::Named;

/// A fulfilment centre (`OpenAPI`, `Receiving.FulfillmentCenterViewModel`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Centre {
    pub(crate) id: u64,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) timezone: Option<String>,
    #[serde(default)]
    pub(crate) address1: Option<String>,
    #[serde(default)]
    pub(crate) city: Option<String>,
    #[serde(default)]
    pub(crate) state: Option<String>,
    #[serde(default)]
    pub(crate) country: Option<String>,
    #[serde(default)]
    pub(crate) zip_code: Option<String>,
}

impl Centre {
    fn new(id: u64, name: &str, timezone: &str, place: [&str; 4]) -> Self {
        let [address, city, state, zip] = place.map(|text| Some(text.to_owned()));
        let (name, timezone) = (name.to_owned(), Some(timezone.to_owned()));
        let country = Some("US".to_owned());
        Self { id, name, timezone, address1: address, city, state, country, zip_code: zip }
    }

    pub(crate) fn named(&self) -> Named {
        Named { id: self.id, name: Some(self.name.clone()) }
    }
}

/// An item of a kit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Component {
    /// SKU of the component.
    pub(crate) sku: String,
    /// Pieces of it in one kit.
    pub(crate) quantity: u64,
}

/// A product with one variant. A kit has no stock of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Item {
    pub(crate) inventory_id: u64,
    pub(crate) sku: String,
    #[serde(default)]
    pub(crate) name: Option<String>,
    #[serde(default)]
    pub(crate) is_lot: bool,
    #[serde(default)]
    pub(crate) components: Vec<Component>,
}

/// Everything that is known by name.
#[derive(Debug)]
pub(crate) struct Catalogue {
    pub(crate) centres: BTreeMap<u64, Centre>,
    pub(crate) channel: Named,
    pub(crate) items: BTreeMap<u64, Item>,
    by_sku: BTreeMap<String, u64>,
}

impl Default for Catalogue {
    /// Two centres, which the sandbox has too, one channel, no items.
    fn default() -> Self {
        let west = ["28010 Eucalyptus Ave", "Moreno Valley", "CA", "92555"];
        let east = ["5900 W Ogden Ave", "Cicero", "IL", "60804"];
        let centres = [
            Centre::new(10, "Moreno Valley (CA)", "Pacific Standard Time", west),
            Centre::new(8, "Cicero (IL)", "Central Standard Time", east),
        ];
        Self {
            centres: centres.map(|centre| (centre.id, centre)).into(),
            channel: Named { id: 100_001, name: Some("Simulated channel".to_owned()) },
            items: BTreeMap::new(),
            by_sku: BTreeMap::new(),
        }
    }
}

impl Catalogue {
    pub(crate) fn put(&mut self, item: Item) {
        self.by_sku.insert(item.sku.clone(), item.inventory_id);
        self.items.insert(item.inventory_id, item);
    }

    pub(crate) fn by_sku(&self, sku: &str) -> Option<&Item> {
        self.by_sku.get(sku).and_then(|id| self.items.get(id))
    }

    /// The item that a request names by its SKU or its number.
    pub(crate) fn find(&self, sku: Option<&str>, inventory_id: Option<u64>) -> Result<&Item, String> {
        let found = match (inventory_id, sku) {
            (Some(id), _) => self.items.get(&id),
            (None, Some(sku)) => self.by_sku(sku),
            (None, None) => return Err("an item is named by sku or inventory_id".to_owned()),
        };
        found.ok_or_else(|| {
            format!("there is no item {}", sku.map_or_else(|| format!("{inventory_id:?}"), str::to_owned))
        })
    }

    /// A centre by its number; without one, the first.
    pub(crate) fn centre(&self, id: Option<u64>) -> Result<&Centre, String> {
        let found = match id {
            Some(id) => self.centres.get(&id),
            None => self.centres.get(&10).or_else(|| self.centres.values().next()),
        };
        found.ok_or_else(|| format!("there is no fulfilment centre {id:?}"))
    }

    /// What lies in stock for so many pieces of an item: itself, or the components of a kit.
    pub(crate) fn stocked<'a>(
        &'a self,
        item: &'a Item,
        quantity: u64,
    ) -> Result<Vec<(&'a Item, u64)>, String> {
        if item.components.is_empty() {
            return Ok(vec![(item, quantity)]);
        }
        let components = item.components.iter();
        components
            .map(|part| Ok((self.find(Some(&part.sku), None)?, part.quantity.saturating_mul(quantity))))
            .collect()
    }
}
