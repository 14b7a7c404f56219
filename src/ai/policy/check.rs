//! Reads a policy, and says all that is wrong with it at once.

use std::{collections::BTreeSet, time::Duration};

use url::Url;

use super::{Policy, Preference, Privacy, Provider};
use crate::{
    config::{is_loopback, plain_url},
    loadtest::{
        parse,
        place::Path,
        problem::{Problem, Problems},
    },
};

/// Longest that a provider is let alone.
const LONGEST_REST: Duration = Duration::from_secs(24 * 3600);
/// Largest file, in bytes.
pub(super) const LARGEST: usize = 256 * 1024;

/// The policy that `text` holds, YAML or JSON.
///
/// # Errors
/// All that is wrong with it, each with its place.
pub fn read(text: &str, name: &str) -> Result<Policy, Problems> {
    if text.len() > LARGEST {
        let message = format!("has {} bytes; at most {LARGEST} are read", text.len());
        return Err(Problems::one(name, Problem::new(&Path::root(), None, message)));
    }
    let says_nothing = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    if text.lines().all(says_nothing) {
        return Ok(Policy::default());
    }
    let document = parse::parse(text, name)?;
    let policy: Policy = document.read()?;
    let mut problems = Problems::none(name);
    let mut wrong = |path: Path, message: &str| {
        problems.push(Problem::new(&path, document.places().value(&path), message));
    };
    let root = Path::root();
    budget(&policy, &mut wrong);
    for (at, word) in policy.mask.iter().enumerate() {
        if !(2..=200).contains(&word.trim().chars().count()) {
            wrong(root.key("mask").index(at), "must be 2 to 200 characters");
        }
    }
    if policy.mask.len() > 1000 {
        wrong(root.key("mask"), "must be at most 1000 words");
    }
    if policy.providers.len() > 20 {
        wrong(root.key("providers"), "must be at most 20");
    }
    let remote =
        [policy.intents.chat, policy.intents.generate, policy.intents.explain].contains(&Preference::Remote);
    if policy.providers.is_empty() && (remote || policy.privacy != Privacy::LocalOnly) {
        wrong(root.key("providers"), "must name whoever may be asked, or leave `privacy` and `intents` out");
    }
    let mut ids = BTreeSet::new();
    for (at, provider) in policy.providers.iter().enumerate() {
        let place = root.key("providers").index(at);
        if !ids.insert(&provider.id) {
            wrong(place.key("id"), "is the id of two providers; each needs its own");
        }
        provider_of(provider, &policy, &place, &mut wrong);
    }
    if problems.is_empty() { Ok(policy) } else { Err(problems) }
}

fn budget(policy: &Policy, wrong: &mut impl FnMut(Path, &str)) {
    let most = [("per_day", policy.budget.per_day), ("per_answer", policy.budget.per_answer)];
    for (key, value) in most {
        if value.is_some_and(|value| !(0.0..=1e9).contains(&value)) {
            wrong(Path::root().key("budget").key(key), "must be US dollars, from 0 on");
        }
    }
}

fn provider_of(provider: &Provider, policy: &Policy, place: &Path, wrong: &mut impl FnMut(Path, &str)) {
    let mut refuse = |key: &str, message: &str| wrong(place.key(key), message);
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let id = &provider.id;
    if id.is_empty() || id.len() > 40 || id.starts_with('-') || !id.chars().all(known) || id == "local" {
        refuse("id", "must be 1 to 40 of a-z, 0-9 and `-`, and neither begin with `-` nor be `local`");
    }
    if provider.model.trim().is_empty() || provider.model.len() > 200 {
        refuse("model", "must name a model, in at most 200 bytes");
    }
    match plain_url(&provider.url) {
        Err(why) => refuse("url", why),
        Ok(url) if !reached_in_private(&url) && !provider.allow_http => refuse(
            "url",
            "must begin with https://, except on loopback; `allow_http: true` allows it where nobody else listens",
        ),
        Ok(_) => {}
    }
    if provider.api_key_env.is_some() && provider.api_key_file.is_some() {
        refuse("api_key_file", "stands beside `api_key_env`: the key comes from one of them");
    }
    let priced = provider.input_price.is_some() && provider.output_price.is_some();
    let bounded = policy.budget.per_day.is_some() || policy.budget.per_answer.is_some();
    if bounded && !priced {
        refuse(
            "input_price",
            "is needed by `budget`, as is `output_price`: give 0 for a provider that costs nothing",
        );
    }
    for (key, price) in [("input_price", provider.input_price), ("output_price", provider.output_price)] {
        if price.is_some_and(|price| !(0.0..=1e6).contains(&price)) {
            refuse(key, "must be US dollars for a million tokens, 0 to 1000000");
        }
    }
    if !(100..=3_600_000).contains(&provider.timeout.get().as_millis()) {
        refuse("timeout", "must be 100ms to 1h");
    }
    if !(64..=10_000_000).contains(&provider.max_prompt_tokens) {
        refuse("max_prompt_tokens", "must be 64 to 10000000");
    }
    if provider.retries > 5 {
        refuse("retries", "must be at most 5");
    }
    if provider.breaker.rest.get() > LONGEST_REST {
        refuse("breaker", "must rest for at most 24h");
    }
    if !(1..=1000).contains(&provider.breaker.failures) {
        refuse("breaker", "must open after 1 to 1000 failures");
    }
}

fn reached_in_private(url: &Url) -> bool {
    url.scheme() == "https" || is_loopback(url)
}
