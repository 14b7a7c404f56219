//! The page that a link opens: it shows what would run and runs it when somebody says so. The page knows no more than
//! anybody who asks the API, so it is handed out to whoever comes.

mod routes;

pub use routes::routes;
