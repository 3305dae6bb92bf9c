//! What a rule is about; `cmp explain` and `docs/rules.md` list rules by it.

/// A group of rules, in the order in which lists show them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// The text itself.
    Yaml,
    /// Files: missing, unreadable, in the wrong place.
    Files,
    /// `kustomization.yaml` and what it builds.
    Kustomize,
    /// `stack.yaml`, components, phases and waves.
    Stack,
    /// Argo CD: which overlay, which revision, which children.
    Argocd,
    /// What Argo CD does with a set: only `cmp plan` looks for it.
    Plan,
    /// The objects that would leave the process.
    Output,
    /// The schema of a kind, and what the API server checks beyond it.
    Schema,
    /// `# cmp: allow` comments.
    Suppressions,
}

impl Group {
    /// All of them, in order.
    pub const ALL: [Self; 9] = [
        Self::Yaml,
        Self::Files,
        Self::Kustomize,
        Self::Stack,
        Self::Argocd,
        Self::Plan,
        Self::Output,
        Self::Schema,
        Self::Suppressions,
    ];

    /// Its name in lists.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Yaml => "yaml",
            Self::Files => "files",
            Self::Kustomize => "kustomize",
            Self::Stack => "stack",
            Self::Argocd => "argocd",
            Self::Plan => "plan",
            Self::Output => "output",
            Self::Schema => "schema",
            Self::Suppressions => "suppressions",
        }
    }

    /// What its rules are about, for headings.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Yaml => "Texts that are not the YAML that Kubernetes reads",
            Self::Files => "Files that are missing, unreadable or in the wrong place",
            Self::Kustomize => "`kustomization.yaml` and what it builds",
            Self::Stack => "`stack.yaml`: components, phases and waves",
            Self::Argocd => "Which overlay, which revision, which children",
            Self::Plan => "What holds a sync up, and what does not though it should (`cmp plan`)",
            Self::Output => "The objects that would leave the process",
            Self::Schema => "Fields that the API server, a CRD or Argo CD does not take",
            Self::Suppressions => "`# cmp: allow` comments",
        }
    }
}
