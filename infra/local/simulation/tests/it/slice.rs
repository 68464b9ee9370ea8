//! The first seeds, each of which must come to a quiet end with every promise kept.

use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    thread,
};

/// As many as run in about twenty seconds on two cores without optimisation.
const SEEDS: u64 = 200;

#[test]
fn every_promise_is_kept_whatever_goes_wrong() {
    let next = AtomicU64::new(0);
    let failed = thread::scope(|scope| {
        let workers: Vec<_> = (0..2).map(|_| scope.spawn(|| run_some(&next))).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// Takes seeds until there are none; what failed. Each seed runs on one thread from its beginning to its end.
fn run_some(next: &AtomicU64) -> Vec<String> {
    let mut failed = Vec::new();
    loop {
        let seed = next.fetch_add(1, Relaxed);
        if seed >= SEEDS {
            return failed;
        }
        let report = simulation::run(seed, false);
        for violation in report.violations {
            failed.push(format!("seed {seed}: {violation} (sim --seed {seed} --log)"));
        }
    }
}

#[test]
fn a_day_without_faults_is_quiet_and_loses_nothing() {
    let report = simulation::day(50);
    assert_eq!(report.violations, [""; 0]);
    assert_eq!(report.counts["deliveries accepted"], 50);
}
