//! Temporary files of editors, file managers and version control systems are ignored in every folder of a project.

use std::fs;
use std::path::{Path, PathBuf};

use candor::files::{Leftover, leftover};

use crate::support::{Project, SITE};

const EDITORS: &[&str] = &[
    "~$dpa.docx",
    "~$A.DOCX",
    ".~lock.dpa.odt#",
    ".#a.md",
    "#a.md#",
    "a.md~",
    "~",
    ".a.md.swp",
    "a.swp",
    ".a.md.swo",
    ".a.md.swx",
    "a.md.bak",
    "A.MD.BAK",
    "a.pdf.orig",
    "a.pdf.rej",
    "a.tmp",
    "~WRL0001.tmp",
    "~WRD0000.doc",
    "AutoRecovery save of dpa.asd",
    "Backup of dpa.wbk",
    "dpa.pdf.crdownload",
    "dpa.pdf.partial",
    ".goutputstream-AB12CD",
    "a.yaml___jb_tmp___",
    "a.yaml___jb_old___",
    "4913",
    "dpa.pdf.part",
    "dpa.pdf.download",
    "dpa.pdf.opdownload",
    "dpa.pdf.filepart",
    "dpa.pdf.old",
    "DPA.OLD",
    "dpa.pdf.backup",
    "dpa.txt.save",
    "a.md.autosave",
    "Backup of list.xlk",
    "~dpa.idlk",
    "plan.dwl",
    "plan.dwl2",
    "list.laccdb",
    "a.md.kate-swp",
    "dpa.docx.sb-1a2b3c4d-Xy12Za",
    ".dpa.pdf.swn",
    ".dpa.pdf.swm",
    ".nfs0001",
    ".fuse_hidden0001",
    ".~dpa.docx",
    "plan.~vsdx",
    "plan.sv$",
    "dpa.pdf.save.1",
    "dpa.pdf.bak1",
    "dpa.pdf.bak.2",
    "dpa.pdf_bak",
    "dpa_BACKUP_1234.pdf",
    "dpa_LOCAL_123.pdf",
    "dpa.BASE.1234.pdf",
    "dpa.pdf.mine",
    "dpa.pdf.r12",
    "dpa.pdf~HEAD",
    "dpa.pdf.crswap",
    "A1B2C3D4",
    "sedAb12Cd",
];
const DESKTOPS: &[&str] = &[
    "$RECYCLE.BIN",
    ".DS_Store",
    "._dpa.pdf",
    "Thumbs.db",
    "thumbs.db",
    "ehthumbs.db",
    "desktop.ini",
    "Desktop.ini",
    ".directory",
];
const REPOSITORIES: &[&str] = &[".gitignore", ".gitkeep", ".gitattributes", ".gitmodules", ".hgignore"];
const CONTENT: &[&str] = &[
    "dpa.pdf",
    "#1.pdf",
    "1#",
    "#",
    "backup.pdf",
    "tmp",
    "bak",
    "a.tmp.pdf",
    "49130",
    "a~b.pdf",
    "$a.pdf",
    "thumbs.db.txt",
    "git",
    "origin",
    "a.original",
    "old",
    "counterpart",
    "a.old.pdf",
    "a.sb-1.pdf",
    "a.sb-1a2b3c4d",
    "database_12.pdf",
    "r12",
    "soc2.pdf",
    "local_2.pdf",
    "a.local.pdf",
    "mine",
    "20260522",
    "DEADBEEF",
    "a1b2c3d4",
    "A1B2C3D4.pdf",
    "sediment",
    "sedentary",
    "sedAb12Cd.pdf",
];
const FOLDERS: &[&str] =
    &["static", "static/documents", "static/a/b", "static/root", "content/sections", "content/data", "content"];

#[test]
fn recognizes_temporary_files_by_name() {
    for (names, program) in [(EDITORS, Leftover::Editor), (DESKTOPS, Leftover::Desktop)] {
        for name in names {
            assert_eq!(leftover(name.as_ref()), Some(program), "{name}");
        }
    }
    for name in REPOSITORIES {
        assert_eq!(leftover(name.as_ref()), Some(Leftover::VersionControl), "{name}");
    }
    for name in CONTENT {
        assert_eq!(leftover(name.as_ref()), None, "{name}");
    }
}

#[test]
fn temporary_files_are_not_published_and_check_reports_those_of_editors() {
    let mut project = Project::new().file("content/site.yaml", SITE);
    let mut expected = Vec::new();
    for folder in FOLDERS {
        for name in EDITORS.iter().chain(DESKTOPS).chain(REPOSITORIES) {
            let path = format!("{folder}/{name}");
            // Editors create hidden files next to a text while it is open.
            let is_noise = name.starts_with('.') && !folder.starts_with("static");
            if EDITORS.contains(name) && !is_noise {
                expected.push(path.clone());
            }
            project = project.file(&path, "A. Person, SECRET");
        }
    }
    let checked = project.run(["check", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&checked.stdout).expect("JSON");
    let diagnostics = report["diagnostics"].as_array().expect("diagnostics");
    let mut reported: Vec<String> = Vec::new();
    for diagnostic in diagnostics.iter().filter(|item| item["severity"] == "error" || item["code"] == "temporary-file")
    {
        assert_eq!(diagnostic["code"], "temporary-file", "{diagnostic}");
        reported.push(diagnostic["file"].as_str().expect("a file").to_owned());
    }
    reported.sort();
    expected.sort();
    assert_eq!(reported, expected);

    let built = project.run(["build", "--draft", "--no-compress"]);
    assert_eq!(built.code, Some(0), "{}", built.stderr);
    let published = files_below(&project.path("dist"));
    assert!(published.iter().any(|path| path.ends_with("index.html")), "{published:?}");
    for path in published {
        assert!(
            !String::from_utf8_lossy(&fs::read(&path).expect("a file")).contains("SECRET"),
            "{path:?} is published"
        );
        assert_eq!(leftover(path.file_name().expect("a name")), None, "{path:?} is published");
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}
