using System.Collections.Generic;
using System.IO;
using System.Text;

namespace ModelFit.Common;

/// <summary>The data files that are built into this assembly.</summary>
internal static class EmbeddedText
{
    /// <summary>The lines of a data file after its header line, each split at its tabs.</summary>
    /// <param name="name">The bare file name, for example <c>gpus.tsv</c>.</param>
    public static IEnumerable<string[]> Rows(string name)
    {
        using var stream = typeof(EmbeddedText).Assembly.GetManifestResourceStream(name)
            ?? throw new FileNotFoundException("The assembly was built without its data file.", name);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        reader.ReadLine();
        while (reader.ReadLine() is { } line) yield return line.Split('\t');
    }
}
