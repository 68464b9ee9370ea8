//! The operators' command line: reads arguments, makes the clients, calls the library, prints.
#![allow(clippy::print_stdout, reason = "a command line answers on standard output")]

mod cli;
mod commands;
mod installation;

use std::process::ExitCode;

use clap::Parser as _;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    // Only fails where a provider stands already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match commands::run(cli).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
