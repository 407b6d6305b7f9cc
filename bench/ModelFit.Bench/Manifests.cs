using System.IO;
using System.Reflection;

namespace ModelFit.Bench;

/// <summary>Where the modules that are compared were built to.</summary>
internal static class Manifests
{
    /// <summary>The module.</summary>
    public static string ModelFit => Of("ModelFitManifest");

    /// <summary>A binary module with one cmdlet that writes what it gets.</summary>
    public static string Empty => Of("EmptyManifest");

    private static string Of(string key) => Path.GetFullPath(typeof(Manifests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().First(entry => entry.Key == key).Value!);
}
