//! Serves the simulated ShipBob on a loopback address until it is told to end.

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use jiff::Timestamp;
use simulated_shipbob::{Credentials, Options, Running, Settings, SimulatedShipBob, serve};
use tokio::signal::unix::{SignalKind, signal};

/// A simulated ShipBob: API, warehouses, webhooks.
#[derive(Debug, Parser)]
#[command(name = "simulated-shipbob")]
struct Arguments {
    /// Address to listen on; port 0 takes any free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: String,
    /// Folder that gets `ca.pem`, `server.pem` and `app.json` (access token, app and webhook secret).
    #[arg(long)]
    state_dir: PathBuf,
    /// A file with a certificate authority that webhook addresses are trusted by; may be repeated.
    #[arg(long = "trust", value_name = "PEM")]
    trusted: Vec<PathBuf>,
    /// A JSON file of settings; what it lacks has its default.
    #[arg(long)]
    settings: Option<PathBuf>,
    /// Simulated seconds that pass in a second. With another than 1, webhooks still carry the machine's time.
    #[arg(long, default_value_t = 1)]
    pace: u32,
    /// Ids and chance follow from this.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("simulated-shipbob: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let trusted = arguments.trusted.iter().map(std::fs::read_to_string).collect::<Result<_, _>>()?;
    let listener = TcpListener::bind(&arguments.listen)?;
    let running = serve(listener, simulator(arguments)?, &Options { trusted }).await?;
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

fn simulator(arguments: &Arguments) -> Result<SimulatedShipBob, Box<dyn std::error::Error>> {
    let mut settings = match &arguments.settings {
        Some(path) => serde_json::from_str(&std::fs::read_to_string(path)?)?,
        None => Settings::default(),
    };
    settings.delivery.timestamps_by_machine_time |= arguments.pace != 1;
    let mut simulator = SimulatedShipBob::with(Credentials::default(), settings, arguments.seed);
    simulator.set_pace(arguments.pace, Timestamp::now());
    Ok(simulator)
}

fn write_files(folder: &Path, running: &Running) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("ca.pem"), running.ca_pem())?;
    std::fs::write(folder.join("server.pem"), running.server_pem())?;
    let simulator = running.simulator();
    let Credentials { access_token, client_id, client_secret, webhook_secret } = simulator.credentials();
    let app = serde_json::json!({
        "access_token": access_token,
        "client_id": client_id,
        "client_secret": client_secret,
        "webhook_secret": webhook_secret,
    });
    std::fs::write(folder.join("app.json"), format!("{app:#}\n"))
}

/// One line of JSON for whoever started it: it is ready, and where.
fn announce(arguments: &Arguments, running: &Running) -> std::io::Result<()> {
    let line = serde_json::json!({
        "ready": true,
        "address": running.address().to_string(),
        "base": running.base(),
        "ca": arguments.state_dir.join("ca.pem"),
        "app": arguments.state_dir.join("app.json"),
    });
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
