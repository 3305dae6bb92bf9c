//! The layers of the library hold: a module imports only modules above it in the table of `src/lib.rs`.
#![expect(clippy::disallowed_methods, reason = "a test reads the sources")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Module and layer, read from the table in the library's own documentation: the map is what is checked.
fn layers() -> BTreeMap<String, usize> {
    let map = fs::read_to_string(support::repository().join("src/lib.rs")).expect("src/lib.rs");
    let rows = map.lines().filter_map(|line| line.strip_prefix("//! | "));
    let mut layers = BTreeMap::new();
    for row in rows {
        let mut cells = row.split('|').map(str::trim);
        let Some(layer) = cells.next().and_then(|cell| cell.parse().ok()) else { continue };
        for name in cells.next().unwrap_or_default().split(',') {
            layers.insert(name.trim().trim_matches(['[', ']', '`']).to_owned(), layer);
        }
    }
    layers
}

/// Modules of one layer that may use another of the same layer, in this direction only.
const SAME_LAYER: [(&str, &str); 4] =
    [("render", "check"), ("cli", "plugin"), ("yaml", "source"), ("admission", "schema")];

/// What edges need and nobody else may touch.
const EDGE_CRATES: [&str; 3] = ["clap", "anyhow", "anstream"];

#[test]
fn every_module_has_a_layer() {
    let layers = layers();
    let declared = fs::read_to_string(support::repository().join("src/lib.rs")).expect("src/lib.rs");
    let declared: Vec<_> = declared
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';').map(str::to_owned))
        .collect();
    assert!(declared.len() > 5, "the modules of src/lib.rs were not found");
    for module in &declared {
        assert!(layers.contains_key(module), "`{module}` has no layer in the table of src/lib.rs");
    }
    assert_eq!(layers.len(), declared.len(), "the table names a module that is not there: {layers:?}");
}

#[test]
fn no_module_imports_one_below_it() {
    let layers = layers();
    let mut seen = 0;
    for (module, layer) in &layers {
        visit(&support::repository().join("src").join(module), &mut |file, text| {
            assert!(!text.contains("use crate::{"), "{}: one `use crate::` a module", file.display());
            for used in imports(text) {
                let Some(other) = layers.get(&used) else { continue };
                seen += 1;
                let allowed = other < layer
                    || used == *module
                    || SAME_LAYER.iter().any(|(from, to)| from == module && *to == used);
                assert!(allowed, "{}: layer {layer} imports `{used}` of layer {other}", file.display());
            }
        });
    }
    assert!(seen > 50, "only {seen} imports were found: does the test still read the sources?");
}

#[test]
fn only_the_edges_know_the_command_line() {
    let layers = layers();
    let edges = *layers.values().max().expect("some layers");
    for (module, layer) in &layers {
        if *layer == edges {
            continue;
        }
        visit(&support::repository().join("src").join(module), &mut |file, text| {
            for name in EDGE_CRATES {
                assert!(!text.contains(&format!("{name}::")), "{}: uses {name}", file.display());
            }
        });
    }
}

/// The top modules that a file names behind `crate::`.
fn imports(text: &str) -> Vec<String> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let name =
        |rest: &str| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default().to_owned();
    code.flat_map(|line| line.match_indices("crate::").map(|(i, hit)| name(&line[i + hit.len()..])).collect::<Vec<_>>())
        .collect()
}

fn visit(path: &Path, each: &mut dyn FnMut(&Path, &str)) {
    for entry in fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())) {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            visit(&path, each);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            each(&path, &fs::read_to_string(&path).expect("a source file"));
        }
    }
}
