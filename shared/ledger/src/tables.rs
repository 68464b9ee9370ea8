//! The two tables: their key schemas and indexes, by the names that `infra/template.yaml` gives them.
//!
//! In AWS the template makes the tables. [`create`] makes the same ones in an emulator, for tests.

use aws_sdk_dynamodb::{
    Client, Error,
    error::BuildError,
    types::{
        AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
        ProjectionType, ScalarAttributeType,
    },
};

/// Partition key of both tables: the record's key, `tenant/<tenant>` for mapping files, or `client/<digest>` for
/// what instances share about a client of CloudSuite.
pub const PARTITION: &str = "pk";
/// Sort key of both tables: which item of the record.
pub const SORT: &str = "sk";
/// When DynamoDB may delete a payload item, in seconds since 1970.
pub const EXPIRES_AT: &str = "expires_at";
/// A record's name, which the operators' index carries beside the keys.
pub const NAME: &str = "n";
/// When the source changed what a record is about, which the operators' index carries too: what was never delivered
/// is found by it without reading whole records.
pub const UPDATED_AT: &str = "m";
/// What the operators' index carries beside the keys.
pub const CARRIED: [&str; 2] = [NAME, UPDATED_AT];

/// A secondary index of the records table.
#[derive(Debug, Clone, Copy)]
pub struct Index {
    /// Its name.
    pub name: &'static str,
    /// Its partition key.
    pub partition: &'static str,
    /// Its sort key.
    pub sort: &'static str,
}

/// What awaits confirmation, by the time of its next check. Sparse: only such records have its keys.
pub const AWAITING: Index = Index { name: "awaiting", partition: "ga", sort: "gt" };
/// The operators' index: records by tenant, status and time.
pub const STATUS: Index = Index { name: "status", partition: "gs", sort: "gr" };

/// Why the tables were not made.
#[derive(Debug, thiserror::Error)]
#[error("cannot create the ledger's tables: {0}")]
pub struct CreateError(String);

impl From<BuildError> for CreateError {
    fn from(error: BuildError) -> Self {
        Self(error.to_string())
    }
}

/// Creates both tables.
pub async fn create(client: &Client, records: &str, payloads: &str) -> Result<(), CreateError> {
    let mut request = client.create_table().table_name(records).billing_mode(BillingMode::PayPerRequest);
    for name in [PARTITION, SORT, AWAITING.partition, AWAITING.sort, STATUS.partition, STATUS.sort] {
        request = request.attribute_definitions(text(name)?);
    }
    let request = request
        .set_key_schema(Some(keys(PARTITION, SORT)?))
        .global_secondary_indexes(index(AWAITING, ProjectionType::KeysOnly, None)?)
        .global_secondary_indexes(index(
            STATUS,
            ProjectionType::Include,
            Some(CARRIED.map(str::to_owned).to_vec()),
        )?);
    request.send().await.map_err(|error| CreateError(Error::from(error).to_string()))?;
    let request = client
        .create_table()
        .table_name(payloads)
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(text(PARTITION)?)
        .attribute_definitions(text(SORT)?)
        .set_key_schema(Some(keys(PARTITION, SORT)?));
    request.send().await.map_err(|error| CreateError(Error::from(error).to_string()))?;
    Ok(())
}

fn text(name: &str) -> Result<AttributeDefinition, BuildError> {
    AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build()
}

fn keys(partition: &str, sort: &str) -> Result<Vec<KeySchemaElement>, BuildError> {
    let key = |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build();
    Ok(vec![key(partition, KeyType::Hash)?, key(sort, KeyType::Range)?])
}

fn index(
    index: Index,
    projection: ProjectionType,
    carried: Option<Vec<String>>,
) -> Result<GlobalSecondaryIndex, BuildError> {
    let projection =
        Projection::builder().projection_type(projection).set_non_key_attributes(carried).build();
    GlobalSecondaryIndex::builder()
        .index_name(index.name)
        .set_key_schema(Some(keys(index.partition, index.sort)?))
        .projection(projection)
        .build()
}
