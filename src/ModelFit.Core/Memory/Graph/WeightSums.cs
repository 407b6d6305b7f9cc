using System.Collections.Generic;
using ModelFit.Memory.Graph.Architectures;
using ModelFit.Memory.Graph.Backends;

namespace ModelFit.Memory.Graph;

/// <summary>
/// Bytes of weights a device: each placed as load_tensors places it and aligned as its buffer aligns
/// (ggml/src/ggml-alloc.c, ggml_backend_alloc_ctx_tensors_from_buft).
/// </summary>
internal static class WeightSums
{
    /// <summary>One sum a GPU in order, the host's last.</summary>
    public static long[] Of(ModelShape model, DevicePlan devices, RuntimeOptions options)
    {
        var sums = new long[devices.Backends.Length];
        foreach (var weight in model.Weights.All)
        {
            var layers = options.LoadMtp || IsKept(model, weight) ? model.AllLayers : model.Layers;
            if (weight.Layer >= layers) continue;
            switch (weight.Home)
            {
                case WeightHome.Layer:
                    Add(sums, devices, weight, devices.BufferOf(weight, weight.Layer));
                    break;
                case WeightHome.FirstLayer:
                    Add(sums, devices, weight, devices.BufferOf(weight, 0));
                    break;
                case WeightHome.Output:
                    Add(sums, devices, weight, devices.BufferOf(weight, devices.OutputLayer));
                    break;
                case WeightHome.EveryLayer:
                    AddToEach(sums, model, devices, weight, layers);
                    break;
                default:
                    Add(sums, devices, weight, devices.BufferOf(weight, -1));
                    break;
            }
        }

        AddTied(sums, model, devices, options.Repack);
        return sums;
    }

    /// <summary>
    /// What serves as embedding and output at once is there twice: on two devices, or repacked and as it is.
    /// </summary>
    private static void AddTied(long[] sums, ModelShape model, DevicePlan devices, bool repacks)
    {
        var source = model.Architecture.Output;
        if (source is OutputSource.Embedding or OutputSource.None) return;
        var embeddings = model.Weights.Global("token_embd.weight");
        if (model.Weights.Global("output.weight") is { } output)
        {
            if (embeddings is null) Add(sums, devices, output, devices.BufferOf(output, devices.OutputLayer));
            return;
        }

        if (embeddings is null) return;
        var buffer = devices.BufferOf(embeddings, devices.OutputLayer);
        var isRepacked = repacks && devices.GpuCount == 0 && CpuRules.Repacks(embeddings.Info);
        if (isRepacked || source == OutputSource.OwnOrCopied
            || !ReferenceEquals(buffer, devices.BufferOf(embeddings, -1)))
            Add(sums, devices, embeddings, buffer);
    }

    private static bool IsKept(ModelShape model, WeightSlot weight)
    {
        var name = weight.Info.Name;
        var part = name.IndexOf('.', name.IndexOf('.') + 1) + 1;
        foreach (var start in model.Architecture.KeptPredictionWeights)
            if (string.CompareOrdinal(name, part, start, 0, start.Length) == 0) return true;
        return false;
    }

    private static void AddToEach(long[] sums, ModelShape model, DevicePlan devices, WeightSlot weight, int layers)
    {
        var buffers = new List<BufferType>();
        for (var layer = 0; layer < layers; layer++)
        {
            if (model.Architecture.LoadsFactorsForGlobal && model.IsWindowLayer[layer]) continue;
            var buffer = devices.BufferOf(weight, layer);
            if (buffers.Contains(buffer)) continue;
            buffers.Add(buffer);
            Add(sums, devices, weight, buffer);
        }
    }

    private static void Add(long[] sums, DevicePlan devices, WeightSlot weight, BufferType buffer)
    {
        var host = devices.GpuCount;
        if (!buffer.IsHost)
        {
            var rules = devices.Backends[buffer.Device];
            sums[buffer.Device] += rules.Align(rules.WeightSize(weight.Info));
        }
        else
        {
            var isPinned = ReferenceEquals(buffer, devices.Host);
            var alignment = isPinned ? devices.Backends[host].Alignment : CpuRules.TensorAlignment;
            sums[host] += BackendRules.Align(weight.Info.Bytes, alignment);
        }
    }
}
