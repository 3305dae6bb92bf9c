//! Puts tables together: kustomize's own, those of `configurations`, those that bases bring along.

use super::{Config, FieldSpec, NameReference};

/// Adds the rows of `incoming` that `rows` does not have. A row counts as there when one of the same path has a
/// kind that the new row asks for; it must agree on `create`, else the path is the error.
pub(in crate::kustomize) fn merge_specs(rows: &mut Vec<FieldSpec>, incoming: &[FieldSpec]) -> Result<(), String> {
    for new in incoming {
        match rows.iter().find(|row| row.path == new.path && new.on.selects(&row.on.0)) {
            Some(row) if row.create != new.create => return Err(new.path.as_str().to_owned()),
            Some(_) => {}
            None => rows.push(new.clone()),
        }
    }
    Ok(())
}

/// Adds references of `incoming`, kind by kind.
fn merge_references(rows: &mut Vec<NameReference>, incoming: &[NameReference]) -> Result<(), String> {
    for new in incoming {
        match rows.iter_mut().find(|row| row.target == new.target) {
            Some(row) => merge_specs(&mut row.referrers, &new.referrers)?,
            None => rows.push(new.clone()),
        }
    }
    Ok(())
}

impl Config {
    /// These tables with those of `other`; the path of the first contradiction is the error.
    pub(in crate::kustomize) fn merged(&self, other: &Self) -> Result<Self, String> {
        let mut all = self.clone();
        merge_specs(&mut all.name_prefix, &other.name_prefix)?;
        merge_specs(&mut all.name_suffix, &other.name_suffix)?;
        merge_specs(&mut all.namespace, &other.namespace)?;
        merge_specs(&mut all.common_labels, &other.common_labels)?;
        merge_specs(&mut all.labels, &other.labels)?;
        merge_specs(&mut all.template_labels, &other.template_labels)?;
        merge_specs(&mut all.common_annotations, &other.common_annotations)?;
        merge_references(&mut all.name_references, &other.name_references)?;
        merge_specs(&mut all.var_references, &other.var_references)?;
        merge_specs(&mut all.images, &other.images)?;
        merge_specs(&mut all.replicas, &other.replicas)?;
        all.name_references.sort_by(|a, b| super::compare_kinds(&a.target.0, &b.target.0));
        Ok(all)
    }
}
