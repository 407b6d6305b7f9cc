using System.Globalization;
using ModelFit.Graph;
using ModelFit.Memory;
using ModelFit.Models;
using ModelFit.Placement;

namespace ModelFit.Runtimes.LlamaCpp;

/// <summary>
/// llama.cpp's own fit of what a line leaves open to the free memory of the cards (common/fit.cpp,
/// common_params_fit_impl): first the context is cut, then dense layers fill the cards from the back, then layers get
/// their experts from the front. Its steps and its integer arithmetic are followed, because a launch line is judged by
/// the state that it leaves.
/// </summary>
internal sealed partial class LlamaCppFit
{
    private const int Granule = 256;

    private readonly RuntimeFit _fit;
    private readonly FitQuestion _question;
    private readonly ModelDefinition _model;
    private readonly MachineBudget _machine;
    private readonly LayerCosts _costs;
    private readonly int _layers;
    private readonly long[] _targets;
    private long _context;
    private (long Context, long[] Used) _draft;

    private LlamaCppFit(RuntimeFit fit, FitQuestion question, ModelDefinition model, MachineBudget machine)
    {
        _fit = fit;
        _question = question;
        _model = model;
        _machine = machine;
        _costs = LayerCosts.Of(model, question.Options.LoadMtp);
        _layers = _costs.LayerCount - 1 - _costs.IdleLayers;
        _context = question.Options.TotalTokens;
        _targets = machine.Cards.Select((card, i) => FreeOf(card) + card.DraftBytes - fit.TargetOf(i)).ToArray();
    }

    private int Cards => _targets.Length;

    /// <summary>
    /// The question with what the fit leaves, and a word on what it cut; <see cref="ErrorIds.InvalidArgument"/> for
    /// more cards than llama.cpp starts with.
    /// </summary>
    public static FitQuestion Apply(RuntimeFit fit, FitQuestion question, ModelDefinition model, MachineBudget machine)
    {
        if (LlamaCppRefusals.OfCards(machine.Cards.Count) is { } reason) throw new ModelFitException(
            ErrorIds.InvalidArgument, reason, question.Model.Name);
        return question.Options.SplitMode == GpuSplitMode.Tensor
            ? question with { Fit = null }
            : new LlamaCppFit(fit, question, model, machine).Run();
    }

    private FitQuestion Run()
    {
        var full = Measure(Whole());
        if (Cards == 0) return OnHost(full);
        if (Fits(full)) return Result(null);
        if (_fit.ChoosesContext && _question.Options.CacheTokens is not null && CutContext(full)) return Result(null);
        var options = _question.Options;
        var isPinned = _question.GpuLayers is not null || _question.CpuMoeLayers > 0
            || _question.TensorOverrides is not null || (Cards > 1 && options.TensorSplit is not null);
        return Result(isPinned ? null : PlaceLayers());
    }

    private bool Fits(long[] used) => !used.Where((bytes, card) => bytes > _targets[card]).Any();

    /// <summary>
    /// Cuts the context to what is left; true if that may be enough (on several cards layers still move). The margin is
    /// kept beside what is taken later, so that it is still there when something is computed.
    /// </summary>
    private bool CutContext(long[] full)
    {
        var options = _question.Options;
        var most = _context;
        var streams = options.KvUnified ? 1 : Math.Max(1, options.ParallelSequences);
        var least = (long)_fit.MinimumContext * streams;
        if (full.Sum() <= _targets.Sum() || most <= least) return false;
        var target = _targets.Sum() - _machine.Cards.Sum(card => card.LaterBytes);
        if (Cards > 1)
        {
            var perLayer = WeightsOf(Whole()) / Math.Max(1, Math.Min(_question.GpuLayers ?? int.MaxValue, _layers));
            target -= (Cards + 1) * perLayer / (_costs.HasExperts ? 6 : 2);
        }

        _context = least;
        var small = Measure(Whole()).Sum();
        if (target <= small) return false;
        _context += (most - least) * (target - small) / Math.Max(1, full.Sum() - small);
        _context = Math.Max(_context - (_context % (Granule * streams)), least);
        return Cards <= 1;
    }

    /// <summary>Without cards only the context can be cut, to all of system memory.</summary>
    private FitQuestion OnHost(long[] full)
    {
        if (_machine.HostBytes is not { } host || !_fit.ChoosesContext || _question.Options.CacheTokens is null)
            return Result(null);
        var target = host - _fit.TargetOf(0);
        var (most, streams) = (_context, _question.Options.KvUnified ? 1 : _question.Options.ParallelSequences);
        var least = (long)_fit.MinimumContext * Math.Max(1, streams);
        if (full[0] <= target || most <= least) return Result(null);
        _context = least;
        var small = Measure(Whole())[0];
        if (target <= small) return Result(null);
        _context += (most - least) * (target - small) / Math.Max(1, full[0] - small);
        _context = Math.Max(_context - (_context % (Granule * Math.Max(1, streams))), least);
        return Result(null);
    }

    private DeviceLayout Whole() => new()
    {
        Backend = _machine.Backend,
        GpuCount = Math.Max(1, Cards),
        GpuLayers = Cards == 0 ? 0 : _question.GpuLayers ?? int.MaxValue,
        CpuMoeLayers = _question.CpuMoeLayers ?? 0,
        Split = Cards > 1 ? _question.Options.TensorSplit ?? ByFreeMemory() : null,
        TensorOverrides = _question.TensorOverrides,
        Processor = Cards == 0 ? _machine.Processor : default,
    };

    private EquatableArray<double> ByFreeMemory() =>
        new(_machine.Cards.Select(card => (double)Math.Max(1, FreeOf(card))));

    private static long FreeOf(CardBudget card) => card.Limit(keepReserve: false) + card.LaterBytes;

    /// <summary>Bytes on each card (on the host without cards) as the no-allocation mode reports them.</summary>
    private long[] Measure(DeviceLayout layout)
    {
        var used = MapOf(layout).Gpus.Select(gpu => gpu.TotalBytes)
            .DefaultIfEmpty(MapOf(layout).Host.TotalBytes).ToArray();
        if (_question.Draft is not { } draft || Cards == 0) return used;
        if (_draft.Context != _context)
        {
            var asked = _question with { Options = _question.Options with { CacheTokens = _context } };
            var beside = DraftMemory.Measure(asked, draft, _machine, isReal: false);
            _draft = (_context, beside.Gpus.Select(gpu => gpu.TotalBytes).ToArray());
        }

        return used.Select((bytes, card) => bytes + _draft.Used[card]).ToArray();
    }

    private long WeightsOf(DeviceLayout layout) => MapOf(layout).Gpus.Sum(gpu => gpu.WeightBytes);

    private MemoryEstimate MapOf(DeviceLayout layout)
    {
        var counted = Cards == 0 ? layout with { Backend = ComputeBackend.Cpu, GpuCount = 0 } : layout;
        return MemoryModel.Measure(_model, _question.Options with { CacheTokens = _context }, counted, isReal: false);
    }

    private FitQuestion Result(Shares? shares)
    {
        var options = _question.Options;
        var words = new List<string>();
        if (_question.Settled is { } before) words.Add(before);
        if (_context != options.TotalTokens)
        {
            var each = options.KvUnified ? _context : _context / Math.Max(1, options.ParallelSequences);
            var held = (int)Math.Min(each, _question.TrainedContext ?? each);
            words.Add(string.Format(
                CultureInfo.InvariantCulture, "llama.cpp's own fit cut the context from {0} to {1} tokens",
                options.TotalTokens, _context));
            options = options with { ContextLength = held };
            if (options.TotalTokens != _context) options = options with { CacheTokens = _context };
        }

        var question = _question with { Fit = null, IsLaunched = true, IsFit = _question.GpuLayers is null };
        if (shares is not null)
        {
            words.Add(string.Format(
                CultureInfo.InvariantCulture, "llama.cpp's own fit puts {0} of {1} layers on the cards{2}",
                shares.Layers, _costs.UsedLayers, shares.Parts > 0 ? ", most without their experts" : string.Empty));
            var overrides = shares.Overrides(_layers, _machine.Backend).ToArray();
            question = question with
            {
                GpuLayers = shares.Layers,
                TensorOverrides = overrides.Length == 0 ? null : new EquatableArray<string>(overrides),
            };
            if (Cards > 1)
                options = options with { TensorSplit = new EquatableArray<double>(shares.Split) };
        }

        return question with { Options = options, Settled = words.Count == 0 ? null : string.Join("; ", words) };
    }
}
