//! Draws pictures of runs by the library `plotters`: knows outcomes, and neither a server nor a database.

mod canvas;
mod comparison;
mod heatmap;
mod page;
mod palette;
mod png;
mod scale;
mod svg;
mod timeline;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use plotters::{
    drawing::IntoDrawingArea,
    prelude::{BitMapBackend, DrawingBackend, SVGBackend},
    style::{FontStyle, register_font},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::canvas::{Canvas, FONT};
pub use self::palette::Theme;
use crate::engine::outcome::Outcome;

/// Units to a pixel where lines are drawn, which places are rounded to.
const FINE: u32 = 8;
/// The same where pixels are drawn, which are averaged.
const SMOOTH: u32 = 2;

const REGULAR: &[u8] = include_bytes!("../../../../assets/fonts/DejaVuSans.subset.ttf");
const BOLD: &[u8] = include_bytes!("../../../../assets/fonts/DejaVuSans-Bold.subset.ttf");

/// What is drawn.
#[derive(Clone, Debug)]
pub enum Picture {
    /// How response times were spread over time.
    Heatmap(Arc<Outcome>),
    /// Response times, requests, failures and users over time.
    Timeline(Arc<Outcome>),
    /// Two runs: the first, and the one that is compared with it.
    Comparison(Arc<Outcome>, Arc<Outcome>),
}

/// The form of the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PictureFormat)]
pub enum Format {
    /// Pixels.
    #[default]
    Png,
    /// Lines and letters, with words for those who do not see them.
    Svg,
}

/// How a picture looks.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Its form.
    pub format: Format,
    /// Its ground.
    pub theme: Theme,
    /// How wide it is, in pixels.
    pub width: u32,
    /// How high it is, in pixels.
    pub height: u32,
}

/// The words that go with a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// What it is of.
    pub title: String,
    /// What it shows, for those who do not see it.
    pub description: String,
}

/// Why nothing was drawn.
#[derive(Debug, thiserror::Error)]
pub enum DrawError {
    /// The run has not what the picture is of.
    #[error("{0}")]
    Nothing(&'static str),
    /// A histogram is damaged.
    #[error("{0}")]
    Histogram(#[from] crate::engine::histogram::HistogramError),
    /// A defect.
    #[error("the picture cannot be drawn: {0}")]
    Defect(String),
}

impl DrawError {
    fn of(error: impl std::fmt::Display) -> Self {
        Self::Defect(error.to_string())
    }
}

/// The file of a picture.
///
/// # Errors
/// The run has not what the picture is of, or something stored is damaged.
pub fn draw(picture: &Picture, look: Look) -> Result<Vec<u8>, DrawError> {
    for (style, font) in [(FontStyle::Normal, REGULAR), (FontStyle::Bold, BOLD)] {
        register_font(FONT, style, font)
            .map_err(|_| DrawError::Defect("the font cannot be read".to_owned()))?;
    }
    match look.format {
        Format::Png => {
            let (width, height) = (look.width * SMOOTH, look.height * SMOOTH);
            let mut pixels = vec![0; width as usize * height as usize * 3];
            {
                let backend = BitMapBackend::with_buffer(&mut pixels, (width, height));
                on(picture, backend, SMOOTH, look.theme)?;
            }
            png::encoded(
                &png::averaged(&pixels, (look.width, look.height), SMOOTH),
                (look.width, look.height),
            )
        }
        Format::Svg => {
            let mut text = String::new();
            let size = (look.width * FINE, look.height * FINE);
            let words = on(picture, SVGBackend::with_string(&mut text, size), FINE, look.theme)?;
            Ok(svg::finished(&text, (look.width, look.height), &words).into_bytes())
        }
    }
}

fn on<DB: DrawingBackend>(
    picture: &Picture,
    backend: DB,
    scale: u32,
    theme: Theme,
) -> Result<Words, DrawError> {
    let area = backend.into_drawing_area();
    let canvas = Canvas::new(&area, scale, theme.palette());
    canvas.fill(canvas.palette.ground)?;
    let words = match picture {
        Picture::Heatmap(run) => heatmap::draw(&canvas, run, theme),
        Picture::Timeline(run) => timeline::draw(&canvas, run),
        Picture::Comparison(before, after) => comparison::draw(&canvas, before, after),
    }?;
    area.present().map_err(DrawError::of)?;
    Ok(words)
}
