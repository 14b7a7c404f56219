//! One log file: its form, and what became of it.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use serde_json::Value as Json;

use super::row::{LogKind, Value};

/// Bytes that are written at once.
const BUFFER: usize = 64 * 1024;

/// A log file that is being written.
#[derive(Debug)]
pub struct Sink {
    kind: LogKind,
    path: PathBuf,
    form: Form,
    /// The first error; nothing is written after it.
    error: Option<io::Error>,
    /// Lines that could not be written.
    lost: u64,
}

#[derive(Debug)]
enum Form {
    Csv(Box<csv::Writer<File>>),
    Jsonl(BufWriter<File>),
}

impl Sink {
    pub fn new(kind: LogKind, path: &Path, file: File) -> Self {
        let is_csv = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv"));
        let form = if is_csv {
            let builder = csv::WriterBuilder::new().buffer_capacity(BUFFER).from_writer(file);
            Form::Csv(Box::new(builder))
        } else {
            Form::Jsonl(BufWriter::with_capacity(BUFFER, file))
        };
        let mut sink = Self { kind, path: path.to_owned(), form, error: None, lost: 0 };
        if is_csv {
            let columns = kind.columns().iter().map(|name| Value::Text((*name).into())).collect::<Vec<_>>();
            sink.write(&columns);
        }
        sink
    }

    pub const fn kind(&self) -> LogKind {
        self.kind
    }

    /// Writes a line. After an error the file is left alone: half of it is better than holes in it.
    pub fn write(&mut self, line: &[Value<'_>]) {
        if self.error.is_some() {
            self.lost += 1;
            return;
        }
        let written = match &mut self.form {
            Form::Csv(file) => file.write_record(line.iter().map(cell)).map_err(io::Error::from),
            Form::Jsonl(file) => jsonl(file, self.kind.columns(), line),
        };
        if let Err(error) = written {
            self.error = Some(error);
            self.lost += 1;
        }
    }

    /// Hands everything to the system.
    pub fn flush(&mut self) {
        let flushed = match &mut self.form {
            Form::Csv(file) => file.flush(),
            Form::Jsonl(file) => file.flush(),
        };
        if let Err(error) = flushed {
            self.error.get_or_insert(error);
        }
    }

    /// What went wrong, in a sentence.
    pub fn told(&self) -> Option<String> {
        let error = self.error.as_ref()?;
        Some(format!(
            "the {} {} is not complete: {error}; about {} lines are missing at its end",
            self.kind,
            self.path.display(),
            self.lost
        ))
    }
}

fn jsonl(file: &mut impl Write, columns: &[&str], line: &[Value<'_>]) -> io::Result<()> {
    for (at, (column, value)) in columns.iter().zip(line).enumerate() {
        write!(file, "{}\"{column}\":", if at == 0 { '{' } else { ',' })?;
        match value {
            Value::None => file.write_all(b"null")?,
            Value::Flag(flag) => write!(file, "{flag}")?,
            Value::Count(count) => write!(file, "{count}")?,
            Value::Ms(ms) => serde_json::to_writer(&mut *file, &Json::from(*ms))?,
            Value::Text(text) => serde_json::to_writer(&mut *file, text)?,
        }
    }
    file.write_all(b"}\n")
}

/// A cell of CSV. Whoever opens it in a spreadsheet must not run what a server has answered, so a
/// text that looks like a formula gets an apostrophe before it.
fn cell(value: &Value<'_>) -> String {
    match value {
        Value::None => String::new(),
        Value::Flag(flag) => flag.to_string(),
        Value::Count(count) => count.to_string(),
        Value::Ms(ms) => ms.to_string(),
        Value::Text(text) if text.trim_start().starts_with(['=', '+', '-', '@']) => format!("'{text}"),
        Value::Text(text) => text.to_string(),
    }
}
