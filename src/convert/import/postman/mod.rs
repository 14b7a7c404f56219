//! Postman collections, v2.1: each folder becomes a transaction, in the order of the collection.

mod auth;
mod body;
mod own;
mod script;
mod text;
mod url;

use serde_json::Value;

use self::{script::Scripts, text::Variables};
use super::{
    draft::{Draft, Unique, short, some_thinking},
    error::ImportError,
    read,
};
use crate::{
    convert::export::{EXPORTER, ON_START, ON_STOP},
    loadtest::types::{Request, Scenario, Transaction},
};

/// Deepest nesting of folders.
const MAX_DEPTH: usize = 30;
/// Longest description, in characters.
const LONGEST: usize = 10_000;
/// Most requests of a collection.
const MAX_REQUESTS: usize = 1000;

/// Reads a collection and takes its requests over.
pub(super) fn import(text: &str, draft: &mut Draft) -> Result<(), ImportError> {
    let root = read::value(text, &draft.source)?;
    // What Postman's own API hands out has the collection one level down.
    let root = root.get("collection").unwrap_or(&root);
    check_version(root, draft)?;
    draft.name = short(root["info"]["name"].as_str().unwrap_or("Postman collection"));
    draft.description = root["info"]["description"].as_str().map(|text| text.chars().take(LONGEST).collect());
    draft.redirects = redirects(root);
    let mut walk = Walk {
        variables: Variables::of(root, draft),
        draft,
        transactions: Vec::new(),
        names: Unique::default(),
    };
    let outer = Inherited { auth: root.get("auth"), scripts: Scripts::default() };
    let outer = walk.inner(&outer, root, "event");
    if is_own(root) {
        walk.scenarios(root, &outer)?;
        let Walk { variables, draft, .. } = walk;
        variables.finish(draft);
        return Ok(());
    }
    walk.folder(&root["item"], "", "item", &outer, 0)?;
    let Walk { mut transactions, variables, draft, .. } = walk;
    variables.finish(draft);
    for (index, transaction) in transactions.iter_mut().enumerate() {
        transaction.sequence = u32::try_from(index + 1).ok();
    }
    if let [only] = transactions.as_mut_slice() {
        only.sequence = None;
    }
    let mut scenario = Scenario::of(&draft.name, transactions);
    scenario.think_time = Some(some_thinking());
    draft.scenarios.push(scenario);
    Ok(())
}

fn check_version(root: &Value, draft: &Draft) -> Result<(), ImportError> {
    let schema = root["info"]["schema"].as_str().unwrap_or_default();
    if root.get("requests").is_some() || schema.contains("/v1.") {
        let message =
            "is a collection of version 1: export it as v2.1, in Postman under Export > Collection v2.1";
        return Err(draft.refuse(message));
    }
    if !root["item"].is_array() {
        let message =
            "has no `item` list: it is no Postman collection; environments and workspaces are not imported";
        return Err(draft.refuse(message));
    }
    Ok(())
}

/// Whether MAID has written the collection: a folder for each scenario, and one in it for each transaction.
fn is_own(root: &Value) -> bool {
    fn all(holder: &Value, is_right: fn(&Value) -> bool) -> bool {
        holder["item"].as_array().is_some_and(|items| items.iter().all(is_right))
    }
    let is_scenario =
        |scenario: &Value| all(scenario, |act| all(act, |request| request["request"].is_object()));
    root["info"]["_exporter_id"] == EXPORTER && all(root, is_scenario)
}

/// How many redirects a collection or request says that are followed.
fn redirects(holder: &Value) -> Option<u8> {
    let behaviour = &holder["protocolProfileBehavior"];
    let most = behaviour["maxRedirects"].as_u64().map(|most| u8::try_from(most.min(20)).unwrap_or(20));
    match behaviour["followRedirects"].as_bool() {
        Some(false) => Some(0),
        _ => most,
    }
}

/// What folders say for everything within.
#[derive(Clone, Default)]
struct Inherited<'a> {
    auth: Option<&'a Value>,
    scripts: Scripts,
}

struct Walk<'d> {
    draft: &'d mut Draft,
    variables: Variables,
    transactions: Vec<Transaction>,
    names: Unique,
}

impl Walk<'_> {
    /// What holds within a collection or folder.
    fn inner<'a>(&mut self, outer: &Inherited<'a>, holder: &'a Value, place: &str) -> Inherited<'a> {
        let mut scripts = outer.scripts.clone();
        scripts.add(&holder["event"], place, &mut self.variables, self.draft);
        Inherited { auth: holder.get("auth").filter(|auth| !auth.is_null()).or(outer.auth), scripts }
    }

    /// Takes over a collection that MAID has written.
    fn scenarios(&mut self, root: &Value, outer: &Inherited<'_>) -> Result<(), ImportError> {
        let mut titles = Unique::default();
        for (index, folder) in root["item"].as_array().into_iter().flatten().enumerate() {
            let mut scenario =
                Scenario::of(&titles.name(folder["name"].as_str().unwrap_or_default()), Vec::new());
            self.names = Unique::default();
            for (at, act) in folder["item"].as_array().into_iter().flatten().enumerate() {
                let name = act["name"].as_str().unwrap_or_default();
                let place = format!("item[{index}].item[{at}] {name}");
                let inner = self.inner(outer, act, &place);
                self.folder(&act["item"], name, &place, &inner, 1)?;
                let made = std::mem::take(&mut self.transactions);
                match act["description"].as_str() {
                    Some(ON_START) => scenario.on_start.extend(made),
                    Some(ON_STOP) => scenario.on_stop.extend(made),
                    _ => scenario.transactions.extend(made),
                }
            }
            self.draft.scenarios.push(scenario);
        }
        Ok(())
    }

    fn folder(
        &mut self,
        list: &Value,
        title: &str,
        place: &str,
        outer: &Inherited<'_>,
        depth: usize,
    ) -> Result<(), ImportError> {
        if depth > MAX_DEPTH {
            return Err(self.draft.refuse(format!("has folders nested more than {MAX_DEPTH} levels deep")));
        }
        let mut requests = Vec::new();
        for (index, item) in list.as_array().into_iter().flatten().enumerate() {
            let name = item["name"].as_str().unwrap_or("unnamed");
            let place = format!("{place}[{index}] {name}");
            if item["item"].is_array() {
                self.end(title, &mut requests);
                let title = if title.is_empty() { name.to_owned() } else { format!("{title} / {name}") };
                let inner = self.inner(outer, item, &place);
                self.folder(&item["item"], &title, &place, &inner, depth + 1)?;
                continue;
            }
            self.variables.forget();
            self.draft.found += 1;
            if self.draft.found > MAX_REQUESTS {
                let message =
                    format!("holds more than {MAX_REQUESTS} requests: export fewer folders at a time");
                return Err(self.draft.refuse(message));
            }
            let inner = self.inner(outer, item, &place);
            if let Some(request) = self.request(item, name, &place, &inner) {
                requests.push(request);
                // Requests that are in no folder have nothing to do with each other.
                if title.is_empty() {
                    self.end(name, &mut requests);
                }
            }
        }
        self.end(title, &mut requests);
        Ok(())
    }

    fn end(&mut self, title: &str, requests: &mut Vec<Request>) {
        if !requests.is_empty() {
            let name = self.names.name(title);
            self.transactions.push(Transaction::of(&name, std::mem::take(requests)));
        }
    }

    fn request(&mut self, item: &Value, name: &str, place: &str, inner: &Inherited<'_>) -> Option<Request> {
        let written = &item["request"];
        let (variables, draft) = (&mut self.variables, &mut *self.draft);
        let url = if written.is_string() { written } else { &written["url"] };
        let mut request = url::request(url, place, variables, draft)?;
        let method = written["method"].as_str().unwrap_or("GET").to_ascii_uppercase();
        request.method = (method != "GET").then_some(method);
        request.name = Some(short(name));
        for header in written["header"].as_array().into_iter().flatten() {
            let (Some(name), true) = (header["key"].as_str(), header["disabled"] != true) else { continue };
            let value = header["value"].as_str().unwrap_or_default();
            // It is asked for as a whole, and for all requests.
            draft.compression |= name.eq_ignore_ascii_case("accept-encoding") && value.contains("gzip");
            auth::header(&mut request, place, name, value, variables, draft);
        }
        let own = written.get("auth").filter(|auth| !auth.is_null());
        auth::add(own.or(inner.auth), &mut request, place, variables, draft);
        if let Err(why) = body::add(&written["body"], &mut request, place, variables, draft) {
            draft.leave_out(place, why);
            return None;
        }
        inner.scripts.give(&mut request);
        let own = redirects(item);
        request.redirects = own.filter(|own| Some(*own) != draft.redirects);
        draft.sendable(place, request)
    }
}
