//! `maid picture`: a picture of a run that is over.

use std::{path::PathBuf, sync::Arc};

use clap::{Args, ValueEnum};

use super::{error::CliError, exit::Exit, screen::Screen, stored::Which};
use crate::{
    ai::pictures::draw::{Format, Look, Picture as Drawn, Theme, draw},
    config::Config,
    disk,
};

/// Draw a picture of a run that is over.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  maid picture 01993c6e-... -o latency.png                    how response times were spread over time
  maid picture 01993c6e-... --kind timeline -o run.svg --theme dark
  maid picture RUN_A --kind comparison --with RUN_B -o both.png
  maid picture data/reports/RUN_ID.json -o latency.png        of a report")]
pub(super) struct Picture {
    /// The run: its id in the history, or its JSON report
    #[arg(value_name = "RUN")]
    run: Which,
    /// What is drawn
    #[arg(long, value_enum, default_value_t = Kind::Heatmap, value_name = "KIND")]
    kind: Kind,
    /// The run that it is compared with, for a comparison
    #[arg(long, value_name = "RUN", required_if_eq("kind", "comparison"))]
    with: Option<Which>,
    /// File to write: .png or .svg
    #[arg(short, long, value_name = "FILE")]
    out: PathBuf,
    /// Its ground
    #[arg(long, value_enum, default_value_t = Ground::Light, value_name = "THEME")]
    theme: Ground,
    /// How wide it is, in pixels
    #[arg(long, value_name = "PIXELS", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(200..=2400))]
    width: u32,
    /// How high it is, in pixels
    #[arg(long, value_name = "PIXELS", default_value_t = 560, value_parser = clap::value_parser!(u32).range(200..=2400))]
    height: u32,
}

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    Heatmap,
    Timeline,
    Comparison,
}

/// The ground of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Ground {
    Light,
    Dark,
}

impl Picture {
    /// `config` is only asked for where a run is in the database.
    pub(super) fn execute(
        &self,
        config: impl Fn() -> Result<Config, CliError>,
        screen: &Screen,
    ) -> Result<Exit, CliError> {
        let format = match self.out.extension().and_then(|end| end.to_str()) {
            Some("png") => Format::Png,
            Some("svg") => Format::Svg,
            _ => {
                return Err(CliError::Picture(format!(
                    "{}: a picture is a .png or an .svg",
                    self.out.display()
                )));
            }
        };
        let run = Arc::new(self.run.outcome(&config)?);
        let picture = match (self.kind, &self.with) {
            (Kind::Heatmap, _) => Drawn::Heatmap(run),
            (Kind::Timeline, _) => Drawn::Timeline(run),
            (Kind::Comparison, Some(with)) => Drawn::Comparison(run, Arc::new(with.outcome(&config)?)),
            (Kind::Comparison, None) => Drawn::Comparison(Arc::clone(&run), run),
        };
        let theme = match self.theme {
            Ground::Light => Theme::Light,
            Ground::Dark => Theme::Dark,
        };
        let look = Look { format, theme, width: self.width, height: self.height };
        let file = draw(&picture, look).map_err(|error| CliError::Picture(error.to_string()))?;
        let failed = |error| CliError::NotWritten { path: self.out.clone(), error };
        disk::replace(&self.out, &file).map_err(failed)?;
        screen.note(&format!("picture  {}", self.out.display()));
        Ok(Exit::Passed)
    }
}
