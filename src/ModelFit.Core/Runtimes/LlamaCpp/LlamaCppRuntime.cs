using System;
using System.Collections.Generic;

namespace ModelFit.Runtimes.LlamaCpp;

/// <summary>llama.cpp: llama-server, llama-cli and its other programs.</summary>
internal sealed class LlamaCppRuntime : LlamaBased
{
    /// <inheritdoc/>
    public override ModelRuntime Kind => ModelRuntime.LlamaCpp;

    /// <inheritdoc/>
    public override string Name => "llama.cpp";

    /// <inheritdoc/>
    public override LaunchDialect Dialect => LlamaCppDialect.Instance;

    /// <inheritdoc/>
    public override Accuracy Accuracy => Accuracy.Exact;

    /// <inheritdoc/>
    public override RuntimeLaunch Launch(LaunchRequest request, IMessageSink messages)
    {
        WarnOfFile(request, "add -m with its file", messages);
        return LlamaCppArguments.Of(request);
    }

    /// <inheritdoc/>
    public override bool Owns(string? program, IEnumerable<string> words) =>
        program?.StartsWith("llama", StringComparison.Ordinal) == true;
}
