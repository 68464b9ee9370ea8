//! What a schedule, or a person, asks for.

use domain::TenantId;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

/// One job: `{"job": "confirm"}`, `{"job": "reconcile", "tenants": "demo,other"}`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub enum Job {
    /// Is what was posted really there, and accepted?
    Confirm,
    /// What is in doubt, and nobody came back for it?
    Settle,
    /// Which orders changed, and no delivery told of it?
    Reconcile {
        /// Whose shops.
        tenants: Names,
    },
    /// The same for a window that somebody names.
    Backfill(Backfill),
    /// Are the webhook subscriptions still there?
    Subscriptions {
        /// Whose shops: those whose subscriptions were made through the Admin API, and not in `shopify.app.toml`.
        tenants: Names,
    },
    /// What does ShipBob have that has no webhook, or whose webhook was lost?
    Ingest {
        /// Whose lists are read.
        tenants: Names,
        /// Whether they are counted only.
        #[serde(default)]
        dry_run: bool,
    },
}

/// A window to be compared: `{"job": "backfill", "tenant": "demo", "from": "2026-11-01T00:00:00Z", "until":
/// "2026-11-02T00:00:00Z", "dry_run": true}`. Asked for again, it goes on where it was ended by its time.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Backfill {
    /// Whose shop.
    pub tenant: TenantId,
    /// The first moment of the window.
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
    /// Whether it only counts.
    #[serde(default)]
    pub dry_run: bool,
}

/// Names of tenants, as one text with commas: a template can write no list into a schedule's input.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names(pub Vec<TenantId>);

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
        names.map(str::parse).collect::<Result<_, _>>().map(Self).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(text: &str) -> Result<Job, serde_json::Error> {
        serde_json::from_str(text)
    }

    #[test]
    fn what_schedules_and_people_ask_for_is_read() {
        let names = |names: &[&str]| Names(names.iter().map(|name| name.parse().unwrap()).collect());
        assert_eq!(job(r#"{"job":"confirm"}"#).unwrap(), Job::Confirm);
        for (text, expected) in [("", &[][..]), ("demo", &["demo"]), (" demo, other,", &["demo", "other"])] {
            let reconcile = job(&format!(r#"{{"job":"reconcile","tenants":"{text}"}}"#)).unwrap();
            assert_eq!(reconcile, Job::Reconcile { tenants: names(expected) });
        }
        let ingest = job(r#"{"job":"ingest","tenants":"demo"}"#).unwrap();
        assert_eq!(ingest, Job::Ingest { tenants: names(&["demo"]), dry_run: false });
        let backfill = r#"{"job":"backfill","tenant":"demo","from":"2026-11-01T00:00:00Z","until":"2026-11-02T00:00:00Z"}"#;
        let Job::Backfill(backfill) = job(backfill).unwrap() else { panic!("another job") };
        assert!(!backfill.dry_run && backfill.from < backfill.until);
    }

    #[test]
    fn what_is_no_job_is_refused() {
        for text in
            [r#"{"job":"reconcile"}"#, r#"{"job":"reconcile","tenants":"De mo"}"#, r#"{"job":"rest"}"#]
        {
            assert!(job(text).is_err(), "{text}");
        }
    }
}
