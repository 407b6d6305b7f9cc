using ModelFit.Placement;
using ModelFit.Runtimes.LlamaCpp;

namespace ModelFit.Runtimes.LMStudio;

/// <summary>LM Studio.</summary>
internal sealed class LMStudioRuntime : GgmlRuntime
{
    public override ModelRuntime Kind => ModelRuntime.LMStudio;

    public override string Name => "LM Studio";

    public override LaunchDialect Dialect => LMStudioDialect.Instance;

    public override string Assumption(FitQuestion question) =>
        "LM Studio runs llama.cpp, but its release may differ from the one that ModelFit follows; its guardrail may " +
        "refuse a model that fits, by its own estimate.";

    /// <summary>It is told a ratio of layers, and a ratio of layers whose experts stay behind.</summary>
    protected override PlacementRules Rules => new(SplitsItself: true);

    public override RuntimeLaunch Launch(LaunchRequest request, IMessageSink messages)
    {
        WarnOfFile(request, "use its file instead", messages);
        if (LMStudioLaunch.Untold(request) is { } untold)
        {
            messages.Warning(
                $"lms load has no option for {untold}: use the load settings of LM Studio; Configuration has them.");
        }

        return LMStudioLaunch.Of(request);
    }

    public override bool Owns(string program) => program == "lms";
}
