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
