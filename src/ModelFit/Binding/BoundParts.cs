using System.Collections.Concurrent;
using System.Reflection;
using ModelFit.Questions;

namespace ModelFit.Binding;

/// <summary>The parts of the question that a cmdlet has parameters for.</summary>
internal static class BoundParts
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo?[]> Parameters = new();

    /// <summary>What the parameters of a cmdlet say now, of the parts that are asked for.</summary>
    public static QuestionInput Read(object cmdlet, IEnumerable<QuestionPart> parts)
    {
        var parameters = Parameters.GetOrAdd(
            cmdlet.GetType(), type => QuestionParts.All.Select(part => type.GetProperty(part.Name)).ToArray());
        return QuestionInput.Empty.With(parts, part => parameters[part.Index]?.GetValue(cmdlet));
    }
}
