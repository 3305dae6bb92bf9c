//! Writes equal parts of a document once. An `ApplicationSet` repeats its template in each generator, a Prometheus its
//! affinities and its TLS settings; with the repetitions a file would be ten times as long.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value, json};

/// Shorter parts are easier to read where they stand.
const WORTH_SHARING: usize = 300;

/// The document with `$ref`s, and the definitions that they lead to.
pub(super) fn share(document: Value) -> (Map<String, Value>, Map<String, Value>) {
    let mut counts = HashMap::new();
    count(&document, &mut counts);
    let repeated = counts.into_iter().filter(|(text, times)| *times > 1 && text.len() >= WORTH_SHARING);
    let mut sharing = Sharing { repeated: repeated.map(|(text, _)| text).collect(), ..Sharing::default() };
    let root = sharing.inside(&document);
    let definitions = sharing.definitions.into_iter().collect();
    (if let Value::Object(root) = root { root } else { Map::new() }, definitions)
}

/// Counts in how many different places each schema stands; inside a repeated one only once.
fn count(schema: &Value, counts: &mut HashMap<String, usize>) {
    each_child(schema, &mut |_, child| {
        let times = counts.entry(child.to_string()).or_default();
        *times += 1;
        if *times == 1 {
            count(child, counts);
        }
    });
}

fn each_child(schema: &Value, visit: &mut dyn FnMut(&str, &Value)) {
    let Value::Object(fields) = schema else { return };
    for (key, value) in fields {
        match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => properties.iter().for_each(|(name, value)| visit(name, value)),
            ("items" | "additionalProperties", Value::Object(_)) => visit(key, value),
            _ => {}
        }
    }
}

#[derive(Default)]
struct Sharing {
    repeated: HashSet<String>,
    names: HashMap<String, String>,
    definitions: BTreeMap<String, Value>,
}

impl Sharing {
    /// A child of a schema, by reference when it is repeated.
    fn child(&mut self, name: &str, schema: &Value) -> Value {
        let text = schema.to_string();
        if !self.repeated.contains(&text) {
            return self.inside(schema);
        }
        if let Some(known) = self.names.get(&text) {
            return json!({"$ref": format!("#/$defs/{known}")});
        }
        let name = self.free_name(name);
        self.names.insert(text, name.clone());
        self.definitions.insert(name.clone(), Value::Null);
        let definition = self.inside(schema);
        self.definitions.insert(name.clone(), definition);
        json!({"$ref": format!("#/$defs/{name}")})
    }

    fn free_name(&self, name: &str) -> String {
        let numbered = |n: usize| if n == 1 { name.to_owned() } else { format!("{name}-{n}") };
        (1..).map(numbered).find(|name| !self.definitions.contains_key(name)).unwrap_or_default()
    }

    fn inside(&mut self, schema: &Value) -> Value {
        let Value::Object(fields) = schema else { return schema.clone() };
        let mut out = Map::new();
        for (key, value) in fields {
            let value = match (key.as_str(), value) {
                ("properties", Value::Object(properties)) => Value::Object(
                    properties.iter().map(|(name, value)| (name.clone(), self.child(name, value))).collect(),
                ),
                ("items" | "additionalProperties", Value::Object(_)) => self.child(key, value),
                _ => value.clone(),
            };
            out.insert(key.clone(), value);
        }
        Value::Object(out)
    }
}
