//! An order of webhooks, read back by GraphQL: names, ids, enums, times, money.

use serde_json::{Value, json};

use crate::bench::{Bench, ORDER, order};

fn read(bench: &mut Bench, fields: &str) -> Value {
    let gid = format!("gid://shopify/Order/{ORDER}");
    bench.data(&format!("{{ order(id: \"{gid}\") {{ {fields} }} }}"))["order"].take()
}

#[test]
fn ids_are_global_times_are_utc_and_enums_are_upper_case() {
    let mut bench = Bench::new();
    bench.put(order());
    let read = read(
        &mut bench,
        "id legacyResourceId name createdAt displayFinancialStatus displayFulfillmentStatus tags email phone
         cancelReason cancelledAt number test customer { id state firstName }",
    );
    assert_eq!(
        read,
        json!({
            "id": "gid://shopify/Order/820982911946154508",
            "legacyResourceId": "820982911946154508",
            "name": "#1001",
            "createdAt": "2026-11-22T11:00:00Z",
            "displayFinancialStatus": "PENDING",
            "displayFulfillmentStatus": "UNFULFILLED",
            "tags": ["wholesale", "Noël"],
            "email": "buyer@example.com",
            "phone": null,
            "cancelReason": null,
            "cancelledAt": null,
            "number": 1001,
            "test": false,
            "customer": { "id": "gid://shopify/Customer/5", "state": "ENABLED", "firstName": "Ada" },
        })
    );
}

#[test]
fn money_is_a_bag_of_both_currencies_with_decimal_text() {
    let mut bench = Bench::new();
    bench.put(order());
    let money = "{ shopMoney { amount currencyCode } presentmentMoney { amount currencyCode } }";
    let read = read(&mut bench, &format!("totalPriceSet {money} totalTaxSet {money}"));
    assert_eq!(
        read["totalPriceSet"],
        json!({
            "shopMoney": { "amount": "40.0", "currencyCode": "AUD" },
            "presentmentMoney": { "amount": "26.0", "currencyCode": "USD" },
        })
    );
    assert_eq!(read["totalTaxSet"], Value::Null, "what the payload does not tell is null where it may be");
}

#[test]
fn lines_carry_discount_allocations_that_the_discounted_total_lacks() {
    let mut bench = Bench::new();
    bench.put(order());
    let read = read(
        &mut bench,
        "lineItems(first: 5) { nodes {
            id sku quantity originalTotalSet { shopMoney { amount } } discountedTotalSet { shopMoney { amount } }
            discountAllocations { allocatedAmountSet { shopMoney { amount } }
                discountApplication { __typename targetType value { ... on MoneyV2 { amount } } } }
            taxLines { title rate ratePercentage priceSet { shopMoney { amount } } }
            variant { id } product { id }
        } }",
    );
    assert_eq!(
        read["lineItems"]["nodes"],
        json!([{
            "id": "gid://shopify/LineItem/11",
            "sku": "CAP-RED",
            "quantity": 2,
            "originalTotalSet": { "shopMoney": { "amount": "44.0" } },
            "discountedTotalSet": { "shopMoney": { "amount": "44.0" } },
            "discountAllocations": [{
                "allocatedAmountSet": { "shopMoney": { "amount": "4.0" } },
                "discountApplication": {
                    "__typename": "ManualDiscountApplication", "targetType": "LINE_ITEM", "value": { "amount": "4.0" },
                },
            }],
            "taxLines": [{ "title": "GST", "rate": 0.1, "ratePercentage": 10.0,
                "priceSet": { "shopMoney": { "amount": "3.64" } } }],
            "variant": { "id": "gid://shopify/ProductVariant/7" },
            "product": { "id": "gid://shopify/Product/8" },
        }])
    );
}

#[test]
fn a_discount_of_the_line_itself_is_in_its_discounted_total_in_both_currencies() {
    let mut bench = Bench::new();
    let set = |shop: &str, buyer: &str| {
        json!({ "shop_money": { "amount": shop, "currency_code": "AUD" },
            "presentment_money": { "amount": buyer, "currency_code": "USD" } })
    };
    let mut sold = order();
    sold["line_items"][0]["price_set"] = set("22.00", "14.30");
    sold["line_items"][0]["total_discount"] = json!("2.20");
    sold["line_items"][0]["total_discount_set"] = set("2.20", "1.43");
    bench.put(sold);
    let both = "{ shopMoney { amount } presentmentMoney { amount } }";
    let read = read(
        &mut bench,
        &format!("lineItems(first: 1) {{ nodes {{ originalTotalSet {both} discountedTotalSet {both} }} }}"),
    );
    assert_eq!(
        read["lineItems"]["nodes"][0],
        json!({
            "originalTotalSet": { "shopMoney": { "amount": "44.0" }, "presentmentMoney": { "amount": "28.6" } },
            "discountedTotalSet": { "shopMoney": { "amount": "41.8" }, "presentmentMoney": { "amount": "27.17" } },
        })
    );
}

#[test]
fn a_company_order_names_its_company_and_place() {
    let mut bench = Bench::new();
    let company = json!({ "id": 31, "name": "Acme", "external_id": "C-31" });
    bench.simulator.put(simulated_shopify::Kind::Companies, company, bench.now).unwrap();
    let place = json!({ "id": 32, "name": "Acme North", "external_id": null });
    bench.simulator.put(simulated_shopify::Kind::CompanyLocations, place, bench.now).unwrap();
    let mut bought = order();
    bought["company"] = json!({ "id": 31, "location_id": 32 });
    bought["po_number"] = json!("PO-9");
    bench.put(bought);
    let read = read(
        &mut bench,
        "poNumber purchasingEntity { __typename ... on PurchasingCompany {
            company { id name externalId } location { id name externalId } } }",
    );
    assert_eq!(
        read,
        json!({
            "poNumber": "PO-9",
            "purchasingEntity": {
                "__typename": "PurchasingCompany",
                "company": { "id": "gid://shopify/Company/31", "name": "Acme", "externalId": "C-31" },
                "location": { "id": "gid://shopify/CompanyLocation/32", "name": "Acme North", "externalId": null },
            },
        })
    );
}

#[test]
fn nodes_are_read_by_their_ids_and_keep_their_order() {
    let mut bench = Bench::new();
    bench.put(order());
    bench.put(json!({ "id": 7 }));
    let data = bench.data(&format!(
        "{{ nodes(ids: [\"gid://shopify/Order/7\", \"gid://shopify/Order/8\", \"gid://shopify/Order/{ORDER}\"])
           {{ id ... on Order {{ name }} }} }}"
    ));
    assert_eq!(data["nodes"][0]["id"], "gid://shopify/Order/7");
    assert_eq!(data["nodes"][1], Value::Null);
    assert_eq!(data["nodes"][2]["name"], "#1001");
}
