using System.IO;
using System.Threading;
using BenchmarkDotNet.Attributes;
using ModelFit.Formats;
using ModelFit.Models;
using ModelFit.Testing;

namespace ModelFit.Bench;

/// <summary>One GGUF header with a vocabulary of 150,000 tokens, made on the fly; its tensor data is a hole.</summary>
[MemoryDiagnoser]
public class HeaderBenchmarks
{
    private const int Vocabulary = 150_000, Layers = 32, Width = 4096, Inner = 14336, KeyWidth = 1024;

    private string _path = string.Empty;

    /// <summary>Writes the file.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _path = Path.Combine(Path.GetTempPath(), $"modelfit-bench-{Environment.ProcessId}.gguf");
        var writer = Writer();
        using var file = File.Create(_path);
        file.Write(writer.Header());
        file.SetLength(file.Length + writer.DataBytes);
    }

    /// <summary>Removes the file.</summary>
    [GlobalCleanup]
    public void Cleanup() => File.Delete(_path);

    /// <summary>Opens, reads and understands the header.</summary>
    [Benchmark]
    public object ReadHeader() => ModelFiles.Read(_path, NullSink.Instance, CancellationToken.None);

    private static GgufWriter Writer()
    {
        var writer = new GgufWriter()
            .Add("general.architecture", "llama")
            .Add("llama.block_count", Layers)
            .Add("llama.context_length", 131072)
            .Add("llama.embedding_length", Width)
            .Add("llama.feed_forward_length", Inner)
            .Add("llama.attention.head_count", 32)
            .Add("llama.attention.head_count_kv", 8)
            .Add("tokenizer.ggml.model", "gpt2")
            .Add("tokenizer.ggml.tokens", Enumerable.Range(0, Vocabulary).Select(i => $"token{i:x}").ToArray())
            .Add("tokenizer.ggml.token_type", new int[Vocabulary])
            .Add("tokenizer.ggml.merges", Enumerable.Range(0, Vocabulary).Select(i => $"to ken{i:x}").ToArray())
            .Add("token_embd.weight", TensorType.Q4_K, Width, Vocabulary)
            .Add("output_norm.weight", TensorType.F32, Width)
            .Add("output.weight", TensorType.Q6_K, Width, Vocabulary);
        for (var layer = 0; layer < Layers; layer++)
        {
            var block = $"blk.{layer}.";
            writer.Add(block + "attn_norm.weight", TensorType.F32, Width)
                .Add(block + "attn_q.weight", TensorType.Q4_K, Width, Width)
                .Add(block + "attn_k.weight", TensorType.Q4_K, Width, KeyWidth)
                .Add(block + "attn_v.weight", TensorType.Q6_K, Width, KeyWidth)
                .Add(block + "attn_output.weight", TensorType.Q4_K, Width, Width)
                .Add(block + "ffn_norm.weight", TensorType.F32, Width)
                .Add(block + "ffn_gate.weight", TensorType.Q4_K, Width, Inner)
                .Add(block + "ffn_up.weight", TensorType.Q4_K, Width, Inner)
                .Add(block + "ffn_down.weight", TensorType.Q6_K, Inner, Width);
        }

        return writer;
    }
}
