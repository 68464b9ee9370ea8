//! Serves the simulated CloudSuite on a loopback address until it is told to end.

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use simulated_cloudsuite::{
    ConfirmMode, Credentials, MasterData, Processing, Purchasing, Running, Settings, SimulatedCloudSuite,
    serve,
};
use tokio::signal::unix::{SignalKind, signal};

/// A simulated Infor token endpoint, ION API Gateway and M3.
#[derive(Debug, Parser)]
#[command(name = "simulated-cloudsuite")]
struct Arguments {
    /// Address to listen on; port 0 takes any free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: String,
    /// Folder that gets `ca.pem`, `server.pem` and `demo.ionapi`.
    #[arg(long)]
    state_dir: PathBuf,
    /// Master data to start with, instead of those that come with it.
    #[arg(long)]
    master_data: Option<PathBuf>,
    /// An item to add to the master data; may be repeated.
    #[arg(long = "item", value_name = "SKU")]
    items: Vec<String>,
    /// Tenant of the gateway paths and the credentials.
    #[arg(long, default_value = "DEMO_TST")]
    tenant: String,
    /// Requests a minute above which the gateway answers 429; 0: no limit.
    #[arg(long, default_value_t = 3000)]
    requests_per_minute: u32,
    /// Seconds an access token lives.
    #[arg(long, default_value_t = 7200)]
    token_lifetime: u32,
    /// Access tokens a day above which the token endpoint answers 429; 0: no limit.
    #[arg(long, default_value_t = 100)]
    tokens_per_day: u32,
    /// Milliseconds each M3 request takes.
    #[arg(long, default_value_t = 0)]
    latency: u32,
    /// Seconds from Confirm until the final order number appears; 0: at once.
    #[arg(long, default_value_t = 0)]
    confirm_after: u32,
    /// Seconds from the end of a purchase order entry until its orders are there; 0: at once.
    #[arg(long, default_value_t = 0)]
    purchase_after: u32,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("simulated-cloudsuite: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let running = serve(TcpListener::bind(&arguments.listen)?, simulator(arguments)?).await?;
    write_files(&arguments.state_dir, &running)?;
    // Whoever reads that it is ready may end it at once, so it must be listening for that already.
    let mut terminate = signal(SignalKind::terminate())?;
    announce(arguments, &running)?;
    tokio::select! {
        _ = terminate.recv() => {}
        pressed = tokio::signal::ctrl_c() => pressed?,
    }
    running.stop().await;
    Ok(())
}

fn simulator(arguments: &Arguments) -> Result<SimulatedCloudSuite, Box<dyn std::error::Error>> {
    let mut master = match &arguments.master_data {
        Some(path) => MasterData::parse(&std::fs::read_to_string(path)?)?,
        None => MasterData::demo(),
    };
    for item in &arguments.items {
        master.add_item(item);
    }
    let confirm = match arguments.confirm_after {
        0 => ConfirmMode::Immediate,
        seconds => ConfirmMode::Later { seconds, asks: 0 },
    };
    let processing = match arguments.purchase_after {
        0 => Processing::Immediate,
        seconds => Processing::Later { seconds, asks: 0 },
    };
    let settings = Settings {
        token_lifetime_seconds: arguments.token_lifetime,
        requests_per_minute: Some(arguments.requests_per_minute).filter(|most| *most > 0),
        latency_milliseconds: arguments.latency,
        confirm,
        tokens_per_day: Some(arguments.tokens_per_day).filter(|most| *most > 0),
        purchasing: Purchasing { processing, ..Purchasing::default() },
        ..Settings::default()
    };
    Ok(SimulatedCloudSuite::with(master, Credentials::for_tenant(&arguments.tenant), settings))
}

fn write_files(folder: &Path, running: &Running) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("ca.pem"), running.ca_pem())?;
    std::fs::write(folder.join("server.pem"), running.server_pem())?;
    std::fs::write(folder.join("demo.ionapi"), running.ionapi_json())
}

/// One line of JSON for whoever started it: it is ready, and where.
fn announce(arguments: &Arguments, running: &Running) -> std::io::Result<()> {
    let line = serde_json::json!({
        "ready": true,
        "address": running.address().to_string(),
        "base": running.base(),
        "ca": arguments.state_dir.join("ca.pem"),
        "ionapi": arguments.state_dir.join("demo.ionapi"),
    });
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
