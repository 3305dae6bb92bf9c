//! The words of the field: what names an object.

mod object_id;

pub use object_id::{Gvk, ObjectId};
