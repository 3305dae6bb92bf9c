//! The four calls of `plugin.ConfigManagementPluginService`, as `cmpserver/plugin/plugin.go` answers them. Texts start
//! as the stock server's do, because people and dashboards search for them. What differs on purpose: codes say what kind of
//! fault it is (the stock server says Unknown), and a set without any object is refused, because Argo CD would take
//! it for the order to delete everything.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use http::HeaderMap;
use tokio::sync::Semaphore;
use tokio::time::timeout_at;
use tokio_stream::Stream;
use tonic::{Code, Response, Status};

use super::cache::{Results, Trees};
use super::call::{Call, Refusal};
use super::config::{Discover, PluginConfig};
use super::discovery;
use super::limits::Limits;
use super::metrics::{Method, Metrics, Stage, Usage};
use super::parameters;
use super::proto::{
    AppStreamRequest, CheckPluginConfigurationResponse, ManifestRequestMetadata, ManifestResponse,
    ParametersAnnouncementResponse, RepositoryResponse,
};
use super::stream::{Received, receive};
use super::work::{self, Work};
use crate::source::{ArchiveTree, TreePath};

/// Why nothing came within the time.
const DEADLINE: &str = "context deadline exceeded";

/// The plugin as a service: its configuration, and what requests share.
#[derive(Debug)]
pub(super) struct Plugin {
    config: PluginConfig,
    limits: Limits,
    trees: Arc<Trees>,
    results: Arc<Results<work::Key, work::Outcome>>,
    streams: Semaphore,
    workers: Arc<Semaphore>,
    metrics: Arc<Metrics>,
}

impl Plugin {
    /// A plugin that nobody has called yet.
    pub(super) fn new(config: PluginConfig, limits: Limits) -> Arc<Self> {
        Arc::new(Self {
            trees: Trees::new(limits.memory_bytes),
            results: Arc::new(Results::new(limits.results_bytes)),
            streams: Semaphore::new(limits.streams),
            workers: Arc::new(Semaphore::new(limits.workers)),
            metrics: Arc::default(),
            config,
            limits,
        })
    }

    /// Bytes of a message, either way.
    pub(super) fn message_bytes(&self) -> usize {
        self.limits.message_bytes
    }

    /// The metrics page.
    pub(super) fn metrics(&self) -> String {
        let (tree_bytes, trees) = self.trees.usage();
        self.metrics.render(Usage { tree_bytes, trees: trees as u64, result_bytes: self.results.usage() })
    }

    /// `GenerateManifest`
    pub(super) async fn generate<S>(&self, headers: &HeaderMap, stream: S) -> Result<Response<ManifestResponse>, Status>
    where
        S: Stream<Item = Result<AppStreamRequest, Status>> + Unpin,
    {
        let mut call = Call::start(Method::Generate, headers, &self.metrics);
        let answer = async {
            let received = self.receive(&mut call, stream, "generate manifest error receiving stream").await?;
            let application = application(&received.metadata)?;
            self.manifests(&mut call, received, application).await
        };
        let answer = answer.await;
        call.end(answer)
    }

    /// `MatchRepository`
    pub(super) async fn matches<S>(
        &self,
        headers: &HeaderMap,
        stream: S,
    ) -> Result<Response<RepositoryResponse>, Status>
    where
        S: Stream<Item = Result<AppStreamRequest, Status>> + Unpin,
    {
        let mut call = Call::start(Method::Match, headers, &self.metrics);
        let answer = async {
            let received = self.receive(&mut call, stream, "match repository error receiving stream").await?;
            let rule = self.config.discover.clone();
            // `securejoin`: a path that leads out ends at the root.
            let application = clamped(&received.metadata.app_rel_path);
            let found = self.on_worker(&mut call, received.tree, "match repository error", move |tree| {
                discovery::matches(&rule, tree, &application)
            });
            let found = found
                .await?
                .map_err(|error| Refusal::new(Code::InvalidArgument, format!("match repository error: {error}")))?;
            Ok(RepositoryResponse { is_supported: found, is_discovery_enabled: self.discovers() })
        };
        let answer = answer.await;
        call.end(answer)
    }

    /// `GetParametersAnnouncement`
    pub(super) async fn parameters<S>(
        &self,
        headers: &HeaderMap,
        stream: S,
    ) -> Result<Response<ParametersAnnouncementResponse>, Status>
    where
        S: Stream<Item = Result<AppStreamRequest, Status>> + Unpin,
    {
        let mut call = Call::start(Method::Parameters, headers, &self.metrics);
        let answer = async {
            let received = self.receive(&mut call, stream, "parameters announcement error receiving stream").await?;
            let application = application(&received.metadata)?;
            // Dynamic ones first, "because static should take precedence by being later" (getParametersAnnouncement).
            let mut announcements = Vec::new();
            if self.config.announces {
                let prefix = "get parameters announcement error";
                let dynamic = self
                    .on_worker(&mut call, received.tree, prefix, move |tree| parameters::announce(tree, &application));
                announcements = dynamic.await?;
            }
            announcements.extend(self.config.announcements.iter().cloned());
            Ok(ParametersAnnouncementResponse { parameter_announcements: announcements })
        };
        let answer = answer.await;
        call.end(answer)
    }

    /// `CheckPluginConfiguration`
    pub(super) fn check(&self, headers: &HeaderMap) -> Result<Response<CheckPluginConfigurationResponse>, Status> {
        let call = Call::start(Method::Check, headers, &self.metrics);
        call.end(Ok(CheckPluginConfigurationResponse {
            is_discovery_configured: self.discovers(),
            provide_git_creds: self.config.provide_git_creds,
        }))
    }

    fn discovers(&self) -> bool {
        self.config.discover != Discover::None
    }

    /// Reads the stream, within the deadline and as one of a bounded number.
    async fn receive<S>(&self, call: &mut Call, stream: S, prefix: &str) -> Result<Received, Refusal>
    where
        S: Stream<Item = Result<AppStreamRequest, Status>> + Unpin,
    {
        let late = |what: &str| Refusal::new(Code::DeadlineExceeded, format!("{prefix}: {what}: {DEADLINE}"));
        let permit = timeout_at(call.deadline, self.streams.acquire()).await;
        call.stage(Stage::Wait);
        let _permit = permit.map_err(|_| late("too many streams at once; waiting for one to end"))?;
        let received = timeout_at(call.deadline, receive(stream, &self.trees, &self.limits)).await;
        call.stage(Stage::Receive);
        let received = received.map_err(|_| late("error receiving tgz file: stream context error"))?;
        let received = received.map_err(|error| Refusal::new(error.code(), format!("{prefix}: {error}")))?;
        call.bytes = received.bytes;
        call.tree = received.origin.name();
        call.path.clone_from(&received.metadata.app_rel_path);
        call.application =
            work::variable(&received.metadata, "ARGOCD_APP_NAME").unwrap_or_else(|| received.metadata.app_name.clone());
        call.revision = work::variable(&received.metadata, "ARGOCD_APP_REVISION").unwrap_or_default();
        self.metrics.received_bytes.fetch_add(received.bytes, Relaxed);
        self.metrics.trees[received.origin as usize].fetch_add(1, Relaxed);
        Ok(received)
    }

    async fn manifests(
        &self,
        call: &mut Call,
        received: Received,
        application: TreePath,
    ) -> Result<ManifestResponse, Refusal> {
        let Received { metadata, tree, .. } = received;
        let refuse = |code, text: &str| Refusal::new(code, format!("error generating manifests: {text}"));
        let work = Work::read(&metadata, application, &self.config.generate)
            .map_err(|error| refuse(Code::InvalidArgument, &error.to_string()))?;
        let key = work.key(&metadata.checksum);
        let known = self.results.get(&key);
        self.metrics.results[usize::from(known.is_none())].fetch_add(1, Relaxed);
        call.result = if known.is_some() { "cached" } else { "made" };
        let outcome = if let Some(known) = known {
            known
        } else {
            let (limit, results) = (self.limits.error_bytes, Arc::clone(&self.results));
            let made = self.on_worker(call, tree, "error generating manifests", move |tree| {
                let outcome = work.run(tree, limit);
                // Also when nobody waits any longer: the next try finds it.
                results.insert(key, outcome.clone(), outcome.bytes());
                outcome
            });
            made.await?
        };
        for (counter, count) in self.metrics.findings.iter().zip(outcome.findings) {
            counter.fetch_add(count, Relaxed);
        }
        let manifests = outcome.manifests.map_err(|text| refuse(Code::FailedPrecondition, &text))?;
        call.manifests = manifests.len();
        Ok(ManifestResponse { manifests: manifests.to_vec(), source_type: String::new() })
    }

    /// Runs `work` beside the connections, as one of a bounded number. Work whose client gave up goes on to its end and
    /// counts until then.
    async fn on_worker<T, W>(
        &self,
        call: &mut Call,
        tree: Arc<ArchiveTree>,
        prefix: &str,
        work: W,
    ) -> Result<T, Refusal>
    where
        T: Send + 'static,
        W: FnOnce(&ArchiveTree) -> T + Send + 'static,
    {
        let late = |what: &str| Refusal::new(Code::DeadlineExceeded, format!("{prefix}: {what}: {DEADLINE}"));
        let broken = || Refusal::new(Code::Internal, format!("{prefix}: this is a bug in cmp: the work broke off"));
        let permit = timeout_at(call.deadline, Arc::clone(&self.workers).acquire_owned()).await;
        call.stage(Stage::Queue);
        let permit = permit.map_err(|_| late("waiting for a worker"))?.map_err(|_| broken())?;
        let handle = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work(&tree)
        });
        let done = timeout_at(call.deadline, handle).await;
        call.stage(Stage::Work);
        done.map_err(|_| late("the work takes longer than the client waits"))?.map_err(|_| broken())
    }
}

/// The Application's folder; refused when it lies outside the archive.
fn application(metadata: &ManifestRequestMetadata) -> Result<TreePath, Refusal> {
    // `filepath.Join` makes an absolute path relative to the work folder.
    let path = TreePath::parse(metadata.app_rel_path.trim_start_matches('/'));
    path.ok_or_else(|| Refusal::new(Code::InvalidArgument, "illegal appPath: out of workDir bound"))
}

fn clamped(path: &str) -> TreePath {
    path.split('/')
        .fold(TreePath::root(), |at, part| if part == ".." { at.parent() } else { at.join(part).unwrap_or(at) })
}
