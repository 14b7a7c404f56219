//! The admin UI at `/plugins/maid`: pages that know no more than anybody who asks the API, and so are handed out to
//! whoever comes.
//!
//! Its sources are in `assets/ui`; `scripts/ui` builds them. `built` is what came of that, which a release carries inside.

mod built;
mod routes;

pub use routes::routes;
