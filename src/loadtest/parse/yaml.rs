//! stub
use super::*;
pub(super) fn parse(text: &str, _name: &str) -> Result<(Value, SourceMap), Problems> {
    Ok((serde_json::from_str(text).expect("stub"), SourceMap::default()))
}
