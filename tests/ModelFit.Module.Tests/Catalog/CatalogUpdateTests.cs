using System.IO;
using ModelFit.Module.Tests.Engine;
using ModelFit.Module.Tests.Hardware;
using Xunit;

namespace ModelFit.Module.Tests.Catalog;

/// <summary>A server on loopback that lists repositories as the Hugging Face hub's API is documented to.</summary>
public sealed class CatalogUpdateTests : IDisposable
{
    private const string Tree = "/api/models/unsloth/Qwen3.6-27B-GGUF/tree/main";

    private const string Files = """
        [{"type":"directory","path":"BF16"},
         {"type":{},"path":[],"size":true,"lfs":1},
         {"type":"file","path":"README.md","size":900,"lfs":null},
         {"type":"file","path":"Qwen3.6-27B-UD-Q4_K_XL.gguf","size":130,"lfs":{"size":17612000256}},
         {"type":"file","path":"BF16/Qwen3.6-27B-BF16-00001-of-00002.gguf","size":50000000000},
         {"type":"file","path":"BF16/Qwen3.6-27B-BF16-00002-of-00002.gguf","size":4000000000},
         {"type":"file","path":"mmproj-F16.gguf","size":930000000}]
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("modelfit-update-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_list_is_fetched_when_asked_and_counts_at_once()
    {
        using var server = new TestHttpServer(
            path => path.StartsWith(Tree, StringComparison.Ordinal) ? (200, Files) : (404, "{}"));
        var path = Path.Combine(_folder, "lists.json");
        var run = ModuleSession.Once($"""
            $env:MODELFIT_CATALOG = ''
            Update-ModelFitCatalog unsloth/Qwen3.6-27B-GGUF -Endpoint http://127.0.0.1:{server.Port} -Path '{path}'
            Test-ModelFit unsloth/Qwen3.6-27B-GGUF:UD-Q4_K_XL 4090
            Get-ModelSpec unsloth/Qwen3.6-27B-GGUF -Published 
            """);
        Assert.Empty(run.Errors);
        var info = (CatalogInfo)run.Output[0].BaseObject;
        Assert.Equal((1, 3), (info.RepositoryCount, info.FileCount));
        Assert.Equal("Qwen3.6-27B-UD-Q4_K_XL.gguf", run.Output[1].Properties["File"].Value);
        Assert.Equal(DateTime.UtcNow.ToString("yyyy-MM-dd", null), run.Output[1].Properties["FileDate"].Value);
        var files = run.Output.Select(item => item.BaseObject).OfType<PublishedFile>();
        Assert.Equal(54000000000, files.Single(file => file.Quantization == "BF16").FileBytes);
        Assert.Single(server.Requests);
    }

    [Fact]
    public void A_repository_that_fails_does_not_cost_the_others_or_the_lists_before()
    {
        using var server = new TestHttpServer(path => path.StartsWith(Tree, StringComparison.Ordinal) ? (200, Files)
            : path.Contains("gpt-oss-20b", StringComparison.Ordinal)
                ? (200, """[{"type":"file","path":"gpt-oss-20b-mxfp4.gguf","size":12109566560}]""")
                : (404, "{}"));
        var path = Path.Combine(_folder, "lists.json");
        var update = $"Update-ModelFitCatalog -Endpoint http://127.0.0.1:{server.Port} -Path '{path}' -Repository";
        var run = ModuleSession.Once(
            $"{update} ggml-org/gpt-oss-20b-GGUF; {update} unsloth/Qwen3.6-27B-GGUF, unsloth/Qwen3-8B-GGUF");
        Assert.Equal(["RemoteFailed"], run.ErrorIds);
        Assert.Equal([1, 2], run.Output.Select(item => ((CatalogInfo)item.BaseObject).RepositoryCount));
        Assert.Contains("gpt-oss-20b-mxfp4.gguf", File.ReadAllText(path), StringComparison.Ordinal);
    }
}
