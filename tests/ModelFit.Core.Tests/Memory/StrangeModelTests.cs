using ModelFit.Architectures;
using ModelFit.Graph;
using ModelFit.Memory;
using ModelFit.Models;
using ModelFit.Testing;
using ModelFit.Testing.Truth;
using Xunit;

namespace ModelFit.Core.Tests.Memory;

/// <summary>
/// What a strange header may cause is a rule of thumb that says so, and nothing else: all other exceptions that leave
/// the memory model are mistakes of ours, which nothing catches.
/// </summary>
public sealed class StrangeModelTests
{
    /// <summary>What a key is set to, in turn; null takes it out.</summary>
    private static readonly object?[] Values =
    [
        0L, 1L, -1L, 3L, 1L << 31, long.MaxValue, null, "text", Array.Empty<long>(), new long[] { 0 },
        new long[] { 0, 2, long.MinValue }, 0.5, true,
    ];

    private static readonly Lazy<ModelDefinition[]> Models = new(() =>
        new[] { "headers.txt", "headers-architectures.txt" }
            .SelectMany(name => CompactHeaders.Read(RepositoryFolder.Path("tests", "data", "memory", name)).Values)
            .GroupBy(model => model.Architecture)
            .Select(models => models.First())
            .ToArray());

    [Fact]
    public void Any_key_may_be_anything() => AssertAnswered(
        from model in Models.Value
        from key in model.Metadata.Keys.Select((name, index) => (name, index))
        from value in new[] { Values[key.index % Values.Length], Values[(key.index + 5) % Values.Length] }
        select ($"{key.name} = {value ?? "nothing"}", Changed(model, key.name, value)));

    [Fact]
    public void Any_tensor_may_be_missing_or_of_another_shape()
    {
        const int step = 5;
        AssertAnswered(
            from model in Models.Value
            from index in Enumerable.Range(0, model.Tensors.Count).Where(index => index % step == 0).Take(12)
            from change in new Func<TensorInfo, TensorInfo?>[]
            {
                _ => null, tensor => tensor with { N0 = 0 }, tensor => tensor with { N1 = 0, N2 = 0 },
                tensor => tensor with { N0 = tensor.N0 * 2 }, tensor => tensor with { N1 = 1L << 40 },
            }
            let tensor = model.Tensors[index]
            select (tensor.Name, new ModelDefinition(
                model.Metadata,
                model.Tensors.Select(other => ReferenceEquals(other, tensor) ? change(other) : other)
                    .OfType<TensorInfo>().ToArray(),
                Accuracy.Exact)));
    }

    /// <summary>Values that <c>config.json</c> may hold and <c>ModelChecks</c> lets through.</summary>
    [Fact]
    public void Any_dimension_is_laid_out_or_a_fault_of_the_file()
    {
        object?[] values = [0L, 1L, 3L, null, Array.Empty<long>(), new long[] { 0, 2 }, Array.Empty<bool>()];
        const int mostLayers = 8;
        var wrong = new List<string>();
        var count = 0;
        foreach (var (model, key) in
            from model in Models.Value
            where ArchitectureList.Find(model.Architecture)?.NoLayout is null
                && model.Metadata.Integer("block_count", 0) <= mostLayers
            from key in model.Metadata.Keys
            select (model, key))
        {
            var strange = new Hyperparameters(
                Changed(model, key, values[count++ % values.Length]).Metadata, Traits.None);
            try
            {
                new LaidOutModel(() => strange, 1 << 20).Define("F16", new List<string>());
            }
            catch (ModelFitException fault) when (fault.ErrorId == ErrorIds.InvalidModelFile)
            {
                // The file's own fault, which says the dimension.
            }
            catch (Exception error)
            {
                wrong.Add($"{model.Architecture}: {key}: {error.GetType().Name}");
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {count}\n" + string.Join('\n', wrong.Take(40)));
        Assert.True(count > 1000, "there are cases");
    }

    /// <summary>Layers that share the cache of an earlier one need one.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void No_layer_shares_the_cache_of_none(int more)
    {
        var model = Models.Value.Single(model => model.Architecture == "gemma4");
        var shared = model.Metadata.Integer("block_count", 0) + more;
        var memory = MemoryModel.Measure(
            Changed(model, "attention.shared_kv_layers", shared), new RuntimeOptions(), new DeviceLayout());
        Assert.Equal(Accuracy.Approximate, memory.Accuracy);
    }

    /// <summary>Each dimension alone is one that <c>ModelChecks</c> lets through.</summary>
    [Fact]
    public void A_tensor_larger_than_any_is_a_fault_of_the_file()
    {
        var model = new Hyperparameters(
            new ModelMetadata("llama", new Dictionary<string, object>
            {
                ["block_count"] = 2L, ["embedding_length"] = 1L << 24, ["attention.head_count"] = 65_535L,
                ["attention.key_length"] = 1L << 24, ["feed_forward_length"] = 1L << 24, ["vocab_size"] = 1L << 24,
            }),
            Traits.None);
        var fault = Assert.Throws<ModelFitException>(
            () => new LaidOutModel(() => model, null).Define("F16", new List<string>()));
        Assert.Equal(ErrorIds.InvalidModelFile, fault.ErrorId);
    }

    private static void AssertAnswered(IEnumerable<(string What, ModelDefinition Model)> cases)
    {
        var wrong = new List<string>();
        var options = new RuntimeOptions { ContextLength = 1024 };
        var layouts = new[]
        {
            new DeviceLayout(), new DeviceLayout { Backend = ComputeBackend.Vulkan, GpuCount = 2, GpuLayers = 2 },
        };
        var count = 0;
        foreach (var (what, model) in cases)
        {
            try
            {
                MemoryModel.Measure(model, options, layouts[count++ % layouts.Length]);
            }
            catch (Exception error)
            {
                wrong.Add($"{model.Architecture}: {what}: {error.GetType().Name}: {error.StackTrace?.Split('\n')[0]}");
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {count}\n" + string.Join('\n', wrong.Take(40)));
        Assert.True(count > 1000, "there are cases");
    }

    private static ModelDefinition Changed(ModelDefinition model, string key, object? value)
    {
        var values = model.Metadata.Keys.ToDictionary(name => name, name => model.Metadata[name]!);
        if (value is null) values.Remove(key);
        else values[key] = value;
        return new ModelDefinition(new ModelMetadata(model.Architecture, values), model.Tensors, Accuracy.Exact);
    }
}
