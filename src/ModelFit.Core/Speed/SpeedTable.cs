using System.Globalization;
using ModelFit.Common;

namespace ModelFit.Speed;

/// <summary>All constants of the speed model.</summary>
internal sealed class SpeedTable
{
    /// <summary>The data files of the assembly.</summary>
    public const string EngineFile = "speed-engines.tsv", ClassFile = "speed-classes.tsv", TermFile = "speed-terms.tsv";

    private static readonly Lazy<SpeedTable> Loaded = new(Load);

    private readonly Dictionary<string, Engine> _engines;
    private readonly Dictionary<(ComputeBackend Backend, ModelRuntime Runtime), Engine> _programs = new();
    private readonly Dictionary<(string Class, string Engine), SpeedClass> _classes;

    /// <summary>A table of its rows.</summary>
    public SpeedTable(IEnumerable<Engine> engines, IEnumerable<SpeedClass> classes, SpeedTerms terms)
    {
        _engines = engines.ToDictionary(engine => engine.Name, StringComparer.Ordinal);
        _classes = classes.ToDictionary(row => (row.Name, row.Engine));
        Terms = terms;
        foreach (ComputeBackend backend in Enum.GetValues(typeof(ComputeBackend)))
            foreach (ModelRuntime runtime in Enum.GetValues(typeof(ModelRuntime)))
                _programs[(backend, runtime)] = EngineNamed(backend, runtime);
    }

    /// <summary>The table that is built in.</summary>
    public static SpeedTable Default => Loaded.Value;

    /// <summary>What holds for all devices.</summary>
    public SpeedTerms Terms { get; }

    /// <summary>The classes with a row.</summary>
    public IEnumerable<SpeedClass> Classes => _classes.Values;

    /// <summary>
    /// The engine on cards that is named like the runtime, where one was measured; else that of the backend.
    /// </summary>
    public Engine EngineOf(ComputeBackend backend, ModelRuntime runtime) => _programs[(backend, runtime)];

    /// <summary>An engine by name.</summary>
    public Engine EngineNamed(string name) => _engines[name];

    /// <summary>
    /// The row of a card's class under an engine; where nothing was measured of it, that of its family, then of its
    /// vendor, which are the middle of their classes; null if there is none of these either.
    /// </summary>
    public SpeedClass? ClassOf(GpuSpec card, Engine engine) =>
        Row(SpeedClass.Of(card), engine) ?? Row(SpeedClass.FamilyOf(card), engine) ?? Row(card.Vendor, engine);

    /// <summary>Matrix rate of a card over its single-precision rate: the nearest that was measured.</summary>
    /// <param name="card">The card.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="row">The row of its class; null if there is none.</param>
    public double PrefillShareOf(GpuSpec card, Engine engine, SpeedClass? row) => row?.PrefillShare
        ?? Row(SpeedClass.FamilyOf(card), engine)?.PrefillShare
        ?? Row(card.Vendor, engine)?.PrefillShare
        ?? engine.PrefillShare;

    /// <summary>
    /// The row of a machine's processor by its name; else that of its instruction sets, else that of all processors.
    /// </summary>
    public SpeedClass? ProcessorOf(MachineSpec? machine)
    {
        var engine = EngineNamed(nameof(ComputeBackend.Cpu));
        var kind = ProcessorKind.Of(machine?.Cpu);
        return Row(kind?.Class, engine)
            ?? Row(kind?.Kernels ?? ProcessorKind.FamilyOf(machine), engine)
            ?? Row(ProcessorKind.Any, engine);
    }

    private Engine EngineNamed(ComputeBackend backend, ModelRuntime runtime)
    {
        if (backend != ComputeBackend.Cpu && _engines.TryGetValue(runtime.ToString(), out var own)) return own;
        return _engines.TryGetValue(backend.ToString(), out var engine) ? engine : _engines["Vulkan"];
    }

    private SpeedClass? Row(string? name, Engine engine) =>
        name is not null && _classes.TryGetValue((name, engine.Name), out var row) ? row : null;

    private static SpeedTable Load()
    {
        var terms = EmbeddedText.Rows(TermFile).ToDictionary(
            row => row[0], row => double.Parse(row[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
        return new SpeedTable(
            EmbeddedText.Rows(EngineFile).Select(Engine.Parse),
            EmbeddedText.Rows(ClassFile).Select(SpeedClass.Parse),
            SpeedTerms.Of(name => terms[name]));
    }
}
