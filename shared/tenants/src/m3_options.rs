//! What a mapping file says of M3, as CloudSuite's client takes it. Pure.

use std::time::Duration;

use cloudsuite::m3::{
    AmountAs, Bulks, DiscountAs, GoodsOptions, JournalOptions, JournalProof, Missing, Options, OrderText,
    TextKey,
};
use mapping::{Amounts, Discount, JournalBatches, M3Ways, Mapping, MissingMessages, Proof, RowsCountedBy};

/// What a mapping file says of M3. The default file says what the client does by default.
pub(crate) fn m3_options(mapping: &Mapping) -> Options {
    let ways = &mapping.cloudsuite.m3;
    Options {
        discount: match mapping.discounts.write_as {
            Discount::LineAmount => DiscountAs::LineAmount,
            Discount::UnitAmount => DiscountAs::UnitAmount,
        },
        master_data_for: Duration::from_secs(ways.master_data_seconds.into()),
        items: ways.items_from..=ways.items_to,
        missing: missing(&ways.missing),
        unconfirmed: ways.unconfirmed.clone(),
        amendable_to: ways.amendable_to,
        order_text: order_text(&ways.order_text),
        journal: journal(&ways.journal),
        bulks: bulks(ways),
        goods: GoodsOptions::default(),
    }
}

fn missing(messages: &MissingMessages) -> Missing {
    let MissingMessages { item, item_in_warehouse, warehouse, facility, customer, list } = messages.clone();
    Missing { item, item_in_warehouse, warehouse, facility, customer, list }
}

fn order_text(place: &mapping::OrderText) -> OrderText {
    let mapping::OrderText { class, table, field, key } = place.clone();
    let key = match key {
        mapping::TextKey::CompanyAndOrder => TextKey::CompanyAndOrder,
        mapping::TextKey::Order => TextKey::Order,
    };
    OrderText { class, table, field, key }
}

fn journal(batches: &JournalBatches) -> JournalOptions {
    let JournalBatches { record, debit, credit, amounts, proof, exists } = batches.clone();
    JournalOptions {
        record,
        codes: [debit, credit],
        amounts: match amounts {
            Amounts::Absolute => AmountAs::Absolute,
            Amounts::Signed => AmountAs::Signed,
        },
        proof: match proof {
            Proof::Voucher => JournalProof::Voucher,
            Proof::Key => JournalProof::Key,
        },
        exists,
    }
}

fn bulks(ways: &M3Ways) -> Bulks {
    Bulks {
        most: ways.transactions_per_request.into(),
        lists_alone: ways.rows_counted_by == RowsCountedBy::Request,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_file_says_what_is_done_by_default() {
        assert_eq!(m3_options(&Mapping::parse(mapping::DEFAULT_FILE).unwrap()), Options::default());
    }

    /// Every key has another value than by default here, so that none is handed to another's place or to none.
    #[test]
    fn each_key_reaches_its_place() {
        let needed = "[cloudsuite]\ncompany = 100\n[orders]\norder_type = \"ECO\"\nwarehouse = \"100\"\n\
                      [customers]\ntemplate = \"ECOMTPL\"\n[discounts]\nwrite_as = \"unit_amount\"\n";
        let ways = r#"
            [cloudsuite.m3]
            amendable_to = 33
            items_from = 21
            items_to = 40
            unconfirmed = [5]
            master_data_seconds = 7
            transactions_per_request = 9
            rows_counted_by = "request"
            [cloudsuite.m3.order_text]
            class = "CO02"
            table = "OOHEAD"
            field = "OATXID"
            key = "order"
            [cloudsuite.m3.journal]
            record = "L1"
            debit = "+"
            credit = "-"
            amounts = "signed"
            proof = "key"
            exists = ["GL84001"]
            [cloudsuite.m3.missing]
            item = ["A1"]
            item_in_warehouse = ["A2"]
            warehouse = ["A3"]
            facility = ["A4"]
            customer = ["A5"]
            list = ["A6"]
        "#;
        let expected = Options {
            discount: DiscountAs::UnitAmount,
            master_data_for: Duration::from_secs(7),
            items: 21..=40,
            missing: Missing {
                item: vec!["A1".into()],
                item_in_warehouse: vec!["A2".into()],
                warehouse: vec!["A3".into()],
                facility: vec!["A4".into()],
                customer: vec!["A5".into()],
                list: vec!["A6".into()],
            },
            unconfirmed: vec![5],
            amendable_to: 33,
            order_text: OrderText {
                class: "CO02".into(),
                table: "OOHEAD".into(),
                field: "OATXID".into(),
                key: TextKey::Order,
            },
            journal: JournalOptions {
                record: "L1".into(),
                codes: ["+".into(), "-".into()],
                amounts: AmountAs::Signed,
                proof: JournalProof::Key,
                exists: vec!["GL84001".into()],
            },
            bulks: Bulks { most: 9, lists_alone: true },
            goods: GoodsOptions::default(),
        };
        assert_eq!(m3_options(&Mapping::parse(&format!("{needed}{ways}")).unwrap()), expected);
    }
}
