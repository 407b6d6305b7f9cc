using System.Diagnostics;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace ModelFit.Common.Remote;

/// <summary>
/// Requests to one host and where it redirects to. Redirects are followed here, so that what authorizes goes to the
/// host it is meant for only; failures that may pass are tried again, after growing pauses.
/// </summary>
internal sealed class HttpSession : IDisposable
{
    private const int MaxRedirects = 10;
    private const int MaxRequests = 4096;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly HttpClient _client;
    private readonly RemoteOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly Uri _host;
    private readonly AuthenticationHeaderValue? _authorization;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private int _requests;

    /// <summary>Starts a session with a token for the host, or null for the credential of the options.</summary>
    public HttpSession(Uri host, string? token, RemoteOptions options, CancellationToken cancellation)
        : this(
            host,
            token is not null
                ? new AuthenticationHeaderValue("Bearer", token)
                : Basic(options.Credential ?? UserOf(host)),
            options,
            cancellation)
    {
    }

    /// <summary>Starts a session.</summary>
    /// <param name="host">The host that authorization and headers are for.</param>
    /// <param name="authorization">What says who asks; null for nobody.</param>
    /// <param name="options">How files are asked for.</param>
    /// <param name="cancellation">Stops at once.</param>
    public HttpSession(
        Uri host, AuthenticationHeaderValue? authorization, RemoteOptions options, CancellationToken cancellation)
    {
        _host = host;
        _options = options;
        _cancellation = cancellation;
        _authorization = authorization;
        var handler = new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false };
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.ParseAdd("ModelFit");
        _client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("identity");
    }

    /// <summary>How often a failure may be tried again.</summary>
    public int Retries => _options.Retries;

    /// <summary>Headers that the host, and no other, is sent besides.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Stops all requests at once.</summary>
    public CancellationToken Cancellation => _cancellation;

    /// <summary>
    /// Asks for a file or a part of it; the answer is a success, or 404 or 416, which the caller understands, or on
    /// wish whatever the last try gives. Throws <see cref="ErrorIds.RemoteFailed"/>.
    /// </summary>
    public HttpResponseMessage Get(
        Uri address, string shown, RangeHeaderValue? range, string? accept = null, bool takesAny = false)
    {
        for (var attempt = 0; ; attempt++)
        {
            TimeSpan? wished = null;
            try
            {
                var response = Follow(address, shown, range, accept);
                if (response.IsSuccessStatusCode || (int)response.StatusCode is 404 or 416) return response;
                if (takesAny && (!RemoteFailure.IsPassing(response.StatusCode) || attempt >= Retries)) return response;
                wished = Wished(response.Headers.RetryAfter);
                using (response)
                {
                    if (!RemoteFailure.IsPassing(response.StatusCode) || attempt >= Retries)
                        throw RemoteFailure.Of(shown, response);
                }
            }
            catch (Exception exception) when (RemoteFailure.IsOfNetwork(exception))
            {
                if (attempt >= Retries || !RemoteFailure.IsPassing(exception)) throw Final(shown, exception);
            }

            Pause(attempt, wished);
        }
    }

    /// <summary>Waits before a new try.</summary>
    public void Pause(int attempt, TimeSpan? wished = null)
    {
        var doubled = TimeSpan.FromTicks(_options.RetryDelay.Ticks << Math.Min(attempt, 10));
        var pause = wished > doubled ? wished.Value : doubled;
        _cancellation.WaitHandle.WaitOne(pause < LongestPause ? pause : LongestPause);
        _cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>What is said when there is no new try.</summary>
    public static ModelFitException Final(string shown, Exception exception) => exception is TimeoutException
        ? RemoteFailure.Of(shown, "the server did not answer in time", FailureKind.Timeout, exception)
        : RemoteFailure.Of(shown, "the connection failed (" + Innermost(exception).Message.TrimEnd('.') + ")",
            FailureKind.ReadError, exception);

    /// <summary>
    /// Waits for a step of a request; a silence that is too long is a <see cref="TimeoutException"/>.
    /// </summary>
    public T Await<T>(Func<CancellationToken, Task<T>> step)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
        var left = _options.Deadline - _clock.Elapsed;
        if (left <= TimeSpan.Zero) throw TooLong();
        limit.CancelAfter(left < _options.Timeout ? left : _options.Timeout);
        try
        {
            return step(limit.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (!_cancellation.IsCancellationRequested)
        {
            if (_clock.Elapsed >= _options.Deadline) throw TooLong();
            throw new TimeoutException("The server was silent for " + _options.Timeout + ".");
        }
        catch (Exception exception) when (_cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException("The request was stopped.", exception, _cancellation);
        }
    }

    public void Dispose() => _client.Dispose();

    private ModelFitException TooLong() => RemoteFailure.Of(
        AddressText.Show(_host), $"it takes longer than {_options.Deadline.TotalSeconds:0} s in total",
            FailureKind.Timeout);

    /// <summary>The pause that a server asks for, in seconds or by a date.</summary>
    private static TimeSpan? Wished(RetryConditionHeaderValue? after) =>
        after?.Delta ?? (after?.Date is { } date ? date - DateTimeOffset.UtcNow : null);

    private HttpResponseMessage Follow(Uri address, string shown, RangeHeaderValue? range, string? accept)
    {
        for (var redirects = 0; ; redirects++)
        {
            if (_requests++ >= MaxRequests) throw RemoteFailure.Of(shown, "it takes too many requests");
            var response = Await(limit => _client.SendAsync(
                Request(address, range, accept), HttpCompletionOption.ResponseHeadersRead, limit));
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308)) return response;
            using (response)
            {
                var location = response.Headers.Location
                    ?? throw RemoteFailure.Of(shown, "the server redirects, but not to an address");
                var next = location.IsAbsoluteUri ? location : new Uri(address, location);
                if (next.Scheme != Uri.UriSchemeHttps && next.Scheme != address.Scheme)
                    throw RemoteFailure.Of(shown, "the server redirects to " + next.Scheme + ", which is less secure");
                if (PrivateAddress.IsEntered(address, next, Dns.GetHostAddresses))
                    throw RemoteFailure.Of(shown, "the server redirects into a private network");
                if (redirects == MaxRedirects) throw RemoteFailure.Of(shown, "the server redirects too often");
                address = next;
            }
        }
    }

    private HttpRequestMessage Request(Uri address, RangeHeaderValue? range, string? accept)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Range = range;
        if (accept is not null) request.Headers.Accept.ParseAdd(accept);
        if (!IsHost(address)) return request;
        request.Headers.Authorization = _authorization;
        foreach (var header in Headers) request.Headers.TryAddWithoutValidation(header.Key, header.Value);
        return request;
    }

    private bool IsHost(Uri address) =>
        address.Scheme == _host.Scheme && address.Port == _host.Port
        && string.Equals(address.Host, _host.Host, StringComparison.OrdinalIgnoreCase);

    private static AuthenticationHeaderValue? Basic(NetworkCredential? credential) => credential is null
        ? null
        : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(
            Encoding.UTF8.GetBytes(credential.UserName + ":" + credential.Password)));

    private static NetworkCredential? UserOf(Uri address)
    {
        if (address.UserInfo.Length == 0) return null;
        var parts = address.UserInfo.Split(new[] { ':' }, 2);
        return new NetworkCredential(
            Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : string.Empty);
    }

    private static Exception Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner) exception = inner;
        return exception;
    }
}
