//! `namePrefix` and `nameSuffix`.

use crate::kustomize::config::{FieldError, FieldSpec, Leaf};
use crate::kustomize::resource::Resource;
use crate::kustomize::set::ResourceSet;
use crate::model::Gvk;
use crate::yaml::decode::{Report, Spanned};
use crate::yaml::{Node, Value};

/// Which end of the name grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::kustomize) enum Affix {
    Prefix,
    Suffix,
}

impl Affix {
    fn field(self) -> &'static str {
        match self {
            Self::Prefix => "namePrefix",
            Self::Suffix => "nameSuffix",
        }
    }

    fn join(self, name: &str, text: &str) -> String {
        match self {
            Self::Prefix => format!("{text}{name}"),
            Self::Suffix => format!("{name}{text}"),
        }
    }

    /// Adds `text` to the name of each object but those whose name means something outside.
    pub(in crate::kustomize) fn apply(
        self,
        text: &Spanned<String>,
        fields: &[FieldSpec],
        set: &mut ResourceSet,
        report: &Report,
    ) {
        for resource in set.all_mut() {
            let original = resource.original_id().gvk;
            if keeps_its_name(&original) {
                continue;
            }
            for field in fields.iter().filter(|field| field.on.selects(&original)) {
                if let Err(error) = self.field_of(resource, field, text) {
                    report.push(error.finding(self.field(), field.path.as_str(), text.span));
                }
            }
        }
    }

    fn field_of(self, resource: &mut Resource, field: &FieldSpec, text: &Spanned<String>) -> Result<(), FieldError> {
        if field.path.as_str() == "metadata/name" && !text.value.is_empty() {
            let list = if self == Self::Prefix { &mut resource.prefixes } else { &mut resource.suffixes };
            list.push(text.value.clone());
            resource.remember();
        }
        if !field.on.selects(&resource.gvk()) {
            return Ok(());
        }
        field.visit(&mut resource.node, Leaf::Scalar, text.span, &mut |node| {
            let name = match &node.value {
                Value::Seq(_) | Value::Map(_) => return Err(FieldError::unexpected(node, "a name")),
                Value::String(name) => name.clone(),
                Value::Number(number) => number.to_string(),
                Value::Bool(flag) => flag.to_string(),
                Value::Null => String::new(),
            };
            *node = Node::string(self.join(&name, &text.value), text.span);
            Ok(())
        })
    }
}

/// CRDs, API services and namespaces are known by their names outside the overlay.
fn keeps_its_name(gvk: &Gvk) -> bool {
    match gvk.kind.as_str() {
        "CustomResourceDefinition" | "Namespace" => true,
        "APIService" => gvk.group == "apiregistration.k8s.io",
        _ => false,
    }
}
