//! `images`: new names, tags and digests.

use regex::Regex;

use crate::diagnostics::{Diagnostic, Span};
use crate::kustomize::config::{FieldError, FieldSpec, Leaf};
use crate::kustomize::file::ImageEntry;
use crate::kustomize::set::ResourceSet;
use crate::yaml::decode::{Report, nearest};
use crate::yaml::{Node, Value};

/// Applies one entry of `images`; an entry that fits no image is worth a warning.
pub(in crate::kustomize) fn apply(entry: &ImageEntry, fields: &[FieldSpec], set: &mut ResourceSet, report: &Report) {
    // The name is a regular expression in kustomize, too.
    let pattern = format!("^{}(:[a-zA-Z0-9_.{{}}-]*)?(@sha256:[a-zA-Z0-9_.{{}}-]*)?$", entry.name.value);
    let Ok(pattern) = Regex::new(&pattern) else {
        let message = format!("`{}` is no regular expression", entry.name.value);
        return report.push(Diagnostic::error("wrong-value", message).at(entry.name.span));
    };
    let mut update = Update { entry, pattern, hit: false, others: Vec::new() };
    for resource in set.all_mut().iter_mut().filter(|resource| resource.kind() != "CustomResourceDefinition") {
        let gvk = resource.gvk();
        // kustomize changes images twice: in every `containers` it finds anywhere, then along its field table.
        let mut result = update.containers(&mut resource.node);
        for field in fields.iter().filter(|field| field.on.selects(&gvk)) {
            let changed = field.visit(&mut resource.node, Leaf::Existing, Span::NONE, &mut |node| update.image(node));
            result = result.and(changed);
        }
        if let Err(error) = result {
            report.push(error.finding("images", "image", entry.name.span));
        }
    }
    if !update.hit {
        report.push(update.unused());
    }
}

struct Update<'a> {
    entry: &'a ImageEntry,
    pattern: Regex,
    hit: bool,
    /// Names of other images, for the message.
    others: Vec<String>,
}

impl Update<'_> {
    /// Every list called `containers` or `initContainers` below `node`, innermost first.
    fn containers(&mut self, node: &mut Node) -> Result<(), FieldError> {
        match &mut node.value {
            Value::Seq(items) => items.iter_mut().try_for_each(|item| self.containers(item)),
            Value::Map(map) => map.iter_mut().try_for_each(|(key, value)| {
                self.containers(value)?;
                match (key, &mut value.value) {
                    ("containers" | "initContainers", Value::Seq(items)) => {
                        items.iter_mut().try_for_each(|item| self.container(item))
                    }
                    _ => Ok(()),
                }
            }),
            _ => Ok(()),
        }
    }

    fn container(&mut self, node: &mut Node) -> Result<(), FieldError> {
        match &mut node.value {
            Value::Map(map) => map.get_mut("image").map_or(Ok(()), |image| self.image(image)),
            Value::Null => Ok(()),
            _ => Err(FieldError::unexpected(node, "a container")),
        }
    }

    fn image(&mut self, node: &mut Node) -> Result<(), FieldError> {
        match &node.value {
            Value::String(image) if self.pattern.is_match(image) => {
                self.hit = true;
                *node = Node::string(rewrite(image, self.entry), written_by(self.entry));
            }
            Value::String(image) if !self.hit && self.others.len() < 50 => {
                self.others.push(split(image).0.to_owned());
            }
            Value::Seq(_) | Value::Map(_) => return Err(FieldError::unexpected(node, "an image")),
            _ => {}
        }
        Ok(())
    }

    fn unused(&self) -> Diagnostic {
        let name = &self.entry.name;
        let finding = Diagnostic::warning("unused-image", format!("no container uses the image `{}`", name.value));
        let finding = finding.at(name.span);
        match nearest(&name.value, self.others.iter().map(String::as_str)) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help("remove the entry, or write the name as the containers do"),
        }
    }
}

/// The part of the entry that decides most about the new image.
fn written_by(entry: &ImageEntry) -> Span {
    let parts = [&entry.new_tag, &entry.digest, &entry.tag_suffix, &entry.new_name];
    parts.into_iter().flatten().map(|text| text.span).next().unwrap_or(entry.name.span)
}

fn rewrite(image: &str, entry: &ImageEntry) -> String {
    let text = |part: &Option<crate::yaml::decode::Spanned<String>>| part.as_ref().map(|text| text.value.clone());
    let (name, tag, digest) = split(image);
    let name = text(&entry.new_name).unwrap_or_else(|| name.to_owned());
    let (tag, digest) = match (text(&entry.new_tag), text(&entry.digest), text(&entry.tag_suffix)) {
        (None, None, None) => (tag.to_owned(), digest.to_owned()),
        (None, None, Some(suffix)) => (format!("{tag}{suffix}"), String::new()),
        (new_tag, new_digest, _) => (new_tag.unwrap_or_default(), new_digest.unwrap_or_default()),
    };
    let mut image = name;
    for (mark, part) in [(':', tag), ('@', digest)] {
        if !part.is_empty() {
            image.push(mark);
            image.push_str(&part);
        }
    }
    image
}

/// Name, tag and digest of `[host[:port]/]path[:tag][@digest]`.
fn split(image: &str) -> (&str, &str, &str) {
    let from = image.find('/').unwrap_or(0);
    let at = image[from..].find('@').map(|i| i + from);
    let colon = image[from..].find(':').map(|i| i + from);
    match (colon, at) {
        (None, None) => (image, "", ""),
        (Some(colon), Some(at)) if colon < at => (&image[..colon], &image[colon + 1..at], &image[at + 1..]),
        (_, Some(at)) => (&image[..at], "", &image[at + 1..]),
        (Some(colon), None) => (&image[..colon], &image[colon + 1..], ""),
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn a_port_is_no_tag() {
        assert_eq!(split("host:5000/app"), ("host:5000/app", "", ""));
        assert_eq!(split("host:5000/app:1@sha256:ab"), ("host:5000/app", "1", "sha256:ab"));
        assert_eq!(split("app@sha256:ab"), ("app", "", "sha256:ab"));
        assert_eq!(split("app:1"), ("app", "1", ""));
    }
}
