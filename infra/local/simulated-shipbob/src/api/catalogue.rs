//! Fulfilment centres, inventory items, products and channels, as far as a reader of goods needs them.

use serde_json::{Value, json};

use super::{Answer, Call, number, paging, problem};
use crate::http::HttpResponse;
use crate::simulator::SimulatedShipBob;
use crate::warehouse::{Catalogue, Item};

/// Times that nobody asks about.
const CREATED: &str = "2026-01-05T09:00:00.1333333+00:00";

/// `GET /fulfillment-center`.
pub(super) fn centres(simulator: &SimulatedShipBob) -> HttpResponse {
    let centres: Vec<_> = simulator.warehouse.catalogue.centres.values().collect();
    HttpResponse::json(200, &centres)
}

/// `GET /inventory`.
pub(super) fn items(simulator: &SimulatedShipBob, call: &Call<'_>) -> Answer {
    let ids = call.query.ids("InventoryIds")?;
    let wanted = |item: &&Item| ids.as_ref().is_none_or(|ids| ids.contains(&item.inventory_id));
    let found = simulator.warehouse.catalogue.items.values().filter(wanted);
    paging::linked(call.full, &call.query, "PageSize", &found.map(inventory).collect::<Vec<_>>())
}

/// `GET /inventory/{id}`.
pub(super) fn item(simulator: &SimulatedShipBob, id: &str) -> Answer {
    let found = simulator.warehouse.catalogue.items.get(&number(id, "inventoryId")?);
    let found = found.map(|item| HttpResponse::json(200, &inventory(item)));
    found.ok_or_else(|| problem::details(404, "Not Found"))
}

/// `GET /product`: one product with one variant for each item.
pub(super) fn products(simulator: &SimulatedShipBob, call: &Call<'_>) -> Answer {
    let (sku, id) = (call.query.text("SKU"), call.query.ids("InventoryId")?);
    let catalogue = &simulator.warehouse.catalogue;
    let wanted = |item: &&Item| {
        sku.is_none_or(|sku| item.sku == sku)
            && id.as_ref().is_none_or(|ids| ids.contains(&item.inventory_id))
    };
    let found = catalogue.items.values().filter(wanted).map(|item| product(catalogue, item));
    paging::linked(call.full, &call.query, "PageSize", &found.collect::<Vec<_>>())
}

/// `GET /channel`.
pub(super) fn channels(simulator: &SimulatedShipBob, call: &Call<'_>) -> Answer {
    let channel = &simulator.warehouse.catalogue.channel;
    let scopes = &simulator.settings.scopes;
    let one = json!({ "id": channel.id, "name": channel.name, "application_name": "SMA", "scopes": scopes });
    paging::listed(call.full, &call.query, &[one])
}

fn inventory(item: &Item) -> Value {
    let kit = !item.components.is_empty();
    let hazmat = json!({ "is_hazmat": false, "validated": true });
    json!({
        "inventory_id": item.inventory_id,
        "name": item.name,
        "sku": item.sku,
        "barcode": null,
        "is_case": false,
        "is_lot": item.is_lot,
        "user_id": 1,
        "dimensions": { "length": 1, "width": 1, "height": 1, "unit": "in", "is_locked": false, "validated": true },
        "weight": { "value": 1, "unit": "oz" },
        "variant": { "is_active": true, "is_bundle": kit, "is_digital": false, "hazmat": hazmat },
    })
}

/// A kit has no inventory item in its variant, but the variants it is made of.
fn product(catalogue: &Catalogue, item: &Item) -> Value {
    let kit = !item.components.is_empty();
    let parts: Vec<Value> = item
        .components
        .iter()
        .filter_map(|part| catalogue.by_sku(&part.sku).map(|known| (part, known.inventory_id)))
        .map(|(part, id)| {
            json!({
                "product_id": product_id(id),
                "variant_id": variant_id(id),
                "variant_sku": part.sku,
                "quantity": part.quantity,
            })
        })
        .collect();
    let stock = if kit { Value::Null } else { json!(item.inventory_id) };
    json!({
        "id": product_id(item.inventory_id),
        "name": item.name,
        "type": if kit { "Bundle" } else { "Regular" },
        "created_on": CREATED,
        "updated_on": CREATED,
        "user_id": 1,
        "variants": [{
            "id": variant_id(item.inventory_id),
            "sku": item.sku,
            "name": item.name,
            "status": "Active",
            "barcodes": [],
            "created_on": CREATED,
            "is_digital": false,
            "inventory": { "inventory_id": stock, "on_hand_qty": 0 },
            "bundle_definition": parts,
            "associated_bundles": [],
            "lot_information": { "is_lot": item.is_lot, "minimum_shelf_life_days": null },
            "merge_children": [],
        }],
    })
}

fn product_id(inventory_id: u64) -> u64 {
    inventory_id + 10_000_000_000
}

fn variant_id(inventory_id: u64) -> u64 {
    inventory_id + 20_000_000_000
}
