using System.Text;
using ModelFit.Catalog.Sites;
using ModelFit.Fit;
using ModelFit.Fleet;
using ModelFit.Runtimes;
using ModelFit.Speed.Benchmarks;

namespace ModelFit.Testing;

/// <summary>
/// Documents that people and programs write (policies, catalogs, presets, calibrations, measurements, records),
/// damaged by a seed; and what is wrong with their reading.
/// </summary>
internal static class HostileDocuments
{
    private const string Policy = """
        { "$schema": "modelfit-policy-1", "name": "p", "rules": [
          { "name": "lab", "machines": { "ComputerName": "LAB-*", "Gpu": ["*3090*", "[0-9]?"] }, "severity": "error",
            "except": { "Source": "ssh" }, "require": { "model": "qwen3-8b", "contextLength": 16384, "accept": "Fits",
            "minimumTokensPerSecond": 20.5, "runtime": "Vllm", "users": 8, "reserve": "1GB" } },
          { "name": "drivers", "require": { "minimumDriverVersion": "550.54", "minimumFreeGpuMemory": "8GB" } } ] }
        """;

    private const string Catalog = """
        { "$schema": "modelfit-catalog-1", "name": "c", "date": "2026-10-01",
          "cards": [ { "name": "CIB-96", "like": "H100 PCIe", "memory": "96GB", "aliases": ["CIB"] },
            { "name": "X", "vendor": "NVIDIA", "memory": "24GB", "bandwidth": "900GB/s" } ],
          "models": [ { "name": "a/B-27B", "like": "Qwen/Qwen3-8B", "released": "2026-10-01" },
            { "name": "a/Tiny", "architecture": "llama", "layers": 16, "embedding": 2048, "feedForward": 8192,
              "heads": 32, "kvHeads": 8, "headLength": 64, "vocabulary": 128256, "context": 131072,
              "parameters": "1.24B", "keys": { "rope.freq_base": 500000 } } ],
          "published": [ { "repository": "a/B-GGUF", "model": "a/B-27B",
            "files": [ { "file": "b-Q4_K_M.gguf", "bytes": 16540000000 } ] } ],
          "cardAliases": { "ours": "L40S" }, "modelAliases": { "chat": "a/B-27B" }, "approved": ["a/*"],
          "prices": { "currency": "EUR", "powerPerKwh": 0.31, "cards": { "RTX 3090": { "price": 7, "watts": 350 } } } }
        """;

    private const string Preset = """
        version = 1
        [*]
        c = 8192 ; tokens
        [ggml-org/MY-MODEL-GGUF:Q8_0]
        chat-template = chatml
        n-gpu-layers = 123
        LLAMA_ARG_CACHE_TYPE_K = q8_0
        jinja = true
        [custom]
        model = /models/my.gguf
        """;

    private const string Log = """
        llama_model_loader: loaded meta data with 33 key-value pairs and 399 tensors from /m/Q-Q4_K_M.gguf (version V3)
        prompt eval time =     123.45 ms /   512 tokens (    0.24 ms per token,  4147.43 tokens per second)
               eval time =    2000.00 ms /   128 tokens (   15.62 ms per token,    64.00 tokens per second)
        | model | backend | ngl | n_ubatch | fa | test | t/s |
        | --- | --- | --: | -: | -: | --: | ---: |
        | qwen3 8B Q4_K - Medium | CUDA | 99 | 2048 | 1 | pp512 @ d4096 | 3925.76 |
        |    PP |     TG |    B |   N_KV |   T_PP s | S_PP t/s |   T_TG s | S_TG t/s |
        |   512 |    128 |    8 |   5120 |    1.000 |  4096.00 |    2.000 |   512.00 |
        """;

    private const string Measured = """
        [{"model_filename":"/m/a.gguf","gpu_info":"RTX 3090","n_prompt":512,"n_gen":0,"n_depth":0,"avg_ts":4500.5},
        {"model":"m.gguf","timings":{"cache_n":100,"prompt_n":512,"prompt_per_second":2000.5,"predicted_n":128,
        "predicted_per_second":60.25}},{"model_id":"a/b","max_concurrency":8,"completed":80,"mean_ttft_ms":100,
        "total_output_tokens":10240,"mean_tpot_ms":25},{"n_prompt":10,"n_gen":16,"prompt_tps":3000,"gen_tps":90}]
        """;

    private const string Csv = """
        "Gpu","Gpu","DecodeFactor","PrefillFactor","Rows"
        "RTX 3090","x","1.05","0.9","12"
        """;

    private const string Saved =
        """[{"Gpu":"RTX 3090","DecodeFactor":1.05,"PrefillFactor":0.9,"Rows":12,"At":"2026-11-30T00:00:00Z"}]""";

    private const string Record =
        """{"SchemaVersion":1,"RunId":"a","CollectedAt":"2026-11-30T10:00:00Z","ComputerName":"PC1","GpuCount":1,"""
        + "\"TotalGpuMemoryBytes\":25769803776,\"Verdict\":\"Fits\",\"Compliance\":\"Compliant\","
        + "\"DecodeTokensPerSecond\":90.5,\"Model\":\"qwen3-8b\"}";

    private static readonly (string Text, Action<string> Read)[] Kinds =
    [
        (Policy, text => PolicyFile.Parse(text, "x")), (Catalog, text => SiteCatalogFile.Parse(text, "x")),
        (Preset, text => LaunchReader.Parse(text, NullSink.Instance)), (Log, text => BenchmarkReader.Read(text)),
        (Measured, text => Calibrate(text)), (Csv, text => _ = CalibrationText.Read(text).Count()),
        (Saved, text => _ = CalibrationText.Read(text).Count()), (Record, text => AuditJson.Parse(text, "x", 1)),
    ];

    /// <summary>What is wrong with the reading of the document of a seed; null if nothing is.</summary>
    public static string? Problem(int seed)
    {
        var (text, read) = Kinds[Math.Abs(seed % Kinds.Length)];
        try
        {
            read(Encoding.UTF8.GetString(Mutator.Mutate(Encoding.UTF8.GetBytes(text), seed)));
            return null;
        }
        catch (ModelFitException)
        {
            return null;
        }
        catch (Exception error)
        {
            return error.ToString();
        }
    }

    private static void Calibrate(string text) => FitEngine.Calibrate(
        [text], Machines.Of("RTX 3090", 64), "qwen3-8b", "Q4_K_M", NullSink.Instance);
}
