using ModelFit.Graph.Backends;

namespace ModelFit.Graph;

/// <summary>
/// What a device holds that maps the file in place of copying it: the range of the file from the first to the last of
/// its tensors, whatever lies between (src/llama-model-loader.cpp, get_mapping_range; src/llama-model.cpp,
/// load_tensors).
/// </summary>
internal sealed class MappedFile
{
    private const int Alignment = 32;

    private readonly Weight[] _order;

    private MappedFile(ModelShape model) => _order = model.Definition.IsInFileOrder
        ? model.Weights.All.ToArray()
        : model.Weights.All.OrderBy(weight => weight.Info.Parsed.Block)
            .ThenBy(weight => weight.Info.Name, StringComparer.Ordinal).ToArray();

    /// <summary>Bytes of the range, and of what the host has outside of it.</summary>
    public static long[] Of(ModelShape model, RuntimeOptions options, DevicePlan devices) =>
        model.Definition.Prepared.Get(_ => new MappedFile(model)).RangeOf(model, options, devices);

    /// <summary>
    /// llama-quantize writes what is in no layer first, then the layers, each by the names of its tensors
    /// (src/llama-model-loader.h, weight_name_comparer).
    /// </summary>
    private long[] RangeOf(ModelShape model, RuntimeOptions options, DevicePlan devices)
    {
        var isTied = model.Shape.Output is not (OutputSource.Embedding or OutputSource.None)
            && model.Weights.Global("output.weight") is null;
        var hosted = new List<(long Start, long End)>();
        var (position, first, last) = (0L, long.MaxValue, 0L);
        foreach (var weight in _order)
        {
            var (start, end) = (position, position + weight.Info.Bytes);
            position = BackendRules.Align(end, Alignment);
            if (!WeightSums.IsLoaded(model, weight, options)) continue;
            var layer = isTied && weight.Info.Name == "token_embd.weight" ? devices.OutputLayer
                : weight.Home == WeightHome.EveryLayer ? devices.OutputLayer - 1
                : devices.LayerOf(weight);
            if (devices.BufferOf(weight, layer).IsHost) hosted.Add((start, end));
            else (first, last) = (Math.Min(first, start), Math.Max(last, end));
        }

        var outside = hosted.Where(range => range.End <= first || range.Start >= last);
        return new[] { Math.Max(0, last - first), outside.Sum(range => range.End - range.Start) };
    }
}
