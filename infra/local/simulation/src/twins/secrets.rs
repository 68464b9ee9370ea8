//! Secrets Manager as one instance sees it.

use std::sync::Arc;

use async_trait::async_trait;
use platform::{MemorySecrets, SecretError, SecretSource, SecretVersions};

use crate::{Fault, Instance};

/// The secrets that all instances share, as one of them sees them.
pub(crate) struct SimSecrets {
    /// What is kept.
    pub(crate) kept: Arc<MemorySecrets>,
    /// Who sees it.
    pub(crate) instance: Arc<Instance>,
}

#[async_trait]
impl SecretSource for SimSecrets {
    async fn versions(&self, name: &str) -> Result<Option<SecretVersions>, SecretError> {
        self.instance.point("read a secret").await;
        if self.instance.strikes(Fault::SecretsDown, name) {
            return Err(SecretError::Unavailable { name: name.to_owned(), why: "simulated".to_owned() });
        }
        let versions = self.kept.versions(name).await;
        self.instance.point("read a secret").await;
        versions
    }
}
