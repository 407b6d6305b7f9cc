using System.Globalization;
using System.Threading;
using ModelFit.Formats.Gguf;
using ModelFit.Models;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Formats;

public sealed class GgufReaderTests
{
    private static GgufHeader Read(byte[] bytes, long? length = null) =>
        GgufReader.Read(new MemorySource("model.gguf", bytes, length), CancellationToken.None);

    private static ModelFitException Fails(byte[] bytes)
    {
        var failure = Assert.Throws<ModelFitException>(() => Read(bytes));
        Assert.Equal(ErrorIds.InvalidModelFile, failure.ErrorId);
        Assert.Equal(FailureKind.InvalidData, failure.Kind);
        Assert.Contains("model.gguf", failure.Message);
        return failure;
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public void Reads_every_version_in_either_byte_order(int version, bool bigEndian)
    {
        var header = Read(SampleModels.Llama(version, bigEndian).ToArray());
        Assert.Equal(version, header.Version);
        Assert.Equal(bigEndian, header.IsBigEndian);
        Assert.Equal("llama", header.Metadata.Architecture);
        Assert.Equal("Tiny Llama", header.Metadata.Text("general.name"));
        Assert.Equal(2, header.Metadata.Integer("block_count"));
        Assert.Equal(500000.0, header.Metadata.Number("rope.freq_base"));
        Assert.True(header.Metadata.Flag("tokenizer.ggml.add_bos_token"));
        Assert.Equal(21, header.Tensors.Count);
        Assert.Equal(new TensorInfo("blk.1.ffn_down.weight", TensorType.F16, 128, 64), header.Tensors[18]);
        Assert.Equal(SampleModels.LlamaParameters, header.Tensors.Sum(tensor => tensor.Elements));
    }

    [Fact]
    public void Keeps_of_lists_of_tokens_the_length_and_of_long_texts_nothing()
    {
        var metadata = Read(SampleModels.Llama().ToArray()).Metadata;
        Assert.Equal(100, metadata.Integer("tokenizer.ggml.tokens.count"));
        Assert.Equal(100, metadata.Integer("tokenizer.ggml.token_type.count"));
        Assert.False(metadata.Has("tokenizer.ggml.tokens"));
        Assert.False(metadata.Has("tokenizer.chat_template"));
    }

    public static TheoryData<object, object> Values => new()
    {
        { (byte)200, 200L },
        { (sbyte)-5, -5L },
        { (ushort)60000, 60000L },
        { (short)-300, -300L },
        { 4000000000u, 4000000000L },
        { -7, -7L },
        { 1L << 40, 1L << 40 },
        { ulong.MaxValue, long.MaxValue },
        { 1.5f, 1.5 },
        { -2.25, -2.25 },
        { true, true },
        { "text", "text" },
        { new uint[] { 1, 2, 3 }, new long[] { 1, 2, 3 } },
        { new[] { -1, 5 }, new long[] { -1, 5 } },
        { new[] { 0.5f, 2 }, new[] { 0.5, 2 } },
        { new[] { true, false }, new[] { true, false } },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Reads_every_type_of_value_in_either_byte_order(object written, object read)
    {
        foreach (var bigEndian in new[] { false, true })
        {
            var file = new GgufWriter(3, bigEndian).Add("some.key", written).ToArray();
            Assert.Equal(read, Read(file).Metadata["some.key"]);
        }
    }

    [Fact]
    public void Reads_every_tensor_type_of_ggml_retired_ones_included()
    {
        var types = System.Enum.GetValues<TensorType>();
        var writer = new GgufWriter().Add("general.architecture", "llama");
        foreach (var type in types) writer.Add(type.ToString(), type, 512, 2);
        Assert.Equal(types, Read(writer.ToArray()).Tensors.Select(tensor => tensor.Type));
    }

    [Fact]
    public void Never_reads_the_data()
    {
        var header = SampleModels.Llama(vocabulary: 200_000).Header();
        var source = new MemorySource("model.gguf", header, length: 1L << 46);
        GgufReader.Read(source, CancellationToken.None);
        Assert.InRange(source.BytesRead, 1, header.Length);
    }

    [Fact]
    public void Names_the_missing_bytes_of_a_file_still_being_written()
    {
        var whole = SampleModels.Llama().ToArray();
        Assert.Contains(" 21 bytes are missing", Fails(whole[..^21]).Message);
    }

    [Fact]
    public void Stops_at_once_when_cancelled()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        var source = new MemorySource("model.gguf", SampleModels.Llama().ToArray());
        Assert.Throws<System.OperationCanceledException>(() => GgufReader.Read(source, stopped.Token));
    }

    [Fact]
    public void Every_truncation_of_a_header_is_said_with_the_offset()
    {
        var header = SampleModels.Llama().Header();
        for (var length = 0; length < header.Length - 32; length += 7)
            Assert.Contains(" at byte ", Fails(header[..length]).Message);
    }

    public static TheoryData<string, byte[], long> Damaged()
    {
        var none = new GgufWriter();
        var data = new TheoryData<string, byte[], long>
        {
            { "magic", Patch(none.Header(), 0, (byte)'X'), 0 },
            { "version 0", Patch(none.Header(), 4, 0), 4 },
            { "version 4", Patch(none.Header(), 4, 4), 4 },
            { "2^63 tensors", Patch(none.Header(), 15, 0x80), 8 },
            { "2^63 keys", Patch(none.Header(), 23, 0x80), 16 },
            { "key of 2^63 bytes", Patch(new GgufWriter().Add("a", 1).Header(), 31, 0x80), 24 },
            { "value type 13", Patch(new GgufWriter().Add("a", 1).Header(), 33, 13), 33 },
            { "empty key", new GgufWriter().Add("", 1).Header(), 24 },
            { "duplicate key", new GgufWriter().Add("a", 1).Add("a", 1).Header(), 41 },
            { "key that is not UTF-8", Patch(new GgufWriter().Add("a", 1).Header(), 32, 0xFF), 32 },
            { "list of lists", Patch(new GgufWriter().Add("a", new[] { 1 }).Header(), 37, 9), 37 },
            { "list of 2^63", Patch(new GgufWriter().Add("a", new[] { 1 }).Header(), 48, 0x80), 41 },
            { "text beyond the end", Patch(new GgufWriter().Add("a", new[] { "b" }).Header(), 56, 0x80), 49 },
            { "alignment 33", new GgufWriter().Add("general.alignment", 33u).Header(), 49 },
            { "alignment 0", new GgufWriter().Add("general.alignment", 0u).Header(), 49 },
            { "alignment as text", new GgufWriter().Add("general.alignment", "32").Header(), 49 },
        };
        AddTensors(data);
        return data;
    }

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Names_the_offset_of_damage(string what, byte[] bytes, long offset)
    {
        var message = Fails(bytes).Message;
        var place = string.Create(CultureInfo.InvariantCulture, $" at byte {offset}: expected ");
        Assert.True(message.Contains(place, System.StringComparison.Ordinal), what + ": " + message);
    }

    private static void AddTensors(TheoryData<string, byte[], long> data)
    {
        byte[] One(params (int Offset, byte Value)[] patches) =>
            patches.Aggregate(new GgufWriter().Add("t", TensorType.Q4_0, 32, 2).ToArray(), (bytes, patch) =>
                Patch(bytes, patch.Offset, patch.Value));
        data.Add("5 dimensions", One((33, 5)), 33);
        data.Add("zero dimension", One((37, 0)), 37);
        data.Add("dimension of 2^63", One((44, 0x80)), 37);
        data.Add("2^63 elements", One((44, 0x40)), 45);
        data.Add("unknown type", One((53, 99)), 53);
        data.Add("part of a block", One((37, 33)), 24);
        data.Add("offset inside another", One((57, 32)), 57);
        data.Add("more than 2^63 bytes", One((44, 0x10), (53, 28)), 24);
        var twice = new GgufWriter().Add("t", TensorType.F32, 8).Add("t", TensorType.F32, 8).ToArray();
        data.Add("duplicate tensor", twice, 24);
    }

    private static byte[] Patch(byte[] bytes, int offset, byte value)
    {
        bytes[offset] = value;
        return bytes;
    }
}
