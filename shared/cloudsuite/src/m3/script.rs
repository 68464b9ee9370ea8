//! A scripted M3: the bulk endpoint behind a transport of its own, answered by a function of program, transaction and
//! input, and every transaction noted.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock, Mutex},
};

use async_trait::async_trait;
use domain::{Private, References, Step};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{M3, Options, catalogue::Catalogue};
use crate::{
    Abandoned, Company, Progress,
    ion::{AllowedHosts, Broken, Gateway, HttpAnswer, InMemory, IonApi, Limits, Post, Transport},
};

/// Input fields by their names.
pub(super) type Input = BTreeMap<String, String>;

/// What the script says to one transaction.
pub(super) enum Say {
    /// Done, with these records.
    Rows(Vec<Value>),
    /// Refused: message id and field.
    Nok(&'static str, &'static str),
    /// The connection breaks off after the request was processed.
    Lose,
    /// M3 stops within the bulk: of this one and those behind it there is no result.
    Stop,
}

/// Done, without a record.
pub(super) fn done() -> Say {
    Say::Rows(Vec::new())
}

/// Done, with one record.
pub(super) fn row(record: Value) -> Say {
    Say::Rows(vec![record])
}

type Answer = Box<dyn FnMut(&str, &Input) -> Say + Send>;

/// One transaction that was sent.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) name: String,
    pub(super) record: Input,
    /// Which request it came with, from 1.
    pub(super) request: usize,
}

/// Read once: it has some twenty thousand lines.
static CATALOGUE: LazyLock<Option<Catalogue>> = LazyLock::new(Catalogue::read);

struct Script {
    catalogue: Option<&'static Catalogue>,
    answer: Mutex<Answer>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

#[async_trait]
impl Transport for Script {
    async fn post(&self, post: Post) -> Result<HttpAnswer, Broken> {
        let answered = |body: Value| {
            let body = Private::new(body.to_string().into_bytes());
            Ok(HttpAnswer { status: 200, retry_after: None, body })
        };
        if !post.url.path().ends_with("v2/execute") {
            return answered(json!({"access_token": "t", "token_type": "Bearer", "expires_in": 7200}));
        }
        let body: Value = serde_json::from_slice(post.body.expose()).unwrap();
        let program = body["program"].as_str().unwrap().to_owned();
        let mut asked = self.asked.lock().unwrap();
        let request = asked.last().map_or(1, |last| last.request + 1);
        let transactions = body["transactions"].as_array().unwrap();
        assert!(transactions.len() <= 50, "a request of {} transactions", transactions.len());
        let (mut results, mut stopped) = (Vec::new(), false);
        for transaction in transactions {
            let name = transaction["transaction"].as_str().unwrap().to_owned();
            let record: Input = serde_json::from_value(transaction["record"].clone()).unwrap();
            if let Some(catalogue) = &self.catalogue {
                let columns: Vec<String> =
                    serde_json::from_value(transaction["selectedColumns"].clone()).unwrap_or_default();
                let columns: Vec<_> = columns.iter().map(String::as_str).collect();
                catalogue.assert_takes(&program, &name, &record, &columns);
            }
            let said = (self.answer.lock().unwrap())(&format!("{program}/{name}"), &record);
            asked.push(Asked { name: name.clone(), record, request });
            results.push(match said {
                Say::Rows(records) => json!({"transaction": name, "records": records}),
                Say::Nok(code, field) => {
                    json!({"transaction": name, "errorMessage": "x", "errorCode": code, "errorField": field})
                }
                Say::Lose => return Err(Broken::BrokenOff),
                Say::Stop => {
                    stopped = true;
                    break;
                }
            });
        }
        answered(json!({ "results": results, "wasTerminated": stopped }))
    }
}

/// M3 that answers by a script, and what it was asked.
///
/// What is sent is held against M3's published interface as it arrives.
pub(super) struct Scripted {
    pub(super) m3: M3,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Scripted {
    pub(super) fn new(options: Options, answer: impl FnMut(&str, &Input) -> Say + Send + 'static) -> Self {
        let file = json!({
            "ti": "DEMO_TST", "cn": "x", "dt": "12", "ci": "DEMO_TST~client", "cs": "secret",
            "iu": "https://mingle-ionapi.inforcloudsuite.com",
            "pu": "https://mingle-sso.inforcloudsuite.com:443/DEMO_TST/as/",
            "oa": "authorization.oauth2", "ot": "token.oauth2", "or": "revoke_token.oauth2",
            "ev": "V1480769020", "v": "1.0", "saak": "DEMO_TST#key", "sask": "key"
        });
        let ion = IonApi::parse(&file.to_string(), &AllowedHosts::new([])).unwrap();
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let catalogue = CATALOGUE.as_ref();
        let script = Script { catalogue, answer: Mutex::new(Box::new(answer)), asked: asked.clone() };
        let shared = Arc::new(InMemory::starting(Timestamp::UNIX_EPOCH));
        let gateway = Gateway::new(ion, Arc::new(script), shared, Limits::default());
        Self { m3: M3::new(gateway, options), asked }
    }

    /// Everything that was sent, in order.
    pub(super) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// The names of what was sent, in order.
    pub(super) fn names(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.name).collect()
    }

    /// How many requests were sent.
    pub(super) fn requests(&self) -> usize {
        self.asked().last().map_or(0, |last| last.request)
    }
}

pub(super) fn company() -> Company {
    Company { number: 100, division: "AAA".into() }
}

/// A ledger that remembers what it was told, and leases that hold for so many questions.
pub(super) struct Told {
    pub(super) steps: Mutex<Vec<(usize, Step, References)>>,
    pub(super) holds: bool,
}

impl Default for Told {
    fn default() -> Self {
        Self { steps: Mutex::default(), holds: true }
    }
}

impl Told {
    /// The temporary numbers that were kept, in order.
    pub(super) fn kept(&self) -> Vec<String> {
        let steps = self.steps.lock().unwrap();
        steps.iter().map(|(.., references)| references.temporary.clone().unwrap_or_default()).collect()
    }
}

#[async_trait]
impl Progress for Told {
    async fn reached(&self, index: usize, step: Step, references: References) -> Result<(), Abandoned> {
        self.steps.lock().unwrap().push((index, step, references));
        Ok(())
    }

    fn until(&self) -> Timestamp {
        if self.holds { Timestamp::MAX } else { Timestamp::MIN }
    }
}
