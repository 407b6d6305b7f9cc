using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;

namespace ModelFit.Common.Remote;

/// <summary>The failures of remote files. No message has a query or a name and password in it.</summary>
internal static class RemoteFailure
{
    /// <summary>A failure of an address as it is shown.</summary>
    public static ModelFitException Of(
        string address, string problem, FailureKind kind = FailureKind.ReadError, Exception? inner = null) => new(
        ErrorIds.RemoteFailed, kind, address + ": " + problem + ".", address, inner);

    /// <summary>What an answer means that is no success.</summary>
    public static ModelFitException Of(string address, HttpResponseMessage answer) => answer.StatusCode switch
    {
        HttpStatusCode.NotFound or HttpStatusCode.Gone =>
            Of(address, "the server has no such file", FailureKind.NotFound),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => Of(address, Refusal(answer)),
        var status => Of(address, string.Format(
            CultureInfo.InvariantCulture, "the server answered {0} {1}", (int)status, status)),
    };

    /// <summary>The hub says in a header that a model is gated; it refuses what does not exist.</summary>
    private static string Refusal(HttpResponseMessage answer)
    {
        var isGated = answer.Headers.TryGetValues("X-Error-Code", out var codes) && codes.Contains("GatedRepo");
        if (isGated)
            return "the model is gated; accept its terms on its page, and give a token of that account in HF_TOKEN or "
                + "as the password of a credential";
        return answer.StatusCode == HttpStatusCode.Forbidden
            ? "the server refuses access, with the credential that was given if any was"
            : "the server refuses access; it may have no such model, or want a credential (for the Hugging Face hub "
                + "a token in HF_TOKEN)";
    }

    /// <summary>
    /// Whether a new try may help: the network failed, or the server for now. A certificate stays wrong, a closed port
    /// closed and a name unknown.
    /// </summary>
    public static bool IsPassing(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is AuthenticationException or SocketException
            {
                SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.NoData,
            })
                return false;
        }

        return IsOfNetwork(exception);
    }

    /// <summary>Whether the network or the server failed, for now or for good.</summary>
    public static bool IsOfNetwork(Exception exception) =>
        exception is HttpRequestException or IOException or TimeoutException or WebException or ObjectDisposedException;

    /// <summary>Whether a server says that a new try may help.</summary>
    public static bool IsPassing(HttpStatusCode status) => (int)status is 408 or 429 or 500 or 502 or 503 or 504;
}
