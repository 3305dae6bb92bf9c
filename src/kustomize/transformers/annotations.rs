//! `commonAnnotations`, and what becomes of annotations at the end.

use super::labels::write_pairs;
use crate::kustomize::config::Config;
use crate::kustomize::file::Pair;
use crate::kustomize::set::ResourceSet;
use crate::yaml::decode::Report;

/// Writes `pairs` into the annotations of each object and of the pods that it makes.
pub(in crate::kustomize) fn apply(pairs: &[Pair], config: &Config, set: &mut ResourceSet, report: &Report) {
    write_pairs("commonAnnotations", pairs, &config.common_annotations, set, report);
}
