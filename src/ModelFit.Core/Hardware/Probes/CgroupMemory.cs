using System.Globalization;

namespace ModelFit.Hardware.Probes;

/// <summary>The memory limit of the container that this process runs in, cgroup version 1 or 2.</summary>
/// <param name="LimitBytes">The lowest limit on the way to the root; null if there is none.</param>
/// <param name="UsedBytes">Memory charged to the group with that limit, without file cache that can be dropped.</param>
internal sealed record CgroupMemory(long? LimitBytes, long? UsedBytes)
{
    /// <summary>Version 1 writes "no limit" as the largest multiple of the page size.</summary>
    private const long NoLimit = 1L << 60;

    /// <summary>Reads the groups of the process.</summary>
    public static CgroupMemory Read(IProbeFiles files)
    {
        var groups = (files.Text("/proc/self/cgroup") ?? "0::/").Split('\n')
            .Select(line => line.Split(new[] { ':' }, 3))
            .Where(parts => parts.Length == 3).ToList();
        var v2 = groups.Where(parts => parts[1].Length == 0).Select(parts => parts[2]).FirstOrDefault() ?? "/";
        var v1 = groups.Where(parts => parts[1].Split(',').Contains("memory")).Select(parts => parts[2])
            .FirstOrDefault();
        var limits = Folders("/sys/fs/cgroup", v2).Select(folder => Group(
                files, folder, "memory.max", "memory.current", "inactive_file"))
            .Concat(Folders("/sys/fs/cgroup/memory", v1 ?? "/").Select(folder => Group(
                files, folder, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")));
        return limits.Where(group => group.LimitBytes is not null).OrderBy(group => group.LimitBytes)
            .FirstOrDefault() ?? new CgroupMemory(null, null);
    }

    /// <summary>The limit in a file: a number, or <c>max</c> for none.</summary>
    public static long? Limit(string? text) =>
        Number(text) is { } bytes and > 0 and < NoLimit ? bytes : null;

    /// <summary>The group's folder and its parents': inside a container its own path may not be mounted.</summary>
    private static IEnumerable<string> Folders(string mount, string path)
    {
        for (var at = path.Trim().TrimEnd('/'); at.Length > 0; at = at.Substring(0, at.LastIndexOf('/')))
            yield return mount + at;
        yield return mount;
    }

    private static CgroupMemory Group(IProbeFiles files, string folder, string limit, string usage, string cache)
    {
        if (Limit(files.Text($"{folder}/{limit}")) is not { } bytes) return new CgroupMemory(null, null);
        var inactive = (files.Text($"{folder}/memory.stat") ?? string.Empty).Split('\n')
            .Where(line => line.StartsWith(cache + " ", StringComparison.Ordinal))
            .Select(line => Number(line.Substring(cache.Length))).FirstOrDefault() ?? 0;
        return new CgroupMemory(bytes, Number(files.Text($"{folder}/{usage}")) - inactive);
    }

    private static long? Number(string? text) =>
        long.TryParse(text?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
