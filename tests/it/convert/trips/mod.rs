//! What a LoadTest loses on its way through another format, in words, and whether that was said.
//!
//! Two tests are compared by what they send and judge, not by how they are written: a header may stand at the
//! target or at the request, a token in `auth` or in a header, a variable may be filled in.

mod documents;
mod generated;
mod sent;
mod texts;

use std::collections::{BTreeMap, VecDeque};

use maid::{
    convert::{
        LeftOut,
        export::{Form, Given, export},
        import::{Format, Imported, Options, import},
    },
    loadtest::{
        parse::Document,
        types::{LoadTest, Request},
        valid::FileAccess,
    },
};

use self::{
    sent::{Sent, sent},
    texts::plain,
};

/// Something that is not the same in two tests.
#[derive(Debug)]
pub struct Difference {
    /// Where it is in the first test.
    pub place: String,
    /// The request that it is about.
    pub request: Option<String>,
    /// What a list of what was left out calls it: one of these words.
    pub called: Vec<String>,
    /// The difference in words.
    pub words: String,
}

/// All differences between a test and what was made of it.
pub fn differences(before: &LoadTest, after: &LoadTest) -> Vec<Difference> {
    let after = &renamed(before, after);
    let mut out = Vec::new();
    of_the_whole(before, after, &mut out);
    let (was, is) = (sent(before), sent(after));
    let mut found: BTreeMap<&str, VecDeque<&Sent>> = BTreeMap::new();
    for one in &is {
        found.entry(&one.name).or_default().push_back(one);
    }
    let mut pairs = Vec::new();
    for one in &was {
        match found.get_mut(one.name.as_str()).and_then(VecDeque::pop_front) {
            Some(other) => pairs.push((one, other)),
            None => tell(
                &mut out,
                one,
                &one.place,
                &["request", "left out", "sent", "file"],
                "is not there".to_owned(),
            ),
        }
    }
    for one in found.into_values().flatten() {
        tell(&mut out, one, "", &["request"], format!("was not there before: {} {}", one.method, one.path));
    }
    let kept = taken(after);
    pairs.iter().for_each(|(one, other)| of_a_request(one, other, (before, &kept), &mut out));
    of_all_requests(&pairs, &is, &mut out);
    out
}

/// The second test with the names for values of answers that the first has: a format may want other ones.
fn renamed(before: &LoadTest, after: &LoadTest) -> LoadTest {
    let named = |test: &LoadTest| -> Vec<(String, String)> {
        let acts =
            test.scenarios.iter().flat_map(|one| [&one.on_start, &one.transactions, &one.on_stop]).flatten();
        let requests = acts.flat_map(|act| &act.requests);
        let of = |request: &Request| -> Vec<(String, String)> {
            let name = request.label().trim().to_owned();
            request.extract.iter().map(|one| (name.clone(), one.name.clone())).collect()
        };
        requests.flat_map(of).collect()
    };
    let mut text = serde_json::to_string(after).expect("a LoadTest has text keys");
    let (mut was, mut is) = (named(before), named(after));
    was.sort_by(|a, b| a.0.cmp(&b.0));
    is.sort_by(|a, b| a.0.cmp(&b.0));
    if was.len() == is.len() {
        for ((request, one), (other_request, other)) in was.iter().zip(&is) {
            if request == other_request && plain(one) != plain(other) {
                for (from, to) in [
                    (format!("{{{{ {other} }}}}"), format!("{{{{ {one} }}}}")),
                    (format!("\"name\":\"{other}\",\"from\""), format!("\"name\":\"{one}\",\"from\"")),
                ] {
                    text = text.replace(&from, &to);
                }
            }
        }
    }
    serde_json::from_str(&text).expect("a LoadTest")
}

/// Names of the values that are taken from answers.
fn taken(test: &LoadTest) -> Vec<String> {
    let acts =
        test.scenarios.iter().flat_map(|one| [&one.on_start, &one.transactions, &one.on_stop]).flatten();
    let extracts = acts.flat_map(|act| &act.requests).flat_map(|request| &request.extract);
    extracts.map(|extract| plain(&extract.name)).collect()
}

fn tell(out: &mut Vec<Difference>, one: &Sent, place: &str, called: &[&str], words: String) {
    out.push(Difference {
        place: place.to_owned(),
        request: Some(one.name.clone()),
        called: called.iter().map(|word| (*word).to_owned()).collect(),
        words: format!("request `{}`: {words}", one.name),
    });
}

fn of_the_whole(before: &LoadTest, after: &LoadTest, out: &mut Vec<Difference>) {
    let mut tell = |place: &str, called: &str, words: String| {
        out.push(Difference {
            place: place.to_owned(),
            request: None,
            called: vec![called.to_owned()],
            words,
        });
    };
    let mut differs = |place: &str, called: &str, was: String, is: String| {
        if was != is {
            tell(place, called, format!("{place}: was {was}, is {is}"));
        }
    };
    differs("name", "name", before.name.clone(), after.name.clone());
    differs("load", "load", format!("{:?}", before.load), format!("{:?}", after.load));
    differs("scheduler", "scheduler", format!("{:?}", before.scheduler), format!("{:?}", after.scheduler));
    differs("rate_limit", "rate_limit", before.rate_limit.to_string(), after.rate_limit.to_string());
    let (was, is) = (&before.target, &after.target);
    differs("target.hosts", "host", format!("{:?}", was.hosts), format!("{:?}", is.hosts));
    differs("target.tls", "tls", format!("{:?}", was.tls), format!("{:?}", is.tls));
    let versions = [was, is].map(|target| format!("{:?}", target.http_version));
    differs("target.http_version", "http_version", versions[0].clone(), versions[1].clone());
    let flags = [was, is].map(|target| [target.cookies, target.compression, target.sticky_redirects]);
    for (at, name) in ["cookies", "compression", "sticky_redirects"].into_iter().enumerate() {
        differs(&format!("target.{name}"), name, flags[0][at].to_string(), flags[1][at].to_string());
    }
    let traces = [was, is].map(|target| format!("{:?}", target.trace_context));
    differs("target.trace_context", "trace", traces[0].clone(), traces[1].clone());
    for (index, rule) in before.thresholds.iter().enumerate() {
        let place = format!("thresholds[{index}]");
        if !after.thresholds.contains(rule) {
            tell(&place, "thresholds", format!("{place}: `{rule}` is not there"));
        }
    }
    for rule in after.thresholds.iter().filter(|rule| !before.thresholds.contains(rule)) {
        tell("thresholds", "threshold", format!("`{rule}` was no threshold before"));
    }
    if before.abort_on_threshold != after.abort_on_threshold {
        tell("abort_on_threshold", "abort", "whether a threshold ends the run is not the same".to_owned());
    }
    let thinks = |test: &LoadTest| -> Vec<_> { test.scenarios.iter().map(|one| one.think_time).collect() };
    let same = match (thinks(before), thinks(after)) {
        (was, is) if was == is => true,
        // Scenarios that became one think alike where all of them did.
        (was, is) => is.len() == 1 && was.iter().all(|one| *one == is[0]),
    };
    if !same {
        tell("scenarios", "think time", "think times are not the same".to_owned());
    }
}

fn of_a_request(was: &Sent, is: &Sent, (before, kept): (&LoadTest, &[String]), out: &mut Vec<Difference>) {
    let fed: Vec<String> = before.data.iter().map(|data| format!("⟦{}.", plain(&data.name))).collect();
    // What needs a value that nobody takes any more is another one: that it is not taken has to be told.
    let lost: Vec<String> = taken(before)
        .into_iter()
        .filter(|name| !kept.contains(name))
        .map(|name| format!("⟦{name}⟧"))
        .collect();
    let mut differs = |place: &str, called: &str, was_is: (&str, &str), words: String| {
        if lost.iter().any(|mark| was_is.0.contains(mark.as_str())) {
            return;
        }
        let mut called = vec![called];
        // Cells of data files are another story that has to be told.
        if fed.iter().any(|mark| was_is.0.contains(mark.as_str())) {
            called.push("row");
        }
        if was_is.1.contains("⟦env ") {
            called.push("is read from");
        }
        if was_is.0 != was_is.1 {
            tell(out, was, place, &called, words);
        }
    };
    let place = was.place.as_str();
    for (what, one, other) in [
        ("method", &was.method, &is.method),
        ("path", &was.path, &is.path),
        ("timeout", &was.timeout, &is.timeout),
    ] {
        let at = if what == "timeout" { "target.timeout" } else { place };
        differs(at, what, (one, other), format!("its {what} was `{one}`, is `{other}`"));
    }
    let (one, other) = (format!("{:?}", was.query), format!("{:?}", is.query));
    differs(place, "query", (&one, &other), format!("its query was {one}, is {other}"));
    let (one, other) = (was.redirects.to_string(), is.redirects.to_string());
    differs(place, "redirect", (&one, &other), format!("{one} redirects were followed, now {other}"));
    let none = String::new();
    for name in was.headers.keys().chain(is.headers.keys().filter(|name| !was.headers.contains_key(*name))) {
        let (one, other) = (was.headers.get(name).unwrap_or(&none), is.headers.get(name).unwrap_or(&none));
        let words = match (was.headers.contains_key(name), is.headers.contains_key(name)) {
            (true, false) => format!("header {name} lost"),
            (false, true) => format!("header {name} was not there before: `{other}`"),
            _ => format!("header {name} was `{one}`, is `{other}`"),
        };
        differs(place, name, (one, other), words);
    }
    let (one, other) = (was.body.as_ref().unwrap_or(&none), is.body.as_ref().unwrap_or(&none));
    differs(place, "body", (one, other), format!("its body was `{one}`, is `{other}`"));
    for (what, was_all, is_all) in
        [("check", &was.checks, &is.checks), ("extract", &was.extracts, &is.extracts)]
    {
        for (place, one) in was_all.iter().filter(|one| !is_all.iter().any(|other| other.1 == one.1)) {
            tell(out, was, place, &[what], format!("{what} lost: {one}"));
        }
        for (_, one) in is_all.iter().filter(|one| !was_all.iter().any(|other| other.1 == one.1)) {
            tell(out, was, place, &[what], format!("{what} was not there before: {one}"));
        }
    }
}

/// What only shows beside the others: the moment, the order and the shares.
fn of_all_requests(pairs: &[(&Sent, &Sent)], after: &[Sent], out: &mut Vec<Difference>) {
    let unit = |which: fn(&(&Sent, &Sent)) -> u64| pairs.iter().map(which).fold(0, gcd).max(1);
    let (was_unit, is_unit) = (unit(|(was, _)| was.weight), unit(|(_, is)| is.weight));
    let mut before = None;
    for (was, is) in pairs {
        if was.moment != is.moment {
            let words = format!("was sent in {}, now in {}", was.moment, is.moment);
            tell(out, was, &was.place, &[was.moment, "on_start", "on_stop"], words);
        } else if was.weight / was_unit != is.weight / is_unit {
            let words = format!("weighed {}, now {}", was.weight / was_unit, is.weight / is_unit);
            tell(out, was, "scenarios", &["weight"], words);
        }
        let at = after.iter().position(|one| std::ptr::eq(one, *is));
        if at < before {
            tell(out, was, "scenarios", &["order"], "is sent earlier than it was".to_owned());
        }
        before = at.max(before);
    }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Those of the differences that nobody was told of.
pub fn untold<'d>(differences: &'d [Difference], told: &[LeftOut]) -> Vec<&'d str> {
    let covers = |one: &LeftOut, difference: &Difference| {
        let within = |a: &str, b: &str| {
            a.strip_prefix(b).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        let here = within(&difference.place, &one.place) || within(&one.place, &difference.place);
        // An import tells places of what it read, in which requests have their names.
        let about = difference.request.as_ref().is_some_and(|name| one.to_string().contains(name.as_str()));
        let said = one.to_string().to_lowercase();
        let fed = difference.called.iter().any(|word| word == "row") && one.place.starts_with("data[");
        fed || (here || about) && difference.called.iter().any(|word| said.contains(word.as_str()))
    };
    differences
        .iter()
        .filter(|difference| !told.iter().any(|one| covers(one, difference)))
        .map(|difference| difference.words.as_str())
        .collect()
}

/// What came of a test that was exported and imported again.
#[derive(Debug)]
pub struct Trip {
    /// What was written.
    pub text: String,
    /// What was made of that.
    pub after: LoadTest,
    /// All that either side said about what is not the same.
    pub told: Vec<LeftOut>,
}

/// Exports a document, and imports what comes of it.
pub fn trip(document: &Document, form: Form, format: Format) -> Result<Trip, String> {
    let exported =
        export(document.clone(), form, given()).map_err(|error| format!("not exported: {error}"))?;
    let text = exported.files[0].text.clone();
    let imported = import(format, text.as_bytes(), &exported.files[0].name, &Options::default());
    let Imported { loadtest, left_out, made, .. } =
        imported.map_err(|error| format!("not imported again: {error}\n{text}"))?;
    let made = made.into_iter().map(|made| LeftOut::new(made.place, made.message));
    let told = exported.left_out.into_iter().chain(left_out).chain(made).collect();
    Ok(Trip { text, after: loadtest, told })
}

/// Where documents come from: data files are looked for in the folder of the tests.
pub fn given() -> Given {
    Given {
        folder: concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/convert/export").into(),
        files: FileAccess::Inside,
        env: BTreeMap::new(),
        rows: true,
        stem: None,
    }
}
