//! An account with items, a token and a clock that tests move.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use simulated_shipbob::{
    Credentials, Delivery, HttpRequest, HttpResponse, Outcome, Settings, SimulatedShipBob,
};

pub(crate) const HOOK: &str = "https://localhost/webhooks/shipbob/demo";

pub(crate) struct Bench {
    pub(crate) simulator: SimulatedShipBob,
    pub(crate) now: Timestamp,
}

impl Bench {
    /// The limit on requests is out of the way.
    pub(crate) fn new() -> Self {
        Self::with(Settings { requests_a_minute: 1_000_000, ..Settings::default() })
    }

    pub(crate) fn with(settings: Settings) -> Self {
        let simulator = SimulatedShipBob::with(Credentials::default(), settings, 1);
        let mut bench = Self { simulator, now: "2026-11-22T12:00:00.1234567Z".parse().unwrap() };
        bench.does(
            "items",
            &json!([
                { "inventory_id": 501, "sku": "MUG", "name": "Mug" },
                { "inventory_id": 502, "sku": "TEA", "name": "Tea", "is_lot": true },
                { "inventory_id": 503, "sku": "SET", "name": "Tea set", "components": [
                    { "sku": "MUG", "quantity": 2 }, { "sku": "TEA", "quantity": 1 },
                ] },
            ]),
        );
        bench
    }

    pub(crate) fn pass(&mut self, seconds: i64) {
        self.now += SignedDuration::from_secs(seconds);
    }

    pub(crate) fn send(&mut self, request: &HttpRequest) -> HttpResponse {
        self.simulator.handle(request, self.now)
    }

    /// A request to the API with the token.
    pub(crate) fn call(&mut self, method: &str, path: &str, body: &Value) -> HttpResponse {
        self.call_version("2026-01", method, path, body)
    }

    pub(crate) fn call_version(
        &mut self,
        version: &str,
        method: &str,
        path: &str,
        body: &Value,
    ) -> HttpResponse {
        let token = format!("Bearer {}", self.simulator.credentials().access_token);
        let request = HttpRequest::new(method, &format!("/{version}/{path}")).header("Authorization", &token);
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.send(&request.body(body))
    }

    pub(crate) fn get(&mut self, path: &str) -> Value {
        let response = self.call("GET", path, &Value::Null);
        assert_eq!(response.status, 200, "{path}: {}", String::from_utf8_lossy(&response.body));
        parsed(&response)
    }

    /// Something happens; it must be possible.
    pub(crate) fn does(&mut self, path: &str, body: &Value) -> Value {
        let (status, answer) = self.tries(path, body);
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    pub(crate) fn tries(&mut self, path: &str, body: &Value) -> (u16, Value) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let response = self.send(&HttpRequest::new("POST", &format!("/_simulated/{path}")).body(body));
        (response.status, parsed(&response))
    }

    pub(crate) fn totals(&mut self) -> Value {
        parsed(&self.send(&HttpRequest::new("GET", "/_simulated/totals")))
    }

    /// Puts an order; its number.
    pub(crate) fn order(&mut self, lines: &[(&str, u64)]) -> u64 {
        self.does("orders", &order(lines))["id"].as_u64().unwrap()
    }

    pub(crate) fn subscribe(&mut self, topics: &[&str]) -> Value {
        let secret = self.simulator.credentials().webhook_secret.clone();
        let wanted = json!({ "topics": topics, "url": HOOK, "secret": secret });
        let answer = self.call_version("2026-07", "POST", "webhook", &wanted);
        assert_eq!(answer.status, 200);
        parsed(&answer)
    }

    /// Takes what is due and says how it ended.
    pub(crate) fn deliver(&mut self, status: u16) -> Vec<Delivery> {
        let due = self.simulator.due_deliveries(self.now);
        for delivery in &due {
            self.simulator.delivered(delivery.id, Outcome::Answered { status, milliseconds: 5 }, self.now);
        }
        due
    }
}

pub(crate) fn order(lines: &[(&str, u64)]) -> Value {
    let products: Vec<Value> = (1..)
        .zip(lines)
        .map(|(id, (sku, quantity))| {
            json!({ "id": id, "reference_id": sku, "sku": sku, "quantity": quantity, "unit_price": 12.5,
                "quantity_unit_of_measure_code": "EA", "external_line_id": id })
        })
        .collect();
    json!({
        "reference_id": "REF-1",
        "order_number": "1001",
        "purchase_date": "2026-11-22T11:00:00Z",
        "type": "DTC",
        "channel": { "id": 100_001, "name": "Simulated channel" },
        "shipping_method": "Standard",
        "shipping_terms": { "carrier_type": "Parcel", "payment_term": "Prepaid" },
        "financials": { "total_price": 37.5 },
        "recipient": { "name": "Test Person", "address": { "address1": "1 Test St", "city": "Testville", "country": "US" } },
        "products": products,
    })
}

pub(crate) fn parsed(response: &HttpResponse) -> Value {
    serde_json::from_slice(&response.body).unwrap_or_else(|_| {
        panic!("{} {}", response.status, String::from_utf8_lossy(&response.body));
    })
}
