//! `make chaos`: the local stack under load while its processes are killed and CloudSuite loses answers.

use std::{
    error::Error,
    io::Write,
    process::ExitCode,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use clap::Parser;
use serde_json::Value;
use stack::{Chaos, Options, Stack, Waits};

/// Kills and drops, then proves by id that every order is there once.
#[derive(Debug, Parser)]
#[command(name = "chaos")]
struct Arguments {
    /// How often it is done, each time on the same stack with other orders.
    #[arg(long, default_value_t = 1)]
    runs: u64,
    /// How many orders a run has.
    #[arg(long, default_value_t = 200)]
    orders: u64,
    /// Within how many seconds they arrive.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// What the first run's faults are drawn from; a new one is drawn otherwise.
    #[arg(long)]
    seed: Option<u64>,
    /// The folder for logs, certificates and addresses, below the project's root. It is emptied.
    #[arg(long, default_value = ".local/chaos")]
    folder: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    let start = Instant::now();
    let say = |text: &str| {
        // A reader that went away must not end the run.
        let _ = writeln!(std::io::stdout().lock(), "[{:5.1} s] {text}", start.elapsed().as_secs_f32());
    };
    match run(&Arguments::parse(), &say).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            say(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Whether every order of every run is there once.
async fn run(arguments: &Arguments, say: &impl Fn(&str)) -> Result<bool, Box<dyn Error>> {
    let stack = Stack::start(Options::new(&arguments.folder).with(Waits::Short), say).await?;
    let order = sample(&stack)?;
    let drawn = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs() % 1_000_000);
    let first = arguments.seed.unwrap_or_else(drawn);
    let mut good = 0;
    for seed in first..first + arguments.runs {
        let chaos = Chaos { orders: arguments.orders, seconds: arguments.seconds, seed };
        let report = chaos.strike(&stack, &order, say).await?;
        say(&report.to_string());
        report.violations.iter().for_each(|violation| say(&format!("VIOLATED: {violation}")));
        good += u64::from(report.violations.is_empty());
    }
    say(&format!("{good} of {} runs: every order is there once", arguments.runs));
    Ok(good == arguments.runs)
}

/// The project's sample of an order of two lines for known items.
fn sample(stack: &Stack) -> Result<Value, Box<dyn Error>> {
    let path = stack.options().root.join("events/shopify-orders-create-two-lines.json");
    Ok(serde_json::from_slice(&std::fs::read(path)?)?)
}
