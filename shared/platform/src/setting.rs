//! Settings of a function: environment variables that the template sets.

/// A setting that the template must set is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the environment variable {0} is not set: the template (infra/template.yaml) sets it for each function"
)]
pub struct MissingSetting(&'static str);

/// The value of a setting.
pub fn setting(name: &'static str) -> Result<String, MissingSetting> {
    std::env::var(name).ok().filter(|value| !value.is_empty()).ok_or(MissingSetting(name))
}
