//! Tests with links, devices and pipes in a folder, and with links that appear while it is read.

#[cfg(unix)]
mod unix {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    use std::path::Path;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    use rustix::fs::{CWD, Mode, OFlags, RenameFlags, mkfifoat, renameat_with};

    use super::super::{
        Dir, FileError, FileKind, Flow, LockError, MAX_VISITS, Placing, read_chosen, read_regular, sys,
    };

    const SECRET: &str = "outside content";

    /// Creates a folder `in` with all kinds of files, and a folder `out` next to it.
    fn folder() -> (tempfile::TempDir, Dir) {
        let temp = tempfile::tempdir().unwrap();
        let (inside, outside) = (temp.path().join("in"), temp.path().join("out"));
        fs::create_dir_all(inside.join("a/b")).unwrap();
        fs::create_dir(&outside).unwrap();
        fs::write(outside.join("secret"), SECRET).unwrap();
        fs::write(inside.join("file"), "text").unwrap();
        fs::write(inside.join("a/b/file"), "deep").unwrap();
        let _ = UnixListener::bind(inside.join("socket")).unwrap();
        mkfifoat(CWD, inside.join("pipe"), Mode::from_raw_mode(0o644)).unwrap();
        let real = fs::canonicalize(&inside).unwrap();
        for (name, target) in [
            ("to-file", Path::new("a/b/file").to_owned()),
            ("to-folder", "a/b".into()),
            ("absolute", real.join("a/b/file")),
            ("a/up", "../file".into()),
            ("out", "../out/secret".into()),
            ("out-folder", "../out".into()),
            ("out-absolute", outside.join("secret")),
            ("out-chain", "out".into()),
            ("a/out-and-back", "../../in/file".into()),
            ("dangling", "nothing".into()),
            ("dangling-out", "../out/nothing".into()),
            ("circle", "circle".into()),
            ("two", "one".into()),
            ("one", "two".into()),
            ("zero", "/dev/zero".into()),
            ("to-pipe", "pipe".into()),
            ("magic", "/proc/self/root/etc/passwd".into()),
        ] {
            symlink(target, inside.join(name)).unwrap();
        }
        let dir = Dir::open(&inside).unwrap();
        (temp, dir)
    }

    type Read = Result<Vec<u8>, FileError>;

    fn by_components(dir: &Dir, below: &Path) -> Read {
        super::super::checked(below)?;
        let flags = OFlags::RDONLY | OFlags::NONBLOCK;
        let file = sys::open_by_components(&dir.handle, &dir.path, below, flags)?;
        read_regular(file.into(), 100)
    }

    #[test]
    fn reads_only_regular_files_inside_the_folder() {
        let (_temp, dir) = folder();
        let kernel: &dyn Fn(&Path) -> Read = &|below| dir.read(below, 100);
        let components: &dyn Fn(&Path) -> Read = &|below| by_components(&dir, below);
        for read in [kernel, components] {
            for (name, text) in [
                ("file", "text"),
                ("./file", "text"),
                ("a/b/file", "deep"),
                ("to-file", "deep"),
                ("to-folder/file", "deep"),
                ("absolute", "deep"),
                ("a/up", "text"),
            ] {
                assert_eq!(read(Path::new(name)).unwrap(), text.as_bytes(), "{name}");
            }
            for name in ["out", "out-absolute", "out-chain", "zero", "magic", "dangling-out"] {
                let error = read(Path::new(name)).unwrap_err();
                let right = matches!(error, FileError::Outside { through: false } | FileError::Dangling);
                assert!(right, "{name}: {error}");
            }
            for name in ["out-folder/secret", "../out/secret", "/etc/passwd", "a/../../out/secret", ".."] {
                let error = read(Path::new(name)).unwrap_err();
                assert!(matches!(error, FileError::Outside { through: true }), "{name}: {error}");
            }
            for name in ["circle", "one", "two"] {
                let error = read(Path::new(name)).unwrap_err();
                assert!(matches!(error, FileError::Circle), "{name}: {error}");
            }
            assert!(matches!(read(Path::new("dangling")), Err(FileError::Dangling)));
            for name in ["a", "to-folder"] {
                assert!(matches!(read(Path::new(name)), Err(FileError::Kind(FileKind::Folder))), "{name}");
            }
            for name in ["pipe", "to-pipe"] {
                assert!(matches!(read(Path::new(name)), Err(FileError::Kind(FileKind::Pipe))), "{name}");
            }
            assert!(read(Path::new("socket")).is_err());
            for name in ["nothing", "file/below", "nothing/below"] {
                assert!(
                    read(Path::new(name)).is_err_and(|error| !matches!(error, FileError::Outside { .. })),
                    "{name}"
                );
            }
        }
        assert!(matches!(dir.read(Path::new("socket"), 9), Err(FileError::Kind(FileKind::Socket))));
    }

    #[test]
    fn reads_no_more_than_the_limit() {
        let (_temp, dir) = folder();
        for (limit, fits) in [(0, false), (3, false), (4, true), (5, true), (u64::MAX, true)] {
            match dir.read(Path::new("file"), limit) {
                Ok(bytes) => assert!(fits && bytes == b"text"),
                Err(FileError::TooLarge { limit: stated, len: 4 }) => assert!(!fits && stated == limit),
                Err(error) => panic!("{error}"),
            }
        }
        assert!(matches!(read_chosen(&dir.path.join("pipe"), 9), Err(FileError::Kind(FileKind::Pipe))));
        assert!(matches!(read_chosen(&dir.path.join("zero"), 9), Err(FileError::Kind(FileKind::Device))));
        assert!(matches!(read_chosen(Path::new("/dev/zero"), 9), Err(FileError::TooLarge { .. })));
        assert_eq!(read_chosen(&dir.path.join("out"), 99).unwrap(), SECRET.as_bytes(), "the user chose the link");
    }

    /// Reads 20,000 times while another thread swaps the path, or a folder above it, with a link that leads out.
    #[test]
    fn rejects_a_link_that_appears_between_check_and_use() {
        for swapped in ["file", "a/b", "a"] {
            let (temp, dir) = folder();
            let inside = temp.path().join("in");
            fs::write(temp.path().join("out/file"), SECRET).unwrap();
            fs::create_dir_all(temp.path().join("out/b")).unwrap();
            fs::write(temp.path().join("out/b/file"), SECRET).unwrap();
            let target = if swapped == "file" { temp.path().join("out/file") } else { temp.path().join("out") };
            symlink(target, inside.join("evil")).unwrap();
            let below = Path::new(if swapped == "file" { "file" } else { "a/b/file" });
            let done = AtomicBool::new(false);
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    while !done.load(Ordering::Relaxed) {
                        let (one, other) = (inside.join(swapped), inside.join("evil"));
                        renameat_with(CWD, &one, CWD, &other, RenameFlags::EXCHANGE).unwrap();
                    }
                });
                for n in 0..20_000 {
                    let read = if n % 2 == 0 { dir.read(below, 100) } else { by_components(&dir, below) };
                    if read.is_ok_and(|bytes| bytes == SECRET.as_bytes()) {
                        done.store(true, Ordering::Relaxed);
                        panic!("{swapped}: read a file outside the folder");
                    }
                }
                done.store(true, Ordering::Relaxed);
            });
        }
    }

    #[test]
    fn does_not_write_or_remove_anything_outside() {
        let (temp, dir) = folder();
        let outside = || fs::read_to_string(temp.path().join("out/secret")).unwrap();
        for name in ["out", "out-absolute", "out-chain", "dangling-out", "circle"] {
            let path = Path::new(name);
            assert!(dir.write_new(path, b"x").unwrap_err().is_taken(), "{name}");
            assert!(dir.place(path, b"x", Placing::New).unwrap_err().is_taken(), "{name}");
            assert!(dir.append(path, b"x").is_err(), "{name}");
            assert!(matches!(dir.lock_by_file(path), Err(LockError::File(FileError::Kind(FileKind::Link)))), "{name}");
            dir.place(path, b"x", Placing::Replace).unwrap();
            assert_eq!(dir.kind(path).unwrap(), Some(FileKind::File), "the link is replaced, not followed");
        }
        for name in ["out-folder/new", "../new", "/tmp/new", "zero/new"] {
            let path = Path::new(name);
            assert!(dir.write_new(path, b"x").is_err(), "{name}");
            assert!(dir.place(path, b"x", Placing::Replace).is_err(), "{name}");
            assert!(dir.create_dirs(path).is_err(), "{name}");
            assert!(dir.remove_tree(path).is_err(), "{name}");
            assert!(dir.lock_by_file(path).is_err(), "{name}");
        }
        assert!(matches!(dir.lock_by_file(Path::new("pipe")), Err(LockError::File(FileError::Kind(FileKind::Pipe)))));
        dir.remove_tree(Path::new("out-folder")).unwrap();
        symlink("../../out", temp.path().join("in/a/link")).unwrap();
        dir.remove_tree(Path::new("a")).unwrap();
        assert_eq!(dir.kind(Path::new("a")).unwrap(), None);
        assert_eq!(outside(), SECRET);
        assert_eq!(fs::read_dir(temp.path().join("out")).unwrap().count(), 1);
    }

    #[test]
    fn places_files_atomically_without_leftovers() {
        let (_temp, dir) = folder();
        let path = Path::new("a/new/file");
        assert_eq!(dir.create_dirs(Path::new("a/new")).unwrap(), [Path::new("a/new")]);
        dir.place(path, b"one", Placing::New).unwrap();
        assert!(dir.place(path, b"two", Placing::New).unwrap_err().is_taken());
        assert_eq!(dir.read(path, 9).unwrap(), b"one");
        dir.place(path, b"two", Placing::Replace).unwrap();
        assert_eq!(dir.read(path, 9).unwrap(), b"two");
        dir.append(path, b"!").unwrap();
        assert_eq!(dir.read(path, 9).unwrap(), b"two!");
        assert_eq!(dir.entries(Path::new("a/new")).unwrap().len(), 1);
        for name in [".candor-0123456789abcdef.tmp", ".candor-x.tmp", "candor-0123456789abcdef.tmp"] {
            dir.write_new(&Path::new("a/new").join(name), b"").unwrap();
        }
        dir.remove_staged(Path::new("a/new"));
        assert_eq!(dir.entries(Path::new("a/new")).unwrap().len(), 3, "only candor's temporary files are removed");
    }

    #[test]
    fn walk_ends_and_stays_inside() {
        let (temp, dir) = folder();
        symlink("..", temp.path().join("in/a/b/around")).unwrap();
        let (mut files, mut refused) = (Vec::new(), Vec::new());
        dir.walk(Path::new(""), &mut |visit| {
            let name = visit.path.display().to_string();
            match visit.kind {
                Ok(FileKind::Folder) => return Flow::Go,
                Ok(FileKind::File) => files.push(name),
                _ => refused.push(name),
            }
            Flow::Skip
        })
        .unwrap();
        assert!(files.contains(&"to-folder/file".to_owned()) && files.contains(&"absolute".to_owned()), "{files:?}");
        for name in ["out", "out-folder", "zero", "pipe", "socket", "circle", "a/b/around", "dangling"] {
            assert!(refused.contains(&name.to_owned()), "{name} in {refused:?}");
        }
        assert!(!files.iter().chain(&refused).any(|name| name.contains("secret")));

        // Each folder has two links to the next, so twenty folders have a million paths.
        let wide = temp.path().join("in/wide");
        for n in 0..20 {
            fs::create_dir_all(wide.join(n.to_string())).unwrap();
            for link in ["x", "y"] {
                symlink(format!("../{}", n + 1), wide.join(n.to_string()).join(link)).unwrap();
            }
        }
        fs::create_dir_all(wide.join("20")).unwrap();
        let mut visits = 0;
        let mut last = None;
        dir.walk(Path::new("wide/0"), &mut |visit| {
            visits += 1;
            last = visit.kind.err();
            Flow::Go
        })
        .unwrap();
        assert_eq!(visits, MAX_VISITS + 1);
        assert!(matches!(last, Some(FileError::TooMany { .. })));
    }

    #[test]
    fn lock_excludes_others_until_it_is_dropped() {
        let (temp, dir) = folder();
        let other = Dir::open(&temp.path().join("in")).unwrap();
        let held = dir.lock(Duration::ZERO).unwrap();
        assert!(matches!(other.lock(Duration::from_millis(60)), Err(LockError::Held)));
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| other.lock(Duration::from_secs(100)).is_ok());
            drop(held);
            assert!(waiting.join().unwrap());
        });
        let name = Path::new("lock");
        let held = dir.lock_by_file(name).unwrap();
        assert!(matches!(other.lock_by_file(name), Err(LockError::Held)));
        drop(held);
        assert_eq!(dir.kind(name).unwrap(), None);
    }

    #[test]
    fn links_only_the_file_that_was_read() {
        let (temp, dir) = folder();
        let (bytes, id) = dir.read_identified(Path::new("file"), 9).unwrap();
        assert_eq!(bytes, b"text");
        dir.link_from(&dir, Path::new("file"), id, Path::new("linked")).unwrap();
        fs::remove_file(temp.path().join("in/file")).unwrap();
        symlink("../out/secret", temp.path().join("in/file")).unwrap();
        assert!(dir.link_from(&dir, Path::new("file"), id, Path::new("again")).is_err());
        assert_eq!(dir.kind(Path::new("again")).unwrap(), None);
        assert_eq!(dir.read(Path::new("linked"), 9).unwrap(), b"text");
    }
}
