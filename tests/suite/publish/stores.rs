//! Stores without the features that publishing relies on: conditions that are ignored or rejected, missing ETags, and requests
//! without a response.

use std::fmt;
use std::net::TcpListener;
use std::sync::Arc;

use async_trait::async_trait;
use candor::publish::{Options, PublishError};
use futures::StreamExt;
use futures::stream::BoxStream;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, ObjectStoreExt,
    PutMode, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

use super::site::{block_on, objects, options, publish, site};
use crate::support::Project;

/// How a store handles conditional writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Behavior {
    IgnoresIfMatch,
    IgnoresIfNoneMatch,
    IgnoresBoth,
    RejectsUpdates,
    RejectsNewObjects,
    RejectsBoth,
    /// Handles the first condition correctly and ignores later ones.
    ForgetsConditions,
    NotImplemented,
    NotImplementedForUpdates,
    RespondsWithStatus501,
    DropsTags,
    WritesWhatItRejects,
    /// Supports conditions, but loses the first response to each conditional write, so that the client retries.
    LosesResponses,
}

/// The behaviors that are rejected without `--no-lock`.
const ALL: [Behavior; 12] = [
    Behavior::IgnoresIfMatch,
    Behavior::IgnoresIfNoneMatch,
    Behavior::IgnoresBoth,
    Behavior::RejectsUpdates,
    Behavior::RejectsNewObjects,
    Behavior::RejectsBoth,
    Behavior::ForgetsConditions,
    Behavior::NotImplemented,
    Behavior::NotImplementedForUpdates,
    Behavior::RespondsWithStatus501,
    Behavior::DropsTags,
    Behavior::WritesWhatItRejects,
];

/// An in-memory store that misbehaves.
#[derive(Debug)]
struct MisbehavingStore {
    inner: InMemory,
    behavior: Behavior,
}

impl fmt::Display for MisbehavingStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MisbehavingStore")
    }
}

#[async_trait]
impl ObjectStore for MisbehavingStore {
    async fn put_opts(&self, location: &Path, payload: PutPayload, mut opts: PutOptions) -> Result<PutResult> {
        let path = location.to_string();
        let (create, update) = (opts.mode == PutMode::Create, matches!(opts.mode, PutMode::Update(_)));
        let ignored = match self.behavior {
            Behavior::IgnoresIfMatch => update,
            Behavior::IgnoresIfNoneMatch => create,
            Behavior::IgnoresBoth => true,
            Behavior::ForgetsConditions => update,
            Behavior::RejectsUpdates | Behavior::RejectsBoth if update => {
                return Err(Error::Precondition { path, source: "412".into() });
            }
            Behavior::RejectsNewObjects | Behavior::RejectsBoth if create => {
                return Err(Error::AlreadyExists { path, source: "412".into() });
            }
            Behavior::NotImplemented if create || update => {
                return Err(Error::NotImplemented { operation: "put".into(), implementer: "MisbehavingStore".into() });
            }
            Behavior::NotImplementedForUpdates if update => {
                return Err(Error::NotImplemented { operation: "put".into(), implementer: "MisbehavingStore".into() });
            }
            Behavior::RespondsWithStatus501 if create || update => {
                let source = "Server returned non-2xx status code: 501 Not Implemented: ".into();
                return Err(Error::Generic { store: "MisbehavingStore", source });
            }
            Behavior::WritesWhatItRejects if create || update => {
                self.inner.put_opts(location, payload, PutOptions { mode: PutMode::Overwrite, ..opts }).await?;
                return Err(Error::Precondition { path, source: "412".into() });
            }
            Behavior::LosesResponses if create || update => {
                let _lost = self.inner.put_opts(location, payload.clone(), opts.clone()).await;
                false
            }
            _ => false,
        };
        if ignored {
            opts.mode = PutMode::Overwrite;
        }
        let mut put = self.inner.put_opts(location, payload, opts).await?;
        if self.behavior == Behavior::DropsTags {
            (put.e_tag, put.version) = (None, None);
        }
        Ok(put)
    }

    async fn put_multipart_opts(&self, _: &Path, _: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        Err(Error::NotImplemented { operation: "multipart".into(), implementer: "MisbehavingStore".into() })
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        let mut result = self.inner.get_opts(location, options).await?;
        if self.behavior == Behavior::DropsTags {
            (result.meta.e_tag, result.meta.version) = (None, None);
        }
        Ok(result)
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.inner.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        let drops = self.behavior == Behavior::DropsTags;
        self.inner
            .list(prefix)
            .map(move |meta| {
                meta.map(|meta| if drops { ObjectMeta { e_tag: None, version: None, ..meta } } else { meta })
            })
            .boxed()
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, _: &Path, _: &Path, _: CopyOptions) -> Result<()> {
        Err(Error::NotImplemented { operation: "copy".into(), implementer: "MisbehavingStore".into() })
    }
}

/// Returns the number of objects, including candor's own.
fn count(store: &Arc<MisbehavingStore>) -> usize {
    block_on(store.inner.list(None).count())
}

#[test]
fn rejects_stores_without_conditions_before_writing() {
    for behavior in ALL {
        let store = Arc::new(MisbehavingStore { inner: InMemory::new(), behavior });
        let refused = publish(&store, &site("a", 2), &options("first", 0)).expect_err("refused");
        assert!(matches!(refused, PublishError::Unconditional { .. }), "{behavior:?}: {refused:?}");
        assert!(refused.help().contains("--no-lock"), "{}", refused.help());
        assert_eq!(count(&store), 0, "{behavior:?}: objects are left behind");
    }
}

#[test]
fn publishes_to_stores_without_conditions_with_no_lock() {
    for behavior in ALL {
        let store = Arc::new(MisbehavingStore { inner: InMemory::new(), behavior });
        let unlocked = |name, hours| Options { no_lock: true, ..options(name, hours) };
        let first =
            publish(&store, &site("a", 2), &unlocked("first", 0)).unwrap_or_else(|why| panic!("{behavior:?}: {why}"));
        assert_eq!(first.uploaded, site("a", 2).len());
        let second =
            publish(&store, &site("b", 3), &unlocked("second", 1)).unwrap_or_else(|why| panic!("{behavior:?}: {why}"));
        assert_eq!(second.generation, 2, "{behavior:?}");
        // Unmanaged files are protected even without ETags.
        block_on(store.inner.put(&Path::from("trust/feed.xml"), "theirs".into())).expect("stored");
        let refused = publish(&store, &site("b", 4), &unlocked("third", 2)).expect_err("refused");
        assert!(matches!(refused, PublishError::Changed { .. }), "{behavior:?}: {refused:?}");
        assert_eq!(objects(&store)["trust/feed.xml"].bytes, b"theirs");
    }
}

/// A failed precondition caused by the client's own retry does not mean that the store lacks conditions.
#[test]
fn accepts_stores_that_lose_responses() {
    let store = Arc::new(MisbehavingStore { inner: InMemory::new(), behavior: Behavior::LosesResponses });
    publish(&store, &site("a", 2), &options("first", 0)).expect("published");
    let second = publish(&store, &site("b", 3), &options("second", 1)).expect("published");
    assert_eq!(second.generation, 2);
}

#[test]
fn removes_the_probe_after_the_check() {
    let memory = Arc::new(InMemory::new());
    publish(&memory, &site("a", 1), &options("first", 0)).expect("published");
    let names: Vec<_> =
        block_on(memory.list(Some(&Path::from("trust/.candor"))).map(|meta| meta.expect("listed").location).collect());
    assert_eq!(names, [Path::from("trust/.candor/manifest.json")]);
}

/// Creates a project with a release.
fn released() -> Project {
    let project = Project::new().file("content/sections/10-a.md", "---\ntitle: A\n---\n\nA.\n");
    let project =
        project.file("content/site.yaml", format!("{}base_url: https://a.myexample.com/\n", crate::support::SITE));
    assert_eq!(project.run(["release", "-m", "First."]).code, Some(0));
    project
}

/// Requests to a server that accepts connections but never responds end at the time limit.
#[test]
fn unresponsive_store_times_out() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    let project = released();
    for (destination, variables) in [
        ("s3://bucket", &[("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b"), ("AWS_REGION", "us-east-1")][..]),
        ("az://site", &[("AZURE_STORAGE_ACCOUNT_NAME", "a"), ("AZURE_STORAGE_ACCOUNT_KEY", "YQ==")]),
    ] {
        for dry in [&[][..], &["--dry-run"]] {
            let args = [&["publish", destination, "--endpoint", &endpoint, "--timeout", "1"], dry].concat();
            let run = project.command(args).envs(variables.iter().copied()).output().expect("the program starts");
            let stderr = String::from_utf8_lossy(&run.stderr);
            assert_eq!(run.status.code(), Some(2), "{destination}: {stderr}");
            assert!(
                stderr.contains("did not answer within 1 s") && stderr.contains("--timeout"),
                "{destination}: {stderr}"
            );
        }
    }
}

/// A metadata service that accepts connections but never responds does not delay the message.
#[test]
fn reports_missing_credentials_without_waiting_for_a_metadata_service() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let project = released();
    for (destination, variables) in [
        ("s3://bucket", &[("AWS_METADATA_ENDPOINT", format!("http://{address}"))][..]),
        (
            "az://site",
            &[
                ("AZURE_STORAGE_ACCOUNT_NAME", "a".to_owned()),
                ("AZURE_MSI_ENDPOINT", format!("http://{address}/metadata/identity/oauth2/token")),
            ],
        ),
        ("gs://bucket", &[("GCE_METADATA_HOST", address.clone()), ("GCE_METADATA_IP", address.clone())]),
    ] {
        for dry in [&[][..], &["--dry-run"]] {
            let args = [&["publish", destination, "--timeout", "3600"], dry].concat();
            let mut command = project.command(args);
            // A login of the person who runs the test must not be found.
            command.env("HOME", project.path("")).env("APPDATA", project.path(""));
            let start = std::time::Instant::now();
            let run = command.envs(variables.iter().map(|(k, v)| (k, v))).output().expect("the program starts");
            let stderr = String::from_utf8_lossy(&run.stderr);
            assert_eq!(run.status.code(), Some(2), "{destination}: {stderr}");
            assert!(stderr.contains(&format!("no credentials for `{destination}`")), "{stderr}");
            assert!(stderr.contains("requesting credentials ("), "no progress: {stderr}");
            // The limit is 4 s, and the client would wait for up to an hour.
            assert!(start.elapsed().as_secs() < 60, "{destination}: {:?}", start.elapsed());
        }
    }
}

/// A step that takes longer than two seconds is shown; `--quiet` shows nothing.
#[test]
fn shows_progress_while_a_store_is_slow() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    let project = released();
    let run = |options: &[&str]| {
        let args = [&["publish", "s3://bucket", "--endpoint", &endpoint, "--timeout", "4"], options].concat();
        let variables = [("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b"), ("AWS_REGION", "us-east-1")];
        let run = project.command(args).envs(variables).output().expect("the program starts");
        String::from_utf8_lossy(&run.stderr).into_owned()
    };
    assert!(run(&[]).contains("reading the destination ("), "{}", run(&[]));
    assert!(!run(&["--quiet"]).contains("reading"));
}
