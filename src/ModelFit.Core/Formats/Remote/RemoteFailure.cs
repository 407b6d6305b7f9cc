using System;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Http;

namespace ModelFit.Formats.Remote;

/// <summary>The failures of remote files. No message has a query or a name and password in it.</summary>
internal static class RemoteFailure
{
    /// <summary>A failure of an address as it is shown.</summary>
    public static ModelFitException Of(
        string address, string problem, FailureKind kind = FailureKind.ReadError, Exception? inner = null) => new(
        ErrorIds.RemoteFailed, kind, address + ": " + problem + ".", address, inner);

    /// <summary>What a status means that is no success.</summary>
    public static ModelFitException Of(string address, HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound or HttpStatusCode.Gone =>
            Of(address, "the server has no such file", FailureKind.NotFound),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => Of(
            address, "the server refuses access; a credential, or HF_TOKEN for the Hugging Face hub, may be needed"),
        _ => Of(address, string.Format(
            CultureInfo.InvariantCulture, "the server answered {0} {1}", (int)status, status)),
    };

    /// <summary>Whether a new try may help: the network failed, or the server for now.</summary>
    public static bool IsPassing(Exception exception) =>
        exception is HttpRequestException or IOException or TimeoutException or WebException or ObjectDisposedException;

    /// <summary>Whether a server says that a new try may help.</summary>
    public static bool IsPassing(HttpStatusCode status) => (int)status is 408 or 429 or 500 or 502 or 503 or 504;

    /// <summary>An address without name, password, query and fragment.</summary>
    public static string Show(Uri address) =>
        address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
}
