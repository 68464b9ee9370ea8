//! What a delivery passes through before anybody believes it: its headers, its signature, and the explanation of one
//! that does not fit. The input is a request: header lines, an empty line, the body.
#![no_main]

use std::{str, sync::LazyLock};

use domain::Private;
use libfuzzer_sys::fuzz_target;
use shopify::{Cause, Context, DeliveryHeaders, SIGNATURE, explain, sign, verify};

const OWN: &str = "hush";
static SECRETS: LazyLock<[Private<String>; 2]> =
    LazyLock::new(|| [OWN, "the one before"].map(|secret| Private::new(secret.to_owned())));

fuzz_target!(|request: &[u8]| {
    let (lines, body) = split(request);
    let get = |wanted: &str| -> Vec<Option<&str>> {
        let lines = lines.iter().filter(|(name, _)| name.eq_ignore_ascii_case(wanted.as_bytes()));
        lines.map(|(_, value)| str::from_utf8(value).ok()).collect()
    };
    let read = DeliveryHeaders::read(get);
    if let Err(error) = &read {
        let _ = error.to_string();
    }
    let header = match &read {
        Ok(headers) => headers.signature.clone(),
        Err(_) => get(SIGNATURE).into_iter().flatten().next().unwrap_or_default().to_owned(),
    };
    judge(body, &header);
});

fn judge(body: &[u8], header: &str) {
    let secrets = &*SECRETS;
    let verdict = verify(secrets, body, header);
    let right = secrets.iter().map(|secret| sign(secret, body)).collect::<Vec<_>>();
    // Only a signature of this body under one of the secrets may pass.
    let is_right = !body.is_empty() && right.iter().any(|right| right == header.trim());
    assert_eq!(verdict.is_ok(), is_right, "{verdict:?}");
    for right in right.iter().filter(|_| !body.is_empty()) {
        assert!(verify(secrets, body, right).is_ok());
        assert!(verify(&[], body, right).is_err());
    }
    for content_length in [None, Some(body.len()), Some(body.len() + 1)] {
        let cause = explain(secrets, body, header, Context { content_length });
        assert_eq!(cause == Cause::Fits, verdict.is_ok());
        let told = cause.to_string();
        assert!(!told.contains(OWN) && !cause.as_str().is_empty());
        assert!(header.len() < 20 || !told.contains(header));
    }
}

type Line<'a> = (&'a [u8], &'a [u8]);

/// Header lines as names and values, and the body.
fn split(request: &[u8]) -> (Vec<Line<'_>>, &[u8]) {
    let mut lines = Vec::new();
    let mut rest = request;
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let (line, after) = (&rest[..end], &rest[end + 1..]);
        rest = after;
        if line.is_empty() {
            break;
        }
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let value = line.get(colon + 1..).unwrap_or_default();
        lines.push((&line[..colon], value.strip_prefix(b" ").unwrap_or(value)));
    }
    (lines, rest)
}
