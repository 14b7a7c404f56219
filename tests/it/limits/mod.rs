//! How often somebody may ask, and for whom a proxy may speak.

mod asked;
mod served;
