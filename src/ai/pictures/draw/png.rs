//! Pixels as a PNG file.

use ::png::{BitDepth, ColorType, Compression, Encoder};

use super::DrawError;

/// The picture whose pixels are each the mean of `scale` by `scale` of `pixels`.
#[must_use]
pub fn averaged(pixels: &[u8], (width, height): (u32, u32), scale: u32) -> Vec<u8> {
    let (width, height, scale) = (width as usize, height as usize, scale as usize);
    let row = width * scale * 3;
    let mut all = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        for x in 0..width {
            for channel in 0..3 {
                let of = |at: usize| u32::from(pixels.get(at).copied().unwrap_or_default());
                let begin = |line: usize| (y * scale + line) * row + x * scale * 3 + channel;
                let sum: u32 =
                    (0..scale).flat_map(|line| (0..scale).map(move |i| begin(line) + i * 3)).map(of).sum();
                let count = (scale * scale) as u32;
                all.push(((sum + count / 2) / count) as u8);
            }
        }
    }
    all
}

/// The file.
pub fn encoded(pixels: &[u8], (width, height): (u32, u32)) -> Result<Vec<u8>, DrawError> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, width, height);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Balanced);
    let written = encoder.write_header().and_then(|mut writer| {
        writer.write_image_data(pixels)?;
        writer.finish()
    });
    written.map_err(DrawError::of)?;
    Ok(file)
}
