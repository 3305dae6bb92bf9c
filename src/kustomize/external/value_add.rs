//! `ValueAddTransformer`: one text, written into fields, or into paths of files that fields hold.

use crate::diagnostics::{Diagnostic, Span};
use crate::kustomize::Step as Read;
use crate::kustomize::dotted::{self, Create, Step};
use crate::kustomize::file::decode_each;
use crate::kustomize::patch::MergeSchemas;
use crate::kustomize::read::Reader;
use crate::kustomize::resource::Resource;
use crate::kustomize::set::ResourceSet;
use crate::kustomize::transformers::namespace::{NamespaceTransformer, Subjects};
use crate::kustomize::transformers::patches::Target;
use crate::source::TreePath;
use crate::yaml::decode::{Fields, Report, Spanned};
use crate::yaml::{Node, Value};

/// The transformer with its configuration.
#[derive(Debug)]
pub(in crate::kustomize) struct ValueAdd {
    value: Spanned<String>,
    fields: Vec<Place>,
}

#[derive(Debug)]
struct Place {
    target: Option<Target>,
    path: Spanned<String>,
    position: usize,
}

impl ValueAdd {
    pub(super) fn decode(fields: &mut Fields<'_>, root: &TreePath, reader: &mut Reader<'_>) -> Read<Option<Self>> {
        let report = fields.report();
        let value = fields.string("value").map(|value| Spanned { value: value.value.trim().to_owned(), ..value });
        let mut places = decode_each(fields, "targets", "a target", Place::decode);
        if let Some(reference) = fields.string("targetFilePath") {
            let node = reader.document(root, &reference)?;
            if let Some(mut inner) = Fields::of(&node, "a file of targets", report) {
                places.extend(decode_each(&mut inner, "targets", "a target", Place::decode));
                inner.finish();
            }
        }
        if places.is_empty() {
            fields.missing("targets");
            return Ok(None);
        }
        // Without a value it is the name of the folder.
        let folder = Spanned { value: root.name().to_owned(), span: fields.span() };
        let value = value.filter(|value| !value.value.is_empty()).unwrap_or(folder);
        Ok(Some(Self { value, fields: places }))
    }

    pub(super) fn apply(&self, set: &mut ResourceSet, schemas: &MergeSchemas, report: &Report) {
        for place in &self.fields {
            let selected = match &place.target {
                Some(target) => target.select(set, schemas),
                None => (0..set.len()).collect(),
            };
            for i in selected {
                let resource = set.get_mut(i);
                if let Err(reason) = self.write(place, resource, report) {
                    let message = format!("`{}`: {reason}", place.path.value);
                    report.push(Diagnostic::error("unexpected-shape", message).at(place.path.span));
                }
                set.renamed(i);
            }
        }
    }

    fn write(&self, place: &Place, resource: &mut Resource, report: &Report) -> Result<(), String> {
        if place.path.value == "metadata/namespace" {
            let (unset_only, subjects) = (false, Subjects::Default);
            let transformer = NamespaceTransformer { namespace: &self.value, fields: &[], unset_only, subjects };
            transformer.apply_to(resource, report);
            return Ok(());
        }
        let steps: Vec<Step> = dotted::split_slashes(&place.path.value)?;
        dotted::visit(&mut resource.node, &steps, Create::Scalar, self.value.span, &mut |node, _| {
            self.set(node, place.position)
        })?;
        Ok(())
    }

    fn set(&self, node: &mut Node, position: usize) -> Result<(), String> {
        if matches!(node.value, Value::Seq(_) | Value::Map(_)) {
            return Err(format!("here is {} where a text is needed", node.kind()));
        }
        let old = dotted::plain_text(node).unwrap_or_default();
        let new = if position == 0 { self.value.value.clone() } else { insert(&old, position - 1, &self.value.value) };
        *node = Node::string(new, self.value.span);
        Ok(())
    }
}

impl Place {
    fn decode(fields: &mut Fields<'_>) -> Option<Self> {
        let report = fields.report();
        let target = match fields.node("selector").map(Target::of) {
            Some(Err(findings)) => {
                findings.into_vec().into_iter().for_each(|finding| report.push(finding));
                return None;
            }
            Some(Ok(target)) => Some(target),
            None => None,
        };
        let path = fields.required_string("fieldPath")?;
        let position = fields.integer("filePathPosition");
        let (number, span) = position.map_or((0, Span::NONE), |position| (position.value, position.span));
        let Ok(position) = usize::try_from(number) else {
            report.push(Diagnostic::error("wrong-value", "`filePathPosition` cannot be negative").at(span));
            return None;
        };
        Some(Self { target, path, position })
    }
}

/// Inserts a component into a path; an absolute path stays absolute.
fn insert(path: &str, position: usize, part: &str) -> String {
    let (root, rest) = path.strip_prefix('/').map_or(("", path), |rest| ("/", rest));
    let mut parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
    parts.insert(position.min(parts.len()), part);
    format!("{root}{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::insert;

    #[test]
    fn a_component_goes_where_it_is_asked_for() {
        for (old, position, new) in [
            ("", 0, "PEACH"),
            ("/", 5, "/PEACH"),
            ("pie", 0, "PEACH/pie"),
            ("/raw", 9, "/raw/PEACH"),
            ("/a/nice/warm/pie", 3, "/a/nice/warm/PEACH/pie"),
        ] {
            assert_eq!(insert(old, position, "PEACH"), new, "{old}");
        }
    }
}
