//! Master data look-ups: what M3 knows of items, warehouses, facilities, order types, templates, customers, accounts,
//! and how orders stand that goods are moved for.
//!
//! What is usable is believed for a while; what is not is asked for each time, so that a correction in M3
//! takes effect at once.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
};

use moka::sync::Cache;

use super::{
    GoodsOptions,
    accounts::Accounts,
    bulk::Bulk,
    options::{Missing, Options},
    order_standing::{Orders, PURCHASE_ORDERS, SALES_ORDERS},
    outcome::{Reply, standing},
    wire::{Row, Transaction},
};
use crate::{CallError, Company, ItemFacts, Known, Standing, Wanted};

/// How many usable master records are remembered.
const REMEMBERED: u64 = 50_000;

/// The kind under which customers are remembered.
const CUSTOMER: &str = "customer";

/// A master record: its company, kind and key.
type Key = (Company, &'static str, String);

pub(super) struct MasterData {
    usable: Cache<Key, ()>,
    /// Items that are usable, by their numbers.
    items: Cache<(Company, String), ItemFacts>,
    accounts: Accounts,
    /// The statuses of items that may be moved or ordered.
    released: RangeInclusive<u8>,
    missing: Missing,
}

/// One look-up: the key it answers, the program, the transaction and the rule that reads the answer.
struct Question<'a> {
    kind: &'static str,
    key: String,
    transaction: Transaction,
    missing: &'a [String],
    /// The statuses in which it can be used; nothing where it has none that matters.
    statuses: Option<RangeInclusive<u8>>,
}

impl MasterData {
    pub(super) fn new(options: &Options) -> Self {
        let believed_for = options.master_data_for;
        let usable = Cache::builder().max_capacity(REMEMBERED).time_to_live(believed_for).build();
        let items = Cache::builder().max_capacity(REMEMBERED).time_to_live(believed_for).build();
        let (released, missing) = (options.items.clone(), options.missing.clone());
        Self { usable, items, accounts: Accounts::new(believed_for), released, missing }
    }

    /// Remembers a customer that M3 has just created or changed without complaint: it may order.
    pub(super) fn remember_customer(&self, company: &Company, number: &str) {
        self.usable.insert((company.clone(), CUSTOMER, number.to_owned()), ());
    }

    /// Answers everything wanted, from memory where it can.
    pub(super) async fn look_up(
        &self,
        bulk: &Bulk,
        company: &Company,
        options: &GoodsOptions,
        wanted: &Wanted,
    ) -> Result<Known, CallError> {
        let orders = Orders { bulk, company, options };
        let (items, item_facts) = self.items(bulk, company, &wanted.items).await?;
        let warehouses = wanted.warehouses.iter().map(|key| self.ask_warehouse(key)).collect();
        let facilities = wanted.facilities.iter().map(|key| self.ask_facility(company, key)).collect();
        let customers = wanted.customers.iter().map(|key| self.ask_customer(company, key)).collect();
        Ok(Known {
            items,
            item_facts,
            warehouses: self.ask(bulk, company, "MMS005MI", warehouses).await?,
            facilities: self.ask(bulk, company, "CRS008MI", facilities).await?,
            customers: self.ask(bulk, company, "CRS610MI", customers).await?,
            order_types: self.listed(bulk, company, &ORDER_TYPES, &wanted.order_types).await?,
            templates: self.listed(bulk, company, &TEMPLATES, &wanted.templates).await?,
            // M3's interface has no transaction that reads a supplier (no CRS620MI): M3 judges it when it checks
            // the order.
            suppliers: wanted.suppliers.iter().map(|key| (key.clone(), Standing::LeftToCloudSuite)).collect(),
            accounts: self.accounts.look_up(bulk, company, &wanted.accounts).await?,
            purchase_orders: orders.read(&PURCHASE_ORDERS, &wanted.purchase_orders).await?,
            orders: orders.read(&SALES_ORDERS, &wanted.orders).await?,
        })
    }

    /// Items: the basic record first, then, of those that are there, the record in the warehouse.
    async fn items(
        &self,
        bulk: &Bulk,
        company: &Company,
        wanted: &BTreeSet<(String, String)>,
    ) -> Result<(BTreeMap<(String, String), Standing>, BTreeMap<String, ItemFacts>), CallError> {
        let numbers: BTreeSet<_> = wanted.iter().map(|(_, item)| item).collect();
        let (basic, facts) = self.basic_items(bulk, company, &numbers).await?;
        let is_there = |item: &String| basic.get(item) == Some(&Standing::Usable);
        let kept = wanted.iter().filter(|(_, item)| is_there(item));
        let kept =
            kept.map(|(warehouse, item)| self.ask_item_in_warehouse(company, warehouse, item)).collect();
        let kept = self.ask(bulk, company, "MMS200MI", kept).await?;
        let not_kept = || Standing::NotUsable("the item is not kept there (MMS002)".into());
        let of = |(warehouse, item): &(String, String)| match basic.get(item) {
            Some(Standing::Usable) => match kept.get(&item_in_warehouse(warehouse, item)) {
                Some(Standing::Unknown) => Some(not_kept()),
                other => other.cloned(),
            },
            other => other.cloned(),
        };
        let unclear = || Standing::Unclear("no answer".into());
        Ok((wanted.iter().map(|pair| (pair.clone(), of(pair).unwrap_or_else(unclear))).collect(), facts))
    }

    /// The basic records of items, and what they say of those that are usable.
    async fn basic_items(
        &self,
        bulk: &Bulk,
        company: &Company,
        numbers: &BTreeSet<&String>,
    ) -> Result<(BTreeMap<String, Standing>, BTreeMap<String, ItemFacts>), CallError> {
        let key = |item: &String| (company.clone(), item.clone());
        let known = numbers.iter().filter_map(|&item| Some((item.clone(), self.items.get(&key(item))?)));
        let mut facts: BTreeMap<_, _> = known.collect();
        let open: Vec<_> = numbers.iter().filter(|&&item| !facts.contains_key(item)).collect();
        let asked = open.iter().map(|item| ask_item(company, item)).collect();
        let replies = bulk.read(company, "MMS200MI", asked).await?;
        let mut standings: BTreeMap<_, _> =
            facts.keys().map(|item| (item.clone(), Standing::Usable)).collect();
        for (&&item, reply) in open.iter().zip(&replies) {
            let usable = |row: &Row| not_usable(row, Some(&self.released));
            let standing = standing(reply, &self.missing.item, usable);
            if let (Standing::Usable, Reply::Done(rows)) = (&standing, reply) {
                for row in rows.iter().take(1) {
                    self.items.insert(key(item), item_facts(row));
                    facts.insert(item.clone(), item_facts(row));
                }
            }
            standings.insert(item.clone(), standing);
        }
        Ok((standings, facts))
    }

    /// Asks one question for each key that is not remembered as usable.
    async fn ask(
        &self,
        bulk: &Bulk,
        company: &Company,
        program: &'static str,
        questions: Vec<Question<'_>>,
    ) -> Result<BTreeMap<String, Standing>, CallError> {
        let remembered =
            |q: &Question<'_>| self.usable.contains_key(&(company.clone(), q.kind, q.key.clone()));
        let (known, open): (Vec<_>, Vec<_>) = questions.into_iter().partition(remembered);
        let transactions = open.iter().map(|question| question.transaction.clone()).collect();
        let replies = bulk.read(company, program, transactions).await?;
        let answered = open.into_iter().zip(&replies).map(|(question, reply)| {
            let standing =
                standing(reply, question.missing, |row| not_usable(row, question.statuses.as_ref()));
            if standing == Standing::Usable {
                self.usable.insert((company.clone(), question.kind, question.key.clone()), ());
            }
            (question.key, standing)
        });
        let answered: BTreeMap<_, _> = answered.collect();
        Ok(known.into_iter().map(|question| (question.key, Standing::Usable)).chain(answered).collect())
    }

    /// Looks keys up in a list that M3 gives whole: no message id for a missing key is published.
    async fn listed(
        &self,
        bulk: &Bulk,
        company: &Company,
        list: &List,
        wanted: &BTreeSet<String>,
    ) -> Result<BTreeMap<String, Standing>, CallError> {
        let key = |name: &String| (company.clone(), list.kind, name.clone());
        if wanted.iter().all(|name| self.usable.contains_key(&key(name))) {
            return Ok(wanted.iter().map(|name| (name.clone(), Standing::Usable)).collect());
        }
        let request =
            Transaction::new(list.transaction, [("CONO", company.number.to_string())], list.columns);
        let replies = bulk.read(company, list.program, vec![request]).await?;
        let rows = match replies.first() {
            Some(Reply::Done(rows)) => rows,
            Some(Reply::Nok(nok)) => return Ok(all_unclear(wanted, nok.name())),
            _ => return Ok(all_unclear(wanted, "no answer")),
        };
        let listed: BTreeSet<_> = rows.iter().map(|row| row.get(list.columns[0])).collect();
        let stand = |name: &String| {
            if listed.contains(name.as_str()) {
                self.usable.insert(key(name), ());
                Standing::Usable
            } else {
                Standing::Unknown
            }
        };
        Ok(wanted.iter().map(|name| (name.clone(), stand(name))).collect())
    }

    /// MMS005MI has no CONO field here: the envelope's holds.
    fn ask_warehouse(&self, key: &str) -> Question<'_> {
        let transaction = Transaction::new("GetWarehouse", [("WHLO", key.to_owned())], &["WHLO", "FACI"]);
        let missing = &self.missing.warehouse;
        Question { kind: "warehouse", key: key.into(), transaction, missing, statuses: None }
    }

    fn ask_facility(&self, company: &Company, key: &str) -> Question<'_> {
        let fields = [("CONO", company.number.to_string()), ("FACI", key.to_owned())];
        let transaction = Transaction::new("Get", fields, &["FACI"]);
        let missing = &self.missing.facility;
        Question { kind: "facility", key: key.into(), transaction, missing, statuses: None }
    }

    /// A customer may order in status 20 (Infor documentation, CRS610).
    fn ask_customer(&self, company: &Company, key: &str) -> Question<'_> {
        let fields = [("CONO", company.number.to_string()), ("CUNO", key.to_owned())];
        let transaction = Transaction::new("GetBasicData", fields, &["CUNO", "STAT"]);
        let missing = &self.missing.customer;
        Question { kind: CUSTOMER, key: key.into(), transaction, missing, statuses: Some(20..=20) }
    }

    fn ask_item_in_warehouse(&self, company: &Company, warehouse: &str, item: &str) -> Question<'_> {
        let fields =
            [("CONO", company.number.to_string()), ("WHLO", warehouse.to_owned()), ("ITNO", item.to_owned())];
        let transaction = Transaction::new("GetItmWhsBasic", fields, &["WHLO", "ITNO"]);
        let (key, missing) = (item_in_warehouse(warehouse, item), &self.missing.item_in_warehouse);
        Question { kind: "item in warehouse", key, transaction, missing, statuses: None }
    }
}

/// A list of master records that M3 gives whole; the first column is the key.
struct List {
    kind: &'static str,
    program: &'static str,
    transaction: &'static str,
    columns: &'static [&'static str],
}

const ORDER_TYPES: List =
    List { kind: "order type", program: "OIS100MI", transaction: "LstOrderTypes", columns: &["ORTP"] };
const TEMPLATES: List =
    List { kind: "template", program: "CRS610MI", transaction: "LstTemplates", columns: &["CUNO"] };

fn all_unclear(wanted: &BTreeSet<String>, why: &str) -> BTreeMap<String, Standing> {
    wanted.iter().map(|name| (name.clone(), Standing::Unclear(why.to_owned()))).collect()
}

/// Why a record cannot be used, if its status (STAT) is not one of those that can. What is no number is not.
fn not_usable(row: &Row, statuses: Option<&RangeInclusive<u8>>) -> Option<String> {
    let (statuses, status) = (statuses?, row.get("STAT"));
    let is_one = status.parse().is_ok_and(|status| statuses.contains(&status));
    (!is_one).then(|| format!("status {status}"))
}

fn ask_item(company: &Company, key: &str) -> Transaction {
    let fields = [("CONO", company.number.to_string()), ("ITNO", key.to_owned())];
    Transaction::new("GetItmBasic", fields, &["ITNO", "STAT", "UNMS", "INDI"])
}

/// An item is kept by lots unless its lot control method (INDI) is 0 (Infor documentation, MMS001).
fn item_facts(row: &Row) -> ItemFacts {
    ItemFacts {
        unit: row.get("UNMS").to_owned(),
        is_lot_controlled: row.required("INDI").is_some_and(|method| method != "0"),
    }
}

fn item_in_warehouse(warehouse: &str, item: &str) -> String {
    format!("{warehouse}/{item}")
}
