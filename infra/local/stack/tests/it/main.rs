//! The whole pipeline on one machine, end to end: real Lambda binaries, the deployed template with IAM
//! enforcement, the simulated CloudSuite, Shopify and ShipBob over HTTPS. All cases share one stack and run side by
//! side; what reads the logs of all of them runs last.
//!
//! `make test` runs it (`ML_E2E=1`); elsewhere its cases are listed as ignored.

mod cases;
mod privacy;
mod shop;
mod warehouse;

use std::{error::Error, process::ExitCode, sync::Arc, time::Instant};

use libtest_mimic::{Arguments, Failed, Trial};
use stack::{Options, Stack};
use tokio::runtime::{Handle, Runtime};

/// The stack of all cases; nothing where they are only listed or ignored.
type Shared = Option<Arc<Stack>>;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // Cases mostly wait for the poller, which runs once a minute.
    arguments.test_threads.get_or_insert(8);
    let wanted = std::env::var("ML_E2E").is_ok_and(|value| value == "1");
    match Runtime::new().map_err(Box::from).and_then(|runtime| run(&arguments, &runtime, wanted)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: the local stack does not run: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments, runtime: &Runtime, wanted: bool) -> Result<ExitCode, Box<dyn Error>> {
    let stack = (wanted && !arguments.list).then(|| start(runtime)).transpose()?.map(Arc::new);
    let failed = [cases::first, cases::last].into_iter().filter(|trials| {
        let trials = trials(&stack, runtime.handle(), !wanted);
        libtest_mimic::run(arguments, trials).has_failed()
    });
    let failed = failed.count() > 0;
    if let Some(stack) = stack.and_then(Arc::into_inner) {
        stack.stop();
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn start(runtime: &Runtime) -> Result<Stack, stack::StackError> {
    let start = Instant::now();
    let say = |text: &str| eprintln!("[{:5.1} s] {text}", start.elapsed().as_secs_f32());
    runtime.block_on(Stack::start(Options::new(".local/test"), say))
}

/// One case on the shared stack.
fn trial<F, R>(name: &str, stack: &Shared, runtime: &Handle, ignored: bool, case: F) -> Trial
where
    F: FnOnce(Arc<Stack>) -> R + Send + 'static,
    R: Future<Output = Result<(), Failed>>,
{
    let (stack, runtime) = (stack.clone(), runtime.clone());
    let run = move || match stack {
        Some(stack) => runtime.block_on(case(stack)),
        None => Err("no stack: set ML_E2E=1 (make test does)".into()),
    };
    Trial::test(name, run).with_ignored_flag(ignored)
}
