//! The AWS emulator: how it is started, where it is, and with which credentials it is spoken to.

use std::{net::TcpListener, path::Path, process::Command, time::Duration};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::Credentials;

use crate::{
    Options, StackError,
    service::{Service, clean_command},
};

/// The Region that the emulator plays.
pub(crate) const REGION: &str = "us-east-1";
/// The one key that the emulator takes for the account's root. It opens nothing anywhere else.
const KEY: &str = "test";
/// It is ready within a second on a quiet machine.
const START: Duration = Duration::from_mins(1);

/// The running emulator.
#[derive(Debug)]
pub(crate) struct Emulator {
    pub(crate) service: Service,
    pub(crate) endpoint: String,
}

impl Emulator {
    /// Starts it on a free port of the loopback address, with its IAM enforcement on.
    pub(crate) async fn start(options: &Options, http: &reqwest::Client) -> Result<Self, StackError> {
        let program = options.tool("emulator/bin/ministack")?;
        let port = free_port()?;
        let endpoint = format!("http://127.0.0.1:{port}");
        let mut command = clean_command(&program, &options.folder);
        command
            .envs(environment(&endpoint))
            .envs([("BIND_HOST", "127.0.0.1"), ("MINISTACK_HOST", "127.0.0.1"), ("AUTH", "true")])
            .env("GATEWAY_PORT", port.to_string())
            .env("TMPDIR", options.temporary()?)
            .env("S3_DATA_DIR", options.folder.join("s3"));
        let mut service = Service::start("the AWS emulator", &mut command, options.log("emulator"))?;
        let health = format!("{endpoint}/_ministack/health");
        let healthy = || async { http.get(&health).send().await.ok().filter(|r| r.status().is_success()) };
        service.wait_for("the start of the AWS emulator", START, healthy).await?;
        Ok(Self { service, endpoint })
    }

    /// A configuration of the AWS SDK that reaches the emulator and nothing else.
    pub(crate) async fn sdk(&self) -> SdkConfig {
        aws_config::defaults(BehaviorVersion::latest())
            .endpoint_url(&self.endpoint)
            .region(Region::new(REGION))
            .credentials_provider(Credentials::new(KEY, KEY, None, None, "the AWS emulator"))
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .load()
            .await
    }

    /// The SAM command line, set up for the emulator.
    pub(crate) fn sam(&self, options: &Options) -> Result<Command, StackError> {
        let mut command = clean_command(&options.tool("sam/bin/sam")?, &options.root);
        command
            .envs(environment(&self.endpoint))
            .env("SAM_CLI_TELEMETRY", "0")
            .env("__SAM_CLI_APP_DIR", options.folder.join("sam"))
            .env("AWS_CONFIG_FILE", Path::new("/dev/null"))
            .env("AWS_SHARED_CREDENTIALS_FILE", Path::new("/dev/null"));
        Ok(command)
    }
}

/// What a program must find in its environment to speak to the emulator.
pub(crate) fn environment(endpoint: &str) -> [(&'static str, String); 5] {
    [
        ("AWS_ENDPOINT_URL", endpoint.to_owned()),
        ("AWS_ACCESS_KEY_ID", KEY.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", KEY.to_owned()),
        ("AWS_REGION", REGION.to_owned()),
        ("AWS_DEFAULT_REGION", REGION.to_owned()),
    ]
}

fn free_port() -> Result<u16, StackError> {
    let bound = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    bound.map(|address| address.port()).map_err(|source| StackError::Start { name: "a listener", source })
}
