using System.IO;
using ModelFit.Models;
using ModelFit.Module.Tests.Tool;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Module.Tests.Files;

/// <summary>Get-ModelSpec over files, folders and addresses, in the real engine.</summary>
public sealed class ModelFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static ToolRun Run(params string[] args) => ToolRun.Of(["Get-ModelSpec", .. args, "-OutputFormat", "Json"]);

    private string Model(params string[] path) => _folder.Write(SampleModels.Llama().ToArray(), path);

    [Fact]
    public void Reads_a_file_by_its_literal_path()
    {
        var path = Model("with [brackets].gguf");
        var spec = Assert.Single(Run("-LiteralPath", path).Objects);
        Assert.Equal(path, (string?)spec["ModelPath"]);
        Assert.Equal(SampleModels.LlamaParameters, (long)spec["ParameterCount"]!);
        Assert.Equal("F16", (string?)spec["Quantization"]);
        Assert.Equal("llama", (string?)spec["Architecture"]);
    }

    [Fact]
    public void Binds_paths_by_property_name_as_get_child_item_gives_them()
    {
        var path = Model("a [1].gguf").Replace("'", "''");
        var command = $"[pscustomobject]@{{ PSPath = '{path}' }} | Get-ModelSpec";
        var run = ToolRun.Of("-Command", command, "-OutputFormat", "Json");
        Assert.Equal(0, run.ExitCode);
        Assert.Single(run.Objects);
    }

    [Fact]
    public void Expands_wildcards()
    {
        Model("a", "one.gguf");
        Model("b", "two.gguf");
        Assert.Equal(2, Run("-Path", Path.Combine(_folder.Path, "*", "*.gguf")).Objects.Count);
    }

    [Fact]
    public void Answers_a_split_model_once()
    {
        for (var number = 1; number <= 2; number++)
        {
            var part = new GgufWriter().Add("split.no", (ushort)(number - 1)).Add("split.count", (ushort)2)
                .Add("general.architecture", "llama").Add("llama.block_count", 1).Add("llama.embedding_length", 64)
                .Add($"blk.0.t{number}.weight", TensorType.F16, 64, 64);
            _folder.Write(part.ToArray(), $"m-0000{number}-of-00002.gguf");
        }

        var spec = Assert.Single(Run("-Path", Path.Combine(_folder.Path, "*.gguf")).Objects);
        Assert.Equal(2 * 64 * 64, (long)spec["ParameterCount"]!);
    }

    [Fact]
    public void Lists_a_folder_and_reports_each_broken_entry_once()
    {
        Model("a", "one.gguf");
        Model("c", "two.gguf");
        _folder.Write(SampleModels.Llama().ToArray()[..500], "b", "cut.gguf");
        var run = Run("-StorePath", _folder.Path);
        Assert.Equal(2, run.ExitCode);
        Assert.Equal(2, run.Objects.Count);
        Assert.Equal(1, run.Error.Split("InvalidModelFile").Length - 1);
    }

    [Fact]
    public void Lists_an_ollama_store()
    {
        var digest = new string('a', 64);
        _folder.Write(SampleModels.Llama().ToArray(), "blobs", "sha256-" + digest);
        _folder.Write(
            "{\"layers\":[{\"mediaType\":\"application/vnd.ollama.image.model\",\"digest\":\"sha256:" + digest
            + "\",\"size\":1}]}",
            "manifests", "registry.ollama.ai", "library", "tiny", "7b");
        var spec = Assert.Single(Run("-StorePath", _folder.Path).Objects);
        Assert.Equal("tiny:7b", (string?)spec["Name"]);
        Assert.Equal("Ollama", (string?)spec["Source"]);
    }

    [Theory]
    [InlineData("-LiteralPath", "absent.gguf", "FileUnreadable")]
    [InlineData("-StorePath", "absent", "FileUnreadable")]
    [InlineData("-Uri", "ftp://127.0.0.1/model.gguf", "RemoteFailed")]
    [InlineData("-Uri", "no address", "RemoteFailed")]
    [InlineData("-Store", "Nowhere", "ParameterBinding")]
    public void Fails_with_the_id_of_the_error(string parameter, string value, string id)
    {
        var isPath = parameter.EndsWith("Path", StringComparison.Ordinal);
        var run = Run(parameter, isPath ? Path.Combine(_folder.Path, value) : value);
        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Output);
        if (id != "ParameterBinding") Assert.Contains(id, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_a_file_by_its_address()
    {
        var path = Model("model.gguf");
        Assert.Equal(path, (string?)Run("-Uri", new Uri(path).AbsoluteUri).Objects.Single()["ModelPath"]);
    }

    [Fact]
    public void Warns_of_what_is_no_language_model_and_describes_it()
    {
        var projector = new GgufWriter().Add("general.architecture", "clip").Add("mm.0.weight", TensorType.F16, 64, 8);
        var run = Run("-LiteralPath", _folder.Write(projector.ToArray(), "mmproj.gguf"));
        Assert.Equal("clip", (string?)run.Objects.Single()["Architecture"]);
        Assert.Contains("projector", run.Error, StringComparison.Ordinal);
    }
}
