//! `namespace`: moves every object that can have one.

use crate::kustomize::config::{FieldError, FieldSpec, Leaf, Path, Selects};
use crate::kustomize::resource::Resource;
use crate::kustomize::set::ResourceSet;
use crate::yaml::decode::{Report, Spanned};
use crate::yaml::{Node, Value};

const METADATA_NAMESPACE: &str = "metadata/namespace";
const METADATA_NAME: &str = "metadata/name";

fn metadata_namespace() -> FieldSpec {
    FieldSpec { on: Selects::default(), path: Path::parse(METADATA_NAMESPACE), create: true }
}

/// Which subjects of role bindings follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::kustomize) enum Subjects {
    /// Those named `default`.
    #[default]
    Default,
    /// All service accounts.
    ServiceAccounts,
    /// None.
    None,
}

/// The transformer with its options.
#[derive(Debug)]
pub(in crate::kustomize) struct NamespaceTransformer<'a> {
    pub(in crate::kustomize) namespace: &'a Spanned<String>,
    pub(in crate::kustomize) fields: &'a [FieldSpec],
    pub(in crate::kustomize) unset_only: bool,
    pub(in crate::kustomize) subjects: Subjects,
}

impl NamespaceTransformer<'_> {
    pub(in crate::kustomize) fn apply(&self, set: &mut ResourceSet, report: &Report) {
        for resource in set.all_mut() {
            resource.remember();
            self.apply_to(resource, report);
        }
        set.duplicates()
            .into_iter()
            .for_each(|finding| report.push(finding.related(self.namespace.span, "moved here")));
    }

    /// Moves one object.
    pub(in crate::kustomize) fn apply_to(&self, resource: &mut Resource, report: &Report) {
        if let Err(error) = self.object(resource, &metadata_namespace()) {
            report.push(error.finding("namespace", "the namespace fields", self.namespace.span));
        }
    }

    fn object(&self, resource: &mut Resource, metadata: &FieldSpec) -> Result<(), FieldError> {
        if !resource.is_cluster_scoped() {
            self.visit(&mut resource.node, metadata)?;
        }
        let binding = matches!(resource.kind(), "RoleBinding" | "ClusterRoleBinding");
        if binding {
            self.subjects(&mut resource.node)?;
        }
        let gvk = resource.gvk();
        let core = resource.api_version() == "v1";
        for field in self.fields.iter().filter(|field| field.on.selects(&gvk)) {
            let special = match field.path.as_str() {
                METADATA_NAMESPACE => true,
                METADATA_NAME => !core,
                "subjects/namespace" => binding,
                _ => false,
            };
            if !special {
                self.visit(&mut resource.node, field)?;
            }
        }
        Ok(())
    }

    fn visit(&self, object: &mut Node, field: &FieldSpec) -> Result<(), FieldError> {
        field.visit(object, Leaf::Scalar, self.namespace.span, &mut |node| self.set(node))
    }

    fn set(&self, node: &mut Node) -> Result<(), FieldError> {
        match &node.value {
            Value::Seq(_) | Value::Map(_) => Err(FieldError::unexpected(node, "a name")),
            Value::String(text) if self.unset_only && !text.is_empty() => Ok(()),
            _ => {
                *node = Node::string(self.namespace.value.clone(), self.namespace.span);
                Ok(())
            }
        }
    }

    /// kustomize gives subjects a namespace by their name or kind, not by a field specification.
    fn subjects(&self, object: &mut Node) -> Result<(), FieldError> {
        let Some(subjects) = object.as_map_mut().and_then(|map| map.get_mut("subjects")) else { return Ok(()) };
        if subjects.is_null() || self.subjects == Subjects::None {
            return Ok(());
        }
        let Value::Seq(subjects) = &mut subjects.value else {
            return Err(FieldError::unexpected(subjects, "a list of subjects"));
        };
        let (key, wanted) = match self.subjects {
            Subjects::ServiceAccounts => ("kind", "ServiceAccount"),
            _ => ("name", "default"),
        };
        for subject in subjects {
            if subject.get(key).and_then(Node::as_str) == Some(wanted)
                && let Some(map) = subject.as_map_mut()
            {
                let span = self.namespace.span;
                self.set(map.get_or_insert_with("namespace", span, || Node::new(Value::Null, span)))?;
            }
        }
        Ok(())
    }
}
