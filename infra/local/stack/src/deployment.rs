//! The deployment: `infra/template.yaml`, unmodified, by the SAM command line into the emulator.

use std::{collections::BTreeMap, time::Duration};

use serde::Deserialize;
use serde_json::Value;

use crate::{Options, StackError, emulator::Emulator, service::Service};

/// The name of the stack in `CloudFormation`.
pub(crate) const STACK: &str = "ml-connector-local";
/// Where this stack's secrets are.
pub(crate) const SECRET_PREFIX: &str = "ml-connector/local";
/// A deployment takes about ten seconds on a quiet machine.
const DEPLOY: Duration = Duration::from_mins(5);
const LIST: Duration = Duration::from_mins(1);

/// What the deployed template gives out.
#[derive(Debug, Clone)]
pub(crate) struct Outputs {
    pub(crate) api_url: String,
    pub(crate) queue_url: String,
    pub(crate) dlq_url: String,
    pub(crate) records_table: String,
    pub(crate) payloads_table: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    output_key: String,
    output_value: String,
}

#[derive(Deserialize)]
struct Logged {
    message: String,
}

/// Deploys the template and returns its outputs.
pub(crate) async fn deploy(
    options: &Options,
    emulator: &Emulator,
    say: &impl Fn(&str),
) -> Result<Outputs, StackError> {
    let mut command = emulator.sam(options)?;
    command.args(["deploy", "--template-file", "infra/template.yaml", "--stack-name", STACK, "--resolve-s3"]);
    command.args(["--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]);
    command.args(["--no-confirm-changeset", "--no-progressbar", "--parameter-overrides"]);
    command.args(["Stage=local", "Architecture=x86_64", &format!("SecretPrefix={SECRET_PREFIX}")]);
    for list in ["ShopifyTenants", "ShipbobTenants"] {
        command.arg(format!("{list}={}", crate::tenant::TENANT));
    }
    command.args(options.waits.parameters());
    let deploying = Service::start("sam deploy", &mut command, options.log("deploy"))?;
    deploying.finish(DEPLOY, |seconds| say(&format!("still deploying after {seconds} s"))).await?;
    outputs(options, emulator).await
}

async fn outputs(options: &Options, emulator: &Emulator) -> Result<Outputs, StackError> {
    let listed = sam(options, emulator, "outputs", &["list", "stack-outputs", "--output", "json"]).await?;
    let listed: Vec<Output> = serde_json::from_str(&listed)
        .map_err(|error| StackError::Refused { what: "sam list stack-outputs", why: error.to_string() })?;
    let mut listed: BTreeMap<String, String> =
        listed.into_iter().map(|output| (output.output_key, output.output_value)).collect();
    let mut output = |name| listed.remove(name).ok_or(StackError::Output(name));
    // The output's own URL has a host name that only AWS resolves; the emulator serves the same by path.
    let api_url = format!("{}/_aws/execute-api/{}/$default", emulator.endpoint, output("ApiId")?);
    Ok(Outputs {
        api_url,
        queue_url: output("QueueUrl")?,
        dlq_url: output("DlqUrl")?,
        records_table: output("RecordsTable")?,
        payloads_table: output("PayloadsTable")?,
    })
}

/// What a function has logged, line by line as it wrote them.
pub(crate) async fn logs(
    options: &Options,
    emulator: &Emulator,
    function: &str,
) -> Result<Vec<String>, StackError> {
    let words = ["logs", "--name", function, "--start-time", "2 hours ago", "--output", "json"];
    let printed = sam(options, emulator, function, &words).await?;
    // The command may give advice among the lines of the log.
    let lines = printed.lines().filter(|line| line.starts_with('{'));
    lines
        .map(|line| serde_json::from_str(line).map(|Logged { message }| message))
        .collect::<Result<_, _>>()
        .map_err(|error| StackError::Refused { what: "sam logs", why: error.to_string() })
}

/// Invokes a function with an event and waits for its end; an error if the function reports one.
pub(crate) async fn invoke(
    options: &Options,
    emulator: &Emulator,
    function: &str,
    event: &Value,
) -> Result<(), StackError> {
    // Several jobs may be asked for at once: each has a file of its own.
    let name = format!("invoke-{}", event["job"].as_str().unwrap_or(function));
    let event = event.to_string();
    let words = ["remote", "invoke", function, "--event", &event, "--output", "json"];
    let printed = sam(options, emulator, &name, &words).await?;
    let answer: Value = serde_json::from_str(&printed)
        .map_err(|error| StackError::Refused { what: "sam remote invoke", why: error.to_string() })?;
    if answer.get("FunctionError").is_some() {
        return Err(StackError::Refused { what: "invoking a function", why: answer["Payload"].to_string() });
    }
    Ok(())
}

/// Runs `sam` about the stack and returns what it printed.
async fn sam(
    options: &Options,
    emulator: &Emulator,
    name: &str,
    words: &[&str],
) -> Result<String, StackError> {
    let printed = options.folder.join(format!("{name}.txt"));
    let mut command = emulator.sam(options)?;
    command.args(words).args(["--stack-name", STACK]);
    let listing = Service::start_printing("sam", &mut command, options.log(name), &printed)?;
    listing.finish(LIST, |_| ()).await?;
    std::fs::read_to_string(&printed).map_err(StackError::file(printed))
}
