using System.Globalization;
using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Hardware;
using ModelFit.Hardware.Inventory;

namespace ModelFit.Framework;

/// <summary>The main questions and their answers as text, the same code under every runtime.</summary>
internal static class MainQuestions
{
    private const long GiB = 1L << 30;

    private static readonly (string Model, string Gpu, string Quantization, int Context, long? Memory)[] Questions =
    {
        ("mixtral-8x22b", "RTX 3090", "Q3_K_M", 8192, null),
        ("mixtral-8x22b", "RTX 3090", "Q3_K_M", 8192, 64 * GiB),
        ("qwen3-8b", "RTX 3060", "Q4_K_M", 32768, null),
        ("llama-3.3-70b", "2x RTX 3090", "Q4_K_M", 16384, 64 * GiB),
        ("gpt-oss-120b", "RTX 4090", "MXFP4", 8192, 96 * GiB),
        ("deepseek-v3.1", "8x H100 SXM5 80GB", "Q4_K_M", 32768, null),
        ("gemma-3-27b", "Radeon RX 7900 XTX", "Q5_K_M", 8192, null),
        ("qwen3-30b-a3b", "Arc B580", "IQ4_XS", 8192, 32 * GiB),
    };

    private const string Inventory = "ComputerName;Gpu;RAM\npc1;NVIDIA GeForce RTX 3090;64 GB\npc2;GTX 1650;15,9 GB\n";

    /// <summary>A line for each verdict and plan, each machine of an inventory, and the first of a ranking.</summary>
    public static IEnumerable<string> Answers()
    {
        foreach (var asked in Questions)
        {
            var cards = GpuCatalog.ResolveMany(asked.Gpu, null, NullSink.Instance);
            var question = new FitQuestion
            {
                Model = ModelCatalog.Resolve(asked.Model, NullSink.Instance),
                Quantization = asked.Quantization,
                Machine = MachineSpecs.Create(cards, asked.Memory, GpuCatalogLookup.Instance),
                Options = new RuntimeOptions { ContextLength = asked.Context },
            };
            var answer = FitEngine.Test(question, NullSink.Instance);
            yield return Line(answer.Verdict, answer.RequiredBytes, answer.WeightBytes, answer.KvCacheBytes,
                answer.ComputeBytes, answer.HeadroomBytes, answer.DecodeTokensPerSecond, answer.Accuracy,
                answer.Reason, answer.Advice);
            var plan = FitEngine.Plan(question, NullSink.Instance);
            yield return Line(plan.Verdict, plan.GpuLayers, plan.TensorSplit, plan.TensorOverrides, plan.HostBytes,
                plan.CommandLine);
        }

        foreach (var machine in InventoryReader.ReadText(
            Inventory, null, GpuCatalogLookup.Instance, NullSink.Instance, failure => throw failure))
            yield return Line(machine.ComputerName, machine.Gpu, machine.SystemMemoryBytes);
    }

    private static string Line(params object?[] values) => string.Join("|", values.Select(value =>
        string.Format(CultureInfo.InvariantCulture, value is double ? "{0:G10}" : "{0}", value)));
}
