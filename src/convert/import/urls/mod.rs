//! URLs, one a line, each with a method before it where it is not GET.

use super::{
    draft::{Address, Draft, Unique, group, some_thinking},
    error::ImportError,
};
use crate::loadtest::types::{Request, Scenario, Transaction};

/// Most URLs of a list: each becomes a transaction.
const MAX_URLS: usize = 1000;

/// Reads a list; what begins with `#` or `//` is a comment.
pub(super) fn import(text: &str, draft: &mut Draft) -> Result<(), ImportError> {
    "URLs".clone_into(&mut draft.name);
    let mut names = Unique::default();
    let mut transactions = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') || line.starts_with("//") {
            continue;
        }
        draft.found += 1;
        if draft.found > MAX_URLS {
            return Err(ImportError::on_line(
                &draft.source,
                index + 1,
                1,
                format!("is one URL more than the {MAX_URLS} that are taken: split the list"),
            ));
        }
        let place = format!("line {}", index + 1);
        if let Some(request) = request(line, &place, draft) {
            let name = names.name(&request.label());
            transactions.push(Transaction::of(&name, vec![request]));
        }
    }
    let mut scenario = Scenario::of("urls", transactions);
    scenario.think_time = Some(some_thinking());
    draft.scenarios.push(scenario);
    Ok(())
}

fn request(line: &str, place: &str, draft: &mut Draft) -> Option<Request> {
    let mut words = line.split_whitespace();
    let first = words.next().unwrap_or_default();
    let is_method = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_uppercase());
    let (method, url) =
        if is_method { (Some(first), words.next().unwrap_or_default()) } else { (None, first) };
    if let Some(rest) = words.next().filter(|rest| !rest.starts_with('#')) {
        let message = format!("`{rest}` and what follows it is passed over: a line holds a method and a URL");
        draft.leave_out(place, message);
    }
    let address = match Address::of(url) {
        Ok(address) => address,
        Err(why) => {
            draft.leave_out(place, why);
            return None;
        }
    };
    if draft.hosts.is_empty() {
        draft.hosts.push(address.origin.clone());
    }
    let mut request = Request::of(&address.path_from(&draft.hosts[0]));
    request.method = method.filter(|method| *method != "GET").map(str::to_owned);
    if let Some(query) = &address.query {
        draft.query(&mut request, place, query);
    }
    if let Some((user, password)) = &address.credentials {
        request.auth = Some(draft.basic(place, user, password));
    }
    request.name = Some(format!("{} {}", request.method(), group(&address.path)));
    draft.sendable(place, request)
}
