//! Whether a text says what the findings say: every number with its unit, every name.

use std::collections::BTreeSet;

use super::Language;
use crate::engine::outcome::{Analysis, Figure, Unit};

/// Longest text, in characters: a page.
const LONGEST: usize = 3000;
/// Characters of markup. A text is shown as it is, in a terminal and on a page.
const MARKUP: &str = "<>`*#[]{}|\\~^_=$";
/// What a number in words would be.
const IN_WORDS: &str = "two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty seventy \
    eighty ninety hundred hundreds thousand thousands million millions billion dozen half twice thrice double doubled doubles \
    triple tripled quadruple quadrupled quarter third zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig \
    vierzig fünfzig sechzig siebzig achtzig neunzig hundert tausend million millionen milliarde dutzend halb halbe hälfte \
    doppelt doppelte verdoppelt verdreifacht viertel drittel zweimal dreimal viermal";
/// Methods, behind which a request is named.
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// Holds `text` against `analysis`.
///
/// # Errors
/// What in it is not in the findings, or has no place in a plain text.
pub fn check(text: &str, analysis: &Analysis, language: Language) -> Result<(), String> {
    let length = text.chars().count();
    if text.trim().is_empty() {
        return Err("it is empty".to_owned());
    }
    if length > LONGEST {
        return Err(format!("it has {length} characters, and {LONGEST} is the limit"));
    }
    if let Some(odd) = text.chars().find(|c| (c.is_control() && *c != '\n') || invisible(*c)) {
        return Err(format!("it has the character U+{:04X}", u32::from(odd)));
    }
    if let Some(odd) = text.chars().find(|c| c.is_numeric() && !c.is_ascii_digit()) {
        return Err(format!("it has the digit {odd}"));
    }
    let left = without_known(text, analysis);
    if let Some(markup) = left.chars().find(|c| MARKUP.contains(*c)) {
        return Err(format!("it has markup: {markup}"));
    }
    names(&left)?;
    words(&left)?;
    numbers(&left, analysis, language)
}

/// Characters that nobody sees and that change what others are.
const fn invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// The text without the names that there are, and without figures that stand there as they are shown.
fn without_known(text: &str, analysis: &Analysis) -> String {
    let mut known: BTreeSet<&str> = BTreeSet::new();
    for finding in &analysis.findings {
        known.extend(finding.request.as_deref());
        known.extend(finding.host.as_deref());
        // A bare count would take the number off another unit.
        let with_unit = |figure: &&Figure| !matches!(figure.unit, Unit::Count | Unit::Status);
        known.extend(finding.evidence.iter().filter(with_unit).map(|figure| figure.text.as_str()));
    }
    let mut known: Vec<&str> = known.into_iter().filter(|known| !known.is_empty()).collect();
    known.sort_by_key(|known| std::cmp::Reverse(known.len()));
    let mut left = text.to_owned();
    for known in known {
        left = cut_out(&left, known);
    }
    left
}

/// `text` without `known` where it stands alone.
fn cut_out(text: &str, known: &str) -> String {
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '/');
    let mut left = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(known) {
        let (before, after) = (&rest[..at], &rest[at + known.len()..]);
        let follows = after.chars().next();
        // 5.2 is no 5 and 1,000 is no 1.
        let goes_on =
            matches!(follows, Some('.' | ',')) && after.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
        let begins = before.chars().next_back().or(left.chars().next_back());
        let in_a_number =
            matches!(begins, Some('.' | ',' | '-')) && known.starts_with(|c: char| c.is_ascii_digit());
        left.push_str(before);
        if joins(begins) || joins(follows) || goes_on || in_a_number {
            left.push_str(known);
        } else {
            left.push(' ');
        }
        rest = after;
    }
    left.push_str(rest);
    left
}

/// Refuses names that nothing has: paths, hosts, addresses, methods, what is quoted.
fn names(left: &str) -> Result<(), String> {
    if left.contains("://") || left.contains("www.") {
        return Err("it has an address that is not in the findings".to_owned());
    }
    if left.contains(['"', '“', '”', '„', '«', '»']) {
        return Err("it quotes something that is not in the findings".to_owned());
    }
    for token in left.split_whitespace() {
        let bare = token.trim_matches(|c: char| !c.is_alphanumeric() && c != '/');
        if METHODS.contains(&bare) || bare.starts_with('/') && bare.len() > 1 && bare != "/s" {
            return Err(format!("it names a request that is not in the findings: {}", cut(token)));
        }
        let labels: Vec<&str> = bare.split('.').collect();
        let host = labels.len() > 1
            && labels.iter().all(|label| !label.is_empty())
            && labels.last().is_some_and(|last| last.len() > 1 && last.chars().all(char::is_alphabetic));
        let address =
            bare.chars().filter(|c| *c == '.').count() >= 3 || bare == "localhost" || bare.contains('@');
        if host || address {
            return Err(format!("it names a host that is not in the findings: {}", cut(token)));
        }
    }
    Ok(())
}

/// Refuses numbers in words: nobody holds them against a figure.
fn words(left: &str) -> Result<(), String> {
    let in_words: BTreeSet<&str> = IN_WORDS.split_whitespace().collect();
    let word = left.split(|c: char| !c.is_alphabetic()).find(|word| {
        in_words.contains(word.to_lowercase().as_str())
            || word.to_lowercase().ends_with("fold") && word.len() > 5
    });
    word.map_or(Ok(()), |word| Err(format!("it has a number in words: {word}")))
}

/// Every number with its unit is a figure, to the digits that are written.
fn numbers(left: &str, analysis: &Analysis, language: Language) -> Result<(), String> {
    let figures: Vec<&Figure> = analysis.findings.iter().flat_map(|finding| &finding.evidence).collect();
    let mut rest = left;
    let mut before = ' ';
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        before = rest[..at].chars().next_back().unwrap_or(before);
        let length =
            rest[at..].find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(rest.len() - at);
        let written = rest[at..at + length].trim_end_matches(['.', ',']);
        let after = &rest[at + written.len()..];
        if before == 'p' || before == 'P' {
            percentile(written, &figures)?;
        } else if before.is_alphabetic() || matches!(before, '-' | '−') {
            return Err(format!("it has a number that is part of something else: {before}{written}"));
        } else {
            figure(written, after, &figures, language)?;
        }
        before = written.chars().next_back().unwrap_or(' ');
        rest = after;
    }
    Ok(())
}

/// A percentile that is named is one that the findings name.
fn percentile(written: &str, figures: &[&Figure]) -> Result<(), String> {
    let name = format!("p{written}");
    let there = |figure: &&Figure| {
        figure.name.split(|c: char| !c.is_alphanumeric() && c != '.').any(|word| word == name)
    };
    if figures.iter().any(there) {
        Ok(())
    } else {
        Err(format!("it speaks of {name}, which is not in the findings"))
    }
}

/// One number, with what comes after it as its unit.
fn figure(written: &str, after: &str, figures: &[&Figure], language: Language) -> Result<(), String> {
    let number = Number::of(written, language).ok_or_else(|| format!("{written} is no number"))?;
    let unit = Written::of(after);
    let fits = |figure: &&&Figure| unit.value_of(figure).is_some_and(|value| number.shows(value));
    if figures.iter().any(|figure| fits(&figure)) {
        return Ok(());
    }
    let told: String = after.chars().take(12).collect();
    Err(format!("{written}{} is not in the findings", cut(&told)))
}

/// A number as it is written.
struct Number {
    value: f64,
    decimals: i32,
}

impl Number {
    fn of(written: &str, language: Language) -> Option<Self> {
        let (group, point) = match language {
            Language::English => (',', '.'),
            Language::German => ('.', ','),
        };
        let (whole, part) = match written.split_once(point) {
            Some((whole, part)) => (whole, part),
            None => (written, ""),
        };
        let groups: Vec<&str> = whole.split(group).collect();
        let grouped =
            groups.len() > 1 && groups[1..].iter().all(|digits| digits.len() == 3) && groups[0].len() <= 3;
        if part.contains(['.', ',']) || groups.len() > 1 && !grouped {
            return None;
        }
        let value =
            format!("{}.{}", groups.concat(), if part.is_empty() { "0" } else { part }).parse().ok()?;
        Some(Self { value, decimals: i32::try_from(part.len()).ok()? })
    }

    /// Whether this is `value`, to the digits that are written.
    fn shows(&self, value: f64) -> bool {
        // Half a unit of the last digit, and a hair for what binary fractions cannot say.
        (self.value - value).abs() <= 0.5 * 10_f64.powi(-self.decimals) + 1e-9 * value.abs()
    }
}

/// The unit that stands behind a number.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Written {
    /// A time, in so many milliseconds.
    Time(f64),
    /// Percent.
    Share,
    /// Per second.
    Rate,
    /// Users.
    Users,
    /// So many times as much.
    Times,
    /// None, or the word for what is counted.
    Bare,
}

impl Written {
    fn of(after: &str) -> Self {
        let close = after.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
        if close.starts_with('%') {
            return Self::Share;
        }
        if close.starts_with("/s") {
            return Self::Rate;
        }
        let lower = close.to_lowercase();
        let mut words = lower
            .split(|c: char| !c.is_alphanumeric() && c != '/' && c != 'µ')
            .filter(|word| !word.is_empty());
        let (first, second, third) = (words.next().unwrap_or_default(), words.next(), words.next());
        // "requests per second", "Anfragen pro Sekunde", "requests a second".
        let per_second =
            matches!((second, third), (Some("per" | "pro" | "a" | "je"), Some("second" | "sekunde" | "s")));
        let at_once = matches!((first, second), ("per" | "pro", Some("second" | "sekunde")));
        if per_second || at_once || matches!(first, "rps" | "requests/s" | "req/s" | "anfragen/s") {
            return Self::Rate;
        }
        match first {
            "µs" | "us" | "microseconds" | "mikrosekunden" => Self::Time(0.001),
            "ms" | "millisecond" | "milliseconds" | "millisekunde" | "millisekunden" => Self::Time(1.0),
            "s" | "sec" | "secs" | "second" | "seconds" | "sekunde" | "sekunden" => Self::Time(1e3),
            "m" | "min" | "mins" | "minute" | "minutes" | "minuten" => Self::Time(6e4),
            "h" | "hour" | "hours" | "stunde" | "stunden" => Self::Time(3.6e6),
            "percent" | "prozent" | "percentage" => Self::Share,
            "user" | "users" | "nutzer" | "nutzern" | "benutzer" | "benutzern" => Self::Users,
            "times" | "x" | "mal" | "fach" | "fache" | "fachen" => Self::Times,
            _ if close.starts_with('×') => Self::Times,
            _ => Self::Bare,
        }
    }

    /// A figure's value in this unit; None where it is one of something else.
    fn value_of(self, figure: &Figure) -> Option<f64> {
        match (self, figure.unit) {
            (Self::Time(unit), Unit::Ms) => Some(figure.value / unit),
            (Self::Time(unit), Unit::S) => Some(figure.value * 1e3 / unit),
            (Self::Share, Unit::Share) => Some(figure.value * 100.0),
            (Self::Rate, Unit::PerSecond)
            | (Self::Users, Unit::Users)
            | (Self::Times, Unit::Times)
            // What happened so many times is counted.
            | (Self::Times | Self::Bare, Unit::Count)
            | (Self::Bare, Unit::Status) => Some(figure.value),
            _ => None,
        }
    }
}

fn cut(text: &str) -> String {
    text.chars().take(60).collect()
}
