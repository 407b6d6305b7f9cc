using System.IO;
using ModelFit.Catalog;
using ModelFit.Graph.Backends;
using ModelFit.Hardware;
using ModelFit.Runtimes;
using ModelFit.Speed;
using ModelFit.Speed.Benchmarks;

namespace ModelFit.Fit;

/// <summary>Makes calibrations: how far measured rows are from what is predicted for the same question.</summary>
internal static class Calibrations
{
    /// <summary>Rows from which the interval is that of the rows, and no longer the class's.</summary>
    private const int EnoughRows = 3;

    /// <summary>Standard deviations that hold four of five.</summary>
    private const double FourOfFive = 1.2816;

    private const double LeastSpread = 0.04;

    /// <summary>How far rows of one machine differ by at least, as a logarithm.</summary>
    private const double UsualDeviation = 0.05;

    /// <summary>System memory of a machine that nothing is known of: what was measured had room.</summary>
    private const long Plenty = 1L << 40;

    /// <summary>The calibration of rows of one machine.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="machine">The machine; null is what the rows name.</param>
    /// <param name="model">The model of rows that name none.</param>
    /// <param name="quantization">Its quantization, where the row's own name says none.</param>
    /// <param name="messages">Where rows that are passed over are said.</param>
    public static SpeedCalibration Of(
        IReadOnlyList<BenchmarkRow> rows,
        MachineSpec? machine,
        string? model,
        string? quantization,
        IMessageSink messages)
    {
        if (rows.Count == 0) throw new ModelFitException(
            ErrorIds.InvalidArgument,
            FailureKind.InvalidData,
            "No measurement was found. Results of llama-bench, llama-batched-bench, llama-server, vLLM and LocalScore" +
            " are read.");
        var asked = machine ?? MachineOf(rows, messages);
        var misses = new List<(BenchmarkRow Row, double Miss, FitCase Fit)>();
        var skipped = 0;
        foreach (var row in rows)
        {
            if (Miss(row, asked, model, quantization, messages) is { } missed)
                misses.Add((row, missed.Miss, missed.Fit));
            else skipped++;
        }

        if (misses.Count == 0) throw new ModelFitException(
            ErrorIds.InvalidArgument,
            FailureKind.InvalidData,
            $"none of {rows.Count} rows can be compared: name the model (-Model) and the cards (-Gpu).");
        var decode = misses.Where(one => one.Row.IsDecode).Select(one => one.Miss).ToArray();
        var prefill = misses.Where(one => !one.Row.IsDecode).Select(one => one.Miss).ToArray();
        var decodeShift = Shift(decode);
        var prefillShift = Shift(prefill);
        var first = misses[0].Fit;
        return new SpeedCalibration
        {
            Gpu = asked.Gpu,
            Backend = first.Machine.Backend.ToString(),
            Runtime = first.Question.Options.Runtime.ToString(),
            DecodeFactor = Math.Exp(decodeShift),
            PrefillFactor = Math.Exp(prefillShift),
            DecodeRows = decode.Length,
            PrefillRows = prefill.Length,
            DecodeErrorPercent = Error(decode, 0),
            PrefillErrorPercent = Error(prefill, 0),
            CorrectedDecodeErrorPercent = Error(decode, decodeShift),
            CorrectedPrefillErrorPercent = Error(prefill, prefillShift),
            DecodeSpreadPercent = Spread(decode, decodeShift),
            PrefillSpreadPercent = Spread(prefill, prefillShift),
            SkippedRows = skipped,
            CreatedAt = DateTime.UtcNow,
        };
    }

    /// <summary>
    /// What rows of a machine say of its others: the part of their middle that is beyond its own uncertainty. Rows that
    /// disagree say little of others (tools/ModelFit.SpeedFit measures it).
    /// </summary>
    /// <param name="misses">Logarithms of measured over predicted.</param>
    public static double Shift(IReadOnlyCollection<double> misses)
    {
        if (misses.Count == 0) return 0;
        var (middle, mean) = (Median(misses), misses.Average());
        var squares = (UsualDeviation * UsualDeviation) + misses.Sum(miss => (miss - mean) * (miss - mean));
        var uncertainty = Math.Sqrt(squares) / misses.Count;
        return Math.Sign(middle) * Math.Max(0, Math.Abs(middle) - uncertainty);
    }

    /// <summary>Whether a calibration is of the cards, the backend and the runtime of a case.</summary>
    public static bool Concerns(SpeedCalibration calibration, FitCase fit) =>
        calibration.Gpu == fit.Question.Machine?.Gpu
        && calibration.Backend == fit.Machine.Backend.ToString()
        && calibration.Runtime == fit.Question.Options.Runtime.ToString();

    private static MachineSpec MachineOf(IReadOnlyList<BenchmarkRow> rows, IMessageSink messages)
    {
        var named = rows.Select(row => row.Gpu).Where(gpu => gpu is not null).Distinct().ToArray();
        if (named.Length != 1) throw new ModelFitException(
            ErrorIds.MissingColumn,
            named.Length == 0
                ? "the rows do not name the cards that were measured: name them with -Gpu."
                : $"the rows are of several machines ({string.Join("; ", named)}): make a calibration of each.");
        return new MachineSpec().WithGpus(
            GpuCatalog.ResolveMany(named[0]!, null, messages), GpuCatalogLookup.Instance);
    }

    private static (double Miss, FitCase Fit)? Miss(
        BenchmarkRow row, MachineSpec machine, string? model, string? quantization, IMessageSink messages)
    {
        try
        {
            var question = QuestionOf(row, machine, model, quantization);
            if (question is null) return null;
            var fit = FitCase.Of(question, NullSink.Instance);
            var decision = Decision.Judge(fit);
            if (decision.Verdict <= Verdict.NoFit) return null;
            if (PlacementSpeed.Of(fit, decision.Placed, NullSink.Instance) is not { } speed) return null;
            var expected = row.IsDecode ? speed.Decode.Expected : speed.Prefill.Expected;
            return (Math.Log(row.TokensPerSecond / expected), fit);
        }
        catch (ModelFitException failure)
        {
            messages.Warning($"A row of '{row.Model ?? model}' is ignored: {failure.Message}");
            return null;
        }
    }

    private static FitQuestion? QuestionOf(
        BenchmarkRow row, MachineSpec machine, string? model, string? quantization)
    {
        const int leastContext = 512;
        var file = row.Model is { } path ? Path.GetFileName(path.Replace('\\', '/')) : null;
        var name = file is not null && ModelCatalog.Knows(file) ? file : model;
        if (name is null) return null;
        var context = Math.Max(leastContext, row.Depth + row.Tokens);
        return new FitQuestion
        {
            Model = ModelCatalog.Resolve(name, NullSink.Instance),
            Quantization = (file is null ? null : ModelCatalog.QuantizationIn(file)) ?? quantization
                ?? ModelCatalog.QuantizationIn(name),
            Machine = machine.SystemMemoryBytes is not null ? machine : machine with
            {
                SystemMemoryBytes = Plenty,
                MemoryBandwidth = machine.MemoryBandwidth ?? (long)HostSpeed.BytesPerSecond(machine),
            },
            IgnoreUsage = true,
            Options = new RuntimeOptions
            {
                ContextLength = context,
                ParallelSequences = row.Users,
                MicroBatchSize = row.MicroBatch is > 0 and var micro ? micro : new RuntimeOptions().MicroBatchSize,
                FlashAttention = row.FlashAttention is { } flash
                    ? flash ? FlashAttentionMode.On : FlashAttentionMode.Off
                    : FlashAttentionMode.Auto,
                Backend = BackendOf(row.Backend),
                Runtime = RuntimeList.OfLine(row.Program, Array.Empty<string>())?.Kind ?? default,
            },
            Load = new ServingLoad
            {
                ActiveSequences = row.Users,
                UsedContext = row.Depth + (row.IsDecode ? row.Tokens / 2 : 0),
                PromptLength = row.IsDecode ? ServingLoad.DefaultPromptLength : row.Tokens,
            },
        };
    }

    private static ComputeBackend? BackendOf(string? text) =>
        text is null ? null : BackendProfiles.Named(text.Split(',')[0].Trim());

    private static double Median(IReadOnlyCollection<double> values)
    {
        if (values.Count == 0) return 0;
        var sorted = values.OrderBy(value => value).ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static double? Error(double[] misses, double shift) => misses.Length == 0
        ? null
        : 100 * Median(misses.Select(miss => Math.Abs(Math.Exp(shift - miss) - 1)).ToArray());

    private static double? Spread(double[] misses, double shift)
    {
        if (misses.Length < EnoughRows) return null;
        var variance = misses.Sum(miss => (miss - shift) * (miss - shift)) / (misses.Length - 1);
        return 100 * Math.Max(LeastSpread, FourOfFive * Math.Sqrt(variance));
    }
}
