using System.Text.RegularExpressions;
using System.Threading;
using ModelFit.Common;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// What each host of a text told: behind the prompts of their shells, behind Ansible's lines, behind a line with the
/// name alone (<c>server1:</c>, <c>=== node-a ===</c>), or on lines that begin with the name, as pdsh writes them.
/// </summary>
internal static class HostParts
{
    private const int MostHosts = 2_000;
    private const int LongestMark = 400;

    /// <summary>The line that Ansible prints before what a command printed on a host.</summary>
    private static readonly Regex Ansible = new(@"^([\w.-]{1,64}) \| (?:SUCCESS|CHANGED|FAILED) \| rc=\d{1,3} >>\s*$");

    private static readonly Regex Heading = new(
        @"^(?:[=#*>-]{2,40} {0,2}(?:(?:host|hostname|node|server)[:=]? )?([A-Za-z0-9.-]{1,63}[A-Za-z0-9]) {0,2}" +
        @"[=#*<-]{0,40}:?|([A-Za-z0-9.-]{2,64}):)\s*$",
        RegexOptions.IgnoreCase);

    private static readonly Regex Prefix = new(@"^([A-Za-z0-9.-]{2,64}): ?(.*)$");

    /// <summary>What is in the output of a tool on a host, and not in a block about one device.</summary>
    private static readonly string[] Outputs =
        { "(UUID: ", "NVIDIA-SMI ", "NVSMI LOG", "memory.total [", "ROCm System" };

    /// <summary>Names of devices, which have numbers as hosts do: of a host only with the output of a tool.</summary>
    private static readonly Regex Device = new(
        @"^(?:[vi]?gpu|card|cuda|device|dev|nvidia|amdgpu|i915|rocm|vulkan|sycl|opencl|xpu|npu|hpu|mig|adapter|" +
        @"display|screen|monitor|eth|enp|wl|cpu|core|dimm|channel|disk|sd|nvme|slot|bus|pci|usb|port|bank|id|v)[-_.\d]",
        RegexOptions.IgnoreCase);

    /// <summary>
    /// The hosts and their texts; empty if there are not several. Lines before the first name are no host's.
    /// </summary>
    public static IReadOnlyList<(string Host, string Text)> Of(string text, CancellationToken stop)
    {
        var parts = new Dictionary<string, List<string>>(StringComparer.OrdinalIgnoreCase);
        var lines = text.Split('\n').Until(stop);
        var isPrefixed = IsPrefixed(lines);
        List<string>? part = null;
        foreach (var line in lines.Until(stop))
        {
            var prefix = isPrefixed ? Prefix.Match(line.TrimEnd('\r')) : Match.Empty;
            var name = prefix.Success ? prefix.Groups[1].Value : line.Length < LongestMark ? Name(line) : null;
            if (name is not null && !parts.TryGetValue(name, out part)) parts[name] = part = new List<string>();
            if (prefix.Success) part!.Add(prefix.Groups[2].Value);
            else if (name is null) part?.Add(line);
            if (parts.Count > MostHosts) break;
        }

        if (parts.Count is < 2 or > MostHosts) return Array.Empty<(string Host, string Text)>();
        var told = parts.Select(known => (Host: known.Key, Text: string.Join("\n", known.Value))).ToList();
        return told.All(known => !Device.IsMatch(known.Host) || Fields.ContainsAny(known.Text, Outputs)) ? told
            : Array.Empty<(string Host, string Text)>();
    }

    private static string? Name(string line)
    {
        if (line.IndexOf('@') > 0 && PastedText.PromptHost(line) is { } prompt) return prompt;
        if (line.IndexOf(" | rc=", StringComparison.Ordinal) > 0)
            return Ansible.Match(line) is { Success: true } told ? told.Groups[1].Value : null;
        var heading = Heading.Match(line);
        var name = heading.Groups[1].Value + heading.Groups[2].Value;
        return heading.Success && IsHost(name) ? name : null;
    }

    private static bool IsHost(string name) => ListTitles.IsHostName(name) && name.Any(char.IsLetter)
        && (RowColumns.Find(name) is null || Device.IsMatch(name));

    /// <summary>Whether each line that has anything begins with the name of a host.</summary>
    private static bool IsPrefixed(IReadOnlyList<string> lines)
    {
        var told = lines.Where(line => line.Trim().Length > 0).ToList();
        return told.Count > 1 && told.All(line => line.Length < LongestMark
            && Prefix.Match(line.TrimEnd('\r')) is { Success: true } prefix && IsHost(prefix.Groups[1].Value));
    }
}
