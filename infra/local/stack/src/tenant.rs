//! The demo tenant: what an integration engineer sets up for a real one.

use aws_sdk_secretsmanager::{Client, error::DisplayErrorContext};
use domain::TenantId;
use jiff::Timestamp;
use ledger::Ledger;
use serde_json::json;
use shipbob::Secret;
use shopify::Shop;

use crate::{
    CloudSuite, Options, Senders, ShipBob, Shopify, StackError,
    deployment::SECRET_PREFIX,
    shipbob::Account,
    shopify::{App, SHOP},
};

/// The tenant that every local stack has.
pub(crate) const TENANT: &str = "demo";
const MAPPING: &str = "infra/local/demo-mapping.toml";

/// Makes the tenant's secrets and returns who signs deliveries.
pub(crate) async fn seed_secrets(
    client: &Client,
    cloudsuite: &CloudSuite,
    shopify: &Shopify,
    shipbob: &ShipBob,
) -> Result<Senders, StackError> {
    let App { client_id, client_secret } = &shopify.app;
    let webhook = json!({ "shop_domain": SHOP, "client_secret": client_secret });
    let admin = json!({
        "kind": "client_credentials", "client_id": client_id, "client_secret": client_secret,
        "shop_domain": SHOP, "base_url": shopify.base(),
        "certificate_authority": shopify.simulation.authority,
    });
    put(client, format!("{SECRET_PREFIX}/webhook/shopify/{TENANT}"), webhook.to_string()).await?;
    put(client, format!("{SECRET_PREFIX}/shopify-admin/{TENANT}"), admin.to_string()).await?;
    put(client, format!("{SECRET_PREFIX}/ionapi/{TENANT}"), cloudsuite.ionapi.clone()).await?;
    let Account { access_token, webhook_secret } = &shipbob.account;
    let signed = json!({ "secrets": [webhook_secret] });
    let api = json!({
        "kind": "access_token", "access_token": access_token, "base_url": shipbob.base(),
        "certificate_authority": shipbob.simulation.authority,
    });
    put(client, format!("{SECRET_PREFIX}/webhook/shipbob/{TENANT}"), signed.to_string()).await?;
    put(client, format!("{SECRET_PREFIX}/shipbob-api/{TENANT}"), api.to_string()).await?;
    let secret = Secret::parse(webhook_secret).map_err(|error| StackError::Refused {
        what: "reading the secret of ShipBob's deliveries",
        why: error.to_string(),
    })?;
    Ok(Senders { shop: Shop::new(SHOP, client_secret.clone()), shipbob: secret })
}

async fn put(client: &Client, name: String, value: String) -> Result<(), StackError> {
    let created = client.create_secret().name(name).secret_string(value).send().await;
    created.map(drop).map_err(|error| StackError::Refused {
        what: "creating a secret",
        why: DisplayErrorContext(error).to_string(),
    })
}

/// Pushes the tenant's mapping file, with the simulation's certificate authority put into it.
pub(crate) async fn push_mapping(
    options: &Options,
    ledger: &dyn Ledger,
    cloudsuite: &CloudSuite,
    tenant: &TenantId,
) -> Result<(), StackError> {
    let text = trusting(&options.read(MAPPING)?, &cloudsuite.simulation.authority).ok_or_else(|| {
        StackError::Content {
            path: options.root.join(MAPPING),
            why: "it has no line [cloudsuite]".to_owned(),
        }
    })?;
    ops::push_mapping(ledger, tenant, &text, "local stack", Timestamp::now()).await?;
    Ok(())
}

/// The mapping file with a certificate authority that is made anew at each start.
fn trusting(mapping: &str, authority: &str) -> Option<String> {
    let head = "[cloudsuite]\n";
    let with = format!("{head}certificate_authority = '''\n{authority}'''\n");
    mapping.contains(head).then(|| mapping.replacen(head, &with, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_certificate_authority_goes_into_the_section_of_cloudsuite() {
        let mapping = trusting("# demo\n[cloudsuite]\ncompany = 100\n[orders]\n", "PEM\n").unwrap();
        assert_eq!(
            mapping,
            "# demo\n[cloudsuite]\ncertificate_authority = '''\nPEM\n'''\ncompany = 100\n[orders]\n"
        );
        assert_eq!(trusting("[orders]\n", "PEM\n"), None);
    }
}
