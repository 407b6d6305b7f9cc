using System.Threading;
using ModelFit.Formats.Safetensors;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Formats;

public sealed class SafetensorsReaderTests
{
    private static SafetensorsHeader Read(byte[] bytes, long? length = null) =>
        SafetensorsReader.Read(new MemorySource("model.safetensors", bytes, length), CancellationToken.None);

    [Fact]
    public void Reads_names_types_shapes_and_bytes()
    {
        var bytes = new SafetensorsWriter().Add("a", 3, 4).Add("b", "F8_E4M3", 8, 5).Add("c", "F4", 4, 2, 2).ToArray();
        var header = Read(bytes);
        Assert.Equal(["a", "b", "c"], header.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([24L, 5L, 2L], header.Tensors.Select(tensor => tensor.Bytes));
        Assert.Equal([12L, 5L, 4L], header.Tensors.Select(tensor => tensor.Elements));
        Assert.Equal(bytes.Length, header.FileBytes);
    }

    /// <summary>The sizes are those of safetensors/src/tensor.rs, Dtype::bitsize.</summary>
    [Theory]
    [InlineData("BOOL", 8)]
    [InlineData("F6_E2M3", 6)]
    [InlineData("F6_E3M2", 6)]
    [InlineData("U8", 8)]
    [InlineData("I8", 8)]
    [InlineData("F8_E5M2", 8)]
    [InlineData("F8_E4M3", 8)]
    [InlineData("F8_E8M0", 8)]
    [InlineData("I16", 16)]
    [InlineData("U16", 16)]
    [InlineData("F16", 16)]
    [InlineData("BF16", 16)]
    [InlineData("I32", 32)]
    [InlineData("U32", 32)]
    [InlineData("F32", 32)]
    [InlineData("C64", 64)]
    [InlineData("F64", 64)]
    [InlineData("I64", 64)]
    [InlineData("U64", 64)]
    public void Knows_every_type(string type, int bits) =>
        Assert.Equal(bits, Read(new SafetensorsWriter().Add("a", type, bits, 4, 8).ToArray()).Tensors[0].Bytes / 4);

    [Fact]
    public void Never_reads_the_data()
    {
        var whole = new SafetensorsWriter().Add("a", 1 << 20).ToArray();
        var source = new MemorySource("model.safetensors", whole);
        SafetensorsReader.Read(source, CancellationToken.None);
        Assert.InRange(source.BytesRead, 1, whole.Length - (1 << 21));
    }

    private const string Whole = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";

    public static TheoryData<string, string, long> Damaged => new()
    {
        { "no object", "[1]", 8 },
        { "not closed", "{\"a\":{\"dtype\":\"F32\"", 8 },
        { "two documents", Whole + Whole, 8 },
        { "no JSON", "\u0001\u0002\u0003", 8 },
        { "unknown type", Whole.Replace("F32", "F7"), 8 },
        { "no type", Whole.Replace("dtype", "type"), 8 },
        { "no shape", Whole.Replace("shape", "size"), 8 },
        { "no offsets", Whole.Replace("data_offsets", "offsets"), 8 },
        { "one offset", Whole.Replace("[0,8]", "[0]"), 8 },
        { "three offsets", Whole.Replace("[0,8]", "[0,8,8]"), 8 },
        { "negative offset", Whole.Replace("[0,8]", "[-8,0]"), 8 },
        { "reversed offsets", Whole.Replace("[0,8]", "[8,0]"), 8 },
        { "wrong size", Whole.Replace("[2]", "[3]"), 8 },
        { "fraction", Whole.Replace("[2]", "[2.5]"), 8 },
        { "text in the shape", Whole.Replace("[2]", "[\"2\"]"), 8 },
        { "elements beyond 2^63", Whole.Replace("[2]", "[9223372036854775807,4]"), 8 },
        { "number beyond 2^63", Whole.Replace("[2]", "[99999999999999999999]"), 8 },
        { "hole at the start", Whole.Replace("[0,8]", "[8,16]"), 16 },
        { "overlap", Whole[..^1] + ",\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}", 12 },
        { "twice the same name", Whole[..^1] + "," + Whole[1..], 8 },
        { "data beyond the end", Whole, 4 },
        { "bytes after the end", Whole, 12 },
        { "deep nesting", "{\"a\":" + new string('[', 5000) + new string(']', 5000) + "}", 8 },
        { "100 TB", Whole.Replace("[2]", "[27487790694400]").Replace("[0,8]", "[0,109951162777600]"), 8 },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Refuses_what_is_damaged(string what, string json, long dataBytes) =>
        Fails(SafetensorsWriter.File(json, dataBytes), what);

    [Fact]
    public void Refuses_a_name_of_many_megabytes_without_keeping_it()
    {
        var bytes = SafetensorsWriter.File("{\"" + new string('a', 30 << 20) + "\":{}}", 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Fails(bytes, "a long name");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    [Fact]
    public void Refuses_a_length_that_is_not_there()
    {
        var bytes = SafetensorsWriter.File(Whole, 8);
        foreach (var value in new byte[] { 0x80, 0x01, 0xFF })
        {
            var damaged = (byte[])bytes.Clone();
            damaged[7] = value;
            Fails(damaged, "a length of 2^56 and more");
        }

        for (var length = 0; length < bytes.Length; length++) Fails(bytes[..length], "cut off at " + length);
    }

    [Fact]
    public void Names_the_missing_bytes_of_a_file_still_being_written() =>
        Assert.Contains(" 3 bytes are missing", Fails(SafetensorsWriter.File(Whole, 5), "cut off").Message);

    [Fact]
    public void Refuses_bytes_that_are_not_utf_8()
    {
        var bytes = SafetensorsWriter.File(Whole, 8);
        bytes[10] = 0xFF;
        Fails(bytes, "not UTF-8");
    }

    private static ModelFitException Fails(byte[] bytes, string what)
    {
        var failure = Record.Exception(() => Read(bytes)) as ModelFitException;
        Assert.True(failure?.ErrorId == ErrorIds.InvalidModelFile, what);
        Assert.StartsWith("model.safetensors", failure!.Message, StringComparison.Ordinal);
        return failure;
    }
}
