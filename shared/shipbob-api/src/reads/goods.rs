//! Inventory items, products and their variants, and the history of stock.

use jiff::Timestamp;
use tokio::time::Instant;

use crate::{
    ApiError, Json, Pages, ShipBob,
    call::{Call, Kind},
    query::{Query, written},
};

/// The largest page of products, and of inventory items.
const PAGE_SIZE: u32 = 250;

/// Which products. What is absent does not filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductFilter {
    /// Products changed since.
    pub updated_since: Option<Timestamp>,
    /// Products with a variant of this SKU.
    pub sku: Option<String>,
    /// Products with a variant of this inventory item.
    pub inventory_item: Option<u64>,
}

/// Which movements of stock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockMoves {
    /// In which fulfilment centre; ShipBob wants one.
    pub facility: u64,
    /// From when: 90 days ago at most.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
    /// Of these inventory items; of all if empty.
    pub inventory_items: Vec<u64>,
    /// Of this kind, such as `InventoryAdjusted`; of all if absent.
    pub category: Option<String>,
}

impl ShipBob {
    /// Inventory items, by their ids or all: what is really in stock, whatever it is sold as.
    pub fn inventory(&self, ids: &[u64]) -> Pages<'_> {
        let query = Query::default().list("InventoryIds", ids).with("PageSize", &PAGE_SIZE);
        Pages::linked(self, Call::get("inventory items", "/inventory").query(query), "Cursor")
    }

    /// One inventory item; nothing if ShipBob does not know it.
    pub async fn inventory_item(&self, id: u64, deadline: Instant) -> Result<Option<Json>, ApiError> {
        self.one(&Call::get("an inventory item", format!("/inventory/{id}")), deadline).await
    }

    /// Products with their variants, as a sales channel sees them.
    pub fn products(&self, filter: &ProductFilter) -> Pages<'_> {
        let ProductFilter { updated_since, sku, inventory_item } = filter;
        let query = Query::default()
            .moment("LastUpdatedTimestamp", *updated_since)
            .maybe("SKU", sku.as_ref())
            .maybe("InventoryId", *inventory_item)
            .with("PageSize", &PAGE_SIZE);
        Pages::linked(self, Call::get("products", "/product").query(query), "Cursor")
    }

    /// One product with its variants; nothing if ShipBob does not know it.
    pub async fn product(&self, id: u64, deadline: Instant) -> Result<Option<Json>, ApiError> {
        self.one(&Call::get("a product", format!("/product/{id}")), deadline).await
    }

    /// The variants of a product; nothing if ShipBob does not know it.
    pub async fn variants(&self, product: u64, deadline: Instant) -> Result<Option<Vec<Json>>, ApiError> {
        self.list(&Call::get("the variants of a product", format!("/product/{product}/variants")), deadline)
            .await
    }

    /// What moved stock: the only trace of an adjustment, which no webhook tells.
    pub fn stock_moves(&self, moves: &StockMoves) -> Result<Pages<'_>, ApiError> {
        let StockMoves { facility, from, to, inventory_items, category } = moves;
        let body = serde_json::json!({
            "facility_id": facility,
            "start_date": written(*from),
            "end_date": written(*to),
            "inventory_ids": (!inventory_items.is_empty()).then_some(inventory_items),
            "event_category": category,
        });
        let call = Call::post("the history of stock", "/inventory/history:query", Kind::Harmless, &body)?;
        Ok(Pages::linked(self, call, "cursor"))
    }
}
