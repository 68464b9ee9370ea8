//! The simulated ShipBob and a ledger in memory, for tests of statements.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use domain::{
    Claim, Delivery, Digest, DocumentKind, Kind, Private, Record, RecordKey, References, Source, TenantId,
    Written,
};
use jiff::{SignedDuration, Timestamp, civil::Date};
use ledger::{Ledger as _, Memory};
use remote::{Broken, HttpAnswer, InMemory, Limits, Method, Request, Transport};
use serde_json::{Value, json};
use shipbob_api::{Access, ShipBob};
use simulated_shipbob::{Credentials, HttpRequest, Settings, SimulatedShipBob};
use tokio::time::Instant;

use super::{Sources, Statement, render_statement, statement_json, statement_of};

/// The name of whoever ordered, which nobody may see.
const PERSON: &str = "Ada Lovelace";

/// The simulation, asked without sockets, at a time that tests set.
pub(super) struct InProcess {
    pub(super) at: Mutex<(SimulatedShipBob, Timestamp)>,
    /// So many of the next requests do not get through.
    pub(super) lost: AtomicU32,
}

#[async_trait::async_trait]
impl Transport for InProcess {
    async fn send(&self, request: Request) -> Result<HttpAnswer, Broken> {
        let one_less = |lost: u32| lost.checked_sub(1);
        if self.lost.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).is_ok() {
            return Err(Broken::NoConnection);
        }
        let method = match request.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Delete => "DELETE",
        };
        let path = request.url.path().to_owned();
        let path = request.url.query().map_or(path.clone(), |query| format!("{path}?{query}"));
        let asked = request
            .headers
            .iter()
            .fold(HttpRequest::new(method, &path), |asked, (name, value)| asked.header(name, value.expose()));
        let (simulator, now) = &mut *self.at.lock().unwrap();
        let answer = simulator.handle(&asked.body(request.body.expose().clone()), *now);
        let header = |name: &&'static str| Some((*name, answer.header(name)?.to_owned()));
        let headers = request.wanted.iter().filter_map(header).collect();
        Ok(HttpAnswer { status: answer.status, headers, body: Private::new(answer.body) })
    }
}

pub(super) struct World {
    pub(super) tenant: TenantId,
    pub(super) simulated: Arc<InProcess>,
    pub(super) api: ShipBob,
    pub(super) ledger: Memory,
}

pub(super) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(super) fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// Two fulfilment centres, fees to accounts, and mugs that CloudSuite counts in boxes of four.
pub(super) fn mapping_file() -> String {
    let changes = [
        (
            "[shipbob.fulfillment_centers]",
            "[shipbob.fulfillment_centers]\n10 = { warehouse = \"SBC\", time_zone = \"America/Chicago\" }\n8 = { warehouse = \"SBE\" }",
        ),
        ("[items.units]", "[items.units]\nTEA = { unit = \"BX\", factor = \"0.25\" }"),
        ("journal = false\n# Whether ShipBob's", "journal = true\n# Whether ShipBob's"),
        ("account = \"\"\n\n[shipbob.fees.dimensions]", "account = \"2441\"\n\n[shipbob.fees.dimensions]"),
        ("interface = \"\"", "interface = \"SHIPBOB\""),
    ];
    let text = changes.iter().fold(mapping::DEFAULT_FILE.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    });
    let rule = |kind: &str, account: &str| format!("\n[[gl]]\nkind = \"{kind}\"\naccount = \"{account}\"\n");
    text + &rule("warehouse_fee", "6100") + &rule("warehouse_tax", "1576")
}

pub(super) async fn world() -> World {
    let settings = Settings { requests_a_minute: 1_000_000, ..Settings::default() };
    let simulator = SimulatedShipBob::with(Credentials::default(), settings, 1);
    let token = simulator.credentials().access_token.clone();
    let start = time("2026-11-03T12:00:00Z");
    let simulated = Arc::new(InProcess { at: Mutex::new((simulator, start)), lost: AtomicU32::new(0) });
    let secret = json!({ "kind": "access_token", "access_token": token }).to_string();
    let access = Access::parse(&Private::new(secret)).unwrap();
    let limits = Limits { requests_per_minute: 30_000, burst: 1_000 };
    let shared = Arc::new(InMemory::starting(start));
    let api = ShipBob::new(access, simulated.clone(), shared, limits).unwrap();
    let world = World { tenant: "demo".parse().unwrap(), simulated, api, ledger: Memory::default() };
    let text = mapping_file();
    mapping::Mapping::parse(&text).unwrap();
    world.ledger.push_mapping(&world.tenant, &text, "jo", start).await.unwrap();
    world.does(
        "items",
        &json!([{ "inventory_id": 501, "sku": "MUG", "name": "Mug" },
            { "inventory_id": 502, "sku": "TEA", "name": "Tea", "is_lot": true },
            { "inventory_id": 503, "sku": "SET", "name": "Tea set", "components": [
                { "sku": "MUG", "quantity": 2 }, { "sku": "TEA", "quantity": 4 }] }]),
    );
    world
}

impl World {
    /// Something happens at ShipBob.
    pub(super) fn does(&self, path: &str, body: &Value) -> Value {
        let (simulator, now) = &mut *self.simulated.at.lock().unwrap();
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = HttpRequest::new("POST", &format!("/_simulated/{path}")).body(body);
        let answer = simulator.handle(&request, *now);
        let said = String::from_utf8(answer.body).unwrap();
        assert_eq!(answer.status, 200, "{path}: {said}");
        serde_json::from_str(&said).unwrap()
    }

    pub(super) fn it_is(&self, now: &str) {
        self.simulated.at.lock().unwrap().1 = time(now);
    }

    /// An order that leaves at once in one parcel; its shipment's id.
    pub(super) fn ships(&self, lines: &[(&str, u64)]) -> u64 {
        self.leaves(&self.orders(lines))
    }

    /// An order leaves in one parcel; its shipment's id.
    pub(super) fn leaves(&self, order: &Value) -> u64 {
        self.does(&format!("orders/{order}/ship"), &Value::Null)["shipments"][0].as_u64().unwrap()
    }

    /// An order; its id.
    pub(super) fn orders(&self, lines: &[(&str, u64)]) -> Value {
        let products: Vec<_> = (1..)
            .zip(lines)
            .map(|(id, (sku, quantity))| {
                json!({ "id": id, "reference_id": sku, "sku": sku, "quantity": quantity, "unit_price": 12.5,
                    "quantity_unit_of_measure_code": "EA", "external_line_id": id })
            })
            .collect();
        let order = json!({
            "reference_id": "REF-1", "order_number": "1001", "type": "DTC", "products": products,
            "channel": { "id": 100_001, "name": "Simulated channel" }, "shipping_method": "Standard",
            "recipient": { "name": PERSON, "address": { "address1": "1 Test St", "city": "Testville", "country": "US" } },
        });
        self.does("orders", &order)["id"].clone()
    }

    pub(super) fn charges(&self, fees: &Value) -> Vec<String> {
        let answer = self.does("transactions", fees);
        let ids = answer["transaction_ids"]
            .as_array()
            .or(answer["ids"].as_array())
            .unwrap_or_else(|| panic!("{answer}"));
        ids.iter().map(|id| id.as_str().unwrap().to_owned()).collect()
    }

    fn key(&self, kind: Kind, id: &impl ToString) -> RecordKey {
        RecordKey {
            tenant: self.tenant.clone(),
            source: Source::Shipbob,
            kind,
            id: id.to_string().parse().unwrap(),
        }
    }

    /// CloudSuite gets this of an object, and has it.
    pub(super) async fn confirms(&self, kind: Kind, id: impl ToString, moves: &[(&str, &str)]) -> Record {
        let (key, now) = (self.key(kind, &id), self.simulated.at.lock().unwrap().1);
        let body = Digest::of(key.to_string().as_bytes());
        let delivery = Delivery {
            id: "d".into(),
            topic: "t".into(),
            received_at: now,
            updated_at: None,
            triggered_at: None,
            body,
            name: String::new(),
            again: false,
        };
        let (lease, quiet) = (SignedDuration::from_secs(60), SignedDuration::from_secs(30));
        let claim = Claim { key: key.clone(), delivery, lease, quiet, alone: true };
        let moves = moves.iter().map(|(id, quantity)| ((*id).to_owned(), quantity.parse().unwrap()));
        let written = Written {
            document: DocumentKind::usual(kind),
            company: "100".parse().unwrap(),
            fingerprint: Digest::of(b"d"),
            customer: String::new(),
            lines: 1,
            movement: Some(moves.collect()),
        };
        let held = Record::first(&claim, now).posting(now, "0123456789ab", &written).unwrap();
        let mut record = held.posted(now, References::default(), now).unwrap().confirmed(now, "V1");
        record.version = 1;
        self.ledger.write(record).await.unwrap()
    }

    pub(super) async fn statement(&self) -> Statement {
        let Self { tenant, api, ledger, .. } = self;
        let deadline = Instant::now() + Duration::from_secs(3_600);
        let sources = Sources { tenant, shipbob: api, ledger, deadline };
        let statement = statement_of(&sources, date("2026-11-01"), date("2026-11-30")).await.unwrap();
        for text in [render_statement(&statement), statement_json(&statement).to_string()] {
            assert!(!text.contains(PERSON) && !text.contains("Test St"), "{text}");
        }
        statement
    }
}
