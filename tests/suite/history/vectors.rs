//! `tests/vectors/diff/`: what every program that compares two releases must find.
//!
//! Each file holds two disclosures and the changes between them. `bash tests/regenerate.sh` writes the changes that the
//! library finds; read them before you commit.

use std::fs;
use std::path::Path;

use candor::history::Changes;
use candor::model::Disclosure;
use serde_json::Value;

use crate::generated::assert_current;

#[test]
fn the_script_knows_the_fields_of_a_record() {
    let made = format!("{:#}\n", candor::schema::shape::of::<Disclosure>());
    assert_current("tests/vectors/fields.json", &made);
}

#[test]
fn every_shared_vector_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/diff");
    let mut held = 0;
    for entry in fs::read_dir(folder).expect("the folder of vectors") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("a vector");
        let mut vector: Value = serde_json::from_str(&text).expect("JSON");
        let side = |key: &str| -> Disclosure {
            serde_json::from_value(vector[key].clone()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        };
        let changes = Changes::between(&side("before"), &side("after"));
        vector["changes"] = serde_json::to_value(&changes).expect("JSON");
        assert_current(&path, &format!("{vector:#}\n"));
        held += 1;
    }
    assert!(held >= 10, "{held} vectors");
}
