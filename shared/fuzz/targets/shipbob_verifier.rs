//! What a delivery of ShipBob's passes through before anybody believes it: its headers, its signatures, its time, and the
//! explanation of one that does not fit. The input is a request: header lines, an empty line, the body.
#![no_main]

use std::sync::LazyLock;

use fuzz::{request, values_of};
use jiff::{SignedDuration, Timestamp};
use libfuzzer_sys::fuzz_target;
use shipbob::{Cause, DeliveryHeaders, Secret, explain, sign, verify};

/// Bytes that nobody uses: `a secret of the project's` in base64.
const OWN: &str = "whsec_YSBzZWNyZXQgb2YgdGhlIHByb2plY3Qncw==";
static SECRETS: LazyLock<[Secret; 2]> = LazyLock::new(|| {
    [OWN, "whsec_dGhlIG9uZSBiZWZvcmUgdGhhdCBvbmU="]
        .map(|text| Secret::parse(text).unwrap_or_else(|error| panic!("a secret of the project: {error}")))
});
/// When the seeds were signed.
const NOW: i64 = 1_795_000_000;
/// How far the time may be away, in seconds (Standard Webhooks).
const TOLERANCE: SignedDuration = SignedDuration::from_secs(300);

fuzz_target!(|bytes: &[u8]| {
    let (lines, body) = request(bytes);
    let now = Timestamp::from_second(NOW).unwrap_or_default();
    match DeliveryHeaders::read(|wanted| values_of(&lines, wanted)) {
        Ok(headers) => judge(&headers, body, now),
        Err(error) => {
            let _ = error.to_string();
        }
    }
    let _ = values_of(&lines, "secret").into_iter().flatten().map(Secret::parse).count();
});

fn judge(headers: &DeliveryHeaders, body: &[u8], now: Timestamp) {
    let secrets = &*SECRETS;
    let cause = explain(secrets, headers, body, now);
    let told = cause.to_string();
    assert!(!told.contains(OWN) && !cause.as_str().is_empty());
    let DeliveryHeaders::Signed { id, timestamp, signature, .. } = headers else {
        assert_eq!(cause, Cause::LegacyUnsigned);
        return;
    };
    let verdict = verify(secrets, id, timestamp, signature, body, now);
    assert_eq!(cause == Cause::Fits, verdict.is_ok());
    assert!(verify(&[], id, timestamp, signature, body, now).is_err());
    let sent = timestamp.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    let Some(sent) = sent.filter(|sent| sent.as_second().to_string() == *timestamp) else { return };
    let is_now = now.duration_since(sent).abs() <= TOLERANCE;
    let is_id = !id.contains('.');
    let right = secrets.iter().map(|secret| sign(secret, id, sent, body)).collect::<Vec<_>>();
    let entries = || signature.split_ascii_whitespace();
    let is_signed = right
        .iter()
        .any(|right| entries().any(|entry| entry == right || right.strip_suffix('=') == Some(entry)));
    // Only a signature of this id, time and body under one of the secrets may pass.
    assert_eq!(verdict.is_ok(), is_now && is_id && is_signed, "{verdict:?}");
    for right in &right {
        assert_eq!(verify(secrets, id, timestamp, right, body, now).is_ok(), is_now && is_id);
    }
}
