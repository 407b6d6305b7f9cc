using System.Net;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using ModelFit.Formats.Remote;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Formats.Remote;

/// <summary>Shorthands for the Hugging Face hub and Ollama's registry, against mirrors on loopback.</summary>
public sealed class HubAndRegistryTests : IAsyncLifetime
{
    private readonly RecordingSink _sink = new();
    private readonly Dictionary<string, string> _variables = [];
    private readonly Dictionary<string, byte[]> _files = [];
    private LoopbackServer _server = null!;
    private LoopbackServer _storage = null!;

    public async ValueTask InitializeAsync()
    {
        _storage = await LoopbackServer.Start(context => Serve(context, context.Request.Path.Value!));
        _server = await LoopbackServer.Start(context =>
        {
            var path = context.Request.Path.Value!;
            if (!_files.TryGetValue(path, out var file)) context.Response.StatusCode = 404;
            else if (path.StartsWith("/api/", StringComparison.Ordinal) || path.Contains("/manifests/"))
                return context.Response.Body.WriteAsync(file).AsTask();
            else context.Response.Redirect(_storage.Address + context.Request.Path.ToUriComponent());
            return Task.CompletedTask;
        });
        _variables["HF_ENDPOINT"] = _server.Address + "/";
        _variables["MODELFIT_OLLAMA_REGISTRY"] = _server.Address;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _storage.DisposeAsync();
    }

    private Task Serve(HttpContext context, string path) =>
        new ServedFile(_files[path], _files[path].Length).Answer(context);

    private void Add(string path, byte[] bytes) => _files[path] = bytes;

    private void Add(string path, string text) => Add(path, Encoding.UTF8.GetBytes(text));

    private void AddListing(params string[] files) => Add(
        "/api/models/acme/tiny/revision/main",
        "{\"siblings\":[" + string.Join(',', files.Select(file => $"{{\"rfilename\":\"{file}\"}}")) + "]}");

    private Task<ModelSpec> Read(string address, NetworkCredential? credential = null) => Task.Run(() =>
    {
        var options = new RemoteOptions
        {
            Variable = name => _variables.GetValueOrDefault(name),
            Credential = credential,
        };
        return RemoteModels.Read(address, options, _sink, CancellationToken.None);
    });

    [Fact]
    public async Task Reads_a_file_of_the_hub_and_keeps_the_token_from_the_storage()
    {
        _variables["HF_TOKEN"] = "hf_hidden";
        Add("/acme/tiny/resolve/main/sub/tiny F16.gguf", SampleModels.Llama().ToArray());
        var spec = await Read("hf://acme/tiny/sub/tiny F16.gguf");
        Assert.Equal("Tiny Llama", spec.Name);
        Assert.Equal("hf://acme/tiny/sub/tiny F16.gguf", spec.ModelPath);
        Assert.All(_server.Requests, asked => Assert.Equal("Bearer hf_hidden", asked.Authorization));
        Assert.NotEmpty(_storage.Requests);
        Assert.All(_storage.Requests, asked => Assert.Null(asked.Authorization));
        Assert.DoesNotContain(_sink.Verboses.Concat(_sink.Warnings), text => text.Contains("hidden"));
    }

    [Fact]
    public async Task A_credential_comes_before_the_environment()
    {
        _variables["HF_TOKEN"] = "hf_environment";
        Add("/acme/tiny/resolve/v1/a.gguf", SampleModels.Llama().ToArray());
        await Read("hf://acme/tiny@v1/a.gguf", new NetworkCredential("me", "hf_mine"));
        Assert.Equal("Bearer hf_mine", _server.Requests[0].Authorization);
    }

    [Theory]
    [InlineData("hf://acme/tiny", "tiny-Q4_K_M.gguf")]
    [InlineData("hf://acme/tiny:q8_0", "tiny-Q8_0.gguf")]
    [InlineData("hf://acme/tiny:IQ1_S", null)]
    public async Task Chooses_a_file_of_a_repository(string address, string? file)
    {
        AddListing("README.md", "tiny-Q2_K.gguf", "tiny-Q8_0.gguf", "tiny-Q4_K_M.gguf", "mmproj-Q4_K_M.gguf");
        if (file is null)
        {
            var failure = await Assert.ThrowsAsync<ModelFitException>(() => Read(address));
            Assert.Equal(FailureKind.NotFound, failure.Kind);
            return;
        }

        Add("/acme/tiny/resolve/main/" + file, SampleModels.Llama().ToArray());
        var spec = await Read(address);
        Assert.Equal("acme/tiny", spec.Name);
        Assert.EndsWith(file, spec.ModelPath);
        Assert.Contains(_sink.Verboses, text => text.Contains("Reading") && text.Contains("tiny-Q2_K.gguf"));
    }

    [Fact]
    public async Task Reads_safetensors_in_parts_with_their_configuration()
    {
        AddListing(
            "config.json", "model.safetensors.index.json", "a.safetensors", "b.safetensors", "other-Q4_K_M.gguf");
        const string root = "/acme/tiny/resolve/main/";
        Add(root + "config.json", """
            {"architectures":["LlamaForCausalLM"],"hidden_size":64,"num_hidden_layers":1,"num_attention_heads":4,
            "intermediate_size":128,"vocab_size":100,"torch_dtype":"bfloat16"}
            """);
        Add(root + "model.safetensors.index.json",
            "{\"weight_map\":{\"x\":\"a.safetensors\",\"y\":\"b.safetensors\"}}");
        Add(root + "a.safetensors", new SafetensorsWriter().Add("model.embed_tokens.weight", 100, 64).ToArray());
        Add(root + "b.safetensors", new SafetensorsWriter().Add("lm_head.weight", 100, 64).ToArray());
        var spec = await Read("hf://acme/tiny");
        Assert.Equal("acme/tiny", spec.Name);
        Assert.Equal("Safetensors", spec.Source);
        Assert.Equal(2 * 100 * 64, spec.ParameterCount);
        Assert.Equal(4, spec.HeadCount);
        Assert.Equal("hf://acme/tiny/model.safetensors.index.json", spec.ModelPath);
    }

    [Fact]
    public async Task Reads_the_hubs_own_pages()
    {
        Add("/acme/tiny/resolve/main/a.gguf", SampleModels.Llama().ToArray());
        Assert.Equal("hf://acme/tiny/a.gguf", (await Read(_server.Address + "/acme/tiny/blob/main/a.gguf")).ModelPath);
    }

    [Fact]
    public async Task Reads_a_model_of_ollamas_registry()
    {
        var bytes = SampleModels.Llama().ToArray();
        var digest = "sha256:" + new string('a', 64);
        Add("/v2/library/tiny/manifests/latest", "{\"layers\":[{\"mediaType\":\"application/vnd.ollama.image.model\","
            + $"\"digest\":\"{digest}\",\"size\":{bytes.Length}}}]}}");
        Add("/v2/library/tiny/blobs/" + digest, bytes);
        var spec = await Read("ollama://tiny");
        Assert.Equal("tiny:latest", spec.Name);
        Assert.Equal("ollama://tiny:latest", spec.ModelPath);
        Assert.Equal(SampleModels.LlamaParameters, spec.ParameterCount);
        Assert.Contains("manifest.v2+json", _server.Requests[0].Accept);
    }

    [Theory]
    [InlineData("ollama://llama3.2", "https://registry.ollama.ai/v2/library/llama3.2/manifests/latest")]
    [InlineData("ollama://llama3.2:1b", "https://registry.ollama.ai/v2/library/llama3.2/manifests/1b")]
    [InlineData("ollama://me/x:7b", "https://registry.ollama.ai/v2/me/x/manifests/7b")]
    [InlineData("ollama://hf.co/acme/tiny:Q4_K_M", "https://hf.co/v2/acme/tiny/manifests/Q4_K_M")]
    public void Knows_where_a_manifest_is(string address, string manifest) =>
        Assert.Equal(manifest, OllamaAddress.Parse(address, _ => null)!.Manifest.AbsoluteUri);

    [Theory]
    [InlineData("hf://a/b/c.gguf", "https://huggingface.co/a/b/resolve/main/c.gguf")]
    [InlineData("hf://a/b@v2/d/c 1.gguf", "https://huggingface.co/a/b/resolve/v2/d/c%201.gguf")]
    [InlineData("https://huggingface.co/a/b/blob/main/c.gguf?x=1", "https://huggingface.co/a/b/resolve/main/c.gguf")]
    [InlineData("https://hf.co/a/b/resolve/r/c.gguf", "https://huggingface.co/a/b/resolve/r/c.gguf")]
    [InlineData("https://huggingface.co/a/b/resolve/r/c.gguf", "https://huggingface.co/a/b/resolve/r/c.gguf")]
    public void Knows_where_a_file_is(string address, string fetched)
    {
        var hub = HubAddress.Parse(address, _ => null)!;
        Assert.Equal(fetched, hub.Fetch(hub.File!).AbsoluteUri);
    }
}
