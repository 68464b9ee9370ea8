//! Tables in an emulator, new ones for each test.

use std::sync::atomic::{AtomicUsize, Ordering};

use aws_sdk_dynamodb::{
    Client, Config,
    config::{BehaviorVersion, Credentials, Intercept, Region},
};
use aws_smithy_http_client::Builder;
use ledger::{DynamoDb, tables};

/// The tables of one test.
pub(crate) struct Store {
    pub(crate) client: Client,
    pub(crate) records: String,
    pub(crate) payloads: String,
    endpoint: String,
}

impl Store {
    /// In an emulator of this test's own, in this process.
    pub(crate) async fn in_process() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(dynoxide::server::serve_on(listener, dynoxide::Database::memory().unwrap()));
        Self::at(endpoint).await
    }

    /// In the emulator that `ML_LEDGER_ENDPOINT` names.
    pub(crate) async fn at_named_endpoint() -> Option<Self> {
        let Ok(endpoint) = std::env::var("ML_LEDGER_ENDPOINT") else {
            eprintln!("note: ML_LEDGER_ENDPOINT is not set: only the emulator in this process is tried");
            return None;
        };
        Some(Self::at(endpoint).await)
    }

    async fn at(endpoint: String) -> Self {
        static TABLES: AtomicUsize = AtomicUsize::new(0);
        let n = TABLES.fetch_add(1, Ordering::Relaxed);
        let client = Client::from_conf(config(&endpoint).build());
        let name = |what: &str| format!("ledger-{}-{n}-{what}", std::process::id());
        let (records, payloads) = (name("records"), name("payloads"));
        tables::create(&client, &records, &payloads).await.unwrap();
        Self { client, records, payloads, endpoint }
    }

    pub(crate) fn ledger(&self) -> DynamoDb {
        DynamoDb::new(self.client.clone(), &self.records, &self.payloads)
    }

    /// A ledger whose calls something meddles with.
    pub(crate) fn ledger_with(&self, interceptor: impl Intercept + 'static) -> DynamoDb {
        let client = Client::from_conf(config(&self.endpoint).interceptor(interceptor).build());
        DynamoDb::new(client, &self.records, &self.payloads)
    }
}

fn config(endpoint: &str) -> aws_sdk_dynamodb::config::Builder {
    Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .endpoint_url(endpoint)
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .http_client(Builder::new().build_http())
}
