//! A child process that lives as long as its owner: in a process group of its own, its output in a file.
//!
//! The environment is made from nothing: what the machine is set up with, real AWS credentials above all, must
//! neither reach a child nor change what it does.

use std::{
    fs::File,
    future::Future,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::StackError;

/// How long a process may take to end by itself before it is killed.
const GRACE: Duration = Duration::from_secs(5);
/// How often a condition is looked at.
const PAUSE: Duration = Duration::from_millis(100);
/// How many lines of a log go into an error.
const TAIL: usize = 15;

/// A running process and all that it started. Dropping it ends them.
#[derive(Debug)]
pub(crate) struct Service {
    name: &'static str,
    log: PathBuf,
    child: Child,
}

/// A command with an environment that holds only what programs need to run at all.
pub(crate) fn clean_command(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().current_dir(folder).stdin(Stdio::null());
    for name in ["PATH", "HOME", "LANG", "USER"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command.env("NO_PROXY", "127.0.0.1,localhost");
    command
}

impl Service {
    /// Starts a process whose output goes to a file.
    pub(crate) fn start(name: &'static str, command: &mut Command, log: PathBuf) -> Result<Self, StackError> {
        let err = File::create(&log).map_err(StackError::file(&log))?;
        let out = err.try_clone().map_err(StackError::file(&log))?;
        Self::spawn(name, command.stdout(out).stderr(err), log)
    }

    /// Starts a process that prints its result: that goes to one file, everything else to the log.
    pub(crate) fn start_printing(
        name: &'static str,
        command: &mut Command,
        log: PathBuf,
        printed: &Path,
    ) -> Result<Self, StackError> {
        let err = File::create(&log).map_err(StackError::file(&log))?;
        let out = File::create(printed).map_err(StackError::file(printed))?;
        Self::spawn(name, command.stdout(out).stderr(err), log)
    }

    fn spawn(name: &'static str, command: &mut Command, log: PathBuf) -> Result<Self, StackError> {
        let child = command.process_group(0).spawn();
        let child = child.map_err(|source| StackError::Start { name, source })?;
        Ok(Self { name, log, child })
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// An error if it has ended by itself.
    pub(crate) fn check(&mut self) -> Result<(), StackError> {
        match self.child.try_wait() {
            Ok(None) => Ok(()),
            Ok(Some(status)) => Err(self.ended(status)),
            Err(source) => Err(StackError::Start { name: self.name, source }),
        }
    }

    /// Waits until a probe answers, as long as the process lives.
    pub(crate) async fn wait_for<T, F: Future<Output = Option<T>>>(
        &mut self,
        what: &'static str,
        limit: Duration,
        mut probe: impl FnMut() -> F,
    ) -> Result<T, StackError> {
        let start = Instant::now();
        while start.elapsed() < limit {
            if let Some(answer) = probe().await {
                return Ok(answer);
            }
            self.check()?;
            tokio::time::sleep(PAUSE).await;
        }
        Err(StackError::TooSlow { what, seconds: limit.as_secs(), log: self.log.clone() })
    }

    /// Waits until it ends by itself; an error unless it ends well. Calls `tick` every five seconds.
    pub(crate) async fn finish(mut self, limit: Duration, tick: impl Fn(u64)) -> Result<(), StackError> {
        let start = Instant::now();
        let mut told = 0;
        while start.elapsed() < limit {
            match self.child.try_wait() {
                Ok(Some(status)) if status.success() => return Ok(()),
                Ok(Some(status)) => return Err(self.ended(status)),
                Ok(None) => tokio::time::sleep(PAUSE).await,
                Err(source) => return Err(StackError::Start { name: self.name, source }),
            }
            if start.elapsed().as_secs() >= told + 5 {
                told += 5;
                tick(told);
            }
        }
        Err(StackError::TooSlow { what: self.name, seconds: limit.as_secs(), log: self.log.clone() })
    }

    fn ended(&self, status: ExitStatus) -> StackError {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let tail = lines[lines.len().saturating_sub(TAIL)..].join("\n");
        StackError::Ended { name: self.name, status, log: self.log.clone(), tail }
    }

    /// Tells the whole group; that it is gone already is no error.
    fn signal(&self, signal: Signal) {
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(group, signal);
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.signal(Signal::TERM);
        let start = Instant::now();
        while start.elapsed() < GRACE && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(PAUSE);
        }
        // What the process started itself may be left, even where the process has ended.
        self.signal(Signal::KILL);
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, name: &str) -> Service {
        let folder = std::env::temp_dir();
        let mut command = clean_command(Path::new("/bin/sh"), &folder);
        let log = folder.join(format!("stack-service-{name}-{}.log", std::process::id()));
        Service::start("sh", command.args(["-c", script]), log).unwrap()
    }

    #[tokio::test]
    async fn a_process_that_ends_early_is_told_with_the_end_of_its_log() {
        let mut service = shell("echo the reason; exit 3", "early");
        let error = service
            .wait_for("readiness", Duration::from_secs(10), || async { None::<()> })
            .await
            .unwrap_err();
        assert!(matches!(&error, StackError::Ended { tail, .. } if tail == "the reason"), "{error}");
    }

    #[tokio::test]
    async fn dropping_a_service_ends_what_it_started_too() {
        let mut service = shell("sleep 60 & echo $!; trap '' TERM; wait", "group");
        let log = service.log.clone();
        let read = || async { std::fs::read_to_string(&log).ok()?.trim().parse::<i32>().ok() };
        let grandchild = service.wait_for("a process id", Duration::from_secs(10), read).await.unwrap();
        drop(service);
        let state = std::fs::read_to_string(format!("/proc/{grandchild}/stat")).unwrap_or_default();
        assert!(state.is_empty() || state.contains(") Z "), "still there: {state}");
    }

    #[tokio::test]
    async fn a_child_sees_no_credentials_of_the_machine() {
        let service = shell("env", "environment");
        let log = service.log.clone();
        service.finish(Duration::from_secs(10), |_| ()).await.unwrap();
        let names = std::fs::read_to_string(log).unwrap();
        assert!(
            names.contains("NO_PROXY=") && !names.contains("AWS_") && !names.contains("CARGO"),
            "{names}"
        );
    }
}
