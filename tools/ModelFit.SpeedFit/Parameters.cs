namespace ModelFit.SpeedFit;

/// <summary>What a parameter is fitted to.</summary>
internal enum Stage
{
    Fixed,
    Decode,
    Prefill,
    Processor,
    ProcessorPrefill,
    Depth,
    Cards,
    Shared,
    Host,
    Users,
    Vllm,
    VllmUsers,
    VllmPrefill,
}

/// <summary>
/// One constant of the model: where its search starts, which is also what it is drawn to, and its limits.
/// </summary>
internal sealed record Parameter(string Name, double Start, Stage Stage, double Most = double.PositiveInfinity);

/// <summary>The constants that are fitted, by engine and for all.</summary>
internal static class Parameters
{
    public static readonly string[] Engines = { "Cpu", "Cuda", "Hip", "Vulkan", "Metal", "Vllm" };

    public static readonly Parameter[] All =
    [
        .. Of("Cuda", 0.91, 8.7, 17.5, 22.5, 22.7, 20.8, 15, 2.5, 12, 0.55, 2.4, 1.1, 0.15),
        .. Of("Hip", 0.84, 10, 20, 26, 26, 24, 40, 5, 30, 0.9, 0.9, 1.1, 0.1),
        .. Of("Vulkan", 0.86, 14, 20, 26, 26, 24, 15, 2.7, 42, 0.6, 0.8, 1.2, 0.03),
        .. Of("Metal", 0.90, 13, 21, 27, 27, 25, 46, 5, 25, 1.1, 0.65, 1.2, 0.1),
        new("Vllm.BandwidthShare", 0.85, Stage.Vllm, 0.97),
        new("Vllm.PlainOperations", 8.7, Stage.Fixed),
        new("Vllm.BlockOperations", 10, Stage.Fixed),
        new("Vllm.SuperOperations", 22, Stage.Fixed),
        new("Vllm.TableOperations", 22, Stage.Fixed),
        new("Vllm.MicroOperations", 20, Stage.Fixed),
        new("Vllm.LayerMicroseconds", 15, Stage.Vllm),
        new("Vllm.TensorMicroseconds", 2.5, Stage.Vllm),
        new("Vllm.ExpertLayerMicroseconds", 30, Stage.Vllm),
        new("Vllm.ExpertRate", 0.55, Stage.VllmPrefill, 1.5),
        new("Vllm.PrefillShare", 2.4, Stage.VllmPrefill),
        new("Vllm.CacheFactor", 1.1, Stage.Vllm),
        new("Vllm.AttentionRate", 0.15, Stage.Fixed),
        new("Vllm.SequenceCost", 0.02, Stage.VllmUsers),
        new("Vllm.SequenceMicroseconds", 100, Stage.VllmUsers),
        new("Vllm.LogitNanoseconds", 0, Stage.Fixed),
        new("Cpu.BandwidthShare", 0.8, Stage.Processor, 0.97),
        new("Cpu.PlainOperations", 2, Stage.Processor),
        new("Cpu.BlockOperations", 2, Stage.Processor),
        new("Cpu.SuperOperations", 2.5, Stage.Processor),
        new("Cpu.TableOperations", 5, Stage.Processor),
        new("Cpu.MicroOperations", 3, Stage.Fixed),
        new("Cpu.LayerMicroseconds", 20, Stage.Processor),
        new("Cpu.TensorMicroseconds", 1, Stage.Processor),
        new("Cpu.ExpertLayerMicroseconds", 10, Stage.Fixed),
        new("Cpu.ExpertRate", 0.6, Stage.ProcessorPrefill, 1.5),
        new("Cpu.PrefillShare", 1, Stage.ProcessorPrefill),
        new("Cpu.CacheFactor", 1.3, Stage.Fixed),
        new("Cpu.AttentionRate", 0.5, Stage.Fixed),
        new("Cpu.SequenceCost", 0.3, Stage.Fixed),
        new("Cpu.SequenceMicroseconds", 100, Stage.Fixed),
        new("Cpu.LogitNanoseconds", 10, Stage.Fixed),
        new("ErrorCorrectionShare", 0.9, Stage.Decode, 1),
        new("JoinedShare", 0.82, Stage.Decode, 1),
        new("BytesPerClock", 7, Stage.Decode),
        new("OldLayerMicroseconds", 22, Stage.Decode),
        new("HalfRateRows", 32, Stage.Prefill),
        new("HalfRateExpertRows", 66, Stage.Prefill),
        new("PlainRate", 1.1, Stage.Prefill),
        new("SuperRate", 0.9, Stage.Prefill),
        new("TableRate", 0.8, Stage.Prefill),
        new("MicroRate", 0.95, Stage.Prefill),
        new("AttentionFactor", 1, Stage.Prefill),
        new("PlainAttentionFactor", 2.8, Stage.Prefill),
        new("StateMicroseconds", 0.9, Stage.Prefill),
        new("HopMicroseconds", 300, Stage.Cards),
        new("PipelineShare", 0.72, Stage.Fixed),
        new("SumMicroseconds", 20, Stage.Shared),
        new("SumLinkShare", 0.5, Stage.Shared, 1),
        new("HostExpertMicroseconds", 300, Stage.Host),
        new("CoreGigaflops", 50, Stage.Fixed),
        new("AmxGain", 3, Stage.Fixed),
        new("NumaShare", 0.65, Stage.Fixed),
        new("LinkShare", 0.6, Stage.Fixed),
        new("DecodePowerShare", 0.49, Stage.Fixed),
        new("OwnAcceptance", 0.75, Stage.Fixed),
        new("DraftAcceptance", 0.7, Stage.Fixed),
        new("DraftingLow", 0.65, Stage.Fixed),
        new("DraftingHigh", 1.4, Stage.Fixed),
        new("UnknownLow", 0.5, Stage.Fixed),
        new("UnknownHigh", 1.5, Stage.Fixed),
    ];

    private static Parameter[] Of(
        string engine,
        double share,
        double plain,
        double block,
        double super,
        double table,
        double micro,
        double layer,
        double tensor,
        double expertLayer,
        double expertRate,
        double prefillShare,
        double cacheFactor,
        double attentionRate) =>
    [
        new($"{engine}.BandwidthShare", share, Stage.Decode, 0.97),
        new($"{engine}.PlainOperations", plain, Stage.Decode),
        new($"{engine}.BlockOperations", block, Stage.Decode),
        new($"{engine}.SuperOperations", super, Stage.Decode),
        new($"{engine}.TableOperations", table, Stage.Decode),
        new($"{engine}.MicroOperations", micro, Stage.Decode),
        new($"{engine}.LayerMicroseconds", layer, Stage.Decode),
        new($"{engine}.TensorMicroseconds", tensor, Stage.Decode),
        new($"{engine}.ExpertLayerMicroseconds", expertLayer, Stage.Decode),
        new($"{engine}.ExpertRate", expertRate, Stage.Prefill, 1.5),
        new($"{engine}.PrefillShare", prefillShare, Stage.Prefill),
        new($"{engine}.CacheFactor", cacheFactor, Stage.Depth),
        new($"{engine}.AttentionRate", attentionRate, Stage.Depth),
        new($"{engine}.SequenceCost", 0.25, Stage.Users),
        new($"{engine}.SequenceMicroseconds", 100, Stage.Fixed),
        new($"{engine}.LogitNanoseconds", 10, Stage.Users),
    ];
}
