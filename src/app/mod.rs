//! The server put together: modules, their routes, and the document that describes them.

pub mod docs;
pub mod mount;
pub mod openapi;
