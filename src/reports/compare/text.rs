//! A comparison for the terminal: the verdict in words, the totals, then per request name.

use super::{Compared, Comparison, Measure, MeasureName};
use crate::reports::{
    number::{change, count, ms, percent, plural, rate},
    table::{Cell, Ink, Table},
    text,
};

/// Request names that are shown; the others are only counted.
const MOST_ROWS: usize = 50;
const NARROWEST: usize = 40;

impl Comparison {
    /// The comparison in lines of at most `width` columns (at least 40).
    #[must_use]
    pub fn to_text(&self, color: bool, width: usize) -> String {
        let width = width.max(NARROWEST);
        let mut lines = vec![self.title(width, color), String::new()];
        lines.extend(self.total_table().lines(0, width, color));
        if let Some(sentence) = self.shift_sentence() {
            lines.extend(text::wrap(&sentence, width));
        }
        if !self.by_request.is_empty() {
            lines.push(String::new());
            lines.extend(self.request_table().lines(0, width, color));
            lines.extend(text::wrap(&self.legend(), width).iter().map(|line| Ink::Dim.paint(line, color)));
        }
        lines.extend(self.lists(width));
        lines.push(String::new());
        let (verdict, ink) = self.verdict();
        lines.extend(text::wrap(&verdict, width).iter().map(|line| ink.paint(line, color)));
        lines.iter().map(|line| line.trim_end().to_owned() + "\n").collect()
    }

    fn title(&self, width: usize, color: bool) -> String {
        let side = |run: &super::RunRef| format!("{} ({})", run.name, run.started_at);
        let title = format!("A {}  B {}", side(&self.a), side(&self.b));
        Ink::Bold.paint(&text::cut(&title, width), color)
    }

    fn total_table(&self) -> Table {
        let mut table = Table::new(&["All requests", "A", "B", "change", ""]).left(&[4]);
        table.row(vec![
            "requests".into(),
            count(self.total.requests[0]).into(),
            count(self.total.requests[1]).into(),
            "".into(),
            "".into(),
        ]);
        for measure in &self.total.measures {
            let judged = match measure.beyond_noise {
                Some(true) if measure.is_worse() => Cell::new("worse", Ink::Bad),
                Some(true) => Cell::new("better", Ink::Good),
                Some(false) => Cell::new("within noise", Ink::Dim),
                None => Cell::new("not tested", Ink::Dim),
            };
            let name = measure.name.to_string();
            let (a, b) = (figure(measure, measure.a), figure(measure, measure.b));
            table.row(vec![name.into(), a.into(), b.into(), change_cell(measure), judged]);
        }
        table
    }

    fn shift_sentence(&self) -> Option<String> {
        let shift = self.total.shift.filter(|shift| shift.beyond_noise)?;
        let share = percent(shift.b_slower);
        Some(format!("A request of B took longer than one of A in {share} of all pairs (50% is no shift)."))
    }

    fn request_table(&self) -> Table {
        let head = ["Request", "p50", "p95", "p99", "errors", "req/s"];
        let mut table = Table::new(&head).spare(&[5, 1]);
        for compared in self.by_request.iter().take(MOST_ROWS) {
            let cell = |name| marked(compared, name);
            table.row(vec![
                compared.name.as_str().into(),
                cell(MeasureName::P50),
                cell(MeasureName::P95),
                cell(MeasureName::P99),
                cell(MeasureName::ErrorRate),
                cell(MeasureName::Rps),
            ]);
        }
        table
    }

    fn legend(&self) -> String {
        let legend = "* beyond noise";
        match self.by_request.len().checked_sub(MOST_ROWS) {
            Some(rest) if rest > 0 => format!("{legend}. {} more request names in the JSON.", rest),
            _ => legend.to_owned(),
        }
    }

    fn lists(&self, width: usize) -> Vec<String> {
        let mut lines = Vec::new();
        for (label, names) in [("Only in B", &self.added), ("Only in A", &self.removed)] {
            if !names.is_empty() {
                lines.push(String::new());
                let shown: Vec<_> = names.iter().take(MOST_ROWS).map(|name| text::cut(name, 60)).collect();
                let rest = names.len().saturating_sub(shown.len());
                let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
                lines.extend(text::wrap(&format!("{label}: {}{more}", shown.join(", ")), width));
            }
        }
        for note in &self.notes {
            lines.push(String::new());
            lines.extend(text::wrap(&format!("Note: {note}"), width));
        }
        lines
    }

    fn judged_anything(&self) -> bool {
        let all = std::iter::once(&self.total).chain(&self.by_request);
        all.flat_map(|compared| &compared.measures).any(|measure| measure.beyond_noise.is_some())
    }

    /// The verdict in words.
    fn verdict(&self) -> (String, Ink) {
        let real = |worse: bool| {
            let all = std::iter::once(&self.total).chain(&self.by_request).flat_map(|c| &c.measures);
            all.filter(|measure| measure.is_real() && measure.is_worse() == worse).count() as u64
        };
        match (self.max_regression, self.regressions.first()) {
            (Some(max), Some(first)) => {
                let all = plural(self.regressions.len() as u64, "regression", "regressions");
                let of = if first.request.is_empty() { "all requests" } else { first.request.as_str() };
                let by = first.change.map_or("up from zero".to_owned(), change);
                let text = format!(
                    "✗ {all} of more than {}, the first: {} of {of} {by}.",
                    percent(max),
                    first.measure
                );
                (text, Ink::Bad)
            }
            (Some(_), None) if !self.judged_anything() => {
                ("• Nothing was judged: there was nothing to compare.".to_owned(), Ink::Care)
            }
            (Some(max), None) => {
                (format!("✓ No regression of more than {} beyond noise.", percent(max)), Ink::Good)
            }
            (None, _) => match (real(true), real(false)) {
                (0, 0) => ("No change beyond noise.".to_owned(), Ink::Plain),
                (worse, better) => {
                    let changes = plural(worse + better, "change", "changes");
                    (
                        format!("{changes} beyond noise: {worse} for the worse, {better} for the better."),
                        Ink::Plain,
                    )
                }
            },
        }
    }
}

fn figure(measure: &Measure, value: f64) -> String {
    match measure.name {
        MeasureName::ErrorRate => percent(value),
        MeasureName::Rps => rate(value),
        // A measure without a test had no request to take it from.
        _ if measure.beyond_noise.is_none() && value == 0.0 => ms(f64::NAN),
        _ => ms(value),
    }
}

fn change_cell(measure: &Measure) -> Cell {
    let ink = match (measure.is_real(), measure.is_worse()) {
        (false, _) => Ink::Plain,
        (true, true) => Ink::Bad,
        (true, false) => Ink::Good,
    };
    let text = match measure.change {
        Some(share) => change(share),
        None if measure.delta == 0.0 => change(0.0),
        None => format!("+{}", figure(measure, measure.b)),
    };
    Cell::new(if measure.is_real() { format!("{text}*") } else { format!("{text} ") }, ink)
}

fn marked(compared: &Compared, name: MeasureName) -> Cell {
    let found = compared.measures.iter().find(|measure| measure.name == name);
    found.map_or_else(|| Cell::from("-"), change_cell)
}
