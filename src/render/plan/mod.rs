//! A plan for people, for programs and for pictures.

mod json;
mod mermaid;
mod table;
mod words;

pub use json::json;
pub use mermaid::mermaid;
pub use table::table;
