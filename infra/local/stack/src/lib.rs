//! The whole pipeline on one machine: an AWS emulator, a simulated CloudSuite, a simulated Shopify and a
//! simulated ShipBob, and `infra/template.yaml` deployed as it is, with the built Lambda binaries and IAM enforcement on.
//!
//! A [`Stack`] owns its processes: dropping it ends them. It knows where everything is; it must never reach AWS
//! or anything else outside this machine.

mod chaos;
mod cloudsuite;
mod deployment;
mod emulator;
mod error;
mod options;
mod play;
mod processes;
mod sample;
mod service;
mod shipbob;
mod shopify;
mod simulation;
mod table;
mod tenant;

use std::{process::Output, sync::Arc, time::Duration};

use ::shipbob::Secret;
use ::shopify::Shop;
use domain::{Source, TenantId};
use ledger::{DynamoDb, Ledger};
use ops::{Answer, Delivery, Sender};
use serde_json::Value;
use tokio::process::Command;

pub use chaos::{Chaos, Report};
pub use cloudsuite::{CloudSuite, Moved, Order};
pub use error::StackError;
pub use options::{Options, Waits};
pub use play::Played;
pub use sample::{Expected, Extent, Sample, StockChange, load};
pub use shipbob::ShipBob;
pub use shopify::Shopify;
pub use table::table;

use deployment::{Outputs, SECRET_PREFIX};
use emulator::Emulator;

/// Who signs deliveries for the demo tenant.
struct Senders {
    shop: Shop,
    shipbob: Secret,
}

/// A running local stack.
pub struct Stack {
    options: Options,
    emulator: Emulator,
    cloudsuite: CloudSuite,
    shopify: Shopify,
    shipbob: ShipBob,
    outputs: Outputs,
    ledger: Arc<dyn Ledger>,
    tenant: TenantId,
    senders: Senders,
    http: reqwest::Client,
}

impl Stack {
    /// Starts everything, deploys the template and sets the demo tenant up. `say` gets a line for each step.
    pub async fn start(options: Options, say: impl Fn(&str)) -> Result<Self, StackError> {
        // That somebody else in this process has chosen a provider is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        options.prepare()?;
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(30)).build()?;
        say("starting the AWS emulator and the simulated CloudSuite, Shopify and ShipBob");
        let (emulator, cloudsuite, shopify, shipbob) = tokio::try_join!(
            Emulator::start(&options, &http),
            CloudSuite::start(&options),
            Shopify::start(&options),
            ShipBob::start(&options)
        )?;
        say("deploying infra/template.yaml into the emulator (about ten seconds)");
        let outputs = deployment::deploy(&options, &emulator, &say).await?;
        say("setting up the tenant 'demo': secrets and mapping file");
        let aws = emulator.sdk().await;
        let dynamodb = aws_sdk_dynamodb::Client::new(&aws);
        let (records, payloads) = (outputs.records_table.clone(), outputs.payloads_table.clone());
        let ledger: Arc<dyn Ledger> = Arc::new(DynamoDb::new(dynamodb, records, payloads));
        let secrets = aws_sdk_secretsmanager::Client::new(&aws);
        let senders = tenant::seed_secrets(&secrets, &cloudsuite, &shopify, &shipbob).await?;
        let tenant = demo_tenant()?;
        tenant::push_mapping(&options, &*ledger, &cloudsuite, &tenant).await?;
        shopify.deliver_to(&outputs.api_url, &tenant).await?;
        shipbob.deliver_to(&outputs.api_url, &tenant).await?;
        let stack =
            Self { options, emulator, cloudsuite, shopify, shipbob, outputs, ledger, tenant, senders, http };
        stack.write_environment()?;
        Ok(stack)
    }

    /// Posts a delivery for the demo tenant, signed as its source does it.
    pub async fn deliver(&self, source: Source, delivery: Delivery) -> Result<Answer, StackError> {
        let sender = match source {
            Source::Shopify => Sender::Shopify(self.senders.shop.clone()),
            Source::Shipbob => Sender::Shipbob(self.senders.shipbob.clone()),
        };
        Ok(ops::deliver(&self.http, self.api_url(), &self.tenant, &sender, delivery).await?)
    }

    /// What a function of the template has logged so far, line by line.
    pub async fn logs(&self, function: &str) -> Result<Vec<String>, StackError> {
        deployment::logs(&self.options, &self.emulator, function).await
    }

    /// Has a function of the template do something, as a schedule does, and waits for its end.
    pub async fn invoke(&self, function: &str, event: &Value) -> Result<(), StackError> {
        deployment::invoke(&self.options, &self.emulator, function, event).await
    }

    /// An error once a process of the stack has ended by itself.
    pub fn check(&mut self) -> Result<(), StackError> {
        self.emulator.service.check()?;
        self.cloudsuite.simulation.service.check()?;
        self.shopify.simulation.service.check()?;
        self.shipbob.simulation.service.check()
    }

    /// Ends everything. Takes up to a few seconds.
    pub fn stop(self) {
        drop(self);
    }

    /// Where the HTTP API is; `/webhooks/<source>/<tenant>` follows.
    pub fn api_url(&self) -> &str {
        &self.outputs.api_url
    }

    /// The simulated CloudSuite.
    pub fn cloudsuite(&self) -> &CloudSuite {
        &self.cloudsuite
    }

    /// The simulated Shopify, with the demo tenant's shop.
    pub fn shopify(&self) -> &Shopify {
        &self.shopify
    }

    /// The simulated ShipBob, with the demo tenant's account.
    pub fn shipbob(&self) -> &ShipBob {
        &self.shipbob
    }

    /// The deployed tables.
    pub fn ledger(&self) -> &dyn Ledger {
        &*self.ledger
    }

    /// The demo tenant's shop.
    pub fn shop(&self) -> &Shop {
        &self.senders.shop
    }

    /// The tenant that is set up.
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// Where its files are.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Runs the operators' command line on this stack.
    pub async fn operate(&self, arguments: &[&str]) -> Result<Output, StackError> {
        let mut program = Command::new(self.options.program("ops")?);
        program.args(arguments).envs(self.environment()).kill_on_drop(true);
        program.output().await.map_err(|source| StackError::Start { name: "ops", source })
    }

    /// What the operators' command line needs to reach this stack.
    fn environment(&self) -> Vec<(&'static str, String)> {
        let outputs = &self.outputs;
        let own = [
            ("API_URL", outputs.api_url.as_str()),
            ("QUEUE_URL", &outputs.queue_url),
            ("DLQ_URL", &outputs.dlq_url),
            ("RECORDS_TABLE", &outputs.records_table),
            ("PAYLOADS_TABLE", &outputs.payloads_table),
            ("SECRET_PREFIX", SECRET_PREFIX),
            ("CLOUDSUITE_URL", self.cloudsuite.base()),
            ("SHOPIFY_URL", self.shopify.base()),
            ("SHIPBOB_URL", self.shipbob.base()),
        ];
        let aws = emulator::environment(&self.emulator.endpoint).into_iter();
        aws.chain(own.map(|(name, value)| (name, value.to_owned()))).collect()
    }

    /// Writes it for `make send`, `make trail` and `make statement`, as lines of a shell.
    fn write_environment(&self) -> Result<(), StackError> {
        let lines = self.environment().into_iter().map(|(name, value)| format!("{name}='{value}'\n"));
        let lines: Vec<_> = lines.collect();
        let path = self.options.environment();
        std::fs::write(&path, lines.concat()).map_err(StackError::file(path))
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        // So that nobody takes a stack that has ended for one that is up. That the file is gone is as good.
        let _ = std::fs::remove_file(self.options.environment());
    }
}

fn demo_tenant() -> Result<TenantId, StackError> {
    tenant::TENANT.parse().map_err(|error: domain::ParseKeyError| StackError::Refused {
        what: "making the demo tenant",
        why: error.to_string(),
    })
}
