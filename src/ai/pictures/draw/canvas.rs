//! What pictures are drawn on: lines, areas and texts at places in pixels of the finished picture.
//!
//! The library rounds places to whole units, so everything is drawn several times as large: a drawing of lines is
//! shown smaller, one of pixels is averaged. That also makes its edges smooth.

use plotters::{
    coord::Shift,
    element::{PathElement, Polygon, Rectangle},
    prelude::{DrawingArea, DrawingBackend, Text},
    style::{
        Color, FontStyle, RGBColor, ShapeStyle, TextStyle,
        text_anchor::{HPos, Pos, VPos},
    },
};

use super::{DrawError, palette::Palette};

/// The name that the fonts are known by, which is also what a drawing of lines asks its reader for.
pub const FONT: &str = "DejaVu Sans, Verdana, sans-serif";

/// Something is drawn on.
pub struct Canvas<'a, DB: DrawingBackend> {
    area: &'a DrawingArea<DB, Shift>,
    scale: f64,
    /// Its colours.
    pub palette: Palette,
}

/// A rectangle, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
}

impl Frame {
    /// How wide it is.
    #[must_use]
    pub fn width(self) -> f64 {
        self.right - self.left
    }

    /// How high it is.
    #[must_use]
    pub fn height(self) -> f64 {
        self.bottom - self.top
    }

    /// The place of a share of its width.
    #[must_use]
    pub fn x(self, share: f64) -> f64 {
        self.left + share * self.width()
    }

    /// The place of a share of its height, from below.
    #[must_use]
    pub fn y(self, share: f64) -> f64 {
        self.bottom - share * self.height()
    }
}

/// Which side of a place a text is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// It begins there.
    Right,
    /// Its middle is there.
    Middle,
    /// It ends there.
    Left,
}

/// How a text looks.
#[derive(Clone, Copy, Debug)]
pub struct Letters {
    /// Size in pixels.
    pub size: f64,
    /// Its colour.
    pub colour: RGBColor,
    /// Whether it is bold.
    pub bold: bool,
    /// Which side of its place it is on; its middle is at the height of the place.
    pub side: Side,
}

impl<'a, DB: DrawingBackend> Canvas<'a, DB> {
    /// Draws on `area`, whose units are `scale` to a pixel.
    pub fn new(area: &'a DrawingArea<DB, Shift>, scale: u32, palette: Palette) -> Self {
        Self { area, scale: f64::from(scale), palette }
    }

    /// How wide and how high it is.
    pub fn whole(&self) -> Frame {
        let (width, height) = self.area.dim_in_pixel();
        let [right, bottom] = [width, height].map(|of| f64::from(of) / self.scale);
        Frame { left: 0.0, top: 0.0, right, bottom }
    }

    /// Covers everything.
    pub fn fill(&self, colour: RGBColor) -> Result<(), DrawError> {
        self.area.fill(&colour).map_err(DrawError::of)
    }

    /// A rectangle.
    pub fn rectangle(&self, frame: Frame, colour: RGBColor) -> Result<(), DrawError> {
        let corners = [(frame.left, frame.top), (frame.right, frame.bottom)].map(|place| self.place(place));
        self.area.draw(&Rectangle::new(corners, colour.filled())).map_err(DrawError::of)
    }

    /// A line through places.
    pub fn line(
        &self,
        places: impl IntoIterator<Item = (f64, f64)>,
        colour: RGBColor,
        width: f64,
    ) -> Result<(), DrawError> {
        let places: Vec<(i32, i32)> = places.into_iter().map(|place| self.place(place)).collect();
        if places.len() < 2 {
            return Ok(());
        }
        let stroke_width = (width * self.scale).round().max(1.0) as u32;
        let style = ShapeStyle { color: colour.to_rgba(), filled: false, stroke_width };
        self.area.draw(&PathElement::new(places, style)).map_err(DrawError::of)
    }

    /// A line with gaps.
    pub fn dashes(
        &self,
        places: &[(f64, f64)],
        colour: RGBColor,
        (width, on, off): (f64, f64, f64),
    ) -> Result<(), DrawError> {
        let (mut piece, mut left, mut draws) =
            (places.first().copied().into_iter().collect::<Vec<_>>(), on, true);
        for pair in places.windows(2) {
            let (mut from, to) = (pair[0], pair[1]);
            let mut length = (to.0 - from.0).hypot(to.1 - from.1);
            while length > left {
                let share = left / length;
                let cut = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
                piece.push(cut);
                if draws {
                    self.line(std::mem::take(&mut piece), colour, width)?;
                }
                draws = !draws;
                piece = vec![cut];
                length -= left;
                left = if draws { on } else { off };
                from = cut;
            }
            left -= length;
            piece.push(to);
        }
        if draws { self.line(piece, colour, width) } else { Ok(()) }
    }

    /// An area within places, seen through by `opacity`.
    pub fn area(
        &self,
        places: impl IntoIterator<Item = (f64, f64)>,
        colour: RGBColor,
        opacity: f64,
    ) -> Result<(), DrawError> {
        let places: Vec<(i32, i32)> = places.into_iter().map(|place| self.place(place)).collect();
        if places.len() < 3 {
            return Ok(());
        }
        self.area.draw(&Polygon::new(places, colour.mix(opacity))).map_err(DrawError::of)
    }

    /// A text in one line.
    pub fn text(&self, text: &str, place: (f64, f64), letters: Letters) -> Result<(), DrawError> {
        if text.is_empty() {
            return Ok(());
        }
        let style = self.style(letters);
        self.area.draw(&Text::new(text.to_owned(), self.place(place), style)).map_err(DrawError::of)
    }

    /// How wide a text is, in pixels.
    pub fn width_of(&self, text: &str, letters: Letters) -> f64 {
        let size = self.area.estimate_text_size(text, &self.style(letters));
        size.map_or(0.0, |(width, _)| f64::from(width) / self.scale)
    }

    /// A text that is cut where it is wider than there is room.
    pub fn fitting(&self, text: &str, room: f64, letters: Letters) -> String {
        if self.width_of(text, letters) <= room {
            return text.to_owned();
        }
        let characters: Vec<char> = text.chars().collect();
        let fits = |count: &usize| {
            let cut: String = characters[..*count].iter().collect();
            self.width_of(&format!("{}…", cut.trim_end()), letters) <= room
        };
        let most = (0..characters.len()).rev().find(fits).unwrap_or(0);
        let cut: String = characters[..most].iter().collect();
        if most == 0 { String::new() } else { format!("{}…", cut.trim_end()) }
    }

    fn style(&self, letters: Letters) -> TextStyle<'static> {
        let style = if letters.bold { FontStyle::Bold } else { FontStyle::Normal };
        let side = match letters.side {
            Side::Right => HPos::Left,
            Side::Middle => HPos::Center,
            Side::Left => HPos::Right,
        };
        let font = (FONT, letters.size * self.scale, style);
        let colour = letters.colour.to_backend_color();
        TextStyle { color: colour, ..TextStyle::from(font).pos(Pos::new(side, VPos::Center)) }
    }

    fn place(&self, (x, y): (f64, f64)) -> (i32, i32) {
        ((x * self.scale).round() as i32, (y * self.scale).round() as i32)
    }
}
