using System.Collections;
using System.Threading;

namespace ModelFit.Common;

/// <summary>Collections whose readers throw <see cref="OperationCanceledException"/> once all is stopped.</summary>
internal static class Stoppable
{
    /// <summary>The elements, each behind a look at the token.</summary>
    public static IEnumerable<T> Until<T>(this IEnumerable<T> elements, CancellationToken stop)
    {
        foreach (var element in elements)
        {
            stop.ThrowIfCancellationRequested();
            yield return element;
        }
    }

    /// <summary>The list, each element behind a look at the token, however it is read.</summary>
    public static IReadOnlyList<T> Until<T>(this IReadOnlyList<T> list, CancellationToken stop) =>
        stop.CanBeCanceled ? new StoppableList<T>(list, stop) : list;

    private sealed class StoppableList<T>(IReadOnlyList<T> list, CancellationToken stop) : IReadOnlyList<T>
    {
        public int Count => list.Count;

        public T this[int index]
        {
            get
            {
                stop.ThrowIfCancellationRequested();
                return list[index];
            }
        }

        public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)list).Until(stop).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
