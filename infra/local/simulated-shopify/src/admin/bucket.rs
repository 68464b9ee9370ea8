//! The leaky bucket of points: a query needs room for what it may cost, and pays what it did cost (Shopify
//! documentation, rate limits).

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::settings::Settings;

/// The points of the one app in the one shop.
#[derive(Debug, Default)]
pub(crate) struct Bucket {
    /// Points spent and not yet restored, in thousandths, at a time.
    spent: Option<(Timestamp, i64)>,
}

impl Bucket {
    /// Points that are there now.
    pub(super) fn available(&self, settings: &Settings, now: Timestamp) -> u32 {
        let free = thousandths(settings.bucket_points) - self.spent(settings, now);
        u32::try_from(free.max(0) / 1000).unwrap_or(u32::MAX)
    }

    /// Takes points out.
    pub(super) fn spend(&mut self, points: u32, settings: &Settings, now: Timestamp) {
        self.spent = Some((now, self.spent(settings, now) + thousandths(points)));
    }

    fn spent(&self, settings: &Settings, now: Timestamp) -> i64 {
        let Some((at, spent)) = self.spent else { return 0 };
        let passed = i64::try_from(now.duration_since(at).as_millis()).unwrap_or(i64::MAX).max(0);
        spent.saturating_sub(passed.saturating_mul(i64::from(settings.restore_rate))).max(0)
    }

    /// `extensions.cost` of an answer.
    pub(super) fn status(
        &self,
        requested: u32,
        actual: Option<u32>,
        settings: &Settings,
        now: Timestamp,
    ) -> Value {
        json!({
            "requestedQueryCost": requested,
            "actualQueryCost": actual,
            "throttleStatus": {
                "maximumAvailable": f64::from(settings.bucket_points),
                "currentlyAvailable": self.available(settings, now),
                "restoreRate": f64::from(settings.restore_rate),
            },
        })
    }
}

fn thousandths(points: u32) -> i64 {
    i64::from(points) * 1000
}
