//! A shop with a token and a clock that tests move.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use simulated_shopify::{
    Credentials, Delivery, HttpRequest, HttpResponse, Outcome, Settings, SimulatedShopify,
};

pub(crate) const GRAPHQL: &str = "/admin/api/2026-10/graphql.json";
pub(crate) const TOKEN: &str = "/admin/oauth/access_token";
pub(crate) const HOOK: &str = "https://localhost/webhooks/shopify/demo";

pub(crate) struct Bench {
    pub(crate) simulator: SimulatedShopify,
    pub(crate) now: Timestamp,
    pub(crate) token: String,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::with(Settings::default())
    }

    pub(crate) fn with(settings: Settings) -> Self {
        Self::seeded(settings, 1)
    }

    pub(crate) fn seeded(settings: Settings, seed: u64) -> Self {
        let mut simulator = SimulatedShopify::with(Credentials::default(), settings, seed);
        let token = simulator.issue_permanent_token();
        Self { simulator, now: "2026-11-22T12:00:00Z".parse().unwrap(), token }
    }

    pub(crate) fn pass(&mut self, seconds: i64) {
        self.now += SignedDuration::from_secs(seconds);
    }

    pub(crate) fn send(&mut self, request: &HttpRequest) -> HttpResponse {
        self.simulator.handle(request, self.now).response().expect("an answer")
    }

    pub(crate) fn post(&mut self, path: &str, token: &str, body: &Value) -> (u16, Value) {
        let request = HttpRequest::new("POST", path)
            .header("content-type", "application/json")
            .header("X-Shopify-Access-Token", token)
            .body(body.to_string());
        let response = self.send(&request);
        (response.status, parsed(&response))
    }

    /// The whole answer to a query.
    pub(crate) fn ask(&mut self, query: &str) -> Value {
        self.ask_with(query, &json!({}))
    }

    pub(crate) fn ask_with(&mut self, query: &str, variables: &Value) -> Value {
        let token = self.token.clone();
        let (status, body) = self.post(GRAPHQL, &token, &json!({ "query": query, "variables": variables }));
        assert_eq!(status, 200, "{body}");
        body
    }

    /// The data of an answer that must be without errors.
    pub(crate) fn data(&mut self, query: &str) -> Value {
        let mut body = self.ask(query);
        assert_eq!(body["errors"], Value::Null, "{query}");
        body["data"].take()
    }

    /// The first error's code and message of an answer without data.
    pub(crate) fn refused(&mut self, query: &str) -> (String, String) {
        let body = self.ask(query);
        assert_eq!(body["data"], Value::Null, "{query}: {body}");
        let error = &body["errors"][0];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&error["extensions"]["code"]), text(&error["message"]))
    }

    pub(crate) fn put(&mut self, order: Value) -> u64 {
        self.simulator.put_order(order, self.now).unwrap()
    }

    pub(crate) fn subscribe(&mut self, topic: &str) {
        let made = self.data(&format!(
            r#"mutation {{ webhookSubscriptionCreate(topic: {topic}, webhookSubscription: {{ uri: "{HOOK}" }})
               {{ userErrors {{ message }} }} }}"#
        ));
        assert_eq!(made["webhookSubscriptionCreate"]["userErrors"], json!([]));
    }

    pub(crate) fn due(&mut self) -> Vec<Delivery> {
        self.simulator.due_deliveries(self.now)
    }

    pub(crate) fn answer(&mut self, delivery: &Delivery, status: u16) {
        let outcome = Outcome::Answered { status, milliseconds: 20 };
        self.simulator.delivered(delivery.id, outcome, self.now);
    }

    /// Jumps to the next delivery, and takes what is due then.
    pub(crate) fn next(&mut self) -> Vec<Delivery> {
        self.now = self.simulator.next_delivery().expect("something waits").max(self.now);
        self.due()
    }
}

/// An order with one line of two pieces and an order-wide discount.
pub(crate) fn order() -> Value {
    let set = |amount: &str| {
        json!({
            "shop_money": { "amount": amount, "currency_code": "AUD" },
            "presentment_money": { "amount": amount, "currency_code": "USD" },
        })
    };
    json!({
        "id": 820_982_911_946_154_508_u64,
        "name": "#1001",
        "order_number": 1001,
        "email": "buyer@example.com",
        "created_at": "2026-11-22T06:00:00-05:00",
        "updated_at": "2026-11-22T06:00:00-05:00",
        "processed_at": "2026-11-22T06:00:00-05:00",
        "currency": "AUD",
        "presentment_currency": "USD",
        "financial_status": "pending",
        "fulfillment_status": null,
        "tags": "wholesale, Noël",
        "total_price": "40.00",
        "total_price_set": {
            "shop_money": { "amount": "40.00", "currency_code": "AUD" },
            "presentment_money": { "amount": "26.00", "currency_code": "USD" },
        },
        "customer": { "id": 5, "first_name": "Ada", "last_name": "L", "email": "buyer@example.com", "state": "enabled",
            "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z", "verified_email": true },
        "shipping_address": { "first_name": "Ada", "name": "Ada L", "address1": "1 Main St", "city": "Perth",
            "zip": "6000", "country": "Australia", "country_code": "AU", "phone": "+61 1", "province_code": "WA" },
        "discount_applications": [{ "type": "manual", "title": "Sorry", "value": "4.0", "value_type": "fixed_amount",
            "target_type": "line_item", "target_selection": "all", "allocation_method": "across" }],
        "line_items": [{
            "id": 11, "title": "Cap", "name": "Cap - red", "sku": "CAP-RED", "quantity": 2, "current_quantity": 2,
            "price": "22.00", "price_set": set("22.00"), "total_discount": "0.00",
            "variant_id": 7, "product_id": 8, "gift_card": false, "taxable": true, "requires_shipping": true,
            "discount_allocations": [{ "amount": "4.00", "amount_set": set("4.00"), "discount_application_index": 0 }],
            "tax_lines": [{ "title": "GST", "rate": 0.1, "price": "3.64", "price_set": set("3.64") }],
        }],
    })
}

pub(crate) const ORDER: u64 = 820_982_911_946_154_508;

pub(crate) fn parsed(response: &HttpResponse) -> Value {
    serde_json::from_slice(&response.body).unwrap()
}
