//! The same seed replays the same log, byte for byte: without that, no failing seed is a report.

/// Seeds with many kinds of faults, and one with none.
const SEEDS: [u64; 5] = [1, 32, 160, 376, 571];

#[test]
fn the_same_seed_writes_the_same_log() {
    for seed in SEEDS {
        let (first, second) = (simulation::run(seed, true), simulation::run(seed, true));
        assert!(first.log.len() > 100, "seed {seed} has a log of {} lines", first.log.len());
        let differ = first.log.iter().zip(&second.log).find(|(one, other)| one != other);
        assert_eq!(differ, None, "seed {seed}");
        assert_eq!(first.log.len(), second.log.len(), "seed {seed}");
        assert_eq!(first.counts, second.counts, "seed {seed}");
    }
}

#[test]
fn a_log_that_nobody_wants_changes_nothing() {
    for seed in SEEDS {
        let (with, without) = (simulation::run(seed, true), simulation::run(seed, false));
        assert_eq!((with.counts, with.elapsed), (without.counts, without.elapsed), "seed {seed}");
    }
}

#[test]
fn another_seed_writes_another_log() {
    assert_ne!(simulation::run(1, true).log, simulation::run(2, true).log);
}
