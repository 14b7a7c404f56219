//! Colours: told apart by those who see few of them, on light ground and on dark.
//!
//! Lines are in colours of M. Okabe and K. Ito (*Color Universal Design*, 2008). The map of the heatmap goes from
//! dark to light the way viridis does (S. van der Walt and N. Smith, 2015), so that it is read by its lightness
//! alone as well.

use plotters::style::RGBColor;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The ground of a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PictureTheme)]
pub enum Theme {
    /// Dark on light.
    #[default]
    Light,
    /// Light on dark.
    Dark,
}

/// The colours of a theme.
#[derive(Clone, Copy, Debug)]
pub struct Palette {
    /// Behind everything.
    pub ground: RGBColor,
    /// Titles.
    pub ink: RGBColor,
    /// Labels.
    pub muted: RGBColor,
    /// Lines of the grid.
    pub grid: RGBColor,
    /// Where nothing was counted.
    pub empty: RGBColor,
    /// Blue, for what matters most, and for the first of two.
    pub first: RGBColor,
    /// Orange, for the second.
    pub second: RGBColor,
    /// Green or purple, for the third.
    pub third: RGBColor,
    /// What went wrong.
    pub alarm: RGBColor,
}

const LIGHT: Palette = Palette {
    ground: RGBColor(255, 255, 255),
    ink: RGBColor(24, 28, 34),
    muted: RGBColor(91, 99, 112),
    grid: RGBColor(227, 230, 235),
    empty: RGBColor(244, 245, 247),
    first: RGBColor(0, 114, 178),
    second: RGBColor(213, 128, 0),
    third: RGBColor(0, 138, 101),
    alarm: RGBColor(200, 70, 0),
};

const DARK: Palette = Palette {
    ground: RGBColor(20, 23, 28),
    ink: RGBColor(235, 238, 242),
    muted: RGBColor(160, 168, 180),
    grid: RGBColor(46, 52, 61),
    empty: RGBColor(28, 32, 38),
    first: RGBColor(86, 180, 233),
    second: RGBColor(240, 173, 50),
    third: RGBColor(60, 200, 155),
    alarm: RGBColor(255, 122, 66),
};

/// Stops of the map, from nothing to most.
const MAP: [[f64; 3]; 9] = [
    [68.0, 1.0, 84.0],
    [72.0, 40.0, 120.0],
    [62.0, 74.0, 137.0],
    [49.0, 104.0, 142.0],
    [38.0, 130.0, 142.0],
    [31.0, 158.0, 137.0],
    [74.0, 193.0, 109.0],
    [160.0, 218.0, 57.0],
    [253.0, 231.0, 37.0],
];

impl Theme {
    /// Its colours.
    #[must_use]
    pub const fn palette(self) -> Palette {
        match self {
            Self::Light => LIGHT,
            Self::Dark => DARK,
        }
    }

    /// The colour of a share of 0 to 1: more stands out more from the ground.
    #[must_use]
    pub fn of_share(self, share: f64) -> RGBColor {
        let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
        let along = match self {
            Self::Light => 1.0 - share,
            Self::Dark => share,
        };
        let place = along * (MAP.len() - 1) as f64;
        let below = (place as usize).min(MAP.len() - 2);
        let part = place - below as f64;
        let [red, green, blue] =
            [0, 1, 2].map(|of| (MAP[below][of] + (MAP[below + 1][of] - MAP[below][of]) * part).round() as u8);
        RGBColor(red, green, blue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How light a colour is, by the weights of WCAG 2.
    fn light(RGBColor(red, green, blue): RGBColor) -> f64 {
        let linear = |of: u8| {
            let of = f64::from(of) / 255.0;
            if of <= 0.04045 { of / 12.92 } else { ((of + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    fn contrast(a: RGBColor, b: RGBColor) -> f64 {
        let (a, b) = (light(a), light(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_and_lines_stand_out_from_the_ground() {
        for palette in [LIGHT, DARK] {
            let Palette { ground, ink, muted, first, second, third, alarm, .. } = palette;
            assert!(contrast(ink, ground) > 12.0 && contrast(muted, ground) > 4.5);
            for line in [first, second, third, alarm] {
                assert!(contrast(line, ground) > 3.0, "{line:?} on {ground:?}: {}", contrast(line, ground));
            }
        }
    }

    #[test]
    fn more_is_always_further_from_the_ground() {
        let lights: Vec<f64> =
            (0..=100).map(|share| light(Theme::Dark.of_share(f64::from(share) / 100.0))).collect();
        assert!(lights.is_sorted(), "{lights:?}");
        let lights: Vec<f64> =
            (0..=100).map(|share| light(Theme::Light.of_share(f64::from(share) / 100.0))).collect();
        assert!(lights.iter().rev().is_sorted(), "{lights:?}");
        assert_eq!(Theme::Dark.of_share(f64::NAN), Theme::Dark.of_share(0.0));
    }
}
