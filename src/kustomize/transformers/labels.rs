//! `labels` and `commonLabels`.

use crate::diagnostics::{Diagnostic, Span};
use crate::kustomize::config::{Config, FieldError, FieldSpec, Leaf, Selects, merge_specs};
use crate::kustomize::file::{LabelEntry, Pair};
use crate::kustomize::set::ResourceSet;
use crate::model::Gvk;
use crate::yaml::decode::Report;
use crate::yaml::{Node, Value};

/// Writes the pairs of one entry of `labels`.
pub(in crate::kustomize) fn apply(entry: &LabelEntry, config: &Config, set: &mut ResourceSet, report: &Report) {
    match fields_of(entry, config) {
        Ok(fields) => write_pairs("labels", &entry.pairs, &fields, set, report),
        Err(path) => {
            let message = format!("`{path}` is given twice, once with `create` and once without");
            report.push(Diagnostic::error("wrong-value", message).at(entry.span));
        }
    }
}

/// The entry's own fields, what `configurations` add for labels, then selectors and templates as asked for.
fn fields_of(entry: &LabelEntry, config: &Config) -> Result<Vec<FieldSpec>, String> {
    let mut fields = entry.fields.clone();
    merge_specs(&mut fields, &config.labels)?;
    if entry.include_selectors {
        merge_specs(&mut fields, &config.common_labels)?;
        return Ok(fields);
    }
    if entry.include_templates {
        merge_specs(&mut fields, &config.template_labels)?;
    }
    merge_specs(&mut fields, &[FieldSpec::new(Selects::default(), "metadata/labels", true)])?;
    Ok(fields)
}

/// Writes `pairs` into the mapping at each of `fields`.
pub(in crate::kustomize) fn write_pairs(
    field: &str,
    pairs: &[Pair],
    fields: &[FieldSpec],
    set: &mut ResourceSet,
    report: &Report,
) {
    let Some(first) = pairs.first() else { return };
    let mut chosen: Option<(Gvk, Vec<&FieldSpec>)> = None;
    for resource in set.all_mut() {
        let gvk = resource.gvk();
        if chosen.as_ref().is_none_or(|(last, _)| *last != gvk) {
            let fit = fields.iter().filter(|spec| spec.on.selects(&gvk)).collect();
            chosen = Some((gvk, fit));
        }
        for spec in chosen.iter().flat_map(|(_, specs)| specs) {
            let written = spec.visit(&mut resource.node, Leaf::Mapping, first.key_span, &mut |node| write(node, pairs));
            if let Err(error) = written {
                report.push(error.finding(field, spec.path.as_str(), first.key_span));
            }
        }
    }
}

/// `managedByLabel`: the label that kustomize puts on everything, with the version whose results `cmp` gives.
pub(in crate::kustomize) fn mark_managed(span: Span, set: &mut ResourceSet, report: &Report) {
    let pair = Pair {
        key: "app.kubernetes.io/managed-by".to_owned(),
        key_span: span,
        value: "kustomize-v5.8.1".to_owned(),
        span,
    };
    let field = FieldSpec::new(Selects::default(), "metadata/labels", true);
    write_pairs("buildMetadata", &[pair], &[field], set, report);
}

fn write(node: &mut Node, pairs: &[Pair]) -> Result<(), FieldError> {
    match &mut node.value {
        Value::Map(map) => {
            for Pair { key, key_span, value, span } in pairs {
                map.insert(key.as_str(), *key_span, Node::string(value.as_str(), *span));
            }
            Ok(())
        }
        // What is `null` and not ours to create stays so.
        Value::Null => Ok(()),
        _ => Err(FieldError::unexpected(node, "a mapping")),
    }
}
