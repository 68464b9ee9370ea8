//! Pages of orders: cursors, order, search.

use serde_json::{Value, json};

use crate::bench::Bench;

fn shop() -> Bench {
    let mut bench = Bench::new();
    for id in 1..=7 {
        let updated = format!("2026-11-22T10:0{}:00-05:00", 7 - id);
        bench.put(json!({ "id": id, "created_at": "2026-11-01T00:00:00Z", "updated_at": updated }));
    }
    bench
}

fn pages(bench: &mut Bench, first: u32, arguments: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut after = String::new();
    loop {
        let data = bench.data(&format!(
            "{{ orders(first: {first}, {arguments} {after}) {{
                edges {{ cursor node {{ legacyResourceId }} }}
                pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
        ));
        let page = &data["orders"];
        let edges = page["edges"].as_array().unwrap();
        let ids = edges.iter().map(|edge| edge["node"]["legacyResourceId"].as_str().unwrap().to_owned());
        assert_eq!(page["pageInfo"]["hasPreviousPage"], !pages.is_empty());
        pages.push(ids.collect());
        let end = &page["pageInfo"]["endCursor"];
        assert_eq!(end, edges.last().map_or(&Value::Null, |edge| &edge["cursor"]));
        if page["pageInfo"]["hasNextPage"] == false {
            return pages;
        }
        after = format!(", after: {end}");
    }
}

#[test]
fn pages_follow_each_other_without_gap_or_repetition() {
    let mut bench = shop();
    assert_eq!(
        pages(&mut bench, 3, "sortKey: UPDATED_AT"),
        [vec!["7", "6", "5"], vec!["4", "3", "2"], vec!["1"]]
    );
    assert_eq!(
        pages(&mut bench, 4, "sortKey: UPDATED_AT, reverse: true"),
        [vec!["1", "2", "3", "4"], vec!["5", "6", "7"]]
    );
    assert_eq!(pages(&mut bench, 7, "sortKey: ID"), [vec!["1", "2", "3", "4", "5", "6", "7"]]);
}

#[test]
fn equal_times_do_not_hide_an_order_at_the_page_boundary() {
    let mut bench = Bench::new();
    for id in 1..=5 {
        bench.put(json!({ "id": id, "updated_at": "2026-11-22T10:00:00Z" }));
    }
    assert_eq!(pages(&mut bench, 2, "sortKey: UPDATED_AT"), [vec!["1", "2"], vec!["3", "4"], vec!["5"]]);
}

#[test]
fn a_window_of_updated_at_is_half_open_and_compares_instants() {
    let mut bench = shop();
    let query = "updated_at:>='2026-11-22T15:01:00Z' updated_at:<'2026-11-22T15:04:00Z'";
    let found = pages(&mut bench, 50, &format!("sortKey: UPDATED_AT, query: \"{query}\""));
    assert_eq!(found, [vec!["6", "5", "4"]]);
}

#[test]
fn a_term_that_shopify_does_not_know_is_silently_ignored() {
    let mut bench = shop();
    for query in ["updated_at_min=2030-01-01T00:00:00Z", "updated_at_min:>'2030-01-01'"] {
        assert_eq!(pages(&mut bench, 50, &format!("query: \"{query}\""))[0].len(), 7, "{query}");
    }
}

#[test]
fn status_any_finds_what_is_closed_and_cancelled() {
    let mut bench = Bench::new();
    bench.put(json!({ "id": 1, "closed_at": "2026-11-22T10:00:00Z" }));
    bench.put(json!({ "id": 2, "cancelled_at": "2026-11-22T10:00:00Z" }));
    bench.put(json!({ "id": 3 }));
    let ids = |bench: &mut Bench, query: &str| {
        pages(bench, 9, &format!("sortKey: ID, query: \"{query}\""))[0].clone()
    };
    assert_eq!(ids(&mut bench, "status:any"), ["1", "2", "3"]);
    assert_eq!(ids(&mut bench, "status:open"), ["3"]);
    assert_eq!(ids(&mut bench, "status:cancelled"), ["2"]);
}

#[test]
fn an_order_that_is_updated_while_paging_comes_again_at_the_end() {
    let mut bench = shop();
    let first =
        bench.data("{ orders(first: 3, sortKey: UPDATED_AT) { nodes { id } pageInfo { endCursor } } }");
    bench
        .simulator
        .edit_order(7, json!({ "note": "changed" }), bench.now + jiff::SignedDuration::from_hours(4))
        .unwrap();
    let after = &first["orders"]["pageInfo"]["endCursor"];
    let rest = bench.data(&format!(
        "{{ orders(first: 9, sortKey: UPDATED_AT, after: {after}) {{ nodes {{ legacyResourceId }} }} }}"
    ));
    let last = rest["orders"]["nodes"].as_array().unwrap().last().unwrap();
    assert_eq!(last["legacyResourceId"], "7");
}

#[test]
fn a_foreign_cursor_is_refused() {
    let mut bench = shop();
    assert_eq!(bench.refused("{ orders(first: 1, after: \"abc\") { nodes { id } } }").0, "BAD_REQUEST");
}

#[test]
fn lines_are_paged_too_and_removed_shipping_is_left_out_unless_asked_for() {
    let mut bench = Bench::new();
    let lines: Vec<Value> = (1..=4).map(|id| json!({ "id": id, "quantity": 1, "price": "1.00" })).collect();
    let shipping = json!([{ "id": 1, "title": "A", "price": "1.00", "is_removed": true },
        { "id": 2, "title": "B", "price": "1.00", "is_removed": false }]);
    bench.put(json!({ "id": 1, "line_items": lines, "shipping_lines": shipping }));
    let data = bench.data(
        "{ order(id: \"gid://shopify/Order/1\") {
            lineItems(first: 3) { nodes { id } pageInfo { hasNextPage endCursor } }
            kept: shippingLines(first: 9) { nodes { title } }
            all: shippingLines(first: 9, includeRemovals: true) { nodes { title isRemoved } } } }",
    );
    let order = &data["order"];
    assert_eq!(order["lineItems"]["nodes"].as_array().unwrap().len(), 3);
    assert_eq!(order["kept"]["nodes"], json!([{ "title": "B" }]));
    assert_eq!(order["all"]["nodes"].as_array().unwrap().len(), 2);
    let after = &order["lineItems"]["pageInfo"]["endCursor"];
    let rest = bench.data(&format!(
        "{{ order(id: \"gid://shopify/Order/1\") {{ lineItems(first: 3, after: {after}) {{ nodes {{ id }} pageInfo {{ hasNextPage }} }} }} }}"
    ));
    assert_eq!(
        rest["order"]["lineItems"],
        json!({ "nodes": [{ "id": "gid://shopify/LineItem/4" }], "pageInfo": { "hasNextPage": false } })
    );
}
