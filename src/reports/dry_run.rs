//! A dry run as the terminal shows it: each request with what came of it, and why where it failed.

use console::Style;

use super::{
    number::{bytes, ms, plural, span},
    text::{cut, plain},
};
use crate::engine::dry_run::{Checked, DryRun, Extracted, Message, Part, Reply, Step};

/// Narrowest text that is laid out; a narrower terminal wraps.
const NARROWEST: usize = 40;
/// Lines of a body that are shown of a request that failed.
const BODY_LINES: usize = 12;

/// The dry run in lines of at most `width` columns (at least 40), with colours only when `colour` is set.
#[must_use]
pub fn dry_run_text(dry_run: &DryRun, colour: bool, width: usize) -> String {
    let mut page = Page { text: String::new(), colour, width: width.max(NARROWEST) };
    let mut last = None;
    for step in &dry_run.steps {
        let place = (&step.scenario, step.part, &step.transaction);
        if last.replace(place) != Some(place) {
            page.place(step);
        }
        page.step(step);
    }
    page.end(dry_run);
    page.text
}

struct Page {
    text: String,
    colour: bool,
    width: usize,
}

impl Page {
    fn line(&mut self, indent: usize, text: &str) {
        let line = cut(text, self.width.saturating_sub(indent));
        self.text.push_str(&" ".repeat(indent));
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn styled(&self, style: Style, text: &str) -> String {
        style.force_styling(self.colour).apply_to(text).to_string()
    }

    /// A line that begins with something in a style.
    fn marked(&mut self, indent: usize, (style, mark): (Style, &str), text: &str) {
        let rest = cut(text, self.width.saturating_sub(indent + mark.chars().count() + 1));
        let mark = self.styled(style, mark);
        self.text.push_str(&format!("{}{mark} {}\n", " ".repeat(indent), rest.trim_end()));
    }

    fn place(&mut self, step: &Step) {
        let part = match step.part {
            Part::OnStart => " / on_start",
            Part::Transactions => "",
            Part::OnStop => " / on_stop",
        };
        self.text.push('\n');
        let place = format!("{}{part} / {}", plain(&step.scenario), plain(&step.transaction));
        let place = self.styled(Style::new().bold(), &cut(&place, self.width));
        self.text.push_str(&format!("{place}\n"));
    }

    fn step(&mut self, step: &Step) {
        let mark = match step.failure {
            None => (Style::new().green(), "✓"),
            Some(_) => (Style::new().red().bold(), "✗"),
        };
        let answered = |reply: &Reply| {
            let redirects = match reply.redirects {
                0 => String::new(),
                count => format!(" after {}", plural(count.into(), "redirect", "redirects")),
            };
            let size = bytes(reply.message.body_bytes);
            format!("  {}, {}, {size}{redirects}", reply.status, ms(reply.response_ms))
        };
        let answer = step.answer.as_ref().map_or_else(String::new, answered);
        self.marked(2, mark, &format!("{} {}{answer}", step.method, plain(&step.url)));
        if let Some(failure) = &step.failure {
            self.marked(6, (Style::new().red(), "why "), &failure.message);
        }
        step.extracts.iter().for_each(|extract| self.extract(extract));
        step.checks.iter().for_each(|check| self.check(check));
        if step.failure.is_some() {
            step.sent.iter().for_each(|sent| self.body("sent", sent));
            step.answer.iter().for_each(|reply| self.body("answered", &reply.message));
        }
    }

    fn extract(&mut self, extract: &Extracted) {
        let Extracted { name, from, value, is_default } = extract;
        let style = if value.is_some() { Style::new().dim() } else { Style::new().red() };
        let value = value.as_deref().unwrap_or("nothing found");
        let default = if *is_default { ", the default" } else { "" };
        self.marked(6, (style, "took"), &format!("{name} = {value} ({from}{default})"));
    }

    fn check(&mut self, check: &Checked) {
        let Checked { check, passed, found } = check;
        let found = found.as_ref().map_or_else(String::new, |found| format!(", found {found}"));
        let mark = if *passed { (Style::new().green(), "holds") } else { (Style::new().red(), "fails") };
        self.marked(6, mark, &format!("{check}{found}"));
    }

    fn body(&mut self, what: &str, message: &Message) {
        let Some(body) = message.body.as_deref().filter(|body| !body.trim().is_empty()) else { return };
        self.line(6, what);
        let lines = body.lines().count();
        for line in body.lines().take(BODY_LINES) {
            self.line(8, line);
        }
        if lines > BODY_LINES || message.body_cut {
            self.line(8, &format!("… of {}", bytes(message.body_bytes)));
        }
    }

    fn end(&mut self, dry_run: &DryRun) {
        let (style, word) = match dry_run.passed {
            true => (Style::new().green().bold(), "PASSED"),
            false => (Style::new().red().bold(), "FAILED"),
        };
        let requests = plural(dry_run.requests as u64, "request", "requests");
        let failed = match dry_run.failures {
            0 => String::new(),
            failures => format!(", {failures} failed"),
        };
        let ended = dry_run
            .ended_because
            .as_ref()
            .map_or_else(String::new, |because| format!("; not all: {because}"));
        let took = match dry_run.duration_s {
            short if short < 1.0 => ms(short * 1000.0),
            long => span(long),
        };
        self.text.push('\n');
        self.marked(0, (style, word), &format!("{requests}{failed}, in {took}{ended}"));
    }
}
