using System.Net;
using System.Net.Sockets;

namespace ModelFit.Common.Remote;

/// <summary>
/// Addresses that only this machine or its own network reaches (RFC 1918, 3927, 4193, 4291, 6598): a server of the
/// Internet that redirects there wants to be asked what it cannot ask itself.
/// </summary>
internal static class PrivateAddress
{
    /// <summary>Whether a redirect leads from the Internet into a private network.</summary>
    public static bool IsEntered(Uri from, Uri to, Func<string, IPAddress[]> resolve) =>
        !string.Equals(from.Host, to.Host, StringComparison.OrdinalIgnoreCase)
        && Addresses(to, resolve).Any(Is) && !Addresses(from, resolve).Any(Is);

    /// <summary>Whether an address is private.</summary>
    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var part = address.GetAddressBytes();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? IPAddress.IsLoopback(address) || address.Equals(IPAddress.IPv6Any) || address.IsIPv6LinkLocal
                || (part[0] & 0xFE) == 0xFC
            : part[0] is 0 or 10 or 127
                || (part[0] == 169 && part[1] == 254)
                || (part[0] == 172 && part[1] is >= 16 and < 32)
                || (part[0] == 192 && part[1] == 168)
                || (part[0] == 100 && part[1] is >= 64 and < 128);
    }

    private static IPAddress[] Addresses(Uri address, Func<string, IPAddress[]> resolve)
    {
        if (IPAddress.TryParse(address.DnsSafeHost, out var literal)) return new[] { literal };
        try
        {
            return resolve(address.DnsSafeHost);
        }
        catch (SocketException)
        {
            return Array.Empty<IPAddress>();
        }
    }
}
