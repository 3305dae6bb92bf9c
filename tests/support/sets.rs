//! Random sets of objects to sync, small and full of what makes their order interesting: few names, so that keys are
//! equal; hooks of both makes; waves, some of them no numbers; namespaces and definitions that come too late; prunes.

use std::collections::BTreeSet;

use cmp_plugin::plan::Application;
use serde_json::{Map, Value, json};

/// A small generator (`SplitMix64`): the same seed gives the same sets on every machine.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).expect("small")
    }

    /// True so many times in a hundred.
    pub(crate) fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, items: &[&'a T]) -> &'a T {
        items[self.below(items.len())]
    }

    /// Puts `items` into another order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

/// A set and the cluster that it meets.
pub(crate) struct Set {
    pub(crate) targets: Vec<Value>,
    pub(crate) live: Vec<Value>,
    pub(crate) is_update: bool,
    pub(crate) application: Application,
}

const CUSTOM: [(&str, &str); 3] = [("x.io", "Foo"), ("x.io", "Bar"), ("y.io", "Foo")];
const DEFINITION: &str = "CustomResourceDefinition";
const CLUSTER: [&str; 4] = ["Namespace", "ClusterRole", "PersistentVolume", DEFINITION];

/// The next set.
pub(crate) fn random_set(random: &mut Random) -> Set {
    let application = Application {
        namespace: "dest".to_owned(),
        create_namespace: random.percent(30),
        manage_namespace: random.percent(20),
        prune: random.percent(90),
        prune_last: random.percent(10),
        default_prune: random.percent(5).then(|| "false".to_owned()),
        skip_dry_run: random.percent(20),
        only_out_of_sync: random.percent(20),
    };
    // Without waves the sync has one step, and waits for hooks only.
    let is_flat = random.percent(10);
    // Equal keys leave the order open, so half of the sets have names enough to do without.
    let names = if random.percent(50) { 2 } else { 40 };
    let mut taken = BTreeSet::new();
    let mut targets: Vec<Value> = Vec::new();
    for _ in 0..=random.below(11) {
        targets.extend(object(random, names, application.skip_dry_run, &mut taken));
    }
    if is_flat {
        targets.iter_mut().for_each(flatten);
    }
    let is_update = random.percent(70);
    let mut live = Vec::new();
    if is_update {
        for target in &targets {
            match random.below(10) {
                0..3 => live.push(as_live(target, "old")),
                3..5 => live.push(target.clone()),
                _ => {}
            }
        }
        for _ in 0..random.below(6) {
            let object = object(random, names, application.skip_dry_run, &mut taken);
            live.extend(object.map(|object| as_live(&object, "gone")));
        }
        for object in &mut live {
            if random.percent(20) {
                let option =
                    random.pick(&["PruneLast=true", "Prune=false", "Prune=confirm", "PruneLast=true,Prune=false"]);
                object["metadata"]["annotations"]["argocd.argoproj.io/sync-options"] = json!(option);
            }
        }
    }
    Set { targets, live, is_update, application }
}

/// Takes the wave away, and leaves of the hooks those of the phase Sync.
fn flatten(object: &mut Value) {
    let Some(annotations) = object["metadata"]["annotations"].as_object_mut() else { return };
    annotations.retain(|name, _| !name.ends_with("wave") && !name.starts_with("helm"));
    if let Some(hook) = annotations.get_mut("argocd.argoproj.io/hook") {
        *hook = json!("Sync");
    }
}

/// One object that is not there yet; `None` where its name is taken.
fn object(random: &mut Random, names: usize, plain_custom: bool, taken: &mut BTreeSet<String>) -> Option<Value> {
    let (version, kind) = kind(random);
    let mut object = match kind {
        "Namespace" => namespace(random.pick(&["dest", "n1", "n2"])),
        DEFINITION => definition(random),
        _ => json!({"apiVersion": version, "kind": kind, "metadata": {"name": format!("o{}", random.below(names))}}),
    };
    if !CLUSTER.contains(&kind) && random.percent(60) {
        object["metadata"]["namespace"] = json!(random.pick(&["dest", "n1", "n2"]));
    }
    object["metadata"]["annotations"] = Value::Object(annotations(random, kind, plain_custom, &mut object));
    let metadata = &object["metadata"];
    let group = version.split_once('/').map_or("", |(group, _)| group);
    let space = metadata["namespace"].as_str().unwrap_or(if CLUSTER.contains(&kind) { "" } else { "dest" });
    let name = metadata["name"].as_str().unwrap_or_default();
    taken.insert(format!("{group}/{kind}:{space}/{name}")).then_some(object)
}

fn kind(random: &mut Random) -> (&'static str, &'static str) {
    const KINDS: [(&str, &str); 16] = [
        ("v1", "ConfigMap"),
        ("v1", "Secret"),
        ("v1", "Service"),
        ("v1", "ServiceAccount"),
        ("v1", "PersistentVolumeClaim"),
        ("v1", "Pod"),
        ("v1", "PersistentVolume"),
        ("v1", "Namespace"),
        ("apps/v1", "Deployment"),
        ("apps/v1", "StatefulSet"),
        ("batch/v1", "Job"),
        ("networking.k8s.io/v1", "Ingress"),
        ("rbac.authorization.k8s.io/v1", "ClusterRole"),
        ("monitoring.coreos.com/v1", "Prometheus"),
        ("monitoring.coreos.com/v1", "ServiceMonitor"),
        ("v1", "Namespace"),
    ];
    match random.below(100) {
        0..10 => ("apiextensions.k8s.io/v1", DEFINITION),
        10..25 => [("x.io/v1", "Foo"), ("x.io/v1", "Bar"), ("y.io/v1", "Foo")][random.below(3)],
        _ => KINDS[random.below(KINDS.len())],
    }
}

pub(crate) fn namespace(name: &str) -> Value {
    // The label tells the peer that the Application made it.
    json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {"test": "yes"}}})
}

fn definition(random: &mut Random) -> Value {
    let (group, kind) = CUSTOM[random.below(3)];
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": DEFINITION,
        "metadata": {"name": format!("{}s.{group}", kind.to_lowercase())},
        "spec": {"group": group, "names": {"kind": kind}},
    })
}

fn annotations(random: &mut Random, kind: &str, plain_custom: bool, object: &mut Value) -> Map<String, Value> {
    let mut found = Map::new();
    let mut put = |name: &str, text: &str| {
        found.insert(name.to_owned(), json!(text));
    };
    if random.percent(60) {
        let waves = ["-2", "-1", "0", "1", "2", "3", "+1", "007", "1.5", " 1", "late", ""];
        let choices = if random.percent(90) { 6 } else { 12 };
        put("argocd.argoproj.io/sync-wave", waves[random.below(choices)]);
    }
    let is_custom = matches!(kind, "Foo" | "Bar" | "Prometheus" | "ServiceMonitor");
    let may_be_hook = !(matches!(kind, "Namespace" | DEFINITION) || is_custom && plain_custom);
    match random.below(100) {
        0..18 if may_be_hook => {
            put("argocd.argoproj.io/hook", random.pick(&["PreSync", "Sync", "PostSync", "SyncFail", "Sync,Garbage"]));
        }
        18..21 if may_be_hook && !is_custom => {
            // Two tasks; a name of its own keeps their ties apart.
            put("argocd.argoproj.io/hook", random.pick(&["PreSync,PostSync", "PreSync, Sync", "Skip,PreSync"]));
            object["metadata"]["name"] = json!(format!("several{}", random.next()));
        }
        21..24 if may_be_hook => put("argocd.argoproj.io/hook", random.pick(&["Skip", "garbage", ""])),
        24..30 if may_be_hook => {
            put("helm.sh/hook", random.pick(&["pre-install", "post-upgrade", "test", "crd-install", "post-install"]));
            put("helm.sh/hook-weight", random.pick(&["-5", "0", "3", "x"]));
        }
        30..33 => put("helm.sh/hook-weight", random.pick(&["-1", "2"])),
        _ => {}
    }
    if random.percent(20) {
        let policies = ["HookSucceeded", "HookFailed", "BeforeHookCreation", "HookSucceeded,BeforeHookCreation", "x"];
        put("argocd.argoproj.io/hook-delete-policy", random.pick(&policies));
    }
    found
}

/// The object as the cluster has it: with its namespace.
fn as_live(object: &Value, value: &str) -> Value {
    let mut live = object.clone();
    let is_of_cluster = live["kind"].as_str().is_some_and(|kind| CLUSTER.contains(&kind));
    if !is_of_cluster && live["metadata"]["namespace"].is_null() {
        live["metadata"]["namespace"] = json!("dest");
    }
    live["metadata"]["labels"] = json!({"test": value});
    live
}

impl Set {
    /// What the peer reads.
    pub(crate) fn to_json(&self) -> Value {
        let application = &self.application;
        let mut live = self.live.clone();
        let is_destination = |object: &Value| object["kind"] == "Namespace" && object["metadata"]["name"] == "dest";
        if self.is_update && application.create_namespace && !live.iter().any(is_destination) {
            live.push(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "dest"}}));
        }
        json!({
            "namespace": application.namespace,
            "createNamespace": application.create_namespace,
            "manageNamespace": application.manage_namespace,
            "prune": application.prune,
            "pruneLast": application.prune_last,
            "defaultPrune": application.default_prune,
            "skipDryRunOnMissingResource": application.skip_dry_run,
            "applyOutOfSyncOnly": application.only_out_of_sync,
            "targets": self.targets,
            "live": live,
            "unknown": self.unknown(),
        })
    }

    /// Custom kinds that the cluster does not have yet: nothing of them is live, and the set or an option provides.
    fn unknown(&self) -> Vec<String> {
        let defines = |objects: &[Value], group: &str, kind: &str| {
            objects.iter().any(|o| o["spec"]["group"] == group && o["spec"]["names"]["kind"] == kind)
        };
        let is_live = |group: &str, kind: &str| {
            let version = format!("{group}/v1");
            defines(&self.live, group, kind)
                || self.live.iter().any(|o| o["apiVersion"] == version.as_str() && o["kind"] == kind)
        };
        let monitoring = [("monitoring.coreos.com", "Prometheus"), ("monitoring.coreos.com", "ServiceMonitor")];
        let custom = CUSTOM.iter().chain(&monitoring);
        let skips = self.application.skip_dry_run;
        let may_lack = |group: &str, kind: &str| skips || defines(&self.targets, group, kind);
        let missing = custom.filter(|(group, kind)| !is_live(group, kind) && may_lack(group, kind));
        missing.map(|(group, kind)| format!("{group}/{kind}")).collect()
    }
}
