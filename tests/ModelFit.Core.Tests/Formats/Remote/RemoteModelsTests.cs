using System.IO;
using System.IO.Compression;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using ModelFit.Formats.Remote;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Formats.Remote;

/// <summary>Remote files, read from a real server on loopback that behaves well, badly or not at all.</summary>
public sealed class RemoteModelsTests
{
    private const long Huge = 1L << 42;
    private static readonly byte[] Header = SampleModels.Llama().Header();
    private static readonly byte[] LongHeader = SampleModels.Llama(vocabulary: 200_000).Header();

    private readonly RecordingSink _sink = new();
    private readonly Dictionary<string, string> _variables = [];

    private RemoteOptions Options(
        NetworkCredential? credential = null, Action<RemoteProgress>? progress = null) => new()
    {
        Retries = 2,
        RetryDelay = TimeSpan.FromMilliseconds(1),
        Timeout = TimeSpan.FromSeconds(20),
        Credential = credential,
        Progress = progress,
        Variable = name => _variables.GetValueOrDefault(name),
    };

    private Task<ModelSpec> Read(string address, RemoteOptions? options = null) =>
        ReadUntil(address, options, TestContext.Current.CancellationToken);

    private Task<ModelSpec> ReadUntil(string address, RemoteOptions? options, CancellationToken stop) =>
        Task.Run(() => RemoteModels.Read(address, options ?? Options(), _sink, stop), CancellationToken.None);

    private async Task<ModelFitException> Fails(string address, string id, RemoteOptions? options = null)
    {
        var failure = await Assert.ThrowsAsync<ModelFitException>(() => Read(address, options));
        Assert.Equal(id, failure.ErrorId);
        return failure;
    }

    [Fact]
    public async Task Reads_a_header_by_a_few_ranges_and_no_data()
    {
        var file = new ServedFile(LongHeader, Huge);
        await using var server = await LoopbackServer.Start(file.Answer);
        var spec = await Read(server.Address + "/a/model.gguf");
        Assert.Equal("llama", spec.Architecture);
        Assert.Equal(200_000, spec.VocabularySize);
        Assert.Equal(Huge, spec.FileBytes);
        Assert.Equal(server.Address + "/a/model.gguf", spec.ModelPath);
        Assert.InRange(server.Requests.Length, 1, 4);
        Assert.All(server.Requests, asked => Assert.StartsWith("bytes=", asked.Range));
    }

    [Fact]
    public async Task Leaves_a_server_without_ranges_as_soon_as_the_header_is_known()
    {
        var file = new ServedFile(LongHeader, Huge);
        var received = 0L;
        await using var server = await LoopbackServer.Start(file.AnswerWhole);
        var spec = await Read(server.Address + "/m.gguf", Options(progress: progress => received = progress.BytesRead));
        Assert.Equal(200_000, spec.VocabularySize);
        Assert.Equal(Huge, spec.FileBytes);
        Assert.Single(server.Requests);
        Assert.InRange(received, 1, LongHeader.Length + (1 << 20));
    }

    [Fact]
    public async Task Reads_an_answer_of_unknown_length()
    {
        var whole = SampleModels.Llama().ToArray();
        await using var server = await LoopbackServer.Start(
            context => context.Response.Body.WriteAsync(whole).AsTask());
        Assert.Equal(2, (await Read(server.Address + "/model.gguf")).LayerCount);
    }

    [Fact]
    public async Task Takes_up_a_broken_connection_where_it_broke()
    {
        var file = new ServedFile(LongHeader, Huge);
        var broken = 0;
        await using var server = await LoopbackServer.Start(async context =>
        {
            if (Interlocked.Increment(ref broken) > 1)
            {
                await file.Answer(context);
                return;
            }

            var (from, to) = file.Range(context);
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {from}-{to}/{Huge}";
            context.Response.ContentLength = to - from + 1;
            await file.Send(context, from, 100_000);
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        Assert.Equal(200_000, (await Read(server.Address + "/model.gguf")).VocabularySize);
        Assert.NotEqual("bytes=0-", server.Requests[1].Range![..8]);
    }

    [Fact]
    public async Task Gives_up_on_a_server_that_always_breaks()
    {
        await using var server = await LoopbackServer.Start(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        await Fails(server.Address + "/model.gguf", ErrorIds.RemoteFailed);
        Assert.Equal(3, server.Requests.Length);
    }

    [Theory]
    [InlineData(404, 1, FailureKind.NotFound)]
    [InlineData(410, 1, FailureKind.NotFound)]
    [InlineData(401, 1, FailureKind.ReadError)]
    [InlineData(403, 1, FailureKind.ReadError)]
    [InlineData(400, 1, FailureKind.ReadError)]
    [InlineData(429, 3, FailureKind.ReadError)]
    [InlineData(500, 3, FailureKind.ReadError)]
    [InlineData(503, 3, FailureKind.ReadError)]
    public async Task Tries_again_only_where_it_may_help(int status, int requests, FailureKind kind)
    {
        await using var server = await LoopbackServer.Start(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        Assert.Equal(kind, (await Fails(server.Address + "/model.gguf", ErrorIds.RemoteFailed)).Kind);
        Assert.Equal(requests, server.Requests.Length);
    }

    [Theory]
    [InlineData(403, "GatedRepo", "gated")]
    [InlineData(401, "RepoNotFound", "no such model")]
    [InlineData(401, null, "HF_TOKEN")]
    [InlineData(403, null, "refuses access")]
    public async Task Says_why_access_is_refused(int status, string? code, string words)
    {
        await using var server = await LoopbackServer.Start(context =>
        {
            context.Response.StatusCode = status;
            if (code is not null) context.Response.Headers["X-Error-Code"] = code;
            return Task.CompletedTask;
        });
        var failure = await Fails(server.Address + "/model.gguf", ErrorIds.RemoteFailed);
        Assert.Contains(words, failure.Message);
    }

    [Theory]
    [InlineData("gzip", true)]
    [InlineData("br", false)]
    [InlineData("gzip", false)]
    public async Task Unpacks_what_comes_packed_unasked(string packing, bool isRead)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(LongHeader);
        var sent = packed.ToArray();
        if (!isRead) sent[0] ^= 1;
        await using var server = await LoopbackServer.Start(context =>
        {
            context.Response.Headers.ContentEncoding = packing;
            context.Response.ContentLength = sent.Length;
            return context.Response.Body.WriteAsync(sent).AsTask();
        });
        var address = server.Address + "/model.gguf";
        if (isRead) Assert.Equal(200_000, (await Read(address)).VocabularySize);
        else Assert.Contains("packed", (await Fails(address, ErrorIds.RemoteFailed)).Message);
    }

    [Fact]
    public async Task Goes_on_when_the_server_recovers()
    {
        var file = new ServedFile(Header, Huge);
        var asked = 0;
        await using var server = await LoopbackServer.Start(context =>
        {
            if (Interlocked.Increment(ref asked) > 2) return file.Answer(context);
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        Assert.Equal(2, (await Read(server.Address + "/model.gguf")).LayerCount);
    }

    [Fact]
    public async Task A_silent_server_is_a_timeout()
    {
        await using var server = await LoopbackServer.Start(context => Task.Delay(-1, context.RequestAborted));
        var options = new RemoteOptions { Timeout = TimeSpan.FromMilliseconds(100), Retries = 0 };
        var failure = await Fails(server.Address + "/model.gguf", ErrorIds.RemoteFailed, options);
        Assert.Equal(FailureKind.Timeout, failure.Kind);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stops_at_once_when_cancelled(bool afterTheStart)
    {
        using var stop = new CancellationTokenSource();
        await using var server = await LoopbackServer.Start(async context =>
        {
            if (afterTheStart) await context.Response.Body.WriteAsync(Header.AsMemory(0, 100));
            await context.Response.Body.FlushAsync();
            stop.Cancel();
            await Task.Delay(-1, context.RequestAborted);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => ReadUntil(server.Address + "/model.gguf", null, stop.Token));
    }

    [Theory]
    [InlineData("bytes 5-100/1000000")]
    [InlineData("bytes 0-1048575/100")]
    [InlineData("items 0-1/2")]
    [InlineData("")]
    public async Task Refuses_answers_to_another_request(string range)
    {
        await using var server = await LoopbackServer.Start(async context =>
        {
            context.Response.StatusCode = 206;
            context.Response.Headers["Content-Range"] = range;
            await context.Response.Body.WriteAsync(Header);
        });
        var failure = await Assert.ThrowsAsync<ModelFitException>(() => Read(server.Address + "/model.gguf"));
        Assert.Contains(failure.ErrorId, new[] { ErrorIds.RemoteFailed, ErrorIds.InvalidModelFile });
    }

    [Fact]
    public async Task A_file_shorter_than_its_tensors_is_damaged()
    {
        var file = new ServedFile(Header, Header.Length + 10);
        await using var server = await LoopbackServer.Start(file.Answer);
        Assert.Contains("are missing", (await Fails(server.Address + "/m.gguf", ErrorIds.InvalidModelFile)).Message);
    }

    [Fact]
    public async Task Refuses_a_file_that_changes_while_it_is_read()
    {
        var file = new ServedFile(LongHeader, Huge);
        var version = 0;
        await using var server = await LoopbackServer.Start(context =>
        {
            context.Response.Headers.ETag = $"\"{Interlocked.Increment(ref version)}\"";
            return file.Answer(context);
        });
        Assert.Contains("changed", (await Fails(server.Address + "/m.gguf", ErrorIds.RemoteFailed)).Message);
    }

    [Fact]
    public async Task Follows_redirects_without_taking_the_credential_along()
    {
        var file = new ServedFile(Header, Huge);
        await using var storage = await LoopbackServer.Start(file.Answer);
        await using var server = await LoopbackServer.Start(context =>
        {
            var isFirst = context.Request.Path == "/model.gguf";
            context.Response.Redirect(isFirst ? "/elsewhere" : storage.Address + "/blob?signature=secret");
            return Task.CompletedTask;
        });
        var options = Options(new NetworkCredential("me", "secret"));
        Assert.Equal(2, (await Read(server.Address + "/model.gguf", options)).LayerCount);
        Assert.All(server.Requests, asked => Assert.StartsWith("Basic ", asked.Authorization));
        Assert.All(storage.Requests, asked => Assert.Null(asked.Authorization));
    }

    [Theory]
    [InlineData("/loop", "too often")]
    [InlineData("file:///etc/passwd", "less secure")]
    [InlineData("ftp://127.0.0.1/model.gguf", "less secure")]
    public async Task Refuses_redirects_that_lead_nowhere_good(string location, string words)
    {
        await using var server = await LoopbackServer.Start(context =>
        {
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = location;
            return Task.CompletedTask;
        });
        Assert.Contains(words, (await Fails(server.Address + "/m.gguf", ErrorIds.RemoteFailed)).Message);
    }

    [Fact]
    public async Task Never_shows_what_is_secret()
    {
        await using var server = await LoopbackServer.Start(context =>
        {
            context.Response.StatusCode = 403;
            return Task.CompletedTask;
        });
        var address = server.Address.Replace("http://", "http://me:hidden1@") + "/model.gguf?sig=hidden2#hidden3";
        var failure = await Fails(address, ErrorIds.RemoteFailed, Options(new NetworkCredential("me", "hidden4")));
        Assert.DoesNotContain("hidden", failure.ToString());
        Assert.DoesNotContain("hidden", failure.Target?.ToString());
    }

    [Fact]
    public async Task Tells_how_far_it_is()
    {
        var file = new ServedFile(LongHeader, Huge);
        var told = new List<long>();
        await using var server = await LoopbackServer.Start(file.Answer);
        await Read(server.Address + "/model.gguf", Options(progress: progress => told.Add(progress.BytesRead)));
        Assert.NotEmpty(told);
        Assert.Equal(told.Order(), told);
    }

    [Theory]
    [InlineData("not an address")]
    [InlineData("ftp://host/model.gguf")]
    [InlineData("ollama://a/b/c/d")]
    [InlineData("ollama://")]
    public async Task Refuses_what_is_no_address(string address) =>
        Assert.Equal(FailureKind.InvalidArgument, (await Fails(address, ErrorIds.RemoteFailed)).Kind);

    [Fact]
    public async Task Reads_local_files_by_address()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write(SampleModels.Llama().ToArray(), "model.gguf");
        Assert.Equal(path, (await Read(new Uri(path).AbsoluteUri)).ModelPath);
    }

    [Fact]
    public async Task Finds_the_parts_of_a_split_file_beside_it()
    {
        byte[] Part(int number) => new GgufWriter()
            .Add("split.no", (ushort)(number - 1)).Add("split.count", (ushort)2).Add("general.architecture", "llama")
            .Add("llama.block_count", 1).Add("llama.embedding_length", 64)
            .Add($"blk.0.t{number}.weight", ModelFit.Models.TensorType.F16, 64, 64).ToArray();
        await using var server = await LoopbackServer.Start(context =>
        {
            var bytes = Part(context.Request.Path.Value!.Contains("00001-of", StringComparison.Ordinal) ? 1 : 2);
            return new ServedFile(bytes, bytes.Length).Answer(context);
        });
        Assert.Equal(2 * 64 * 64, (await Read(server.Address + "/a/m-00002-of-00002.gguf")).ParameterCount);
    }
}
