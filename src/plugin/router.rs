//! gRPC methods by their path. What a code generator would write, for six methods of ours; health and reflection bring
//! their own.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::HeaderMap;
use tonic::body::Body;
use tonic::codegen::{BoxFuture, http};
use tonic::metadata::MetadataMap;
use tonic::{Code, Request, Response, Status, Streaming};
use tonic_prost::ProstCodec;
use tower::Service;
use tower::util::{BoxCloneSyncService, service_fn};

use super::descriptor;
use super::proto::{AppStreamRequest, Empty, VersionMessage};
use super::service::Plugin;

/// Anything that answers a gRPC call.
type Handler = BoxCloneSyncService<http::Request<Body>, http::Response<Body>, Infallible>;

/// All services of the socket.
#[derive(Clone)]
pub(super) struct Router {
    plugin: Arc<Plugin>,
    health: Handler,
    reflection: Handler,
    reflection_alpha: Handler,
}

impl Router {
    /// Fails only if our own descriptors do not fit together.
    pub(super) fn new(
        plugin: Arc<Plugin>,
        health: tonic_health::pb::health_server::HealthServer<impl tonic_health::pb::health_server::Health>,
    ) -> Result<Self, tonic_reflection::server::Error> {
        let builder = || {
            tonic_reflection::server::Builder::configure()
                .register_file_descriptor_set(descriptor::files())
                .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        };
        Ok(Self {
            plugin,
            health: BoxCloneSyncService::new(health),
            reflection: BoxCloneSyncService::new(builder().build_v1()?),
            reflection_alpha: BoxCloneSyncService::new(builder().build_v1alpha()?),
        })
    }
}

impl Service<http::Request<Body>> for Router {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Self::Response, Self::Error>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let plugin = Arc::clone(&self.plugin);
        let path = request.uri().path().to_owned();
        let (service, method) = path.trim_start_matches('/').split_once('/').unwrap_or_default();
        match service {
            "plugin.ConfigManagementPluginService" => {
                let method = method.to_owned();
                Box::pin(async move { Ok(answer(plugin, &method, request).await) })
            }
            "version.VersionService" if method == "Version" => Box::pin(async move { Ok(version(request).await) }),
            "grpc.health.v1.Health" => Box::pin(self.health.call(request)),
            "grpc.reflection.v1.ServerReflection" => Box::pin(self.reflection.call(request)),
            "grpc.reflection.v1alpha.ServerReflection" => Box::pin(self.reflection_alpha.call(request)),
            _ => Box::pin(async move { Ok(unimplemented(&path)) }),
        }
    }
}

async fn answer(plugin: Arc<Plugin>, method: &str, request: http::Request<Body>) -> http::Response<Body> {
    let limit = Some(plugin.message_bytes());
    match method {
        "GenerateManifest" => {
            let call = service_fn(|request: Request<Streaming<AppStreamRequest>>| {
                let plugin = Arc::clone(&plugin);
                async move {
                    let (headers, stream) = parts(request);
                    plugin.generate(&headers, stream).await
                }
            });
            grpc(limit).client_streaming(call, request).await
        }
        "MatchRepository" => {
            let call = service_fn(|request: Request<Streaming<AppStreamRequest>>| {
                let plugin = Arc::clone(&plugin);
                async move {
                    let (headers, stream) = parts(request);
                    plugin.matches(&headers, stream).await
                }
            });
            grpc(limit).client_streaming(call, request).await
        }
        "GetParametersAnnouncement" => {
            let call = service_fn(|request: Request<Streaming<AppStreamRequest>>| {
                let plugin = Arc::clone(&plugin);
                async move {
                    let (headers, stream) = parts(request);
                    plugin.parameters(&headers, stream).await
                }
            });
            grpc(limit).client_streaming(call, request).await
        }
        "CheckPluginConfiguration" => {
            let call = service_fn(|request: Request<Empty>| {
                let plugin = Arc::clone(&plugin);
                async move { plugin.check(&parts(request).0) }
            });
            grpc(limit).unary(call, request).await
        }
        other => unimplemented(other),
    }
}

async fn version(request: http::Request<Body>) -> http::Response<Body> {
    let call = service_fn(|_: Request<Empty>| async {
        Ok::<_, Status>(Response::new(VersionMessage {
            version: concat!("cmp v", env!("CARGO_PKG_VERSION")).to_owned(),
            compiler: "rustc".to_owned(),
            platform: format!("{}/{}", std::env::consts::OS, std::env::consts::ARCH),
        }))
    });
    grpc(None).unary(call, request).await
}

fn grpc<Encode, Decode>(limit: Option<usize>) -> tonic::server::Grpc<ProstCodec<Encode, Decode>>
where
    Encode: prost::Message + Send + 'static,
    Decode: prost::Message + Default + Send + 'static,
{
    tonic::server::Grpc::new(ProstCodec::default()).apply_max_message_size_config(limit, limit)
}

fn parts<T>(request: Request<T>) -> (HeaderMap, T) {
    let (metadata, _, message): (MetadataMap, _, T) = request.into_parts();
    (metadata.into_headers(), message)
}

fn unimplemented(what: &str) -> http::Response<Body> {
    Status::new(Code::Unimplemented, format!("unknown service or method {what}")).into_http()
}
