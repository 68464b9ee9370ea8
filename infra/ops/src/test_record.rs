//! A record for tests, at whatever stage a test needs.

use domain::{Claim, Delivery, Digest, Finding, FindingCode, Held, Record, References, Step};
use jiff::{SignedDuration, Timestamp};
use ledger::{Claimed, Ledger, claim};

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

pub(crate) fn wish(id: u64, name: &str) -> Claim {
    let delivery = Delivery {
        id: format!("delivery-{id}"),
        topic: "orders/create".into(),
        received_at: at(0),
        updated_at: None,
        triggered_at: None,
        body: Digest::of(b"body"),
        name: name.into(),
        again: false,
    };
    let key = format!("demo/shopify/order/{id}").parse().unwrap();
    Claim {
        key,
        delivery,
        lease: SignedDuration::from_secs(60),
        quiet: SignedDuration::from_secs(30),
        alone: true,
    }
}

pub(crate) async fn held(ledger: &dyn Ledger, id: u64, name: &str) -> Held {
    match claim(ledger, &wish(id, name), at(0)).await.unwrap() {
        Claimed::Held(held) => held,
        refused @ Claimed::Refused { .. } => panic!("{refused:?}"),
    }
}

pub(crate) fn rejected() -> Record {
    let findings = vec![
        Finding::new(
            FindingCode::UnknownItem,
            "line_items[0].sku",
            "M3 has no item MUG",
            "create it in MMS001",
        ),
        Finding::new(FindingCode::Mapping, "", "no mapping file", "push one"),
    ];
    Record::first(&wish(1, "#1001"), at(0)).rejected(at(2), findings).unwrap()
}

pub(crate) fn confirmed() -> Record {
    let held = Record::first(&wish(2, "#1002"), at(0))
        .posting(
            at(1),
            "0123456789ab",
            &domain::Written {
                document: domain::DocumentKind::SalesOrder,
                company: "780".parse().unwrap(),
                fingerprint: Digest::of(b"d"),
                customer: "C1".into(),
                lines: 1,
                movement: None,
            },
        )
        .unwrap();
    let references = References { temporary: Some("7000000001".into()), number: None };
    let held = held.step(at(2), Step::Lines, references.clone()).unwrap();
    held.posted(at(3), references, at(30)).unwrap().confirmed(at(31), "0010000001")
}
