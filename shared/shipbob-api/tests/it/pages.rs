//! The four ways in which lists come in pages.

use shipbob_api::{
    ApiError, Bookmark, InvoiceFilter, OrderFilter, Pages, ProductFilter, ReceivingFilter, ReturnFilter,
    StockMoves, TransactionFilter, Window,
};

use crate::world::{at, says, shipbob, soon, texts, with};

fn day() -> Window {
    Window::new(at("2026-11-21T00:00:00Z"), at("2026-11-22T00:00:00.5Z"))
}

async fn all(pages: Pages<'_>) -> Result<Vec<String>, ApiError> {
    let all = pages.all(soon()).await?;
    Ok(texts(&all).into_iter().map(str::to_owned).collect())
}

#[tokio::test(start_paused = true)]
async fn orders_come_page_by_page_until_the_number_of_all_pages() {
    let page = |body| with(200, "total-pages", "2", body);
    let (api, script) = shipbob([page(r#"[{"id":1},{"id":2}]"#), page(r#"[{"id":2},{"id":3}]"#)]);
    let orders = all(api.orders(&OrderFilter { inserted: day(), ..OrderFilter::default() })).await.unwrap();
    assert_eq!(
        orders,
        [r#"{"id":1}"#, r#"{"id":2}"#, r#"{"id":2}"#, r#"{"id":3}"#],
        "duplicates are the reader's"
    );
    let window = "StartDate=2026-11-21T00:00:00Z&EndDate=2026-11-22T00:00:00Z&Limit=250";
    assert_eq!(
        script.asked(),
        [format!("GET /2026-01/order?{window}&Page=1"), format!("GET /2026-01/order?{window}&Page=2")]
    );
}

#[tokio::test(start_paused = true)]
async fn without_the_number_of_pages_only_an_empty_page_ends_the_list() {
    let (api, script) = shipbob([says(200, r#"[{"id":1}]"#), says(200, r#"[{"id":2}]"#), says(200, "[]")]);
    let filter = OrderFilter { updated: day(), ids: vec![1, 2], ..OrderFilter::default() };
    assert_eq!(all(api.orders(&filter)).await.unwrap().len(), 2);
    assert_eq!(
        script.asked()[2],
        "GET /2026-01/order?LastUpdateStartDate=2026-11-21T00:00:00Z&LastUpdateEndDate=2026-11-22T00:00:00Z\
         &IDs=1,2&Limit=250&Page=3"
    );
}

#[tokio::test(start_paused = true)]
async fn the_cursor_of_returns_is_the_number_of_a_page() {
    let page = |body| with(200, "total-pages", "2", body);
    let (api, script) =
        shipbob([page(r#"{"items":[{"id":1}],"next":"x"}"#), page(r#"{"items":[{"id":2}],"next":null}"#)]);
    let filter =
        ReturnFilter { completed: day(), statuses: vec!["Completed", "Arrived"], ..ReturnFilter::default() };
    assert_eq!(all(api.returns(&filter)).await.unwrap(), [r#"{"id":1}"#, r#"{"id":2}"#]);
    let query = "Status=Completed,Arrived&CompletedStartDate=2026-11-21T00:00:00Z\
                 &CompletedEndDate=2026-11-22T00:00:00Z&Limit=250";
    assert_eq!(script.asked()[1], format!("GET /2026-01/return?{query}&Cursor=2"));
}

#[tokio::test(start_paused = true)]
async fn a_link_may_be_a_path_an_address_or_a_text() {
    for (next, expected) in [
        ("/2026-01/product?cursor=eyJJZCI6MX0%3D", "cursor=eyJJZCI6MX0%3D"),
        ("https://elsewhere.example.com/steal?cursor=abc#x", "cursor=abc"),
        ("m8cUk/xJ+b=", "SKU=MUG&PageSize=250&Cursor=m8cUk%2FxJ%2Bb%3D"),
    ] {
        let first = format!(r#"{{"items":[{{"id":1}}],"next":"{next}","prev":null}}"#);
        let (api, script) = shipbob([says(200, &first), says(200, r#"{"items":[{"id":2}],"next":null}"#)]);
        let filter = ProductFilter { sku: Some("MUG".into()), ..ProductFilter::default() };
        assert_eq!(all(api.products(&filter)).await.unwrap().len(), 2, "{next}");
        let asked = script.asked();
        assert_eq!(asked[0], "GET /2026-01/product?SKU=MUG&PageSize=250");
        assert_eq!(asked[1], format!("GET /2026-01/product?{expected}"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_of_fees_sends_its_cursor_in_the_query_and_its_filter_in_the_body() {
    let (api, script) = shipbob([
        says(200, r#"{"items":[{"transaction_id":"01A","amount":4.10}],"next":"a/b+c="}"#),
        says(200, r#"{"items":[{"transaction_id":"01B","amount":-0.30}],"next":""}"#),
    ]);
    let filter = TransactionFilter {
        reference_types: vec!["Shipment".into()],
        ..TransactionFilter::charged(at("2026-11-01T00:00:00Z"), at("2026-11-08T00:00:00Z"))
    };
    let fees = all(api.transactions(&filter).unwrap()).await.unwrap();
    assert_eq!(fees[0], r#"{"transaction_id":"01A","amount":4.10}"#, "numbers keep their digits");
    assert_eq!(
        script.asked(),
        ["POST /2026-01/transactions:query", "POST /2026-01/transactions:query?Cursor=a%2Fb%2Bc%3D"]
    );
    let body: serde_json::Value = serde_json::from_slice(script.requests()[1].body.expose()).unwrap();
    assert_eq!(
        body,
        serde_json::json!({
            "from_date": "2026-11-01T00:00:00Z", "to_date": "2026-11-08T00:00:00Z",
            "reference_types": ["Shipment"], "page_size": 1000, "sort_order": "Ascending",
        })
    );
}

#[tokio::test(start_paused = true)]
async fn the_history_of_stock_goes_on_from_a_number() {
    let (api, script) = shipbob([
        says(200, r#"{"data":[{"inventory_audit_event_id":7}],"next":7}"#),
        says(200, r#"{"data":[]}"#),
    ]);
    let moves = StockMoves {
        facility: 10,
        from: at("2026-11-01T00:00:00Z"),
        to: at("2026-11-08T00:00:00Z"),
        inventory_items: vec![],
        category: None,
    };
    assert_eq!(all(api.stock_moves(&moves).unwrap()).await.unwrap().len(), 1);
    assert_eq!(script.asked()[1], "POST /2026-01/inventory/history:query?cursor=7");
}

#[tokio::test(start_paused = true)]
async fn the_same_page_again_is_an_error_and_no_endless_list() {
    let page = r#"{"items":[{"transaction_id":"01A"}],"next":"c1"}"#;
    let other_link = r#"{"items":[{"transaction_id":"01A"}],"next":"c2"}"#;
    let other_items = r#"{"items":[{"transaction_id":"01B"}],"next":"c1"}"#;
    for second in [page, other_link, other_items] {
        let (api, script) = shipbob((0..9).map(|turn| says(200, if turn == 0 { page } else { second })));
        let error = all(api.invoices(&InvoiceFilter::default())).await.unwrap_err();
        let expected = ApiError::Incomplete { what: "invoices", why: "the same page came again".into() };
        assert_eq!(error, expected, "{second}");
        assert_eq!(script.asked().len(), 2);
    }
    let (api, script) = shipbob((0..9).map(|_| says(200, r#"[{"id":1}]"#)));
    let error = all(api.orders(&OrderFilter::default())).await.unwrap_err();
    assert!(matches!(error, ApiError::Incomplete { what: "orders", .. }), "{error}");
    assert_eq!(script.asked().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_endless_list_of_ever_new_pages_is_left_at_a_thousand() {
    let pages =
        (0..1_001).map(|page| says(200, &format!(r#"{{"items":[{{"id":{page}}}],"next":"{page}"}}"#)));
    let (api, script) = shipbob(pages);
    let mut pages = api.inventory(&[]);
    let deadline = soon() + std::time::Duration::from_secs(3_600);
    let error = loop {
        match pages.next(deadline).await {
            Ok(page) => assert!(page.is_some()),
            Err(error) => break error,
        }
    };
    assert!(matches!(&error, ApiError::Incomplete { why, .. } if why.contains("1000 pages")), "{error}");
    assert_eq!(script.asked().len(), 1_000);
}

#[tokio::test(start_paused = true)]
async fn empty_lists_are_empty_however_they_are_said() {
    for body in ["[]", " []", "{}", r#"{"items":[]}"#, r#"{"items":null,"next":null}"#] {
        let (api, _) = shipbob([says(200, body)]);
        assert_eq!(all(api.returns(&ReturnFilter::default())).await, Ok(vec![]), "{body}");
    }
    let (api, script) = shipbob([says(404, r#"{"title":"Not Found"}"#)]);
    let filter = ReceivingFilter { completed: day(), is_synced: Some(false), ..ReceivingFilter::default() };
    assert_eq!(all(api.receiving(&filter).unwrap()).await, Ok(vec![]));
    assert_eq!(
        script.asked(),
        [
            "GET /2026-01/receiving?CompletedStartDate=2026-11-21T00:00:00Z&CompletedEndDate=2026-11-22T00:00:00Z\
          &ExternalSync=false&Limit=250&Page=1"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_list_goes_on_from_a_bookmark() {
    let page = |body| with(200, "total-pages", "3", body);
    let (api, script) =
        shipbob([page(r#"[{"id":1}]"#), page(r#"[{"id":2}]"#), page(r#"[{"id":3}]"#), says(200, "[]")]);
    let mut pages = api.orders(&OrderFilter::default());
    pages.next(soon()).await.unwrap();
    let kept = serde_json::to_string(&pages.bookmark()).unwrap();
    let bookmark: Option<Bookmark> = serde_json::from_str(&kept).unwrap();
    let mut pages = api.orders(&OrderFilter::default()).from(&bookmark.unwrap());
    assert_eq!(texts(&pages.next(soon()).await.unwrap().unwrap()), [r#"{"id":2}"#]);
    assert_eq!(texts(&pages.next(soon()).await.unwrap().unwrap()), [r#"{"id":3}"#]);
    assert_eq!((pages.bookmark(), pages.next(soon()).await.unwrap().is_none()), (None, true));
    assert_eq!(script.asked()[1], "GET /2026-01/order?Limit=250&Page=2");

    let first = r#"{"items":[{"transaction_id":"01A"}],"next":"a/b="}"#;
    let (api, script) = shipbob([says(200, first), says(200, r#"{"items":[]}"#)]);
    let filter = TransactionFilter::charged(at("2026-11-01T00:00:00Z"), at("2026-11-08T00:00:00Z"));
    let mut pages = api.transactions(&filter).unwrap();
    pages.next(soon()).await.unwrap();
    let bookmark = pages.bookmark().unwrap();
    api.transactions(&filter).unwrap().from(&bookmark).next(soon()).await.unwrap();
    assert_eq!(script.asked()[1], "POST /2026-01/transactions:query?Cursor=a%2Fb%3D");
}

#[tokio::test(start_paused = true)]
async fn a_page_that_failed_may_be_asked_for_again() {
    let (api, script) = shipbob([
        says(200, r#"[{"id":1}]"#),
        says(400, r#""busy""#),
        says(200, r#"[{"id":2}]"#),
        says(200, "[]"),
    ]);
    let mut pages = api.orders(&OrderFilter::default());
    assert_eq!(texts(&pages.next(soon()).await.unwrap().unwrap()), [r#"{"id":1}"#]);
    assert!(pages.next(soon()).await.is_err());
    assert_eq!(texts(&pages.next(soon()).await.unwrap().unwrap()), [r#"{"id":2}"#]);
    assert!(pages.next(soon()).await.unwrap().unwrap().is_empty());
    assert!(pages.next(soon()).await.unwrap().is_none());
    assert_eq!(script.asked()[1], script.asked()[2]);
}

#[tokio::test(start_paused = true)]
async fn what_is_no_page_is_told_by_place_and_shows_nobody() {
    for body in [r#"[{"name":"Jon Snow""#, r#"{"items":"Jon Snow"}"#, "Jon Snow", r#"{"items":[],"next":{}"#]
    {
        let (api, _) = shipbob([says(200, body)]);
        let error = all(api.orders(&OrderFilter::default())).await.unwrap_err();
        assert!(matches!(error, ApiError::Unreadable { what: "orders", .. }), "{error}");
        assert!(!error.to_string().contains("Snow"), "{error}");
    }
}

#[test]
fn a_filter_that_shipbob_would_read_as_two_is_refused() {
    let (api, _) = shipbob([]);
    let filter = ReceivingFilter { purchase_orders: vec!["PO-1,2".into()], ..ReceivingFilter::default() };
    assert!(matches!(api.receiving(&filter), Err(ApiError::Refused { .. })));
}
