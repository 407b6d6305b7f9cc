using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using ModelFit.Formats;
using ModelFit.Formats.Stores;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Formats;

public sealed class ModelStoresTests : IDisposable
{
    private readonly TemporaryFolder _home = new();
    private readonly RecordingSink _sink = new();
    private readonly Dictionary<string, string> _variables = [];

    public void Dispose() => _home.Dispose();

    private StoreEnvironment Environment(OSPlatform system) =>
        new(name => _variables.GetValueOrDefault(name), _home.Path, system);

    private StoredModel[] Enumerate(ModelStore store) =>
        [.. ModelStores.Enumerate([store], Environment(OSPlatform.Linux), _sink, CancellationToken.None)];

    private StoredModel[] EnumerateFolder(string folder) =>
        [.. ModelStores.EnumerateFolder(folder, _sink, CancellationToken.None)];

    private static IEnumerable<string?> Names(IEnumerable<StoredModel> models) =>
        models.Where(model => model.Model is not null).Select(model => model.Model!.Name);

    /// <summary>The places are those of the programs' documentation and sources, named in StoreEnvironment.</summary>
    [Theory]
    [InlineData(ModelStore.Ollama, "Linux", null, ".ollama/models")]
    [InlineData(ModelStore.Ollama, "Windows", null, ".ollama/models")]
    [InlineData(ModelStore.Ollama, "OSX", null, ".ollama/models")]
    [InlineData(ModelStore.Ollama, "Linux", "OLLAMA_MODELS", "elsewhere")]
    [InlineData(ModelStore.LMStudio, "Linux", null, ".lmstudio/models")]
    [InlineData(ModelStore.LMStudio, "Windows", null, ".cache/lm-studio/models")]
    [InlineData(ModelStore.HuggingFace, "Linux", null, ".cache/huggingface/hub")]
    [InlineData(ModelStore.HuggingFace, "Windows", null, ".cache/huggingface/hub")]
    [InlineData(ModelStore.HuggingFace, "Linux", "HF_HUB_CACHE", "elsewhere")]
    [InlineData(ModelStore.HuggingFace, "Linux", "HF_HOME", "elsewhere/hub")]
    [InlineData(ModelStore.HuggingFace, "Linux", "XDG_CACHE_HOME", "elsewhere/huggingface/hub")]
    [InlineData(ModelStore.LlamaCpp, "Linux", null, ".cache/llama.cpp")]
    [InlineData(ModelStore.LlamaCpp, "OSX", null, "Library/Caches/llama.cpp")]
    [InlineData(ModelStore.LlamaCpp, "Windows", null, "AppData/Local/llama.cpp")]
    [InlineData(ModelStore.LlamaCpp, "Windows", "LOCALAPPDATA", "elsewhere/llama.cpp")]
    [InlineData(ModelStore.LlamaCpp, "Linux", "LLAMA_CACHE", "elsewhere")]
    public void Lie_where_their_programs_keep_them(ModelStore store, string system, string? variable, string folder)
    {
        if (variable is not null) _variables[variable] = Path.Combine(_home.Path, "elsewhere");
        var expected = Path.Combine(_home.Path, folder.Replace('/', Path.DirectorySeparatorChar));
        Assert.DoesNotContain(expected, Environment(OSPlatform.Create(system)).Folders(store));
        Directory.CreateDirectory(expected);
        Assert.Contains(expected, Environment(OSPlatform.Create(system)).Folders(store));
    }

    [Fact]
    public void LM_Studio_may_keep_its_models_elsewhere()
    {
        Directory.CreateDirectory(_home["chosen", "x"]);
        var chosen = Path.Combine(_home.Path, "chosen");
        _home.Write("{\"downloadsFolder\":\"" + chosen.Replace("\\", "\\\\") + "\"}", ".lmstudio", "settings.json");
        Assert.Equal([chosen], Environment(OSPlatform.Linux).Folders(ModelStore.LMStudio));
        _home.Write("no JSON", ".lmstudio", "settings.json");
        Assert.Empty(Environment(OSPlatform.Linux).Folders(ModelStore.LMStudio));
    }

    [Fact]
    public void Ollama_has_models_by_tag()
    {
        AddOllama("registry.ollama.ai/library/tiny/latest", 'a');
        AddOllama("registry.ollama.ai/someone/tiny/7b", 'b');
        AddOllama("hf.co/acme/tiny-gguf/Q4_K_M", 'c');
        var models = Enumerate(ModelStore.Ollama);
        Assert.Equal(["hf.co/acme/tiny-gguf:Q4_K_M", "tiny:latest", "someone/tiny:7b"], Names(models));
        var first = models[0].Model!;
        Assert.Equal("Ollama", first.Source);
        Assert.Equal("F16", first.Quantization);
        Assert.Equal(SampleModels.LlamaParameters, first.ParameterCount);
        Assert.Equal(new FileInfo(first.ModelPath!).Length, first.FileBytes);
        Assert.All(models, model => Assert.Null(model.Failure));
    }

    [Fact]
    public void A_broken_entry_is_one_failure_and_the_rest_goes_on()
    {
        AddOllama("registry.ollama.ai/library/a/latest", 'a');
        AddOllama("registry.ollama.ai/library/b/latest", 'b');
        AddOllama("registry.ollama.ai/library/c/latest", 'c');
        File.Delete(_home[".ollama", "models", "blobs", "sha256-" + new string('a', 64)]);
        _home.Write("{\"layers\":", ".ollama", "models", "manifests", "registry.ollama.ai", "library", "b", "latest");
        _home.Write("{}", ".ollama", "models", "manifests", "registry.ollama.ai", "library", "d", "latest");
        var manifests = Path.Combine(".ollama", "models", "manifests");
        _home.Write(Manifest("../x", 1), manifests, "registry.ollama.ai", "library", "e", "latest");
        var models = Enumerate(ModelStore.Ollama);
        Assert.Equal(["c:latest"], Names(models));
        const string invalid = ErrorIds.InvalidModelFile;
        Assert.Equal(
            [ErrorIds.FileUnreadable, invalid, null, invalid, invalid], models.Select(model => model.Failure?.ErrorId));
    }

    [Fact]
    public void LM_Studio_has_models_by_publisher_and_repository()
    {
        _home.Write(SampleModels.Llama().ToArray(), ".lmstudio", "models", "acme", "tiny-GGUF", "tiny-F16.gguf");
        _home.Write(SampleModels.Llama().ToArray(), ".lmstudio", "models", "acme", "tiny-GGUF", "mmproj-tiny.gguf");
        _home.Write([1, 2, 3], ".lmstudio", "models", "acme", "tiny-GGUF", "notes.txt");
        var model = Assert.Single(Enumerate(ModelStore.LMStudio)).Model!;
        Assert.Equal("acme/tiny-GGUF/tiny-F16", model.Name);
        Assert.Equal("LMStudio", model.Source);
    }

    /// <summary>Newer llama.cpp keeps downloads as the hub does (common/hf-cache.cpp), older ones beside it.</summary>
    [Fact]
    public void Llama_cpp_has_models_in_one_folder_or_as_the_hub_keeps_them()
    {
        _variables["LLAMA_CACHE"] = Path.Combine(_home.Path, "cache");
        _home.Write(SampleModels.Llama().ToArray(), "cache", "acme_old-GGUF_old-Q4_K_M.gguf");
        _home.Write("{}", "cache", "manifest=acme=old-GGUF=latest.json");
        Assert.Equal(["acme_old-GGUF_old-Q4_K_M"], Names(Enumerate(ModelStore.LlamaCpp)));
        _home.Write("abc", "cache", "models--acme--new-GGUF", "refs", "main");
        _home.Write(SampleModels.Llama().ToArray(), "cache", "models--acme--new-GGUF", "snapshots", "abc", "n.gguf");
        var models = Enumerate(ModelStore.LlamaCpp);
        Assert.Equal(["acme/new-GGUF", "acme_old-GGUF_old-Q4_K_M"], Names(models));
        Assert.All(models, model => Assert.Equal("LlamaCpp", model.Model!.Source));
    }

    [Fact]
    public void The_hubs_cache_has_models_by_repository()
    {
        string[] hub = [".cache", "huggingface", "hub"];
        _home.Write("abc", [.. hub, "models--acme--tiny-GGUF", "refs", "main"]);
        _home.Write(SampleModels.Llama().ToArray(), [.. hub, "models--acme--tiny-GGUF", "snapshots", "abc", "t.gguf"]);
        _home.Write(SampleModels.Llama().ToArray(), [.. hub, "models--acme--tiny-GGUF", "snapshots", "old", "t.gguf"]);
        _home.Write([0], [.. hub, "datasets--acme--text", "snapshots", "abc", "t.gguf"]);
        foreach (var name in new[] { "a.gguf", "b.gguf" })
            _home.Write(SampleModels.Llama().ToArray(), [.. hub, "models--acme--two", "snapshots", "abc", name]);
        Directory.CreateDirectory(_home[[.. hub, "models--acme--empty", "blobs"]]);
        var models = Enumerate(ModelStore.HuggingFace);
        Assert.Equal(["acme/tiny-GGUF", "acme/two/a", "acme/two/b"], Names(models));
        Assert.All(models, model => Assert.Equal("HuggingFace", model.Model!.Source));
        Assert.Equal(3, EnumerateFolder(Path.Combine(_home.Path, ".cache", "huggingface", "hub")).Length);
    }

    [Fact]
    public void Llama_cpp_has_models_by_file()
    {
        _home.Write(SampleModels.Llama().ToArray(), ".cache", "llama.cpp", "acme_tiny.gguf");
        _home.Write([0], ".cache", "llama.cpp", "acme_tiny.gguf.downloadInProgress");
        Assert.Equal(["acme_tiny"], Names(Enumerate(ModelStore.LlamaCpp)));
    }

    [Fact]
    public void A_folder_has_models_within_and_broken_ones()
    {
        _home.Write(SampleModels.Llama().ToArray(), "models", "a", "one.gguf");
        _home.Write(SampleModels.Llama().ToArray()[..100], "models", "b", "cut.gguf");
        _home.Write(SampleModels.Llama().ToArray(), "models", "c [x]", "two.gguf");
        File.CreateSymbolicLink(_home["models", "loop"], Path.Combine(_home.Path, "models"));
        var models = EnumerateFolder(Path.Combine(_home.Path, "models"));
        Assert.Equal(["Tiny Llama", "Tiny Llama"], Names(models));
        Assert.Equal(ErrorIds.InvalidModelFile, models[1].Failure!.ErrorId);
        Assert.Equal("Gguf", models[0].Model!.Source);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_a_broken_entry() =>
        Assert.Equal(ErrorIds.FileUnreadable, Assert.Single(EnumerateFolder(_home["absent"])).Failure!.ErrorId);

    [Fact]
    public void Entries_are_read_only_when_asked_for()
    {
        _home.Write(SampleModels.Llama().ToArray(), "models", "a", "one.gguf");
        var models = ModelStores.EnumerateFolder(Path.Combine(_home.Path, "models"), _sink, CancellationToken.None);
        using var walk = models.GetEnumerator();
        Assert.True(walk.MoveNext());
        _home.Write(SampleModels.Llama().ToArray(), "models", "b", "two.gguf");
        Directory.Delete(Path.Combine(_home.Path, "models", "a"), recursive: true);
        Assert.NotNull(walk.Current.Model);
    }

    [Fact]
    public void Stops_at_once_when_cancelled()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        _home.Write(SampleModels.Llama().ToArray(), "models", "one.gguf");
        Assert.Throws<OperationCanceledException>(
            () => ModelStores.EnumerateFolder(Path.Combine(_home.Path, "models"), _sink, stopped.Token).Count());
    }

    /// <summary>The layers and sizes that recorded manifests of Ollama's registry truly have.</summary>
    [Fact]
    public void Recorded_manifests_are_read_right()
    {
        foreach (var (file, record) in SharedFolder.Recordings("ollama-manifest"))
        {
            using var source = new FileByteSource(file);
            var json = ModelFit.Formats.HuggingFace.JsonFile.ReadObject(source, CancellationToken.None);
            var manifest = OllamaManifest.Read(file, json);
            var expected = record.GetProperty("expected");
            Assert.Equal(
                expected.GetProperty("layers").EnumerateArray().Select(layer => (
                    layer.GetProperty("type").GetString()!, layer.GetProperty("digest").GetString()!,
                    layer.GetProperty("size").GetInt64())),
                manifest.Layers.Select(layer => (layer.Type, layer.Digest, layer.Size)));
            long Bytes(string type) => manifest.Layers.Where(layer => layer.Type == type).Sum(layer => layer.Size);
            Assert.Equal(expected.GetProperty("model_bytes").GetInt64(), Bytes("model"));
            Assert.Equal(expected.GetProperty("projector_bytes").GetInt64(), Bytes("projector"));
            Assert.Equal(expected.GetProperty("adapter_bytes").GetInt64(), Bytes("adapter"));
        }
    }

    private void AddOllama(string name, char digest)
    {
        var hex = new string(digest, 64);
        var bytes = SampleModels.Llama().ToArray();
        _home.Write(bytes, ".ollama", "models", "blobs", "sha256-" + hex);
        _home.Write(
            Manifest(hex, bytes.Length), [".ollama", "models", "manifests", .. name.Split('/')]);
    }

    private static string Manifest(string hex, long size) =>
        "{\"schemaVersion\":2,\"config\":{},\"layers\":[{\"mediaType\":\"application/vnd.ollama.image.model\","
        + $"\"digest\":\"sha256:{hex}\",\"size\":{size}}}]}}";
}
