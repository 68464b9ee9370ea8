//! What is not documented of stock messages, as settings.

use rust_decimal::Decimal;
use serde_json::json;
use simulated_cloudsuite::{Effect, Fault, MessageHandling, Processing};

use crate::bench::{Bench, text};
use crate::stock::{line, requisition};

fn held(bench: &Bench) -> Decimal {
    bench.simulator.on_hand("SBE", "CANDLE-SOY")
}

fn with_messages(change: impl FnOnce(&mut MessageHandling)) -> Bench {
    let mut bench = Bench::new();
    change(&mut bench.simulator.settings.stock_messages);
    bench
}

#[test]
fn processing_may_take_seconds_and_questions() {
    let mut bench = with_messages(|own| own.processing = Processing::Later { seconds: 20, asks: 1 });
    let message = text(&bench.run("MHS850MI/AddDO", requisition(json!({})))[0]["MSGN"]);
    let process = json!({ "MSGN": message });
    bench.run("MHS850MI/PrcWhsTran", process.clone());
    bench.run("MHS850MI/PrcWhsTran", process.clone());
    bench.pass(20);
    let status = |bench: &mut Bench| text(&bench.run("MHS850MI/LstWhsLine", process.clone())[0]["STAT"]);
    assert_eq!((status(&mut bench), held(&bench)), ("20".to_owned(), Decimal::from(500)));
    assert_eq!((status(&mut bench), held(&bench)), ("90".to_owned(), Decimal::from(495)));
}

#[test]
fn the_auto_job_takes_over_what_is_handed_to_it() {
    let mut bench = Bench::new();
    let message = text(&bench.run("MHS850MI/AddDO", requisition(json!({ "PRMD": "*AUT" })))[0]["MSGN"]);
    bench.pass(3600);
    let process = json!({ "MSGN": message, "PRFL": "*AUT" });
    bench.run("MHS850MI/PrcWhsTran", process);
    assert_eq!(held(&bench), Decimal::from(500));
    bench.pass(30);
    bench.run("MHS850MI/LstWhsLine", json!({ "MSGN": message }));
    assert_eq!(held(&bench), Decimal::from(495));
}

#[test]
fn the_process_flag_of_the_first_transaction_may_count() {
    let mut bench = with_messages(|own| own.add_processes = true);
    bench.run("MMS850MI/AddAdjust", line(json!({ "PRFL": "*EXE" })));
    assert_eq!(held(&bench), Decimal::from(497));
    bench.run("MHS850MI/AddDO", requisition(json!({ "PRMD": "*AUT" })));
    assert_eq!(held(&bench), Decimal::from(497));
    bench.pass(30);
    bench.run("MMS850MI/LstMvxMsg", json!({ "E0PB": "SHIPBOB" }));
    assert_eq!(held(&bench), Decimal::from(492));
}

#[test]
fn more_may_be_taken_than_there_is_if_that_is_set() {
    let mut bench = Bench::new();
    bench.simulator.settings.stock.negative_stock = true;
    let message = text(&bench.run("MMS850MI/AddAdjust", line(json!({ "QLQT": "-501" })))[0]["MSNR"]);
    bench.run("MMS850MI/PrcStkTran", json!({ "MSNR": message }));
    assert_eq!(held(&bench), Decimal::from(-1));
}

#[test]
fn a_lock_refuses_the_processing_and_leaves_the_message_as_it_was() {
    let mut bench = Bench::new();
    let message = text(&bench.run("MHS850MI/AddDO", requisition(json!({})))[0]["MSGN"]);
    let effect =
        Effect::Nok { code: "XO_1130".into(), text: "Please try again later".into(), field: String::new() };
    bench.fault(Fault::once(effect));
    let process = json!({ "MSGN": message });
    assert_eq!(bench.refused("MHS850MI/PrcWhsTran", process.clone()).0, "XO_1130");
    assert_eq!(held(&bench), Decimal::from(500));
    bench.run("MHS850MI/PrcWhsTran", process);
    assert_eq!(held(&bench), Decimal::from(495));
}
