using System.Collections.Concurrent;
using System.Threading;
using ModelFit.Models;

namespace ModelFit.Architectures;

/// <summary>
/// Remembers the definitions of one model by quantization. The most recent ones of all models together are held; older
/// ones only as long as somebody else holds them, so that a search over all models and quantizations does not fill
/// the memory. Thread-safe.
/// </summary>
internal sealed class DefinitionCache
{
    private const int Held = 2048;

    private static readonly ModelDefinition?[] Recent = new ModelDefinition?[Held];
    private static int _next;

    private readonly ConcurrentDictionary<string, WeakReference<ModelDefinition>> _byName =
        new(StringComparer.Ordinal);

    /// <summary>The remembered definition, or null.</summary>
    public ModelDefinition? Find(string name) =>
        _byName.TryGetValue(name, out var reference) && reference.TryGetTarget(out var known) ? known : null;

    /// <summary>The remembered definition, or a new one.</summary>
    public ModelDefinition Get(string name, Func<ModelDefinition> build)
    {
        if (_byName.TryGetValue(name, out var reference) && reference.TryGetTarget(out var known)) return known;
        var built = AlikeDefinitions.Shared(build());
        _byName[name] = new WeakReference<ModelDefinition>(built);
        Recent[(uint)Interlocked.Increment(ref _next) % Held] = built;
        return built;
    }
}
