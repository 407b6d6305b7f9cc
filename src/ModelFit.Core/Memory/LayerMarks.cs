using ModelFit.Common;
using ModelFit.Graph;
using ModelFit.Graph.Backends;
using ModelFit.Models;

namespace ModelFit.Memory;

/// <summary>
/// What of each layer a graph can tell from another layer: its weights by name, shape and type, and what the header
/// says of that layer alone. Equal marks mean equal nodes.
/// </summary>
internal sealed class LayerMarks
{
    /// <summary>Stands for every quantized type on a GPU, whose kernels treat them alike.</summary>
    private const int Quantized = -1;

    private readonly ulong[] _headers;
    private readonly Mark[][] _weights;
    private readonly Mark[] _globals;
    private readonly ulong[] _kinds;

    private LayerMarks(ModelShape model)
    {
        var lists = model.Metadata.Keys.OrderBy(key => key, StringComparer.Ordinal)
            .Select(key => model.Metadata[key]).OfType<Array>().ToArray();
        _headers = Enumerable.Range(0, model.AllLayers).Select(layer => HeaderOf(model, layer, lists)).ToArray();
        var byLayer = model.Weights.All.Where(weight => weight.Layer >= 0 && weight.Layer < model.AllLayers)
            .ToLookup(weight => weight.Layer, weight => new Mark(weight, LocalName(weight.Info.Name)));
        _weights = Enumerable.Range(0, model.AllLayers).Select(layer => byLayer[layer].ToArray()).ToArray();
        _globals = model.Weights.All.Where(weight => weight.Layer < 0)
            .Select(weight => new Mark(weight, weight.Info.Name)).ToArray();
        _kinds = _headers.Select((header, layer) =>
            _weights[layer].Aggregate(header, (kind, weight) => Hash64.Mix(kind, weight.Name))).ToArray();
        foreach (var mark in _weights.SelectMany(layer => layer).Concat(_globals)) Names = Hash64.Mix(Names, mark.Name);
    }

    /// <summary>A number for the names and shapes of all weights, whatever their types.</summary>
    public ulong Names { get; }

    /// <summary>The marks of a model, made once.</summary>
    public static LayerMarks Of(ModelShape model) => model.Definition.Prepared.Get(_ => new LayerMarks(model));

    /// <summary>A number that two layers share if they differ at most in types of weights.</summary>
    public ulong KindOf(int layer) => _kinds[layer];

    /// <summary>A number that two layers share if a device cannot tell them apart where they lie.</summary>
    public ulong At(int layer, DevicePlan devices, int device)
    {
        var mark = Hash64.Mix(_headers[layer], PlaceOf(devices.DeviceOf(layer), device));
        foreach (var weight in _weights[layer])
        {
            var buffer = devices.BufferOf(weight.Weight, layer);
            mark = Hash64.Mix(mark, PlaceOf(buffer, devices, device));
            mark = Hash64.Mix(mark, buffer.IsHost ? weight.Exact : weight.Alike);
        }

        return mark;
    }

    /// <summary>A number for where everything outside the layers lies, as a device sees it.</summary>
    public ulong Outside(DevicePlan devices, int device)
    {
        var mark = PlaceOf(devices.DeviceOf(devices.OutputLayer), device);
        var isOutputOnHost = devices.DeviceOf(devices.OutputLayer) < 0;
        foreach (var weight in _globals)
        {
            var buffer = devices.BufferOf(weight.Weight, devices.LayerOf(weight.Weight));
            mark = Hash64.Mix(mark, PlaceOf(buffer, devices, device));
            // Rows are looked up alike in every type; what is a product, as tied embeddings are, a GPU may copy.
            var isExact = weight.Weight.Home == WeightHome.Input ? isOutputOnHost : buffer.IsHost;
            mark = Hash64.Mix(mark, isExact ? weight.Exact : weight.Alike);
        }

        return mark;
    }

    private static ulong PlaceOf(BufferType buffer, DevicePlan devices, int device) =>
        !buffer.IsHost ? PlaceOf(buffer.Device, device) : ReferenceEquals(buffer, devices.Cpu) ? 0UL : 1;

    /// <summary>The host, the device itself, or another GPU: which one it is makes no difference.</summary>
    private static ulong PlaceOf(int owner, int device) => owner < 0 ? 1UL : owner == device ? 2UL : 3UL;

    private static ulong HeaderOf(ModelShape model, int layer, Array[] lists)
    {
        var hash = Hash64.Mix(model.IsWindowLayer[layer] ? 1UL : 0, (ulong)model.Heads[layer]);
        hash = Hash64.Mix(hash, (ulong)model.KvHeads[layer]);
        if (layer < model.Layers) hash = Hash64.Mix(hash, model.Shape.HasRope(model, layer) ? 1UL : 0);
        foreach (var list in lists)
        {
            hash = list switch
            {
                long[] numbers when layer < numbers.Length => Hash64.Mix(hash, (ulong)numbers[layer]),
                double[] numbers when layer < numbers.Length =>
                    Hash64.Mix(hash, (ulong)BitConverter.DoubleToInt64Bits(numbers[layer])),
                bool[] flags when layer < flags.Length => Hash64.Mix(hash, flags[layer] ? 1UL : 2),
                _ => hash,
            };
        }

        return Hash64.Mix(hash, layer < model.Layers ? 0UL : 1);
    }

    private static string LocalName(string name) =>
        name.Substring(name.IndexOf('.', name.IndexOf('.') + 1) + 1);

    /// <summary>A weight of a layer, as the host and as a GPU tell it from others.</summary>
    private readonly struct Mark
    {
        public Mark(Weight weight, string name)
        {
            Weight = weight;
            var (info, hash) = (weight.Info, Hash64.Of(name));
            hash = Hash64.Mix(Hash64.Mix(hash, (ulong)info.N0), (ulong)info.N1);
            Name = hash = Hash64.Mix(Hash64.Mix(hash, (ulong)info.N2), (ulong)info.N3);
            Exact = Hash64.Mix(hash, (ulong)info.Type);
            var isAlike = info.Type.IsQuantized() && info.Type is not (TensorType.TQ1_0 or TensorType.TQ2_0);
            Alike = Hash64.Mix(hash, unchecked((ulong)(isAlike ? Quantized : (int)info.Type)));
        }

        public Weight Weight { get; }

        public ulong Name { get; }

        public ulong Exact { get; }

        public ulong Alike { get; }
    }
}
