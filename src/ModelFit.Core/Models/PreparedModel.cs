using System;
using System.Collections.Concurrent;

namespace ModelFit.Models;

/// <summary>
/// What the rooms derive from one definition (dimensions, weights by layer, cost tables, answers): each thing once,
/// when it is first asked for. It lives as long as the definition, and nothing else holds it. Thread-safe.
/// </summary>
internal sealed class PreparedModel
{
    private readonly ConcurrentDictionary<Type, object> _derived = new();

    /// <summary>Prepares a definition; nothing is derived yet.</summary>
    public PreparedModel(ModelDefinition definition) => Definition = definition;

    /// <summary>The definition.</summary>
    public ModelDefinition Definition { get; }

    /// <summary>What is derived as the type, made by the function if nobody asked before.</summary>
    public T Get<T>(Func<PreparedModel, T> derive)
        where T : class =>
        (T)(_derived.TryGetValue(typeof(T), out var known)
            ? known
            : Derive(derive));

    // A closure that is made here and not above costs nothing where the answer is known.
    private object Derive<T>(Func<PreparedModel, T> derive)
        where T : class =>
        _derived.GetOrAdd(typeof(T), _ => derive(this));
}
