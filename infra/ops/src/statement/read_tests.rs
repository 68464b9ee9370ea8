//! Statements read from the simulated ShipBob and the ledger in memory.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use domain::{Claim, Delivery, Digest, DocumentKind, Private, RecordKey, References, Written};
use jiff::{SignedDuration, Timestamp};
use ledger::{Memory, Payload};
use remote::{Broken, HttpAnswer, InMemory, Limits, Method, Request, Transport};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use shipbob_api::Access;
use simulated_shipbob::{Credentials, HttpRequest, Settings, SimulatedShipBob};

use super::*;
use crate::statement::{Line, Section, What, render_statement, statement_json};

/// The name of whoever ordered, which nobody may see.
const PERSON: &str = "Ada Lovelace";

/// The simulation, asked without sockets, at a time that tests set.
struct InProcess(Mutex<(SimulatedShipBob, Timestamp)>);

#[async_trait::async_trait]
impl Transport for InProcess {
    async fn send(&self, request: Request) -> Result<HttpAnswer, Broken> {
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
        let (simulator, now) = &mut *self.0.lock().unwrap();
        let answer = simulator.handle(&asked.body(request.body.expose().clone()), *now);
        let header = |name: &&'static str| Some((*name, answer.header(name)?.to_owned()));
        let headers = request.wanted.iter().filter_map(header).collect();
        Ok(HttpAnswer { status: answer.status, headers, body: Private::new(answer.body) })
    }
}

struct World {
    tenant: TenantId,
    simulated: Arc<InProcess>,
    api: ShipBob,
    ledger: Memory,
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// Two fulfilment centres, fees to accounts, and mugs that CloudSuite counts in boxes of four.
fn mapping_file() -> String {
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

async fn world() -> World {
    let settings = Settings { requests_a_minute: 1_000_000, ..Settings::default() };
    let simulator = SimulatedShipBob::with(Credentials::default(), settings, 1);
    let token = simulator.credentials().access_token.clone();
    let start = time("2026-11-03T12:00:00Z");
    let simulated = Arc::new(InProcess(Mutex::new((simulator, start))));
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
    fn does(&self, path: &str, body: &Value) -> Value {
        let (simulator, now) = &mut *self.simulated.0.lock().unwrap();
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = HttpRequest::new("POST", &format!("/_simulated/{path}")).body(body);
        let answer = simulator.handle(&request, *now);
        let said = String::from_utf8(answer.body).unwrap();
        assert_eq!(answer.status, 200, "{path}: {said}");
        serde_json::from_str(&said).unwrap()
    }

    fn it_is(&self, now: &str) {
        self.simulated.0.lock().unwrap().1 = time(now);
    }

    /// An order that leaves at once in one parcel; its shipment's id.
    fn ships(&self, lines: &[(&str, u64)]) -> u64 {
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
        let id = self.does("orders", &order)["id"].clone();
        self.does(&format!("orders/{id}/ship"), &Value::Null)["shipments"][0].as_u64().unwrap()
    }

    fn charges(&self, fees: &Value) -> Vec<String> {
        let answer = self.does("transactions", fees);
        let ids = answer["transaction_ids"]
            .as_array()
            .or(answer["ids"].as_array())
            .unwrap_or_else(|| panic!("{answer}"));
        ids.iter().map(|id| id.as_str().unwrap().to_owned()).collect()
    }

    fn key(&self, kind: Kind, id: impl ToString) -> RecordKey {
        RecordKey {
            tenant: self.tenant.clone(),
            source: Source::Shipbob,
            kind,
            id: id.to_string().parse().unwrap(),
        }
    }

    /// CloudSuite gets this of an object, and has it.
    async fn confirms(&self, kind: Kind, id: impl ToString, moves: &[(&str, &str)]) -> Record {
        let (key, now) = (self.key(kind, id), self.simulated.0.lock().unwrap().1);
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

    async fn statement(&self) -> Statement {
        let Self { tenant, api, ledger, .. } = self;
        let deadline = Instant::now() + Duration::from_secs(600);
        let sources = Sources { tenant, shipbob: api, ledger, deadline };
        let statement = statement_of(&sources, date("2026-11-01"), date("2026-11-30")).await.unwrap();
        for text in [render_statement(&statement), statement_json(&statement).to_string()] {
            assert!(!text.contains(PERSON) && !text.contains("Test St"), "{text}");
        }
        statement
    }
}

fn section(statement: &Statement, kind: Kind) -> &Section {
    statement.sections.iter().find(|section| section.kind == kind).unwrap()
}

fn odd(statement: &Statement) -> Vec<(What, String)> {
    statement.odd.iter().map(|odd| (odd.what, odd.id.to_string())).collect()
}

fn units(line: &Line) -> Decimal {
    line.shipbob["units"]
}

#[tokio::test(start_paused = true)]
async fn a_month_that_was_posted_whole_ties_to_the_unit_and_the_cent() {
    let world = world().await;
    // A kit leaves as its components; tea is counted in boxes of four.
    let (shipment, other) = (world.ships(&[("SET", 3)]), world.ships(&[("MUG", 1)]));
    world.confirms(Kind::Shipment, shipment, &[("501", "6"), ("502", "3")]).await;
    world.confirms(Kind::Shipment, other, &[("501", "1")]).await;
    let announced = json!({ "purchase_order_number": "PO1", "fulfillment_center_id": 8,
        "boxes": [{ "items": [{ "sku": "TEA", "quantity": 8, "lot_number": "A" }] }] });
    let receipt = world.does("receiving", &announced)["id"].clone();
    let stow = json!({ "boxes": [{ "items": [{ "sku": "TEA", "quantity": 8, "lot_number": "A" }] }] });
    world.does(&format!("receiving/{receipt}/stow"), &stow);
    world.does(&format!("receiving/{receipt}/complete"), &Value::Null);
    world.confirms(Kind::Receipt, &receipt, &[("502/A", "2")]).await;
    let back = json!({ "original_shipment_id": shipment, "inventory": [{ "sku": "MUG", "quantity": 2 }] });
    let back = world.does("returns", &back)["id"].clone();
    world.does(&format!("returns/{back}/complete"), &Value::Null);
    world.confirms(Kind::Return, &back, &[("501", "-2")]).await;
    let fees = world.charges(&json!([
        { "amount": 6.58, "transaction_fee": "Shipping", "reference_id": "1", "reference_type": "Shipment",
            "taxes": [{ "tax_type": "GST", "tax_rate": 10, "tax_amount": 0.66 }] },
        { "amount": -1.10, "transaction_fee": "Shipping", "transaction_type": "Credit" },
        { "amount": -500, "transaction_fee": "Payment", "transaction_type": "Payment" },
    ]));
    world.confirms(Kind::Fee, &fees[0], &[("USD", "7.24")]).await;
    world.confirms(Kind::Fee, &fees[1], &[("USD", "-1.10")]).await;

    let statement = world.statement().await;
    assert!(statement.ties, "{}", render_statement(&statement));
    assert_eq!(statement.odd, []);
    let totals = |kind| {
        let section = section(&statement, kind);
        assert!(section.difference.is_empty() && section.shipbob == section.confirmed);
        let [(counted_in, figure)] = section.shipbob.figures.iter().collect::<Vec<_>>()[..] else {
            panic!("{section:?}")
        };
        (section.shipbob.objects, format!("{figure} {counted_in}"))
    };
    assert_eq!(totals(Kind::Shipment), (2, "10 units".into()));
    assert_eq!(totals(Kind::Receipt), (1, "2 units".into()));
    assert_eq!(totals(Kind::Return), (1, "2 units".into()));
    assert_eq!(totals(Kind::Fee), (2, "6.14 USD".into()));
    assert_eq!(section(&statement, Kind::Fee).nothing_to_post.values().sum::<u64>(), 1);
    assert_eq!(statement.time_zones, ["America/Chicago", "UTC"]);
}

#[tokio::test(start_paused = true)]
async fn what_happened_since_it_was_posted_shows_and_so_does_what_nobody_heard_of() {
    let world = world().await;
    let (corrected, cancelled, unheard) =
        (world.ships(&[("MUG", 4)]), world.ships(&[("MUG", 2)]), world.ships(&[("MUG", 1)]));
    world.confirms(Kind::Shipment, corrected, &[("501", "4")]).await;
    world.confirms(Kind::Shipment, cancelled, &[("501", "2")]).await;
    let correct = json!({ "items": [{ "inventory_id": 501, "quantity": 3 }] });
    world.does(&format!("shipments/{corrected}/correct"), &correct);
    world.does(&format!("shipments/{cancelled}/cancel"), &Value::Null);
    let announced = json!({ "purchase_order_number": "PO1",
        "boxes": [{ "items": [{ "sku": "MUG", "quantity": 10 }] }] });
    let receipt = world.does("receiving", &announced)["id"].clone();
    let stow = json!({ "boxes": [{ "items": [{ "sku": "MUG", "quantity": 9 }] }] });
    world.does(&format!("receiving/{receipt}/stow"), &stow);
    world.does(&format!("receiving/{receipt}/complete"), &Value::Null);
    world.confirms(Kind::Receipt, &receipt, &[("501", "9")]).await;

    let statement = world.statement().await;
    assert!(!statement.ties);
    assert_eq!(
        odd(&statement),
        [
            (What::NotHeardOf, unheard.to_string()),
            (What::QuantitiesDiffer, corrected.to_string()),
            (What::QuantitiesDiffer, cancelled.to_string()),
            (What::ShortReceipt, receipt.to_string()),
        ]
    );
    let shipments = section(&statement, Kind::Shipment);
    assert_eq!(shipments.difference["units"], Decimal::from(-2));
    assert_eq!(shipments.lines.iter().map(|line| line.ties).collect::<Vec<_>>(), [false; 3]);
}

/// The day at the fulfilment centre decides: an evening in Chicago is the next day in universal time.
#[tokio::test(start_paused = true)]
async fn an_object_counts_for_the_day_at_its_fulfilment_centre() {
    let world = world().await;
    world.it_is("2026-11-01T04:59:00Z");
    let october = world.ships(&[("MUG", 1)]);
    world.it_is("2026-12-01T05:59:00Z");
    let november = world.ships(&[("MUG", 2)]);
    world.it_is("2026-12-01T06:01:00Z");
    world.ships(&[("MUG", 4)]);
    // The one of October is in the ledger late: it is looked up, and is none of this statement.
    world.it_is("2026-11-05T06:01:00Z");
    world.confirms(Kind::Shipment, october, &[("501", "1")]).await;
    world.it_is("2026-12-02T06:01:00Z");
    let statement = world.statement().await;
    let lines: Vec<_> = section(&statement, Kind::Shipment)
        .lines
        .iter()
        .map(|line| (line.id.to_string(), units(line)))
        .collect();
    assert_eq!(lines, [(november.to_string(), Decimal::from(2))]);
    assert_eq!(odd(&statement), [(What::NotHeardOf, november.to_string())]);
}

#[tokio::test(start_paused = true)]
async fn what_the_ledger_has_and_shipbob_does_not_is_odd_in_its_own_month() {
    let world = world().await;
    world.confirms(Kind::Shipment, 999_999, &[("501", "1")]).await;
    world.confirms(Kind::Fee, "01HGONE", &[("USD", "4.10")]).await;
    let old = world.confirms(Kind::Fee, "01HOLD", &[("USD", "1.00")]).await;
    let bytes =
        br#"{"transaction_id":"01HOLD","amount":1.00,"currency_code":"USD","charge_date":"2026-10-31"}"#;
    let payload = Payload {
        body: old.body,
        compressed: Body::compress(bytes).into_compressed(),
        topic: "transaction.polled".into(),
        api_version: String::new(),
        received_at: old.received_at,
    };
    world.ledger.archive(&old.key, &payload).await.unwrap();
    let statement = world.statement().await;
    assert_eq!(
        odd(&statement),
        [(What::NotListed, "999999".to_owned()), (What::NotListed, "01HGONE".to_owned())]
    );
    assert_eq!(section(&statement, Kind::Fee).difference["USD"], "-4.10".parse().unwrap());
}

#[tokio::test(start_paused = true)]
async fn kinds_that_the_mapping_makes_nothing_of_are_not_asked_for() {
    let world = world().await;
    let text = mapping_file().replacen(
        "journal = true\n# Whether ShipBob's",
        "journal = false\n# Whether ShipBob's",
        1,
    );
    world.ledger.push_mapping(&world.tenant, &text, "jo", time("2026-11-03T12:00:00Z")).await.unwrap();
    world.simulated.0.lock().unwrap().0.settings.scopes.retain(|scope| scope != "billing_read");
    let statement = world.statement().await;
    assert_eq!(statement.sections.len(), 3);
    assert!(statement.ties);
}

#[tokio::test(start_paused = true)]
async fn without_a_list_there_is_no_statement() {
    let world = world().await;
    world.simulated.0.lock().unwrap().0.settings.scopes.retain(|scope| scope != "billing_read");
    let World { tenant, api, ledger, .. } = &world;
    let sources =
        Sources { tenant, shipbob: api, ledger, deadline: Instant::now() + Duration::from_secs(600) };
    let error = statement_of(&sources, date("2026-11-01"), date("2026-11-30")).await.unwrap_err();
    assert!(error.to_string().contains("the token lacks billing_read"), "{error}");
    let error = statement_of(&sources, date("2026-11-30"), date("2026-11-01")).await.unwrap_err();
    assert!(matches!(error, StatementError::Period { .. }), "{error}");
}
