//! One way in for all formats.

use super::{
    Format, Imported, Options, curl, draft::Draft, dto::ImportAnswer, error::ImportError, har, k6, locust,
    openapi, postman, urls,
};
use crate::{
    convert::yaml,
    loadtest::{place::Path, problem::Problems, span::Span},
};

/// Largest document that is imported, in bytes.
pub const MAX_SOURCE: usize = 64 << 20;

/// Makes a LoadTest of a document. `name` is what the document is called in messages.
///
/// # Errors
/// What is wrong with the document, with its place, or that nothing in it can be sent.
pub fn import(format: Format, bytes: &[u8], name: &str, options: &Options) -> Result<Imported, ImportError> {
    if bytes.len() > MAX_SOURCE {
        let message = format!(
            "is more than {} MB large, the most that is imported: record less, or split it",
            MAX_SOURCE >> 20
        );
        return Err(ImportError::whole(name, message));
    }
    check(options)?;
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = memchr::memchr_iter(b'\n', &bytes[..error.valid_up_to()]).count() + 1;
        ImportError::on_line(name, line, 1, "is not UTF-8: save it as UTF-8")
    })?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut draft = Draft::new(name);
    match format {
        Format::OpenApi => openapi::import(text, options, &mut draft)?,
        Format::Har => har::import(text, options, &mut draft)?,
        Format::Postman => postman::import(text, &mut draft)?,
        Format::Curl => curl::import(text, &mut draft)?,
        Format::Urls => urls::import(text, &mut draft)?,
        Format::K6 => k6::import(text, &mut draft)?,
        Format::Locust => locust::import(text, &mut draft)?,
    }
    draft.finish(options)
}

/// Checks what the types of the options cannot say.
fn check(options: &Options) -> Result<(), ImportError> {
    let Options { hosts, tags, operations, name, users, run_time, .. } = options;
    let wrong = if hosts.len() > 100 {
        ("hosts", "has more than 100 hosts: give fewer")
    } else if tags.len() > 100 {
        ("tags", "has more than 100 tags: give fewer")
    } else if operations.len() > 1000 {
        ("operations", "has more than 1000 operations: choose by tags instead")
    } else if name.as_ref().is_some_and(|name| name.chars().count() > 200) {
        ("name", "is longer than 200 characters: shorten it")
    } else if users.is_some_and(|users| !(1..=1_000_000).contains(&users)) {
        ("users", "must be from 1 to 1000000")
    } else if *run_time == Some(Span::default()) {
        ("run_time", "must be longer than 0s")
    } else {
        return Ok(());
    };
    Err(ImportError::at("options", &Path::root().key("options").key(wrong.0), None, wrong.1))
}

/// What an import made, for the wire.
#[must_use]
pub fn answer(imported: Imported) -> ImportAnswer {
    let Imported { loadtest, left_out, left_out_more, made, env, found, requests } = imported;
    ImportAnswer {
        yaml: yaml::write(&loadtest),
        loadtest: yaml::brief(&loadtest),
        left_out,
        left_out_more,
        made,
        env,
        found,
        requests,
    }
}

impl From<Problems> for ImportError {
    fn from(problems: Problems) -> Self {
        Self(problems)
    }
}
