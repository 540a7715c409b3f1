//! Stores that do not do what publishing relies on: conditions that are ignored or refused, tags that are missing, requests that
//! are never answered.

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

/// What a store does with conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Conduct {
    IgnoresIfMatch,
    IgnoresIfNoneMatch,
    IgnoresBoth,
    RefusesUpdates,
    RefusesNewObjects,
    RefusesBoth,
    /// It carries out the first condition, and ignores the others.
    ForgetsConditions,
    NotImplemented,
    NotImplementedForUpdates,
    AnswersStatus501,
    DropsTags,
    WritesWhatItRefuses,
    /// The first answer to each conditional write is lost, and the client asks again. This store has conditions.
    LosesAnswers,
}

/// Those that are refused.
const ALL: [Conduct; 12] = [
    Conduct::IgnoresIfMatch,
    Conduct::IgnoresIfNoneMatch,
    Conduct::IgnoresBoth,
    Conduct::RefusesUpdates,
    Conduct::RefusesNewObjects,
    Conduct::RefusesBoth,
    Conduct::ForgetsConditions,
    Conduct::NotImplemented,
    Conduct::NotImplementedForUpdates,
    Conduct::AnswersStatus501,
    Conduct::DropsTags,
    Conduct::WritesWhatItRefuses,
];

/// A store in memory that misbehaves.
#[derive(Debug)]
struct Odd {
    inner: InMemory,
    conduct: Conduct,
}

impl fmt::Display for Odd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Odd")
    }
}

#[async_trait]
impl ObjectStore for Odd {
    async fn put_opts(&self, location: &Path, payload: PutPayload, mut opts: PutOptions) -> Result<PutResult> {
        let path = location.to_string();
        let (create, update) = (opts.mode == PutMode::Create, matches!(opts.mode, PutMode::Update(_)));
        let ignored = match self.conduct {
            Conduct::IgnoresIfMatch => update,
            Conduct::IgnoresIfNoneMatch => create,
            Conduct::IgnoresBoth => true,
            Conduct::ForgetsConditions => update,
            Conduct::RefusesUpdates | Conduct::RefusesBoth if update => {
                return Err(Error::Precondition { path, source: "412".into() });
            }
            Conduct::RefusesNewObjects | Conduct::RefusesBoth if create => {
                return Err(Error::AlreadyExists { path, source: "412".into() });
            }
            Conduct::NotImplemented if create || update => {
                return Err(Error::NotImplemented { operation: "put".into(), implementer: "Odd".into() });
            }
            Conduct::NotImplementedForUpdates if update => {
                return Err(Error::NotImplemented { operation: "put".into(), implementer: "Odd".into() });
            }
            Conduct::AnswersStatus501 if create || update => {
                let source = "Server returned non-2xx status code: 501 Not Implemented: ".into();
                return Err(Error::Generic { store: "Odd", source });
            }
            Conduct::WritesWhatItRefuses if create || update => {
                self.inner.put_opts(location, payload, PutOptions { mode: PutMode::Overwrite, ..opts }).await?;
                return Err(Error::Precondition { path, source: "412".into() });
            }
            Conduct::LosesAnswers if create || update => {
                let _lost = self.inner.put_opts(location, payload.clone(), opts.clone()).await;
                false
            }
            _ => false,
        };
        if ignored {
            opts.mode = PutMode::Overwrite;
        }
        let mut put = self.inner.put_opts(location, payload, opts).await?;
        if self.conduct == Conduct::DropsTags {
            (put.e_tag, put.version) = (None, None);
        }
        Ok(put)
    }

    async fn put_multipart_opts(&self, _: &Path, _: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        Err(Error::NotImplemented { operation: "multipart".into(), implementer: "Odd".into() })
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        let mut result = self.inner.get_opts(location, options).await?;
        if self.conduct == Conduct::DropsTags {
            (result.meta.e_tag, result.meta.version) = (None, None);
        }
        Ok(result)
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.inner.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        let drops = self.conduct == Conduct::DropsTags;
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
        Err(Error::NotImplemented { operation: "copy".into(), implementer: "Odd".into() })
    }
}

/// How many objects there are, candor's own included.
fn count(store: &Arc<Odd>) -> usize {
    block_on(store.inner.list(None).count())
}

#[test]
fn stores_without_conditions_are_refused_before_anything_is_written() {
    for conduct in ALL {
        let store = Arc::new(Odd { inner: InMemory::new(), conduct });
        let refused = publish(&store, &site("a", 2), &options("first", 0)).expect_err("refused");
        assert!(matches!(refused, PublishError::Unconditional { .. }), "{conduct:?}: {refused:?}");
        assert!(refused.help().contains("--no-lock"), "{}", refused.help());
        assert_eq!(count(&store), 0, "{conduct:?}: something was left behind");
    }
}

#[test]
fn stores_without_conditions_are_published_to_without_a_lock() {
    for conduct in ALL {
        let store = Arc::new(Odd { inner: InMemory::new(), conduct });
        let unlocked = |name, hours| Options { no_lock: true, ..options(name, hours) };
        let first =
            publish(&store, &site("a", 2), &unlocked("first", 0)).unwrap_or_else(|why| panic!("{conduct:?}: {why}"));
        assert_eq!(first.uploaded, site("a", 2).len());
        let second =
            publish(&store, &site("b", 3), &unlocked("second", 1)).unwrap_or_else(|why| panic!("{conduct:?}: {why}"));
        assert_eq!(second.generation, 2, "{conduct:?}");
        // A file of somebody else is protected without tags, too.
        block_on(store.inner.put(&Path::from("trust/feed.xml"), "theirs".into())).expect("stored");
        let refused = publish(&store, &site("b", 4), &unlocked("third", 2)).expect_err("refused");
        assert!(matches!(refused, PublishError::Changed { .. }), "{conduct:?}: {refused:?}");
        assert_eq!(objects(&store)["trust/feed.xml"].bytes, b"theirs");
    }
}

/// A refusal that is the answer to the client's own retry does not speak against the store.
#[test]
fn store_that_loses_answers_is_not_taken_for_one_without_conditions() {
    let store = Arc::new(Odd { inner: InMemory::new(), conduct: Conduct::LosesAnswers });
    publish(&store, &site("a", 2), &options("first", 0)).expect("published");
    let second = publish(&store, &site("b", 3), &options("second", 1)).expect("published");
    assert_eq!(second.generation, 2);
}

#[test]
fn probe_is_taken_away_from_a_store_with_conditions() {
    let memory = Arc::new(InMemory::new());
    publish(&memory, &site("a", 1), &options("first", 0)).expect("published");
    let names: Vec<_> =
        block_on(memory.list(Some(&Path::from("trust/.candor"))).map(|meta| meta.expect("listed").location).collect());
    assert_eq!(names, [Path::from("trust/.candor/manifest.json")]);
}

/// A server that accepts connections, and never answers, is left after the time that a request may take.
#[test]
fn store_that_never_answers_is_left_at_the_time_limit() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    let project = Project::new().file("content/sections/10-a.md", "---\ntitle: A\n---\n\nA.\n");
    let project = project.file("content/site.yaml", format!("{}base_url: https://a.example/\n", crate::support::SITE));
    assert_eq!(project.run(["release", "-m", "First."]).code, Some(0));
    for (destination, variables) in [
        ("s3://bucket", &[("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b"), ("AWS_REGION", "us-east-1")][..]),
        ("az://site", &[("AZURE_STORAGE_ACCOUNT_NAME", "a"), ("AZURE_STORAGE_ACCOUNT_KEY", "YQ==")]),
    ] {
        for dry in [&[][..], &["--dry-run"]] {
            let args = [&["publish", destination, "--endpoint", &endpoint, "--timeout", "1"], dry].concat();
            let run = project.command(args).envs(variables.iter().copied()).output().expect("the program starts");
            let said = String::from_utf8_lossy(&run.stderr);
            assert_eq!(run.status.code(), Some(2), "{destination}: {said}");
            assert!(said.contains("did not answer within 1 s") && said.contains("--timeout"), "{destination}: {said}");
        }
    }
}
