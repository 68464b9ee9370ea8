//! `make run`: starts the local stack, plays the samples, stays up until it is told to end.

use std::{
    io::Write,
    process::ExitCode,
    time::{Duration, Instant},
};

use clap::Parser;
use stack::{Options, Stack, StackError, load, table};
use tokio::signal::unix::{SignalKind, signal};

/// Runs the whole pipeline on this machine.
#[derive(Debug, Parser)]
#[command(name = "stack")]
struct Arguments {
    /// End when every sample has settled; the exit status says whether each ended as its file expects.
    #[arg(long)]
    once: bool,
    /// The folder for logs, certificates and addresses, below the project's root. It is emptied.
    #[arg(long, default_value = ".local/run")]
    folder: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let start = Instant::now();
    let say = |text: &str| print(&format!("[{:5.1} s] {text}", start.elapsed().as_secs_f32()));
    let ended = tokio::select! {
        ended = run(&arguments, &say) => ended,
        told = told_to_end() => told.map(|()| true),
    };
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            say(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Whether each sample ended as expected. Without `--once` it returns only when a process of the stack ends.
async fn run(arguments: &Arguments, say: &impl Fn(&str)) -> Result<bool, StackError> {
    let mut stack = Stack::start(Options::new(&arguments.folder), say).await?;
    say("playing the samples of events/ (the poller confirms once a minute)");
    let samples = load(&stack.options().root.join("events"))?;
    let played = stack.play(&samples, say).await?;
    print("");
    print(table(&played).trim_end());
    let differing = played.iter().filter(|played| !played.differences.is_empty()).count();
    print(&format!("\n{} of {} samples ended as expected\n", played.len() - differing, played.len()));
    if arguments.once {
        return Ok(differing == 0 && !played.is_empty());
    }
    print(&guide(&stack));
    loop {
        stack.check()?;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

fn guide(stack: &Stack) -> String {
    format!(
        "The stack is up. In a second terminal:\n\
         \x20 make send FILE=order.json TOPIC=orders/create    sign and post a file, follow it\n\
         \x20 make trail ORDER='#1001'                         what became of an order\n\
         \x20 make trail SOURCE=shipbob ORDER=shipment/9001    what became of a shipment\n\
         Post to      {}/webhooks/shopify/demo\n\
         CloudSuite   {}/ (simulated; its page shows orders and customers)\n\
         Shopify      {}/_simulated/state (simulated; what is put into its shop is delivered)\n\
         ShipBob      {}/_simulated/state (simulated; what happens in its warehouses is delivered)\n\
         Logs         {}\n\
         Ctrl-C ends it.",
        stack.api_url(),
        stack.cloudsuite().base(),
        stack.shopify().base(),
        stack.shipbob().base(),
        stack.options().folder.display(),
    )
}

async fn told_to_end() -> Result<(), StackError> {
    let listen = |source| StackError::Start { name: "the signal handler", source };
    let mut terminate = signal(SignalKind::terminate()).map_err(listen)?;
    tokio::select! {
        _ = terminate.recv() => {}
        pressed = tokio::signal::ctrl_c() => pressed.map_err(listen)?,
    }
    print("\nending the stack");
    Ok(())
}

/// A reader that went away must not end the stack.
fn print(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}
