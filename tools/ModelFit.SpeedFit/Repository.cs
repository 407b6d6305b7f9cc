using System.Reflection;

namespace ModelFit.SpeedFit;

/// <summary>Where the repository is that this was built from.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == "RepoRoot").Value!;
}
