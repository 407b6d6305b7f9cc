using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading;
using ModelFit.Graph.Backends;

namespace ModelFit.Graph;

/// <summary>
/// The layers of a model as most layouts have them: each whole on one device, or with its experts on the host. Then
/// nothing has to be asked of single weights.
/// </summary>
internal sealed class LayerTable
{
    /// <summary>Host, the device that looks, another GPU; each with its experts or without.</summary>
    private const int Places = 6;

    private readonly LayerSum[] _dense;
    private readonly LayerSum[] _experts;
    private readonly long[][] _marks;

    private LayerTable(ModelShape model, DevicePlan devices, RuntimeOptions options)
    {
        _dense = new LayerSum[model.AllLayers];
        _experts = new LayerSum[model.AllLayers];
        _marks = Enumerable.Range(0, Places).Select(_ => new long[model.AllLayers]).ToArray();
        var others = new List<Weight>();
        foreach (var weight in model.Weights.All.Where(weight => WeightSums.IsLoaded(model, weight, options)))
        {
            if (weight.Home != WeightHome.Layer)
            {
                others.Add(weight);
                continue;
            }

            // Both sums are kept, for a buffer of the host aligns and pads in another way than a card's.
            var gpu = devices.Backends[0];
            var host = BackendRules.Align(weight.Info.Bytes, devices.Backends[devices.GpuCount].Alignment);
            var sums = weight.IsExpert ? _experts : _dense;
            sums[weight.Layer] = sums[weight.Layer].With(gpu.Align(gpu.WeightSize(weight.Info)), host);
        }

        Others = others;
        Debug.Assert(
            others.Count + _dense.Sum(sum => sum.Tensors) + _experts.Sum(sum => sum.Tensors)
                == model.Weights.All.Count(weight => WeightSums.IsLoaded(model, weight, options)),
            "each loaded weight is counted once");
    }

    /// <summary>The weights that are in no layer.</summary>
    public IReadOnlyList<Weight> Others { get; }

    /// <summary>The table for a plan; null where some weight of a layer may lie elsewhere than its layer.</summary>
    public static LayerTable? Of(ModelShape model, DevicePlan devices, RuntimeOptions options)
    {
        if (devices.GpuCount == 0 || !devices.MovesLayersWhole) return null;
        var tables = model.Definition.Prepared.Get(_ => new ConcurrentDictionary<(Type, bool), LayerTable?>());
        var key = (devices.Backends[0].GetType(), options.LoadMtp);
        return tables.TryGetValue(key, out var known) ? known : tables.GetOrAdd(
            key, model.Weights.All.All(devices.HoldsEverywhere) ? new LayerTable(model, devices, options) : null);
    }

    /// <summary>
    /// Adds what the layers take: bytes to each device, the host's last; returns the number of tensors.
    /// </summary>
    public int AddTo(long[] bytes, DevicePlan devices)
    {
        var (host, tensors) = (devices.GpuCount, 0);
        for (var layer = 0; layer < _dense.Length; layer++)
        {
            var gpu = devices.DeviceOf(layer);
            bytes[gpu < 0 ? host : gpu] += gpu < 0 ? _dense[layer].HostBytes : _dense[layer].GpuBytes;
            var isKept = gpu >= 0 && layer >= devices.CpuMoeLayers;
            bytes[isKept ? gpu : host] += isKept ? _experts[layer].GpuBytes : _experts[layer].HostBytes;
            tensors += _dense[layer].Tensors + _experts[layer].Tensors;
        }

        return tensors;
    }

    /// <summary>
    /// What <paramref name="mark"/> makes of a layer as a device sees it, made once for each place where it can lie.
    /// </summary>
    public ulong MarkOf(int layer, DevicePlan devices, int device, Func<int, DevicePlan, int, ulong> mark)
    {
        var owner = devices.DeviceOf(layer);
        var place = ((owner < 0 ? 0 : owner == device ? 1 : 2) * 2) + (layer < devices.CpuMoeLayers ? 1 : 0);
        var marks = _marks[place];
        var made = Volatile.Read(ref marks[layer]);
        if (made != 0) return unchecked((ulong)made);
        var now = mark(layer, devices, device);
        Volatile.Write(ref marks[layer], unchecked((long)now));
        return now;
    }

    private readonly record struct LayerSum(long GpuBytes, long HostBytes, int Tensors)
    {
        public LayerSum With(long gpuBytes, long hostBytes) =>
            new(GpuBytes + gpuBytes, HostBytes + hostBytes, Tensors + 1);
    }
}
