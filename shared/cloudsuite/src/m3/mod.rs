//! Infor M3: customer orders and purchase orders by batch entry, journal entries by the general ledger's batch
//! interface, goods by its warehouse messages, customers from templates, amendments of orders that are there; through
//! the v2 bulk endpoint only.
//!
//! M3's REST interface offers every transaction as GET too; nothing here uses that, because whatever retries
//! a GET would write twice and leave personal data in access logs.

mod accounts;
mod amend;
mod bulk;
mod confirm;
mod customers;
mod find;
mod goods;
mod journal;
mod master_data;
mod options;
mod order_standing;
mod orders;
mod outcome;
mod purchase;
mod requests;
mod temporary;
mod text;
mod wire;

use async_trait::async_trait;
use domain::{Document, DocumentKind, References};

pub use self::goods::{GoodsOptions, IssueAs, MessageTypes};
pub use self::options::{
    AmountAs, Bulks, DiscountAs, JournalOptions, JournalProof, Missing, Options, OrderText, TextKey,
};
use self::{bulk::Bulk, master_data::MasterData};
use crate::{
    Amended, Amendment, CallError, Company, Confirmation, Found, Known, Outcome, Posting, ProductLine,
    Progress, Sought, Submitted, Wanted, ion::Gateway,
};

/// M3 of one tenant.
pub struct M3 {
    bulk: Bulk,
    master_data: MasterData,
    options: Options,
}

impl M3 {
    /// M3 behind a gateway.
    pub fn new(gateway: Gateway, options: Options) -> Self {
        Self { bulk: Bulk::new(gateway, options.bulks), master_data: MasterData::new(&options), options }
    }

    /// Remembers the customers that M3 took without complaint.
    fn remember(&self, company: &Company, posted: &[(usize, Outcome)]) {
        for (_, outcome) in posted {
            if let Outcome::Posted(References { number: Some(number), .. }) = outcome {
                self.master_data.remember_customer(company, number);
            }
        }
    }
}

#[async_trait]
impl ProductLine for M3 {
    async fn look_up(&self, company: &Company, wanted: &Wanted) -> Result<Known, CallError> {
        self.master_data.look_up(&self.bulk, company, &self.options.goods, wanted).await
    }

    async fn post(&self, company: &Company, batch: &[Posting], progress: &dyn Progress) -> Vec<Outcome> {
        let (mut customers, mut orders) = (Vec::new(), Vec::new());
        let (mut purchases, mut journals, mut goods) = (Vec::new(), Vec::new(), Vec::new());
        for (index, posting) in batch.iter().enumerate() {
            let begun = posting.begun.as_ref();
            match &posting.document {
                Document::Customer(customer) => {
                    customers.push((index, customer, posting.existing.as_deref()));
                }
                Document::SalesOrder(order) => orders.push((index, order, begun)),
                Document::PurchaseOrder(order) => purchases.push((index, order, begun)),
                Document::JournalEntry(entry) => journals.push((index, entry, begun)),
                document @ (Document::InventoryIssue(_) | Document::GoodsReceipt(_)) => {
                    goods.push((index, document, begun));
                }
            }
        }
        let (bulk, options, outcomes) = (&self.bulk, &self.options, Vec::new);
        let customers = customers::post(bulk, company, &customers, progress.until()).await;
        self.remember(company, &customers);
        let posting = orders::Posting { bulk, company, options, progress, outcomes: outcomes() };
        let orders = posting.run(&orders).await;
        let posting = purchase::Posting { bulk, company, progress, outcomes: outcomes() };
        let purchases = posting.run(&purchases).await;
        let journal = &options.journal;
        let posting = journal::Posting { bulk, company, options: journal, progress, outcomes: outcomes() };
        let journals = posting.run(&journals).await;
        let options = &options.goods;
        let posting = goods::Posting { bulk, company, options, progress, outcomes: outcomes() };
        let goods = posting.run(&goods).await;
        // Every place is filled: each document is of one of these kinds.
        let mut outcomes = vec![Outcome::Abandoned; batch.len()];
        for (index, outcome) in
            customers.into_iter().chain(orders).chain(purchases).chain(journals).chain(goods)
        {
            outcomes[index] = outcome;
        }
        outcomes
    }

    async fn find(&self, company: &Company, sought: &[Sought]) -> Result<Vec<Found>, CallError> {
        let (bulk, options, proof) = (&self.bulk, &self.options, self.options.journal.proof);
        let of = |kind| sought.iter().filter(move |one| one.document == kind).collect::<Vec<_>>();
        let mut customers =
            find::customers(bulk, company, options, &of(DocumentKind::Customer)).await?.into_iter();
        let mut orders =
            find::orders(bulk, company, options, &of(DocumentKind::SalesOrder)).await?.into_iter();
        let mut purchases =
            purchase::find(bulk, company, &of(DocumentKind::PurchaseOrder)).await?.into_iter();
        let journals = of(DocumentKind::JournalEntry);
        let mut journals = journal::find(bulk, company, proof, &journals).await?.into_iter();
        let goods: Vec<_> = sought.iter().filter(|one| one.document.is_of_goods()).collect();
        let mut goods = goods::find(bulk, company, &self.options.goods, &goods).await?.into_iter();
        let found = sought.iter().map(|one| match one.document {
            DocumentKind::Customer => customers.next(),
            DocumentKind::SalesOrder => orders.next(),
            DocumentKind::PurchaseOrder => purchases.next(),
            DocumentKind::JournalEntry => journals.next(),
            DocumentKind::InventoryIssue | DocumentKind::GoodsReceipt => goods.next(),
        });
        let unanswered = || Found::Unclear("it was not looked for".to_owned());
        Ok(found.map(|found| found.unwrap_or_else(unanswered)).collect())
    }

    async fn confirm(&self, company: &Company, batch: &[Submitted]) -> Result<Vec<Confirmation>, CallError> {
        let (bulk, options, proof) = (&self.bulk, &self.options, self.options.journal.proof);
        let of = |kind| batch.iter().filter(move |one| one.document == kind).collect::<Vec<_>>();
        let mut orders =
            confirm::confirm(bulk, company, options, &of(DocumentKind::SalesOrder)).await?.into_iter();
        let purchases = of(DocumentKind::PurchaseOrder);
        let mut purchases = purchase::confirm(bulk, company, &purchases).await?.into_iter();
        let journals = of(DocumentKind::JournalEntry);
        let mut journals = journal::confirm(bulk, company, proof, &journals).await?.into_iter();
        let goods: Vec<_> = batch.iter().filter(|one| one.document.is_of_goods()).collect();
        let mut goods = goods::confirm(bulk, company, &self.options.goods, &goods).await?.into_iter();
        let confirmed = batch.iter().map(|one| match one.document {
            // M3's answer to a customer leaves nothing to confirm.
            DocumentKind::Customer => one.references.number.clone().map(Confirmation::Confirmed),
            DocumentKind::SalesOrder => orders.next(),
            DocumentKind::PurchaseOrder => purchases.next(),
            DocumentKind::JournalEntry => journals.next(),
            DocumentKind::InventoryIssue | DocumentKind::GoodsReceipt => goods.next(),
        });
        let unanswered = || Confirmation::Pending("it was not asked for".to_owned());
        Ok(confirmed.map(|one| one.unwrap_or_else(unanswered)).collect())
    }

    async fn amend(&self, company: &Company, batch: &[Amendment], progress: &dyn Progress) -> Vec<Amended> {
        amend::amend(&self.bulk, company, &self.options, batch, progress).await
    }
}

#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod options_tests;
#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod script;
