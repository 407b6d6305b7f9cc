using System.Globalization;
using System.IO;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace ModelFit.Core.Tests.Formats.Remote;

/// <summary>A file that begins with some bytes and goes on with zeros up to a length nobody could store.</summary>
internal sealed class ServedFile(byte[] head, long length)
{
    private static readonly byte[] Zeros = new byte[64 * 1024];

    /// <summary>Answers by ranges.</summary>
    public async Task Answer(HttpContext context)
    {
        var (from, to) = Range(context);
        if (from >= length)
        {
            context.Response.StatusCode = 416;
            context.Response.Headers.ContentRange = $"bytes */{length}";
            return;
        }

        context.Response.StatusCode = 206;
        context.Response.Headers.ContentRange = $"bytes {from}-{to}/{length}";
        context.Response.ContentLength = to - from + 1;
        await Send(context, from, to - from + 1);
    }

    /// <summary>Answers with the whole file whatever is asked.</summary>
    public async Task AnswerWhole(HttpContext context)
    {
        context.Response.ContentLength = length;
        await Send(context, 0, length);
    }

    /// <summary>The range that is asked for, cut to the file.</summary>
    public (long From, long To) Range(HttpContext context)
    {
        var text = context.Request.Headers.Range.ToString();
        var parts = text["bytes=".Length..].Split('-');
        var from = long.Parse(parts[0], CultureInfo.InvariantCulture);
        return (from, Math.Min(long.Parse(parts[1], CultureInfo.InvariantCulture), length - 1));
    }

    /// <summary>Sends bytes from an offset; stops when the other side leaves.</summary>
    public async Task Send(HttpContext context, long from, long count)
    {
        try
        {
            while (count > 0)
            {
                var (source, offset) = from < head.Length ? (head, (int)from) : (Zeros, 0);
                var size = (int)Math.Min(count, Math.Min(source.Length - offset, 64 * 1024));
                await context.Response.Body.WriteAsync(source.AsMemory(offset, size), context.RequestAborted);
                (from, count) = (from + size, count - size);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
        }
    }
}
