//! Credentials. A secret that stands in the text is not copied: the test reads it from the environment.

use serde_json::{Map, Value};

use super::{Credentials, Fact, Reader, Wanted, token::Kind};
use crate::loadtest::mask::is_secret;

/// What stands before a user's name.
const WHO: &[&str] = &[
    "user",
    "username",
    "benutzer",
    "nutzer",
    "benutzername",
    "login",
    "account",
    "user-name",
    "konto",
    "nutzername",
    "kennung",
    "as",
    "als",
];
/// What stands before a password.
const PASSWORD: &[&str] = &["password", "passwort", "kennwort", "pw", "pwd", "pass"];
/// How words begin that tell of somebody who gives one.
const SIGNS_IN: &[&str] = &["log", "sign", "anmeld", "einlogg", "meld", "auth"];
/// Why nothing was made of one.
const UNSENT: &str = "how a password is sent is not said, and none is copied from a text: say basic auth, or write the \
                      request with its body, and ${env:NAME} in place of the password";
/// Where a token comes from if nobody names a variable.
const TOKEN: &str = "API_TOKEN";

fn names_a_variable(word: &str) -> bool {
    word.starts_with("env") || word.starts_with("umgebung") || word.starts_with("variable")
}

impl Reader<'_> {
    /// Finds the credentials.
    pub(super) fn credentials(&mut self) {
        for at in 0..self.tokens.len() {
            if self.reading.credentials.is_some() {
                return;
            }
            let header = match &self.tokens[at].kind {
                Kind::Header(name, value) if name.eq_ignore_ascii_case("authorization") => {
                    Some(value.clone())
                }
                _ => None,
            };
            if let Some(value) = header {
                self.authorization(at, &value);
            } else if self.word(at).starts_with("bearer") {
                self.bearer(at);
            } else if self.is_word(at, &["token", "tokens"]) {
                self.token(at);
            } else if self.is_word(at, &["u", "user"])
                && at > 0
                && self.tokens[at - 1].kind == Kind::Mark('-')
            {
                self.pair(at);
            } else if self.word(at).starts_with("basic-auth")
                || self.word(at).starts_with("http-basic")
                || self.word(at).contains("basisauth")
                || self.is_word(at, &["basic"])
                    && (["auth", "credential", "anmeldung", "login"]
                        .iter()
                        .any(|word| self.word(at + 1).starts_with(word))
                        || self.has(at.saturating_sub(2), at, &["auth", "http", "authentication"]))
            {
                self.basic(at);
            }
        }
    }

    /// A password that nothing was made of: `log in as ada with the password secret` does not say how.
    pub(super) fn password_of_nothing(&mut self) {
        let says = |one: &Fact<Wanted>| {
            let json = one.value.json.as_ref().and_then(Value::as_object).into_iter().flat_map(Map::keys);
            let form = one.value.form.iter().flatten().map(|(name, _)| name);
            json.chain(form).any(|name| is_secret(name))
        };
        if self.reading.credentials.is_some() || self.reading.requests.iter().any(says) {
            return;
        }
        let somebody = |at: usize| {
            (self.sentence_start(at)..self.sentence_end(at)).any(|at| {
                let word = self.word(at);
                let named = WHO.contains(&word) && word != "as" && word != "als";
                named || SIGNS_IN.iter().any(|begin| word.starts_with(begin))
            })
        };
        if let Some(at) = (0..self.tokens.len()).find(|at| self.is_word(*at, PASSWORD) && somebody(*at)) {
            self.unused(at, at + 1, UNSENT);
        }
    }

    fn authorization(&mut self, at: usize, value: &str) {
        let mut words = value.split_whitespace();
        let (scheme, secret) =
            (words.next().unwrap_or_default().to_lowercase(), words.next().unwrap_or_default());
        let found = match scheme.as_str() {
            "bearer" => Credentials::Bearer(self.reference(secret, TOKEN, "the bearer token")),
            "basic" => self.unnamed_basic(),
            _ => {
                self.unused(at, at + 1, "is a kind of authorization that is not known: bearer and basic are");
                return;
            }
        };
        self.reading.credentials = Some(self.fact(found, at, at + 1));
    }

    fn unnamed_basic(&mut self) -> Credentials {
        let user = self.secret("BASIC_USER", "the user of the basic credentials");
        let password = self.secret("BASIC_PASSWORD", "the password of the basic credentials");
        Credentials::Basic(user, password)
    }

    /// A reference that is there already, else one that stands for a secret.
    fn reference(&mut self, text: &str, name: &str, what: &str) -> String {
        let plain =
            |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !name.is_empty();
        let named = text
            .strip_prefix("${env:")
            .or_else(|| text.strip_prefix("${"))
            .and_then(|rest| rest.strip_suffix('}'));
        if let Some(name) = named.or_else(|| text.strip_prefix('$')).filter(|name| plain(name)) {
            format!("${{env:{name}}}")
        } else {
            self.secret(name, what)
        }
    }

    /// `bearer ${env:TOKEN}`, `Bearer-Token aus TOKEN`, `bearer abc123`.
    fn bearer(&mut self, at: usize) {
        let end = self.sentence_end(at).min(at + 16);
        // `The variable is called X (bearer)`: it may stand before, where nobody names one behind.
        let start = self.sentence_start(at);
        let before = || {
            let named = (start..at).any(|at| names_a_variable(self.word(at)));
            self.variable(start, at).filter(|_| named)
        };
        let (reference, to) = match self.variable(at + 1, end).or_else(before) {
            Some((reference, to)) => (reference, to.max(at + 1)),
            None => (self.secret(TOKEN, "the bearer token"), self.literal(at + 1, end).unwrap_or(at + 1)),
        };
        self.reading.credentials = Some(self.fact(Credentials::Bearer(reference), at, to));
    }

    /// `token sk-live-...`: without a variable or what looks like a secret, the word means nothing.
    fn token(&mut self, at: usize) {
        // `The token is in the environment variable X`: a variable may stand far behind.
        let sentence = self.sentence_end(at);
        let end = sentence.min(at + 5);
        let named = (at + 1..sentence.min(at + 16)).any(|at| names_a_variable(self.word(at)));
        let found = self.variable(at + 1, if named { sentence.min(at + 16) } else { end });
        let (reference, to) = match (found, self.literal(at + 1, end)) {
            (Some(found), _) => found,
            (None, Some(to)) => (self.secret(TOKEN, "the token"), to),
            (None, None) => return,
        };
        self.reading.credentials = Some(self.fact(Credentials::Bearer(reference), at, to));
    }

    /// A variable of the environment among these tokens, and the token behind it.
    fn variable(&self, from: usize, end: usize) -> Option<(String, usize)> {
        let mut named = false;
        for at in from..end {
            let token = &self.tokens[at];
            if let Kind::Env(name) = &token.kind {
                return Some((format!("${{env:{name}}}"), at + 1));
            }
            named |= names_a_variable(&token.low);
            // `NOT in API_KEY, but in the variable CRM_TOKEN`
            if self.has(at.saturating_sub(2).max(from), at, &["not", "nicht"]) {
                continue;
            }
            let capital = token.raw.len() > 2
                && token.raw.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
                && (named || token.raw.contains('_'));
            if capital && token.kind == Kind::Word {
                return Some((format!("${{env:{}}}", token.raw), at + 1));
            }
        }
        None
    }

    /// The token behind what looks like a secret.
    fn literal(&self, from: usize, end: usize) -> Option<usize> {
        let secret = |at: usize| {
            let token = &self.tokens[at];
            let digits = token.raw.bytes().filter(u8::is_ascii_digit).count();
            matches!(token.kind, Kind::Word | Kind::Opaque | Kind::Quoted)
                && token.raw.len() >= 8
                && digits >= 2
        };
        (from..end.min(self.tokens.len())).find(|at| secret(*at)).map(|at| at + 1)
    }

    /// `curl -u "user:password"`.
    fn pair(&mut self, at: usize) {
        let Some(token) =
            self.tokens.get(at + 1).filter(|token| matches!(token.kind, Kind::Quoted | Kind::Word))
        else {
            return;
        };
        let raw = token.raw.trim_matches(['"', '\'', '`']).to_owned();
        // What is not quoted is cut at the colon.
        let glued = self
            .tokens
            .get(at + 2)
            .is_some_and(|colon| colon.kind == Kind::Mark(':') && colon.start == token.end);
        let (user, password) = match raw.split_once(':') {
            Some((user, password)) => (user.to_owned(), password.to_owned()),
            None if glued => {
                (raw, self.tokens.get(at + 3).map_or_else(String::new, |token| token.raw.clone()))
            }
            None => return,
        };
        let name = password
            .strip_prefix("${env:")
            .or_else(|| password.strip_prefix("${"))
            .or_else(|| password.strip_prefix('$'));
        let name = name.map(|name| name.trim_end_matches('}')).filter(|name| !name.is_empty());
        let password = match name {
            Some(name) => format!("${{env:{name}}}"),
            None => self.secret("BASIC_PASSWORD", "the password of the basic credentials"),
        };
        let basic = Credentials::Basic(super::requests::literal(&user), password);
        self.reading.credentials = Some(self.fact(basic, at, at + 2));
    }

    /// `basic auth, user tester and password secret`.
    fn basic(&mut self, at: usize) {
        let next = self.sentence_end(at);
        // Who it is may stand in the sentence behind, or in the clause before.
        let end = if self.has(at, next, WHO) {
            next
        } else {
            self.sentence_end((next + 1).min(self.tokens.len() - 1))
        };
        let start = self.sentence_start(at);
        let named = |from: usize, to: usize, words: &[&str]| {
            (from..to).find(|&at| self.is_word(at, words)).map(|at| at + 1)
        };
        let user = named(at + 1, end, WHO).or_else(|| named(start, at, WHO));
        // `Basic-Auth-Benutzer ist „lager“`
        let own = self.word(at).ends_with("benutzer") || self.word(at).ends_with("user");
        let user = if own { Some(at + 1) } else { user };
        let password = named(at + 1, end, PASSWORD).filter(|at| *at < end);
        let user = user.map(|at| {
            (at..end)
                .find(|&at| {
                    const BETWEEN: &[&str] = &[
                        "name", "is", "ist", "heißt", "called", "namens", ":", "=", "lautet", "user",
                        "nutzer", "benutzer", "the", "der", "'", "‘", "’",
                    ];
                    !self.is_word(at, BETWEEN)
                })
                .unwrap_or(at)
        });
        let plain = |raw: &str| raw.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
        let user = user.and_then(|at| self.tokens.get(at)).and_then(|token| match token.kind {
            Kind::Word => Some(token.raw.clone()),
            Kind::Quoted => {
                Some(plain(&token.raw)).filter(|name| !name.is_empty() && !name.contains(char::is_whitespace))
            }
            _ => None,
        });
        let to = password.map_or(at + 1, |at| (at + 1).min(end));
        let given = password.and_then(|at| self.variable(at, (at + 10).min(self.sentence_end(at))));
        let password = match given {
            Some((reference, _)) => reference,
            None => self.secret("BASIC_PASSWORD", "the password of the basic credentials"),
        };
        let user = match user {
            Some(user) => super::requests::literal(&user),
            None => self.secret("BASIC_USER", "the user of the basic credentials"),
        };
        self.reading.credentials = Some(self.fact(Credentials::Basic(user, password), at, to));
    }
}
