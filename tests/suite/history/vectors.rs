//! `tests/vectors/diff/`: what every program that compares two releases must find.
//!
//! Each file holds two disclosures and the changes between them. `SNAPSHOTS=overwrite cargo test vectors` writes the changes
//! that the library finds; read them before you commit.

use std::fs;
use std::path::Path;

use candor::history::Changes;
use candor::model::Disclosure;
use serde_json::Value;

#[test]
fn the_script_knows_the_fields_of_a_record() {
    let made = format!("{:#}\n", candor::schema::shape::of::<Disclosure>());
    crate::schemas::current("tests/vectors/fields.json", &made);
}

#[test]
fn every_shared_vector_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/diff");
    let overwrite = std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite");
    let mut held = 0;
    for entry in fs::read_dir(folder).expect("the folder of vectors") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("a vector");
        let mut vector: Value = serde_json::from_str(&text).expect("JSON");
        let side = |key: &str| -> Disclosure {
            serde_json::from_value(vector[key].clone()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        };
        let changes = Changes::between(&side("before"), &side("after"));
        let changes = serde_json::to_value(&changes).expect("JSON");
        if overwrite {
            vector["changes"] = changes;
            let text = serde_json::to_string_pretty(&vector).expect("JSON");
            fs::write(&path, text + "\n").expect("a vector");
        } else {
            assert_eq!(vector["changes"], changes, "{}", path.display());
        }
        held += 1;
    }
    assert!(held >= 10, "{held} vectors");
}
