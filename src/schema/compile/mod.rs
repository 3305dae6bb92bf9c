//! JSON Schema documents to one flat table of bytes.
//!
//! The build script and the running program share this module: the build compiles `schemas/` into the binary, the
//! program compiles what a user brings. So it knows nothing of the rest of the crate, and there is one kind of table.
//!
//! Equal parts are kept once over all kinds ([`model::Pool`]): the pod template is the same in every workload, and an
//! `ApplicationSet` repeats one template in each generator. Nothing has to be parsed to use a table; a reader visits
//! the few records that a manifest leads it to.
#![allow(unreachable_pub, reason = "public to the build script and to the program, to nobody else")]

mod document;
mod encode;
mod model;

pub use document::{CompileError, Compiler};
pub use model::{Format, Limit, Type, flag, kind_flag, section};
