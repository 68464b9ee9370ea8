//! What the client asks is held against ShipBob's own `OpenAPI` document, where it stands beside the project.

use std::collections::BTreeSet;

use remote::{Method, Request};
use serde_json::Value;
use shipbob_api::{
    InvoiceFilter, OrderFilter, Pages, ProductFilter, ReceivingFilter, ReturnFilter, StockMoves,
    Subscription, TransactionFilter, Window,
};

use crate::world::{Reply, Script, at, says, shipbob, soon};

/// What the document of 2026-01 lacks and is asked nevertheless, each with its reason.
const EXCEPTIONS: [(&str, &str, &str); 2] = [
    // The document has `next` in the answers and no parameter that takes it.
    ("GET", "/inventory", "Cursor"),
    ("GET", "/product", "Cursor"),
];

/// Everything that the client can ask, with every filter and a second page where there are pages.
pub(crate) async fn asked_of_everything() -> Vec<Request> {
    let window = || Window::new(at("2026-11-01T00:00:00Z"), at("2026-11-08T00:00:00Z"));
    let two = |body: &str| -> [Reply; 2] {
        [says(200, body), says(200, if body.starts_with('[') { "[]" } else { "{}" })]
    };
    let bare = || two(r#"[{"id":1}]"#);
    let linked = || two(r#"{"items":[{"id":1}],"next":"a/b"}"#);
    let mut replies: Vec<Reply> = Vec::new();
    replies.extend(
        [bare(), bare(), linked(), linked(), linked(), linked(), linked(), linked(), linked()].concat(),
    );
    replies.extend((0..20).map(|_| says(200, "[]")));
    let (api, script) = shipbob(replies);
    let orders = OrderFilter {
        inserted: window(),
        updated: window(),
        tracking_updated: window(),
        ids: vec![1, 2],
        has_tracking: Some(true),
        is_tracking_uploaded: Some(false),
    };
    let receiving = ReceivingFilter {
        ids: vec![1],
        statuses: vec!["Completed".into()],
        purchase_orders: vec!["PO-1".into()],
        inserted: window(),
        completed: window(),
        is_synced: Some(false),
    };
    let returns = ReturnFilter {
        ids: vec![1],
        original_shipments: vec![2],
        statuses: vec!["Completed"],
        inserted: window(),
        completed: window(),
    };
    let products =
        ProductFilter { updated_since: window().from, sku: Some("MUG".into()), inventory_item: Some(1) };
    let moves = StockMoves {
        facility: 1,
        from: at("2026-11-01T00:00:00Z"),
        to: at("2026-11-08T00:00:00Z"),
        inventory_items: vec![1],
        category: Some("InventoryAdjusted".into()),
    };
    let one = || vec!["x".to_owned()];
    let fees = TransactionFilter {
        from: at("2026-11-01T00:00:00Z"),
        to: at("2026-11-08T00:00:00Z"),
        reference_ids: one(),
        reference_types: vec!["Shipment".to_owned()],
        invoice_ids: vec![1],
        is_invoiced: Some(true),
        types: vec!["Charge".to_owned()],
        fees: one(),
    };
    let lists: [Pages<'_>; 9] = [
        api.orders(&orders),
        api.receiving(&receiving).unwrap(),
        api.returns(&returns),
        api.inventory(&[1, 2]),
        api.products(&products),
        api.stock_moves(&moves).unwrap(),
        api.transactions(&fees).unwrap(),
        api.invoices(&InvoiceFilter { dated: window() }),
        api.transactions_of(1),
    ];
    for mut pages in lists {
        for _ in 0..2 {
            pages.next(soon()).await.unwrap();
        }
    }
    assert_eq!(script.requests().len(), 18);
    api.channels(soon()).await.unwrap();
    api.webhooks(soon()).await.unwrap();
    api.fulfilment_centres(soon()).await.unwrap();
    api.locations(soon()).await.unwrap();
    api.order(1, soon()).await.unwrap();
    api.shipment(1, soon()).await.unwrap();
    api.shipments(1, soon()).await.unwrap();
    api.receiving_order(1, soon()).await.unwrap();
    api.boxes(1, soon()).await.unwrap();
    api.return_order(1, soon()).await.unwrap();
    api.inventory_item(1, soon()).await.unwrap();
    api.product(1, soon()).await.unwrap();
    api.variants(1, soon()).await.unwrap();
    api.transaction_fees(soon()).await.unwrap();
    api.set_external_sync(&[1], true, soon()).await.unwrap();
    api.set_tracking_uploaded(&[1], true, soon()).await.unwrap();
    let subscription = Subscription {
        topics: vec!["order.shipped".into()],
        url: "https://hooks.example.com".to_owned().into(),
        description: Some("x".into()),
        secret: Some(format!("whsec_{}", "a".repeat(32)).into()),
    };
    api.create_webhook(&subscription, soon()).await.unwrap();
    api.delete_webhook("7", soon()).await.unwrap();
    requests(&script)
}

fn requests(script: &Script) -> Vec<Request> {
    let requests = script.requests();
    assert_eq!(requests.len(), 36, "everything is asked");
    requests
}

pub(crate) fn document() -> Option<Value> {
    let path = testkit::fixtures()?.join("shipbob/openapi/openapi-2026-01.json");
    Some(serde_json::from_slice(&std::fs::read(path).ok()?).unwrap())
}

/// The operation that a path is, and its path as the document writes it.
pub(crate) fn operation<'a>(document: &'a Value, method: &str, path: &str) -> Option<(String, &'a Value)> {
    let is_same = |template: &str| {
        let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
        template.len() == path.len()
            && template
                .iter()
                .zip(&path)
                .all(|(part, found)| part == found || (part.starts_with('{') && part.ends_with('}')))
    };
    let paths = document["paths"].as_object().unwrap();
    // A written part is meant before a placeholder.
    let exact = paths.iter().find(|(template, _)| *template == path);
    let (template, methods) = exact.or_else(|| paths.iter().find(|(template, _)| is_same(template)))?;
    let operation = methods.get(method.to_ascii_lowercase())?;
    Some((template.clone(), operation))
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str().and_then(|name| name.rsplit('/').next()) {
        Some(name) => &document["components"]["schemas"][name],
        None => schema,
    }
}

/// What the document does not know of a request.
fn unknown(document: &Value, request: &Request) -> Vec<String> {
    let method = match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Delete => "DELETE",
    };
    let below = request.url.path().splitn(3, '/').nth(2).unwrap();
    let Some((_, operation)) = operation(document, method, &format!("/2026-01/{below}")) else {
        return vec![format!("{method} /{below}")];
    };
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let known: BTreeSet<_> = parameters
        .iter()
        .filter(|parameter| parameter["in"] == "query")
        .filter_map(|parameter| parameter["name"].as_str())
        .collect();
    let names = request.url.query_pairs().map(|(name, _)| name.into_owned());
    let names = names.filter(|name| !known.contains(name.as_str()));
    let is_exception = |name: &str| EXCEPTIONS.contains(&(method, format!("/{below}").as_str(), name));
    let mut unknown: Vec<_> =
        names.filter(|name| !is_exception(name)).map(|name| format!("{method} /{below}: {name}")).collect();
    if !request.body.expose().is_empty() {
        let body: Value = serde_json::from_slice(request.body.expose()).unwrap();
        let content = &operation["requestBody"]["content"];
        let schema = resolved(document, &content.as_object().unwrap().values().next().unwrap()["schema"]);
        let fields = body.as_object().unwrap().keys();
        let fields = fields.filter(|field| schema["properties"].get(field.as_str()).is_none());
        unknown.extend(fields.map(|field| format!("{method} /{below}: {field} in the body")));
    }
    unknown
}

#[tokio::test(start_paused = true)]
async fn nothing_is_asked_that_the_document_does_not_know() {
    let Some(document) = document() else { return };
    let found: Vec<_> =
        asked_of_everything().await.iter().flat_map(|request| unknown(&document, request)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[tokio::test(start_paused = true)]
async fn every_exception_is_needed() {
    let Some(document) = document() else { return };
    for (method, path, name) in EXCEPTIONS {
        let (_, operation) = operation(&document, method, &format!("/2026-01{path}")).unwrap();
        let parameters = operation["parameters"].as_array().unwrap();
        assert!(parameters.iter().all(|parameter| parameter["name"] != name), "{path} knows {name} now");
    }
}

/// The test above could not fail if a wrong request passed.
#[tokio::test(start_paused = true)]
async fn a_path_or_parameter_that_is_not_in_the_document_is_found() {
    let Some(document) = document() else { return };
    let request = asked_of_everything().await.remove(0);
    for wrong in ["/2026-01/orders?Page=1", "/2026-01/order?PageNumber=1"] {
        let url = request.url.join(wrong).unwrap();
        assert_eq!(unknown(&document, &Request { url, ..request.clone() }).len(), 1, "{wrong}");
    }
}

/// Answers of the document's own making are read, whichever way their pages go.
#[tokio::test(start_paused = true)]
async fn the_documents_own_examples_are_read() {
    let Some(folder) = testkit::fixtures() else { return };
    let path = folder.join("shipbob/openapi/examples-2026-01.json");
    let examples: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let mut read = 0;
    for (name, example) in examples.as_object().unwrap() {
        let page = example.to_string();
        let (api, _) = shipbob([says(200, &page)]);
        let items = match name.as_str() {
            "GET /2026-01/order 200" => api.orders(&OrderFilter::default()).next(soon()).await,
            "GET /2026-01/receiving 200" => {
                api.receiving(&ReceivingFilter::default()).unwrap().next(soon()).await
            }
            "GET /2026-01/return 200" => api.returns(&ReturnFilter::default()).next(soon()).await,
            "GET /2026-01/channel 200" => api.inventory(&[]).next(soon()).await,
            "POST /2026-01/transactions:query 200" => api.transactions_of(1).next(soon()).await,
            "GET /2026-01/invoices 200" => api.invoices(&InvoiceFilter::default()).next(soon()).await,
            _ => continue,
        };
        read += 1;
        assert!(!items.unwrap().unwrap().is_empty(), "{name}");
    }
    assert_eq!(read, 6);
}

/// Answers that ShipBob really gave (shipbob-node-sdk, its tests).
#[tokio::test(start_paused = true)]
async fn real_answers_come_back_as_they_were_written() {
    let Some(folder) = testkit::fixtures() else { return };
    let real = |name: &str| std::fs::read_to_string(folder.join("shipbob/node-sdk").join(name)).unwrap();
    let (order, boxes) = (real("wro_1.json"), real("wro_boxes_response_stowing.json"));
    let (api, _) = shipbob([says(200, &order), says(200, &boxes)]);
    let read = api.receiving_order(443_001, soon()).await.unwrap().unwrap();
    assert_eq!(read.text(), order.trim());
    let read = api.boxes(443_001, soon()).await.unwrap().unwrap();
    assert!(read.len() > 1 && read.iter().all(|found| boxes.contains(found.text())));
    assert!(read[0].text().contains("2025-02-19T00:23:05.85+00:00"));
}
