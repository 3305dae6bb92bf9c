//! Compiles `schemas/` into one table that the program uses where it lies: `docs/decisions/0010-schema-table.md`.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "src/schema/compile/mod.rs"]
#[allow(dead_code, unreachable_pub, unused_imports, reason = "the program uses what is only written here")]
mod compile;

/// Folders that describe no kind: schemas for editors, and of charts' values.
const OTHERS: [&str; 3] = ["charts", "cmp", "kustomize"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=schemas");
    println!("cargo::rerun-if-changed=src/schema/compile");
    let mut files = Vec::new();
    collect(Path::new("schemas"), &mut files)?;
    files.sort();
    let mut compiler = compile::Compiler::default();
    for file in files {
        let document = serde_json::from_str(&fs::read_to_string(&file)?)?;
        compiler.add(&document).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    fs::write(out.join("schemas.table"), compiler.finish())?;
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if OTHERS.iter().any(|other| path.ends_with(Path::new("schemas").join(other))) {
            continue;
        }
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    Ok(())
}
