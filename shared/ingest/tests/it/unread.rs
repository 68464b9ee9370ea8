//! What cannot be read.

use domain::{FindingCode, Kind};
use ingest::{End, List, Stop, Wanted, ingest};
use shipbob_api::ApiError;

use crate::{
    shipbob::Listed,
    world::{limits, minutes_pass, names, wanted, world},
};

#[tokio::test(start_paused = true)]
async fn a_list_that_may_not_be_read_is_told_and_keeps_no_other_from_being_read() {
    let world = world();
    world.order(1, 5, &[]);
    world.returned(4, 5);
    world.fee("01A");
    world.shelf().refusals.insert("/transactions", (403, "{}"));
    let report = world.run().await;
    assert_eq!(report.end, End::Complete);
    assert!(matches!(&report.unread[..], [(List::Fees, ApiError::Forbidden { .. })]), "{:?}", report.unread);
    assert_eq!(names(&world.work_off().await), ["order.polled 1", "return.polled 4"]);
    // Days later somebody has seen to it: what was charged meanwhile is there.
    minutes_pass(60 * 24 * 9).await;
    world.shelf().refusals.clear();
    assert_eq!(names(&world.run_whole().await), ["transaction.polled 01A"]);
    let unwanted = Wanted { kinds: vec![Kind::Order], ..wanted() };
    world.shelf().asked.clear();
    ingest(&world.warehouse(), &unwanted, limits(100), false).await;
    assert!(world.shelf().asked.iter().all(|asked| asked.starts_with("/order?")));
}

#[tokio::test(start_paused = true)]
async fn credentials_that_are_refused_end_the_run_for_a_person_to_see_to() {
    let world = world();
    world.shelf().refusals.insert("/", (401, ""));
    let report = world.run().await;
    let End::Stopped(stop) = report.end else { panic!("{report:?}") };
    assert!(matches!(stop, Stop::Shipbob(ApiError::Credentials(_))) && !stop.is_passing(), "{stop}");
}

#[tokio::test(start_paused = true)]
async fn what_fails_in_passing_ends_the_run_and_the_next_one_goes_on() {
    let world = world();
    world.order(1, 5, &[]);
    world.shelf().refusals.insert("/receiving", (503, ""));
    let report = world.run().await;
    let End::Stopped(stop) = report.end else { panic!("{report:?}") };
    assert!(stop.is_passing(), "{stop}");
    world.shelf().refusals.clear();
    world.receipt(3, "Processing", 4);
    assert_eq!(names(&world.run_whole().await), ["order.polled 1", "wro.fetched 3"]);

    world.receipt(3, "Processing", 5);
    world.events.set_down(true);
    let report = world.run().await;
    assert!(matches!(report.end, End::Stopped(Stop::Queue(_))), "{:?}", report.end);
    world.events.set_down(false);
    assert_eq!(names(&world.run_whole().await), ["wro.fetched 3"]);
}

#[tokio::test(start_paused = true)]
async fn an_object_that_cannot_be_named_is_a_finding_and_stops_no_other() {
    let world = world();
    world.order(2, 5, &[]);
    let inserted = Some(world.ago(5));
    for (place, json) in [
        (1, r#"{"order_number":"Jon Snow","shipments":[]}"#),
        (3, r#"{"transaction_id":"01A"}"#),
        (4, r#"{"id":4,"shipments":[{"order_id":4,"name":"Jon Snow"},{"id":41,"order_id":4}]}"#),
    ] {
        let json = json.to_owned();
        world.shelf().orders.insert(place, Listed { json, inserted, ..Listed::default() });
    }
    let report = world.run().await;
    assert_eq!(report.end, End::Complete);
    assert_eq!((report.counts.orders.failed, report.counts.shipments.failed), (2, 1));
    let codes: Vec<_> = report.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, [FindingCode::UnreadablePayload; 3]);
    assert!(!format!("{:?}", report.findings).contains("Snow"));
    assert_eq!(names(&world.work_off().await), ["order.polled 2", "order.polled 4", "shipment.polled 41"]);
}

#[tokio::test(start_paused = true)]
async fn what_no_message_holds_is_a_finding() {
    let world = world();
    let noise: String = (0..60_000).map(|n: u32| domain::Digest::of(&n.to_le_bytes()).to_string()).collect();
    let json = format!(r#"{{"id":1,"shipments":[],"order_number":"{noise}"}}"#);
    let inserted = Some(world.ago(5));
    world.shelf().orders.insert(1, Listed { json, inserted, ..Listed::default() });
    world.order(2, 5, &[]);
    let report = world.run().await;
    assert_eq!((report.counts.orders.sent, report.counts.orders.failed), (1, 1));
    assert_eq!(
        (report.findings[0].code, report.findings[0].field.as_str()),
        (FindingCode::TooLong, "order/1")
    );
}
