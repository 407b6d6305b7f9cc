using System.IO;

namespace ModelFit.Testing;

/// <summary>A folder that goes when the test does.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("modelfit ").FullName;

    /// <summary>A path within, its folders created.</summary>
    public string this[params string[] segments]
    {
        get
        {
            var path = System.IO.Path.Combine([Path, .. segments]);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            return path;
        }
    }

    /// <summary>Writes a text to a file within.</summary>
    public string Write(string text, params string[] segments)
    {
        var path = this[segments];
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Writes bytes to a file within.</summary>
    public string Write(byte[] bytes, params string[] segments)
    {
        var path = this[segments];
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
