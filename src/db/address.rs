//! Where the database is: what `database.url` says, taken apart and checked.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use percent_encoding::percent_decode_str;
use sea_orm::sqlx::postgres::PgConnectOptions;
use url::Url;

use super::{DbError, Kind};
use crate::config;

/// Name of the SQLite file in the data folder.
const STANDARD_FILE: &str = "maid.db";

/// Parameters that a Postgres URL may have. Others are refused here: the driver would log them with
/// their values, and a misspelt `password` is one of them.
const POSTGRES_PARAMETERS: &[&str] = &[
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "statement-cache-capacity",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
];

/// Where the database is.
#[derive(Clone)]
pub enum Address {
    /// A file.
    Sqlite {
        /// The file.
        file: PathBuf,
        /// What may be done with it.
        mode: Mode,
    },
    /// A server.
    Postgres(Box<PgConnectOptions>),
}

/// What may be done with a SQLite file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// `rwc`: read, write, and make it when it is not there.
    Create,
    /// `rw`: read and write.
    Write,
    /// `ro`: read.
    Read,
}

impl Address {
    /// The address that `config` gives, or the standard file in `data_dir`.
    pub fn of(config: &config::Database, data_dir: &Path) -> Result<Self, DbError> {
        let Some(url) = config.url.expose() else {
            return Ok(Self::Sqlite { file: data_dir.join(STANDARD_FILE), mode: Mode::Create });
        };
        match url.split_once(':') {
            Some(("sqlite", rest)) => sqlite(rest.strip_prefix("//").unwrap_or(rest)),
            Some(("postgres" | "postgresql", _)) => postgres(url),
            _ => Err(DbError::Url("begins with neither `sqlite:` nor `postgres:`".into())),
        }
    }

    /// Which of the two databases it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Sqlite { .. } => Kind::Sqlite,
            Self::Postgres(_) => Kind::Postgres,
        }
    }
}

fn sqlite(rest: &str) -> Result<Address, DbError> {
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path = percent_decode_str(path)
        .decode_utf8()
        .map_err(|_| DbError::Url("names a file that is not UTF-8".into()))?;
    if path.is_empty() || path.starts_with(":memory:") || path.contains('\0') {
        return Err(DbError::Url("names no file, and MAID keeps its data in one".into()));
    }
    let mut mode = Mode::Create;
    for (key, value) in url::form_urlencoded::parse(query.as_bytes()) {
        mode = match (&*key, &*value) {
            ("mode", "rwc") => Mode::Create,
            ("mode", "rw") => Mode::Write,
            ("mode", "ro") => Mode::Read,
            ("mode", _) => return Err(DbError::Url("has a mode that is none of rwc, rw, ro".into())),
            _ => return Err(DbError::Url(unknown(&key, "mode"))),
        };
    }
    Ok(Address::Sqlite { file: PathBuf::from(&*path), mode })
}

fn postgres(text: &str) -> Result<Address, DbError> {
    let url = Url::parse(text).map_err(|cause| DbError::Url(format!("is not a URL ({cause})")))?;
    for (key, _) in url.query_pairs() {
        if !POSTGRES_PARAMETERS.contains(&&*key) && !key.starts_with("options[") {
            return Err(DbError::Url(unknown(&key, &POSTGRES_PARAMETERS.join(", "))));
        }
    }
    // The driver's own words may quote a value, so they are left out.
    let options = PgConnectOptions::from_str(text)
        .map_err(|_| DbError::Url("has a parameter whose value cannot be read".into()))?;
    Ok(Address::Postgres(Box::new(options)))
}

fn unknown(key: &str, known: &str) -> String {
    let key: String = key.chars().take(40).collect();
    format!("has the unknown parameter `{key}`; known are: {known}")
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options = match self {
            Self::Sqlite { file, .. } => return write!(f, "{}", file.display()),
            Self::Postgres(options) => options,
        };
        let name = options.get_database().unwrap_or_else(|| options.get_username());
        write!(f, "{name} on ")?;
        match options.get_socket() {
            Some(socket) => write!(f, "{}", socket.display()),
            None => write!(f, "{}:{}", options.get_host(), options.get_port()),
        }
    }
}

/// As it is displayed: the driver's form holds the password.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(url: &str) -> Result<Address, String> {
        let config = config::Database { url: config::Hidden::new(url), ..Default::default() };
        Address::of(&config, Path::new("/data")).map_err(|error| error.to_string())
    }

    #[test]
    fn files_are_found_in_every_form_of_the_url() {
        for (url, file) in [
            ("", "/data/maid.db"),
            ("sqlite:maid.db", "maid.db"),
            ("sqlite://data/maid.db", "data/maid.db"),
            ("sqlite:///var/lib/my%20maid.db", "/var/lib/my maid.db"),
        ] {
            assert_eq!(address(url).expect(url).to_string(), file);
        }
        let read = address("sqlite:///x.db?mode=ro").expect("a mode");
        assert!(matches!(read, Address::Sqlite { mode: Mode::Read, .. }));
    }

    #[test]
    fn servers_are_shown_without_the_password() {
        let address = address("postgres://maid:tops3cret@db.example:6543/loads").expect("a URL");
        assert_eq!(address.to_string(), "loads on db.example:6543");
        assert!(!format!("{address:?}").contains("tops3cret"));
    }

    #[test]
    fn what_cannot_be_used_is_refused_without_a_secret() {
        for url in [
            "mysql://root:tops3cret@localhost/x",
            "sqlite::memory:",
            "sqlite://",
            "sqlite://x.db?cache=tops3cret",
            "sqlite://x.db?mode=tops3cret",
            "postgres://maid:tops3cret@host:port/x",
            "postgres://maid@host/x?pasword=tops3cret",
            "postgres://maid@host/x?sslmode=tops3cret",
        ] {
            let error = address(url).expect_err(url);
            assert!(error.starts_with("`database.url` "), "{error}");
            assert!(!error.contains("tops3cret"), "{error}");
        }
    }
}
