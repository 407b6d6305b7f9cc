using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;
using ModelFit.Common.Remote;
using Xunit;

namespace ModelFit.Core.Tests.Common;

/// <summary>Where servers may lead, and how addresses are shown.</summary>
public sealed class RemoteRuleTests
{
    [Theory]
    [InlineData("https://example.com/a", "https://cdn.example.net/b", false)]
    [InlineData("https://example.com/a", "http://127.0.0.1/b", true)]
    [InlineData("https://example.com/a", "http://10.1.2.3/b", true)]
    [InlineData("https://example.com/a", "http://[::1]/b", true)]
    [InlineData("https://example.com/a", "http://[fd00::1]/b", true)]
    [InlineData("https://example.com/a", "http://[::ffff:192.168.1.1]/b", true)]
    [InlineData("https://example.com/a", "http://169.254.169.254/latest", true)]
    [InlineData("https://example.com/a", "http://172.15.0.1/b", false)]
    [InlineData("https://example.com/a", "http://intern.example.com/b", true)]
    [InlineData("http://10.0.0.1/a", "http://10.0.0.2/b", false)]
    [InlineData("http://intern.example.com/a", "http://127.0.0.1/b", false)]
    [InlineData("http://127.0.0.1:1/a", "http://127.0.0.1:2/b", false)]
    public void No_redirect_leads_from_the_Internet_into_a_private_network(string from, string to, bool refused) =>
        Assert.Equal(refused, PrivateAddress.IsEntered(new Uri(from), new Uri(to), host =>
            [IPAddress.Parse(host.StartsWith("intern", StringComparison.Ordinal) ? "192.168.7.7" : "203.0.113.9")]));

    [Theory]
    [InlineData("https://user:s3cret@host/a?token=s3cret#s3cret", "https://host/a")]
    [InlineData("http://user:s3cret@ho st/a?token=s3cret", "http://ho st/a")]
    [InlineData("hf://owner/name/file.gguf", "hf://owner/name/file.gguf")]
    [InlineData("no address", "no address")]
    public void An_address_is_shown_without_what_is_secret(string address, string shown) =>
        Assert.Equal(shown, AddressText.Show(address));

    [Fact]
    public void What_cannot_succeed_is_not_tried_again()
    {
        Assert.False(RemoteFailure.IsPassing(new HttpRequestException("x", new AuthenticationException())));
        Assert.False(RemoteFailure.IsPassing(
            new HttpRequestException("x", new SocketException((int)SocketError.ConnectionRefused))));
        Assert.False(RemoteFailure.IsPassing(
            new HttpRequestException("x", new SocketException((int)SocketError.HostNotFound))));
        Assert.True(RemoteFailure.IsPassing(
            new HttpRequestException("x", new SocketException((int)SocketError.ConnectionReset))));
        Assert.True(RemoteFailure.IsPassing(new TimeoutException()));
        Assert.False(RemoteFailure.IsPassing(HttpStatusCode.Forbidden));
        Assert.True(RemoteFailure.IsPassing(HttpStatusCode.ServiceUnavailable));
    }
}
