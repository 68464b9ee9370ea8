//! What a tenant's configuration changes of what M3 is asked and of what its answers mean.

use domain::{Document, DocumentKind, References};
use serde_json::json;

use super::{
    Bulks, JournalOptions, Missing, Options, OrderText,
    samples::{journal, key, order},
    script::{Say, Scripted, Told, company, done, row},
};
use crate::{Begun, Found, Outcome, Posting, ProductLine, Sought, Standing, Wanted};

fn sought(id: u32, kept: &str) -> Sought {
    Sought {
        document: DocumentKind::SalesOrder,
        key: key(id),
        reference: domain::Reference::of(&key(id)),
        customer: "C1".into(),
        references: References { temporary: Some(kept.into()), number: None },
        message_number: String::new(),
    }
}

#[tokio::test]
async fn items_may_be_ordered_in_the_statuses_that_are_configured() {
    for (items, status, usable) in [
        (20..=50, "20", true),
        (20..=50, "50", true),
        (20..=50, "19", false),
        (20..=50, "51", false),
        (20..=20, "50", false),
        (10..=50, "10", true),
        (0..=99, "", false),
        (0..=99, "2x", false),
    ] {
        let options = Options { items: items.clone(), ..Options::default() };
        let m3 = Scripted::new(options, move |_, _| row(json!({"STAT": status, "ITNO": "MUG"})));
        let wanted = Wanted { items: [("100".into(), "MUG".into())].into(), ..Wanted::default() };
        let known = m3.m3.look_up(&company(), &wanted).await.unwrap();
        let standing = &known.items[&("100".to_owned(), "MUG".to_owned())];
        assert_eq!(*standing == Standing::Usable, usable, "{items:?} {status:?}: {standing:?}");
    }
}

#[tokio::test]
async fn a_message_id_that_is_configured_means_that_something_is_not_there() {
    let missing = Missing {
        item: vec!["MM20001".into()],
        warehouse: vec!["MM00501".into()],
        facility: vec!["CR00801".into()],
        customer: vec!["CR61001".into()],
        ..Missing::default()
    };
    let configured = Options { missing, ..Options::default() };
    for (options, expected) in [(configured, true), (Options::default(), false)] {
        let m3 = Scripted::new(options, |name, _| match name {
            "MMS200MI/GetItmBasic" => Say::Nok("MM20001", "ITNO"),
            "MMS005MI/GetWarehouse" => Say::Nok("MM00501", "WHLO"),
            "CRS008MI/Get" => Say::Nok("CR00801", "FACI"),
            "CRS610MI/GetBasicData" => Say::Nok("CR61001", "CUNO"),
            other => panic!("{other}"),
        });
        let wanted = Wanted {
            items: [("100".into(), "MUG".into())].into(),
            warehouses: ["100".into()].into(),
            facilities: ["A01".into()].into(),
            customers: ["C1".into()].into(),
            ..Wanted::default()
        };
        let known = m3.m3.look_up(&company(), &wanted).await.unwrap();
        let item = &known.items[&("100".to_owned(), "MUG".to_owned())];
        for standing in [item, &known.warehouses["100"], &known.facilities["A01"], &known.customers["C1"]] {
            assert_eq!(*standing == Standing::Unknown, expected, "{standing:?}");
        }
    }
}

/// An item that is there and not kept in the warehouse.
#[tokio::test]
async fn a_message_id_can_say_that_an_item_is_not_in_a_warehouse() {
    let missing = Missing { item_in_warehouse: vec!["MM20002".into()], ..Missing::default() };
    let m3 = Scripted::new(Options { missing, ..Options::default() }, |name, _| match name {
        "MMS200MI/GetItmBasic" => row(json!({"STAT": "20"})),
        _ => Say::Nok("MM20002", "WHLO"),
    });
    let wanted = Wanted { items: [("100".into(), "MUG".into())].into(), ..Wanted::default() };
    let known = m3.m3.look_up(&company(), &wanted).await.unwrap();
    let standing = &known.items[&("100".to_owned(), "MUG".to_owned())];
    assert!(matches!(standing, Standing::NotUsable(why) if why.contains("not kept")), "{standing:?}");
}

#[tokio::test]
async fn a_message_id_can_say_that_there_is_nothing_to_list() {
    for (list, expected) in [(vec!["OI10001".to_owned()], true), (Missing::default().list, false)] {
        let missing = Missing { list, ..Missing::default() };
        let m3 = Scripted::new(Options { missing, ..Options::default() }, |_, _| Say::Nok("OI10001", "CUNO"));
        let found = m3.m3.find(&company(), &[sought(7, "T1")]).await.unwrap();
        assert_eq!(found[0] == Found::Absent, expected, "{found:?}");
    }
}

#[tokio::test]
async fn a_request_holds_as_many_transactions_as_are_configured() {
    for (most, requests) in [(50, 1), (2, 2), (1, 3)] {
        let bulks = Bulks { most, ..Bulks::default() };
        let m3 = Scripted::new(Options { bulks, ..Options::default() }, |_, _| row(json!({"STAT": "20"})));
        let customers = ["C1", "C2", "C3"].map(str::to_owned).into();
        let wanted = Wanted { customers, ..Wanted::default() };
        let known = m3.m3.look_up(&company(), &wanted).await.unwrap();
        assert!(known.customers.values().all(|standing| *standing == Standing::Usable));
        assert_eq!(m3.requests(), requests, "at most {most}");
    }
}

/// Where M3 counts the rows of a whole request, a list could be cut off and be shorter than what is allowed.
#[tokio::test]
async fn each_list_has_a_request_of_its_own_where_m3_counts_by_the_request() {
    for (lists_alone, requests) in [(false, 1), (true, 4)] {
        let bulks = Bulks { lists_alone, ..Bulks::default() };
        let m3 = Scripted::new(Options { bulks, ..Options::default() }, |_, _| done());
        let found = m3.m3.find(&company(), &[sought(7, "T1"), sought(8, "T2")]).await.unwrap();
        assert_eq!(found, [Found::Absent, Found::Absent]);
        assert_eq!((m3.names().len(), m3.requests()), (4, requests), "heads, orders, lines of two");
    }
}

#[tokio::test]
async fn a_note_goes_under_the_document_class_that_is_configured() {
    for class in ["CO02", ""] {
        let order_text = OrderText { class: class.into(), ..OrderText::default() };
        let m3 = Scripted::new(Options { order_text, ..Options::default() }, |name, _| match name {
            "OIS100MI/AddBatchHead" => row(json!({"ORNO": "T1"})),
            "OIS100MI/AddBatchLine" => row(json!({"PONR": "1"})),
            "OIS100MI/Confirm" => row(json!({"ORNO": "100"})),
            _ => done(),
        });
        let document = Document::SalesOrder(order(7, &["MUG"]));
        let posting = Posting { key: key(7), document, existing: None, begun: None };
        m3.m3.post(&company(), &[posting], &Told::default()).await;
        let text = m3.asked().into_iter().find(|asked| asked.name == "AddBatchText").unwrap();
        assert_eq!(text.record.get("TXHE").map_or("", String::as_str), class);
    }
}

/// M3 says of a batch and of its lines that they are there, in words of its own or by our own key and line number: they are
/// an earlier try's.
#[tokio::test]
async fn a_journal_batch_goes_on_where_a_configured_message_id_says_that_it_is_there() {
    for (exists, [key_field, line_field], is_posted) in [
        (vec!["GL84004".to_owned()], ["", ""], true),
        (vec![], ["KEY1", "LINE"], true),
        (vec![], ["", ""], false),
        (vec![], ["INTN", "LINE"], false),
        (vec![], ["KEY1", "AIT1"], false),
    ] {
        let journal_options = JournalOptions { exists, ..JournalOptions::default() };
        let options = Options { journal: journal_options, ..Options::default() };
        let m3 = Scripted::new(options, move |name, _| match name {
            "GLS840MI/AddBatchHead" => Say::Nok("GL84004", key_field),
            "GLS840MI/AddBatchLineFld" => Say::Nok("GL84004", line_field),
            _ => done(),
        });
        let entry = journal(7);
        let begun = Begun { temporary: entry.batch_key.clone(), lines: [].into(), outdated: false };
        let document = Document::JournalEntry(entry);
        let posting = Posting { key: key(7), document, existing: None, begun: Some(begun) };
        let outcome = m3.m3.post(&company(), &[posting], &Told::default()).await.remove(0);
        assert_eq!(matches!(outcome, Outcome::Posted(_)), is_posted, "{outcome:?}");
    }
}
