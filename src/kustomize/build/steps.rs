//! What comes before the transformers: tables, generators, and objects that configure built-ins.

use super::target::Target;
use super::{Builder, Gathered, optional};
use crate::diagnostics::Diagnostic;
use crate::kustomize::config::{crds, custom};
use crate::kustomize::generators::{self, Asked, Kind};
use crate::kustomize::resource::{Behavior, Resource};
use crate::kustomize::{Step, Stop, documents, external, inline, scalars};
use crate::yaml::decode::Spanned;

impl Builder<'_> {
    /// Adds the tables of `configurations` and `crds`.
    pub(super) fn configure(&mut self, target: &Target, gathered: &mut Gathered) -> Step<()> {
        for reference in &target.file.configurations {
            let Some(node) = optional(self.reader.document(&target.root, reference))? else { continue };
            if let Some(config) = custom::decode(&node, self.report) {
                self.merge_config(gathered, &config, reference.span);
            }
        }
        for reference in &target.file.crds {
            let Some(node) = optional(self.reader.document(&target.root, reference))? else { continue };
            if let Some(Ok(config)) = node.as_map().map(crds::of_definitions) {
                self.merge_config(gathered, &config, reference.span);
            } else {
                let message = format!("`{}` holds no OpenAPI definitions by type name", reference.value);
                self.report.push(Diagnostic::error("wrong-value", message).at(reference.span));
            }
        }
        Ok(())
    }

    pub(super) fn generate(&mut self, target: &Target, gathered: &mut Gathered) -> Step<()> {
        let asked = Asked { root: &target.root, file: &target.path, options: target.file.generator_options.as_ref() };
        let entries = target.file.config_maps.iter().map(|entry| (Kind::ConfigMap, entry));
        for (kind, entry) in entries.chain(target.file.secrets.iter().map(|entry| (Kind::Secret, entry))) {
            let mut generated = match generators::generate(kind, entry, asked, &mut self.reader) {
                Ok(generated) => generated,
                Err(Stop::Reported) => continue,
                Err(stop) => return Err(stop),
            };
            generated.trail.made_by(target.trail.as_ref(), target.path.name(), kind.generator());
            self.absorb(gathered, generated, entry.behavior, &entry.name);
        }
        for config in self.external(target, &target.file.generators)? {
            let generated = optional(external::generate(&config, &target.root, &mut self.reader))?;
            if let Some((mut generated, behavior, name)) = generated {
                generated.trail.made_by_config(&config);
                self.absorb(gathered, generated, behavior, &name);
            }
        }
        Ok(())
    }

    fn absorb(&self, gathered: &mut Gathered, generated: Resource, behavior: Behavior, name: &Spanned<String>) {
        let sources = self.reader.sources();
        if let Err(finding) = generators::absorb(&mut gathered.set, generated, behavior, name.span, sources) {
            self.report.push(*finding);
        }
    }

    /// The objects that configure transformers or generators: those written in place first, as in kustomize.
    pub(super) fn external(&mut self, target: &Target, entries: &[Spanned<String>]) -> Step<Vec<Resource>> {
        let (inline, paths): (Vec<_>, Vec<_>) = entries.iter().partition(|entry| inline::is_object(&entry.value));
        let mut gathered = Gathered::default();
        for entry in inline {
            let mut documents = match inline::parse(entry, self.reader.sources()) {
                Ok(documents) => documents,
                Err(findings) => return self.refuse_all(findings),
            };
            for document in &mut documents {
                scalars::reread(document, self.reader.sources(), self.report);
            }
            for mut resource in documents::from_documents(documents, &target.path, &self.reader) {
                resource.trail.come_from(target.trail.as_ref(), target.path.name());
                if let Err(finding) = gathered.set.append(resource) {
                    self.report.push(*finding);
                }
            }
        }
        for entry in paths {
            gathered = self.resource(target, entry, gathered)?;
        }
        Ok(gathered.set.into_vec())
    }
}
