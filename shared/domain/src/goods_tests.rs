use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;

fn line(id: &str, quantity: i64) -> GoodsLine {
    GoodsLine {
        path: format!("inventory_items[{id}]"),
        source_id: id.to_owned(),
        item: format!("ITEM-{id}"),
        lot: String::new(),
        expires: None,
        quantity: Decimal::from(quantity),
        unit: String::new(),
        reason: String::new(),
        accounts: Accounts::new(),
        order_line: None,
    }
}

fn key() -> RecordKey {
    "demo/shipbob/shipment/77".parse().unwrap()
}

fn issue(lines: Vec<GoodsLine>) -> Document {
    Document::InventoryIssue(InventoryIssue {
        reference: Reference::of(&key()),
        message_number: String::new(),
        source_name: "77".into(),
        company: 100,
        division: String::new(),
        warehouse: "SB1".into(),
        date: Date::constant(2026, 11, 22),
        order: None,
        lines,
    })
}

fn moved(movements: &mut Movements, whole: &[(&str, i64)]) -> Vec<(String, Decimal)> {
    let whole = issue(whole.iter().map(|(id, quantity)| line(id, *quantity)).collect());
    let next = movements.next_of(&key(), whole);
    let lines = next.goods().iter().map(|line| (line.source_id.clone(), line.quantity)).collect();
    movements.under_way = next.movement();
    movements.confirm();
    lines
}

#[test]
fn only_the_difference_is_moved_and_a_correction_goes_back() {
    let mut movements = Movements::default();
    let of = |id: &str, quantity: i64| (id.to_owned(), Decimal::from(quantity));
    assert_eq!(moved(&mut movements, &[("1", 5), ("2/L9", 2)]), [of("1", 5), of("2/L9", 2)]);
    assert_eq!(moved(&mut movements, &[("1", 5), ("2/L9", 2)]), []);
    assert_eq!(moved(&mut movements, &[("1", 4), ("3", 1)]), [of("1", -1), of("3", 1)]);
    // Told to be nothing, it comes back; not told of, it stays.
    assert_eq!(moved(&mut movements, &[("1", 0)]), [of("1", -4)]);
    assert_eq!(movements.done, Quantities::from([("2/L9".into(), 2.into()), ("3".into(), 1.into())]));
}

#[test]
fn each_movement_has_a_number_of_its_own_until_it_is_confirmed() {
    let number = |movements: &Movements| match movements.next_of(&key(), issue(vec![line("1", 1)])) {
        Document::InventoryIssue(issue) => issue.message_number,
        _ => unreachable!(),
    };
    let mut movements = Movements::default();
    assert_eq!((number(&movements), number(&movements)), ("P77-1".into(), "P77-1".into()));
    movements.confirm();
    assert_eq!(number(&movements), "P77-2");
}

proptest! {
    /// Whatever a source says and how often, what was moved comes to what it said last of each item.
    #[test]
    fn movements_come_to_the_last_word(said in prop::collection::vec(prop::collection::btree_map("[a-c]", 0..9_i64, 0..3), 1..8)) {
        let mut movements = Movements::default();
        let mut last = std::collections::BTreeMap::new();
        for whole in &said {
            let whole: Vec<(&str, i64)> = whole.iter().map(|(id, quantity)| (id.as_str(), *quantity)).collect();
            last.extend(whole.iter().copied());
            moved(&mut movements, &whole);
        }
        last.retain(|_, quantity| *quantity != 0);
        let last: Quantities = last.into_iter().map(|(id, quantity)| (id.to_owned(), quantity.into())).collect();
        prop_assert_eq!(movements.done, last);
    }
}

#[test]
fn a_journal_entry_is_counted_by_its_currency_with_the_sign_of_its_first_line() {
    let usd: crate::Currency = "USD".parse().unwrap();
    for (amounts, turnover) in
        [(&["4.10", "0.53", "-4.63"][..], "4.63"), (&["-4.10", "4.10"], "-4.10"), (&[], "0")]
    {
        let line = |amount: &&str| crate::JournalLine {
            path: String::new(),
            accounts: Accounts::new(),
            amount: crate::Money { amount: amount.parse().unwrap(), currency: usd },
            text: String::new(),
            tax_code: String::new(),
        };
        let entry = Document::JournalEntry(crate::JournalEntry {
            reference: Reference::of(&key()),
            batch_key: String::new(),
            source_name: String::new(),
            company: 100,
            division: String::new(),
            interface: String::new(),
            date: Date::constant(2026, 11, 22),
            currency: usd,
            lines: amounts.iter().map(line).collect(),
        });
        let expected = Quantities::from([("USD".to_owned(), turnover.parse().unwrap())]);
        assert_eq!(entry.movement(), Some(expected), "{amounts:?}");
    }
}
