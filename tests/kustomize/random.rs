//! Random overlays: layers, components, generators and transformers in every combination, from a fixed seed.

use std::fmt::Write;

use super::case::Case;

/// A small generator of numbers: the same cases on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).expect("small")
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
}

/// `count` cases.
pub(crate) fn cases(count: u64) -> Vec<Case> {
    (1..=count).map(case).collect()
}

fn case(seed: u64) -> Case {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    (0..5).for_each(|_| {
        random.below(7);
    });
    let mut tree = Tree { random, files: Vec::new(), known: Vec::new(), generated: Vec::new() };
    let bases = 1 + tree.random.below(3);
    for i in 0..bases {
        tree.base(&format!("base{i}"));
    }
    let mut below: Vec<String> = (0..bases).map(|i| format!("base{i}")).collect();
    if tree.random.one_in(2) {
        tree.layer("middle", &below);
        below = vec!["middle".to_owned()];
    }
    tree.layer("overlay", &below);
    let text = tree.files.iter().fold(String::new(), |mut text, (path, file)| {
        let _ = write!(text, "-- {path} --\n{file}");
        text
    });
    Case { is_random: true, ..Case::parse(format!("random {seed}"), &text) }
}

struct Tree {
    random: Random,
    files: Vec<(String, String)>,
    /// Kind and name of each object: most patches shall find something.
    known: Vec<(&'static str, &'static str)>,
    /// Field and name of what generators made.
    generated: Vec<(&'static str, &'static str)>,
}

const NAMES: [&str; 8] = ["web", "db", "web-2", "conf", "api", "job", "cache", "x1"];
const SPACES: [&str; 4] = ["shop", "prod", "default", "other"];

impl Tree {
    fn base(&mut self, folder: &str) {
        let mut text = String::from("resources:\n");
        let count = 2 + self.random.below(5);
        for i in 0..count {
            let object = self.object();
            self.files.push((format!("{folder}/r{i}.yaml"), object));
            let _ = writeln!(text, "- r{i}.yaml");
        }
        self.fields(folder, &mut text, false);
        self.files.push((format!("{folder}/kustomization.yaml"), text));
    }

    fn layer(&mut self, folder: &str, below: &[String]) {
        let mut text = String::from("resources:\n");
        for base in below {
            let _ = writeln!(text, "- ../{base}");
        }
        if self.random.one_in(3) {
            let object = self.object();
            self.files.push((format!("{folder}/own.yaml"), object));
            text.push_str("- own.yaml\n");
        }
        if self.random.one_in(3) {
            text.push_str("components: [part]\n");
            let part = format!("{folder}/part");
            let mut file = String::from("apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n");
            self.fields(&part, &mut file, true);
            self.files.push((format!("{part}/kustomization.yaml"), file));
        }
        self.fields(folder, &mut text, true);
        self.files.push((format!("{folder}/kustomization.yaml"), text));
    }

    /// The metadata of a new object of `kind`; mostly no two have the same kind and name.
    fn metadata(&mut self, kind: &'static str) -> String {
        let mut name = self.random.pick(&NAMES);
        for _ in 0..20 {
            if !self.known.contains(&(kind, name)) {
                break;
            }
            name = self.random.pick(&NAMES);
        }
        self.known.push((kind, name));
        let mut text = format!("metadata:\n  name: {name}\n");
        if self.random.one_in(3) {
            let _ = writeln!(text, "  namespace: {}", self.random.pick(&SPACES));
        }
        if self.random.one_in(3) {
            let _ = writeln!(text, "  labels: {{app: {}, tier: \"1\"}}", self.random.pick(&NAMES));
        }
        if self.random.one_in(4) {
            text.push_str("  annotations: {note: \"$(NAME)\", n: \"1\"}\n");
        }
        text
    }

    fn object(&mut self) -> String {
        const KINDS: [&str; 12] = [
            "Deployment",
            "Deployment",
            "Deployment",
            "StatefulSet",
            "Service",
            "ConfigMap",
            "Secret",
            "ServiceAccount",
            "RoleBinding",
            "Role",
            "Namespace",
            "Thing",
        ];
        let kinds = if self.random.one_in(4) { 12 } else { 10 };
        let choice = self.random.below(kinds);
        let metadata = self.metadata(KINDS[choice]);
        let (a, b, c) = (self.random.pick(&NAMES), self.random.pick(&NAMES), self.random.pick(&NAMES));
        let space = self.random.pick(&SPACES);
        let pod = format!(
            "    metadata: {{labels: {{app: {a}}}}}\n    spec:\n      serviceAccountName: {b}\n      containers:\n      \
             - {{name: main, image: \"nginx:1.{}\", envFrom: [{{configMapRef: {{name: {c}}}}}, {{secretRef: {{name: {a}}}}}], \
             args: [\"$(NAME)\"]}}\n      volumes: [{{name: v, configMap: {{name: {b}}}}}, {{name: w, secret: {{secretName: {c}}}}}]\n",
            self.random.below(9)
        );
        match choice {
            0..=2 => format!(
                "apiVersion: apps/v1\nkind: Deployment\n{metadata}spec:\n  replicas: 1\n  selector: {{matchLabels: {{app: {a}}}}}\n  \
                 template:\n{pod}"
            ),
            3 => format!(
                "apiVersion: apps/v1\nkind: StatefulSet\n{metadata}spec:\n  serviceName: {b}\n  selector: {{matchLabels: {{app: {a}}}}}\n  \
                 template:\n{pod}"
            ),
            4 => format!(
                "apiVersion: v1\nkind: Service\n{metadata}spec: {{selector: {{app: {a}}}, ports: [{{port: 80}}]}}\n"
            ),
            5 => format!("apiVersion: v1\nkind: ConfigMap\n{metadata}data: {{key: \"{b}\", list: \"a-b-c\"}}\n"),
            6 => format!("apiVersion: v1\nkind: Secret\n{metadata}stringData: {{key: {b}}}\n"),
            7 => format!("apiVersion: v1\nkind: ServiceAccount\n{metadata}imagePullSecrets: [{{name: {a}}}]\n"),
            8 => format!(
                "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\n{metadata}roleRef: {{apiGroup: rbac.authorization.k8s.io, \
                 kind: Role, name: {a}}}\nsubjects:\n- {{kind: ServiceAccount, name: {b}, namespace: {space}}}\n- {{kind: ServiceAccount, \
                 name: default}}\n"
            ),
            9 => format!(
                "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\n{metadata}rules: [{{apiGroups: [\"\"], resources: [secrets], \
                 resourceNames: [{a}, {b}], verbs: [get]}}]\n"
            ),
            10 => format!("apiVersion: v1\nkind: Namespace\nmetadata: {{name: {space}}}\n"),
            _ => format!(
                "apiVersion: example.com/v1\nkind: Thing\n{metadata}spec: {{list: [{{name: x, v: 1}}], ref: {{name: {a}}}}}\n"
            ),
        }
    }

    /// Some fields of a kustomization; `upper` ones can refer to what bases hold.
    fn fields(&mut self, folder: &str, text: &mut String, upper: bool) {
        let is_part = folder.ends_with("part");
        if self.random.one_in(3) {
            let _ = writeln!(text, "namespace: {}", self.random.pick(&SPACES));
        }
        if self.random.one_in(3) {
            let _ = writeln!(text, "namePrefix: {}", self.random.pick(&["p-", "q-"]));
        }
        if self.random.one_in(4) {
            let _ = writeln!(text, "nameSuffix: {}", self.random.pick(&["-s", "-t"]));
        }
        if self.random.one_in(5) {
            text.push_str("commonLabels: {team: x}\n");
        }
        if self.random.one_in(5) {
            text.push_str("commonAnnotations: {by: y}\n");
        }
        if self.random.one_in(4) {
            let option = self.random.pick(&["", ", includeSelectors: true", ", includeTemplates: true"]);
            let _ = writeln!(text, "labels: [{{pairs: {{l: m}}{option}}}]");
        }
        if self.random.one_in(4) {
            let _ = writeln!(text, "images: [{{name: nginx, newTag: \"{}\"}}]", self.random.below(9));
        }
        self.generators(text, upper);
        if upper {
            self.patches(text);
        }
        if upper && self.random.one_in(5) {
            self.replacement(text);
        }
        if !is_part && upper && self.random.one_in(6) {
            let _ = writeln!(text, "sortOptions: {{order: {}}}", self.random.pick(&["fifo", "legacy"]));
        }
    }

    fn generators(&mut self, text: &mut String, upper: bool) {
        for (field, kind) in [("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")] {
            if !self.random.one_in(3) {
                continue;
            }
            let old: Vec<_> = self.generated.iter().filter(|(own, _)| *own == field).map(|(_, name)| *name).collect();
            let merges = upper && !old.is_empty() && !self.random.one_in(4);
            let name = if merges { self.random.pick(&old) } else { self.random.pick(&NAMES) };
            if !merges && self.known.contains(&(kind, name)) && !self.random.one_in(6) {
                continue;
            }
            let behavior = if merges { self.random.pick(&[", behavior: merge", ", behavior: replace"]) } else { "" };
            let options = if self.random.one_in(5) { ", options: {disableNameSuffixHash: true}" } else { "" };
            let mut namespace = String::new();
            if self.random.one_in(6) && !merges {
                namespace = format!(", namespace: {}", self.random.pick(&SPACES));
            }
            let value = self.random.below(9);
            let _ = writeln!(
                text,
                "{field}:\n- {{name: {name}, literals: [k{value}={value}]{behavior}{namespace}{options}}}"
            );
            self.generated.push((field, name));
            self.known.push((kind, name));
        }
    }

    fn patches(&mut self, text: &mut String) {
        let count = self.random.below(3);
        if count > 0 {
            text.push_str("patches:\n");
        }
        for _ in 0..count {
            let (mut kind, mut name) = self.random.pick(&self.known.clone());
            if self.random.one_in(20) {
                (kind, name) = ("Deployment", self.random.pick(&NAMES));
            }
            let version = match kind {
                "Deployment" | "StatefulSet" => "apps/v1",
                "Role" | "RoleBinding" => "rbac.authorization.k8s.io/v1",
                "Thing" => "example.com/v1",
                _ => "v1",
            };
            let _ = match self.random.below(5) {
                0 => writeln!(
                    text,
                    "- target: {{kind: \".*\"}}\n  patch: |-\n    - {{op: add, path: /metadata/annotations/patched, value: \"1\"}}"
                ),
                1 => writeln!(
                    text,
                    "- target: {{kind: {kind}}}\n  patch: |-\n    kind: Any\n    metadata: {{name: any, labels: {{patched: {name}}}}}"
                ),
                2 if version == "apps/v1" => writeln!(
                    text,
                    "- patch: |-\n    apiVersion: {version}\n    kind: {kind}\n    metadata: {{name: {name}}}\n    spec: {{template: {{spec: \
                     {{containers: [{{name: main, tty: true}}, {{name: side, image: \"nginx:0\"}}]}}}}}}"
                ),
                3 => writeln!(
                    text,
                    "- target: {{name: {name}}}\n  patch: |-\n    - {{op: add, path: /metadata/labels, value: {{replaced: \"1\"}}}}"
                ),
                _ => writeln!(
                    text,
                    "- patch: |-\n    apiVersion: {version}\n    kind: {kind}\n    metadata: {{name: {name}, annotations: {{a: b}}}}"
                ),
            };
        }
    }

    fn replacement(&mut self, text: &mut String) {
        let (kind, name) = self.random.pick(&self.known.clone());
        let _ = writeln!(
            text,
            "replacements:\n- source: {{kind: {kind}, name: {name}}}\n  targets:\n  - select: {{namespace: \".*\"}}\n    fieldPaths: \
             [metadata.annotations.copied]\n    options: {{create: true}}"
        );
    }
}
