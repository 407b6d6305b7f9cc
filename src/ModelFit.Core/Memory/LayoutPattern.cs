using ModelFit.Common;
using ModelFit.Graph;

namespace ModelFit.Memory;

/// <summary>
/// What of a layout the compute buffers of each device depend on. ggml's allocator walks the graph in order and lets
/// go of what is read no more (ggml/src/ggml-alloc.c), so that behind a few equal layers another one changes nothing:
/// layers of a device that differ in nothing but how often what repeats is repeated take the same buffers.
/// </summary>
internal sealed class LayoutPattern
{
    private readonly ModelShape _model;
    private readonly DevicePlan _devices;
    private readonly LayerMarks _marks;
    private readonly LayerTable? _table;
    private readonly bool _repeats;
    private readonly bool _isNear;
    private readonly bool _sparesHost;
    private readonly ulong[] _known;

    public LayoutPattern(ModelShape model, DevicePlan devices, RuntimeOptions options)
    {
        (_model, _devices) = (model, devices);
        _marks = LayerMarks.Of(model);
        _table = LayerTable.Of(model, devices, options);
        var stays = options is { OffloadKv: true, OffloadOperations: true };
        _isNear = stays && !model.Shape.RemembersLayers && model.LayersWithCache == model.AllLayers;
        _repeats = _isNear && !KeepsState(model);
        _sparesHost = stays && devices.IsFullyOffloaded && _table is not null;
        _known = new ulong[2 * devices.Backends.Length];
    }

    /// <summary>
    /// Whether what is near decides. It does not where layers hold on to what earlier ones made or attend over caches
    /// of others, but for the host where it has none of them, nor where caches or the operations on weights of the
    /// host stay behind, so that each layer goes to the host and back.
    /// </summary>
    /// <param name="device">A backend of the plan, the host last.</param>
    public bool RepeatsOn(int device) => _repeats || (_sparesHost && (_isNear || device == _devices.GpuCount));

    /// <summary>
    /// A number that two devices share if their compute buffers are the same, because their layers repeat alike.
    /// </summary>
    /// <param name="device">A backend of the plan, the host last.</param>
    public ulong Of(int device) => Known(2 * device, device, isWhole: false);

    /// <summary>The same if all layers are alike, one by one, as seen from the devices.</summary>
    public ulong OfWhole(int device) => Known((2 * device) + 1, device, isWhole: true);

    /// <summary>
    /// The layers that the buffers of some GPUs follow from: their own with one before and one behind them, which hand
    /// over, the first of each kind, which bring the inputs, and the last, which goes on only with the tokens that are
    /// asked for. Null where that is every layer.
    /// </summary>
    public IReadOnlyList<int>? LayersOf(Func<int, bool> isAsked)
    {
        if (!_sparesHost || !_repeats) return null;
        for (var device = 0; device < _devices.Backends.Length; device++)
            if (isAsked(device) && RoleOf(device) != 2) return null;
        var kinds = new HashSet<ulong>();
        bool IsAsked(int layer) => layer >= 0 && isAsked(_devices.BackendOf(layer));
        var layers = Enumerable.Range(0, _model.Layers)
            .Where(layer => kinds.Add(_marks.KindOf(layer)) || layer == _model.Layers - 1
                || IsAsked(layer - 1) || IsAsked(layer) || IsAsked(BehindOf(layer)))
            .ToArray();
        return layers.Length < _model.Layers ? layers : null;
    }

    /// <summary>Whether layers keep a state: state spaces, and linear attention (Qwen3-Next and after).</summary>
    private static bool KeepsState(ModelShape model) =>
        model.Shape.ScansState || model.Metadata.Has("ssm.conv_kernel");

    private ulong Known(int slot, int device, bool isWhole)
    {
        if (_known[slot] == 0) _known[slot] = Make(device, isWhole);
        return _known[slot];
    }

    private ulong Make(int device, bool isWhole)
    {
        var role = RoleOf(device);
        var pattern = _marks.Outside(_devices, device);
        pattern = Hash64.Mix(pattern, (ulong)_devices.Copies << 4 | role << 2
            | (_devices.IsFullyOffloaded ? 2UL : 0) | (isWhole ? 1UL : 0));
        if (isWhole)
        {
            for (var layer = 0; layer < _model.AllLayers; layer++)
            {
                pattern = Hash64.Mix(pattern, MarkOf(layer, device));
                if (role == 0) pattern = Hash64.Mix(pattern, (ulong)(_devices.DeviceOf(layer) + 1));
            }

            return pattern;
        }

        // Where layers keep a state, a device sees every one of its own.
        var walk = new RepetitionWalk(_model.AllLayers, keepsAll: !_repeats && device < _devices.GpuCount);
        var before = ulong.MaxValue;
        var (owner, turn) = (-1, 0UL);
        for (var layer = 0; layer < _model.AllLayers; layer++)
        {
            // What the host and the first GPU hand to several GPUs they keep until the last has it: there it shows
            // where the next one begins.
            if (role < 2 && _devices.DeviceOf(layer) != owner) turn ^= 1;
            owner = _devices.DeviceOf(layer);
            var place = owner < 0 ? 0 : owner == device ? 1 : 2 + turn;
            // Of what is computed elsewhere a device sees only where it begins, and what hands over to it.
            var isHidden = IsElsewhere(layer, device, role) && !HandsOver(layer, device);
            if (isHidden && place == before) continue;
            before = isHidden ? place : ulong.MaxValue;
            walk.Append(Hash64.Mix(isHidden ? 0 : MarkOf(layer, device), place));
        }

        foreach (var mark in walk.Marks) pattern = Hash64.Mix(pattern, mark);
        return pattern;
    }

    /// <summary>
    /// 0 is the host, 1 the GPU on which large batches over weights of the host run, whichever GPU the layer lies on,
    /// 2 one that runs only its own layers.
    /// </summary>
    private ulong RoleOf(int device) => device == _devices.GpuCount ? 0UL
        : device == 0 && !(_table is not null && _devices is { IsFullyOffloaded: true, CpuMoeLayers: <= 0 }) ? 1UL
        : 2;

    /// <summary>The last layer differs from those before: it goes on only with the tokens that are asked for.</summary>
    private ulong MarkOf(int layer, int device) => Hash64.Mix(
        _table is null
            ? _marks.At(layer, _devices, device)
            : _table.MarkOf(layer, _devices, device, _marks.At),
        layer == _model.Layers - 1 ? 1UL : 0);

    /// <summary>Whether what comes behind a layer, the next one or the output, is computed on a device.</summary>
    private bool HandsOver(int layer, int device) => _devices.DeviceOf(BehindOf(layer)) == device;

    private int BehindOf(int layer) => layer == _model.Layers - 1 ? _devices.OutputLayer : layer + 1;

    /// <summary>Whether nothing of a layer is computed on a device.</summary>
    private bool IsElsewhere(int layer, int device, ulong role)
    {
        if (_table is null) return false;
        var own = _devices.DeviceOf(layer);
        return own != device && (role == 2 || (own >= 0 && layer >= _devices.CpuMoeLayers));
    }
}
