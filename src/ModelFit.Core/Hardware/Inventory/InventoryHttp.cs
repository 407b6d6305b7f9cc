using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Threading;
using ModelFit.Common.Remote;

namespace ModelFit.Hardware.Inventory;

/// <summary>Who asks a server of inventories.</summary>
/// <param name="Credential">Name and password; null for none.</param>
/// <param name="Token">A token, sent where there is no credential; null for none.</param>
public sealed record InventoryAccess(NetworkCredential? Credential, string? Token)
{
    /// <summary>The variable that holds the token.</summary>
    public const string TokenVariable = "MODELFIT_INVENTORY_TOKEN";

    /// <summary>The variable that holds the token of the application that GLPI may want besides.</summary>
    public const string AppTokenVariable = "MODELFIT_GLPI_APP_TOKEN";

    /// <summary>With this credential, or without one with the token of the environment.</summary>
    public static InventoryAccess Of(NetworkCredential? credential) =>
        new(credential, Environment.GetEnvironmentVariable(TokenVariable));

    /// <summary>The header that says who asks; null if nothing is known.</summary>
    internal AuthenticationHeaderValue? Header(string tokenScheme) => Credential is { } user
        ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(
            Encoding.UTF8.GetBytes($"{user.UserName}:{user.Password}")))
        : string.IsNullOrEmpty(Token) ? null : new AuthenticationHeaderValue(tokenScheme, Token);
}

/// <summary>What a server of inventories answered.</summary>
/// <param name="Status">The status.</param>
/// <param name="Text">The body.</param>
/// <param name="Total">How many there are in all where the body is a part of them; null where it is not told.</param>
internal sealed record InventoryAnswer(int Status, string Text, long? Total)
{
    /// <summary>Whether the status is one of success.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;
}

/// <summary>Requests to one server of inventories. What says who asks is sent to no other server.</summary>
internal sealed class InventoryHttp(string address, TimeSpan limit, IMessageSink messages, CancellationToken stop)
{
    private const int MaxBytes = 64 << 20;

    private readonly string _address = AddressText.Show(address);
    private readonly TimeSpan _limit = limit;
    private readonly IMessageSink _messages = messages;
    private readonly CancellationToken _stop = stop;

    /// <summary>
    /// The text at an address; <see cref="ErrorIds.RemoteFailed"/> for a status that is no success, and none of those
    /// that are expected, for which it is null.
    /// </summary>
    public string? Get(
        Uri uri,
        AuthenticationHeaderValue? authorization,
        IReadOnlyDictionary<string, string>? headers = null,
        params int[] expected) => Ask(uri, authorization, headers, expected) is { IsSuccess: true } answer
            ? answer.Text : null;

    /// <summary>
    /// The answer at an address; <see cref="ErrorIds.RemoteFailed"/> for a status that is no success, and none of those
    /// that are expected.
    /// </summary>
    public InventoryAnswer Ask(
        Uri uri,
        AuthenticationHeaderValue? authorization,
        IReadOnlyDictionary<string, string>? headers = null,
        params int[] expected)
    {
        _messages.Verbose($"Asking {AddressText.Show(uri)}.");
        var options = new RemoteOptions { Timeout = _limit, Deadline = _limit, Retries = 2 };
        using var session = new HttpSession(uri, authorization, options, _stop)
        {
            Headers = headers ?? new Dictionary<string, string>(),
        };
        try
        {
            using var response = session.Get(uri, _address, null, takesAny: true);
            using var body = session.Await(_ => response.Content.ReadAsStreamAsync());
            var text = Read(session, body);
            var status = (int)response.StatusCode;
            if (response.IsSuccessStatusCode || Array.IndexOf(expected, status) >= 0)
                return new InventoryAnswer(status, text, response.Content.Headers.ContentRange?.Length
                    ?? Total(response.Headers, response.Content.Headers));
            throw Failure($"the server answered {status} {response.ReasonPhrase}: {Start(text)}");
        }
        catch (Exception error) when (RemoteFailure.IsOfNetwork(error))
        {
            throw HttpSession.Final(_address, error);
        }
    }

    /// <summary>A failure of this address.</summary>
    public ModelFitException Failure(string reason, Exception? inner = null) =>
        new(ErrorIds.RemoteFailed, $"{_address}: {reason}", _address, inner);

    private string Read(HttpSession session, Stream body)
    {
        using var text = new MemoryStream();
        var buffer = new byte[81920];
        while (session.Await(stop => body.ReadAsync(buffer, 0, buffer.Length, stop)) is var count and > 0)
        {
            text.Write(buffer, 0, count);
            if (text.Length > MaxBytes) throw Failure($"the answer is longer than {MaxBytes >> 20} MiB");
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }

    /// <summary>The total of <c>Content-Range: 0-99/230</c>, which has no unit where GLPI writes it.</summary>
    private static long? Total(params HttpHeaders[] headers)
    {
        foreach (var header in headers)
        {
            if (!header.TryGetValues("Content-Range", out var values)) continue;
            var range = string.Join(",", values);
            if (long.TryParse(range.Substring(range.LastIndexOf('/') + 1), NumberStyles.None,
                CultureInfo.InvariantCulture, out var total)) return total;
        }

        return null;
    }

    private static string Start(string text) => text.Length > 200 ? text.Substring(0, 200) : text;
}
