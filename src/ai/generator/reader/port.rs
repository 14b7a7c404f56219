//! Ports and paths that stand in words of their own: `localhost port 5000`, `port 8080 on 10.0.0.7`, `slash orders`.

use super::{
    quantity::Tokens,
    target::{bare_host, parts},
    token::{Kind, Token},
};

/// What may stand between a host and its port.
const BETWEEN: &[&str] = &["on", "at", "auf", "am", "an", "unter", "with", "mit", "using", "über", "via"];
/// What may stand between a port and its host.
const OF: &[&str] = &["on", "at", "of", "auf", "von", "an", "bei", "@"];

/// Takes hosts and their ports together, and reads hosts and paths that are spoken.
pub(super) fn join(text: &str, tokens: Vec<Token>) -> Vec<Token> {
    let tokens = spoken_paths(spoken_hosts(tokens));
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let found = host_first(&tokens, at).or_else(|| port_first(&tokens, at));
        let joined = found.and_then(|(host, port, to)| Some((together(host, port)?, to)));
        match joined {
            Some((url, to)) => {
                let (start, end) = (tokens[at].start, tokens[to - 1].end);
                let raw = text[start..end].to_owned();
                out.push(Token { kind: Kind::Url(url), start, end, low: raw.to_lowercase(), raw });
                at = to;
            }
            None => {
                out.push(tokens[at].clone());
                at += 1;
            }
        }
    }
    out
}

/// `localhost port 5000`, `localhost, auf Port 5000`: the host, the port, and the token behind.
fn host_first(tokens: &[Token], at: usize) -> Option<(&Token, u16, usize)> {
    let host = tokens.get(at).filter(|token| matches!(token.kind, Kind::Url(_)))?;
    let mut next = at + 1;
    next += usize::from(tokens.get(next)?.kind == Kind::Mark(','));
    next += usize::from(BETWEEN.contains(&tokens.get(next)?.low.as_str()));
    let (port, to) = port(tokens, next).or_else(|| port(tokens, behind_a_product(tokens, at + 1)?))?;
    Some((host, port, to))
}

/// `with flask on`, `mit nginx auf`: what listens on the port. Other words between a host and a port may say anything, that it
/// is forbidden as well.
fn behind_a_product(tokens: &[Token], at: usize) -> Option<usize> {
    let low = |at: usize| tokens.get(at).map(|token| token.low.as_str());
    let named = matches!(low(at)?, "with" | "mit") && tokens.get(at + 1)?.kind == Kind::Word;
    (named && matches!(low(at + 2)?, "on" | "at" | "auf" | "an")).then_some(at + 3)
}

/// `port 5000 on localhost`.
fn port_first(tokens: &[Token], at: usize) -> Option<(&Token, u16, usize)> {
    let (port, next) = port(tokens, at)?;
    let next = next + usize::from(OF.contains(&tokens.get(next)?.low.as_str()));
    let host = tokens.get(next).filter(|token| matches!(token.kind, Kind::Url(_)))?;
    Some((host, port, next + 1))
}

/// `port 5000`, `Port: 5000`.
fn port(tokens: &[Token], at: usize) -> Option<(u16, usize)> {
    // `localhost doppelpunkt fünftausend`, as people say it on the phone
    let dictated = matches!(tokens.get(at)?.low.as_str(), "doppelpunkt" | "colon")
        && at > 0
        && matches!(tokens[at - 1].kind, Kind::Url(_));
    if tokens.get(at)?.low != "port" && !dictated {
        return None;
    }
    let number = at + 1 + usize::from(matches!(tokens.get(at + 1)?.kind, Kind::Mark(':' | '=')));
    let tokens = Tokens(tokens);
    let (value, glued, to) = tokens.number(number)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to be whole and within"
    )]
    let port = (glued.is_empty() && value.fract() == 0.0 && (1.0..=65_535.0).contains(&value))
        .then_some(value as u16)?;
    Some((port, to))
}

/// `parts dot example dot com`, as people say it on the phone.
fn spoken_hosts(tokens: Vec<Token>) -> Vec<Token> {
    const DOT: &[&str] = &["dot", "punkt"];
    let plain = |at: usize| {
        tokens.get(at).is_some_and(|token| matches!(token.kind, Kind::Word | Kind::Number { .. }))
    };
    let (mut out, mut at): (Vec<Token>, _) = (Vec::with_capacity(tokens.len()), 0);
    while at < tokens.len() {
        let (mut name, mut to) = (tokens[at].low.clone(), at + 1);
        // No name has more parts than that.
        while to < at + 14
            && plain(at)
            && tokens.get(to).is_some_and(|token| DOT.contains(&token.low.as_str()))
            && plain(to + 1)
        {
            name = format!("{name}.{}", tokens[to + 1].low);
            to += 2;
        }
        match bare_host(&name).filter(|_| to > at + 1 && is_dictated(&tokens, at, to)) {
            Some(url) => {
                let (start, end) = (tokens[at].start, tokens[to - 1].end);
                out.push(Token { kind: Kind::Url(url), start, end, low: name.clone(), raw: name });
                at = to;
            }
            None => {
                out.push(tokens[at].clone());
                at += 1;
            }
        }
    }
    out
}

/// Whether the words from `at` to `to` are a name that was dictated, and no sentence such as `An diesem Punkt Test starten`: in small
/// letters, and with two dots, or behind a word that a host stands behind.
fn is_dictated(tokens: &[Token], at: usize, to: usize) -> bool {
    const BEFORE: &[&str] = &[
        "auf", "on", "at", "against", "gegen", "unter", "is", "ist", "host", "target", "ziel", "adresse",
        "address", "url", "heißt", "site", "seite", "hit", "teste", "test", "@",
    ];
    const NO_NAMES: &[&str] = &[
        "diesem", "diesen", "dem", "den", "der", "die", "das", "einem", "einen", "the", "this", "that", "a",
        "jedem", "jeder", "ersten", "zweiten", "dritten", "letzten", "welchem", "keinem", "red", "blue",
    ];
    let parts = tokens[at..to].iter().step_by(2);
    let small = parts.clone().all(|part| !part.raw.contains(char::is_uppercase));
    let cue = at.checked_sub(1).is_some_and(|before| BEFORE.contains(&tokens[before].low.as_str()));
    small && !NO_NAMES.contains(&tokens[at].low.as_str()) && (parts.len() > 2 || cue)
}

/// `slash api slash weather`, as people say it on the phone.
fn spoken_paths(tokens: Vec<Token>) -> Vec<Token> {
    const SLASH: &[&str] = &["slash", "schrägstrich"];
    // `slash the load by half`
    const NO_PARTS: &[&str] = &[
        "the", "a", "an", "our", "your", "it", "that", "this", "all", "den", "die", "das", "der", "dem",
        "and", "und", "or", "oder",
    ];
    let part = |at: usize| {
        let slash = tokens.get(at).is_some_and(|token| SLASH.contains(&token.low.as_str()));
        tokens
            .get(at + 1)
            .filter(|next| slash && next.kind == Kind::Word)
            .filter(|next| ![SLASH, NO_PARTS].concat().contains(&next.low.as_str()))
    };
    let (mut out, mut at): (Vec<Token>, _) = (Vec::with_capacity(tokens.len()), 0);
    while at < tokens.len() {
        let (first, mut path) = (at, String::new());
        while let Some(part) = part(at) {
            path = format!("{path}/{}", part.low);
            at += 2;
        }
        if path.is_empty() {
            out.push(tokens[at].clone());
            at += 1;
        } else {
            let (start, end) = (tokens[first].start, tokens[at - 1].end);
            out.push(Token { kind: Kind::Path, start, end, low: path.clone(), raw: path });
        }
    }
    out
}

/// The URL of a host that has neither a port nor a path of its own.
fn together(host: &Token, port: u16) -> Option<String> {
    let Kind::Url(url) = &host.kind else { return None };
    let (origin, path) = parts(url)?;
    let bare = url.trim_end_matches('/');
    let own = url::Url::parse(url).ok()?.port().is_some();
    if own || path.is_some_and(|path| path != "/") || bare.len() != origin.len() {
        return None;
    }
    if host.raw.contains("://") {
        return Some(format!("{bare}:{port}"));
    }
    bare_host(&format!("{}:{port}", host.raw.trim_end_matches('/')))
}

#[cfg(test)]
mod tests {
    use crate::ai::generator::reader::read;

    #[test]
    fn a_port_may_stand_in_words_of_its_own() {
        for (text, host) in [
            ("my app is on localhost port 5000, 20 users", "http://localhost:5000"),
            ("auf localhost, Port 8081, 20 Nutzer", "http://localhost:8081"),
            ("20 users on http://10.0.0.7/ at port 9000", "http://10.0.0.7:9000"),
            ("Port: 3000 auf 127.0.0.1 mit 20 Nutzern", "http://127.0.0.1:3000"),
            ("20 users, shop.example.com on port 443", "https://shop.example.com:443"),
        ] {
            let reading = read(text);
            let hosts: Vec<&str> = reading.hosts.iter().map(|host| host.value.as_str()).collect();
            assert!(hosts == [host] || hosts == [host.trim_end_matches(":443")], "{text}: {hosts:?}");
            assert_eq!(reading.load.users.len(), 1, "{text}");
            assert!(reading.unclear.is_empty(), "the port counts nothing: {text}: {:?}", reading.unclear);
        }
    }

    #[test]
    fn words_between_host_and_port_are_not_lost() {
        let reading = read("test localhost with fifty users on port 8080");
        assert_eq!(reading.load.users.iter().map(|fact| fact.value).collect::<Vec<_>>(), [50]);
        let reading = read("on 192.168.1.50 with flask on port 5000, 20 users");
        assert_eq!(reading.hosts[0].value, "http://192.168.1.50:5000");
    }

    #[test]
    fn ordinary_words_are_no_hosts_and_no_paths() {
        for text in
            ["An diesem Punkt Test starten", "Zweiter Punkt App: 20 Nutzer", "an diesem punkt test starten"]
        {
            assert!(read(text).hosts.is_empty(), "{text}: {:?}", read(text).hosts);
        }
        assert!(read("slash the load by half").requests.is_empty());
        assert_eq!(
            read("gegen shop punkt example punkt de, 5 nutzer").hosts[0].value,
            "https://shop.example.de"
        );
    }

    #[test]
    fn a_port_of_something_else_is_no_part_of_the_host() {
        for text in [
            "http://a.test:8080 port 9000 is the database",
            "http://a.test/x port 9000",
            "http://a.test port 70000",
            "http://a.test port of call",
            "http://a.test but not on port 9000",
        ] {
            let hosts: Vec<String> = read(text).hosts.into_iter().map(|host| host.value).collect();
            assert!(hosts == ["http://a.test"] || hosts == ["http://a.test:8080"], "{text}: {hosts:?}");
        }
    }
}
