//! How much load, and for how long: what is left of the numbers once everything else has taken its own.

use super::{Fact, Reader, number, people::is_user, quantity::Kind, settings::whole, token::Kind as Piece};

/// What stands before numbers that describe, and ask for nothing.
const DESCRIBES: &[&str] = &[
    "has",
    "have",
    "had",
    "hat",
    "haben",
    "hatte",
    "hatten",
    "war",
    "waren",
    "was",
    "were",
    "served",
    "serves",
    "bedient",
    "last",
    "letztes",
    "letzten",
    "letzte",
    "currently",
    "derzeit",
    "already",
    "bereits",
    "since",
    "seit",
    "ago",
    "gestern",
    "yesterday",
    "vorgestern",
    "damals",
    "previously",
    "früher",
    "usually",
    "normally",
    "normalerweise",
    "üblicherweise",
    "sonst",
    "ran",
    "lief",
    "liefen",
    "peaked",
    "vorige",
    "vorigen",
    "vergangene",
    "vergangenen",
];
/// How far away a word may say that a number is of the past.
const NEAR: usize = 40;
/// What is said before what something else stands for.
const INSTEAD: &[&str] = &["statt", "anstatt", "anstelle"];

impl Reader<'_> {
    /// Finds users, rates, times and passes.
    pub(super) fn levels(&mut self) {
        let past = self.past();
        for at in 0..self.quantities.len() {
            if self.used[at] {
                continue;
            }
            let from = self.quantities[at].from;
            let instead = self.is_instead(from);
            if instead {
                continue;
            }
            match self.quantities[at].kind.clone() {
                Kind::Users(value) if self.each_second(from) => self.take(at, value, |load| &mut load.hatch),
                Kind::Users(value) => self.users(at, value),
                Kind::Hatch(value) => self.take(at, value, |load| &mut load.hatch),
                Kind::Rate(value) if self.adds(from) => self.take(at, value, |load| &mut load.hatch),
                Kind::Rate(value) if !self.describes(at) => self.take(at, value, |load| &mut load.rate),
                Kind::Total(value) => {
                    let fact = self.of(value, at);
                    self.reading.load.total.push(fact);
                    self.used[at] = true;
                    let (from, to) = (self.quantities[at].from, self.quantities[at].to);
                    self.unused(
                        from,
                        to,
                        "a number of requests in all: say users and passes, or a rate and a time",
                    );
                }
                Kind::Times(value) => self.times(at, value),
                // What was, where the text says what is to be.
                Kind::Time(..) | Kind::Rate(_) if self.is_behind_us(at, &past) => {}
                // Nobody runs a test for less than a second: what is shorter is about answers.
                // `within a second everybody is there`
                Kind::Time(millis, _) if millis < 2000.0 && number::article(self.word(from)) => {}
                Kind::Time(millis, _) if !self.describes(at) && millis >= 1000.0 => self.time(at, millis),
                Kind::Bare(value) => self.bare(at, value),
                _ => {}
            }
        }
        self.settle();
    }

    /// Which quantities stand in a sentence of what was.
    fn past(&self) -> Vec<bool> {
        let was = |one: &super::quantity::Quantity| {
            let start = self.sentence_start(one.from).max(one.from.saturating_sub(NEAR));
            self.is_past(start, self.sentence_end(one.from).min(one.from + NEAR))
        };
        self.quantities.iter().map(was).collect()
    }

    /// Whether a quantity is of what was, and another of its kind is not.
    fn is_behind_us(&self, at: usize, past: &[bool]) -> bool {
        let kind = std::mem::discriminant(&self.quantities[at].kind);
        let like = |other: usize| std::mem::discriminant(&self.quantities[other].kind) == kind;
        past[at] && (0..past.len()).any(|other| !past[other] && like(other))
    }

    /// `statt 100 Nutzer`, `statt der üblichen 100 Nutzer`, `instead of the usual 100 users`.
    pub(super) fn is_instead(&self, from: usize) -> bool {
        const USUAL: &[&str] = &[
            "the",
            "usual",
            "der",
            "den",
            "die",
            "üblichen",
            "bisherigen",
            "our",
            "normal",
            "sonstigen",
            "unserer",
            "previous",
            "bisher",
            "sonst",
            "de",
            "dem",
            "those",
            "diesen",
        ];
        let mut at = from;
        while at > 0 && self.is_word(at - 1, USUAL) {
            at -= 1;
        }
        at > 0
            && (self.is_word(at - 1, INSTEAD)
                || at > 1 && self.word(at - 2) == "instead" && self.word(at - 1) == "of")
    }

    pub(super) fn take(
        &mut self,
        at: usize,
        value: f64,
        list: impl Fn(&mut super::Load) -> &mut Vec<Fact<f64>>,
    ) {
        if value <= 0.0 || value > 10_000_000.0 {
            return;
        }
        let fact = self.of(value, at);
        self.used[at] = true;
        let list = list(&mut self.reading.load);
        if !list.iter().any(|known| (known.value - value).abs() < f64::EPSILON) {
            list.push(fact);
        }
    }

    fn users(&mut self, at: usize, value: f64) {
        if !self.is_only_described(at) {
            self.take_users(at, value);
        }
    }

    /// Takes a number of users, whatever is said around it.
    pub(super) fn take_users(&mut self, at: usize, value: f64) {
        let Some(users) = count(value).filter(|users| (1..=1_000_000).contains(users)) else {
            let (from, to) = (self.quantities[at].from, self.quantities[at].to);
            self.used[at] = true;
            self.unused(from, to, "is no number of users that can be run: 1 to 1000000, and whole");
            return;
        };
        let fact = self.of(users, at);
        self.used[at] = true;
        if !self.reading.load.users.iter().any(|known| known.value == users) {
            self.reading.load.users.push(fact);
        }
    }

    /// Whether a number of users only describes, and something else says the load.
    fn is_only_described(&self, at: usize) -> bool {
        let others = (0..self.quantities.len()).any(|other| {
            other != at
                && !self.used[other]
                && matches!(self.quantities[other].kind, Kind::Users(_))
                && !self.describes(other)
        });
        // Where requests come at a rate, who there is says nothing.
        let rate = self.quantities.iter().any(|one| matches!(one.kind, Kind::Rate(_)))
            && self.reading.load.limit.is_empty();
        self.describes(at) && (others || rate || !self.reading.load.users.is_empty())
    }

    /// Whether words before say that a number only describes.
    pub(super) fn describes(&self, at: usize) -> bool {
        const LAST: &[&str] = &[
            "week",
            "week's",
            "week’s",
            "month",
            "month's",
            "year",
            "year's",
            "night",
            "night's",
            "time",
            "run",
            "release",
            "sprint",
            "quarter",
            "test",
            "monday",
            "friday",
            "christmas",
            "black",
            "one",
            "season",
            "weekend",
        ];
        let from = self.quantities[at].from;
        let start = self.clause_start(from).max(from.saturating_sub(5));
        let start =
            (start..from).rev().find(|&at| self.is_word(at, &["but", "sondern", "aber"])).unwrap_or(start);
        (start..from).any(|at| {
            // "has to", and "should last": what is asked for.
            let must = at > 0 && self.is_word(at - 1, &["must", "should", "shall", "will", "to", "needs"]);
            let asks = matches!(self.word(at), "has" | "have") && (self.word(at + 1) == "to" || must)
                || self.word(at) == "last" && !self.is_word(at + 1, LAST);
            self.is_word(at, DESCRIBES) && !asks && !self.is_german_was(at)
        })
    }

    /// `Jede Sekunde sollen 5 neue Nutzer starten`.
    fn each_second(&self, from: usize) -> bool {
        let start = self.clause_start(from).max(from.saturating_sub(5));
        let of_another = |at: usize| self.quantities.iter().any(|one| (one.from..one.to).contains(&at));
        (start..from).filter(|&at| !of_another(at)).any(|at| {
            self.is_word(at, &["jede", "pro", "per", "every", "each"])
                && self.is_word(at + 1, &["sekunde", "second"])
        })
    }

    /// `adding 50 per second`, `start 5 per second`: users that come, where the text counts users.
    fn adds(&self, from: usize) -> bool {
        const ADDS: &[&str] = &[
            "started",
            "spawned",
            "launched",
            "hatched",
            "gestartet",
            "zugeschaltet",
            "startend",
            "adding",
            "add",
            "adds",
            "spawn",
            "spawning",
            "hatch",
            "start",
            "starting",
            "launch",
            "launching",
            "starte",
            "startet",
            "hinzufügen",
            "spawnrate",
            "plus",
        ];
        let users = self.quantities.iter().any(|one| matches!(one.kind, Kind::Users(_)))
            || !self.reading.load.users.is_empty();
        let near = self.clause_start(from).max(from.saturating_sub(3));
        users && self.has(near, from, ADDS)
            || self.has(near, from, &["hatch", "spawn", "spawnrate", "hatch-rate", "spawn-rate"])
    }

    pub(super) fn times(&mut self, at: usize, value: f64) {
        let Some(passes) = count(value).filter(|passes| (1..=1_000_000_000).contains(passes)) else { return };
        let fact = self.of(passes, at);
        self.used[at] = true;
        if !self.reading.load.iterations.iter().any(|known| known.value == passes) {
            self.reading.load.iterations.push(fact);
        }
    }

    pub(super) fn time(&mut self, at: usize, millis: f64) {
        let fact = self.of(whole(millis), at);
        self.used[at] = true;
        if !self.reading.load.time.iter().any(|known| known.value == fact.value) {
            self.reading.load.time.push(fact);
        }
    }

    /// `Durchläufe: 30`.
    pub(super) fn counts_passes(&self, from: usize) -> bool {
        let sign = from > 1 && matches!(self.tokens[from - 1].kind, Piece::Mark(':' | '='));
        sign && self.names_passes(from - 2)
    }

    /// `users: 45`, and `up to 40` beside users per second.
    fn bare(&mut self, at: usize, value: f64) {
        let from = self.quantities[at].from;
        let sign = from > 0
            && (matches!(self.tokens[from - 1].kind, Piece::Mark(':' | '='))
                || self.is_word(
                    from - 1,
                    &["is", "are", "be", "ist", "sind", "beträgt", "von", "auf", "of", "to", "lautet"],
                ));
        // `the number of users shall be 300`
        let mut noun = from.checked_sub(if sign { 2 } else { 1 });
        while let Some(at) = noun.filter(|at| {
            *at > 0
                && self.is_word(
                    *at,
                    &["shall", "should", "must", "will", "soll", "muss", "be", "is", "maximum", "limit"],
                )
        }) {
            noun = Some(at - 1);
        }
        let named = noun.is_some_and(|noun| self.names_users(noun)) || sign && self.number_of(from);
        if noun.is_some_and(|noun| self.names_passes(noun)) {
            return self.times(at, value);
        }
        if noun.is_some_and(|noun| self.is_word(noun, &["rps", "qps", "tps"])) {
            return self.take(at, value, |load| &mut load.rate);
        }
        let reach = |back: usize| {
            from >= back
                && self.is_word(from - back, &["to", "until", "till", "bis", "auf", "reaching", "reach"])
        };
        let there = reach(2)
            && self.is_word(
                from - 1,
                &[
                    "es",
                    "there",
                    "we",
                    "wir",
                    "they",
                    "sie",
                    "zu",
                    "it",
                    "reaching",
                    "maximal",
                    "max",
                    "höchstens",
                    "maximum",
                    "about",
                    "etwa",
                    "rund",
                    "insgesamt",
                ],
            )
            || reach(3) && self.is_word(from - 1, &["are", "is", "have", "reach", "reached", "hit"]);
        let hatch = !self.reading.load.hatch.is_empty()
            || self.quantities.iter().any(|one| matches!(one.kind, Kind::Hatch(_)));
        let bound = (reach(1) || there) && hatch;
        if named || bound {
            self.users(at, value);
        }
    }

    /// `with those 90`, `mit diesen 90`, where the text has spoken of users.
    pub(super) fn is_those(&self, from: usize) -> bool {
        from > 1
            && self.is_word(from - 1, &["those", "these", "diesen", "denen", "den"])
            && self.is_word(from - 2, &["with", "mit", "for", "für", "use", "nimm"])
    }

    /// `Number of visitors at any one time: 90`.
    fn number_of(&self, from: usize) -> bool {
        let start = self.clause_start(from).max(from.saturating_sub(9));
        let counted = (start..from).find(|&at| self.is_word(at, &["number", "anzahl", "zahl", "count"]));
        counted.is_some_and(|at| (at..from).any(|at| is_user(self.word(at))))
    }

    /// `Loop Count 50`, `Durchläufe: 20`.
    fn names_passes(&self, noun: usize) -> bool {
        const PASSES: &[&str] = &[
            "iterations",
            "iterationen",
            "durchläufe",
            "durchgänge",
            "wiederholungen",
            "passes",
            "loops",
            "runden",
            "repetitions",
            "loop",
            "loopcount",
            "rounds",
            "schleifen",
            "iterationszahl",
        ];
        let counted = matches!(self.word(noun), "count" | "counter" | "anzahl" | "zahl") && noun > 0;
        self.is_word(noun, PASSES) || counted && self.is_word(noun - 1, PASSES)
    }

    /// `Nutzerzahl: 40`, `user count 30`, `Concurrency: 64`.
    fn names_users(&self, noun: usize) -> bool {
        let word = self.word(noun);
        let compound =
            ["nutzer", "benutzer", "user", "besucher", "kunden"].iter().any(|stem| word.starts_with(stem))
                && ["zahl", "anzahl", "count", "menge"].iter().any(|ending| word.ends_with(ending));
        let count = matches!(word, "count" | "number" | "load") && noun > 0 && is_user(self.word(noun - 1));
        compound
            || count
            || is_user(word)
            || matches!(word, "concurrency" | "parallelität" | "gleichzeitigkeit")
    }

    /// A number of users that a ramp goes to is the same as those of the text.
    fn settle(&mut self) {
        let load = &mut self.reading.load;
        if load.stages_of_rate || load.stages.is_empty() {
            return;
        }
        let targets: Vec<f64> = load.stages.iter().map(|stage| stage.value.target).collect();
        load.users.retain(|users| !targets.contains(&f64::from(users.value)));
    }
}

/// A whole number.
fn count(value: f64) -> Option<u32> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to be whole and within"
    )]
    let whole =
        (value.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&value)).then_some(value as u32);
    whole
}
