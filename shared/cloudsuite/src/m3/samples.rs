//! Documents for tests.

use domain::{
    Accounts, Address, Charge, DeliveredOrder, GoodsLine, GoodsReceipt, InventoryIssue, JournalEntry,
    JournalLine, Money, OrderLine, OrderLineNumber, Private, PurchaseLine, PurchaseOrder, RecordKey,
    Reference, Release, SalesOrder,
};

pub(crate) fn eur(amount: &str) -> Money {
    Money::parse(amount, "EUR".parse().unwrap()).unwrap()
}

pub(crate) fn key(id: u32) -> RecordKey {
    format!("demo/shopify/order/{id}").parse().unwrap()
}

pub(crate) fn accounts(parts: &[(u8, &str)]) -> Accounts {
    parts.iter().map(|&(place, value)| (place, value.to_owned())).collect()
}

/// A line of two pieces at 10.00.
pub(crate) fn order_line(number: u32, item: &str) -> OrderLine {
    OrderLine {
        path: format!("line_items[{}]", number - 1),
        source_id: format!("{number}00"),
        item: item.into(),
        quantity: "2".parse().unwrap(),
        unit: String::new(),
        price: eur("10.00"),
        discount: eur("0.00"),
        allocations: Vec::new(),
    }
}

/// An order with a line for each item, a charge, an address and a note.
pub(crate) fn order(id: u32, items: &[&str]) -> SalesOrder {
    let address = Address {
        name: Private::new("Ada Lovelace".into()),
        lines: Private::new(vec!["Unter den Linden 6".into()]),
        postal_code: Private::new("10117".into()),
        town: Private::new("Berlin".into()),
        country: "DE".into(),
        ..Address::default()
    };
    SalesOrder {
        reference: Reference::of(&key(id)),
        source_name: format!("#{id}"),
        company: 100,
        division: "AAA".into(),
        customer: "C00001".into(),
        order_type: "ECO".into(),
        facility: String::new(),
        warehouse: "100".into(),
        currency: "EUR".parse().unwrap(),
        order_date: "2026-11-20".parse().unwrap(),
        ship_to: Some(address),
        lines: (1..).zip(items).map(|(number, item)| order_line(number, item)).collect(),
        charges: vec![Charge {
            id: "FRT".into(),
            amount: eur("4.90"),
            text: "Standard".into(),
            allocations: Vec::new(),
        }],
        note: Private::new("Please ring twice".into()),
        buyer_reference: String::new(),
        payment_terms: String::new(),
        release: Release::AtOnce,
    }
}

/// A purchase order with so many lines; those with an even number are booked to an account.
pub(crate) fn purchase(id: u32, lines: u32) -> PurchaseOrder {
    let line = |number: u32| PurchaseLine {
        path: format!("line_items[{}]", number - 1),
        source_id: format!("12345678901{number}"),
        item: "CAP-RED".into(),
        quantity: "3".parse().unwrap(),
        unit: "PCS".into(),
        price: eur("7.50"),
        cost_centre: "CC1".into(),
        accounts: if number.is_multiple_of(2) { accounts(&[(1, "4000"), (2, "CC1")]) } else { accounts(&[]) },
    };
    PurchaseOrder {
        reference: Reference::of(&key(id)),
        source_name: format!("#{id}"),
        company: 100,
        division: "AAA".into(),
        supplier: "SUP01".into(),
        order_type: "P01".into(),
        batch_origin: "SHOP".into(),
        facility: "A01".into(),
        warehouse: "100".into(),
        currency: "EUR".parse().unwrap(),
        order_date: "2026-11-20".parse().unwrap(),
        delivery_date: "2026-11-27".parse().unwrap(),
        lines: (1..=lines).map(line).collect(),
    }
}

/// A journal entry of a debit and a credit.
pub(crate) fn journal(id: u32) -> JournalEntry {
    let line = |place: usize, account: &str, amount: &str| JournalLine {
        path: format!("refunds[{place}]"),
        accounts: accounts(&[(1, account), (2, "CC1")]),
        amount: eur(amount),
        text: "Refund of a very long order with many words".into(),
        tax_code: String::new(),
    };
    JournalEntry {
        reference: Reference::of(&key(id)),
        batch_key: Reference::batch_key_of(&key(id)),
        source_name: format!("#{id}"),
        company: 100,
        division: "AAA".into(),
        interface: "SHOPIFY".into(),
        date: "2026-11-20".parse().unwrap(),
        currency: "EUR".parse().unwrap(),
        lines: vec![line(0, "8000", "12.50"), line(1, "1400", "-12.50")],
    }
}

pub(crate) fn shipment(id: u32) -> RecordKey {
    format!("demo/shipbob/shipment/{id}").parse().unwrap()
}

pub(crate) fn receiving(id: u32) -> RecordKey {
    format!("demo/shipbob/receipt/{id}").parse().unwrap()
}

/// A line of so many pieces of an item.
pub(crate) fn goods_line(place: usize, item: &str, quantity: &str) -> GoodsLine {
    GoodsLine {
        path: format!("products[{place}]"),
        source_id: format!("{place}00/L{place}"),
        item: item.into(),
        lot: format!("L{place}"),
        expires: None,
        quantity: quantity.parse().unwrap(),
        unit: String::new(),
        reason: "SHP".into(),
        accounts: accounts(&[(1, "5000"), (2, "CC1")]),
        order_line: None,
    }
}

fn goods_lines(quantities: &[&str]) -> Vec<GoodsLine> {
    let line = |(place, quantity): (usize, &&str)| goods_line(place, "CAP-RED", quantity);
    quantities.iter().enumerate().map(line).collect()
}

/// Goods of these quantities that leave without a sales order.
pub(crate) fn issue(id: u32, quantities: &[&str]) -> InventoryIssue {
    InventoryIssue {
        reference: Reference::of(&shipment(id)),
        message_number: Reference::message_number_of(&shipment(id), 1),
        source_name: format!("shipment {id}"),
        company: 100,
        division: "AAA".into(),
        warehouse: "100".into(),
        date: "2026-11-20".parse().unwrap(),
        order: None,
        lines: goods_lines(quantities),
    }
}

/// The same for a sales order, of which every line is known.
pub(crate) fn delivery(id: u32, quantities: &[&str]) -> InventoryIssue {
    let order = DeliveredOrder { number: "0001000001".into(), customer: "C00001".into() };
    let mut issue = InventoryIssue { order: Some(order), ..issue(id, quantities) };
    number_lines(&mut issue.lines);
    issue
}

/// Goods of these quantities that arrive for a purchase order, of which every line is known.
pub(crate) fn receipt(id: u32, quantities: &[&str]) -> GoodsReceipt {
    let mut receipt = GoodsReceipt {
        reference: Reference::of(&receiving(id)),
        message_number: Reference::message_number_of(&receiving(id), 1),
        source_name: format!("WRO {id}"),
        company: 100,
        division: "AAA".into(),
        warehouse: "100".into(),
        purchase_order: "4500001".into(),
        supplier: "SUP01".into(),
        date: "2026-11-20".parse().unwrap(),
        lines: goods_lines(quantities),
    };
    number_lines(&mut receipt.lines);
    receipt
}

fn number_lines(lines: &mut [GoodsLine]) {
    for (number, line) in (1..).zip(lines) {
        line.order_line = Some(OrderLineNumber { line: number, suffix: 0 });
    }
}
