//! A simulated service as a process: how it is started, and how it is reached and trusted.

use std::{path::PathBuf, time::Duration};

use reqwest::{Certificate, Client, RequestBuilder};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    Options, StackError,
    service::{Service, clean_command},
};

const START: Duration = Duration::from_mins(1);

/// A running simulation, and its control interface below `/_simulated/`.
#[derive(Debug)]
pub(crate) struct Simulation {
    pub(crate) service: Service,
    pub(crate) base: String,
    /// The certificate authority (PEM) that it is trusted by.
    pub(crate) authority: String,
    client: Client,
    state: PathBuf,
}

#[derive(Deserialize)]
struct Ready {
    base: String,
}

impl Simulation {
    /// Starts the program `simulated-<short>` on a free port, with its state in a folder of that name.
    pub(crate) async fn start(
        name: &'static str,
        short: &str,
        arguments: &[&str],
        options: &Options,
    ) -> Result<Self, StackError> {
        let state = options.folder.join(short);
        let mut command = clean_command(&options.program(&format!("simulated-{short}"))?, &options.folder);
        command.args(["--listen", "127.0.0.1:0", "--state-dir"]).arg(&state).args(arguments);
        let log = options.log(short);
        let mut service = Service::start(name, &mut command, log.clone())?;
        // Its first line of output says that it is ready, and where.
        let announced =
            || async { serde_json::from_str(std::fs::read_to_string(&log).ok()?.lines().next()?).ok() };
        let ready: Ready = service.wait_for(name, START, announced).await?;
        let path = state.join("ca.pem");
        let authority = std::fs::read_to_string(&path).map_err(StackError::file(path))?;
        let trusted = Certificate::from_pem(authority.as_bytes())?;
        let client = Client::builder().tls_certs_only([trusted]).no_proxy().timeout(START).build()?;
        Ok(Self { service, base: ready.base, authority, client, state })
    }

    /// A file that it wrote when it started.
    pub(crate) fn file(&self, name: &str) -> Result<String, StackError> {
        let path = self.state.join(name);
        std::fs::read_to_string(&path).map_err(StackError::file(path))
    }

    /// A question to its control interface.
    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(self.control(path))
    }

    /// A change by its control interface.
    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(self.control(path))
    }

    /// A removal by its control interface.
    pub(crate) fn delete(&self, path: &str) -> RequestBuilder {
        self.client.delete(self.control(path))
    }

    /// A call of the interface that it simulates.
    pub(crate) fn api(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}/{path}", self.base))
    }

    fn control(&self, path: &str) -> String {
        format!("{}/_simulated/{path}", self.base)
    }
}

/// Sends a request to a control interface and reads the answer; `what` says what was wanted, should it be refused.
pub(crate) async fn answered<T: DeserializeOwned>(
    what: &'static str,
    request: RequestBuilder,
) -> Result<T, StackError> {
    let answer = request.send().await?;
    if answer.status().is_success() {
        return Ok(answer.json().await?);
    }
    Err(StackError::Refused { what, why: answer.text().await? })
}
