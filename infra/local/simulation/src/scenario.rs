//! What happens at the source: a few orders of a few buyers, each in some versions, and the deliveries of them.

use std::{collections::BTreeSet, time::Duration};

use domain::Digest;
use serde_json::{Value, json};

use crate::{Chance, Time};

/// The items that M3 knows from the beginning.
const ITEMS: [&str; 7] =
    ["MUG-BLUE-12", "TEE-BLK-M", "CAP-RED", "BAG-CANVAS", "NOTE-A5", "PEN-GEL-BLK", "SOCK-42"];
/// An item that M3 comes to know later, when somebody looked at what was rejected.
pub(crate) const MISSING_ITEM: &str = "NEW-IN-SPRING";

/// One version of an order.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    /// Its update time, so long after the beginning.
    pub(crate) updated: Duration,
    /// The payload.
    pub(crate) order: Value,
    /// The payload as it is signed and sent.
    pub(crate) body: String,
}

/// One order at the source.
#[derive(Debug, Clone)]
pub(crate) struct OrderStory {
    /// Its id.
    pub(crate) id: u64,
    /// Its versions, oldest first; two may have the same update time.
    pub(crate) versions: Vec<Version>,
}

/// One webhook delivery.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    /// Its id: the same each time that it is sent.
    pub(crate) id: String,
    /// Its topic.
    pub(crate) topic: &'static str,
    /// The order's place in the scenario.
    pub(crate) order: usize,
    /// The version's place in the order.
    pub(crate) version: usize,
    /// When it is first sent, and when once more.
    pub(crate) times: Vec<Duration>,
}

/// Everything that happens at the source.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scenario {
    /// The orders.
    pub(crate) orders: Vec<OrderStory>,
    /// Their deliveries.
    pub(crate) deliveries: Vec<Delivery>,
    /// Bodies that end whatever process takes them in.
    pub(crate) poison: BTreeSet<Digest>,
}

/// Who buys.
#[derive(Debug, Clone, Copy)]
struct Buyer {
    number: u64,
    is_guest: bool,
    moves: bool,
}

impl Scenario {
    /// The scenario of a seed.
    pub(crate) fn drawn(seed: u64) -> Self {
        let chance = Chance::of(seed, "scenario");
        let buyers: Vec<_> = (0..chance.between(1..=4))
            .map(|number| Buyer { number, is_guest: chance.strikes(300), moves: chance.strikes(300) })
            .collect();
        let mut scenario = Self::default();
        for place in 0..chance.between(1..=12) {
            let buyer = *chance.one_of(&buyers);
            let story = OrderStory::drawn(&chance, 7_001 + place, buyer);
            scenario.deliver(&chance, story);
        }
        if chance.strikes(80) {
            let story = chance.one_of(&scenario.orders);
            let version = chance.one_of(&story.versions);
            scenario.poison.insert(Digest::of(version.body.as_bytes()));
        }
        scenario
    }

    /// So many orders of as many buyers over a day, each in one version, each delivered once.
    pub(crate) fn day(orders: u64) -> Self {
        let chance = Chance::of(0, "day");
        let mut scenario = Self::default();
        for place in 0..orders {
            let buyer = Buyer { number: place % 400, is_guest: false, moves: false };
            let created = Duration::from_secs(86_400 * place / orders);
            let order = order(&chance, 7_001 + place, buyer, created);
            let version = Version { updated: created, body: order.to_string(), order };
            let story = OrderStory { id: 7_001 + place, versions: vec![version] };
            let delivery = Delivery {
                id: format!("d-{}-0", story.id),
                topic: "orders/create",
                order: scenario.orders.len(),
                version: 0,
                times: vec![created],
            };
            scenario.orders.push(story);
            scenario.deliveries.push(delivery);
        }
        scenario
    }

    /// The version that a delivery brings.
    pub(crate) fn version_of(&self, delivery: &Delivery) -> &Version {
        &self.orders[delivery.order].versions[delivery.version]
    }

    fn deliver(&mut self, chance: &Chance, story: OrderStory) {
        for (place, version) in story.versions.iter().enumerate() {
            let topics: &[&str] = match (place, chance.between(0..=3)) {
                (0, 0) => &["orders/create", "orders/paid"],
                (0, _) => &["orders/create"],
                (_, 0) => &["orders/paid"],
                _ => &["orders/updated"],
            };
            for topic in topics {
                let mut times = vec![version.updated + delay(chance)];
                while chance.strikes(150) && times.len() < 4 {
                    times.push(version.updated + delay(chance));
                }
                self.deliveries.push(Delivery {
                    id: format!("d-{}-{place}-{}", story.id, &topic[7..]),
                    topic,
                    order: self.orders.len(),
                    version: place,
                    times,
                });
            }
        }
        self.orders.push(story);
    }
}

/// How late a delivery is: seconds, sometimes hours.
fn delay(chance: &Chance) -> Duration {
    Duration::from_millis(match chance.between(0..=9) {
        0 => chance.between(60_000..=10_800_000),
        1 => chance.between(10_000..=600_000),
        _ => chance.between(200..=10_000),
    })
}

impl OrderStory {
    fn drawn(chance: &Chance, id: u64, buyer: Buyer) -> Self {
        let mut updated = Duration::from_secs(chance.between(0..=5_400));
        let mut order = order(chance, id, buyer, updated);
        let mut versions = vec![version(&order, updated)];
        for _ in 1..chance.between(1..=5) {
            updated += match chance.between(0..=5) {
                // Shopify's update times are whole seconds: of two changes that share one, the headers tell.
                0 => Duration::from_millis(chance.between(40..=400)),
                1 | 2 => Duration::from_secs(chance.between(1..=20)),
                3 | 4 => Duration::from_secs(chance.between(20..=900)),
                _ => Duration::from_secs(chance.between(900..=7_200)),
            };
            change(chance, &mut order, buyer);
            versions.push(version(&order, updated));
        }
        Self { id, versions }
    }
}

fn version(order: &Value, updated: Duration) -> Version {
    let mut order = order.clone();
    order["updated_at"] = json!(Time::at(updated).strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string());
    Version { updated, body: order.to_string(), order }
}

/// Something about an order changes; sometimes nothing that CloudSuite would see.
fn change(chance: &Chance, order: &mut Value, buyer: Buyer) {
    match chance.between(0..=6) {
        0 => order["tags"] = json!(format!("t{}", chance.between(0..=99))),
        1 => order["financial_status"] = json!("paid"),
        2 => order["note"] = json!(format!("ring {} times", chance.between(2..=99))),
        3 if buyer.moves => {
            let street = format!("Neue Gasse {}", chance.between(1..=99));
            order["billing_address"]["address1"] = json!(street);
            order["shipping_address"]["address1"] = json!(street);
        }
        4 => order["shipping_lines"][0]["price"] = json!(format!("{}.90", chance.between(1..=9))),
        5 => {
            let lines = order["line_items"].as_array().map_or(0, Vec::len) as u64;
            let id = order["id"].as_u64().unwrap_or_default();
            let more = line(chance, id * 100 + lines);
            if let Some(lines) = order["line_items"].as_array_mut() {
                lines.push(more);
            }
        }
        _ => {
            let quantity = json!(chance.between(1..=9));
            order["line_items"][0]["quantity"] = quantity.clone();
            order["line_items"][0]["current_quantity"] = quantity;
        }
    }
}

fn line(chance: &Chance, id: u64) -> Value {
    let sku = if chance.strikes(30) { MISSING_ITEM } else { chance.one_of(&ITEMS) };
    let quantity = chance.between(1..=5);
    let price = format!("{}.{:02}", chance.between(1..=90), chance.between(0..=99));
    json!({ "id": id, "sku": sku, "quantity": quantity, "current_quantity": quantity, "price": price,
            "discount_allocations": [] })
}

/// An order in the shape of Shopify's `orders/create`.
fn order(chance: &Chance, id: u64, buyer: Buyer, created: Duration) -> Value {
    let created = Time::at(created).strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string();
    let Buyer { number, is_guest, .. } = buyer;
    let email = format!("buyer-{number}@example.com");
    let address = json!({
        "first_name": "Buyer", "last_name": format!("No {number}"), "name": format!("Buyer No {number}"),
        "company": null, "address1": format!("Lange Strasse {number}"), "address2": null, "zip": "10117",
        "city": "Berlin", "province_code": null, "country_code": "DE", "phone": "+49 30 901820"
    });
    let customer = json!({ "id": 70 + number, "email": email, "phone": null, "first_name": "Buyer",
                           "last_name": format!("No {number}") });
    let lines: Vec<_> = (0..chance.between(1..=5)).map(|place| line(chance, id * 100 + place)).collect();
    json!({
        "id": id, "name": format!("#{id}"), "currency": "EUR", "email": email, "contact_email": email,
        "phone": null, "note": null, "test": false, "created_at": created, "updated_at": created,
        "billing_address": address, "shipping_address": address,
        "customer": if is_guest { Value::Null } else { customer },
        "line_items": lines,
        "shipping_lines": [{ "id": 21, "title": "Standard", "price": "4.90", "discount_allocations": [] }]
    })
}
