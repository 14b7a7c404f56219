//! stub
use super::{
    error::CliError,
    run::TestFlags,
    what::{self, What},
};
use crate::config::Config;
pub type ValidLoadTest = crate::loadtest::types::LoadTest;
pub(super) fn valid(what: &What, _: &TestFlags, _: &Config) -> Result<ValidLoadTest, CliError> {
    let s = match what {
        What::File(p) => what::file(p)?,
        What::Stdin => what::stdin()?,
        What::Recipe(r) => what::recipe(r)?,
        What::Url(u) => return Err(CliError::Document(u.to_string())),
        What::Deeplink => return Err(CliError::Deeplink),
    };
    Err(CliError::Document(format!("{}{}{}", s.name, s.folder.display(), s.text)))
}
pub(super) fn check_scenarios(_: &ValidLoadTest, _: &[String]) -> Result<(), CliError> {
    Ok(())
}
pub(super) fn described(_: &ValidLoadTest) -> String {
    String::new()
}
