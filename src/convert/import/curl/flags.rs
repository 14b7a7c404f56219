//! The flags of curl.

use super::shell::{Piece, Word};
use crate::{convert::import::draft::Draft, loadtest::span::Span};

/// One request as a command line says it.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    pub(super) place: String,
    pub(super) urls: Vec<Word>,
    pub(super) method: Option<String>,
    pub(super) headers: Vec<Word>,
    pub(super) data: Vec<Data>,
    /// `-G`: the data goes into the query.
    pub(super) get: bool,
    pub(super) head: bool,
    pub(super) json: bool,
    pub(super) user: Option<Word>,
    pub(super) bearer: Option<Word>,
    pub(super) cookie: Option<Word>,
    pub(super) follow: bool,
    pub(super) redirects: Option<u8>,
    pub(super) timeout: Option<Span>,
    /// Why the request cannot be sent as it is.
    pub(super) refused: Option<String>,
}

/// A part of a body.
#[derive(Clone, Debug)]
pub(super) struct Data {
    pub(super) word: Word,
    /// `--data-urlencode`: it is to be encoded first.
    pub(super) encode: bool,
}

/// What a flag takes, and what it does.
#[derive(Clone, Copy)]
enum Does {
    /// Something about this machine: output, progress, reuse.
    Nothing,
    /// The same, with a value.
    NothingWith,
    /// One of those that are read below, without a value.
    Is,
    /// The same, with a value.
    Takes,
    /// Something that is not carried over, without a value.
    Listed,
    /// The same, with a value.
    ListedWith,
}

use Does::{Is, Listed, ListedWith, Nothing, NothingWith, Takes};

/// Flags by their long name, with the letter that stands for them.
const FLAGS: &[(&str, char, Does)] = &[
    ("request", 'X', Takes),
    ("header", 'H', Takes),
    ("data", 'd', Takes),
    ("data-ascii", ' ', Takes),
    ("data-raw", ' ', Takes),
    ("data-binary", ' ', Takes),
    ("data-urlencode", ' ', Takes),
    ("json", ' ', Takes),
    ("get", 'G', Is),
    ("head", 'I', Is),
    ("form", 'F', Takes),
    ("form-string", ' ', Takes),
    ("user", 'u', Takes),
    ("oauth2-bearer", ' ', Takes),
    ("user-agent", 'A', Takes),
    ("referer", 'e', Takes),
    ("cookie", 'b', Takes),
    ("insecure", 'k', Is),
    ("location", 'L', Is),
    ("location-trusted", ' ', Is),
    ("max-redirs", ' ', Takes),
    ("compressed", ' ', Is),
    ("max-time", 'm', Takes),
    ("url", ' ', Takes),
    ("http1.0", '0', Listed),
    ("http1.1", ' ', Is),
    ("http2", ' ', Is),
    ("http2-prior-knowledge", ' ', Is),
    ("next", ':', Is),
    ("upload-file", 'T', Takes),
    ("config", 'K', Takes),
    ("basic", ' ', Nothing),
    ("connect-timeout", ' ', ListedWith),
    ("digest", ' ', Listed),
    ("ntlm", ' ', Listed),
    ("negotiate", ' ', Listed),
    ("anyauth", ' ', Listed),
    ("proxy", 'x', ListedWith),
    ("proxy-user", 'U', ListedWith),
    ("cert", 'E', ListedWith),
    ("key", ' ', ListedWith),
    ("cacert", ' ', ListedWith),
    ("capath", ' ', ListedWith),
    ("resolve", ' ', ListedWith),
    ("connect-to", ' ', ListedWith),
    ("interface", ' ', ListedWith),
    ("limit-rate", ' ', ListedWith),
    ("range", 'r', ListedWith),
    ("netrc", 'n', Listed),
    ("netrc-file", ' ', ListedWith),
    ("aws-sigv4", ' ', ListedWith),
    ("unix-socket", ' ', ListedWith),
    ("http3", ' ', Listed),
    ("retry", ' ', ListedWith),
    ("retry-delay", ' ', ListedWith),
    ("retry-max-time", ' ', ListedWith),
    ("url-query", ' ', Takes),
    ("cert-type", ' ', ListedWith),
    ("pass", ' ', ListedWith),
    ("ciphers", ' ', ListedWith),
    ("tls-max", ' ', ListedWith),
    ("noproxy", ' ', ListedWith),
    ("socks5", ' ', ListedWith),
    ("max-filesize", ' ', ListedWith),
    ("cookie-jar", 'c', NothingWith),
    ("output", 'o', NothingWith),
    ("output-dir", ' ', NothingWith),
    ("write-out", 'w', NothingWith),
    ("dump-header", 'D', NothingWith),
    ("trace", ' ', NothingWith),
    ("trace-ascii", ' ', NothingWith),
    ("stderr", ' ', NothingWith),
    ("keepalive-time", ' ', NothingWith),
    ("remote-name", 'O', Nothing),
    ("remote-header-name", 'J', Nothing),
    ("silent", 's', Nothing),
    ("show-error", 'S', Nothing),
    ("verbose", 'v', Nothing),
    ("include", 'i', Nothing),
    ("fail", 'f', Nothing),
    ("fail-with-body", ' ', Nothing),
    ("progress-bar", '#', Nothing),
    ("no-progress-meter", ' ', Nothing),
    ("globoff", 'g', Nothing),
    ("no-buffer", 'N', Nothing),
    ("parallel", 'Z', Nothing),
    ("ipv4", '4', Nothing),
    ("ipv6", '6', Nothing),
    ("tlsv1.2", ' ', Nothing),
    ("tlsv1.3", ' ', Nothing),
    ("tlsv1", '1', Nothing),
    ("disable", 'q', Nothing),
    ("create-dirs", ' ', Nothing),
    ("path-as-is", ' ', Nothing),
    ("no-keepalive", ' ', Listed),
    ("tcp-nodelay", ' ', Nothing),
    ("junk-session-cookies", 'j', Nothing),
    ("post301", ' ', Listed),
    ("post302", ' ', Listed),
];

/// The requests of a command line, which `--next` parts.
pub(super) fn lines(words: &[Word], place: &str, draft: &mut Draft) -> Vec<Line> {
    let mut reader = Reader { place, draft, line: fresh(place), lines: Vec::new() };
    let mut rest = words.iter();
    let mut only_urls = false;
    while let Some(word) = rest.next() {
        let text = word.plain();
        if only_urls || !text.starts_with('-') || text == "-" {
            reader.line.urls.push(word.clone());
        } else if text == "--" {
            only_urls = true;
        } else if let Some(long) = text.strip_prefix("--") {
            reader.long(long, word, &mut rest);
        } else {
            reader.short(word, &mut rest);
        }
    }
    reader.end();
    reader.lines
}

fn fresh(place: &str) -> Line {
    Line { place: place.to_owned(), ..Line::default() }
}

struct Reader<'a> {
    place: &'a str,
    draft: &'a mut Draft,
    line: Line,
    lines: Vec<Line>,
}

impl Reader<'_> {
    fn end(&mut self) {
        let line = std::mem::replace(&mut self.line, fresh(self.place));
        if line.urls.is_empty() {
            self.draft.leave_out(self.place, "names no URL: nothing is sent");
        } else {
            // Several URLs of one command are sent with the same flags.
            let each = line.urls.iter().map(|url| Line { urls: vec![url.clone()], ..line.clone() });
            self.lines.extend(each.collect::<Vec<_>>());
        }
    }

    fn long<'w>(&mut self, text: &str, word: &Word, rest: &mut impl Iterator<Item = &'w Word>) {
        let (name, has_value) = text.split_once('=').map_or((text, false), |(name, _)| (name, true));
        let Some((name, _, does)) = FLAGS.iter().find(|(known, ..)| *known == name) else {
            let name = name.strip_prefix("no-").filter(|name| FLAGS.iter().any(|(known, ..)| known == name));
            if name.is_none() {
                let message = format!("the flag --{} is not known: it is passed over", shown(text));
                self.draft.leave_out(self.place, message);
            }
            return;
        };
        let value = has_value.then(|| without_start(word, name.len() + 3));
        self.flag(name, *does, value, rest);
    }

    /// `-sSL`, `-d{}`: letters in one word; what follows a letter that takes a value is that value.
    fn short<'w>(&mut self, word: &Word, rest: &mut impl Iterator<Item = &'w Word>) {
        let text = word.plain();
        for (at, letter) in text.char_indices().skip(1) {
            let Some((name, _, does)) = FLAGS.iter().find(|(_, known, _)| *known == letter && letter != ' ')
            else {
                let message = format!("the flag -{letter} is not known: it is passed over");
                return self.draft.leave_out(self.place, message);
            };
            let takes = matches!(does, Takes | NothingWith | ListedWith);
            let end = at + letter.len_utf8();
            let value = (takes && end < text.len()).then(|| without_start(word, end));
            self.flag(name, *does, value, rest);
            if takes {
                return;
            }
        }
    }

    fn flag<'w>(
        &mut self,
        name: &str,
        does: Does,
        value: Option<Word>,
        rest: &mut impl Iterator<Item = &'w Word>,
    ) {
        match does {
            Nothing => {}
            NothingWith => drop(value.or_else(|| rest.next().cloned())),
            Is => self.is(name),
            Takes => match value.or_else(|| rest.next().cloned()) {
                Some(value) => self.takes(name, value),
                None => self.draft.leave_out(self.place, format!("the flag --{name} has no value")),
            },
            Listed | ListedWith => {
                if matches!(does, ListedWith) && value.is_none() {
                    rest.next();
                }
                self.draft
                    .leave_out(self.place, format!("--{name} has no counterpart here: it is passed over"));
            }
        }
    }

    fn is(&mut self, name: &str) {
        use crate::loadtest::types::HttpVersion::{Http1, Http2};
        match name {
            "get" => self.line.get = true,
            "head" => self.line.head = true,
            "insecure" if self.draft.insecure => {}
            "insecure" => {
                self.draft.insecure = true;
                self.draft.make(self.place, "certificates are not checked, in the whole test");
            }
            "location" | "location-trusted" => self.line.follow = true,
            "compressed" => self.draft.compression = true,
            "http1.1" => self.draft.http_version = Http1,
            "http2-prior-knowledge" => self.draft.http_version = Http2,
            "next" => self.end(),
            // `http2` is what is negotiated anyway.
            _ => {}
        }
    }

    fn takes(&mut self, name: &str, word: Word) {
        let text = word.plain();
        match name {
            "request" => self.line.method = Some(text),
            "header" => self.line.headers.push(word),
            "data-raw" => self.line.data.push(Data { word, encode: false }),
            "data" | "data-ascii" | "data-binary" | "json" => {
                self.line.json |= name == "json";
                if let Some(file) = text.strip_prefix('@') {
                    self.refuse(format!(
                        "its body is in the file `{file}`, which is not read: use `body.file`"
                    ));
                }
                self.line.data.push(Data { word, encode: false });
            }
            "data-urlencode" => {
                let before = text.split('=').next().unwrap_or_default();
                if !text.contains('=') && before.contains('@') {
                    self.refuse(
                        "--data-urlencode names a file, which is not read: write its contents".to_owned(),
                    );
                }
                self.line.data.push(Data { word, encode: true });
            }
            "form" | "form-string" => {
                self.refuse(
                    "multipart forms (-F) are not sent yet: send a form with -d, or write it by hand"
                        .to_owned(),
                );
            }
            "upload-file" => {
                self.refuse(format!("it uploads the file `{text}`, which is not read: use `body.file`"))
            }
            "config" => {
                self.refuse(format!("its flags are in the file `{text}`, which is not read: write them out"))
            }
            "user" => self.line.user = Some(word),
            "oauth2-bearer" => self.line.bearer = Some(word),
            "cookie" if text.contains('=') => self.line.cookie = Some(word),
            "cookie" => self.draft.leave_out(
                self.place,
                "-b names a file of cookies, which is not read; each user keeps the cookies that it is sent",
            ),
            "user-agent" => self.line.headers.push(headed("User-Agent: ", word)),
            "referer" => self.line.headers.push(headed("Referer: ", word)),
            "url" => self.line.urls.push(word),
            "max-redirs" => self.line.redirects = text.parse::<u8>().ok().map(|most| most.min(20)),
            "max-time" => self.line.timeout = seconds(&text),
            _ => self
                .draft
                .leave_out(self.place, format!("--{name} has no counterpart here: it is passed over")),
        }
    }

    fn refuse(&mut self, why: String) {
        self.line.refused.get_or_insert(why);
    }
}

fn headed(name: &str, word: Word) -> Word {
    Word(std::iter::once(Piece::Text(name.to_owned())).chain(word.0).collect())
}

fn seconds(text: &str) -> Option<Span> {
    let seconds: f64 = text.parse().ok().filter(|seconds| (0.001..=86_400.0).contains(seconds))?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 86 400 000")]
    Some(Span::from_millis((seconds * 1000.0) as u64))
}

/// A word without its first bytes, as it is shown.
fn without_start(word: &Word, mut bytes: usize) -> Word {
    let mut rest = Vec::new();
    for piece in &word.0 {
        match piece {
            Piece::Text(text) => {
                let cut = bytes.min(text.len());
                bytes -= cut;
                rest.extend(
                    text.get(cut..).filter(|left| !left.is_empty()).map(|left| Piece::Text(left.to_owned())),
                );
            }
            Piece::Env(name) if bytes == 0 => rest.push(Piece::Env(name.clone())),
            Piece::Env(name) => bytes = bytes.saturating_sub(name.len() + 1),
            other => rest.push(other.clone()),
        }
    }
    Word(rest)
}

/// A flag for a message, without the value that may be a secret.
fn shown(text: &str) -> String {
    text.split('=').next().unwrap_or_default().chars().take(40).collect()
}
