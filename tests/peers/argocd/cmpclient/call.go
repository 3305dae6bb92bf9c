package main

import (
	"context"
	"fmt"

	grpc_retry "github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry"
	"google.golang.org/protobuf/types/known/emptypb"

	plugin "github.com/argoproj/argo-cd/v3/cmpserver/apiclient"
	"github.com/argoproj/argo-cd/v3/reposerver/apiclient"
	"github.com/argoproj/argo-cd/v3/util/cmp"
)

type client = plugin.ConfigManagementPluginServiceClient

var methods = map[string]func(context.Context, client, options) (any, error){
	"generate":   generate,
	"match":      match,
	"check":      check,
	"parameters": parameters,
}

func call(ctx context.Context, o options) (any, error) {
	connection, client, err := plugin.NewConfigManagementPluginClientSet(o.address).NewConfigManagementPluginClient()
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	return methods[o.method](ctx, client, o)
}

func generate(ctx context.Context, client client, o options) (any, error) {
	stream, err := client.GenerateManifest(ctx, grpc_retry.Disable())
	if err != nil {
		return nil, err
	}
	if err := send(ctx, stream, o); err != nil {
		return nil, err
	}
	reply, err := stream.CloseAndRecv()
	if err != nil {
		return nil, err
	}
	return struct {
		Manifests  []string `json:"manifests"`
		SourceType string   `json:"sourceType"`
	}{orEmpty(reply.GetManifests()), reply.GetSourceType()}, nil
}

func match(ctx context.Context, client client, o options) (any, error) {
	stream, err := client.MatchRepository(ctx, grpc_retry.Disable())
	if err != nil {
		return nil, err
	}
	if err := send(ctx, stream, o); err != nil {
		return nil, err
	}
	reply, err := stream.CloseAndRecv()
	if err != nil {
		return nil, err
	}
	return struct {
		IsSupported        bool `json:"isSupported"`
		IsDiscoveryEnabled bool `json:"isDiscoveryEnabled"`
	}{reply.GetIsSupported(), reply.GetIsDiscoveryEnabled()}, nil
}

func check(ctx context.Context, client client, _ options) (any, error) {
	reply, err := client.CheckPluginConfiguration(ctx, &emptypb.Empty{})
	if err != nil {
		return nil, err
	}
	return struct {
		IsDiscoveryConfigured bool `json:"isDiscoveryConfigured"`
		ProvideGitCreds       bool `json:"provideGitCreds"`
	}{reply.GetIsDiscoveryConfigured(), reply.GetProvideGitCreds()}, nil
}

func parameters(ctx context.Context, client client, o options) (any, error) {
	stream, err := client.GetParametersAnnouncement(ctx, grpc_retry.Disable())
	if err != nil {
		return nil, err
	}
	if err := send(ctx, stream, o); err != nil {
		return nil, err
	}
	reply, err := stream.CloseAndRecv()
	if err != nil {
		return nil, err
	}
	return struct {
		Announcements []*apiclient.ParameterAnnouncement `json:"parameterAnnouncements"`
	}{orEmpty(reply.GetParameterAnnouncements())}, nil
}

func send(ctx context.Context, stream cmp.StreamSender, o options) error {
	err := cmp.SendRepoStream(ctx, o.appPath, o.root, stream, o.env, o.exclude)
	if err != nil {
		return fmt.Errorf("error sending file to cmp-server: %w", err)
	}
	return nil
}

// orEmpty makes JSON of no items read [] instead of null.
func orEmpty[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}
