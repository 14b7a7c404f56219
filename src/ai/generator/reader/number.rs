//! Numbers in digits and in words, English and German.

/// A number in digits, with separators: `1.000`, `1,000`, `1,5`, `0.25`.
pub(super) fn digits(text: &str) -> Option<f64> {
    let separators: Vec<(usize, char)> = text.char_indices().filter(|(_, c)| !c.is_ascii_digit()).collect();
    let Some((last, mark)) = separators.last().copied() else { return text.parse().ok() };
    let groups: Vec<&str> = text.split(['.', ',']).collect();
    let thousands = |groups: &[&str]| {
        (1..=3).contains(&groups[0].len())
            && !groups[0].starts_with('0')
            && groups[1..].iter().all(|group| group.len() == 3)
    };
    let one_kind = separators.iter().all(|(_, c)| *c == mark);
    if one_kind && thousands(&groups) {
        return groups.concat().parse().ok();
    }
    // The last one is the decimal point where those before it are of the other kind.
    let before: Vec<&str> = text[..last].split(['.', ',']).collect();
    let others = separators[..separators.len() - 1].iter().all(|(_, c)| *c != mark);
    let sound = before.len() == 1 || others && thousands(&before);
    sound.then(|| format!("{}.{}", before.concat(), &text[last + 1..]).parse().ok())?
}

const SMALL: [(&str, u32); 47] = [
    ("zero", 0),
    ("null", 0),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
    ("ein", 1),
    ("eins", 1),
    ("eine", 1),
    ("einen", 1),
    ("einem", 1),
    ("einer", 1),
    ("zwei", 2),
    ("zwo", 2),
    ("drei", 3),
    ("vier", 4),
    ("fünf", 5),
    ("fuenf", 5),
    ("sechs", 6),
    ("sieben", 7),
    ("acht", 8),
    ("neun", 9),
    ("zehn", 10),
    ("elf", 11),
    ("zwölf", 12),
    ("zwoelf", 12),
    ("dreizehn", 13),
    ("vierzehn", 14),
    ("sechzehn", 16),
    ("siebzehn", 17),
    ("a", 1),
    ("an", 1),
];
const TENS: [(&str, u32); 21] = [
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fourty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
    ("zwanzig", 20),
    ("dreißig", 30),
    ("dreissig", 30),
    ("dreisig", 30),
    ("vierzig", 40),
    ("fünfzig", 50),
    ("fuenfzig", 50),
    ("fuffzig", 50),
    ("sechzig", 60),
    ("siebzig", 70),
    ("achtzig", 80),
    ("neunzig", 90),
];

fn listed(list: &[(&str, u32)], word: &str) -> Option<u32> {
    list.iter().find(|(known, _)| *known == word).map(|(_, value)| *value)
}

/// A number in one word: `fifty`, `twenty-five`, `zweihundertfünfzig`. Articles are none.
pub(super) fn word(word: &str) -> Option<f64> {
    if let Some(hundreds) = word.split_once("-hundred") {
        // `one-hundred-fifteen`
        let rest = hundreds.1.trim_start_matches('-').trim_start_matches("and-");
        let rest = if rest.is_empty() { 0.0 } else { self::word(rest).filter(|rest| *rest < 100.0)? };
        return Some(f64::from(listed(&SMALL, hundreds.0)?) * 100.0 + rest);
    }
    if let Some((tens, ones)) = word.split_once('-') {
        return Some(f64::from(
            listed(&TENS, tens)? + listed(&SMALL, ones).filter(|one| (1..10).contains(one))?,
        ));
    }
    if matches!(word, "a" | "an" | "ein" | "eine" | "einen" | "einem" | "einer") {
        return None;
    }
    if matches!(word, "anderthalbtausend" | "eineinhalbtausend") {
        return Some(1500.0);
    }
    english(word).or_else(|| german(word)).map(f64::from)
}

/// A number in one word in which letters have slipped: `ninty`, `fünfzg`. Only for where a number has to stand.
pub(super) fn slipped(slip: &str) -> Option<f64> {
    const SHORT: [(&str, u32); 4] = [("tow", 2), ("fuor", 4), ("fvie", 5), ("zewi", 2)];
    // Words of their own that are like a number.
    const OTHERS: [&str; 9] =
        ["there", "these", "three", "seventh", "hundreds", "thousands", "several", "tree", "fort"];
    let length = slip.chars().count();
    if let Some(short) = listed(&SHORT, slip) {
        return Some(f64::from(short));
    }
    if length < 4 || OTHERS.contains(&slip) || self::word(slip).is_some() {
        return None;
    }
    let most = if length >= 7 { 2 } else { 1 };
    let same_begin = |known: &str| known.chars().next() == slip.chars().next();
    TENS.iter()
        .chain(SMALL.iter().filter(|(known, _)| known.chars().count() >= 5))
        .chain(&[("hundred", 100), ("hundert", 100)])
        .filter(|(known, _)| same_begin(known) && strsim::osa_distance(known, slip) <= most)
        .min_by_key(|(known, _)| strsim::osa_distance(known, slip))
        .map(|(_, value)| f64::from(*value))
}

/// What multiplies the number before it.
pub(super) fn scale(word: &str) -> Option<f64> {
    Some(match word {
        "hundred" | "hundert" => 100.0,
        "thousand" | "tausend" | "k" => 1000.0,
        "million" | "millions" | "millionen" | "mio" => 1_000_000.0,
        "dozen" | "dutzend" => 12.0,
        "score" => 20.0,
        _ => return None,
    })
}

/// Which one of several a word says: `fifth`, `tausendste`.
pub(super) fn ordinal(text: &str) -> Option<f64> {
    let named = match text {
        "second" | "other" | "zweite" | "zweiter" | "zweites" | "zweiten" => Some(2.0),
        "third" | "dritte" | "dritter" | "drittes" | "dritten" => Some(3.0),
        "fifth" => Some(5.0),
        "eighth" => Some(8.0),
        "ninth" => Some(9.0),
        "twelfth" => Some(12.0),
        "twentieth" => Some(20.0),
        "thirtieth" => Some(30.0),
        "fiftieth" => Some(50.0),
        "siebte" | "siebter" | "siebten" => Some(7.0),
        "achte" | "achter" | "achten" => Some(8.0),
        _ => None,
    };
    let english = || text.strip_suffix("th").and_then(word);
    let german = || {
        let stem = text.strip_suffix(['r', 's', 'n', 'm']).unwrap_or(text);
        stem.strip_suffix("ste").or_else(|| stem.strip_suffix("te")).and_then(word)
    };
    named.or_else(english).or_else(german).filter(|nth| *nth > 1.0)
}

/// One, as an article.
pub(super) fn article(word: &str) -> bool {
    matches!(word, "a" | "an" | "one" | "ein" | "eine" | "einen" | "einem" | "einer" | "eines")
}

fn english(word: &str) -> Option<u32> {
    // `thirtyfive`, as people type.
    let glued = TENS.iter().find_map(|(tens, value)| {
        let ones = listed(&SMALL, word.strip_prefix(tens)?)?;
        (1..10).contains(&ones).then_some(value + ones)
    });
    glued.or_else(|| listed(&SMALL, word)).or_else(|| listed(&TENS, word)).or(match word {
        "hundred" | "hundert" => Some(100),
        "thousand" | "tausend" => Some(1000),
        "dozen" | "dutzend" => Some(12),
        _ => None,
    })
}

/// A German number in one word, below a million.
fn german(word: &str) -> Option<u32> {
    if let Some((thousands, rest)) = word.split_once("tausend") {
        let thousands = if thousands.is_empty() { 1 } else { below_thousand(thousands)? };
        let rest = if rest.is_empty() { 0 } else { below_thousand(rest)? };
        return Some(thousands * 1000 + rest);
    }
    below_thousand(word)
}

fn below_thousand(word: &str) -> Option<u32> {
    if let Some((hundreds, rest)) = word.split_once("hundert") {
        let hundreds = if hundreds.is_empty() { 1 } else { listed(&SMALL, hundreds)? };
        let rest = rest.strip_prefix("und").unwrap_or(rest);
        return Some(hundreds * 100 + if rest.is_empty() { 0 } else { below_hundred(rest)? });
    }
    below_hundred(word)
}

fn below_hundred(word: &str) -> Option<u32> {
    if let Some(known) = listed(&SMALL, word).or_else(|| listed(&TENS, word)) {
        return Some(known);
    }
    if let Some(ones) = word.strip_suffix("zehn") {
        return listed(&SMALL, ones).filter(|ones| (3..10).contains(ones)).map(|ones| ones + 10);
    }
    let (ones, tens) = word.split_once("und")?;
    Some(listed(&TENS, tens)? + listed(&SMALL, ones).filter(|ones| (1..10).contains(ones))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, value) in [
            ("50", 50.0),
            ("1.000", 1000.0),
            ("1,000", 1000.0),
            ("1.000.000", 1e6),
            ("1,5", 1.5),
            ("1.5", 1.5),
            ("0.500", 0.5),
            ("1.234,5", 1234.5),
            ("99.95", 99.95),
        ] {
            assert_eq!(digits(text), Some(value), "{text}");
        }
        for (text, value) in [
            ("fifty", 50.0),
            ("twenty-five", 25.0),
            ("zweihundertfünfzig", 250.0),
            ("fünfundzwanzig", 25.0),
            ("tausend", 1000.0),
            ("zweitausendeinhundert", 2100.0),
            ("fünfzehn", 15.0),
        ] {
            assert_eq!(word(text), Some(value), "{text}");
        }
        for text in ["an", "user", "hundertprozentig", "und", "1.2.3"] {
            assert_eq!(word(text).or_else(|| digits(text)), None, "{text}");
        }
    }
}
