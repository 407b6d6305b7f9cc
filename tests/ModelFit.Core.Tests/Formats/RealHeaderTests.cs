using System.IO;
using System.IO.Compression;
using System.Threading;
using ModelFit.Formats;
using ModelFit.Formats.Gguf;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Formats;

/// <summary>
/// Headers of published models as llama.cpp's tools write them, reduced: the texts of their vocabularies are empty. The
/// expected sums were counted from the headers by another program.
/// </summary>
public sealed class RealHeaderTests
{
    private const long BeyondAll = 1L << 42;
    private const int DamagedFilesOfEach = 150;
    private const long MostBytes = 16 << 20;

    private readonly RecordingSink _sink = new();

    public static TheoryData<string, string, string, long, long> Headers => new()
    {
        { "mixtral-8x22b-Q4_K_M", "llama", "Q4_K_M", 140630071296, 85598035968 },
        { "gpt-oss-20b-MXFP4_MOE", "gpt-oss", "MXFP4_MOE", 20914757184, 12096558336 },
        { "gemma-3-27b-Q4_0", "gemma3", "Q4_0", 27009002240, 15560551424 },
        { "qwen3-30b-a3b-IQ4_XS", "qwen3moe", "IQ4_XS", 30532122624, 16551122944 },
        { "deepseek-v3-671b-IQ1_M", "deepseek2", "IQ1_M", 671026419200, 149053452288 },
        { "falcon-h1-7b-Q4_K_M", "falcon-h1", "Q4_K_M", 7585513568, 4592077184 },
        { "llama-3.1-8b-IQ2_M", "llama", "IQ2_M", 8030261312, 2940444928 },
        { "phi-3-mini-4k-Q4_K_M", "phi3", "Q4_K_M", 3821079552, 2396032512 },
        { "glm-4.5-air-Q6_K", "glm4moe", "Q6_K", 110468824832, 98998168576 },
        { "llama-3.2-1b-Q4_0", "llama", "Q4_0", 1235814432, 763097216 },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void Are_read_right(string name, string architecture, string quantization, long parameters, long bytes)
    {
        var source = new MemorySource(name + ".gguf", Read(name), BeyondAll);
        var spec = GgufModel.Read(source, ModelOrigin.File, _sink, CancellationToken.None);
        Assert.Equal(architecture, spec.Architecture);
        Assert.Equal(quantization, spec.Quantization);
        Assert.Equal(parameters, spec.ParameterCount);
        Assert.Equal(bytes, spec.Layout!.Define(null, new List<string>()).WeightBytes);
        Assert.Empty(_sink.Warnings);
    }

    public static TheoryData<string> Names => [.. Headers.Select(row => row.Data.Item1)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Damaged_end_in_an_error_or_a_spec(string name)
    {
        var whole = Read(name);
        for (var seed = 0; seed < DamagedFilesOfEach; seed++)
        {
            HostileFiles.Read(name + ".gguf", Mutator.Mutate(whole, seed), out var allocated);
            Assert.True(allocated < MostBytes, $"{name}, seed {seed}: {allocated} bytes allocated");
        }
    }

    private static byte[] Read(string name)
    {
        using var file = File.OpenRead(RepositoryFolder.Path("tests", "data", "formats", name + ".gguf.gz"));
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        unpacked.CopyTo(bytes);
        return bytes.ToArray();
    }
}
