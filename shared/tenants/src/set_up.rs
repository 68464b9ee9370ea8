//! A tenant's way to the API of a source, made from a secret.
//!
//! A tenant may do without: then it has no such secret. A secret that cannot be used keeps nobody from posting: it
//! is a finding for whoever needs the API.

use std::sync::Arc;

use domain::{Finding, FindingCode, Private};
use platform::{SecretError, Secrets};

/// How one kind of API is set up.
pub(crate) struct Kind<'a> {
    /// What the finding is about: the middle part of the secret's name.
    pub(crate) what: &'static str,
    /// The secret's name.
    pub(crate) name: &'a str,
    /// What a person does about a secret that cannot be used.
    pub(crate) help: &'static str,
}

/// An API as it was set up, with the secret that it was set up from.
pub(crate) struct SetUp<T> {
    /// The API; nothing if the tenant has no credentials for it, or none that can be used.
    pub(crate) api: Option<Arc<T>>,
    /// Why it cannot be used although there is a secret for it.
    pub(crate) fault: Option<Finding>,
    secret: Option<Arc<Private<String>>>,
}

impl<T> Default for SetUp<T> {
    fn default() -> Self {
        Self { api: None, fault: None, secret: None }
    }
}

impl<T> Clone for SetUp<T> {
    fn clone(&self) -> Self {
        Self { api: self.api.clone(), fault: self.fault.clone(), secret: self.secret.clone() }
    }
}

impl<T> SetUp<T> {
    /// Sets an API up anew unless the secret is the one remembered: an API holds open sockets, the access token and what
    /// it learned of its limits. The words of `connect` never quote the secret.
    pub(crate) async fn of(
        kind: Kind<'_>,
        secrets: &Secrets<Private<String>>,
        before: Option<&Self>,
        connect: impl FnOnce(&Private<String>) -> Result<T, String> + Send,
    ) -> Self {
        let secret = match secrets.get(kind.name).await {
            Ok(secret) => secret,
            Err(error) => return Self::unread(&kind, &error, before),
        };
        let Some(text) = &secret else { return Self::default() };
        if let Some(before) = before.filter(|before| before.secret == secret) {
            return before.clone();
        }
        match connect(text) {
            Ok(api) => Self { api: Some(Arc::new(api)), fault: None, secret },
            Err(why) => Self { secret, ..Self::faulty(&kind, &why) },
        }
    }

    /// Without an answer the API stays as it was; where it was not known yet, it is asked for again with the tenant.
    fn unread(kind: &Kind<'_>, error: &SecretError, before: Option<&Self>) -> Self {
        match before {
            Some(before) if before.api.is_some() => before.clone(),
            _ => Self::faulty(kind, &error.to_string()),
        }
    }

    fn faulty(kind: &Kind<'_>, why: &str) -> Self {
        let message = format!("the secret {} cannot be used: {why}", kind.name);
        let finding = Finding::new(FindingCode::Credentials, kind.what, message, kind.help);
        tracing::error!(%finding, "a tenant's API cannot be used; posting goes on without it");
        Self { fault: Some(finding), ..Self::default() }
    }
}
