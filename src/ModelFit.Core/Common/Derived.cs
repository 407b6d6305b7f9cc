using System.Collections.Concurrent;

namespace ModelFit.Common;

/// <summary>
/// What the rooms derive from one object (of a model's definition: dimensions, weights by layer, cost tables, answers):
/// each thing once, when it is first asked for. It lives as long as the object, and nothing else holds it. Thread-safe.
/// </summary>
internal sealed class Derived<TOwner>(TOwner owner)
{
    private readonly ConcurrentDictionary<Type, object> _values = new();

    /// <summary>What is derived as the type, made by the function if nobody asked before.</summary>
    public T Get<T>(Func<TOwner, T> derive)
        where T : class =>
        (T)(_values.TryGetValue(typeof(T), out var known) ? known : Derive(derive));

    // A closure that is made here and not above costs nothing where the answer is known.
    private object Derive<T>(Func<TOwner, T> derive)
        where T : class =>
        _values.GetOrAdd(typeof(T), _ => derive(owner));
}
