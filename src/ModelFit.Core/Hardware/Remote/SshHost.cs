using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Remote;

/// <summary>
/// A host as ssh is told of it: <c>user@node:port</c>, <c>[2001:db8::1]:22</c>, or an alias of ssh_config.
/// </summary>
internal sealed record SshHost(string Name, string? User, int? Port)
{
    private const int MaxLength = 255;

    /// <summary>What was asked, without who asked: <c>node</c>, or <c>node:2222</c>.</summary>
    public string Asked => Port is { } port ? Name + ":" + port.ToString(CultureInfo.InvariantCulture) : Name;

    /// <summary>
    /// Letters, digits, dots, dashes and underscores, not beginning with a dash: nothing that ssh takes for an option,
    /// nor that a ProxyCommand's shell would take for more than a name.
    /// </summary>
    private static readonly Regex Pattern = new(
        @"^(?:(?<user>[A-Za-z0-9_][A-Za-z0-9._-]{0,63}\$?)@)?" +
        @"(?:\[(?<ip>[0-9A-Fa-f:.]+(?:%[A-Za-z0-9._-]+)?)\]|(?<host>[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?\.?))" +
        @"(?::(?<port>\d{1,5}))?\z", RegexOptions.ExplicitCapture);

    private static readonly Regex BareIpv6 =new(@"^[0-9A-Fa-f]{0,4}(:[0-9A-Fa-f]{0,4}){2,7}\z");

    /// <summary>Parses a host; an error if it could be anything else.</summary>
    public static SshHost Parse(string text)
    {
        var trimmed = text.Trim();
        var address = BareIpv6.IsMatch(trimmed) ? $"[{trimmed}]" : trimmed;
        var match = address.Length <= MaxLength ? Pattern.Match(address) : Match.Empty;
        var port = match.Groups["port"].Success
            ? int.Parse(match.Groups["port"].Value, CultureInfo.InvariantCulture) : (int?)null;
        if (!match.Success || port is < 1 or > 65535) throw new ModelFitException(
            ErrorIds.InvalidArgument, $"'{text}' is not a host name such as node7, user@node7 or user@node7:2222.",
            text);
        var name = match.Groups["host"].Success ? match.Groups["host"].Value : match.Groups["ip"].Value;
        return new SshHost(name, match.Groups["user"].Success ? match.Groups["user"].Value : null, port);
    }

    /// <summary>
    /// Arguments of ssh: no password, no terminal, no forwarding, host keys as configured, and the host after
    /// <c>--</c>. The script comes on standard input.
    /// </summary>
    public IEnumerable<string> Arguments(int timeoutSeconds)
    {
        yield return "-T";
        foreach (var option in new[]
        {
            "BatchMode=yes", "ClearAllForwardings=yes", "ForwardAgent=no", "ForwardX11=no", "PermitLocalCommand=no",
            "RemoteCommand=none", "LogLevel=ERROR",
            "ConnectTimeout=" + timeoutSeconds.ToString(CultureInfo.InvariantCulture),
        })
        {
            yield return "-o";
            yield return option;
        }

        if (Port is { } port)
        {
            yield return "-p";
            yield return port.ToString(CultureInfo.InvariantCulture);
        }

        if (User is not null)
        {
            yield return "-l";
            yield return User;
        }

        yield return "--";
        yield return Name;
        yield return "sh -s";
    }
}
