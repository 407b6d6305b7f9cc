using System.Net;
using System.Net.Sockets;

namespace ModelFit.Testing;

/// <summary>This machine's own network.</summary>
internal static class Loopback
{
    /// <summary>A port that nothing listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
