//! Scores that stand for themselves, and the real model, where `make model` has put it.

use std::time::Duration;

use super::*;
use crate::ai::{embed::Embedder, models::Catalogue};

/// A number as it stands in the text, its role, and measure and operator where it is a limit.
pub(in crate::ai::generator) type Known = (&'static str, Role, Option<(&'static str, &'static str)>);

/// What a model says that knows these numbers of a text, each with its role and, of a limit, its rule.
pub(in crate::ai::generator) fn knows(text: &str, numbers: &[Known]) -> Told {
    let pieces = numbers.iter().map(|(number, role, rule)| {
        let start = text.find(number).expect("the number is in the text");
        let (first, then) = (PIECES.len(), PIECES.len() + MEASURES.len());
        let rule = rule.iter().flat_map(|(measure, operator)| {
            let measure = MEASURES.iter().position(|known| known == measure).expect("a measure");
            let operator = OPERATORS.iter().position(|known| known == operator).expect("an operator");
            [(first + measure, 20.0), (then + operator, 20.0)]
        });
        let likely: Vec<(usize, f32)> = rule.chain([(at(*role), 20.0)]).collect();
        piece(start, start + number.len(), &likely)
    });
    Told::new(Labelled { pieces: pieces.collect(), whole: Vec::new() })
}

/// A text as people mark it to teach the model, and what a model that has learned it by heart would say:
/// `⟦users|80⟧ people on ⟦path|/a⟧ (⟦share #1|70 %⟧)`.
pub(in crate::ai::generator) fn marked(text: &str) -> (String, Told) {
    let (mut plain, mut marks) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('⟦') {
        plain.push_str(before);
        let (mark, after) = behind.split_once('⟧').expect("a mark ends");
        let (role, words) = mark.split_once('|').expect("a role and words");
        marks.push((plain.len()..plain.len() + words.len(), role));
        plain.push_str(words);
        rest = after;
    }
    plain.push_str(rest);
    let items: Vec<Range<usize>> = marks
        .iter()
        .filter(|(_, role)| matches!(*role, "path" | "act"))
        .map(|(place, _)| place.clone())
        .collect();
    let word = |start: usize| {
        let length = plain[start..].find(|c: char| !c.is_alphanumeric()).unwrap_or(plain.len() - start);
        start..start + length
    };
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < plain.len() {
        let place = word(at);
        if !place.is_empty() {
            let mark = marks.iter().find(|(mark, _)| mark.start < place.end && mark.end > place.start);
            pieces.push(piece(
                place.start,
                place.end,
                &scores(mark.map(|(mark, role)| (mark, *role)), &items),
            ));
        }
        at = place.end.max(at + plain[at..].chars().next().map_or(1, char::len_utf8));
    }
    (plain, Told::new(Labelled { pieces, whole: Vec::new() }))
}

/// What is likely of a word under a mark.
fn scores(mark: Option<(&Range<usize>, &str)>, items: &[Range<usize>]) -> Vec<(usize, f32)> {
    const NAMES: [&str; 18] = [
        "none",
        "host",
        "port",
        "method",
        "path",
        "act",
        "users",
        "passes",
        "hatch",
        "rate",
        "limit",
        "time",
        "think",
        "timeout",
        "step_time",
        "step_to",
        "bound",
        "share",
    ];
    let Some((place, role)) = mark else { return vec![(0, 20.0)] };
    let words: Vec<&str> = role.split(' ').collect();
    let mut out = vec![(NAMES.iter().position(|name| *name == words[0]).expect("a role"), 20.0)];
    let (first, then) = (PIECES.len(), PIECES.len() + MEASURES.len());
    let links = then + OPERATORS.len();
    if let ["bound", measure, operator, ..] = words.as_slice() {
        out.extend(MEASURES.iter().position(|known| known == measure).map(|at| (first + at, 20.0)));
        out.extend(OPERATORS.iter().position(|known| known == operator).map(|at| (then + at, 20.0)));
    }
    let of = words.iter().find_map(|word| word.strip_prefix('#')?.parse::<usize>().ok());
    match (words[0], of) {
        ("share" | "bound", Some(of)) => out.push((links + of - 1, 160.0)),
        ("share" | "bound", None) => out.push((links + 2 * LINK, 20.0)),
        _ => {}
    }
    out.extend(items.iter().position(|item| item == place).map(|at| (links + LINK + at, 1.0)));
    out
}

fn piece(start: usize, end: usize, likely: &[(usize, f32)]) -> Piece {
    let mut scores = vec![0.0; PIECES.len() + MEASURES.len() + OPERATORS.len() + 2 * LINK + 1];
    likely.iter().for_each(|&(at, score)| scores[at] = score);
    Piece { start, end, scores }
}

fn at(role: Role) -> usize {
    PIECES.iter().position(|known| *known == role).expect("a role of the list")
}

#[test]
fn a_number_in_pieces_has_the_role_of_all_of_them() {
    let pieces = vec![
        piece(0, 2, &[(at(Role::Users), 5.0)]),
        piece(2, 4, &[(at(Role::Users), 3.0), (at(Role::Time), 4.0)]),
    ];
    let told = Told::new(Labelled { pieces, whole: Vec::new() });
    assert_eq!(told.role(0..4).map(|role| role.value), Some(Role::Users));
    assert_eq!(told.role(2..4).map(|role| role.value), Some(Role::Time));
    assert!(told.role(0..2).expect("a role").sure > told.role(0..4).expect("a role").sure);
    assert_eq!(told.role(4..9), None, "nobody has looked there");
    assert_eq!(told.recipe(), None);
}

#[test]
fn what_is_no_number_is_no_role_of_one() {
    // Label 1 is that of hosts.
    let told = Told::new(Labelled {
        pieces: vec![piece(0, 3, &[(1, 9.0), (at(Role::Rate), 2.0)])],
        whole: Vec::new(),
    });
    assert_eq!(told.role(0..3).map(|role| role.value), Some(Role::Rate));
}

#[test]
fn a_share_is_of_what_it_looks_for() {
    let (text, told) = marked("⟦share #2|a third⟧ ⟦path|/a⟧, ⟦path|/b⟧, ⟦bound p95 <|300⟧ ms");
    let place = |words: &str| text.find(words).map(|at| at..at + words.len()).expect("it is there");
    let items = [place("/a"), place("/b")];
    assert_eq!(told.link(place("third"), &items).map(|link| link.value), Some(Some(1)));
    assert_eq!(told.link(place("300"), &items).map(|link| link.value), Some(None));
    assert_eq!(told.label(place("/a")).map(|label| label.value), Some(Role::Path));
    assert!(told.counts(&place("a third")) && !told.counts(&place(" ms")));
}

#[test]
fn scores_of_another_length_say_nothing() {
    let pieces = vec![Piece { start: 0, end: 3, scores: vec![1.0; 4] }];
    let told = Told::new(Labelled { pieces, whole: vec![1.0; 3] });
    assert_eq!((told.role(0..3), told.rule(0..3), told.recipe()), (None, None, None));
}

async fn told(text: &str) -> Told {
    let waits = (Duration::from_secs(60), Duration::from_secs(60));
    let embedder = Embedder::new(Catalogue::new(None), "all-minilm-l6-v2".into(), 8, waits);
    Told::new(embedder.label(text.to_owned(), LESSON).await.expect("the model answers"))
}

#[tokio::test]
async fn the_model_tells_numbers_apart() {
    for (text, wanted) in [
        (
            "Last week 200 people broke it, so 80 colleagues for 10 minutes please, each page read for 4 seconds, p95 < 250 ms",
            &[
                ("200", Role::Nothing),
                ("80", Role::Users),
                ("10", Role::Time),
                ("4", Role::Think),
                ("250", Role::Bound),
            ][..],
        ),
        (
            "Der Rechner hat 16 Kerne. Bitte 45 Anfragen pro Sekunde, 3 Minuten lang, höchstens 1 % Fehler.",
            &[("16", Role::Nothing), ("45", Role::Rate), ("3", Role::Time), ("1 %", Role::Bound)],
        ),
    ] {
        let told = told(text).await;
        for (number, role) in wanted {
            let place = text.find(&format!(" {number}")).expect("it is there") + 1;
            let place = place..place + number.trim_end_matches(" %").len();
            assert_eq!(told.role(place).map(|found| found.value), Some(*role), "{number} in: {text}");
        }
    }
}

#[tokio::test]
async fn a_long_text_is_looked_at_in_parts() {
    let text = format!("{} and now 30 users for 5 minutes", "Nothing of this matters at all. ".repeat(150));
    let place = text.find("30 users").expect("it is there");
    let found = told(&text).await.role(place..place + 2).expect("the end was seen");
    assert_eq!(found.value, Role::Users);
}
