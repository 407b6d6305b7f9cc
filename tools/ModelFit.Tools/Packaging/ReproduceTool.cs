using System.Diagnostics;
using System.IO;
using System.Security.Cryptography;
using ModelFit.Testing;

namespace ModelFit.Tools.Packaging;

/// <summary>
/// Builds the packages of the last commit twice, in two fresh clones in folders of different names, and compares the
/// results byte by byte.
/// </summary>
internal static class ReproduceTool
{
    private static readonly string[] Folders = ["first", Path.Combine("second", "in a folder of another name")];

    /// <summary>Takes the parts of <see cref="PackageTool"/>, or none for all.</summary>
    public static Tool Tool { get; } =
        new("reproduce", "Builds the packages of the last commit twice, and compares their bytes.", Run);

    private static int Run(IReadOnlyList<string> parts)
    {
        using var place = new TemporaryFolder();
        var (first, second) = (Build(place, Folders[0], parts), Build(place, Folders[1], parts));
        var names = first.Keys.Union(second.Keys).Order(StringComparer.Ordinal).ToArray();
        foreach (var name in names)
            Console.WriteLine($"{(IsSame(name) ? "same" : "DIFFERS"),-8}{Describe(first, name)}  {name}");
        return names.Length > 0 && names.All(IsSame) ? 0 : 1;

        bool IsSame(string name) =>
            first.TryGetValue(name, out var one) && second.TryGetValue(name, out var other) && one == other;
    }

    /// <summary>Builds in a clone of its own. Gives the size and hash of each file.</summary>
    private static Dictionary<string, (long Size, string Hash)> Build(
        TemporaryFolder place, string folder, IReadOnlyList<string> parts)
    {
        var clone = Path.Combine(place.Path, folder);
        var packages = Path.Combine(clone, "out", "packages");
        Start(place.Path, "git", "clone", "--quiet", RepositoryFolder.Path(), clone);
        Start(clone, "dotnet",
            ["run", "-c", "Release", "--project", "tools/ModelFit.Tools", "--", "package", .. parts]);
        return Directory.GetFiles(packages, "*", SearchOption.AllDirectories).ToDictionary(
            path => Path.GetRelativePath(packages, path),
            path => (new FileInfo(path).Length, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))));
    }

    private static void Start(string folder, string program, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(program, words) { WorkingDirectory = folder })!;
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }

    private static string Describe(Dictionary<string, (long Size, string Hash)> files, string name) =>
        files.TryGetValue(name, out var file) ? $"{file.Size,12:N0}  {file.Hash[..16]}" : new string(' ', 30);
}
