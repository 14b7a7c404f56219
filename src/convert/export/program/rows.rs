//! The rows of a data file, as JSON that a program can hold.

use crate::loadtest::{feeder::Feeder, template::Item, types::FeedMode};

/// Rows of a data file.
#[derive(Debug)]
pub struct Rows {
    /// Name of the data source.
    pub name: String,
    /// How they are handed out.
    pub mode: FeedMode,
    /// A list of objects, a row a line. Cells that a CSV file held are strings.
    pub json: String,
    /// The first row, by column.
    pub first: Vec<(String, Item)>,
}

impl Rows {
    pub(super) fn of(feeder: &Feeder) -> Self {
        let columns: Vec<String> =
            feeder.columns().iter().map(|name| serde_json::Value::from(name.as_str()).to_string()).collect();
        let mut json = String::from("[");
        for row in 0..feeder.rows() {
            json.push_str(if row > 0 { ",\n{" } else { "\n{" });
            for (at, column) in columns.iter().enumerate() {
                let cell = feeder.cell(row, at);
                json.push_str(if at > 0 { "," } else { "" });
                json.push_str(column);
                json.push(':');
                match cell.bare_json {
                    true => json.push_str(cell.text),
                    false => json.push_str(&serde_json::Value::from(cell.text).to_string()),
                }
            }
            json.push('}');
        }
        json.push_str("\n]");
        let first = feeder.columns().iter().enumerate().map(|(at, name)| {
            let cell = feeder.cell(0, at);
            (name.clone(), Item { text: cell.text.into(), bare_json: cell.bare_json })
        });
        let first = first.collect();
        Self { name: feeder.name().to_owned(), mode: feeder.mode(), json, first }
    }
}

impl Rows {
    /// Forgets the rows, for whoever may not read them.
    pub fn withhold(&mut self) {
        self.json = String::new();
        self.first = Vec::new();
    }

    /// Whether the rows were forgotten.
    #[must_use]
    pub fn withheld(&self) -> bool {
        self.json.is_empty()
    }
}
