//! Pushing a tenant's mapping file: checked first, then kept and made the active one.

use domain::{Digest, Finding, TenantId};
use jiff::Timestamp;
use ledger::Ledger;
use mapping::Mapping;

use crate::OpsError;

/// Everything that is wrong with a mapping file; nothing if it can be used.
pub fn check_mapping(text: &str) -> Result<(), Vec<Finding>> {
    Mapping::parse(text).map(|_| ())
}

/// Checks a mapping file and makes it the tenant's active one. `by` names who pushes it.
pub async fn push_mapping(
    ledger: &dyn Ledger,
    tenant: &TenantId,
    text: &str,
    by: &str,
    now: Timestamp,
) -> Result<Digest, OpsError> {
    check_mapping(text).map_err(OpsError::Mapping)?;
    Ok(ledger.push_mapping(tenant, text, by, now).await?)
}

#[cfg(test)]
mod tests {
    use ledger::Memory;
    use mapping::DEFAULT_FILE;

    use super::*;

    #[tokio::test]
    async fn a_faulty_file_is_not_pushed_and_every_fault_is_told() {
        let (ledger, tenant, now) = (Memory::default(), "demo".parse().unwrap(), Timestamp::UNIX_EPOCH);
        let version = push_mapping(&ledger, &tenant, DEFAULT_FILE, "jo", now).await.unwrap();
        let faulty = DEFAULT_FILE.replace("company = 100", "company = 0").replace("\"ECOMTPL\"", "\"\"");
        let error = push_mapping(&ledger, &tenant, &faulty, "jo", now).await.unwrap_err().to_string();
        assert!(error.contains("cloudsuite.company") && error.contains("customers.template"), "{error}");
        let active = ledger.mapping(&tenant).await.unwrap().unwrap();
        assert_eq!((active.version, active.text.as_str()), (version, DEFAULT_FILE));
    }
}
