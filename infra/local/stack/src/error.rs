//! Why the local stack does not run, in words that say what to do.

use std::{io, path::PathBuf, process::ExitStatus};

/// Why something of the local stack failed.
#[derive(Debug, thiserror::Error)]
pub enum StackError {
    /// A file that `make` should have made is missing.
    #[error("{path} is missing: start the stack with `make run`, which builds and installs what it needs")]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// A file could not be read or written.
    #[error("cannot use {path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file does not hold what it must.
    #[error("{path} is not usable: {why}")]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// A process could not be started.
    #[error("cannot start {name}: {source}")]
    Start {
        /// What was to be started.
        name: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// A process ended by itself.
    #[error("{name} ended ({status}); the end of {log}:\n{tail}")]
    Ended {
        /// Which one.
        name: &'static str,
        /// How it ended.
        status: ExitStatus,
        /// Where it wrote.
        log: PathBuf,
        /// The last lines of it.
        tail: String,
    },
    /// Something did not happen in time.
    #[error("{what} did not happen within {seconds} s; see {log}")]
    TooSlow {
        /// What was waited for.
        what: &'static str,
        /// How long.
        seconds: u64,
        /// Where to look.
        log: PathBuf,
    },
    /// The deployed template has no such output.
    #[error("the deployed stack has no output {0}: infra/template.yaml and the local stack do not fit")]
    Output(&'static str),
    /// The emulator or the simulation did not do what it was asked.
    #[error("{what} failed: {why}")]
    Refused {
        /// What was asked.
        what: &'static str,
        /// The answer.
        why: String,
    },
    /// An HTTP request got no answer.
    #[error("no answer over HTTP: {0}")]
    Http(#[from] reqwest::Error),
    /// What an operator would do could not be done: post, follow, push the mapping file.
    #[error(transparent)]
    Ops(#[from] ops::OpsError),
    /// The ledger could not be read.
    #[error("the ledger: {0}")]
    Ledger(#[from] ledger::LedgerError),
}

impl StackError {
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}
