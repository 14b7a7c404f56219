//! Recordings of browsers and proxies, HAR 1.2: pages become transactions.

mod archive;
mod cookies;
mod correlate;
mod entry;
mod filter;
mod pace;

use std::collections::HashMap;

use self::{
    archive::{Entry, Har},
    correlate::Correlation,
    filter::Kept,
};
use super::{
    Options,
    draft::{Address, Draft, Unique},
    error::ImportError,
    read,
};
use crate::loadtest::types::{Request, Scenario, Transaction};

/// Most transactions of a scenario, and most requests of a transaction.
const MOST: usize = 1000;

/// Reads a recording and takes its requests over, in their order.
pub(super) fn import(text: &str, options: &Options, draft: &mut Draft) -> Result<(), ImportError> {
    let har: Har<'_> = read::json(text, &draft.source)?;
    draft.found = har.log.entries.len();
    let mut titles = HashMap::new();
    for page in har.log.pages.iter().flatten() {
        if let (Some(id), Some(title)) = (&page.id, &page.title) {
            titles.insert(id.as_ref(), title.as_ref());
        }
    }
    let order = pace::in_order(&har.log.entries);
    let (main, kept) = filter::kept(&har.log.entries, &order, options, draft);
    let Some(main) = main else { return Ok(()) };
    draft.hosts.push(main.clone());
    draft.name = main.split_once("://").map_or("recording", |(_, host)| host).to_owned();
    cookies::brought_along(&har.log.entries, &kept, draft);
    let titles = |page: &str| titles.get(page).map(|title| (*title).to_owned());
    let visits = visits(&har.log.entries, &kept);
    let mut scenario = Scenario::of("recording", Vec::new());
    scenario.think_time = Some(pace::thinking(&har.log.entries, &visits));
    scenario.transactions = transactions(&har.log.entries, visits, &main, titles, draft)?;
    draft.scenarios.push(scenario);
    Ok(())
}

/// What was sent while one page was open, without a pause.
pub(super) struct Visit<'k> {
    page: Option<String>,
    kept: Vec<&'k Kept>,
}

/// Cuts the requests into visits: at a new page, or where no page is known at a pause.
fn visits<'k>(entries: &[Entry<'_>], kept: &'k [Kept]) -> Vec<Visit<'k>> {
    let mut visits: Vec<Visit<'k>> = Vec::new();
    let mut last: Option<&Kept> = None;
    for one in kept {
        let page = entries[one.index].pageref.as_deref();
        let begins = match (visits.last(), last) {
            (Some(visit), Some(last)) => {
                visit.page.as_deref() != page && page.is_some()
                    || page.is_none()
                        && pace::pause(&entries[last.index], &entries[one.index]) > pace::VISIT_ENDS_MS
                    || visit.kept.len() >= MOST
            }
            _ => true,
        };
        if begins {
            visits.push(Visit { page: page.map(str::to_owned), kept: Vec::new() });
        }
        if let Some(visit) = visits.last_mut() {
            visit.kept.push(one);
        }
        last = Some(one);
    }
    visits
}

fn transactions(
    entries: &[Entry<'_>],
    visits: Vec<Visit<'_>>,
    main: &str,
    titles: impl Fn(&str) -> Option<String>,
    draft: &mut Draft,
) -> Result<Vec<Transaction>, ImportError> {
    if visits.len() > MOST {
        let message =
            format!("holds {} pages, and {MOST} is the most: record less, or split it", visits.len());
        return Err(draft.refuse(message));
    }
    let mut correlation =
        Correlation::wanting(entries, visits.iter().flat_map(|visit| visit.kept.iter().copied()));
    // Where each request ended up, so that what is taken from its answer can be added once it is needed.
    let mut made: Vec<(usize, Vec<(usize, Request)>)> = Vec::new();
    for (number, visit) in visits.iter().enumerate() {
        let mut requests = Vec::new();
        for one in &visit.kept {
            let entry = &entries[one.index];
            if let Some(request) = entry::request(entry, one, main, &mut correlation, draft) {
                requests.push((one.index, request));
                correlation.learn(one.index, &entries[one.answered]);
            }
        }
        made.push((number, requests));
    }
    let mut extracts = correlation.finish(entries, draft);
    let mut names = Unique::default();
    let mut transactions = Vec::new();
    for (number, requests) in made {
        let requests: Vec<Request> = requests
            .into_iter()
            .map(|(index, mut request)| {
                request.extract = extracts.remove(&index).unwrap_or_default();
                request
            })
            .collect();
        if requests.is_empty() {
            continue;
        }
        let title = visits[number].page.as_deref().and_then(&titles);
        let title = title.as_deref().map(pace::title).unwrap_or_else(|| requests[0].label().into_owned());
        let mut transaction = Transaction::of(&names.name(&title), requests);
        transaction.sequence = u32::try_from(transactions.len() + 1).ok();
        transactions.push(transaction);
    }
    if let [only] = transactions.as_mut_slice() {
        only.sequence = None;
    }
    Ok(transactions)
}

/// Where an entry is, for people.
fn place(index: usize, entry: &Entry<'_>) -> String {
    let url = match Address::of(&entry.request.url) {
        Ok(address) => format!("{}{}", address.origin, address.path),
        Err(_) => entry.request.url.chars().take(80).collect(),
    };
    format!("log.entries[{index}] {} {url}", entry.request.method)
}
