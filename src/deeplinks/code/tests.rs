use proptest::prelude::*;
use regex::Regex;
use rqrr::PreparedImage;

use super::*;

/// A picture, light or dark by pixel.
struct Picture {
    side: usize,
    dark: Vec<bool>,
}

impl Picture {
    fn of(side: usize) -> Self {
        Self { side, dark: vec![false; side * side] }
    }

    fn paint(&mut self, left: usize, top: usize, wide: usize, high: usize) {
        for y in top..top + high {
            self.dark[y * self.side + left..y * self.side + left + wide].fill(true);
        }
    }

    /// What a reader that knows nothing of us reads.
    fn read(&self) -> String {
        let mut seen = PreparedImage::prepare_from_greyscale(self.side, self.side, |x, y| {
            if self.dark[y * self.side + x] { 0 } else { 255 }
        });
        let grids = seen.detect_grids();
        assert_eq!(grids.len(), 1, "one code is found");
        let (meta, text) = grids[0].decode().expect("it is read");
        assert_eq!(meta.ecc_level, 0, "error correction M");
        text
    }
}

fn of_png(bytes: &[u8]) -> Picture {
    let decoder = ::png::Decoder::new(std::io::Cursor::new(bytes));
    let mut reader = decoder.read_info().expect("a picture");
    let info = reader.info();
    assert_eq!((info.color_type, info.bit_depth), (::png::ColorType::Grayscale, ::png::BitDepth::One));
    let (side, row) = (info.width as usize, info.raw_row_length() - 1);
    assert_eq!(info.width, info.height);
    let mut pixels = vec![0; reader.output_buffer_size().expect("it is small")];
    reader.next_frame(&mut pixels).expect("it is whole");
    let mut picture = Picture::of(side);
    for y in 0..side {
        for x in 0..side {
            picture.dark[y * side + x] = pixels[y * row + x / 8] & (0x80 >> (x % 8)) == 0;
        }
    }
    picture
}

/// Paints the rectangles of the black path, as wide as `module` pixels a unit.
fn of_svg(svg: &str, module: usize) -> Picture {
    let number = |text: &str| -> usize { text.parse().expect("a number") };
    let side = Regex::new(r#"viewBox="0 0 (\d+) (\d+)""#).expect("a pattern").captures(svg).expect("a size");
    let mut picture = Picture::of(number(&side[1]) * module);
    let path =
        svg.split(r##"fill="#000" d=""##).nth(1).and_then(|rest| rest.split('"').next()).expect("a path");
    let step = Regex::new(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z").expect("a pattern");
    assert_eq!(step.replace_all(path, ""), "", "the path is made of rectangles");
    for found in step.captures_iter(path) {
        assert_eq!(found[3], found[4]);
        picture.paint(
            number(&found[1]) * module,
            number(&found[2]) * module,
            number(&found[3]) * module,
            module,
        );
    }
    picture
}

/// Paints what half blocks leave dark.
fn of_terminal(text: &str, module: usize) -> Picture {
    let side = text.lines().next().expect("a line").chars().count();
    let mut picture = Picture::of(side * module);
    for (line, row) in text.lines().enumerate() {
        for (x, c) in row.chars().enumerate() {
            let (above, below) = match c {
                '█' => (false, false),
                '▀' => (false, true),
                '▄' => (true, false),
                ' ' => (true, true),
                other => panic!("{other:?}"),
            };
            for (y, dark) in [(2 * line, above), (2 * line + 1, below)] {
                if dark && y < side {
                    picture.paint(x * module, y * module, module, module);
                }
            }
        }
    }
    picture
}

fn everywhere(text: &str) {
    assert_eq!(of_png(&png(text, 1024).expect("a picture")).read(), text, "PNG");
    assert_eq!(of_svg(&svg(text).expect("a drawing"), 4).read(), text, "SVG");
    assert_eq!(of_terminal(&terminal(text).expect("lines"), 4).read(), text, "terminal");
}

#[test]
fn a_link_is_read_from_every_form() {
    everywhere("https://maid.example:8443/maid/run?link=k3Jd92LmQx0a");
    everywhere("HTTP://A.B/");
    everywhere("maid://run?preset=nightly&x=%3Cb%3E");
    everywhere("http://bücher.example/?q=čaj");
}

#[test]
fn what_a_code_holds_at_most_is_read_and_a_byte_more_is_refused() {
    let head = "https://maid.example/maid/run?config=";
    let longest = format!("{head}{}", "a".repeat(2331 - head.len()));
    everywhere(&longest);
    let refused = CodeError::TooLong { bytes: 2332 };
    assert_eq!(svg(&format!("{longest}a")), Err(refused));
    assert_eq!(png(&format!("{longest}a"), 1024), Err(refused));
    assert_eq!(terminal(&format!("{longest}a")), Err(refused));
    assert!(refused.to_string().contains("short link"), "{refused}");
}

#[test]
fn a_picture_has_the_size_that_was_asked_for() {
    let link = "http://127.0.0.1:5080/maid/run?link=k3Jd92LmQx0a";
    let Err(CodeError::TooSmall { needed, .. }) = png(link, 1) else { panic!("a pixel is too small") };
    // So small, readers take the code only where it is enlarged; its modules are all there.
    assert_eq!(of_png(&png(link, needed).expect("it fits")).side, needed as usize);
    for pixels in [needed * 3, needed * 3 + 7, 256, 333, 1000, LARGEST] {
        let picture = of_png(&png(link, pixels).expect("it fits"));
        assert_eq!((picture.side, picture.read().as_str()), (pixels as usize, link), "{pixels}");
    }
    assert_eq!(png(link, needed - 1), Err(CodeError::TooSmall { pixels: needed - 1, needed }));
    assert_eq!(png(link, LARGEST + 1), Err(CodeError::TooLarge { pixels: LARGEST + 1 }));
}

#[test]
fn four_light_modules_are_around_the_code() {
    let grid = Grid::of("http://a.test/").expect("a code");
    for at in 0..grid.side {
        for edge in (0..4).chain(grid.side - 4..grid.side) {
            assert!(!grid.is_dark(at, edge) && !grid.is_dark(edge, at));
        }
    }
    assert!(grid.is_dark(4, 4) && grid.is_dark(grid.side - 5, 4) && grid.is_dark(4, grid.side - 5));
    assert!(!grid.is_dark(grid.side, 0) && !grid.is_dark(0, usize::MAX));
}

#[test]
fn a_text_cannot_become_a_part_of_the_drawing() {
    let text = "http://a.test/?</title><script>alert(1)</script>&lt;\u{1b}\u{ffff}";
    let drawn = svg(text).expect("a drawing");
    let title = "<title>http://a.test/?&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;lt;\u{fffd}\u{fffd}</title>";
    assert!(drawn.contains(title), "{}", &drawn[..400]);
    assert_eq!(drawn.matches('<').count(), 6, "svg, title and two paths");
    assert!(!drawn.contains("style"), "a page that allows no styles shows it");
    assert_eq!(of_svg(&drawn, 4).read(), text);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn links_are_read_as_they_were_written(
        link in r"(https?|maid)://[a-z0-9.-]{1,40}(:[0-9]{2,5})?/maid/run\?[A-Za-z0-9_=&%.~-]{0,600}"
    ) {
        prop_assert_eq!(of_png(&png(&link, 1000).expect("a picture")).read(), link.clone());
        prop_assert_eq!(of_svg(&svg(&link).expect("a drawing"), 4).read(), link.clone());
        prop_assert_eq!(of_terminal(&terminal(&link).expect("lines"), 4).read(), link);
    }

    #[test]
    fn no_text_is_too_much_for_the_encoder(text in r"\PC{0,3000}", pixels in 0..6000_u32) {
        let fits = Grid::of(&text);
        prop_assert_eq!(svg(&text).is_ok(), fits.is_ok());
        if let Ok(picture) = png(&text, pixels.min(700)) {
            prop_assert!(picture.starts_with(b"\x89PNG"));
        }
        prop_assert!(pixels <= LARGEST || png(&text, pixels).is_err());
    }
}
