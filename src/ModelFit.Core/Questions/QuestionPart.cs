namespace ModelFit.Questions;

/// <summary>
/// One part of the question: how people name and write it, and where it stands in a <see cref="FitQuestion"/>.
/// Parameters, columns of rows, answers, launch lines and the text of a question are read from it.
/// </summary>
/// <param name="name">The name of its parameter.</param>
/// <param name="read">
/// What one value says, as it was typed or stands in a cell; null for a blank. Throws
/// <see cref="ErrorIds.InvalidArgument"/> for what cannot be used.
/// </param>
internal sealed class QuestionPart(string name, Func<object?, object?>? read = null)
{
    private static readonly IReadOnlyDictionary<ModelRuntime, LaunchWords> NoWords =
        new Dictionary<ModelRuntime, LaunchWords>();

    /// <summary>Position in <see cref="QuestionParts.All"/>.</summary>
    public int Index { get; internal set; }

    /// <summary>The name of its parameter.</summary>
    public string Name { get; } = name;

    /// <summary>Other names of the parameter and of its column.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = Array.Empty<string>();

    /// <summary>The property of an answer that says it again; null if none does.</summary>
    public string? Echo { get; init; } = name;

    /// <summary>What one value says; null where it is a name that is looked up when a record is processed.</summary>
    public Func<object?, object?>? Read { get; } = read;

    /// <summary>Type of one value.</summary>
    public Type Type { get; init; } = typeof(object);

    /// <summary>Whether several values are several questions (of GPUs: one machine).</summary>
    public bool IsList { get; init; }

    /// <summary>Whether it is a part of the machine.</summary>
    public bool IsHardware { get; init; }

    /// <summary>Whether a column of a row or a property of an object says it.</summary>
    public bool IsBoundByName { get; init; } = true;

    /// <summary>The value in a question; null if it is not said.</summary>
    public Func<FitQuestion, object?> Get { get; init; } = _ => null;

    /// <summary>The question with another value; null where a name has to be looked up first.</summary>
    public Func<FitQuestion, object, FitQuestion>? Set { get; init; }

    /// <summary>How the launch lines of runtimes say it.</summary>
    public IReadOnlyDictionary<ModelRuntime, LaunchWords> Launch { get; init; } = NoWords;

    /// <summary>The word that says it in a launch line.</summary>
    public string WordOf(ModelRuntime runtime) => Launch[runtime].Names[0];

    /// <summary>Words by runtime, as a row of a table has them.</summary>
    public static IReadOnlyDictionary<ModelRuntime, LaunchWords> Words((ModelRuntime Runtime, string Text)[] words) =>
        words.ToDictionary(row => row.Runtime, row => new LaunchWords(row.Text));

    public override string ToString() => Name;
}
