//! Generated patches. What we take must give kustomize's result; what we refuse kustomize refuses too, or we say
//! one of the things that only we refuse.

use serde_json::{Map, Value, json};

use crate::case::{Case, theirs, theirs_all};
use crate::rng::Rng;

/// What only we refuse: the messages of `stricter.yaml`.
const STRICTER: [&str; 8] = [
    "has no effect",
    "for a list that the target does not have",
    "in a list that kustomize replaces as a whole",
    "has no `",
    "the patch has no operation",
    "reads all annotations",
    "is a list of mappings",
    "`$patch` has an unknown value",
];

#[test]
fn generated_strategic_merge_patches_give_what_kustomize_gives() {
    compare((0..1200).map(strategic_case).collect(), 600);
}

#[test]
fn generated_json_patches_give_what_kustomize_gives() {
    compare((0..1500).map(json_case).collect(), 500);
}

/// Compares, and makes sure that `least` cases were worth it.
fn compare(cases: Vec<Case>, least: usize) {
    let (taken, refused): (Vec<_>, Vec<_>) =
        cases.into_iter().map(|case| (case.ours(), case)).partition(|c| c.0.is_ok());
    assert!(taken.len() >= least, "only {} cases are taken", taken.len());
    for batch in taken.chunks(200) {
        let cases: Vec<_> = batch.iter().map(|(_, case)| case.clone()).collect();
        let theirs = theirs_all(&cases).unwrap_or_else(|error| {
            let culprit = cases.iter().find(|case| theirs(case).is_err());
            panic!("kustomize refuses {culprit:#?}: {error}")
        });
        for ((ours, case), theirs) in batch.iter().zip(theirs) {
            assert_eq!(ours.as_ref().ok(), Some(&theirs), "{}\nbase:  {}\npatch: {}", case.name, case.base, case.patch);
        }
    }
    // kustomize refuses a whole build, so these run one by one: a sample is enough.
    for (ours, case) in refused.iter().step_by(refused.len() / 25 + 1) {
        let findings = ours.as_ref().expect_err("refused");
        let messages: Vec<_> = findings.iter().map(|finding| finding.message.as_str()).collect();
        let known = messages.iter().any(|message| STRICTER.iter().any(|known| message.contains(known)));
        assert!(known || theirs(case).is_err(), "{messages:?}\nbase:  {}\npatch: {}", case.base, case.patch);
    }
}

fn strategic_case(seed: u64) -> Case {
    let rng = &mut Rng::new(seed);
    let kind = rng.below(KINDS.len());
    let (api_version, kind) = KINDS[kind];
    let base = object(api_version, kind, rng);
    let mut patch = object(api_version, kind, rng);
    let delete_object = rng.percent(1);
    for (key, value) in patch.as_object_mut().expect("an object") {
        if key != "metadata" {
            sprinkle(value, rng);
        }
    }
    if delete_object {
        patch["$patch"] = json!("delete");
    }
    let target = rng.percent(20).then(|| format!("{{kind: {kind}}}"));
    Case { name: format!("seed {seed}"), base: base.to_string(), patch: patch.to_string(), target }
}

const KINDS: [(&str, &str); 13] = [
    ("apps/v1", "Deployment"),
    ("apps/v1", "Deployment"),
    ("apps/v1", "StatefulSet"),
    ("apps/v1", "DaemonSet"),
    ("batch/v1", "CronJob"),
    ("v1", "Pod"),
    ("v1", "Service"),
    ("v1", "ConfigMap"),
    ("v1", "ServiceAccount"),
    ("networking.k8s.io/v1", "Ingress"),
    ("networking.k8s.io/v1", "NetworkPolicy"),
    ("example.com/v1", "Widget"),
    ("example.com/v1", "Deployment"),
];

/// Makes a value.
type Make = fn(&mut Rng) -> Value;

fn object(api_version: &str, kind: &str, rng: &mut Rng) -> Value {
    let mut object = json!({"apiVersion": api_version, "kind": kind, "metadata": metadata(rng)});
    let fields = match (api_version, kind) {
        ("batch/v1", _) => json!({"spec": {"jobTemplate": {"spec": {"template": {"spec": pod(rng)}}}}}),
        ("v1", "Pod") => json!({"spec": pod(rng)}),
        ("v1", "Service") => json!({"spec": service(rng)}),
        ("v1", "ConfigMap") => json!({"data": texts(rng), "binaryData": texts(rng)}),
        ("v1", "ServiceAccount") => json!({"secrets": named(rng), "imagePullSecrets": named(rng)}),
        (_, "Ingress") => {
            json!({"spec": {"rules": named(rng), "tls": [texts(rng)], "defaultBackend": {"service": texts(rng)}}})
        }
        (_, "NetworkPolicy") => json!({"spec": {"podSelector": {"matchLabels": texts(rng)}, "ingress": [texts(rng)]}}),
        (_, "Widget") => json!({"spec": tree(rng, 4)}),
        _ => {
            json!({"spec": {"template": {"metadata": {"labels": texts(rng)}, "spec": pod(rng)}, "selector": texts(rng)}})
        }
    };
    object.as_object_mut().expect("an object").extend(fields.as_object().cloned().expect("an object"));
    object
}

fn metadata(rng: &mut Rng) -> Value {
    let mut metadata = json!({"name": "x"});
    if rng.percent(30) {
        metadata["finalizers"] = list(rng, 3, |rng| json!(rng.pick(&["a/b", "c/d", "e/f", "g/h"])));
    }
    if rng.percent(30) {
        metadata["labels"] = texts(rng);
    }
    if rng.percent(30) {
        metadata["annotations"] = texts(rng);
    }
    metadata
}

/// A pod's fields, each with some chance.
fn pod(rng: &mut Rng) -> Value {
    let fields: [(&str, Make); 11] = [
        ("containers", |rng| keyed(rng, "name", container)),
        ("initContainers", |rng| keyed(rng, "name", container)),
        ("volumes", |rng| keyed(rng, "name", |rng| json!({(*rng.pick(&["configMap", "secret", "csi"])): texts(rng)}))),
        ("imagePullSecrets", named),
        ("hostAliases", |rng| keyed(rng, "ip", |rng| json!({"hostnames": words(rng)}))),
        ("tolerations", |rng| keyed(rng, "key", texts)),
        ("topologySpreadConstraints", constraints),
        ("nodeSelector", texts),
        ("securityContext", |rng| json!({"runAsUser": rng.below(9), "sysctls": named(rng)})),
        ("dnsConfig", |rng| json!({"nameservers": words(rng), "options": named(rng)})),
        ("affinity", |rng| json!({"nodeAffinity": tree(rng, 2)})),
    ];
    some(rng, &fields)
}

fn container(rng: &mut Rng) -> Value {
    let fields: [(&str, Make); 9] = [
        ("image", |rng| json!(rng.pick(&["one", "two"]))),
        ("args", words),
        ("env", |rng| keyed(rng, "name", |rng| json!({(*rng.pick(&["value", "text"])): *rng.pick(&["v", "w"])}))),
        ("envFrom", |rng| list(rng, 2, |rng| json!({"configMapRef": texts(rng)}))),
        ("ports", |rng| ports(rng, "containerPort")),
        ("volumeMounts", |rng| keyed(rng, "mountPath", |rng| json!({"name": *rng.pick(&["v", "w"])}))),
        ("volumeDevices", |rng| keyed(rng, "devicePath", |rng| json!({"name": *rng.pick(&["v", "w"])}))),
        ("resources", |rng| json!({"limits": texts(rng), "requests": texts(rng)})),
        ("tty", |rng| json!(rng.percent(50))),
    ];
    some(rng, &fields)
}

fn some(rng: &mut Rng, fields: &[(&str, Make)]) -> Value {
    let mut map = Map::new();
    for (key, make) in fields {
        if rng.percent(35) {
            map.insert((*key).to_owned(), make(rng));
        }
    }
    Value::Object(map)
}

fn service(rng: &mut Rng) -> Value {
    json!({"ports": ports(rng, "port"), "selector": texts(rng), "externalIPs": words(rng)})
}

/// Mostly all with a protocol or all without, for a mixture is refused more often than not.
fn ports(rng: &mut Rng, key: &str) -> Value {
    let protocols = rng.pick(&[vec![""], vec!["TCP"], vec!["TCP", "UDP"], vec!["TCP", "UDP", ""]]).clone();
    list(rng, 4, |rng| {
        let mut port = json!({key: *rng.pick(&[80, 81, 443]), "name": *rng.pick(&["a", "b"])});
        let protocol = *rng.pick(&protocols);
        if !protocol.is_empty() {
            port["protocol"] = json!(protocol);
        }
        port
    })
}

fn constraints(rng: &mut Rng) -> Value {
    list(rng, 3, |rng| {
        json!({
            "topologyKey": *rng.pick(&["zone", "host"]),
            "whenUnsatisfiable": *rng.pick(&["DoNotSchedule", "ScheduleAnyway"]),
            "maxSkew": rng.below(5),
            "labelSelector": {"matchLabels": texts(rng)},
        })
    })
}

fn list(rng: &mut Rng, most: usize, make: impl Fn(&mut Rng) -> Value) -> Value {
    (0..rng.below(most + 1)).map(|_| make(rng)).collect()
}

/// Elements with a key; rarely two of the same.
fn keyed(rng: &mut Rng, key: &str, make: Make) -> Value {
    let mut names = vec!["n1", "n2", "n3", "n4", "n5"];
    let twice = rng.percent(5);
    list_with(rng, 4, |rng| {
        let at = rng.below(names.len());
        let name = if twice { names[at] } else { names.remove(at) };
        let mut element = make(rng);
        element[key] = json!(name);
        element
    })
}

fn list_with(rng: &mut Rng, most: usize, mut make: impl FnMut(&mut Rng) -> Value) -> Value {
    (0..rng.below(most + 1)).map(|_| make(rng)).collect()
}

fn named(rng: &mut Rng) -> Value {
    keyed(rng, "name", |_| json!({}))
}

fn words(rng: &mut Rng) -> Value {
    list(rng, 3, |rng| json!(rng.pick(&["alpha", "beta", "gamma"])))
}

fn texts(rng: &mut Rng) -> Value {
    let keys = (0..rng.below(3)).map(|_| (*rng.pick(&["k1", "k2", "k3"])).to_owned());
    let keys: Vec<_> = keys.collect();
    keys.into_iter().map(|key| (key, json!(rng.pick(&["alpha", "beta"])))).collect::<Map<_, _>>().into()
}

/// Anything; a key decides the type of its value most of the time.
fn tree(rng: &mut Rng, depth: usize) -> Value {
    let mut map = Map::new();
    for _ in 0..rng.below(4) {
        let key = *rng.pick(&["m1", "m2", "l1", "s1", "i1"]);
        let value = match key.as_bytes()[0] {
            b'm' if depth > 0 => tree(rng, depth - 1),
            b'm' => texts(rng),
            b'l' => list(rng, 3, |rng| if rng.percent(50) { json!("alpha") } else { texts(rng) }),
            b's' => json!(rng.pick(&["alpha", "beta"])),
            _ => json!(rng.below(100)),
        };
        map.insert(key.to_owned(), if rng.percent(2) { json!({}) } else { value });
    }
    Value::Object(map)
}

/// Puts nulls and directives into a patch.
fn sprinkle(value: &mut Value, rng: &mut Rng) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields.iter_mut() {
                let is_key = ["name", "ip", "mountPath", "devicePath", "containerPort", "port", "protocol"]
                    .contains(&key.as_str());
                if !is_key && rng.percent(6) {
                    *value = Value::Null;
                }
                sprinkle(value, rng);
            }
            if rng.percent(4) {
                let directive = *rng.pick(&["delete", "replace", "merge", "merge"]);
                fields.insert("$patch".to_owned(), json!(directive));
            }
        }
        Value::Array(items) => {
            for item in items.iter_mut() {
                sprinkle(item, rng);
                if item.is_object() && rng.percent(8) {
                    item["$patch"] = json!("delete");
                }
            }
            if rng.percent(6) {
                let directive = *rng.pick(&["delete", "replace", "merge"]);
                items.insert(rng.below(items.len() + 1), json!({"$patch": directive}));
            }
        }
        _ => {}
    }
}

fn json_case(seed: u64) -> Case {
    let rng = &mut Rng::new(seed ^ 0x6902);
    let base = json!({
        "apiVersion": "example.com/v1", "kind": "Widget", "metadata": metadata(rng), "spec": tree(rng, 3),
    });
    let operations: Vec<_> = (0..=rng.below(3)).map(|_| operation(&base, rng)).collect();
    let patch = Value::from(operations).to_string();
    Case { name: format!("seed {seed}"), base: base.to_string(), patch, target: Some("{kind: Widget}".to_owned()) }
}

/// An operation on a place of the base, or beside one.
fn operation(base: &Value, rng: &mut Rng) -> Value {
    let (path, from) = (pointer(base, rng), pointer(base, rng));
    match rng.below(6) {
        0 => json!({"op": "add", "path": path, "value": tree(rng, 1)}),
        1 => json!({"op": "remove", "path": path}),
        2 => json!({"op": "replace", "path": path, "value": rng.below(9)}),
        3 => json!({"op": "move", "path": path, "from": from}),
        4 => json!({"op": "copy", "path": path, "from": from}),
        _ => {
            let value = base.pointer(&path).cloned().filter(|_| rng.percent(80)).unwrap_or_default();
            json!({"op": "test", "path": path, "value": value})
        }
    }
}

fn pointer(base: &Value, rng: &mut Rng) -> String {
    let mut path = "/spec".to_owned();
    let mut value = &base["spec"];
    loop {
        let step = match value {
            Value::Object(fields) if !fields.is_empty() && rng.percent(90) => {
                fields.keys().nth(rng.below(fields.len())).expect("there").clone()
            }
            Value::Array(items) => match rng.below(4) {
                0 => "-".to_owned(),
                1 => "-1".to_owned(),
                _ => rng.below(items.len() + 1).to_string(),
            },
            _ => return if rng.percent(50) { path } else { path + "/new" },
        };
        path = format!("{path}/{step}");
        match value.pointer(&format!("/{step}")) {
            Some(next) if rng.percent(85) => value = next,
            _ => return path,
        }
    }
}
