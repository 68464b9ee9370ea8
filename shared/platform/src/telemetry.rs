//! Logs and metrics: one JSON object a line on standard output.
//!
//! CloudWatch takes the level and the time from `level` and `timestamp`; a line without an RFC 3339 time would
//! be taken for INFO. Metrics are lines in CloudWatch's embedded metric format.

use std::fmt;

use jiff::Timestamp;
use serde_json::json;
use tracing::{Level, level_filters::LevelFilter};
use tracing_subscriber::fmt::{MakeWriter, format::Writer, time::FormatTime};

/// The name space of all metrics.
const NAMESPACE: &str = "ml-connector";

/// Writes the time of a line as RFC 3339 in UTC.
struct Rfc3339;

impl FormatTime for Rfc3339 {
    fn format_time(&self, writer: &mut Writer<'_>) -> fmt::Result {
        write!(writer, "{:.3}", Timestamp::now())
    }
}

/// Starts logging for this process. The level comes from `AWS_LAMBDA_LOG_LEVEL`, else `INFO`.
pub fn start() {
    let level = std::env::var("AWS_LAMBDA_LOG_LEVEL").unwrap_or_else(|_| "info".into());
    // A second start in one process (tests) is no fault.
    let _ = tracing::subscriber::set_global_default(subscriber(&level, std::io::stdout));
}

/// The subscriber that [`start`] installs, writing elsewhere: for tests that read the lines.
pub fn subscriber<W>(level: &str, writer: W) -> impl tracing::Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let format = tracing_subscriber::fmt().json().flatten_event(true).with_timer(Rfc3339);
    let format = format.with_target(false).with_current_span(true).with_span_list(false);
    format.with_max_level(least(level)).with_writer(writer).finish()
}

/// What Lambda calls a level, as a filter; `INFO` for what is none.
fn least(level: &str) -> LevelFilter {
    // Lambda's most severe level has no equal.
    let level = if level.eq_ignore_ascii_case("fatal") { "error" } else { level };
    level.parse::<Level>().unwrap_or(Level::INFO).into()
}

/// What a metric counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// Records that were not confirmed within the time allowed. Alarm above zero.
    ConfirmationOverdue,
    /// Records that CloudSuite took and then refused. Alarm above zero.
    ConfirmationFailed,
    /// Messages that went to the dead-letter queue.
    DeadLettered,
    /// Deliveries whose signature did not match.
    SignatureRejected,
    /// Records that came to be in doubt. Each settles itself: alarm where they come by the dozen.
    InDoubt,
    /// A document that CloudSuite has otherwise than the source, which only a person can change.
    NeedsReview,
    /// Orders that no delivery told of, or not of their last state: sent by the reconcile job. Alarm above zero.
    OrderMissed,
    /// Tenants whose shop could not be compared, or an order of it not be fetched. Alarm above zero.
    ReconcileFailed,
    /// Webhook subscriptions that Shopify has removed, or that lead elsewhere. Alarm above zero.
    SubscriptionMissing,
    /// Tenants of whom a list of ShipBob's could not be read, or an object of it not be sent. Alarm above zero.
    IngestFailed,
    /// Fields in which a source's deliveries differ from what this release knows, each time that it is told.
    SchemaDrift,
    /// Shops that the app was removed from. Alarm above zero.
    AppUninstalled,
    /// Customers' requests for their data: a person has 30 days. Alarm above zero.
    DataRequested,
}

impl Metric {
    fn name(self) -> &'static str {
        match self {
            Self::ConfirmationOverdue => "ConfirmationOverdue",
            Self::ConfirmationFailed => "ConfirmationFailed",
            Self::DeadLettered => "DeadLettered",
            Self::SignatureRejected => "SignatureRejected",
            Self::InDoubt => "InDoubt",
            Self::NeedsReview => "NeedsReview",
            Self::OrderMissed => "OrderMissed",
            Self::ReconcileFailed => "ReconcileFailed",
            Self::SubscriptionMissing => "SubscriptionMissing",
            Self::IngestFailed => "IngestFailed",
            Self::SchemaDrift => "SchemaDrift",
            Self::AppUninstalled => "AppUninstalled",
            Self::DataRequested => "DataRequested",
        }
    }
}

/// Counts something. The tenant is a property, not a dimension: each dimension value is billed as a metric.
pub fn count(metric: Metric, tenant: &str, amount: usize) {
    let line = metric_line(metric, tenant, amount, Timestamp::now());
    // One whole line in one write: CloudWatch reads the embedded format line by line.
    let _ = std::io::Write::write_all(&mut std::io::stdout().lock(), format!("{line}\n").as_bytes());
}

fn metric_line(metric: Metric, tenant: &str, amount: usize, now: Timestamp) -> serde_json::Value {
    let name = metric.name();
    json!({
        "_aws": {
            "Timestamp": now.as_millisecond(),
            "CloudWatchMetrics": [{
                "Namespace": NAMESPACE,
                "Dimensions": [[]],
                "Metrics": [{ "Name": name, "Unit": "Count" }],
            }],
        },
        "timestamp": now.to_string(),
        "level": "INFO",
        "tenant": tenant,
        name: amount,
    })
}

#[cfg(test)]
mod tests {
    use testkit::Lines;

    use super::*;

    #[test]
    fn a_line_is_json_with_time_level_and_correlation() {
        let lines = Lines::default();
        let writer = lines.clone();
        tracing::subscriber::with_default(subscriber("INFO", move || writer.clone()), || {
            let span = tracing::info_span!("delivery", correlation = "d-1");
            span.in_scope(|| tracing::warn!(record = "demo/shopify/order/1", "rejected"));
            tracing::debug!("not at this level");
        });
        let line: serde_json::Value = serde_json::from_str(&lines.text()).unwrap();
        assert!(line["timestamp"].as_str().unwrap().parse::<Timestamp>().is_ok(), "{line}");
        assert_eq!((&line["level"], &line["message"]), (&json!("WARN"), &json!("rejected")));
        assert_eq!(line["span"]["correlation"], "d-1");
    }

    /// `FATAL` is Lambda's own: errors are told all the same.
    #[test]
    fn every_level_of_lambdas_is_known() {
        let expected = [
            ("TRACE", LevelFilter::TRACE),
            ("DEBUG", LevelFilter::DEBUG),
            ("info", LevelFilter::INFO),
            ("WARN", LevelFilter::WARN),
            ("ERROR", LevelFilter::ERROR),
            ("FATAL", LevelFilter::ERROR),
            ("", LevelFilter::INFO),
        ];
        for (level, filter) in expected {
            assert_eq!(least(level), filter, "{level}");
        }
    }

    #[test]
    fn a_metric_is_one_line_of_the_embedded_format() {
        let line = metric_line(Metric::ConfirmationOverdue, "demo", 2, Timestamp::UNIX_EPOCH);
        assert_eq!(line["ConfirmationOverdue"], 2);
        assert_eq!(line["_aws"]["CloudWatchMetrics"][0]["Metrics"][0]["Name"], "ConfirmationOverdue");
    }
}
