//! A code as a picture of black and white pixels.

use ::png::{BitDepth, ColorType, Encoder};

use super::{CodeError, Grid, LARGEST};

/// `text` as a PNG picture of `pixels` by `pixels`, one bit each. Modules are whole pixels, as large as there is room for;
/// what is left over is light.
///
/// # Errors
/// When the text is too long, or the code does not fit.
pub fn png(text: &str, pixels: u32) -> Result<Vec<u8>, CodeError> {
    if pixels > LARGEST {
        return Err(CodeError::TooLarge { pixels });
    }
    let grid = Grid::of(text)?;
    let side = pixels as usize;
    let module = side / grid.side;
    if module == 0 {
        let needed = u32::try_from(grid.side).unwrap_or(LARGEST);
        return Err(CodeError::TooSmall { pixels, needed });
    }
    let margin = (side - module * grid.side) / 2;
    // Pixels before the margin are beyond the grid, and light.
    let module_of = |pixel: usize| pixel.checked_sub(margin).map_or(usize::MAX, |inside| inside / module);
    let mut rows = Vec::with_capacity(side * side.div_ceil(8));
    for y in 0..side {
        let start = rows.len();
        rows.resize(start + side.div_ceil(8), 0xff_u8);
        let dark = (0..side).filter(|x| grid.is_dark(module_of(*x), module_of(y)));
        for x in dark {
            rows[start + x / 8] &= !(0x80 >> (x % 8));
        }
    }
    Ok(encoded(pixels, &rows))
}

fn encoded(pixels: u32, rows: &[u8]) -> Vec<u8> {
    let mut picture = Vec::new();
    let mut encoder = Encoder::new(&mut picture, pixels, pixels);
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::One);
    let written = encoder.write_header().and_then(|mut writer| {
        writer.write_image_data(rows)?;
        writer.finish()
    });
    written.expect("memory takes everything, and the rows are as many and as long as the head says");
    picture
}
