//! The way to Infor as one instance sees it, and Infor's side of it.
//!
//! A request that left is processed on Infor's side by a task of its own: whether its sender still waits, gave up
//! or is gone changes nothing there.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use cloudsuite::ion::{Broken, HttpAnswer, Post, Transport};
use domain::Private;
use jiff::fmt::rfc2822;
use platform::Clock as _;
use simulated_cloudsuite::{
    Answer, Effect, Fault as M3Fault, HttpRequest, HttpResponse, SimulatedCloudSuite,
};
use tokio::sync::oneshot;

use crate::{Accounts, Chance, Fault, Instance, Surroundings, Time};

/// The longest that Infor takes to process what nobody waits for any more: 250 s after a time-out of 75 s.
const LATEST: u64 = 325_000;

/// Infor's side.
pub(crate) struct CloudSuite {
    simulator: Mutex<SimulatedCloudSuite>,
    around: Arc<Surroundings>,
    chance: Chance,
    accounts: Arc<Accounts>,
}

/// What one request meets on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Nothing unusual.
    Well,
    /// This happens to it.
    Struck(Fault),
}

impl CloudSuite {
    /// Infor's side, with its own chance.
    pub(crate) fn new(
        simulator: SimulatedCloudSuite,
        around: &Arc<Surroundings>,
        accounts: &Arc<Accounts>,
        seed: u64,
    ) -> Arc<Self> {
        Arc::new(Self {
            simulator: Mutex::new(simulator),
            around: around.clone(),
            chance: Chance::of(seed, "cloudsuite"),
            accounts: accounts.clone(),
        })
    }

    /// The simulation, for operators and the oracle.
    ///
    /// A poisoned lock only means a panic elsewhere.
    pub(crate) fn simulator(&self) -> MutexGuard<'_, SimulatedCloudSuite> {
        self.simulator.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Processes a request after a while, whoever waits for it.
    fn process(self: &Arc<Self>, request: HttpRequest, fate: Fate) -> oneshot::Receiver<Answer> {
        let (answer, receiver) = oneshot::channel();
        let infor = self.clone();
        let (before, after) = (self.way_there(fate), self.way_back(fate));
        tokio::spawn(async move {
            if !infor.around.is_instant {
                tokio::time::sleep(before).await;
            }
            let answered = infor.handle(&request, fate);
            if !infor.around.is_instant {
                tokio::time::sleep(after).await;
            }
            // Nobody may wait any more.
            let _ = answer.send(answered);
        });
        receiver
    }

    fn way_there(&self, fate: Fate) -> Duration {
        Duration::from_millis(match fate {
            Fate::Struck(Fault::ProcessedLate) => self.chance.between(60_000..=LATEST),
            _ => self.chance.between(5..=400),
        })
    }

    fn way_back(&self, fate: Fate) -> Duration {
        Duration::from_millis(match fate {
            Fate::Struck(Fault::AnswerLate) => self.chance.between(30_000..=120_000),
            _ => self.chance.between(5..=400),
        })
    }

    fn handle(&self, request: &HttpRequest, fate: Fate) -> Answer {
        let mut simulator = self.simulator();
        if let Some(effect) = self.effect(request, fate) {
            simulator.add_fault(M3Fault::once(effect));
        }
        let answer = simulator.handle(request, self.around.time.now());
        self.around.log.say("infor", || {
            let (status, said) = match &answer {
                Answer::Respond { response, .. } => (response.status, results(&response.body)),
                Answer::Drop { .. } => (0, String::new()),
            };
            format!("{status} to {}: {said}", summary(&request.body))
        });
        answer
    }

    /// What happens inside M3 to a request.
    fn effect(&self, request: &HttpRequest, fate: Fate) -> Option<Effect> {
        let Fate::Struck(fault) = fate else { return None };
        let some = usize::try_from(self.chance.between(0..=6)).unwrap_or_default();
        Some(match fault {
            Fault::Terminated => Effect::StopAfter { after: some },
            Fault::ResultsMissing => Effect::MissingResults { keep: some },
            // A deletion that was answered and lost leaves an unconfirmed batch order that nobody can know of.
            Fault::CommitLost if !names(&request.body, "DelBatchHead") => Effect::LoseCommit,
            Fault::TokensRevoked => Effect::RevokeTokens,
            Fault::ConfirmRefused if names(&request.body, "Confirm") => Effect::ConfirmStatus {
                status: (*self.chance.one_of(&["15", "25", "30"])).to_owned(),
                code: "XX00001".to_owned(),
                text: String::new(),
            },
            _ => return None,
        })
    }
}

/// Whether a bulk request holds a transaction of this name.
fn names(body: &[u8], transaction: &str) -> bool {
    let quoted = format!("\"transaction\":\"{transaction}\"");
    String::from_utf8_lossy(body).contains(&quoted)
}

/// A request in a few words: its program and transactions, no values.
fn summary(body: &[u8]) -> String {
    let Ok(body) = serde_json::from_slice::<serde_json::Value>(body) else { return "a token request".into() };
    let transactions = body["transactions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let word = |entry: &serde_json::Value| {
        let record = &entry["record"];
        let named = ["ORNO", "CUOR", "CUNO", "ALCU", "ITNO"].iter().find_map(|name| record[name].as_str());
        format!("{}({})", entry["transaction"].as_str().unwrap_or_default(), named.unwrap_or_default())
    };
    let words: Vec<_> = transactions.iter().map(word).collect();
    format!("{} {}", body["program"].as_str().unwrap_or_default(), words.join(" "))
}

/// An answer in a few words: of each transaction its refusal, or the numbers and statuses that it gave.
fn results(body: &[u8]) -> String {
    let Ok(body) = serde_json::from_slice::<serde_json::Value>(body) else { return String::new() };
    let results = body["results"].as_array().map(Vec::as_slice).unwrap_or_default();
    let row = |row: &serde_json::Value| {
        let named = ["ORNO", "ORNR", "CUNO", "STAT", "PONR", "CUOR", "ALCU"];
        let values = named.iter().filter_map(|name| row[name].as_str()).filter(|value| !value.is_empty());
        values.collect::<Vec<_>>().join("/")
    };
    let result = |result: &serde_json::Value| {
        let records = result["records"].as_array().map(Vec::as_slice).unwrap_or_default();
        let rows: Vec<_> = records.iter().map(row).collect();
        let code = result["errorCode"].as_str().unwrap_or_default();
        let is_left = if result["notProcessed"] == true { "not processed" } else { "" };
        format!("{}{code}{is_left}", rows.join("+"))
    };
    let words: Vec<_> = results.iter().map(result).collect();
    let end = if body["wasTerminated"] == true { ", terminated" } else { "" };
    format!("[{}]{end}", words.join(" "))
}

/// The way to Infor as one instance sees it.
pub(crate) struct SimTransport {
    /// Infor's side.
    pub(crate) infor: Arc<CloudSuite>,
    /// Who sees it.
    pub(crate) instance: Arc<Instance>,
}

impl SimTransport {
    /// What strikes a request before Infor is reached.
    fn fate(&self, is_token: bool) -> Fate {
        let gateway = [
            Fault::NoConnection,
            Fault::BrokenBefore,
            Fault::BrokenAfter,
            Fault::ProcessedLate,
            Fault::AnswerLate,
            Fault::Throttled,
            Fault::ServerError,
            Fault::GatewayTimeOut,
            Fault::CommitLost,
            Fault::Terminated,
            Fault::ResultsMissing,
            Fault::TokensRevoked,
            Fault::ConfirmRefused,
        ];
        let faults = if is_token { &[Fault::NoConnection, Fault::TokenDown][..] } else { &gateway[..] };
        let struck = faults.iter().find(|fault| self.instance.strikes(**fault, "request to Infor"));
        struck.map_or(Fate::Well, |fault| Fate::Struck(*fault))
    }

    /// What is answered without Infor's servers behind the gateway.
    fn refusal(&self, fault: Fault) -> Option<Result<HttpAnswer, Broken>> {
        let status =
            |status, retry_after| Ok(HttpAnswer { status, retry_after, body: Private::new(b"{}".to_vec()) });
        Some(match fault {
            Fault::NoConnection => Err(Broken::NoConnection),
            Fault::BrokenBefore => Err(Broken::BrokenOff),
            Fault::Throttled => status(429, self.retry_after()),
            Fault::ServerError | Fault::TokenDown => {
                status(*self.infor.chance.one_of(&[500, 502, 503, 504]), None)
            }
            _ => return None,
        })
    }

    /// A `Retry-After`: missing, in seconds, or as a date.
    fn retry_after(&self) -> Option<String> {
        let chance = &self.infor.chance;
        let seconds = chance.between(1..=90);
        match chance.between(0..=2) {
            0 => None,
            1 => Some(seconds.to_string()),
            _ => {
                let time = self.infor.around.time;
                let moment = Time::at(time.elapsed() + Duration::from_secs(seconds));
                let printer = rfc2822::DateTimePrinter::new();
                printer.timestamp_to_rfc9110_string(&moment).ok()
            }
        }
    }
}

#[async_trait]
impl Transport for SimTransport {
    async fn post(&self, post: Post) -> Result<HttpAnswer, Broken> {
        let is_token = post.url.path().ends_with("token.oauth2");
        let elapsed = self.infor.around.time.elapsed();
        if is_token {
            self.infor.accounts.asked_token(elapsed);
        } else {
            self.infor.accounts.asked_gateway(elapsed);
        }
        let fate = self.fate(is_token);
        self.instance.say(|| format!("posts {}: {fate:?}", summary(post.body.expose())));
        if let Fate::Struck(fault) = fate
            && let Some(refusal) = self.refusal(fault)
        {
            self.instance.point("a refusal of Infor").await;
            return refusal;
        }
        let answer = self.infor.process(request(&post), fate);
        let answer = tokio::time::timeout(post.time_out, answer).await;
        self.instance.point("an answer of Infor").await;
        match (fate, answer) {
            (_, Err(_)) => Err(Broken::TimedOut),
            (Fate::Struck(Fault::BrokenAfter), _) | (_, Ok(Err(_) | Ok(Answer::Drop { .. }))) => {
                Err(Broken::BrokenOff)
            }
            (Fate::Struck(Fault::GatewayTimeOut), _) => {
                Ok(HttpAnswer { status: 504, retry_after: None, body: Private::new(Vec::new()) })
            }
            (_, Ok(Ok(Answer::Respond { response, .. }))) => Ok(answered(response)),
        }
    }
}

fn request(post: &Post) -> HttpRequest {
    let path = match post.url.query() {
        Some(query) => format!("{}?{query}", post.url.path()),
        None => post.url.path().to_owned(),
    };
    let headers = post.headers.iter().map(|(name, value)| ((*name).to_owned(), value.expose().clone()));
    HttpRequest {
        method: "POST".to_owned(),
        path,
        headers: headers.collect(),
        body: post.body.expose().clone(),
    }
}

fn answered(response: HttpResponse) -> HttpAnswer {
    let header = |wanted: &str| {
        let found = response.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.clone())
    };
    let retry_after = header("retry-after");
    let body = if [200, 400, 401].contains(&response.status) { response.body } else { Vec::new() };
    HttpAnswer { status: response.status, retry_after, body: Private::new(body) }
}
