//! What is in doubt is looked for by our reference and continued from where it is: M3 ends with one order, whole.

use cloudsuite::{Begun, CallError, Company, Confirmation, Found, Outcome, ProductLine, Sought, Submitted};
use domain::{DocumentKind, Kind, Reference, References, Step};
use simulated_cloudsuite::{ConfirmMode, Effect, MasterData};

use crate::{
    company,
    world::{Ledger, World, fault, key, order, sought, world, world_of},
};

fn begun(temporary: &str, lines: impl IntoIterator<Item = u32>) -> Begun {
    Begun { temporary: temporary.into(), lines: lines.into_iter().collect(), outdated: false }
}

/// 120 lines, a charge, an address and a note are three requests: each of their answers may be lost.
#[tokio::test]
async fn an_order_of_many_requests_is_continued_after_any_of_its_answers_was_lost() {
    for (lost, there) in [(0, 47), (1, 97), (2, 120)] {
        let world = world().await;
        let long = order(1, 120);
        world.fault(fault(Effect::DropAfter, "AddBatchLine").after(lost));
        let ledger = Ledger::default();
        let outcome = world.post_new(long.clone(), &ledger).await;
        assert!(matches!(outcome, Outcome::InDoubt(Step::Lines, _)), "{outcome:?}");
        assert_eq!(world.runs("AddBatchLine"), there, "nothing is sent after the one that was lost");
        let temporary = ledger.kept(0).unwrap();
        let found = world.settle(long.clone(), Some(&temporary)).await;
        assert_eq!(found, Found::Begun(begun(&temporary, 1..=u32::try_from(there).unwrap())));
        world.assert_whole(&long);
        assert_eq!((world.open(), world.runs("AddBatchLine"), world.runs("AddBatchHeadChg")), (0, 120, 1));
    }
}

/// The request did not even arrive, or its beginning only: charges, address and texts are sent once more with a new
/// head, because nobody can list which of them are there.
#[tokio::test]
async fn an_order_without_a_line_is_begun_anew() {
    for effect in [Effect::DropBefore, Effect::StopAfter { after: 2 }] {
        let world = world().await;
        world.fault(fault(effect, "AddBatchLine"));
        let ledger = Ledger::default();
        assert!(matches!(world.post_new(order(1, 3), &ledger).await, Outcome::InDoubt(Step::Lines, _)));
        let found = world.settle(order(1, 3), ledger.kept(0).as_deref()).await;
        assert!(matches!(found, Found::Begun(Begun { outdated: true, .. })), "{found:?}");
        world.assert_whole(&order(1, 3));
        assert_eq!((world.open(), world.runs("AddBatchHead"), world.runs("DelBatchHead")), (0, 2, 1));
    }
}

#[tokio::test]
async fn a_lost_answer_to_the_head_leaves_a_head_that_is_used() {
    let world = world().await;
    world.fault(fault(Effect::DropAfter, "AddBatchHead"));
    let ledger = Ledger::default();
    assert!(matches!(world.post_new(order(1, 3), &ledger).await, Outcome::InDoubt(Step::Head, _)));
    assert_eq!(ledger.kept(0), None);
    let found = world.settle(order(1, 3), None).await;
    assert!(matches!(&found, Found::Begun(begun) if !begun.outdated && begun.lines.is_empty()), "{found:?}");
    world.assert_whole(&order(1, 3));
    assert_eq!((world.open(), world.runs("AddBatchHead")), (0, 1));
}

#[tokio::test]
async fn a_lost_answer_to_the_confirmation_is_found_as_taken() {
    let world = world().await;
    world.fault(fault(Effect::DropAfter, "Confirm"));
    let ledger = Ledger::default();
    assert!(matches!(world.post_new(order(1, 3), &ledger).await, Outcome::InDoubt(Step::Confirm, _)));
    let temporary = ledger.kept(0);
    let found = world.settle(order(1, 3), temporary.as_deref()).await;
    assert!(
        matches!(&found, Found::Taken(References { temporary: t, number: Some(_) }) if *t == temporary),
        "{found:?}"
    );
    world.assert_whole(&order(1, 3));
}

#[tokio::test]
async fn a_confirmation_that_did_not_arrive_is_sent_again_and_nothing_else() {
    let world = world().await;
    world.fault(fault(Effect::DropBefore, "Confirm"));
    let ledger = Ledger::default();
    assert!(matches!(world.post_new(order(1, 3), &ledger).await, Outcome::InDoubt(Step::Confirm, _)));
    let before = world.requests();
    world.settle(order(1, 3), ledger.kept(0).as_deref()).await;
    assert_eq!(world.requests() - before, 2, "the question and the confirmation");
    world.assert_whole(&order(1, 3));
}

/// The answer to the first of two requests is lost: what was all in the second certainly was not sent.
#[tokio::test]
async fn what_was_not_sent_is_for_later_and_only_the_rest_is_in_doubt() {
    let world = world().await;
    world.fault(fault(Effect::DropAfter, "AddBatchLine"));
    let ledger = Ledger::default();
    let orders = [(order(1, 20), None), (order(2, 40), None), (order(3, 4), None)];
    let outcomes = world.post(&orders, &ledger).await;
    assert!(matches!(outcomes[0], Outcome::InDoubt(Step::Lines, _)), "{:?}", outcomes[0]);
    assert!(matches!(outcomes[1], Outcome::InDoubt(Step::Lines, _)), "sent in part: {:?}", outcomes[1]);
    assert!(matches!(outcomes[2], Outcome::Later(CallError::NotSent(_))), "{:?}", outcomes[2]);
    assert_eq!(world.open(), 3, "none is taken out");
    for (index, (order, _)) in orders.into_iter().enumerate() {
        world.settle(order.clone(), ledger.kept(index).as_deref()).await;
        world.assert_whole(&order);
    }
    assert_eq!(world.open(), 0);
}

/// The gateway stops taking requests in the middle of an order: what was sent was answered, so nothing is in doubt.
#[tokio::test]
async fn an_order_that_was_sent_in_part_is_continued_later() {
    let world = world().await;
    let throttle = Effect::Status { status: 429, retry_after: Some(600) };
    world.fault(fault(throttle, "AddBatchLine").after(1));
    let ledger = Ledger::default();
    let outcome = world.post_new(order(1, 120), &ledger).await;
    assert!(matches!(outcome, Outcome::Later(CallError::Throttled { .. })), "{outcome:?}");
    assert_eq!((world.runs("AddBatchLine"), world.open()), (47, 1), "it stays");
}

/// What the gateway refuses of one request says nothing of what it was not even shown.
#[tokio::test]
async fn a_refused_request_does_not_reject_what_was_not_sent() {
    let world = world().await;
    world.fault(fault(Effect::Status { status: 413, retry_after: None }, "AddBatchLine"));
    let outcomes = world.post(&[(order(1, 47), None), (order(2, 2), None)], &Ledger::default()).await;
    assert!(matches!(outcomes[0], Outcome::Rejected(_)), "{:?}", outcomes[0]);
    assert!(matches!(outcomes[1], Outcome::Later(_)), "{:?}", outcomes[1]);
    assert_eq!(world.open(), 1, "the rejected one is taken out, the other one stays");
}

/// Heads of three orders, the lines of none.
async fn three_begun(world: &World) -> Vec<Begun> {
    world.fault(fault(Effect::DropBefore, "AddBatchLine"));
    let ledger = Ledger::default();
    world.post(&[(order(1, 1), None), (order(2, 1), None), (order(3, 1), None)], &ledger).await;
    let one = |index| Begun { outdated: true, ..begun(&ledger.kept(index).unwrap(), []) };
    (0..3).map(one).collect()
}

fn three(begun: Vec<Begun>) -> Vec<(domain::SalesOrder, Option<Begun>)> {
    (1..=3).zip(begun).map(|(id, begun)| (order(id, 2), Some(begun))).collect()
}

#[tokio::test]
async fn outdated_batch_orders_are_taken_out_by_one_request_and_begun_anew() {
    let world = world().await;
    let mut begun = three_begun(&world).await;
    begun[1].temporary = "T999".into();
    let before = world.requests();
    let outcomes = world.post(&three(begun), &Ledger::default()).await;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Posted(_))), "{outcomes:?}");
    assert_eq!(world.requests() - before, 5, "deletions, a look, heads, lines, confirmations");
    assert_eq!(world.open(), 1, "the one that M3 was not asked to take out");
}

/// A deletion that M3 answered and lost would leave a batch order that nobody looks for any more.
#[tokio::test]
async fn what_m3_forgot_to_take_out_is_in_doubt_and_not_begun_anew() {
    let world = world().await;
    let begun = three_begun(&world).await;
    world.fault(fault(Effect::LoseCommit, "DelBatchHead"));
    let outcomes = world.post(&three(begun), &Ledger::default()).await;
    let is_doubt = |outcome: &Outcome| matches!(outcome, Outcome::InDoubt(Step::Lines, why) if why.contains("still has"));
    assert!(outcomes.iter().all(is_doubt), "{outcomes:?}");
    assert_eq!((world.runs("AddBatchHead"), world.open()), (3, 3));
}

#[tokio::test]
async fn what_could_not_be_taken_out_is_not_begun_anew() {
    let throttle = Effect::Status { status: 429, retry_after: Some(600) };
    let refused = Effect::Status { status: 413, retry_after: None };
    let nok = Effect::Nok { code: "CPF9898".into(), text: String::new(), field: "ORNO".into() };
    for (effect, is_later) in [(Effect::DropAfter, false), (throttle, true), (refused, false), (nok, false)] {
        let world = world().await;
        let begun = three_begun(&world).await;
        world.fault(fault(effect.clone(), "DelBatchHead"));
        let outcomes = world.post(&three(begun), &Ledger::default()).await;
        let is_expected = match &outcomes[0] {
            Outcome::Later(_) => is_later,
            Outcome::InDoubt(Step::Lines, _) => !is_later,
            _ => false,
        };
        assert!(is_expected, "{effect:?}: {:?}", outcomes[0]);
        assert_eq!(world.runs("AddBatchHead"), if matches!(outcomes[1], Outcome::Posted(_)) { 5 } else { 3 });
    }
}

/// Lines that the document does not have are of another content, whatever was said of it.
#[tokio::test]
async fn lines_beyond_the_documents_are_not_continued() {
    let world = world().await;
    world.fault(fault(Effect::DropAfter, "AddBatchLine"));
    let ledger = Ledger::default();
    world.post_new(order(1, 3), &ledger).await;
    world.settle(order(1, 2), ledger.kept(0).as_deref()).await;
    world.assert_whole(&order(1, 2));
    assert_eq!(world.open(), 0);
}

/// An answer was given and its commit lost: that is no refusal of the document.
#[tokio::test]
async fn a_batch_order_that_m3_does_not_know_is_in_doubt() {
    let world = world().await;
    for lines in [1..=1, 1..=2] {
        let outcome = world.post(&[(order(1, 2), Some(begun("T999", lines)))], &Ledger::default()).await;
        assert!(
            matches!(&outcome[0], Outcome::InDoubt(_, why) if why.contains("does not know")),
            "{outcome:?}"
        );
    }
    assert_eq!(world.runs("DelBatchHead"), 0);
}

/// M3 still works on the confirmation and refuses every change: a rejection would be wrong in a minute.
#[tokio::test]
async fn a_batch_order_that_is_being_confirmed_is_in_doubt_and_not_rejected() {
    let world = world().await;
    world.running.simulator().settings.confirm = ConfirmMode::Later { seconds: 0, asks: 3 };
    let ledger = Ledger::default();
    assert!(matches!(world.post_new(order(1, 2), &ledger).await, Outcome::Posted(_)));
    let there = begun(&ledger.kept(0).unwrap(), [1]);
    let outcome = world.post(&[(order(1, 2), Some(there))], &Ledger::default()).await;
    assert!(matches!(outcome[0], Outcome::InDoubt(Step::Lines, _)), "{outcome:?}");
    assert_eq!(world.runs("DelBatchHead"), 0);
}

#[tokio::test]
async fn nothing_is_sent_for_a_record_that_is_not_held_any_more() {
    let world = world().await;
    let runs = || ["AddBatchHead", "AddBatchLine", "Confirm"].map(|transaction| world.runs(transaction));
    let mut sent = Vec::new();
    for asks in 0..10 {
        let before = runs();
        let outcome = world.post_new(order(asks + 1, 2), &Ledger::holding_for(asks as usize)).await;
        let after = runs();
        sent.push([0, 1, 2].map(|place| after[place] - before[place]));
        assert_eq!(matches!(outcome, Outcome::Later(_)), sent.last() != Some(&[1, 2, 1]), "{outcome:?}");
    }
    sent.dedup();
    assert_eq!(sent, [[0, 0, 0], [1, 0, 0], [1, 2, 0], [1, 2, 1]]);
}

#[tokio::test]
async fn many_are_looked_for_by_one_request_for_orders_and_one_for_customers() {
    let world = world().await;
    let of_customer = |id: u32, customer: String| Sought { customer, ..sought(id, Some("T999")) };
    let mut all: Vec<_> = (0..24).map(|id| of_customer(id, format!("C{:05}", id % 13))).collect();
    all.extend((0..50).map(|id| {
        let key = format!("demo/shopify/customer/{id}").parse().unwrap();
        let document = DocumentKind::Customer;
        Sought { reference: Reference::of(&key), key, document, customer: String::new(), ..sought(id, None) }
    }));
    let found = world.m3.find(&company(), &all).await.unwrap();
    assert_eq!(found, vec![Found::Absent; 74]);
    assert_eq!(world.requests(), 2, "13 customers by two lists and 24 batch orders are 50 transactions");
    let nobody = Sought { customer: String::new(), ..sought(1, None) };
    assert!(matches!(world.find(nobody).await, Found::Unclear(_)));
    assert_eq!(world.requests(), 2, "without a customer there is nothing to ask");
}

/// A list by search key goes on after the key: in a company with many customers it always comes back full.
#[tokio::test]
async fn a_customer_is_found_and_missed_among_many() {
    let (first, second) = (customer(1), customer(2));
    let mut master = MasterData::demo();
    master.customers.extend((0..60).map(|number| {
        let (key, reference) = match number {
            7 => (Reference::search_key_of(&first.key), first.reference.to_string()),
            _ => (format!("ZZ{number:08}"), format!("CX{number}")),
        };
        let fields = [("CUNO", format!("Z{number:05}")), ("ALCU", key), ("YREF", reference)];
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        simulated_cloudsuite::Customer { credit_stopped: false, addresses: Vec::new(), fields }
    }));
    let world = world_of(master).await;
    let found = world.m3.find(&company(), &[first, second]).await.unwrap();
    let number = References { temporary: None, number: Some("Z00007".into()) };
    assert_eq!(found, [Found::Taken(number), Found::Absent]);
}

fn customer(id: u32) -> Sought {
    let key: domain::RecordKey = format!("demo/shopify/customer/{id}").parse().unwrap();
    assert_eq!(key.kind, Kind::Customer);
    let document = DocumentKind::Customer;
    let references = References::default();
    Sought {
        reference: Reference::of(&key),
        key,
        document,
        customer: String::new(),
        references,
        message_number: String::new(),
    }
}

#[tokio::test]
async fn a_question_that_is_answered_in_part_is_asked_again_later() {
    let world = world().await;
    world.fault(fault(Effect::StopAfter { after: 1 }, "LstHead"));
    let error = world.m3.find(&company(), &[sought(1, None)]).await.unwrap_err();
    assert!(error.is_passing(), "{error}");
    let elsewhere = Company { number: 200, division: String::new() };
    let found = world.m3.find(&elsewhere, &[sought(1, None)]).await.unwrap();
    assert!(matches!(&found[0], Found::Unclear(why) if why.contains("XAU0008")), "{found:?}");
}

#[tokio::test]
async fn a_batch_order_that_is_not_confirmed_or_not_known_is_open() {
    let world = world().await;
    let ledger = Ledger::holding_for(4);
    world.post_new(order(1, 1), &ledger).await;
    let submitted = |temporary: Option<&str>, number: Option<&str>| Submitted {
        key: key(1),
        document: DocumentKind::SalesOrder,
        references: References { temporary: temporary.map(str::to_owned), number: number.map(str::to_owned) },
        lines: Some(1),
        message_number: String::new(),
    };
    let batch = [
        submitted(ledger.kept(0).as_deref(), None),
        submitted(None, Some("0001000000")),
        submitted(Some("T999"), None),
    ];
    let confirmations = world.m3.confirm(&company(), &batch).await.unwrap();
    assert!(matches!(confirmations[0], Confirmation::Open(_)), "{confirmations:?}");
    assert_eq!(
        confirmations[1],
        Confirmation::Confirmed("0001000000".into()),
        "it was read from M3's orders"
    );
    assert!(matches!(confirmations[2], Confirmation::Open(_)), "{confirmations:?}");
}
