//! Tables for the terminal: aligned, never wider than asked for, coloured only when asked to.

use console::{Alignment, Style, measure_text_width, pad_str, truncate_str};

use super::text::plain;

/// Spaces between two columns.
const GAP: usize = 2;
/// What the first column keeps before other columns are left out.
const NARROWEST_NAME: usize = 12;

/// Colour of a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ink {
    /// The terminal's own.
    #[default]
    Plain,
    /// Headings and units.
    Dim,
    /// What counts.
    Bold,
    /// What is well.
    Good,
    /// What is not.
    Bad,
    /// What needs care.
    Care,
}

impl Ink {
    /// `text` in this colour, or as it is.
    pub fn paint(self, text: &str, color: bool) -> String {
        let style = Style::new().force_styling(true);
        let style = match self {
            _ if !color => return text.to_owned(),
            Self::Plain => return text.to_owned(),
            Self::Dim => style.dim(),
            Self::Bold => style.bold(),
            Self::Good => style.green(),
            Self::Bad => style.red(),
            Self::Care => style.yellow(),
        };
        style.apply_to(text).to_string()
    }
}

/// One cell.
#[derive(Clone, Debug)]
pub struct Cell {
    text: String,
    ink: Ink,
}

impl Cell {
    /// A cell in `ink`.
    pub fn new(text: impl AsRef<str>, ink: Ink) -> Self {
        Self { text: plain(text.as_ref()).into_owned(), ink }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::new(text, Ink::Plain)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::new(text, Ink::Plain)
    }
}

/// A table whose first column is text and gives way, and whose other columns are figures.
pub struct Table {
    head: Vec<Cell>,
    rows: Vec<Vec<Cell>>,
    /// Columns that may be left out when it is too narrow, the first to go first.
    spare: Vec<usize>,
    left: Vec<usize>,
}

impl Table {
    /// An empty table with the given headings.
    pub fn new(head: &[&str]) -> Self {
        let head = head.iter().map(|text| Cell::new(text, Ink::Dim)).collect();
        Self { head, rows: Vec::new(), spare: Vec::new(), left: vec![0] }
    }

    /// Columns that may be left out, the first to go first.
    pub fn spare(mut self, columns: &[usize]) -> Self {
        self.spare = columns.to_vec();
        self
    }

    /// Further columns of text, which stand on the left.
    pub fn left(mut self, columns: &[usize]) -> Self {
        self.left.extend_from_slice(columns);
        self
    }

    /// One more row, of as many cells as there are headings.
    pub fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    /// The lines, each behind `indent` spaces and at most `width` columns wide.
    pub fn lines(&self, indent: usize, width: usize, color: bool) -> Vec<String> {
        let (columns, widths) = self.fit(width.saturating_sub(indent));
        let headed = self.head.iter().any(|cell| !cell.text.is_empty());
        let head = headed.then_some(&self.head);
        head.into_iter()
            .chain(&self.rows)
            .map(|row| {
                let line = self.line(row, &columns, &widths, color);
                let line = format!("{:indent$}{}", "", line.trim_end());
                truncate_str(&line, width, "…").into_owned()
            })
            .collect()
    }

    /// The columns that stay and their widths.
    fn fit(&self, width: usize) -> (Vec<usize>, Vec<usize>) {
        let mut columns: Vec<usize> = (0..self.head.len()).collect();
        let mut spare = self.spare.iter();
        loop {
            let mut widths: Vec<usize> = columns.iter().map(|column| self.natural(*column)).collect();
            let total = widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
            let excess = total.saturating_sub(width);
            let first = widths.first().copied().unwrap_or_default();
            let smallest = first.min(NARROWEST_NAME);
            if first.saturating_sub(excess) >= smallest {
                widths[..1].fill(first - excess.min(first));
                return (columns, widths);
            }
            match spare.next() {
                Some(gone) => columns.retain(|column| column != gone),
                None => {
                    widths[..1].fill(smallest);
                    return (columns, widths);
                }
            }
        }
    }

    fn natural(&self, column: usize) -> usize {
        let cells = self.rows.iter().chain([&self.head]).filter_map(|row| row.get(column));
        cells.map(|cell| measure_text_width(&cell.text)).max().unwrap_or_default()
    }

    fn line(&self, row: &[Cell], columns: &[usize], widths: &[usize], color: bool) -> String {
        let cells = columns.iter().zip(widths).filter_map(|(column, width)| {
            let cell = row.get(*column)?;
            let side = if self.left.contains(column) { Alignment::Left } else { Alignment::Right };
            let text = pad_str(&cell.text, *width, side, Some("…")).into_owned();
            Some(cell.ink.paint(&text, color))
        });
        cells.collect::<Vec<_>>().join(&" ".repeat(GAP))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_narrow_table_cuts_the_name_and_then_leaves_columns_out() {
        let mut table = Table::new(&["name", "requests", "rps", "p99"]).spare(&[2]);
        table.row(vec!["GET a long name of a request".into(), "1,234".into(), "12".into(), "1 s".into()]);
        insta::assert_snapshot!(table.lines(0, 40, false).join("\n"), @r"
        name                  requests  rps  p99
        GET a long name of …     1,234   12  1 s
        ");
        insta::assert_snapshot!(table.lines(0, 28, false).join("\n"), @r"
        name           requests  p99
        GET a long n…     1,234  1 s
        ");
        for width in 1..60 {
            for line in table.lines(2, width, true) {
                assert!(measure_text_width(&line) <= width, "{width}: {line}");
            }
        }
    }
}
