//! Reads JSON Schema documents: the files of `schemas/`, and what a user brings in their form.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::model::{Format, Kind, Limit, Pool, Schema, SchemaId, TextId, Type, flag, kind_flag};

/// Deeper than any real schema (CRDs reach about 40), and shallow enough for the stack.
const MAX_DEPTH: usize = 128;

/// A document that is no schema of a kind.
#[derive(Debug, PartialEq, Eq)]
pub struct CompileError(pub String);

impl std::fmt::Display for CompileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for CompileError {}

/// Collects documents and makes one table of them.
#[derive(Debug, Default)]
pub struct Compiler {
    pool: Pool,
}

impl Compiler {
    /// Adds the schema of the kinds that `x-kubernetes-group-version-kind` of `document` lists.
    pub fn add(&mut self, document: &Value) -> Result<(), CompileError> {
        let kinds = kinds(document)?;
        let facts = document.get("x-cmp");
        let flags = kind_flags(facts);
        let source = self.pool.text(&source(facts));
        let root = Document::new(document, &mut self.pool).root(document)?;
        self.pool.kinds.extend(kinds.into_iter().map(|name| Kind { name, root, flags, source }));
        Ok(())
    }

    /// The table. Of two documents for one kind the later wins.
    pub fn finish(mut self) -> Vec<u8> {
        self.pool.kinds.reverse();
        self.pool.kinds.sort_by(|a, b| a.name.cmp(&b.name));
        self.pool.kinds.dedup_by(|later, earlier| later.name == earlier.name);
        super::encode::encode(&self.pool)
    }
}

fn kinds(document: &Value) -> Result<Vec<[String; 3]>, CompileError> {
    let text = |kind: &Value, key: &str| kind.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let listed = document.get("x-kubernetes-group-version-kind");
    let listed = listed.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let kinds: Vec<_> = listed.iter().map(|kind| ["kind", "group", "version"].map(|key| text(kind, key))).collect();
    if kinds.is_empty() || kinds.iter().any(|name| name[0].is_empty() || name[2].is_empty()) {
        return Err(CompileError("`x-kubernetes-group-version-kind` names no kind".to_owned()));
    }
    Ok(kinds)
}

fn kind_flags(facts: Option<&Value>) -> u32 {
    let is = |key: &str| facts.and_then(|facts| facts.get(key)).and_then(Value::as_bool).unwrap_or_default();
    let text = |key: &str| facts.and_then(|facts| facts.get(key)).and_then(Value::as_str).unwrap_or_default();
    let mut flags = 0;
    for (on, bit) in [
        (text("scope") != "Cluster", kind_flag::NAMESPACED),
        (is("typed"), kind_flag::TYPED),
        (is("statusIgnored"), kind_flag::STATUS_IGNORED),
        (is("deprecated"), kind_flag::DEPRECATED),
        (is("offByDefault"), kind_flag::OFF_BY_DEFAULT),
    ] {
        flags |= if on { bit } else { 0 };
    }
    flags
}

fn source(facts: Option<&Value>) -> String {
    let text = |key: &str| facts.and_then(|facts| facts.get(key)).and_then(Value::as_str).unwrap_or_default();
    format!("{} {}", text("source"), text("version")).trim().to_owned()
}

/// A definition on its way into the pool.
#[derive(Clone, Copy)]
enum Definition {
    /// Being read; `Some` once something inside it referred to it.
    Open(Option<SchemaId>),
    Done(SchemaId),
}

struct Document<'a> {
    definitions: Option<&'a Map<String, Value>>,
    known: HashMap<&'a str, Definition>,
    pool: &'a mut Pool,
    depth: usize,
}

impl<'a> Document<'a> {
    fn new(document: &'a Value, pool: &'a mut Pool) -> Self {
        let definitions = document.get("$defs").or_else(|| document.get("definitions")).and_then(Value::as_object);
        Self { definitions, known: HashMap::new(), pool, depth: 0 }
    }

    fn root(mut self, document: &'a Value) -> Result<SchemaId, CompileError> {
        self.schema(document)
    }

    fn schema(&mut self, value: &'a Value) -> Result<SchemaId, CompileError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(CompileError(format!("the schema is nested more than {MAX_DEPTH} deep")));
        }
        let id = match value.get("$ref").and_then(Value::as_str) {
            Some(reference) => self.reference(reference)?,
            None => {
                let schema = self.read(value)?;
                self.pool.schema(schema)
            }
        };
        self.depth -= 1;
        Ok(id)
    }

    fn reference(&mut self, reference: &'a str) -> Result<SchemaId, CompileError> {
        let name = reference.strip_prefix("#/$defs/").or_else(|| reference.strip_prefix("#/definitions/"));
        let found = name.and_then(|name| Some((name, self.definitions?.get(name)?)));
        let Some((name, value)) = found else {
            return Err(CompileError(format!("`$ref: {reference}` leads nowhere in this document")));
        };
        match self.known.get(name) {
            Some(Definition::Done(id) | Definition::Open(Some(id))) => return Ok(*id),
            Some(Definition::Open(None)) => {
                let id = self.pool.reserve();
                self.known.insert(name, Definition::Open(Some(id)));
                return Ok(id);
            }
            None => {}
        }
        self.known.insert(name, Definition::Open(None));
        let schema = if value.get("$ref").is_some() { None } else { Some(self.read(value)?) };
        let id = match (schema, self.known.get(name)) {
            (Some(schema), Some(Definition::Open(Some(id)))) => {
                self.pool.schemas[*id as usize] = schema;
                *id
            }
            (Some(schema), _) => self.pool.schema(schema),
            (None, _) => self.schema(value)?,
        };
        self.known.insert(name, Definition::Done(id));
        Ok(id)
    }

    fn read(&mut self, value: &'a Value) -> Result<Schema, CompileError> {
        let Some(fields) = value.as_object() else {
            // `true` and `{}` take anything; `false` nothing.
            let mut schema = Schema { flags: flag::PRESERVE, ..Schema::default() };
            if value == &Value::Bool(false) {
                schema.not = Some(self.pool.schema(schema.clone()));
            }
            return Ok(schema);
        };
        let mut schema = Schema { types: types(fields), flags: flags(fields), ..Schema::default() };
        schema.format = text(fields, "format").and_then(Format::parse).map_or(0, |format| format as u8);
        self.scalars(fields, &mut schema);
        self.children(fields, &mut schema)?;
        self.raise_flags(&mut schema);
        Ok(schema)
    }

    fn scalars(&mut self, fields: &'a Map<String, Value>, schema: &mut Schema) {
        schema.required = self.texts(fields.get("required"));
        schema.list_keys = self.texts(fields.get("x-kubernetes-list-map-keys"));
        schema.pattern = text(fields, "pattern").map(|pattern| self.pool.text(pattern));
        schema.default = fields.get("default").map(|value| self.pool.text(&value.to_string()));
        if let Some(values) = fields.get("enum").and_then(Value::as_array) {
            schema.values = values.iter().map(|value| self.pool.text(&value.to_string())).collect();
        }
        schema.limits = limits(fields);
        let rules = fields.get("x-kubernetes-validations").and_then(Value::as_array);
        schema.rules = rules.into_iter().flatten().map(|rule| self.rule(rule)).collect();
    }

    fn rule(&mut self, rule: &Value) -> [TextId; 5] {
        let keys = ["rule", "message", "messageExpression", "fieldPath", "reason"];
        keys.map(|key| self.pool.text(rule.get(key).and_then(Value::as_str).unwrap_or_default()))
    }

    fn texts(&mut self, list: Option<&Value>) -> Vec<TextId> {
        let items = list.and_then(Value::as_array).into_iter().flatten();
        items.filter_map(Value::as_str).map(|text| self.pool.text(text)).collect()
    }

    fn children(&mut self, fields: &'a Map<String, Value>, schema: &mut Schema) -> Result<(), CompileError> {
        if let Some(properties) = fields.get("properties").and_then(Value::as_object) {
            let mut pairs = Vec::with_capacity(properties.len());
            for (name, value) in properties {
                pairs.push((name.as_str(), self.schema(value)?));
            }
            pairs.sort_unstable_by_key(|(name, _)| *name);
            schema.properties = pairs.into_iter().map(|(name, id)| (self.pool.text(name), id)).collect();
        }
        match fields.get("additionalProperties") {
            Some(Value::Bool(false)) => schema.flags &= !flag::PRESERVE,
            Some(Value::Bool(true)) => schema.flags |= flag::PRESERVE,
            Some(value) => schema.additional = Some(self.schema(value)?),
            None => {}
        }
        schema.items = fields.get("items").map(|value| self.schema(value)).transpose()?;
        schema.not = fields.get("not").map(|value| self.schema(value)).transpose()?;
        for (key, list) in [("allOf", &mut schema.all_of), ("anyOf", &mut schema.any_of), ("oneOf", &mut schema.one_of)]
        {
            for value in fields.get(key).and_then(Value::as_array).into_iter().flatten() {
                list.push(self.schema(value)?);
            }
        }
        Ok(())
    }

    /// Lets a reader skip what has neither rules nor defaults. What refers to itself counts as having both.
    fn raise_flags(&self, schema: &mut Schema) {
        let children = schema.properties.iter().map(|(_, id)| *id).chain(schema.additional).chain(schema.items);
        let open =
            |id: &SchemaId| self.known.values().any(|known| matches!(known, Definition::Open(Some(o)) if o == id));
        for id in children.collect::<Vec<_>>() {
            let below = self.pool.schemas[id as usize].flags;
            schema.flags |= below & (flag::HAS_RULES | flag::HAS_DEFAULTS);
            if open(&id) {
                schema.flags |= flag::HAS_DEFAULTS;
            }
        }
        schema.flags |= if schema.rules.is_empty() { 0 } else { flag::HAS_RULES };
        schema.flags |= if schema.default.is_some() { flag::HAS_DEFAULTS } else { 0 };
    }
}

fn text<'a>(fields: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    fields.get(key).and_then(Value::as_str)
}

fn types(fields: &Map<String, Value>) -> u8 {
    let bit = |value: &Value| value.as_str().and_then(Type::parse).map_or(0, |known| known as u8);
    match fields.get("type") {
        Some(Value::Array(list)) => list.iter().map(bit).fold(0, |all, one| all | one),
        Some(one) => bit(one),
        None => 0,
    }
}

fn flags(fields: &Map<String, Value>) -> u32 {
    let is = |key: &str| fields.get(key) == Some(&Value::Bool(true));
    let list_type = text(fields, "x-kubernetes-list-type").unwrap_or_default();
    let mut flags = 0;
    for (on, bit) in [
        (is("nullable"), flag::NULLABLE),
        (is("x-kubernetes-int-or-string"), flag::INT_OR_STRING),
        (is("x-kubernetes-preserve-unknown-fields"), flag::PRESERVE),
        (fields.get("additionalProperties").is_none(), flag::PRESERVE),
        (is("x-kubernetes-embedded-resource"), flag::EMBEDDED),
        (list_type == "set" || is("uniqueItems"), flag::LIST_SET),
        (list_type == "map", flag::LIST_MAP),
    ] {
        flags |= if on { bit } else { 0 };
    }
    flags
}

fn limits(fields: &Map<String, Value>) -> Vec<(u8, u64)> {
    let is = |key: &str| fields.get(key) == Some(&Value::Bool(true));
    let keywords = [
        // OpenAPI v3.0 writes the exclusive bounds as booleans beside the bound.
        ("minimum", if is("exclusiveMinimum") { Limit::ExclusiveMinimum } else { Limit::Minimum }),
        ("maximum", if is("exclusiveMaximum") { Limit::ExclusiveMaximum } else { Limit::Maximum }),
        ("exclusiveMinimum", Limit::ExclusiveMinimum),
        ("exclusiveMaximum", Limit::ExclusiveMaximum),
        ("multipleOf", Limit::MultipleOf),
        ("minLength", Limit::MinLength),
        ("maxLength", Limit::MaxLength),
        ("minItems", Limit::MinItems),
        ("maxItems", Limit::MaxItems),
        ("minProperties", Limit::MinProperties),
        ("maxProperties", Limit::MaxProperties),
    ];
    let found =
        keywords.into_iter().filter_map(|(key, limit)| Some((limit as u8, fields.get(key)?.as_f64()?.to_bits())));
    found.collect()
}
