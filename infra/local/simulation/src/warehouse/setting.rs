//! What a world needs to ship with ShipBob: master data and stock in M3, the account, the tenant's secrets and mapping.

use platform::Clock as _;
use serde_json::json;
use simulated_cloudsuite::{MasterData, OpenPurchaseOrder, Record};
use simulated_shipbob::HttpRequest;

use super::stories::{BALM, CANDLE, CENTERS, LOT};
use crate::{World, world::TENANT};

/// What M3 holds of everything at the beginning: enough for any day.
const PLENTY: u32 = 1_000_000;
/// How much a purchase order has of its item.
const ORDERED: &str = "1000";

/// The number of the purchase order of a receipt.
pub(super) fn purchase_order(place: usize) -> String {
    format!("{}", 1_910_000 + place)
}

/// The demo master data, with a purchase order for each receipt.
pub(super) fn master(receipts: usize) -> MasterData {
    let mut master = MasterData::demo();
    let record = |fields: &[(&str, &str)]| -> Record {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    master.purchasing.orders.extend((0..receipts).map(|place| OpenPurchaseOrder {
        status: 15,
        head: record(&[
            ("PUNO", &purchase_order(place)),
            ("FACI", "A01"),
            ("WHLO", CENTERS[0].1),
            ("SUNO", "S00001"),
            ("DWDT", "20261130"),
        ]),
        lines: vec![record(&[("PNLI", "1"), ("ITNO", CANDLE.1), ("ORQA", ORDERED), ("PUPR", "6.40")])],
    }));
    master
}

/// Sets everything else up.
pub(super) async fn ship_with_shipbob(world: &World) {
    stock(world);
    let items = [(CANDLE, false), (BALM, true)];
    let item = |((id, sku), is_lot): ((u64, &str), bool)| json!({ "inventory_id": id, "sku": sku, "is_lot": is_lot });
    world.shipbob.happens("items", &json!(items.map(item)));
    subscribe(world);
    let credentials = world.shipbob.simulator().credentials().clone();
    let signed = json!({ "secrets": [credentials.webhook_secret] }).to_string();
    let api = json!({ "kind": "access_token", "access_token": credentials.access_token }).to_string();
    world.secrets.set(&format!("sim/webhook/shipbob/{TENANT}"), &[&signed]);
    world.secrets.set(&format!("sim/shipbob-api/{TENANT}"), &[&api]);
    world.push_mapping(mapping).await;
}

fn stock(world: &World) {
    let mut m3 = world.infor.simulator();
    for (_, warehouse) in CENTERS {
        for (item, lot) in [(CANDLE.1, ""), (BALM.1, LOT)] {
            // An item that a warehouse does not keep is moved nowhere either.
            let _ = m3.count_stock(warehouse, item, lot, PLENTY.into());
        }
    }
}

/// Somebody counts one unit more than M3 has.
pub(super) fn count_one_more(world: &World) {
    let mut m3 = world.infor.simulator();
    let (warehouse, item) = (CENTERS[0].1, CANDLE.1);
    let counted = m3.on_hand(warehouse, item) + rust_decimal::Decimal::ONE;
    let _ = m3.count_stock(warehouse, item, "", counted);
}

fn subscribe(world: &World) {
    let state = world.shipbob.tells("state");
    let mut scopes = state["settings"]["scopes"].as_array().cloned().unwrap_or_default();
    scopes.push(json!("webhooks_write"));
    world.shipbob.happens("settings", &json!({ "scopes": scopes }));
    let topics: Vec<_> = shipbob::Topic::all()
        .filter(|topic| topic.is_needed() && !topic.is_internal())
        .map(shipbob::Topic::as_str)
        .collect();
    let mut simulator = world.shipbob.simulator();
    let secret = simulator.credentials().webhook_secret.clone();
    let token = format!("Bearer {}", simulator.credentials().access_token);
    let wanted = json!({ "topics": topics, "url": format!("https://hooks.example.com/webhooks/shipbob/{TENANT}"),
                         "secret": secret });
    let request =
        HttpRequest::new("POST", "/2026-07/webhook").header("Authorization", &token).body(wanted.to_string());
    let answer = simulator.handle(&request, world.around.time.now());
    if answer.status != 200 {
        world.around.counts.one("refused by shipbob");
    }
}

/// The mapping file: M3's partner, the fulfilment centres, and accounts for each kind of fee.
fn mapping(file: &str) -> String {
    let centers =
        CENTERS.map(|(id, warehouse)| format!("{id} = {{ warehouse = \"{warehouse}\" }}\n")).concat();
    let rules = "
[[gl]]
kind = \"warehouse_fee\"
when = { fee = [\"Shipping\"] }
account = \"5710\"

[[gl]]
kind = \"warehouse_fee\"
account = \"4010\"

[[gl]]
kind = \"warehouse_tax\"
account = \"2650\"
";
    let fees = "journal = true\naccount = \"2440\"\n";
    file.replacen("division = \"\"", "division = \"AAA\"", 1)
        // The account is not new: what happened before the first reading that succeeds counts too.
        .replace("overlap_minutes = 60", "overlap_minutes = 720")
        .replace("own_partner = \"M3\"", "own_partner = \"SHIPBOB\"")
        .replace("= \"WMSADJ\"", "= \"WHSTRN\"")
        .replace("= \"WMSREQ\"", "= \"WHSTRN\"")
        .replace("= \"WMSCOP\"", "= \"WHSTRN\"")
        .replace("= \"WMSPOR\"", "= \"WHSTRN\"")
        .replace("requisition_type = \"R01\"", "requisition_type = \"SBI\"")
        .replace("interface = \"\"", "interface = \"ECOM-FLD\"")
        .replace("clearing_account = \"\"", "clearing_account = \"1510\"")
        .replace("becomes = \"sales_order\"", "becomes = \"nothing\"")
        .replace("[shipbob.fulfillment_centers]\n", &format!("[shipbob.fulfillment_centers]\n{centers}"))
        .replace("journal = false\n", "")
        .replace("\naccount = \"\"\n\n[shipbob.fees.dimensions]", "\n\n[shipbob.fees.dimensions]")
        .replace("[shipbob.fees]\n", &format!("[shipbob.fees]\n{fees}"))
        .replace("[journal]\n", &format!("{rules}\n[journal]\n"))
}
