//! One manifest against the schema of its kind, as strictly as the API server decodes and validates it on create.
//!
//! Two ways of reading, because the server has two. Its own types are decoded into Go structs: absent, null and zero
//! are one, `required` of the OpenAPI is checked by code, and `status` is dropped ([`typed`]). Custom resources follow
//! their structural schema: a null is dropped or defaulted first, then everything in the schema holds ([`custom`]).

mod custom;
mod list;
mod message;
mod scalar;
mod typed;

use super::place::{Place, Step};
use super::registry::{Kind, Registry};
use super::table::Schema;
use crate::diagnostics::{Diagnostic, Span};
use crate::model::Manifest;
use crate::yaml::decode::nearest;
use crate::yaml::{Entry, Node};

/// Every finding of `manifest`, in the order of its fields.
pub fn validate(manifest: &Manifest, registry: &Registry) -> Vec<Diagnostic> {
    let gvk = &manifest.id.gvk;
    if gvk.kind.is_empty() || gvk.version.is_empty() {
        // The check of what every object has reports it.
        return Vec::new();
    }
    let Some(kind) = registry.kind(gvk) else { return vec![unknown_kind(manifest, registry)] };
    let mut walk = Walk::new(registry, &kind, manifest.span);
    walk.walk_root(&kind, &manifest.node);
    walk.findings
}

/// A walk over one object.
struct Walk<'a> {
    registry: &'a Registry,
    findings: Vec<Diagnostic>,
    path: Vec<Step<'a>>,
    /// Where the key of the value at hand stands.
    key_span: Span,
    /// Inside something that the server decodes and then drops: only what cannot be decoded counts.
    decode_only: bool,
    /// A Secret's values do not belong into messages.
    secret: bool,
}

impl<'a> Walk<'a> {
    fn new(registry: &'a Registry, kind: &Kind<'_>, span: Span) -> Self {
        let secret = kind.gvk().kind == "Secret";
        Self { registry, findings: Vec::new(), path: Vec::new(), key_span: span, decode_only: false, secret }
    }

    fn walk_root(&mut self, kind: &Kind<'a>, node: &'a Node) {
        let schema = kind.schema();
        let Some(map) = node.as_map() else { return };
        let typed = kind.is_typed();
        for entry in map {
            let property = schema.property(&entry.key);
            match (entry.key.as_str(), property) {
                // What every object has is checked before; a custom resource's metadata is Kubernetes' own type.
                ("apiVersion" | "kind", _) => {}
                ("metadata", _) => {
                    if let Some(metadata) = self.registry.metadata().filter(|_| entry.value.as_map().is_some()) {
                        self.enter(entry, |walk, node| walk.typed(metadata, node));
                    }
                }
                ("status", Some(status)) => {
                    self.decode_only = typed || kind.is(super::compile::kind_flag::STATUS_IGNORED);
                    self.enter(entry, |walk, node| walk.value(typed, status, node));
                    self.decode_only = false;
                }
                (_, Some(property)) => self.enter(entry, |walk, node| walk.value(typed, property, node)),
                (_, None) if schema.is(super::compile::flag::PRESERVE) => {}
                (_, None) => self.unknown_field(schema, entry),
            }
        }
        if typed {
            self.typed_required(schema, node);
        } else {
            self.custom_required(schema, node);
            super::cel::check(kind, &Place::root(node, self.key_span), &mut self.findings);
        }
    }

    fn value(&mut self, typed: bool, schema: Schema<'a>, node: &'a Node) {
        if typed { self.typed(schema, node) } else { self.custom(schema, node) }
    }

    /// Visits the value of `entry`.
    fn enter(&mut self, entry: &'a Entry, visit: impl FnOnce(&mut Self, &'a Node)) {
        let outside = std::mem::replace(&mut self.key_span, entry.key_span);
        self.path.push(Step::Key(&entry.key));
        visit(self, &entry.value);
        self.path.pop();
        self.key_span = outside;
    }

    /// Visits item `index`.
    fn enter_item(&mut self, index: usize, node: &'a Node, visit: impl FnOnce(&mut Self, &'a Node)) {
        let outside = std::mem::replace(&mut self.key_span, node.span);
        self.path.push(Step::Index(index));
        visit(self, node);
        self.path.pop();
        self.key_span = outside;
    }

    /// Whether `node` passes `schema` under the rules of custom resources; nothing is reported.
    fn accepts(&self, schema: Schema<'a>, node: &'a Node) -> bool {
        let mut trial = Self {
            registry: self.registry,
            findings: Vec::new(),
            path: Vec::new(),
            key_span: Span::NONE,
            decode_only: false,
            secret: true,
        };
        trial.custom(schema, node);
        trial.findings.is_empty()
    }
}

fn unknown_kind(manifest: &Manifest, registry: &Registry) -> Diagnostic {
    let gvk = &manifest.id.gvk;
    let versions = registry.versions_of(&gvk.kind);
    let place = |key: &str| manifest.node.get(key).map_or(manifest.span, |node| node.span);
    let message = format!("no kind `{}` is known in `{}`", gvk.kind, gvk.api_version());
    let finding = Diagnostic::error("unknown-kind", message);
    if let [first, rest @ ..] = &versions[..] {
        let others = rest.iter().map(|version| format!(" or `{version}`")).collect::<String>();
        let help = format!("`{}` is in `{first}`{others}", gvk.kind);
        return finding.at(place("apiVersion")).help(help);
    }
    let kinds: Vec<String> = registry.kinds().iter().map(|kind| kind.gvk().kind).collect();
    match nearest(&gvk.kind, kinds.iter().map(String::as_str)) {
        Some(near) => finding.at(place("kind")).help(format!("did you mean `{near}`?")),
        None => finding.at(place("kind")).help("import its CRD: `cmp schema import --out schemas CRD_FILE`"),
    }
}
