use super::*;

fn read_one(status: u16, body: &str) -> Reply {
    read(status, body.as_bytes(), 1).remove(0)
}

fn nok(code: &str) -> Reply {
    Reply::Nok(Nok { code: code.into(), field: String::new() })
}

fn is_unknown(reply: &Reply) -> bool {
    matches!(reply, Reply::Failed(CallError::Unknown(_)))
}

#[test]
fn an_answer_is_read_by_its_body_not_by_its_status() {
    let done =
        r#"{"results":[{"transaction":"Confirm","errorMessage":"","records":[{"ORNO":"0010000001 "}]}]}"#;
    assert_eq!(read_one(200, done), Reply::Done(vec![Row::of(&[("ORNO", "0010000001 ")])]));
    let refused = r#"{"results":[{"transaction":"Get","errorMessage":"Item X does not exist","errorCode":"WIT0103","errorField":"ITNO"}]}"#;
    for status in [200, 400] {
        assert!(
            matches!(read_one(status, refused), Reply::Nok(nok) if nok.code == "WIT0103" && nok.field == "ITNO")
        );
    }
    let typed = r#"{"results":[{"transaction":"Add","errorType":"InputFieldTooLong","errorField":"TOWN"}]}"#;
    assert!(matches!(read_one(400, typed), Reply::Nok(nok) if nok.code == "InputFieldTooLong"));
    let whole = r#"{"results":[],"wasTerminated":true,"terminationReason":"bad","terminationErrorType":"TransactionNotFound"}"#;
    assert!(
        matches!(read_one(400, whole), Reply::Failed(CallError::Refused(why)) if why.contains("TransactionNotFound"))
    );
}

/// Whatever M3 does not say explicitly is not known: it must never pass for success or for refusal.
#[test]
fn what_is_not_said_is_unknown() {
    for body in ["", "<html>", "[]", "{}", r#"{"results":[]}"#, r#"{"results":[{"notProcessed":true}]}"#] {
        assert!(is_unknown(&read_one(200, body)), "{body}");
    }
    assert!(is_unknown(&read_one(400, "HTTP ERROR 400")));
}

#[test]
fn a_bulk_that_stopped_leaves_the_rest_unknown() {
    let body = r#"{"results":[{"transaction":"A","records":[{"PONR":"1"}]},{"notProcessed":true,"transaction":"A"}],
        "wasTerminated":true,"terminationReason":"limit"}"#;
    let replies = read(200, body.as_bytes(), 4);
    assert!(matches!(replies[0], Reply::Done(_)));
    assert!(replies[1..].iter().all(is_unknown), "{replies:?}");
}

#[test]
fn only_named_codes_mean_missing() {
    let usable = |row: &Row| (row.get("STAT") != "20").then(|| format!("status {}", row.get("STAT")));
    let row = |status| Reply::Done(vec![Row::of(&[("STAT", status)])]);
    let cases = [
        (row("20"), Standing::Usable),
        (row("90"), Standing::NotUsable("status 90".into())),
        (nok("WIT0103"), Standing::Unknown),
        (nok("XAU0008"), Standing::Unclear("XAU0008".into())),
        (nok(""), Standing::Unclear("no message id".into())),
    ];
    for (reply, expected) in cases {
        assert_eq!(standing(&reply, &["WIT0103"], usable), expected);
    }
    assert!(matches!(standing(&Reply::Done(vec![]), &[""; 0], usable), Standing::Unclear(_)));
}

#[test]
fn an_order_is_created_only_with_status_90_and_a_number() {
    let stat = |stat, number| Reply::Done(vec![Row::of(&[("STAT", stat), ("ORNR", number)])]);
    let batch_status = |reply: &Reply| super::batch_status(reply, &Options::default());
    assert_eq!(batch_status(&stat("90", "0010000001")), BatchStatus::Created("0010000001".into()));
    for reply in [stat("90", ""), stat("", "0010000001"), stat("99", "1"), stat("20", "1")] {
        assert!(matches!(batch_status(&reply), BatchStatus::Pending(_)), "{reply:?}");
    }
    for reply in [stat("20", ""), stat("10", ""), nok("WOR0303")] {
        assert!(matches!(batch_status(&reply), BatchStatus::Open(_)), "{reply:?}");
    }
    for status in ["15", "25", "30", "55"] {
        assert!(matches!(batch_status(&stat(status, "")), BatchStatus::Trouble(code, _) if code == status));
    }
    assert!(matches!(batch_status(&nok("XRE0103")), BatchStatus::Pending(_)));
    assert!(matches!(batch_status(&Reply::Done(vec![])), BatchStatus::Pending(_)));
    let options = Options { unconfirmed: vec![5], ..Options::default() };
    assert!(matches!(super::batch_status(&stat("05", ""), &options), BatchStatus::Open(_)));
    assert!(matches!(super::batch_status(&stat("10", ""), &options), BatchStatus::Pending(_)));
}

/// Only the final number was found: M3's list of orders had it, and there is no batch order to ask for.
#[test]
fn an_order_without_a_batch_order_is_there_if_it_has_a_number() {
    let numbered = References { temporary: None, number: Some("0010000001".into()) };
    assert_eq!(status_without_batch(&numbered), BatchStatus::Created("0010000001".into()));
    assert!(matches!(status_without_batch(&References::default()), BatchStatus::Pending(_)));
}

/// M3 refuses the number of an order that is gone and of one that may not be changed: only a code tells which.
#[test]
fn an_order_that_is_not_known_is_told_from_one_that_may_not_be_changed() {
    let nok = |code: &str, field: &str| Nok { code: code.into(), field: field.into() };
    for (nok, is_unknown, is_of_the_number) in [
        (nok("WOR0303", ""), true, true),
        (nok("WOR0303", "ORNO"), true, true),
        (nok("CPF9898", "ORNO"), false, true),
        (nok("WIT0103", "ITNO"), false, false),
        (nok("", ""), false, false),
    ] {
        assert_eq!(
            (nok.is_unknown_order(), nok.is_of_the_number()),
            (is_unknown, is_of_the_number),
            "{nok:?}"
        );
    }
}

#[test]
fn trouble_lists_every_message_id_and_no_text() {
    let row = |id, text| Row::of(&[("MSID", id), ("TX60", text), ("MDTA", "Jon Doe")]);
    let messages = Reply::Done(vec![row("OAD0103", "Address of Jon Doe"), row("WIT0103", "Item")]);
    let Confirmation::Failed(findings) = trouble("15", "error in the order head", &messages) else {
        panic!()
    };
    assert_eq!(findings.len(), 3);
    assert!(findings[1].message.contains("OAD0103"));
    assert!(!format!("{findings:?}").contains("Jon"));
}

#[test]
fn published_answer_shapes_are_read() {
    let Some(fixtures) = testkit::fixtures() else { return };
    for path in testkit::files(&fixtures.join("infor-m3/responses-v2"), ".json") {
        let reply = read(200, &std::fs::read(&path).unwrap(), 1).remove(0);
        assert!(matches!(reply, Reply::Done(rows) if !rows.is_empty()), "{}", path.display());
    }
}
