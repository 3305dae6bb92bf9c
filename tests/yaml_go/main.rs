//! Our reader and writer against the real ones: Go's `sigs.k8s.io/yaml`, through which Kubernetes and Argo CD read, and
//! `serde_yaml`'s successor as a reader of YAML 1.2.
//!
//! Reading: the same values, or both refuse. Where we refuse what Go accepts, or accept what its strict mode refuses,
//! the case must be one of the deliberate differences that the module `yaml` documents; each is counted.
//! Writing: what we write, both read back as the same value.
//!
//! Everything is generated from fixed seeds: a failure is the same on every machine.
#![expect(clippy::disallowed_methods, reason = "a test reads real files and starts the peer")]
#![expect(clippy::print_stdout, reason = "the figures of each comparison are worth seeing")]

mod aliases;
mod corpus;
mod documents;
mod goyaml;
mod random;
mod reading;
#[path = "../support/mod.rs"]
mod support;
mod values;
mod writing;

use cmp_plugin::yaml::decode_text;
use random::Random;

fn read(name: &str, at_least: usize, texts: &[String]) {
    assert!(texts.len() >= at_least, "{name}: only {} texts", texts.len());
    let tally = reading::compare(texts);
    println!("{name}: {tally}");
    assert!(tally.disagreements.is_empty(), "{name}: {}", tally.report());
}

#[test]
fn scalars_mean_what_they_mean_to_go() {
    let mut random = Random::new(1);
    let texts: Vec<_> = (0..20_000).map(|_| documents::scalar_in_context(&mut random)).collect();
    read("scalars", 20_000, &texts);
}

#[test]
fn documents_mean_what_they_mean_to_go() {
    let mut random = Random::new(2);
    let texts: Vec<_> = (0..10_000).map(|_| documents::document(&mut random)).collect();
    read("documents", 10_000, &texts);
}

#[test]
fn broken_documents_are_refused_where_go_refuses_them() {
    let mut random = Random::new(3);
    let texts: Vec<_> = (0..20_000).map(|_| documents::mutated(&mut random)).collect();
    read("mutations", 20_000, &texts);
}

#[test]
fn a_soup_of_tokens_is_accepted_where_go_accepts_it() {
    let mut random = Random::new(4);
    let texts: Vec<_> = (0..40_000).map(|_| documents::soup(&mut random)).collect();
    read("token soup", 40_000, &texts);
}

#[test]
fn aliases_and_merge_keys_mean_what_they_mean_to_go() {
    let mut random = Random::new(5);
    let texts: Vec<_> = (0..5_000).map(|_| aliases::text(&mut random)).collect();
    read("aliases", 5_000, &texts);
}

#[test]
fn aliases_may_make_up_as_much_of_a_document_as_go_allows() {
    let mut texts = Vec::new();
    for items in [9, 98, 99, 100, 110, 1000] {
        for aliases in [1, 9, 10, 11, 99, 100, 101, 400] {
            texts.extend([0, 1, 50].map(|plain| aliases::expanding(items, aliases, plain)));
        }
    }
    // Around the size from which on Go allows a smaller share.
    for aliases in [390, 394, 395, 396, 397, 398, 399, 400, 404, 410] {
        texts.extend([0, 1000, 10_000, 500_000].map(|plain| aliases::expanding(1000, aliases, plain)));
    }
    read("alias expansion", 100, &texts);
}

#[test]
fn written_values_are_read_back_by_go_and_by_a_yaml_1_2_reader() {
    let mut random = Random::new(6);
    let values: Vec<_> = (0..10_000).map(|_| values::value(&mut random)).collect();
    writing::check(&values);
}

#[test]
fn files_of_the_repository_and_of_upstream_mean_what_they_mean_to_argo_cd() {
    let files = corpus::files();
    let documents: Vec<String> = files.iter().flat_map(|(_, text)| corpus::split(text)).collect();
    read("files", 60, &documents);
    corpus::compare_whole_files(&files);
}

#[test]
fn files_are_written_so_that_go_reads_them_back() {
    let values: Vec<_> =
        corpus::files().iter().flat_map(|(_, text)| reading::documents(text).unwrap_or_default()).collect();
    assert!(values.len() >= 60, "only {} documents", values.len());
    writing::check(&values);
}

#[test]
fn keys_may_be_as_long_as_go_allows() {
    let mut texts = Vec::new();
    for length in 1010..1032 {
        for letter in ["k", "é", "😀"] {
            let key = letter.repeat(length);
            texts.extend([
                format!("{key}: 1"),
                format!("x: 1\n\"{key}\": 1"),
                format!("- '{key}' : 1"),
                format!("[{key}: 1]"),
            ]);
            texts.extend([
                format!("{{{key}: 1}}"),
                format!("{{{key} : 1, b}}"),
                format!("&a {key}: 1"),
                format!("? {key}\n: 1"),
            ]);
        }
    }
    read("long keys", 500, &texts);
}

#[test]
fn bytes_mean_what_they_mean_to_go() {
    let mut random = Random::new(7);
    let bytes: Vec<Vec<u8>> = (0..20_000).map(|_| random.bytes(64)).collect();
    let (texts, broken): (Vec<_>, Vec<_>) = bytes.into_iter().partition(|bytes| decode_text(bytes).is_ok());
    let texts: Vec<_> = texts.iter().map(|bytes| decode_text(bytes).expect("text").into_owned()).collect();
    read("bytes", 1000, &texts);
    assert!(broken.len() > 1000, "only {} texts are not UTF-8", broken.len());
    for (bytes, answer) in broken.iter().zip(goyaml::ask(&broken, true)) {
        assert!(answer.is_err(), "Go takes {bytes:?} for {answer:?}");
    }
}

#[test]
fn utf_16_means_what_it_means_to_go() {
    let mut random = Random::new(8);
    let texts: Vec<_> = (0..500).map(|_| documents::document(&mut random)).collect();
    for order in [u16::to_le_bytes, u16::to_be_bytes] {
        let encode = |text: &String| -> Vec<u8> {
            let text = text.trim_start_matches('\u{FEFF}');
            std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(order).collect()
        };
        let encoded: Vec<_> = texts.iter().map(encode).collect();
        let expected = goyaml::ask(&texts, true);
        for (bytes, text) in encoded.iter().zip(&texts) {
            let decoded = decode_text(bytes).expect("UTF-16");
            assert_eq!(decoded, text.trim_start_matches('\u{FEFF}'));
        }
        let answers = goyaml::ask(&encoded, true);
        assert!(
            answers.iter().zip(&expected).all(|(a, b)| a.as_ref().ok() == b.as_ref().ok()),
            "Go reads UTF-16 otherwise"
        );
    }
}
