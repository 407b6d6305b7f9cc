using ModelFit.Questions;

namespace ModelFit.Runtimes.LMStudio;

/// <summary>LM Studio's words: those of <c>lms load</c>.</summary>
internal sealed class LMStudioDialect : LaunchDialect
{
    private const ModelRuntime Own = ModelRuntime.LMStudio;

    private LMStudioDialect()
        : base("LMStudio", Words())
    {
    }

    public static LMStudioDialect Instance { get; } = new();

    protected override void ReadBare(LaunchLine line, string text, IMessageSink messages)
    {
        if (text is not "load") line.SetModel(line.Model ?? text);
    }

    private static LaunchWord[] Words() => new[]
    {
        Value(Own, QuestionParts.ContextLength, (line, value) => line.TotalContext = Count(value, 1)),
        Value(Own, SettingParts.GpuLayers, (line, value) => line.GpuShare = Share(value)),
        Value(Own, QuestionParts.ParallelSequences, (line, value) => line.ParallelSequences = Count(value, 1)),
    };

    private static double? Share(string value) => value.ToLowerInvariant() switch
    {
        "max" => 1,
        "off" => 0,
        "auto" => null,
        _ => Decimal(value, "off, max or a share from 0 to 1", share => share is >= 0 and <= 1),
    };
}
