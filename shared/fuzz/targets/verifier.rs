//! What a delivery passes through before anybody believes it: its headers, its signature, and the explanation of one
//! that does not fit. The input is a request: header lines, an empty line, the body.
#![no_main]

use std::sync::LazyLock;

use domain::Private;
use fuzz::{request, values_of};
use libfuzzer_sys::fuzz_target;
use shopify::{Cause, Context, DeliveryHeaders, SIGNATURE, explain, sign, verify};

const OWN: &str = "hush";
static SECRETS: LazyLock<[Private<String>; 2]> =
    LazyLock::new(|| [OWN, "the one before"].map(|secret| Private::new(secret.to_owned())));

fuzz_target!(|bytes: &[u8]| {
    let (lines, body) = request(bytes);
    let get = |wanted: &str| values_of(&lines, wanted);
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
