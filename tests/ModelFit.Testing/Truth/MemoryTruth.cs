using System.Collections.Concurrent;
using ModelFit.Catalog;
using ModelFit.Models;

namespace ModelFit.Testing.Truth;

/// <summary>
/// The memory model against every row of <c>tests/data/memory</c>: the truth, the held-out rows, those of catalog
/// entries, of all architectures and of other processors, which llama.cpp answered without allocating, and the real
/// rows, which it allocated.
/// </summary>
public sealed class MemoryTruth
{
    public MemoryTruth()
    {
        var models = CompactHeaders.Read(DataPath("headers"));
        TruthComparison Compare(string rows, bool isReal) =>
            TruthComparison.Run(TruthRow.Read(DataPath(rows)), name => models[name], isReal);
        var truth = Compare("rows", isReal: false);
        Table = truth.Table();
        Misses = truth.Misses;
        WrongFlashAttention = truth.WrongFlashAttention;
        Nameless = TruthComparison.Run(
            TruthRow.Read(DataPath("rows")), name => WithoutName(models[name]), isReal: false);
        HeldOut = Compare("rows-heldout", isReal: false);
        Real = Compare("rows-real", isReal: true);
        Processors = Compare("rows-processors", isReal: false);
        Catalog = TruthComparison.Run(TruthRow.Read(DataPath("rows-catalog")), LayOut, isReal: false);
        var small = CompactHeaders.Read(DataPath("headers-architectures"));
        EveryArchitecture = TruthComparison.Run(
            TruthRow.Read(DataPath("rows-architectures")), name => small[name], isReal: false);
        SmallHeldOut = TruthComparison.Run(
            TruthRow.Read(DataPath("rows-architectures-heldout")), name => small[name], isReal: false);
        SmallReal = TruthComparison.Run(
            TruthRow.Read(DataPath("rows-architectures-real")), name => small[name], isReal: true);
    }

    internal IReadOnlyList<TruthFigure> Table { get; }

    internal IReadOnlyList<string> Misses { get; }

    internal IReadOnlyList<string> WrongFlashAttention { get; }

    /// <summary>The truth again, the names of its architectures hidden.</summary>
    internal TruthComparison Nameless { get; }

    /// <summary>
    /// Random settings asked after the rules were written: odd contexts, batches, splits, caches.
    /// </summary>
    internal TruthComparison HeldOut { get; }

    /// <summary>The same, really allocated; host weights are not compared, for they are mapped.</summary>
    internal TruthComparison Real { get; }

    /// <summary>The processor alone with other kernels than AVX2's, of which the other rows are.</summary>
    internal TruthComparison Processors { get; }

    /// <summary>Catalog entries, laid out; each row names them as <c>id|quantization</c>.</summary>
    internal TruthComparison Catalog { get; }

    /// <summary>
    /// Small models, one an architecture, with the dimensions that llama.cpp's own test of all architectures gives
    /// them (tests/test-llama-archs.cpp), doubled.
    /// </summary>
    internal TruthComparison EveryArchitecture { get; }

    /// <summary>Small models of nearly every architecture, their weights of types chosen by chance.</summary>
    internal TruthComparison SmallHeldOut { get; }

    /// <summary>Small models of nearly every architecture, really allocated.</summary>
    internal TruthComparison SmallReal { get; }

    private static readonly ConcurrentDictionary<ModelDefinition, ModelDefinition> Hidden = new();

    private static ModelDefinition WithoutName(ModelDefinition model) => Hidden.GetOrAdd(model, known => new(
        new ModelMetadata("nameless", known.Metadata.Keys.ToDictionary(key => key, key => known.Metadata[key]!)),
        known.Tensors,
        known.Accuracy));

    private static ModelDefinition LayOut(string name)
    {
        var parts = name.Split('|');
        var layout = ModelCatalog.Resolve(parts[0], NullSink.Instance).Layout!;
        return layout.Define(parts[1], new List<string>());
    }

    private static string DataPath(string name) =>
        RepositoryFolder.Path("tests", "data", "memory", name + ".txt");
}
