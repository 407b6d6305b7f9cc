using System.Collections.Generic;
using ModelFit.Placement;
using ModelFit.Runtimes.LlamaCpp;

namespace ModelFit.Runtimes.LMStudio;

/// <summary>LM Studio.</summary>
internal sealed class LMStudioRuntime : LlamaBased
{
    /// <inheritdoc/>
    public override ModelRuntime Kind => ModelRuntime.LMStudio;

    /// <inheritdoc/>
    public override string Name => "LM Studio";

    /// <inheritdoc/>
    public override LaunchDialect Dialect => LMStudioDialect.Instance;

    /// <inheritdoc/>
    public override string Assumption =>
        "LM Studio runs llama.cpp; its own release may be another than the one followed here, and its guardrail may " +
        "refuse by an estimate of its own what fits.";

    /// <summary>It is told a ratio of layers, and a ratio of layers whose experts stay behind.</summary>
    protected override PlacementRules Rules => new(SplitsItself: true);

    /// <inheritdoc/>
    public override RuntimeLaunch Launch(LaunchRequest request, IMessageSink messages)
    {
        WarnOfFile(request, "put its file in its place", messages);
        if (LMStudioLaunch.Untold(request) is { } untold)
        {
            messages.Warning(
                $"lms load cannot be told of {untold}: set it in LM Studio's load settings, which Configuration has.");
        }

        return LMStudioLaunch.Of(request);
    }

    /// <inheritdoc/>
    public override bool Owns(string? program, IEnumerable<string> words) => program == "lms";
}
