//! Where text goes: results to stdout, everything else to stderr, colours only on a terminal.

use std::io::{self, IsTerminal, Write};

use console::Style;
use indicatif::{MultiProgress, ProgressDrawTarget};
use jiff::Timestamp;
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use crate::config::LogFormat;

/// Columns where stdout is no terminal.
const PLAIN_WIDTH: usize = 100;

/// The two streams of the process and what may be done to them.
#[derive(Clone, Debug)]
pub(super) struct Screen {
    bars: MultiProgress,
    /// Stderr is a terminal that can be drawn on.
    pub(super) live: bool,
    /// Colours may be used on stdout.
    pub(super) colour: bool,
    /// Colours may be used on stderr.
    pub(super) colour_err: bool,
    quiet: bool,
    /// What is said is a line of the log, which is JSON.
    as_json: bool,
}

impl Screen {
    /// The screen of this process. `no_color` is the flag; the variable `NO_COLOR` says the same.
    pub(super) fn of_process(no_color: bool, quiet: bool) -> Self {
        let plain = no_color || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let live = io::stderr().is_terminal() && !dumb && !quiet;
        let target = if live { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self {
            bars: MultiProgress::with_draw_target(target),
            live,
            colour: io::stdout().is_terminal() && !dumb && !plain,
            colour_err: io::stderr().is_terminal() && !dumb && !plain,
            quiet,
            as_json: false,
        }
    }

    /// Bars that are drawn below everything that is said.
    pub(super) fn bars(&self) -> &MultiProgress {
        &self.bars
    }

    /// Writes a result to stdout. A reader that has seen enough, such as `head`, is no error.
    pub(super) fn result(&self, text: &str) -> io::Result<()> {
        let end = if text.ends_with('\n') { "" } else { "\n" };
        let written = self.bars.suspend(|| {
            let mut stdout = io::stdout().lock();
            stdout.write_all(text.as_bytes())?;
            stdout.write_all(end.as_bytes())?;
            stdout.flush()
        });
        written.or_else(|error| if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })
    }

    /// Columns that a table on stdout may have.
    pub(super) fn width(&self) -> usize {
        console::Term::stdout().size_checked().map_or(PLAIN_WIDTH, |(_, columns)| columns.into())
    }

    /// Columns that a line on stderr may have.
    pub(super) fn width_err(&self) -> usize {
        console::Term::stderr().size_checked().map_or(PLAIN_WIDTH, |(_, columns)| columns.into())
    }

    /// The same, beside a log of this form: whoever collects JSON reads nothing else.
    pub(super) fn beside(&self, log: LogFormat) -> Self {
        Self { as_json: log == LogFormat::Json, ..self.clone() }
    }

    /// Says something to stderr that matters even under `-q`.
    pub(super) fn say(&self, text: &str) {
        let line = self.as_json.then(|| {
            let at = Timestamp::now();
            json!({"timestamp": at, "level": "INFO", "fields": {"message": text}, "target": "maid"})
                .to_string()
        });
        let text = line.as_deref().unwrap_or(text);
        // There is nowhere left to tell that stderr is closed.
        self.bars.suspend(|| writeln!(io::stderr(), "{text}")).ok();
    }

    /// Says something to stderr unless `-q` was given.
    pub(super) fn note(&self, text: &str) {
        if !self.quiet {
            self.say(text);
        }
    }

    /// `text` in a style, where stderr takes colours.
    pub(super) fn styled(&self, style: Style, text: &str) -> String {
        style.force_styling(self.colour_err).apply_to(text).to_string()
    }
}

/// Log lines go above the bars.
impl<'a> MakeWriter<'a> for Screen {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Self::Writer {
        Line(self)
    }
}

/// Writes log lines to stderr without tearing the bars.
pub(super) struct Line<'a>(&'a Screen);

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.bars.suspend(|| io::stderr().write_all(bytes))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
