//! The words of the field: what names an object, the order of kinds, an object on its way out.

mod api_groups;
mod kind_order;
mod manifest;
mod object_id;

pub use api_groups::is_always_there;
pub use kind_order::kind_order;
pub use manifest::{Manifest, SYNC_OPTIONS, SYNC_WAVE, parse_wave};
pub use object_id::{Gvk, ObjectId};
