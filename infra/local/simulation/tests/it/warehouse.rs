//! What happens in ShipBob's warehouses, and what M3's books say of it in the end.

use simulation::Size;

/// In proportion as on the day that `sim --of warehouse --day` simulates: a tenth of it.
#[test]
fn a_day_in_the_warehouses_ends_with_equal_books() {
    let report = simulation::warehouse_day(Size { orders: 100, split: 10, receipts: 4, fees: 300 });
    let first: Vec<_> = report.violations.iter().take(5).collect();
    assert!(first.is_empty(), "{first:#?}");
    assert!(report.counts["deliveries accepted"] >= 110 + 4 * 4 + 300, "{:?}", report.counts);
    assert_eq!(report.counts.get("refused by shipbob"), None);
}

/// As many as run in about ten seconds without optimisation.
const SEEDS: u64 = 30;

#[test]
fn the_books_are_equal_whatever_goes_wrong() {
    for seed in 0..SEEDS {
        let report = simulation::warehouse(seed, false);
        assert_eq!(report.violations, [""; 0], "seed {seed} ({})", report.weather);
    }
}

/// The seeds that found faults: an answer lost to the deletion of a message left doubt for ever (2421), a batch of the
/// general ledger that was begun was refused for being there (4).
#[test]
fn seeds_that_found_faults_hold() {
    for seed in [4, 1_200, 2_060, 2_421, 2_654] {
        let report = simulation::warehouse(seed, false);
        assert_eq!(report.violations, [""; 0], "seed {seed} ({})", report.weather);
    }
}

/// The oracle can fail: M3 has one unit more than ShipBob says.
#[test]
fn a_unit_too_many_in_m3_is_noticed() {
    let report = simulation::warehouse_day_with_a_fault(Size { orders: 5, split: 0, receipts: 0, fees: 2 });
    assert!(
        report.violations.iter().any(|violation| violation.contains("CANDLE-SOY")),
        "{:?}",
        report.violations
    );
}
