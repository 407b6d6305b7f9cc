using System.IO;
using System.Text.Json;
using System.Threading;
using ModelFit.Formats;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Formats;

/// <summary>Recorded configurations of published models, each with what it truly says.</summary>
public sealed class HfConfigRecordings
{
    private static readonly Dictionary<string, string[]> Quantizations = new()
    {
        ["fp8"] = ["FP8", "NVFP4-ModelOpt"],
        ["mxfp4"] = ["MXFP4"],
        ["modelopt"] = ["NVFP4-ModelOpt"],
        ["compressed-tensors"] = ["MXFP4"],
    };

    private static readonly Lazy<Dictionary<string, long>> Published = new(ReadPublished);

    [Fact]
    public void Each_is_read_right()
    {
        var problems = new List<string>();
        foreach (var (file, record) in SharedFolder.Recordings("hf-config"))
        {
            var spec = ModelFiles.Read(file, NullSink.Instance, CancellationToken.None);
            var name = Path.GetFileName(file);
            var expected = record.GetProperty("expected");
            void Compare(string property, long? found)
            {
                if (!expected.TryGetProperty(property, out var value) || value.GetInt64() == found) return;
                problems.Add($"{name}: {property} is {value}, read as {found}");
            }

            Compare("layers", spec.LayerCount);
            Compare("hidden", spec.EmbeddingLength);
            Compare("heads", spec.HeadCount);
            if (!expected.TryGetProperty("kv_lora_rank", out _)) Compare("kv_heads", spec.KvHeadCount);
            else if (spec.AttentionKind is not ("MLA" or "Hybrid")) problems.Add($"{name}: latent attention not seen");
            if (!IsOfWindowedLayers(spec) && spec.AttentionKind != "MLA") Compare("head_dim", spec.KeyLength);
            Compare("experts", spec.ExpertCount);
            Compare("experts_per_tok", spec.ExpertUsedCount);
            Compare("ctx", spec.TrainedContextLength);
            Compare("vocab", spec.VocabularySize);
            if (expected.TryGetProperty("quant", out var quantization)
                && Array.IndexOf(Quantizations[quantization.GetString()!], spec.Quantization) < 0)
                problems.Add($"{name}: {quantization} read as {spec.Quantization}");
            ComparePublished(name, spec, problems);
        }

        Assert.Empty(problems);
    }

    /// <summary>
    /// Gemma 4's <c>head_dim</c> is that of its windowed layers; the others have <c>global_head_dim</c>.
    /// </summary>
    private static bool IsOfWindowedLayers(ModelSpec spec) => spec.Architecture == "gemma4";

    /// <summary>The parameter count that was published, for those whose dimensions reproduce it.</summary>
    private static void ComparePublished(string name, ModelSpec spec, List<string> problems)
    {
        var slug = Path.GetFileNameWithoutExtension(name)[4..];
        if (!Published.Value.TryGetValue(slug, out var published) || spec.ParameterCount is not { } found) return;
        if (Math.Abs(found - published) > 0.005 * published)
            problems.Add($"{name}: {published} parameters were published, {found} read");
    }

    private static Dictionary<string, long> ReadPublished()
    {
        var path = Path.Combine(SharedFolder.Path!, "facts", "models.json");
        return JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("models").EnumerateArray()
            .Where(model => model.GetProperty("verified").ValueKind == JsonValueKind.True)
            .GroupBy(model => model.GetProperty("id").GetString()!.Replace('/', '-').ToLowerInvariant())
            .ToDictionary(group => group.Key, group => group.First().GetProperty("total_params").GetInt64());
    }
}
