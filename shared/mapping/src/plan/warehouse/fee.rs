//! ShipBob's fees: a journal entry for each, by the day on which it was charged.

use domain::{Document, Finding, FindingCode, JournalEntry, JournalLine, Money, RecordKey, Reference};
use rust_decimal::Decimal;
use shipbob::{Transaction, TransactionType};

use crate::{
    GlKind, Mapping,
    plan::{
        Plan,
        accounts::{Rules, Subject, parts, string},
    },
};

/// How many characters M3's voucher text holds (VTXT).
const LONGEST_TEXT: usize = 40;

/// Plans the journal entry of a fee: to the accounts of the rules (debit), from what is owed to ShipBob (credit). What
/// ShipBob gives back has the signs turned, in the period in which it gave it. Taxes are booked apart, by their own
/// rules; where the mapping says that amounts contain them, they are taken out first.
pub fn plan_fee(mapping: &Mapping, key: &RecordKey, transaction: &Transaction) -> Plan {
    let fees = &mapping.shipbob.fees;
    if !fees.journal {
        return Plan::Skip("the mapping makes no journal entries of ShipBob's fees".to_owned());
    }
    if let Some(kind @ (TransactionType::Payment | TransactionType::BalanceAdjustment)) =
        &transaction.transaction_type
    {
        return Plan::Skip(format!("{}: it is no fee, but a matter of the balance", kind.as_str()));
    }
    match Booking::new(mapping, transaction) {
        Ok(mut booking) => {
            let lines = booking.lines();
            if lines.is_empty() && booking.findings.is_empty() {
                return Plan::Skip("it comes to nothing".to_owned());
            }
            let entry = JournalEntry {
                reference: Reference::of(key),
                batch_key: Reference::batch_key_of(key),
                source_name: format!("ShipBob {}", transaction.transaction_id.source_id()),
                company: mapping.cloudsuite.company,
                division: mapping.cloudsuite.division.clone(),
                interface: mapping.journal.interface.clone(),
                date: booking.date,
                currency: booking.amount.currency,
                lines,
            };
            Plan::of(Document::JournalEntry(entry), booking.findings)
        }
        Err(findings) => Plan::Reject(findings),
    }
}

/// One fee on its way to the accounts.
struct Booking<'a> {
    mapping: &'a Mapping,
    transaction: &'a Transaction,
    amount: Money,
    date: jiff::civil::Date,
    findings: Vec<Finding>,
}

impl<'a> Booking<'a> {
    fn new(mapping: &'a Mapping, transaction: &'a Transaction) -> Result<Self, Vec<Finding>> {
        let help =
            "look at the transaction in ShipBob; it is looked for again by the next run of the ingest job";
        let wrong = |field: &str, message: String| {
            vec![Finding::new(FindingCode::MissingField, field, message, help)]
        };
        let amount = transaction.amount().map_err(|error| wrong("amount", error.to_string()))?;
        transaction.taxes().map_err(|error| wrong("taxes", error.to_string()))?;
        let date = transaction.charge_date.ok_or_else(|| wrong("charge_date", "it has no day".to_owned()))?;
        let amount = Money { amount: amount.amount.round_dp(amount.currency.exponent()), ..amount };
        Ok(Self { mapping, transaction, amount, date, findings: Vec::new() })
    }

    fn lines(&mut self) -> Vec<JournalLine> {
        let fee = self.transaction.transaction_fee.as_deref().unwrap_or_default();
        let center = self.transaction.fulfillment_center.as_deref();
        let subject = Subject { fee: Some(fee), fulfillment_center: center, ..Subject::default() };
        let (mut lines, mut owed) = (Vec::new(), Decimal::ZERO);
        let taxes: Vec<_> = self.taxes();
        let contained: Decimal = taxes.iter().map(|(_, amount)| *amount).sum();
        let net = if self.mapping.shipbob.fees.taxes_included {
            self.amount.amount - contained
        } else {
            self.amount.amount
        };
        lines.extend(self.book("transaction_fee", GlKind::WarehouseFee, subject, net, fee));
        for (place, (title, amount)) in taxes.into_iter().enumerate() {
            let subject = Subject { tax_title: Some(title), ..subject };
            let path = format!("taxes[{place}]");
            lines.extend(self.book(&path, GlKind::WarehouseTax, subject, amount, title));
        }
        owed += lines.iter().map(|line| line.amount.amount).sum::<Decimal>();
        if !owed.is_zero() {
            let fees = &self.mapping.shipbob.fees;
            let accounts = string(&fees.account, &fees.dimensions);
            lines.push(self.line("amount", accounts, -owed, fee));
        }
        lines
    }

    /// Taxes by their names, those of nothing left out.
    fn taxes(&self) -> Vec<(&'a str, Decimal)> {
        let digits = self.amount.currency.exponent();
        let named = self.transaction.taxes.iter().flatten().map(|tax| {
            let amount = tax.tax_amount.unwrap_or_default().round_dp(digits);
            (tax.tax_type.as_deref().unwrap_or_default(), amount)
        });
        named.filter(|(_, amount)| !amount.is_zero()).collect()
    }

    fn book(
        &mut self,
        path: &str,
        kind: GlKind,
        subject: Subject<'_>,
        amount: Decimal,
        text: &str,
    ) -> Vec<JournalLine> {
        if amount.is_zero() {
            return Vec::new();
        }
        let mapping = self.mapping;
        let rules = Rules { mapping, company: mapping.cloudsuite.company, country: None, tags: &[] };
        let booked =
            rules.rule(kind, subject).and_then(|rule| parts(rule, amount, self.amount.currency.exponent()));
        let Some(booked) = booked else {
            let message = format!("no rule says where {text:?} is booked");
            let help = "add a rule of [[gl]] of this kind to the mapping file: warehouse_fee, or warehouse_tax for a tax";
            self.findings.push(Finding::new(FindingCode::Mapping, path, message, help));
            return Vec::new();
        };
        let parts = booked.into_iter().filter(|(_, amount)| !amount.is_zero());
        parts.map(|(accounts, amount)| self.line(path, accounts, amount, text)).collect()
    }

    fn line(&self, path: &str, accounts: domain::Accounts, amount: Decimal, text: &str) -> JournalLine {
        let about = self.transaction.reference_id.as_deref().unwrap_or_default();
        let text = format!("ShipBob {text} {about}");
        JournalLine {
            path: path.to_owned(),
            accounts,
            amount: Money { amount, currency: self.amount.currency },
            text: text.trim().chars().take(LONGEST_TEXT).collect(),
            tax_code: self.mapping.journal.tax_code.clone(),
        }
    }
}
