using System.IO;
using System.Text;

namespace ModelFit.Common;

/// <summary>The data files that are built into this assembly.</summary>
internal static class EmbeddedText
{
    /// <summary>The whole text of a file that is built in.</summary>
    public static string Whole(string name)
    {
        using var reader = new StreamReader(Open(name), Encoding.UTF8);
        return reader.ReadToEnd().Replace("\r\n", "\n");
    }

    private static Stream Open(string name) => typeof(EmbeddedText).Assembly.GetManifestResourceStream(name)
        ?? throw new FileNotFoundException("The assembly was built without its data file.", name);

    /// <summary>The lines of a data file after its header line, each split at its tabs.</summary>
    /// <param name="name">The bare file name, for example <c>gpus.tsv</c>.</param>
    public static IEnumerable<string[]> Rows(string name)
    {
        using var reader = new StreamReader(Open(name), Encoding.UTF8);
        reader.ReadLine();
        while (reader.ReadLine() is { } line) yield return line.Split('\t');
    }
}
