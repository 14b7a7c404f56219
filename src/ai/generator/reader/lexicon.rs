//! Words that mean something to a test, English and German, also where a letter slipped.

use strsim::osa_distance;

use super::people::is_user;

/// What no rate of requests counts.
pub(super) const BYTES: &[&str] = &[
    "byte", "bytes", "kb", "mb", "gb", "kib", "mib", "gib", "bit", "bits", "mbit", "gbit", "kbit", "euro",
    "eur", "dollar", "dollars", "frames", "bilder", "cent", "cents",
];

/// What may stand between a number and what it counts.
pub(super) const ADJECTIVES: &[&str] = &[
    "concurrent",
    "simultaneous",
    "parallel",
    "virtual",
    "simulated",
    "active",
    "new",
    "nwe",
    "more",
    "gleichzeitige",
    "gleichzeitigen",
    "parallele",
    "parallelen",
    "virtuelle",
    "virtuellen",
    "simulierte",
    "simulierten",
    "aktive",
    "aktiven",
    "neue",
    "neuen",
    "gleichzeitig",
    "parallele",
    "different",
    "weitere",
    "weiteren",
    "of",
    "our",
    "http",
    "api",
    "real",
    "echte",
    "echten",
    "registered",
    "registrierte",
    "registrierten",
    "logged-in",
    "eingeloggte",
    "eingeloggten",
    "angemeldete",
    "angemeldeten",
    "fake",
    "test",
    "web",
    "typical",
    "additional",
    "zusätzliche",
    "zusätzlichen",
    "online",
    "such",
    "these",
    "solche",
    "solcher",
    "hungry",
    "impatient",
    "anonymous",
    "anonyme",
    "anonymen",
    "happy",
    "average",
    "regular",
    "normale",
    "normalen",
    "single",
];
/// What a rate counts.
pub(super) const REQUESTS: &[&str] = &[
    "request",
    "requests",
    "req",
    "reqs",
    "hit",
    "hits",
    "call",
    "calls",
    "query",
    "queries",
    "anfrage",
    "anfragen",
    "aufruf",
    "aufrufe",
    "aufrufen",
    "abruf",
    "abrufe",
    "zugriffe",
    "zugriffen",
    "responses",
    "answers",
    "antworten",
    "reply",
    "replies",
    "seitenaufrufe",
    "seitenaufrufen",
    "pageviews",
    "transaktionen",
    "transactions",
    "abfragen",
    "lookups",
    "anfr",
];
const SECONDS: &[&str] = &["s", "sec", "secs", "second", "seconds", "sek", "sekunde", "sekunden"];
const MINUTES: &[&str] = &["m", "min", "mins", "minute", "minutes", "minuten"];
const HOURS: &[&str] = &["h", "hr", "hrs", "hour", "hours", "std", "stunde", "stunden", "stund", "stunn"];
const MILLIS: &[&str] =
    &["ms", "millis", "millisecond", "milliseconds", "millisekunde", "millisekunden", "msec"];
const DAYS: &[&str] = &["d", "day", "days", "tag", "tage", "tagen"];
const WEEKS: &[&str] = &["week", "weeks", "woche", "wochen"];

/// Whether a word is one of `list`, or one slip away from a long one of them.
pub(super) fn like(word: &str, list: &[&str]) -> bool {
    if list.contains(&word) {
        return true;
    }
    let length = word.chars().count();
    // What is a word of its own is no slip.
    if length < 4 || NO_SLIPS.contains(&word) {
        return false;
    }
    list.iter().filter(|known| known.chars().count() >= 5).any(|known| {
        let most = if length >= 7 { 2 } else { 1 };
        word.chars().next() == known.chars().next() && osa_distance(word, known) <= most
    })
}

/// Words that look like slips of others.
const NO_SLIPS: &[&str] = &[
    "about",
    "uses",
    "used",
    "minus",
    "hours",
    "house",
    "clicks",
    "hosts",
    "requires",
    "perfect",
    "server",
    "servers",
    "tests",
    "calls",
    "class",
    "pages",
    "items",
    "cores",
    "customs",
    "nutze",
    "nutzt",
    "besuche",
    "kunst",
    "under",
    "lauter",
    "heute",
    "second",
    "request",
    "requests",
    "visits",
    "points",
    "weeks",
    "gests",
    "leben",
    "prices",
    "pieces",
    "cases",
    "course",
    "courses",
    "use",
    "using",
    "anfang",
    "aufruhr",
    "halls",
    "calls",
    "people's",
    "minuses",
    "standard",
    "parson",
    "season",
    "reason",
    "clicked",
    "reply",
    "repeats",
    "queue",
    "queues",
    "passiert",
    "passieren",
    "warnte",
    "waited",
    "schritt",
    "thing",
    "things",
    "denke",
    "weite",
    "delivers",
];

/// Milliseconds of a unit of time, by its word.
pub(super) fn unit(word: &str) -> Option<f64> {
    let exact =
        [(MILLIS, 1.0), (SECONDS, 1e3), (MINUTES, 60e3), (HOURS, 3.6e6), (DAYS, 86.4e6), (WEEKS, 604.8e6)];
    let found = exact.iter().find(|(words, _)| words.contains(&word));
    found.or_else(|| exact.iter().find(|(words, _)| like(word, words))).map(|(_, millis)| *millis)
}

/// Milliseconds of the units that a rate is per: a second or a minute, mostly.
pub(super) fn per(word: &str) -> Option<f64> {
    unit(word).filter(|millis| *millis >= 1000.0)
}

/// Words that are English or German, and nothing else.
pub(super) const OURS: &[&str] = &[
    "the",
    "with",
    "and",
    "please",
    "should",
    "would",
    "what",
    "which",
    "und",
    "mit",
    "für",
    "bitte",
    "nicht",
    "soll",
    "ich",
    "wir",
    "werden",
    "eine",
    "only",
    "thanks",
    "after",
    "nothing",
    "see",
    "where",
    "who",
    "page",
    "time",
    "address",
    "anyone",
    "need",
    "then",
    "their",
    "from",
    "viele",
    "viel",
    "bleibt",
    "keine",
    "jeder",
    "wann",
    "immer",
    "überhaupt",
    "falls",
    "dass",
    "geht",
    "jetzt",
    "nach",
    "oder",
    "sind",
    "wird",
    "gegen",
    "unter",
    "minuten",
    "minutes",
];

/// Words that are known at all, to tell whether the text is in a language that is read.
pub(super) fn is_known(word: &str) -> bool {
    const COMMON: &[&str] = &[
        "the", "a", "an", "and", "or", "on", "at", "with", "for", "to", "of", "in", "my", "our", "is", "it",
        "by", "test", "load", "run", "should", "must", "use", "using", "please", "from", "under", "over",
        "per", "each", "get", "post", "put", "delete", "der", "die", "das", "den", "dem", "des", "und",
        "oder", "auf", "mit", "für", "zu", "von", "im", "mein", "meine", "meines", "meiner", "ist", "es",
        "bitte", "teste", "testen", "lasttest", "soll", "sollen", "unter", "über", "pro", "je", "lang",
        "ein", "eine", "einen", "an", "nicht", "not", "then", "dann", "statt", "ohne", "without", "add",
        "shop", "login", "search", "suche", "checkout", "ziel", "target", "dauer", "duration", "p95", "p99",
        "p90", "p50", "mal", "als", "wie", "as", "that", "this", "these", "make", "mach", "nur", "only",
        "more", "less", "every", "alle", "all", "gegen", "against", "bei", "bis", "until", "nach", "after",
        "users", "http", "be",
    ];
    COMMON.contains(&word)
        || is_user(word)
        || like(word, REQUESTS)
        || unit(word).is_some()
        || super::number::word(word).is_some()
        || super::activity::of_word(word).is_some()
}
