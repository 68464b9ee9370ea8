//! A simulation with a token and a clock of its own.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use simulated_cloudsuite::{Answer, Fault, HttpRequest, HttpResponse, MasterData, SimulatedCloudSuite};

pub(crate) const EXECUTE: &str = "/DEMO_TST/M3/m3api-rest/v2/execute";
pub(crate) const TOKEN: &str = "/DEMO_TST/as/token.oauth2";

pub(crate) struct Bench {
    pub(crate) simulator: SimulatedCloudSuite,
    pub(crate) now: Timestamp,
    pub(crate) bearer: String,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::with(MasterData::demo())
    }

    pub(crate) fn with(master: MasterData) -> Self {
        let now = "2026-03-02T10:00:00Z".parse().unwrap();
        let mut bench = Self { simulator: SimulatedCloudSuite::new(master), now, bearer: String::new() };
        bench.bearer = bench.new_token();
        bench
    }

    pub(crate) fn new_token(&mut self) -> String {
        let response = self.send(&token_request(&self.simulator)).response().unwrap();
        format!("Bearer {}", body(&response)["access_token"].as_str().unwrap())
    }

    pub(crate) fn pass(&mut self, seconds: i64) {
        self.now += SignedDuration::from_secs(seconds);
    }

    pub(crate) fn fault(&mut self, fault: Fault) {
        self.simulator.add_fault(fault);
    }

    pub(crate) fn send(&mut self, request: &HttpRequest) -> Answer {
        self.simulator.handle(request, self.now)
    }

    /// A request to M3 with this body, as text so that its key order is the test's own.
    pub(crate) fn post(&mut self, body: &str) -> Answer {
        let request = execute(&self.bearer, body);
        self.send(&request)
    }

    pub(crate) fn post_json(&mut self, text: &str) -> (u16, Value) {
        let response = self.post(text).response().expect("an answer");
        (response.status, body(&response))
    }

    /// A bulk request for company 100.
    pub(crate) fn bulk(&mut self, program: &str, transactions: &[(&str, Value)]) -> (u16, Value) {
        self.post_json(&bulk_body(program, transactions))
    }

    /// One transaction that must succeed: its records.
    pub(crate) fn run(&mut self, name: &str, record: Value) -> Vec<Map<String, Value>> {
        let (program, transaction) = name.split_once('/').unwrap();
        let (status, answer) = self.bulk(program, &[(transaction, record)]);
        assert_eq!((status, answer["results"][0]["errorMessage"].as_str()), (200, Some("")), "{answer:#}");
        let records = answer["results"][0]["records"].as_array().unwrap();
        records.iter().map(|record| record.as_object().unwrap().clone()).collect()
    }

    /// One transaction that M3 must refuse: code and field.
    pub(crate) fn refused(&mut self, name: &str, record: Value) -> (String, String) {
        let (program, transaction) = name.split_once('/').unwrap();
        let (status, answer) = self.bulk(program, &[(transaction, record)]);
        let result = &answer["results"][0];
        assert_eq!((status, &result["errorType"]), (200, &json!("ServerReturnedNOK")), "{answer:#}");
        (text(&result["errorCode"]), text(&result["errorField"]))
    }

    /// A batch order with a head and one line: its temporary number.
    pub(crate) fn entered(&mut self, reference: &str) -> String {
        let head = json!({ "CUNO": "C00001", "ORTP": "ECO", "CUOR": reference });
        let number = text(&self.run("OIS100MI/AddBatchHead", head)[0]["ORNO"]);
        let line = json!({ "ORNO": number, "ITNO": "MUG-BLUE-12", "ORQT": "2", "SAPR": "14.50" });
        self.run("OIS100MI/AddBatchLine", line);
        number
    }

    /// The final number and the status of a batch order.
    pub(crate) fn status(&mut self, number: &str) -> (String, String) {
        let rows = self.run("OIS275MI/GetTmpOrderStat", json!({ "ORNO": number }));
        (text(&rows[0]["ORNR"]), text(&rows[0]["STAT"]))
    }
}

/// A record with other fields put in.
pub(crate) fn with(mut record: Value, changes: Value) -> Value {
    let Value::Object(changes) = changes else { panic!("{changes} is no record") };
    record.as_object_mut().unwrap().extend(changes);
    record
}

pub(crate) fn execute(bearer: &str, body: &str) -> HttpRequest {
    HttpRequest::new("POST", EXECUTE)
        .header("Authorization", bearer)
        .header("Content-Type", "application/json")
        .body(body)
}

pub(crate) fn bulk_body(program: &str, transactions: &[(&str, Value)]) -> String {
    let entries = transactions.iter().map(|(name, record)| json!({ "transaction": name, "record": record }));
    let entries: Vec<Value> = entries.collect();
    format!(r#"{{"program":"{program}","cono":100,"transactions":{}}}"#, json!(entries))
}

pub(crate) fn token_request(simulator: &SimulatedCloudSuite) -> HttpRequest {
    let own = simulator.credentials();
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "password")
        .append_pair("username", &own.access_key)
        .append_pair("password", &own.secret_key)
        .finish();
    let basic = STANDARD.encode(format!("{}:{}", own.client_id, own.client_secret));
    HttpRequest::new("POST", TOKEN)
        .header("authorization", &format!("Basic {basic}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form)
}

pub(crate) fn body(response: &HttpResponse) -> Value {
    serde_json::from_slice(&response.body).expect("JSON")
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}

pub(crate) fn column(rows: &[Map<String, Value>], name: &str) -> Vec<String> {
    rows.iter().map(|row| text(&row[name])).collect()
}
