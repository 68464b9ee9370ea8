//! How orders stand that goods are moved for: heads and lines of all of them by one bulk. Never remembered: every
//! movement changes them.

use std::collections::{BTreeMap, BTreeSet};

use domain::OrderLineNumber;
use rust_decimal::Decimal;

use super::{
    GoodsOptions,
    bulk::Bulk,
    outcome::{Reply, standing},
    wire::{Row, Transaction},
};
use crate::{CallError, Company, OrderLineStanding, OrderStanding, Standing};

/// How orders of one kind are read.
pub(super) struct Kind {
    program: &'static str,
    /// The field of the order's number.
    number: &'static str,
    /// The field of the partner in the head.
    partner: &'static str,
    head: &'static [&'static str],
    lines: &'static [&'static str],
    line: fn(&Row, &GoodsOptions) -> Option<OrderLineStanding>,
}

/// Purchase orders.
pub(super) const PURCHASE_ORDERS: Kind = Kind {
    program: "PPS200MI",
    number: "PUNO",
    partner: "SUNO",
    head: &["PUNO", "SUNO"],
    lines: &["PNLI", "PNLS", "ITNO", "WHLO", "ORQT", "RVQT", "PUSL", "PUUN"],
    line: purchase_line,
};

/// Sales orders.
pub(super) const SALES_ORDERS: Kind = Kind {
    program: "OIS100MI",
    number: "ORNO",
    partner: "CUNO",
    head: &["ORNO", "CUNO", "ORST"],
    lines: &["PONR", "POSX", "ITNO", "WHLO", "ORQT", "DLQT", "ORST"],
    line: sales_line,
};

/// Reads orders that goods are moved for.
pub(super) struct Orders<'a> {
    pub(super) bulk: &'a Bulk,
    pub(super) company: &'a Company,
    pub(super) options: &'a GoodsOptions,
}

impl Orders<'_> {
    /// How the orders of one kind stand.
    pub(super) async fn read(
        &self,
        kind: &Kind,
        wanted: &BTreeSet<String>,
    ) -> Result<BTreeMap<String, OrderStanding>, CallError> {
        let ask = |name, number: &String, columns| {
            let fields = [("CONO", self.company.number.to_string()), (kind.number, number.clone())];
            Transaction::new(name, fields, columns)
        };
        let heads = wanted.iter().map(|number| ask("GetHead", number, kind.head));
        let lines = wanted.iter().map(|number| ask("LstLine", number, kind.lines));
        let asked = heads.chain(lines).collect();
        let mut heads = self.bulk.read(self.company, kind.program, asked).await?;
        let lines = heads.split_off(wanted.len());
        let orders = wanted.iter().zip(heads.iter().zip(&lines));
        Ok(orders.map(|(number, (head, lines))| (number.clone(), self.order(kind, head, lines))).collect())
    }

    fn order(&self, kind: &Kind, head: &Reply, lines: &Reply) -> OrderStanding {
        let is_there = standing(head, &self.options.missing_orders, |_| None);
        let partner = match head {
            Reply::Done(rows) => rows.first().map_or("", |row| row.get(kind.partner)),
            Reply::Nok(_) | Reply::Failed(_) => "",
        };
        let read = match lines {
            Reply::Done(rows) => {
                let lines: Option<Vec<_>> = rows.iter().map(|row| (kind.line)(row, self.options)).collect();
                lines.ok_or_else(|| "a line without a number or a quantity".to_owned())
            }
            Reply::Nok(nok) if nok.says_missing() || nok.is_one_of(&self.options.missing_orders) => {
                Ok(Vec::new())
            }
            Reply::Nok(nok) => Err(format!("LstLine: {}", nok.name())),
            Reply::Failed(error) => Err(error.to_string()),
        };
        let (standing, lines) = match (is_there, read) {
            (Standing::Usable, Err(why)) => (Standing::Unclear(why), Vec::new()),
            (standing, lines) => (standing, lines.unwrap_or_default()),
        };
        OrderStanding { standing, partner: partner.to_owned(), lines }
    }
}

fn purchase_line(row: &Row, options: &GoodsOptions) -> Option<OrderLineStanding> {
    let status: Option<u8> = row.get("PUSL").parse().ok();
    Some(OrderLineStanding {
        number: OrderLineNumber { line: row.get("PNLI").parse().ok()?, suffix: number(row.get("PNLS"))? },
        item: row.get("ITNO").to_owned(),
        warehouse: row.get("WHLO").to_owned(),
        ordered: quantity(row.get("ORQT"))?,
        moved: quantity(row.get("RVQT"))?,
        is_open: status.is_some_and(|status| status < options.receipt_ends_at),
        unit: row.get("PUUN").to_owned(),
    })
}

fn sales_line(row: &Row, options: &GoodsOptions) -> Option<OrderLineStanding> {
    let status: Option<u8> = row.get("ORST").parse().ok();
    let (from, until) = options.delivery_between;
    Some(OrderLineStanding {
        number: OrderLineNumber { line: row.get("PONR").parse().ok()?, suffix: number(row.get("POSX"))? },
        item: row.get("ITNO").to_owned(),
        warehouse: row.get("WHLO").to_owned(),
        ordered: quantity(row.get("ORQT"))?,
        moved: quantity(row.get("DLQT"))?,
        is_open: status.is_some_and(|status| (from..until).contains(&status)),
        unit: String::new(),
    })
}

/// M3 leaves empty what is zero.
fn number(text: &str) -> Option<u32> {
    if text.is_empty() { Some(0) } else { text.parse().ok() }
}

/// A quantity as M3 writes it; empty is zero.
fn quantity(text: &str) -> Option<Decimal> {
    if text.is_empty() { Some(Decimal::ZERO) } else { text.parse().ok() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{
        ItemFacts, ProductLine as _, Standing, Wanted,
        m3::{
            Options,
            script::{Input, Say, Scripted, company, done, row},
        },
    };

    fn answer(name: &str, input: &Input) -> Say {
        match name {
            "MMS200MI/GetItmBasic" => {
                row(json!({"ITNO": input["ITNO"], "STAT": "20", "UNMS": "PCS", "INDI": "3"}))
            }
            "MMS200MI/GetItmWhsBasic" => row(json!({"WHLO": "100", "ITNO": input["ITNO"]})),
            "PPS200MI/GetHead" if input["PUNO"] == "1" => row(json!({"PUNO": "1", "SUNO": "SUP01"})),
            "PPS200MI/LstLine" if input["PUNO"] == "1" => Say::Rows(vec![
                json!({"PNLI": "1", "ITNO": "A", "WHLO": "100", "ORQT": "10.5", "RVQT": "4", "PUSL": "50"}),
                json!({"PNLI": "2", "PNLS": "1", "ITNO": "A", "WHLO": "100", "ORQT": "3", "PUSL": "85"}),
            ]),
            "PPS200MI/GetHead" | "PPS200MI/LstLine" => Say::Nok("WPU0803", "PUNO"),
            "OIS100MI/GetHead" => row(json!({"ORNO": input["ORNO"], "CUNO": "C1"})),
            "OIS100MI/LstLine" if input["ORNO"] == "1" => Say::Rows(vec![
                json!({"PONR": "1", "POSX": "0", "ITNO": "A", "WHLO": "100", "ORQT": "2", "DLQT": "1", "ORST": "44"}),
                json!({"PONR": "2", "ITNO": "B", "WHLO": "100", "ORQT": "2", "ORST": "77"}),
            ]),
            "OIS100MI/LstLine" => row(json!({"PONR": "1", "ITNO": "A", "ORQT": "many", "ORST": "44"})),
            _ => done(),
        }
    }

    fn wanted() -> Wanted {
        let both = || ["1".to_owned(), "2".to_owned()].into();
        let items = [("100".to_owned(), "A".to_owned())].into();
        Wanted { items, purchase_orders: both(), orders: both(), ..Wanted::default() }
    }

    #[tokio::test]
    async fn orders_and_items_say_what_goods_need() {
        let m3 = Scripted::new(Options::default(), answer);
        let known = m3.m3.look_up(&company(), &wanted()).await.unwrap();
        assert_eq!(known.item_facts["A"], ItemFacts { unit: "PCS".into(), is_lot_controlled: true });
        let purchase = &known.purchase_orders["1"];
        assert_eq!((&purchase.standing, purchase.partner.as_str()), (&Standing::Usable, "SUP01"));
        let lines: Vec<_> = purchase
            .lines
            .iter()
            .map(|line| (line.number.line, line.number.suffix, line.open().to_string(), line.is_open))
            .collect();
        assert_eq!(lines, [(1, 0, "6.5".into(), true), (2, 1, "3".into(), false)]);
        assert_eq!(known.purchase_orders["2"].standing, Standing::Unknown);
        let order = &known.orders["1"];
        let open: Vec<_> = order.lines.iter().map(|line| line.is_open).collect();
        assert_eq!((order.partner.as_str(), open), ("C1", vec![true, false]));
        let strange = &known.orders["2"].standing;
        assert!(matches!(strange, Standing::Unclear(_)), "{strange:?}");
    }

    /// What is known of items is believed for a while; how orders stand is asked for each batch.
    #[tokio::test]
    async fn orders_are_read_anew_each_time_by_one_request_for_each_kind() {
        let m3 = Scripted::new(Options::default(), answer);
        let first = m3.m3.look_up(&company(), &wanted()).await.unwrap();
        let requests = m3.requests();
        assert_eq!(m3.m3.look_up(&company(), &wanted()).await.unwrap(), first);
        assert_eq!(m3.requests() - requests, 2);
    }
}
