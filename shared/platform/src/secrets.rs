//! Secrets: read from Secrets Manager, remembered for a bounded while, current and previous version.
//!
//! A name that does not exist is remembered too, and the number of look-ups of names not yet known is
//! bounded, so that somebody who guesses tenant names cannot run up calls.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use aws_sdk_secretsmanager::{Client, operation::get_secret_value::GetSecretValueError};
use domain::Private;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use moka::{future::Cache, ops::compute::Op};
use tokio::time::Instant;

use crate::describe;

/// How long a secret is used before it is read again.
const FRESH: Duration = Duration::from_secs(300);
/// How long a name stays known not to exist.
const UNKNOWN_FOR: Duration = Duration::from_secs(60);
/// How soon a secret may be read again on suspicion (a signature that does not match).
const SUSPICION_AFTER: Duration = Duration::from_secs(60);
/// How many names are remembered.
const NAMES: u64 = 1_000;
/// How many names not yet known may be looked up in a minute by one instance.
const LOOK_UPS_A_MINUTE: NonZeroU32 = NonZeroU32::new(60).unwrap();

/// Why there is no secret to be had.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SecretError {
    /// Secrets Manager did not answer, or refused.
    #[error("Secrets Manager did not give the secret {name}: {why}")]
    Unavailable {
        /// The secret's name.
        name: String,
        /// What the service or the SDK said.
        why: String,
    },
    /// It was read and is not what it must be.
    #[error("the secret {name} cannot be used: {why}")]
    Unusable {
        /// The secret's name.
        name: String,
        /// What is wrong, without its content.
        why: String,
    },
    /// Too many names not yet known were asked for within a minute.
    #[error("too many unknown names were asked for within a minute: {name} was not looked up")]
    TooMany {
        /// The secret's name.
        name: String,
    },
}

/// The versions of one secret that are live: the current one first, then the previous one, if any.
pub type SecretVersions = Vec<Private<String>>;

/// Where secrets are.
#[async_trait]
pub trait SecretSource: Send + Sync {
    /// The live versions of a secret; nothing if there is no secret of that name.
    async fn versions(&self, name: &str) -> Result<Option<SecretVersions>, SecretError>;
}

/// Secrets of one kind, remembered and already parsed.
pub struct Secrets<T> {
    source: Arc<dyn SecretSource>,
    parse: fn(&SecretVersions) -> Result<T, String>,
    known: Cache<String, Remembered<T>>,
    look_ups: DefaultDirectRateLimiter,
}

/// What is remembered of a name: the parsed secret, or that there is none.
struct Remembered<T> {
    secret: Option<Arc<T>>,
    since: Instant,
}

impl<T> Clone for Remembered<T> {
    fn clone(&self) -> Self {
        Self { secret: self.secret.clone(), since: self.since }
    }
}

impl<T> Remembered<T> {
    fn is_fresh(&self) -> bool {
        self.since.elapsed() < if self.secret.is_some() { FRESH } else { UNKNOWN_FOR }
    }
}

impl<T: Send + Sync + 'static> Secrets<T> {
    /// Secrets of a source, parsed by a function whose error says what is wrong without the content.
    pub fn new(source: Arc<dyn SecretSource>, parse: fn(&SecretVersions) -> Result<T, String>) -> Self {
        let known = Cache::new(NAMES);
        Self { source, parse, known, look_ups: RateLimiter::direct(Quota::per_minute(LOOK_UPS_A_MINUTE)) }
    }

    /// The secret of that name; nothing if there is none. A stale one is served while the source is down.
    pub async fn get(&self, name: &str) -> Result<Option<Arc<T>>, SecretError> {
        match self.known.get(name).await {
            Some(remembered) if remembered.is_fresh() => Ok(remembered.secret),
            _ => self.read(name, Remembered::is_fresh).await,
        }
    }

    /// The same, read anew unless that happened within the last minute: for a signature that does not match,
    /// which may mean that the secret was rotated.
    pub async fn get_newer(&self, name: &str) -> Result<Option<Arc<T>>, SecretError> {
        self.read(name, |remembered| remembered.since.elapsed() < SUSPICION_AFTER).await
    }

    /// Reads a secret unless what is remembered is good enough. One read at a time for each name.
    async fn read(
        &self,
        name: &str,
        good_enough: impl Fn(&Remembered<T>) -> bool + Send,
    ) -> Result<Option<Arc<T>>, SecretError> {
        let computed = self.known.entry(name.to_owned()).and_try_compute_with(|entry| async {
            let remembered = entry.map(moka::Entry::into_value);
            if remembered.as_ref().is_some_and(&good_enough) {
                return Ok(Op::Nop);
            }
            match (self.load(name, remembered.is_none()).await, remembered) {
                (Ok(secret), _) => Ok(Op::Put(Remembered { secret, since: Instant::now() })),
                (Err(error), Some(Remembered { secret: Some(_), .. })) => {
                    tracing::warn!(%error, "serving the secret as last read");
                    Ok(Op::Nop)
                }
                (Err(error), _) => Err(error),
            }
        });
        Ok(computed.await?.into_entry().and_then(|entry| entry.into_value().secret))
    }

    async fn load(&self, name: &str, is_new: bool) -> Result<Option<Arc<T>>, SecretError> {
        if is_new && self.look_ups.check().is_err() {
            return Err(SecretError::TooMany { name: name.to_owned() });
        }
        let Some(versions) = self.source.versions(name).await? else { return Ok(None) };
        let parsed = (self.parse)(&versions);
        parsed
            .map(|secret| Some(Arc::new(secret)))
            .map_err(|why| SecretError::Unusable { name: name.to_owned(), why })
    }
}

/// AWS Secrets Manager.
#[derive(Debug, Clone)]
pub struct SecretsManager {
    client: Client,
    stages: &'static [&'static str],
}

impl SecretsManager {
    /// Reads the current version only.
    pub fn current(client: Client) -> Self {
        Self { client, stages: &["AWSCURRENT"] }
    }

    /// Reads the current and the previous version: during a rotation both are live.
    pub fn current_and_previous(client: Client) -> Self {
        Self { client, stages: &["AWSCURRENT", "AWSPREVIOUS"] }
    }

    async fn version(&self, name: &str, stage: &str) -> Result<Option<Private<String>>, SecretError> {
        let answer = self.client.get_secret_value().secret_id(name).version_stage(stage).send().await;
        let unavailable = |why: String| SecretError::Unavailable { name: name.to_owned(), why };
        match answer {
            Ok(value) => match value.secret_string {
                Some(text) => Ok(Some(Private::new(text))),
                None => {
                    Err(SecretError::Unusable { name: name.to_owned(), why: "it is binary, not text".into() })
                }
            },
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(GetSecretValueError::is_resource_not_found_exception) =>
            {
                Ok(None)
            }
            Err(error) => Err(unavailable(describe(&error))),
        }
    }
}

#[async_trait]
impl SecretSource for SecretsManager {
    async fn versions(&self, name: &str) -> Result<Option<SecretVersions>, SecretError> {
        let mut versions = Vec::new();
        for stage in self.stages {
            match self.version(name, stage).await? {
                Some(version) => versions.push(version),
                // Without a current version there is no secret; without a previous one there was no rotation.
                None => break,
            }
        }
        Ok((!versions.is_empty()).then_some(versions))
    }
}

/// The in-memory twin: secrets by name, and how often it was asked.
#[derive(Debug, Default)]
pub struct MemorySecrets {
    /// The live versions of each secret.
    pub secrets: Mutex<HashMap<String, Vec<String>>>,
    /// How often it was asked.
    pub asked: std::sync::atomic::AtomicUsize,
    /// Whether Secrets Manager is down.
    pub down: std::sync::atomic::AtomicBool,
}

impl MemorySecrets {
    /// Sets the live versions of a secret, the current one first.
    pub fn set(&self, name: &str, versions: &[&str]) {
        let versions = versions.iter().map(|&text| text.to_owned()).collect();
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), versions);
    }
}

#[async_trait]
impl SecretSource for MemorySecrets {
    async fn versions(&self, name: &str) -> Result<Option<SecretVersions>, SecretError> {
        use std::sync::atomic::Ordering::Relaxed;
        self.asked.fetch_add(1, Relaxed);
        if self.down.load(Relaxed) {
            return Err(SecretError::Unavailable { name: name.to_owned(), why: "it is down".into() });
        }
        let secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(secrets.get(name).map(|versions| versions.iter().cloned().map(Private::new).collect()))
    }
}

#[cfg(test)]
#[path = "secrets_tests.rs"]
mod tests;
