//! What a number counts, by the words behind it.

use super::{
    lexicon::{ADJECTIVES, BYTES, REQUESTS, like, unit},
    number,
    part::NEW,
    people::is_user,
    quantity::{Kind, Tokens},
    token::Kind as Piece,
};

/// Words of what is there at once.
const TOGETHER: &[&str] = &[
    "concurrent",
    "simultaneous",
    "parallel",
    "gleichzeitige",
    "gleichzeitigen",
    "gleichzeitig",
    "parallele",
    "parallelen",
    "simultane",
    "simultanen",
];
impl Tokens<'_> {
    /// A number with what it counts.
    pub(super) fn counted(&self, at: usize) -> Option<(Kind, usize)> {
        if let Some(to) = self.half_a_percent(at) {
            return Some((Kind::Percent(0.5), to));
        }
        if let Some(to) = self.one_percent(at) {
            return Some((Kind::Percent(1.0), to));
        }
        let (value, glued, next) = self.number(at)?;
        // `two and a half percent`
        let and = matches!(self.word(next), "and" | "und").then(|| self.half_a_percent(next + 1)).flatten();
        if let Some(to) = and.filter(|_| glued.is_empty()) {
            return Some((Kind::Percent(value + 0.5), to));
        }
        if !glued.is_empty() {
            return Some(match glued {
                "rps" | "qps" | "tps" => (Kind::Rate(value), next),
                "rpm" => (Kind::Rate(value / 60.0), next),
                "percent" | "prozent" => (Kind::Percent(value), next),
                _ if is_user(glued) => (Kind::Users(value), next),
                _ => (Kind::Bare(value), next),
            });
        }
        if let Some(to) = self.percent_sign(next) {
            return Some((Kind::Percent(value), to));
        }
        if let Some((size, to)) = self.per(next) {
            return Some((Kind::Rate(value * 1000.0 / size), to));
        }
        if let Some((size, to)) = self.newcomers(next) {
            return Some((Kind::Hatch(value * 1000.0 / size), to));
        }
        if let Some(to) = self.of_those(next) {
            return Some((Kind::Some(value), to));
        }
        let mut noun = self.dash(next);
        while noun < next + 3 && ADJECTIVES.contains(&self.word(noun)) {
            noun += 1;
        }
        let word = self.word(noun);
        match word {
            "rps" | "qps" | "tps" => return Some((Kind::Rate(value), noun + 1)),
            "rpm" => return Some((Kind::Rate(value / 60.0), noun + 1)),
            _ => {}
        }
        if is_user(word) {
            return Some(match self.per(noun + 1).or_else(|| self.newly(next, noun)) {
                Some((size, to)) => (Kind::Hatch(value * 1000.0 / size), to),
                None => (Kind::Users(value), noun + 1),
            });
        }
        Some(
            self.of_requests(value, (next, noun))
                .or_else(|| self.together(value, (next, noun)))
                .unwrap_or_else(|| self.of_anything(value, noun).unwrap_or((Kind::Bare(value), next))),
        )
    }

    /// `200 requests per second`, `50 concurrent requests`.
    fn of_requests(&self, value: f64, (next, noun): (usize, usize)) -> Option<(Kind, usize)> {
        if !like(self.word(noun), REQUESTS) {
            return None;
        }
        let together = (next..noun).any(|at| TOGETHER.contains(&self.word(at)));
        Some(match self.per(noun + 1).or_else(|| self.each_time(noun + 1)) {
            Some((size, to)) => (Kind::Rate(value * 1000.0 / size), to),
            None if together || self.at_once(noun + 1) => (Kind::Users(value), noun + 1),
            None => (Kind::Total(value), noun + 1),
        })
    }

    /// Whoever is there at once is a user, whatever they are called: `110 machines in parallel`, `35 machen das parallel`,
    /// `forty-five art lovers who come in`.
    fn together(&self, value: f64, (next, noun): (usize, usize)) -> Option<(Kind, usize)> {
        let words =
            (next..next + 4).take_while(|&at| self.0.get(at).is_some_and(|token| token.kind == Piece::Word));
        let words: Vec<usize> = words.collect();
        let denied =
            words.iter().any(|&at| matches!(self.word(at), "nie" | "nicht" | "never" | "not" | "kaum"));
        let parallel = |at: usize| {
            matches!(
                self.word(at),
                "parallel" | "gleichzeitig" | "zeitgleich" | "simultaneously" | "concurrently"
            )
        };
        let who = words.iter().any(|&at| at > next && self.word(at) == "who");
        let behind =
            !denied && self.per(next + 1).is_none() && words.into_iter().any(|at| at > next && parallel(at));
        if self.at_once(next) || (who || behind) && value.fract() == 0.0 {
            return Some((Kind::Users(value), next));
        }
        let word = self.word(noun);
        let anybody = word.chars().count() > 2 && unit(word).is_none() && !BYTES.contains(&word);
        let adjective = (next..noun).any(|at| TOGETHER.contains(&self.word(at)));
        let there = anybody && (adjective || self.at_once(noun + 1)) && self.per(noun + 1).is_none();
        there.then_some((Kind::Users(value), noun + 1))
    }

    /// `two new ones per second`, `50 are added per second`, `kommen 20 neue dazu`: milliseconds, and the next token.
    fn newcomers(&self, at: usize) -> Option<(f64, usize)> {
        const ADDED: &[&str] = &[
            "ones",
            "added",
            "started",
            "joining",
            "join",
            "arrive",
            "spawned",
            "launched",
            "starting",
            "dazu",
            "hinzu",
            "gestartet",
            "hinzugefügt",
            "dazukommen",
            "hinzukommen",
            "extra",
            "starten",
            "come",
            "kommen",
        ];
        let mut to = at;
        while to < at + 5
            && (NEW.contains(&self.word(to))
                || ADDED.contains(&self.word(to))
                || matches!(
                    self.word(to),
                    "are" | "get" | "is" | "werden" | "in" | "of" | "them" | "being" | "davon" | "at"
                ))
        {
            to += 1;
        }
        let said = (at..to).any(|at| NEW.contains(&self.word(at)) || ADDED.contains(&self.word(at)));
        if !said || (at..to).any(|at| is_user(self.word(at))) {
            return None;
        }
        self.per(to).or_else(|| self.each_time(to))
    }

    /// `half a percent`, `ein halbes Prozent`: the token behind it.
    /// `ein Prozent`, `a per cent`: an article that counts.
    fn one_percent(&self, at: usize) -> Option<usize> {
        number::article(self.word(at)).then(|| self.percent_sign(at + 1)).flatten()
    }

    /// `%`, `percent`, `per cent`, `pct`, `v. H.`: the token behind it.
    fn percent_sign(&self, at: usize) -> Option<usize> {
        let word = self.word(at);
        if self.mark(at, '%') || like(word, &["percent", "prozent"]) || matches!(word, "pct" | "vh") {
            return Some(at + 1);
        }
        (word == "per" && matches!(self.word(at + 1), "cent" | "cents")).then_some(at + 2)
    }

    fn half_a_percent(&self, at: usize) -> Option<usize> {
        let inner = at + usize::from(number::article(self.word(at)));
        let half = matches!(self.word(inner), "half" | "halbes" | "halben");
        let noun = inner + 1 + usize::from(matches!(self.word(inner + 1), "a" | "of"));
        let noun = noun + usize::from(self.word(noun) == "a");
        self.percent_sign(noun).filter(|_| half)
    }

    /// `50 concurrently`, `60 in parallel`, `40 at a time`, `80 gleichzeitig`.
    fn at_once(&self, at: usize) -> bool {
        match self.word(at) {
            "concurrently" | "simultaneously" | "gleichzeitig" | "parallel" | "zeitgleich" | "zugleich" => {
                !is_user(self.word(at + 1))
            }
            "at" | "in" if self.word(at + 1) == "the" => self.word(at + 2) == "same",
            "at" => {
                self.word(at + 1) == "once"
                    || matches!(self.word(at + 1), "a" | "any") && matches!(self.word(at + 2), "time" | "one")
            }
            "in" => matches!(self.word(at + 1), "parallel" | "flight"),
            _ => false,
        }
    }

    /// `30 orders per minute`, `20 messages/s`: whatever comes at a rate is sent at it.
    fn of_anything(&self, value: f64, noun: usize) -> Option<(Kind, usize)> {
        let word = self.word(noun);
        let no_rate = BYTES.contains(&word) || word.starts_with("fehler") || word.starts_with("error");
        if word.chars().count() < 3 && word != "r" || no_rate || unit(word).is_some() {
            return None;
        }
        let said = self.mark(noun + 1, '/')
            || matches!(self.word(noun + 1), "per" | "pro" | "je" | "each" | "every" | "jede")
            // `1,000 tiles a second`, and `5 purges a day`, which is no time either
            || self.word(noun + 1) == "a" && word.ends_with('s') && value > 1.0;
        let (size, to) = self.per(noun + 1).filter(|_| said)?;
        Some((if size <= 3.6e6 { Kind::Rate(value * 1000.0 / size) } else { Kind::Bare(value) }, to))
    }

    /// `of them`, `davon`: the token behind it.
    fn of_those(&self, at: usize) -> Option<usize> {
        let at = at + usize::from(matches!(self.word(at), "stück" | "pieces"));
        match self.word(at) {
            "davon" | "derer" => Some(at + 1),
            "of" if matches!(self.word(at + 1), "them" | "those" | "these") => Some(at + 2),
            "von" if matches!(self.word(at + 1), "ihnen" | "denen" | "diesen") => Some(at + 2),
            _ => None,
        }
    }

    /// `5 new users every 10 seconds`: milliseconds, and the next token.
    fn newly(&self, from: usize, noun: usize) -> Option<(f64, usize)> {
        (from..noun).any(|at| NEW.contains(&self.word(at))).then(|| self.each_time(noun + 1)).flatten()
    }

    /// `with a single user`, `mit einem Nutzer`, `ein Nutzer reicht`.
    pub(super) fn single_user(&self, at: usize) -> Option<(Kind, usize)> {
        let before = at.checked_sub(1).map_or("", |before| self.word(before));
        let single = |at: usize| {
            matches!(self.word(at), "single" | "einzigen" | "einziger" | "einzelner" | "einzelnen")
        };
        let article = number::article(self.word(at));
        let alone = single(at + 1);
        let limited = matches!(before, "with" | "mit" | "just" | "only" | "nur");
        let noun = at + 1 + usize::from(alone);
        let behind = self.word(noun + 1);
        let enough = behind.starts_with("reich")
            || behind.starts_with("genüg")
            || matches!(behind, "suffices")
            || matches!((behind, self.word(noun + 2)), ("is", "enough" | "plenty") | ("will", "do"));
        (article && (alone || limited || enough) && is_user(self.word(noun)) && self.per(noun + 1).is_none())
            .then_some((Kind::Users(1.0), noun + 1))
    }
}
