#![allow(clippy::unnecessary_wraps, reason = "what is expected is compared as it comes, as a result")]

use super::*;

fn sought(kept: Option<&str>) -> Sought {
    let key = "demo/shopify/order/7".parse().unwrap();
    Sought {
        document: domain::DocumentKind::SalesOrder,
        reference: Reference::of(&key),
        key,
        customer: "C1".into(),
        references: References { temporary: kept.map(str::to_owned), number: None },
        message_number: String::new(),
    }
}

fn head(number: &str, reference: &str, status: &str, order: &str) -> Row {
    Row::of(&[("ORNO", number), ("CUOR", reference), ("STAT", status), ("ORNR", order)])
}

fn order(number: &str) -> Row {
    Row::of(&[("ORNO", number), ("YREF", "S7"), ("STAT", "22")])
}

fn lines(numbers: &[&str]) -> Vec<Row> {
    numbers.iter().map(|number| Row::of(&[("CUPO", number), ("PONR", number)])).collect()
}

fn whole(rows: Vec<Row>) -> Answer {
    Ok(List { rows, is_cut_off: false })
}

fn cut_off(rows: Vec<Row>) -> Answer {
    Ok(List { rows, is_cut_off: true })
}

fn judge(kept: Option<&str>, heads: Vec<Row>, orders: Vec<Row>, lines: Vec<Row>) -> Result<Found, String> {
    let lines = kept.map(|_| whole(lines));
    judge_order(&sought(kept), &Options::default(), &whole(heads), &whole(orders), lines.as_ref())
}

fn taken(temporary: Option<&str>, number: Option<&str>) -> Result<Found, String> {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    Ok(Found::Taken(References { temporary: owned(temporary), number: owned(number) }))
}

fn found_begun(lines: &[u32], outdated: bool) -> Result<Found, String> {
    let lines = lines.iter().copied().collect();
    Ok(Found::Begun(Begun { temporary: "T1".into(), lines, outdated }))
}

#[test]
fn a_final_order_decides_whatever_the_batch_order_says() {
    let open = || head("T1", "S7", "10", "");
    assert_eq!(judge(None, vec![], vec![order("100")], vec![]), taken(None, Some("100")));
    assert_eq!(judge(Some("T1"), vec![open()], vec![order("100")], vec![]), taken(Some("T1"), Some("100")));
    assert!(judge(None, vec![], vec![order("100"), order("101")], vec![]).unwrap_err().contains("100, 101"));
    assert!(judge(None, vec![], vec![order("")], vec![]).is_err());
}

/// The confirmation job asks by the temporary number: another batch order's would lead it astray.
#[test]
fn the_temporary_number_of_an_order_is_of_the_batch_order_that_it_was_made_from() {
    let two = || vec![head("T1", "S7", "10", ""), head("T2", "S7", "90", "100")];
    assert_eq!(judge(None, two(), vec![order("100")], vec![]), taken(Some("T2"), Some("100")));
    assert_eq!(judge(Some("T1"), two(), vec![order("100")], vec![]), taken(Some("T2"), Some("100")));
    let open = vec![head("T1", "S7", "10", "")];
    assert_eq!(judge(None, open, vec![order("100")], vec![]), taken(None, Some("100")));
}

#[test]
fn the_status_of_the_batch_order_says_how_far_it_came() {
    let by_status = |status, order| judge(None, vec![head("T1", "S7", status, order)], vec![], vec![]);
    assert_eq!(by_status("90", "100"), taken(Some("T1"), Some("100")));
    for status in ["90", "15", "25", "30", "55"] {
        assert_eq!(by_status(status, ""), taken(Some("T1"), None), "{status}");
    }
    for status in ["10", "20"] {
        assert_eq!(by_status(status, ""), found_begun(&[], false), "{status}");
    }
    assert!(by_status("60", "").is_err(), "no rule knows it");
    let options = Options { unconfirmed: vec![5], ..Options::default() };
    let configured = |status| {
        judge_order(&sought(None), &options, &whole(vec![head("T1", "S7", status, "")]), &whole(vec![]), None)
    };
    assert_eq!(configured("05"), found_begun(&[], false));
    assert!(configured("10").is_err(), "no rule knows it any more");
    assert!(by_status("", "").is_err());
}

/// Charges, texts and the address cannot be listed. They are written before the lines, so a line proves them.
#[test]
fn without_a_line_nobody_knows_what_stands_below_a_head_whose_number_was_kept() {
    let with = |numbers: &[&str]| judge(Some("T1"), vec![head("T1", "S7", "10", "")], vec![], lines(numbers));
    assert_eq!(with(&[]), found_begun(&[], true));
    assert_eq!(with(&["1", "3"]), found_begun(&[1, 3], false));
    assert_eq!(with(&["1", "1"]), found_begun(&[1], true), "a line that is there twice");
    for strange in ["x", "", "0"] {
        assert_eq!(with(&["1", strange]), found_begun(&[1], true), "{strange:?}: a line that is not ours");
    }
}

#[test]
fn what_is_of_others_is_not_ours() {
    let heads = vec![head("T5", "S8", "10", ""), head("T6", "", "10", "")];
    let orders = vec![Row::of(&[("ORNO", "100"), ("CUOR", "S77")])];
    assert_eq!(judge(None, heads.clone(), orders.clone(), vec![]), Ok(Found::Absent));
    assert_eq!(judge(Some("T1"), heads, orders, vec![]), Ok(Found::Absent));
}

#[test]
fn two_batch_orders_with_our_reference_are_for_a_person() {
    let two = vec![head("T1", "S7", "10", ""), head("T2", "S7", "10", "")];
    assert!(judge(None, two.clone(), vec![], vec![]).unwrap_err().contains("T1, T2"));
    assert!(judge(Some("T1"), two, vec![], vec![]).is_err());
}

/// M3 gave T1, and then has our reference under another number, or another reference under T1.
#[test]
fn a_kept_number_that_is_not_of_our_batch_order_is_for_a_person() {
    for status in ["10", "90"] {
        let other = judge(Some("T1"), vec![head("T2", "S7", status, "")], vec![], lines(&["1"]));
        assert!(other.as_ref().is_err_and(|why| why.contains("T1") && why.contains("T2")), "{other:?}");
        let of_others = judge(Some("T1"), vec![head("T1", "S8", status, "")], vec![], lines(&["1"]));
        assert!(of_others.as_ref().is_err_and(|why| why.contains("T1")), "{of_others:?}");
    }
    assert_eq!(judge(None, vec![head("T2", "S7", "10", "")], vec![], vec![]).map(|_| ()), Ok(()));
}

#[test]
fn a_list_that_does_not_tell_leaves_it_unclear() {
    let why = || Err("LstHead: XAU0008".to_owned());
    assert!(judge_order(&sought(None), &Options::default(), &whole(vec![]), &why(), None).is_err());
    assert!(judge_order(&sought(None), &Options::default(), &why(), &whole(vec![]), None).is_err());
    let open = whole(vec![head("T1", "S7", "10", "")]);
    assert!(
        judge_order(&sought(Some("T1")), &Options::default(), &open, &whole(vec![]), Some(&why())).is_err()
    );
}

/// A customer number that many buyers share has more orders than one list shows.
#[test]
fn a_list_that_was_cut_off_tells_what_it_has_and_not_what_it_lacks() {
    let judge = |heads: &Answer, orders: &Answer, lines: Vec<Row>| {
        judge_order(&sought(Some("T1")), &Options::default(), heads, orders, Some(&whole(lines)))
    };
    let others = || vec![head("T5", "S8", "10", "")];
    let of_status = |status| vec![head("T1", "S7", status, "100"), head("T5", "S8", "10", "")];
    assert_eq!(judge(&whole(vec![]), &cut_off(vec![order("100")]), vec![]), taken(Some("T1"), Some("100")));
    assert_eq!(judge(&cut_off(of_status("90")), &cut_off(vec![]), vec![]), taken(Some("T1"), Some("100")));
    assert_eq!(judge(&cut_off(of_status("30")), &cut_off(vec![]), vec![]), taken(Some("T1"), None));
    assert_eq!(judge(&cut_off(of_status("10")), &whole(vec![]), lines(&["1"])), found_begun(&[1], false));
    for (heads, orders) in [
        (cut_off(others()), whole(vec![])),
        (whole(others()), cut_off(vec![])),
        (whole(of_status("10")), cut_off(vec![])),
    ] {
        assert!(
            judge(&heads, &orders, lines(&["1"])).unwrap_err().contains("cut off"),
            "{heads:?} {orders:?}"
        );
    }
    let open = whole(of_status("10"));
    assert!(
        judge_order(
            &sought(Some("T1")),
            &Options::default(),
            &open,
            &whole(vec![]),
            Some(&cut_off(lines(&["1"])))
        )
        .is_err()
    );
}

#[test]
fn a_customer_is_ours_by_search_key_and_reference() {
    let row = |number, key, reference| Row::of(&[("CUNO", number), ("ALCU", key), ("YREF", reference)]);
    let reference = sought(None).reference;
    let judge = |rows| judge_customer(&reference, "KEY", whole(rows));
    let number = |number: &str| References { temporary: None, number: Some(number.into()) };
    assert_eq!(judge(vec![]), Found::Absent);
    assert_eq!(judge(vec![row("C1", "KEY", "S7"), row("C2", "KEZ", "S7")]), Found::Taken(number("C1")));
    assert_eq!(judge(vec![row("C1", "KEY", "S8")]), Found::Absent);
    assert!(matches!(judge(vec![row("C1", "KEY", "S7"), row("C2", "KEY", "S7")]), Found::Unclear(_)));
    assert!(matches!(judge_customer(&reference, "KEY", Err("full".into())), Found::Unclear(_)));
    let full = |rows| judge_customer(&reference, "KEY", cut_off(rows));
    assert_eq!(
        full(vec![row("C1", "KEY", "S8"), row("C2", "KEZ", "S7")]),
        Found::Absent,
        "it goes on after us"
    );
    assert!(matches!(full(vec![row("C1", "KEY", "S8")]), Found::Unclear(_)));
    assert_eq!(full(vec![row("C1", "KEY", "S7")]), Found::Taken(number("C1")));
}

/// A person gave the batch order to another customer before it was released.
#[test]
fn a_kept_number_that_has_lines_elsewhere_is_not_absent() {
    assert!(judge(Some("T1"), vec![], vec![], lines(&["1"])).is_err());
    assert_eq!(judge(Some("T1"), vec![], vec![], vec![]), Ok(Found::Absent));
}
