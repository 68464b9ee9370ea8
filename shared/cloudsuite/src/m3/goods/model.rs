//! A small M3 that takes messages of goods, for tests: what was begun, and what was processed.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use domain::{Document, DocumentKind, RecordKey, Reference, References};
use serde_json::{Value, json};

use crate::{
    Begun, Found, Posting, ProductLine as _, Sought, Submitted,
    m3::{
        GoodsOptions, Options,
        script::{Input, Say, Scripted, company, done, row},
    },
};

/// A message: its external number, its status, and what was written of its lines.
pub(super) struct Message {
    pub(super) external: String,
    pub(super) status: &'static str,
    pub(super) lines: Vec<Input>,
}

/// Messages by program and number.
#[derive(Default)]
pub(super) struct Model {
    pub(super) messages: BTreeMap<(String, String), Message>,
    given: u32,
}

pub(super) type Shared = Arc<Mutex<Model>>;

impl Model {
    pub(super) fn answer(&mut self, name: &str, input: &Input) -> Say {
        let (program, name) = name.split_once('/').unwrap();
        let field = if program == "MMS850MI" { "MSNR" } else { "MSGN" };
        let key = |number: &str| (program.to_owned(), number.to_owned());
        let number = input.get(field).cloned().unwrap_or_default();
        let known = self.messages.get_mut(&key(&number));
        match (name, known) {
            ("AddAdjust" | "AddDO" | "AddCOPick" | "AddPOReceipt", None) if number.is_empty() => {
                self.given += 1;
                let number = format!("{:010}", self.given);
                let external = input["PMSN"].clone();
                let message = Message { external, status: "10", lines: vec![input.clone()] };
                self.messages.insert(key(&number), message);
                row(json!({field: number}))
            }
            ("AddAdjust" | "AddDO" | "AddCOPick" | "AddPOReceipt", Some(message))
                if message.status == "10" =>
            {
                message.lines.push(input.clone());
                row(json!({field: number}))
            }
            ("PrcStkTran" | "PrcWhsTran", Some(message)) if message.status == "10" => {
                message.status = "90";
                done()
            }
            ("DeleteStkTran" | "DeleteWhsTran", Some(message)) if message.status == "10" => {
                self.messages.remove(&key(&number));
                done()
            }
            ("LstMvxMsg", _) => {
                let ours = self.messages.iter().filter(|((which, _), message)| {
                    which == program && message.external == input["PMSN"] && input["E0PB"] == "M3"
                });
                Say::Rows(
                    ours.map(|((_, number), message)| json!({"MSGN": number, "STAT": message.status}))
                        .collect(),
                )
            }
            ("GetStkHead" | "GetWhsHead", Some(message)) => {
                row(json!({field: number, "PMSN": message.external, "STAT": message.status}))
            }
            ("LstWhsLine", Some(message)) => Say::Rows(message.listed()),
            ("GetStkIns", Some(message)) => row(json!({"MSLN": input["MSLN"], "STAT": message.status})),
            (_, Some(_)) => Say::Nok("MH85009", field),
            (_, None) => Say::Nok("WMS3803", field),
        }
    }

    /// The messages of an external number: status and lines.
    pub(super) fn of(&self, external: &str) -> Vec<(&'static str, usize)> {
        let ours = self.messages.values().filter(|message| message.external == external);
        ours.map(|message| (message.status, message.lines.len())).collect()
    }
}

impl Message {
    fn listed(&self) -> Vec<Value> {
        let line = |line: &Input| json!({"STAT": self.status, "ITNO": line["ITNO"], "USD5": line["USD5"]});
        self.lines.iter().map(line).collect()
    }
}

/// M3 by the model, unless the test says otherwise.
pub(super) fn m3(
    goods: GoodsOptions,
    mut otherwise: impl FnMut(&str, &Input) -> Option<Say> + Send + 'static,
) -> (Scripted, Shared) {
    let model = Shared::default();
    let shared = model.clone();
    let options = Options { goods, ..Options::default() };
    let m3 = Scripted::new(options, move |name, input| {
        let said = otherwise(name, input);
        if let Some(said @ (Say::Rows(_) | Say::Nok(..) | Say::Stop)) = said {
            return said;
        }
        // What is lost was processed all the same.
        let answer = shared.lock().unwrap().answer(name, input);
        said.unwrap_or(answer)
    });
    (m3, model)
}

pub(super) fn posting(key: RecordKey, document: Document, begun: Option<Begun>) -> Posting {
    Posting { key, document, existing: None, begun }
}

pub(super) async fn find(m3: &Scripted, key: &RecordKey, kept: Option<&str>) -> Found {
    let sought = Sought {
        key: key.clone(),
        document: DocumentKind::usual(key.kind),
        reference: Reference::of(key),
        customer: String::new(),
        references: References { temporary: kept.map(str::to_owned), number: None },
        message_number: Reference::message_number_of(key, 1),
    };
    m3.m3.find(&company(), &[sought]).await.unwrap().remove(0)
}

pub(super) fn submitted(key: &RecordKey, temporary: &str, lines: u32) -> Submitted {
    Submitted {
        key: key.clone(),
        document: DocumentKind::usual(key.kind),
        references: References { temporary: Some(temporary.to_owned()), number: None },
        lines: Some(lines),
        message_number: Reference::message_number_of(key, 1),
    }
}
