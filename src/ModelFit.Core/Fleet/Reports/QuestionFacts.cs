using System.Globalization;
using ModelFit.Fit;
using static ModelFit.Common.NumberText;

namespace ModelFit.Fleet.Reports;

/// <summary>One device as a bar: what it carries and what it has, in bytes.</summary>
/// <param name="Name">The device.</param>
/// <param name="Parts">What lies there, in the order of the bar.</param>
/// <param name="AvailableBytes">What it has; null if that is not known.</param>
internal sealed record DeviceBar(string Name, IReadOnlyList<(string Name, long Bytes)> Parts, long? AvailableBytes)
{
    /// <summary>All parts.</summary>
    public long TotalBytes => Parts.Sum(part => part.Bytes);
}

/// <summary>Something else that would work: what it is, and the command that shows it.</summary>
internal sealed record Alternative(string Text, string? Command);

/// <summary>What a report says of one question, whatever form it is written in.</summary>
internal sealed record QuestionFacts
{
    private const int LeastContext = 1024;

    private static readonly Dictionary<string, string> Limits = new()
    {
        ["Bandwidth"] = "reading GPU memory",
        ["Compute"] = "computing",
        ["Launch"] = "starting kernels",
        ["HostMemory"] = "reading system memory",
        ["Link"] = "the link between devices",
        ["Queue"] = "waiting for other requests",
    };

    private static readonly Regex Line = new(@"^(?<text>.*?): (?<command>[A-Z][A-Za-z]+-[A-Z]\w+ .*)$");

    /// <summary>The question as a title.</summary>
    public required string Title { get; init; }

    /// <summary>The verdict.</summary>
    public required string Verdict { get; init; }

    /// <summary>One sentence with the numbers.</summary>
    public required string Reason { get; init; }

    /// <summary>Bytes left; negative is the deficit.</summary>
    public long? HeadroomBytes { get; init; }

    /// <summary>The question, part by part.</summary>
    public required IReadOnlyList<(string Name, string Value)> Asked { get; init; }

    /// <summary>The hardware, part by part.</summary>
    public required IReadOnlyList<(string Name, string Value)> Hardware { get; init; }

    /// <summary>What binds, in sentences.</summary>
    public IReadOnlyList<string> Binds { get; init; } = [];

    /// <summary>The memory of each device.</summary>
    public IReadOnlyList<DeviceBar> Bars { get; init; } = [];

    /// <summary>What the model takes by context length, all on one device.</summary>
    public IReadOnlyList<(int Tokens, long Bytes)> Contexts { get; init; } = [];

    /// <summary>Memory that is there for it, in bytes.</summary>
    public long? AvailableBytes { get; init; }

    /// <summary>The speeds, part by part.</summary>
    public IReadOnlyList<(string Name, string Value)> Speeds { get; init; } = [];

    /// <summary>What else would work.</summary>
    public IReadOnlyList<Alternative> Alternatives { get; init; } = [];

    /// <summary>How it is run; null if it does not run.</summary>
    public OffloadPlan? Plan { get; init; }

    /// <summary>How the figures are known, part by part.</summary>
    public required IReadOnlyList<(string Name, string Value)> Known { get; init; }

    /// <summary>The facts of the one question that a report is about; null if it is about something else.</summary>
    public static QuestionFacts? Of(ReportContent content) => !content.IsOneQuestion ? null
        : content.Results.Count > 0 ? Of(content.Results[0], content.Plans.FirstOrDefault())
        : content.Plans.Count > 0 ? Of(content.Plans[0])
        : null;

    /// <summary>The facts of an answer; its plan and its searches are asked for here.</summary>
    private static QuestionFacts Of(ModelFitResult answer, OffloadPlan? given)
    {
        var question = answer.Question;
        var plan = given ?? FitEngine.Plan(question, NullSink.Instance);
        return new QuestionFacts
        {
            Title = TitleOf(answer.Model, answer.Quantization, answer.Gpu),
            Verdict = answer.Verdict,
            Reason = answer.Reason,
            HeadroomBytes = answer.HeadroomBytes,
            Asked = Present(
                ("Model", answer.Model), ("Quantization", answer.Quantization), ("File", answer.ModelPath),
                ("Repository", answer.Repository),
                ("Context", Tokens(answer.ContextLength, answer.ParallelSequences)), ("Runtime", answer.Runtime)),
            Hardware = Present(
                ("Computer", answer.ComputerName), ("GPU", answer.Gpu ?? "none"), ("Facts", answer.GpuDescription),
                ("GPU memory", answer.AvailableBytes is { } there
                    ? $"{Figure.Bytes(there)}{(answer.MemoryBasis == "Free" ? " free" : string.Empty)}" : null),
                ("System memory", Figure.Bytes(answer.SystemMemoryBytes))),
            Binds = BindsOf(answer).ToArray(),
            Bars = Whole(answer).Concat(PlannedBars(plan)).ToArray(),
            Contexts = ContextsOf(question),
            AvailableBytes = answer.AvailableBytes,
            Speeds = Present(
                ("Answer", Figure.Speed(
                    answer.DecodeTokensPerSecond, answer.DecodeTokensPerSecondLow, answer.DecodeTokensPerSecondHigh)),
                ("Prompt", Figure.Speed(
                    answer.PrefillTokensPerSecond, answer.PrefillTokensPerSecondLow,
                    answer.PrefillTokensPerSecondHigh)),
                ("First token", answer.TimeToFirstTokenSeconds is { } wait
                    ? $"after about {Rate(wait)} s" : null),
                ("Limited by", LimitOf(answer))),
            Alternatives = (answer.Advice ?? string.Empty).Split('\n')
                .Where(line => line.Length > 0).Select(ReadAlternative).ToArray(),
            Plan = plan,
            Known = Present(
                ("Accuracy of the memory", answer.Accuracy), ("Assumptions", answer.Assumptions),
                ("Longest context", Tokens(answer.MaxContextLength, 1)),
                ("Largest quantization", answer.LargestQuantization),
                ("Facts of", $"ModelFit {CatalogVersion.Current}")),
        };
    }

    /// <summary>The facts of a plan alone.</summary>
    private static QuestionFacts Of(OffloadPlan plan) => new()
    {
        Title = TitleOf(plan.Model, plan.Quantization, plan.Gpu),
        Verdict = plan.Verdict,
        Reason = plan.Reason,
        Asked = Present(
            ("Model", plan.Model), ("Quantization", plan.Quantization), ("File", plan.ModelPath),
            ("Context", Tokens(plan.ContextLength, plan.ParallelSequences)), ("Runtime", plan.Runtime)),
        Hardware = Present(
            ("Computer", plan.ComputerName), ("GPU", plan.Gpu ?? "none"),
            ("System memory", Figure.Bytes(plan.SystemMemoryBytes))),
        Bars = PlannedBars(plan).ToArray(),
        Speeds = Present(("Answer", Figure.Speed(plan.DecodeTokensPerSecond))),
        Plan = plan,
        Known = Present(
            ("Accuracy of the memory", plan.Accuracy), ("Assumptions", plan.Assumptions),
            ("Facts of", $"ModelFit {CatalogVersion.Current}")),
    };

    private static string TitleOf(string model, string? quantization, string? gpu) =>
        $"{model} {quantization}".TrimEnd() + (gpu is null ? " without a GPU" : $" on {gpu}");

    private static IReadOnlyList<(string, string)> Present(params (string Name, string? Value)[] parts) => parts
        .Where(part => !string.IsNullOrEmpty(part.Value)).Select(part => (part.Name, part.Value!)).ToArray();

    private static string? Tokens(int? tokens, int? sequences) => tokens is not { } known ? null
        : $"{Number(known)} tokens" + (sequences > 1 ? $" for each of {sequences} sequences" : string.Empty);

    /// <summary>A line of advice, its command apart.</summary>
    public static Alternative ReadAlternative(string line)
    {
        var match = Line.Match(line);
        return match.Success
            ? new(match.Groups["text"].Value + ".", match.Groups["command"].Value) : new(line, null);
    }

    private static IEnumerable<string> BindsOf(ModelFitResult answer)
    {
        if (answer.RequiredBytes is not { } required || answer.AvailableBytes is not { } available) yield break;
        var largest = Parts(answer).OrderByDescending(part => part.Bytes).First();
        var share = (100.0 * largest.Bytes / Math.Max(1, required)).ToString("0", CultureInfo.InvariantCulture);
        yield return $"The largest part: {largest.Name}, {Figure.Bytes(largest.Bytes)} "
            + $"({share} % of what is needed).";
        if (answer.HeadroomBytes < 0)
            yield return $"The limit is memory: {Figure.Bytes(required)} are needed and {Figure.Bytes(available)} " +
                $"are available, so {Figure.Bytes(-answer.HeadroomBytes)} are missing.";
        if (LimitOf(answer) is { } limit) yield return $"Most of a token's time goes to {limit}.";
    }

    /// <summary>The parts of the requirement: of the weights, those that stay in system memory are not in it.</summary>
    private static IReadOnlyList<(string Name, long Bytes)> Parts(ModelFitResult answer)
    {
        var (cache, compute, overhead) =
            (answer.KvCacheBytes ?? 0, answer.ComputeBytes ?? 0, answer.OverheadBytes ?? 0);
        var weights = Math.Max(0, (answer.RequiredBytes ?? 0) - cache - compute - overhead);
        return new[]
        {
            ("Weights", weights), ("KV cache", cache), ("Compute buffers", compute), ("Runtime overhead", overhead),
        };
    }

    private static string? LimitOf(ModelFitResult answer) =>
        answer.Bottleneck is not { } word || answer.DecodeTokensPerSecond is null ? null
        : (Limits.TryGetValue(word, out var plain) ? plain : word) +
            (answer.BottleneckDevice is null || word == "HostMemory" ? string.Empty : $" ({answer.BottleneckDevice})");

    private static DeviceBar[] Whole(ModelFitResult answer) => answer.RequiredBytes is null ? [] :
    [
        new DeviceBar(
            $"All of it in {(answer.Gpu is null ? "system" : "GPU")} memory", Parts(answer), answer.AvailableBytes),
    ];

    private static IEnumerable<DeviceBar> PlannedBars(OffloadPlan plan) => plan.Verdict == "NoFit" ? []
        : plan.Devices.Where(device => device.TotalBytes > 0).Select(device => new DeviceBar(
            $"Plan: {device.Name}" + LayersOf(device),
            new[]
            {
                ("Weights", device.WeightBytes ?? 0), ("KV cache", device.KvCacheBytes ?? 0),
                ("Compute buffers", device.ComputeBytes ?? 0), ("Runtime overhead", device.OverheadBytes ?? 0),
            },
            device.AvailableBytes));

    private static string LayersOf(DeviceLoad device) => device.Layers is not { Length: > 0 } layers ? string.Empty
        : char.IsDigit(layers[0]) ? $", layers {layers}" : $", {layers}";

    private static IReadOnlyList<(int, long)> ContextsOf(FitQuestion question)
    {
        var asked = question.Options.ContextLength;
        var most = Math.Max(asked, question.Model.TrainedContextLength ?? asked);
        var lengths = new SortedSet<int> { asked, most };
        for (var tokens = (long)LeastContext; tokens < most; tokens *= 2) lengths.Add((int)tokens);
        return lengths.Select(tokens => (tokens, Measure(question, tokens))).Where(point => point.Item2 > 0).ToArray();
    }

    private static long Measure(FitQuestion question, int tokens)
    {
        try
        {
            return FitEngine.Measure(
                question with { Options = question.Options with { ContextLength = tokens } }, NullSink.Instance)
                .TotalBytes ?? 0;
        }
        catch (ModelFitException)
        {
            return 0;
        }
    }
}
