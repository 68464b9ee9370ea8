//! Infor M3: customer orders by batch entry, customers from templates, through the v2 bulk endpoint only.
//!
//! M3's REST interface offers every transaction as GET too; nothing here uses that, because whatever retries
//! a GET would write twice and leave personal data in access logs.

mod bulk;
mod confirm;
mod customers;
mod find;
mod master_data;
mod orders;
mod outcome;
mod requests;
mod wire;

use std::time::Duration;

use async_trait::async_trait;
use domain::{Document, References};

pub use self::requests::DiscountAs;
use self::{bulk::Bulk, master_data::MasterData};
use crate::{
    CallError, Company, Confirmation, Found, Known, Outcome, Posting, ProductLine, Progress, Sought,
    Submitted, Wanted, ion::Gateway,
};

/// What a tenant's configuration decides about M3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// How discounts are written.
    pub discount: DiscountAs,
    /// How long master data found usable is believed. What is missing is asked for each time.
    pub master_data_for: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { discount: DiscountAs::default(), master_data_for: Duration::from_secs(600) }
    }
}

/// M3 of one tenant.
pub struct M3 {
    bulk: Bulk,
    master_data: MasterData,
    options: Options,
}

impl M3 {
    /// M3 behind a gateway.
    pub fn new(gateway: Gateway, options: Options) -> Self {
        Self { bulk: Bulk::new(gateway), master_data: MasterData::new(options.master_data_for), options }
    }
}

#[async_trait]
impl ProductLine for M3 {
    async fn look_up(&self, company: &Company, wanted: &Wanted) -> Result<Known, CallError> {
        self.master_data.look_up(&self.bulk, company, wanted).await
    }

    async fn post(&self, company: &Company, batch: &[Posting], progress: &dyn Progress) -> Vec<Outcome> {
        let (mut customers, mut orders) = (Vec::new(), Vec::new());
        for (index, posting) in batch.iter().enumerate() {
            match &posting.document {
                Document::Customer(customer) => {
                    customers.push((index, customer, posting.existing.as_deref()));
                }
                Document::SalesOrder(order) => orders.push((index, order, posting.begun.as_ref())),
                Document::PurchaseOrder(_) | Document::JournalEntry(_) => {}
            }
        }
        // Every place is filled below: a document is either a customer or an order.
        let mut outcomes = vec![Outcome::Abandoned; batch.len()];
        for (index, outcome) in customers::post(&self.bulk, company, &customers, progress.until()).await {
            if let Outcome::Posted(References { number: Some(number), .. }) = &outcome {
                self.master_data.remember_customer(company, number);
            }
            outcomes[index] = outcome;
        }
        let posting = orders::Posting {
            bulk: &self.bulk,
            company,
            options: self.options,
            progress,
            outcomes: Vec::new(),
        };
        for (index, outcome) in posting.run(&orders).await {
            outcomes[index] = outcome;
        }
        outcomes
    }

    async fn find(&self, company: &Company, sought: &[Sought]) -> Result<Vec<Found>, CallError> {
        find::find(&self.bulk, company, sought).await
    }

    async fn confirm(&self, company: &Company, batch: &[Submitted]) -> Result<Vec<Confirmation>, CallError> {
        confirm::confirm(&self.bulk, company, batch).await
    }
}
