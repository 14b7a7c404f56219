//! A browser: cookies, redirects, and forms that it fills in.

use std::collections::BTreeMap;

use cookie_store::CookieStore;
use regex::Regex;
use reqwest::{
    blocking::{Client, RequestBuilder},
    header,
    redirect::Policy,
};
use serde_json::Value;
use url::{Url, form_urlencoded};

/// More redirects than this are a circle.
const MOST_STEPS: usize = 20;

/// What a request was answered with.
#[derive(Debug)]
pub struct Page {
    pub url: Url,
    pub status: u16,
    /// Where the answer sends the browser.
    pub location: Option<Url>,
    /// The cookies that it sets, as they came.
    pub cookies: Vec<String>,
    pub body: String,
}

impl Page {
    /// The code of the problem that it is.
    pub fn problem(&self) -> String {
        let body: Value =
            serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        assert_eq!(body["status"], self.status, "{body}");
        body["code"].as_str().expect("a code").to_owned()
    }

    /// The cookie of this name that it sets.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().map(String::as_str).find(|cookie| cookie.starts_with(&format!("{name}=")))
    }
}

/// A parameter of a URL's query.
pub fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// `url` with another value of a parameter, or without it.
pub fn with_parameter(url: &Url, name: &str, value: Option<&str>) -> Url {
    let kept: Vec<(String, String)> = url.query_pairs().into_owned().filter(|(key, _)| key != name).collect();
    let mut changed = url.clone();
    changed.query_pairs_mut().clear().extend_pairs(kept).extend_pairs(value.map(|value| (name, value)));
    changed
}

/// A browser with cookies of its own.
#[derive(Debug)]
pub struct Browser {
    http: Client,
    pub cookies: CookieStore,
}

impl Browser {
    pub fn new() -> Self {
        let http = Client::builder().no_proxy().redirect(Policy::none()).build().expect("a client");
        Self { http, cookies: CookieStore::default() }
    }

    /// Asks for a page and follows nothing.
    pub fn get(&mut self, url: &Url) -> Page {
        self.send(url, self.http.get(url.clone()))
    }

    /// Signs in as `who` from the page that `start` is, up to where the provider sends the browser back to a
    /// callback, which is answered and not visited.
    pub fn up_to_callback(&mut self, start: &Url, who: &str) -> Url {
        self.walk(start, |form| {
            if form.contains_key("login") {
                form.insert("login".to_owned(), who.to_owned());
                form.insert("password".to_owned(), "any".to_owned());
            }
        })
    }

    /// Gives the provider's page up instead of filling it in.
    pub fn give_up(&mut self, start: &Url) -> Url {
        let abort = Regex::new(r#"href="([^"]+/abort)""#).expect("a pattern");
        let mut page = self.get(start);
        for _ in 0..MOST_STEPS {
            let next = match &page.location {
                Some(next) if is_callback(next) => return next.clone(),
                Some(next) => next.clone(),
                None => {
                    let link = abort.captures(&page.body).unwrap_or_else(|| panic!("no way out: {page:?}"));
                    link[1].parse().expect("a URL")
                }
            };
            page = self.get(&next);
        }
        panic!("the provider leads in a circle: {page:?}");
    }

    /// Signs in as `who` from the page that `start` is, and answers what MAID answers.
    pub fn sign_in(&mut self, start: &Url, who: &str) -> Page {
        let callback = self.up_to_callback(start, who);
        self.get(&callback)
    }

    fn walk(&mut self, start: &Url, fill: impl Fn(&mut BTreeMap<String, String>)) -> Url {
        let mut page = self.get(start);
        for _ in 0..MOST_STEPS {
            page = match &page.location {
                Some(next) if is_callback(next) => return next.clone(),
                Some(next) => self.get(&next.clone()),
                None => {
                    let (action, mut form) = form_of(&page);
                    fill(&mut form);
                    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&form).finish();
                    let request = self.http.post(action.clone()).body(body);
                    self.send(
                        &action,
                        request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded"),
                    )
                }
            };
        }
        panic!("the provider leads in a circle: {page:?}");
    }

    fn send(&mut self, url: &Url, request: RequestBuilder) -> Page {
        let cookies: Vec<String> =
            self.cookies.get_request_values(url).map(|(name, value)| format!("{name}={value}")).collect();
        let request = match cookies.is_empty() {
            true => request,
            false => request.header(header::COOKIE, cookies.join("; ")),
        };
        let answer = request.send().expect("an answer");
        let texts = |name| {
            let all = answer.headers().get_all(name).iter();
            all.map(|value| value.to_str().expect("text").to_owned()).collect::<Vec<String>>()
        };
        let location = texts(header::LOCATION).first().map(|to| url.join(to).expect("a URL"));
        let cookies = texts(header::SET_COOKIE);
        for cookie in &cookies {
            self.cookies.parse(cookie, url).ok();
        }
        let status = answer.status().as_u16();
        Page { url: url.clone(), status, location, cookies, body: answer.text().expect("a body") }
    }
}

fn is_callback(url: &Url) -> bool {
    url.path().starts_with("/api/maid/auth/oidc/") && url.path().ends_with("/callback")
}

/// Where a page's form goes, and its fields.
fn form_of(page: &Page) -> (Url, BTreeMap<String, String>) {
    let pattern = |text: &str| Regex::new(text).expect("a pattern");
    let action = pattern(r#"<form[^>]* action="([^"]+)""#);
    let action = action.captures(&page.body).unwrap_or_else(|| panic!("no form: {page:?}"));
    let action = page.url.join(&action[1]).expect("a URL");
    let attribute = |input: &str, name: &str| {
        pattern(&format!(r#" {name}="([^"]*)""#)).captures(input).map(|found| found[1].to_owned())
    };
    let input = pattern("<input[^>]*>");
    let fields = input.find_iter(&page.body).filter_map(|input| {
        let value = attribute(input.as_str(), "value").unwrap_or_default();
        Some((attribute(input.as_str(), "name")?, value))
    });
    (action, fields.collect())
}
