//! A small M3 that keeps customer orders, for tests.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use domain::SalesOrder;
use serde_json::{Value, json};

use crate::m3::{
    Options,
    requests::line_fields,
    script::{Input, Say, Scripted, done, row},
};

/// The orders of a small M3 by their numbers.
pub(super) type Orders = Arc<Mutex<BTreeMap<String, Kept>>>;

#[derive(Clone)]
pub(super) struct Kept {
    pub(super) head: Value,
    pub(super) lines: Vec<Value>,
    address: Value,
    pub(super) text: String,
    charges: Vec<Value>,
}

fn set(record: &mut Value, input: &Input, fields: &[&str]) {
    for field in fields {
        if let Some(value) = input.get(*field) {
            record[*field] = json!(value);
        }
    }
}

impl Kept {
    /// What M3 has after an order was entered and confirmed.
    fn of(order: &SalesOrder) -> Self {
        let line = |(number, line): (u32, &domain::OrderLine)| {
            let fields = line_fields(order, "", number, line, &Options::default());
            let fields: Input = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            let mut record =
                json!({"PONR": number.to_string(), "POSX": "0", "ORST": "22", "ORQA": fields["ORQT"]});
            set(&mut record, &fields, &["ITNO", "ORQT", "ALUN", "WHLO", "SAPR", "DIA1", "CUPO"]);
            record
        };
        Self {
            head: json!({
                "CUNO": order.customer, "ORTP": order.order_type, "CUOR": order.reference, "OREF": order.source_name,
                "CUCD": "EUR", "ORDT": "20261120", "ORSL": "22", "ORST": "22"
            }),
            lines: (1..).zip(&order.lines).map(line).collect(),
            address: json!({"CUNM": "Ada Lovelace", "CUA1": "Unter den Linden 6", "PONO": "10117", "TOWN": "Berlin",
                "CSCD": "DE"}),
            text: order.note.expose().clone(),
            charges: vec![json!({"CRID": "FRT", "CRAM": "4.90"}), json!({"CRID": "INV", "CRAM": "1.00"})],
        }
    }

    fn answer(&mut self, name: &str, input: &Input) -> Say {
        let number = input.get("PONR").cloned().unwrap_or_default();
        let next = (self.lines.len() + 1).to_string();
        let line = self.lines.iter_mut().find(|line| line["PONR"] == number.as_str());
        match name {
            "GetHead" => return row(self.head.clone()),
            "LstLine" => return Say::Rows(self.lines.clone()),
            "GetAddress" => return row(self.address.clone()),
            "LstHeadText" => {
                let pieces: Vec<_> =
                    self.text.split_inclusive(' ').map(|text| json!({"TX60": text})).collect();
                return Say::Rows(pieces);
            }
            "LstConnCOCharge" => return Say::Rows(self.charges.clone()),
            "AddLineBatchEnt" => {
                let mut record = json!({"PONR": next, "POSX": "0", "ORST": "22", "ORQA": input["ORQT"]});
                set(&mut record, input, &["ITNO", "ORQT", "ALUN", "WHLO", "SAPR", "DIA1", "CUPO"]);
                self.lines.push(record);
                return row(json!({"PONR": next, "STAT": "22"}));
            }
            "ChgLineBatchEnt" => {
                let line = line.unwrap();
                line["ORQT"] = json!(input["ORQA"]);
                line["ORQA"] = json!(input["ORQA"]);
            }
            "UpdPriceInfo" => set(line.unwrap(), input, &["SAPR", "DIA1"]),
            "ChgWarehouse" => set(line.unwrap(), input, &["WHLO"]),
            "DelLineBatchEnt" | "DelLine" => self.lines.retain(|line| line["PONR"] != number.as_str()),
            "ChgOrderRef" => set(&mut self.head, input, &["OREF"]),
            "AddText" => self.text = input["TEXT"].clone(),
            "UpdConnCOCharge" => set(&mut self.charges[0], input, &["CRAM"]),
            "AddConnCOCharge" => self.charges.push(json!({"CRID": input["CRID"], "CRAM": input["CRAM"]})),
            "DelConnCOCharge" => self.charges.retain(|charge| charge["CRID"] != input["CRID"].as_str()),
            other => panic!("{other}"),
        }
        done()
    }
}

/// A small M3 with one order for each document, of which each transaction may be answered otherwise.
pub(super) fn m3_with(
    orders: &[SalesOrder],
    mut otherwise: impl FnMut(&str, &Input) -> Option<Say> + Send + 'static,
) -> (Scripted, Orders) {
    let number = |order: &SalesOrder| format!("0001{}", &order.source_name[1..]);
    let kept: BTreeMap<_, _> = orders.iter().map(|order| (number(order), Kept::of(order))).collect();
    let orders = Arc::new(Mutex::new(kept));
    let shared = orders.clone();
    let answer = move |name: &str, input: &Input| {
        let name = name.split_once('/').unwrap().1;
        let number =
            input.get("ORNO").map(String::as_str).or_else(|| input.get("KFLD").map(|key| &key[3..])).unwrap();
        let mut orders = shared.lock().unwrap();
        if name == "DelHead" {
            return orders.remove(number).map_or(Say::Nok("WOR0303", "ORNO"), |_| done());
        }
        orders.get_mut(number).map_or(Say::Nok("WOR0303", "ORNO"), |order| order.answer(name, input))
    };
    let m3 = Scripted::new(Options::default(), move |name, input| match otherwise(name, input) {
        Some(Say::Lose) => {
            answer(name, input);
            Say::Lose
        }
        Some(said) => said,
        None => answer(name, input),
    });
    (m3, orders)
}

pub(super) fn m3(order: &SalesOrder) -> (Scripted, Orders) {
    m3_with(std::slice::from_ref(order), |_, _| None)
}
