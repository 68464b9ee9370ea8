//! The simulated CloudSuite as a process: how it is started and what it is asked from outside.

use std::{collections::BTreeMap, time::Duration};

use reqwest::{Certificate, Client};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    Options, StackError,
    service::{Service, clean_command},
};

const START: Duration = Duration::from_mins(1);

/// The running simulation.
#[derive(Debug)]
pub struct CloudSuite {
    pub(crate) service: Service,
    base: String,
    client: Client,
    pub(crate) authority: String,
    pub(crate) ionapi: String,
}

/// A customer order that the simulated M3 holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Its number (ORNO).
    pub number: String,
    /// How many lines it has.
    pub lines: usize,
    /// How many charges it has, of the head and of the lines.
    pub charges: usize,
    /// The fields of its head.
    pub head: BTreeMap<String, String>,
}

impl Order {
    /// Whether a field of its head holds this text: the customer's order number, or our reference.
    pub fn names(&self, text: &str) -> bool {
        self.head.values().any(|value| value == text)
    }
}

#[derive(Deserialize)]
struct Ready {
    base: String,
}

#[derive(Deserialize)]
struct Orders {
    orders: Vec<Held>,
}

#[derive(Deserialize)]
struct Held {
    number: String,
    content: Content,
}

#[derive(Deserialize)]
struct Content {
    head: BTreeMap<String, String>,
    lines: Vec<Line>,
    charges: Vec<Value>,
}

#[derive(Deserialize)]
struct Line {
    charges: Vec<Value>,
}

impl CloudSuite {
    /// Starts it on a free port.
    pub(crate) async fn start(options: &Options) -> Result<Self, StackError> {
        let state = options.folder.join("cloudsuite");
        let mut command = clean_command(&options.program("simulated-cloudsuite")?, &options.folder);
        command.args(["--listen", "127.0.0.1:0", "--state-dir"]).arg(&state);
        let log = options.log("cloudsuite");
        let mut service = Service::start("the simulated CloudSuite", &mut command, log.clone())?;
        // Its first line of output says that it is ready, and where.
        let announced =
            || async { serde_json::from_str(std::fs::read_to_string(&log).ok()?.lines().next()?).ok() };
        let ready: Ready =
            service.wait_for("the start of the simulated CloudSuite", START, announced).await?;
        let read = |name: &str| {
            let path = state.join(name);
            std::fs::read_to_string(&path).map_err(StackError::file(path))
        };
        let (authority, ionapi) = (read("ca.pem")?, read("demo.ionapi")?);
        let trusted = Certificate::from_pem(authority.as_bytes())?;
        let client = Client::builder().tls_certs_only([trusted]).no_proxy().timeout(START).build()?;
        Ok(Self { service, base: ready.base, client, authority, ionapi })
    }

    /// Its address.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Every customer order that it holds.
    pub async fn orders(&self) -> Result<Vec<Order>, StackError> {
        let answer = self.client.get(format!("{}/_simulated/orders", self.base)).send().await?;
        let held: Orders = answer.error_for_status()?.json().await?;
        Ok(held.orders.into_iter().map(Order::from).collect())
    }

    /// Asks for a fault, in the words of its control interface.
    pub async fn add_fault(&self, fault: &Value) -> Result<(), StackError> {
        let answer = self.client.post(format!("{}/_simulated/faults", self.base)).json(fault).send().await?;
        if answer.status().is_success() {
            return Ok(());
        }
        Err(StackError::Refused { what: "asking for a fault", why: answer.text().await? })
    }

    /// Takes back every fault that has not struck yet.
    pub async fn clear_faults(&self) -> Result<(), StackError> {
        let answer = self.client.delete(format!("{}/_simulated/faults", self.base)).send().await?;
        answer.error_for_status()?;
        Ok(())
    }

    /// Adds items to its master data: sellable from the demo tenant's warehouse, in pieces.
    pub async fn add_items(&self, numbers: &[&str]) -> Result<(), StackError> {
        let item = |number: &&str| {
            json!({
                "ITNO": number, "ITDS": number, "STAT": "20", "UNMS": "PCS", "SAPR": "10.00",
                "warehouses": ["100"],
            })
        };
        let change = json!({ "add": { "items": numbers.iter().map(item).collect::<Vec<_>>() } });
        let answer =
            self.client.post(format!("{}/_simulated/master", self.base)).json(&change).send().await?;
        if answer.status().is_success() {
            return Ok(());
        }
        Err(StackError::Refused {
            what: "adding items to the simulated CloudSuite",
            why: answer.text().await?,
        })
    }
}

impl From<Held> for Order {
    fn from(held: Held) -> Self {
        let Content { head, lines, charges } = held.content;
        let of_lines: usize = lines.iter().map(|line| line.charges.len()).sum();
        Self { number: held.number, lines: lines.len(), charges: charges.len() + of_lines, head }
    }
}
