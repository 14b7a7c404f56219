//! QR codes: a text as a picture that phones read. Pure: text in, picture out.
//!
//! All forms are painted from the same grid: error correction M, which outlives a crease or a thumb, and four light
//! modules around it, without which many readers find nothing.

mod png;
mod svg;
mod terminal;

#[cfg(test)]
mod tests;

use qrcode::{Color, EcLevel, QrCode, types::QrError};
use thiserror::Error;

pub use self::{png::png, svg::svg, terminal::terminal};

/// Light modules around the code.
const QUIET: usize = 4;

/// Largest side of a picture, in pixels.
pub const LARGEST: u32 = 4096;

/// Why there is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CodeError {
    /// A code has room for some 2,300 bytes.
    #[error(
        "a text of {bytes} bytes does not fit into a QR code; make a short link, which holds no more than an id"
    )]
    TooLong {
        /// Length of the text.
        bytes: usize,
    },
    /// Modules would be smaller than a pixel.
    #[error("the code does not fit into {pixels} pixels: its side needs {needed} or more")]
    TooSmall {
        /// What was asked for.
        pixels: u32,
        /// What is needed.
        needed: u32,
    },
    /// The picture would be larger than anybody needs.
    #[error(
        "a picture of {pixels} pixels a side is too large: {LARGEST} is the most; the SVG is sharp in every size"
    )]
    TooLarge {
        /// What was asked for.
        pixels: u32,
    },
}

/// The modules of a code with the light ones around it.
struct Grid {
    side: usize,
    dark: Vec<bool>,
}

impl Grid {
    fn of(text: &str) -> Result<Self, CodeError> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|error| match error {
            // The other errors are about versions and character sets that somebody chooses, and nobody does here.
            QrError::DataTooLong
            | QrError::InvalidVersion
            | QrError::UnsupportedCharacterSet
            | QrError::InvalidEciDesignator
            | QrError::InvalidCharacter => CodeError::TooLong { bytes: text.len() },
        })?;
        let (width, side) = (code.width(), code.width() + 2 * QUIET);
        let mut dark = vec![false; side * side];
        for (at, color) in code.to_colors().into_iter().enumerate() {
            let (x, y) = (at % width + QUIET, at / width + QUIET);
            dark[y * side + x] = color == Color::Dark;
        }
        Ok(Self { side, dark })
    }

    /// Whether a module is dark; those outside are light.
    fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.side && y < self.side && self.dark[y * self.side + x]
    }

    fn row(&self, y: usize) -> &[bool] {
        &self.dark[y * self.side..(y + 1) * self.side]
    }
}
