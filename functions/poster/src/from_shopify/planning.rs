//! What a delivery of Shopify's is to become: a plan for each kind of event.

use domain::{Finding, FindingCode, Kind, RecordKey, State};
use ledger::LedgerError;
use mapping::{
    Plan, Refunds, plan_company, plan_company_location, plan_customer, plan_journal, plan_order, plan_refund,
};
use shopify::{Event, Order, Refund, Subject, Topic};
use tenants::Tenant;

use crate::{Poster, planning::Work};

impl Poster {
    /// What is to be done for a body of one of Shopify's topics, for this record.
    pub(crate) async fn plan_from_shopify(
        &self,
        tenant: &Tenant,
        key: &RecordKey,
        topic: &str,
        bytes: &[u8],
    ) -> Result<Work, LedgerError> {
        let Some(topic) = Topic::parse(topic) else {
            return Ok(Work::Plan(Plan::Reject(vec![unknown_topic(topic)])));
        };
        match read(topic, bytes) {
            Ok(event) => self.work(tenant, key, topic, event).await,
            Err(finding) => Ok(Work::Plan(Plan::Reject(vec![finding]))),
        }
    }

    async fn work(
        &self,
        tenant: &Tenant,
        key: &RecordKey,
        topic: Topic,
        event: Event,
    ) -> Result<Work, LedgerError> {
        let mapping = &tenant.mapping;
        let skip = |reason: &str| Work::Plan(Plan::Skip(reason.to_owned()));
        Ok(match event {
            Event::Order(order) if key.kind == Kind::Journal => self.journal(tenant, key, &order).await?,
            Event::Order(order) => order_work(tenant, key, &order),
            Event::OrderEdit(edit) => Work::Fetch(edit.order_id),
            Event::OrderDelete { .. } => Work::Cancel("the order was deleted in Shopify".to_owned()),
            Event::Refund(refund) => self.refund(tenant, key, &refund).await?,
            Event::Customer { customer, .. } => Work::Plan(plan_customer(mapping, key, &customer)),
            Event::CustomerDelete { .. } => skip("deleted in Shopify: CloudSuite keeps its customers"),
            Event::CustomerMerge(_) => skip("merged in Shopify: CloudSuite keeps both customers"),
            Event::Company(company) => Work::Plan(plan_company(mapping, &company)),
            Event::CompanyLocation(location) => Work::Plan(plan_company_location(mapping, key, &location)),
            Event::CompanyContact(_) => skip("a firm's contacts are of no interest to CloudSuite"),
            Event::DraftOrder { .. } => skip(topic.ignored_because().unwrap_or("a draft order")),
            Event::AppUninstalled(_)
            | Event::CustomersDataRequest(_)
            | Event::CustomersRedact(_)
            | Event::ShopRedact(_) => skip("it asks nothing of CloudSuite"),
        })
    }

    /// The journal entry of an order's allocations is posted once CloudSuite has the order.
    async fn journal(&self, tenant: &Tenant, key: &RecordKey, order: &Order) -> Result<Work, LedgerError> {
        let of_order = RecordKey { kind: Kind::Order, ..key.clone() };
        Ok(match self.standing(&of_order).await? {
            Standing::There => Work::Plan(plan_journal(&tenant.mapping, key, order)),
            Standing::NotYet(why) => Work::Wait(why),
            Standing::Never(why) => Work::Plan(Plan::Skip(why)),
        })
    }

    /// A refund says nothing of where the order's lines were booked: the order itself does.
    async fn refund(&self, tenant: &Tenant, key: &RecordKey, refund: &Refund) -> Result<Work, LedgerError> {
        if tenant.mapping.journal.refunds == Refunds::Note {
            return Ok(Work::Plan(Plan::Skip(
                "noted: the mapping makes no journal entry of refunds".to_owned(),
            )));
        }
        let Some(order_id) = refund.order_id else {
            return Ok(Work::Plan(Plan::Reject(vec![nameless()])));
        };
        let of_order = RecordKey { kind: Kind::Order, id: order_id.into(), ..key.clone() };
        match self.standing(&of_order).await? {
            Standing::There => {}
            Standing::NotYet(why) => return Ok(Work::Wait(why)),
            Standing::Never(why) => return Ok(Work::Plan(Plan::Skip(why))),
        }
        Ok(match self.archived_order(&of_order).await? {
            Some(order) => Work::Plan(plan_refund(&tenant.mapping, key, &order, refund)),
            None => Work::Plan(Plan::Reject(vec![not_kept(&of_order)])),
        })
    }

    /// How the record stands on which another one depends.
    async fn standing(&self, key: &RecordKey) -> Result<Standing, LedgerError> {
        let Some(record) = self.ledger.record(key).await? else {
            return Ok(Standing::NotYet(format!("{key} was not heard of yet")));
        };
        Ok(match record.state {
            State::Posted | State::Confirmed | State::NeedsReview { .. } => Standing::There,
            State::Skipped { reason } => Standing::Never(format!("its order was not posted: {reason}")),
            State::Cancelled => Standing::Never("its order was cancelled".to_owned()),
            state => Standing::NotYet(format!("{key} is {}", state.word())),
        })
    }

    /// The order that a record was last made of, if it is still kept.
    async fn archived_order(&self, key: &RecordKey) -> Result<Option<Order>, LedgerError> {
        let Some(record) = self.ledger.record(key).await? else { return Ok(None) };
        let payload = self.ledger.payload(key, &record.body).await?;
        let bytes =
            payload.and_then(|payload| platform::Body::from_compressed(payload.compressed).bytes().ok());
        Ok(bytes.and_then(|bytes| shopify::parse_order(&bytes).ok()))
    }
}

/// How a record stands on which another one depends.
enum Standing {
    There,
    NotYet(String),
    Never(String),
}

/// What a whole order is to become.
pub(crate) fn order_work(tenant: &Tenant, key: &RecordKey, order: &Order) -> Work {
    match plan_order(&tenant.mapping, key, order) {
        Plan::Skip(reason) if order.is_cancelled() || has_nothing_left(order) => Work::Cancel(reason),
        plan => Work::Plan(plan),
    }
}

fn has_nothing_left(order: &Order) -> bool {
    !order.line_items.is_empty() && order.line_items.iter().all(|line| order.quantity_sold(line) == Some(0))
}

/// An order that was peeked at before need not be looked through twice.
fn read(topic: Topic, bytes: &[u8]) -> Result<Event, Finding> {
    let event = if topic.subject() == Subject::Order {
        shopify::parse_order(bytes).map(|order| Event::Order(Box::new(order)))
    } else {
        shopify::parse(topic, bytes)
    };
    event.map_err(|error| error.finding())
}

fn unknown_topic(topic: &str) -> Finding {
    let help = "delete the message: the webhook lets no delivery of this topic through";
    Finding::new(
        FindingCode::UnreadablePayload,
        "topic",
        format!("'{topic}' is no topic that is known"),
        help,
    )
}

fn nameless() -> Finding {
    let help = "enter the refund by hand: Shopify does not say which order it is of";
    Finding::new(FindingCode::MissingField, "order_id", "the refund names no order", help)
}

fn not_kept(order: &RecordKey) -> Finding {
    let help = "enter the refund by hand, or look for the order again (ops shopify backfill) and redrive";
    Finding::new(
        FindingCode::MissingField,
        "order_id",
        format!("the payload of {order} is no longer kept"),
        help,
    )
}
