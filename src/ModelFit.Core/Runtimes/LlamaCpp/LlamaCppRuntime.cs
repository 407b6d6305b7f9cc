using ModelFit.Models;
using ModelFit.Placement;

namespace ModelFit.Runtimes.LlamaCpp;

/// <summary>llama.cpp: llama-server, llama-cli and its other programs.</summary>
internal sealed class LlamaCppRuntime : GgmlRuntime
{
    public override ModelRuntime Kind => ModelRuntime.LlamaCpp;

    public override string Name => "llama.cpp";

    public override LaunchDialect Dialect => LlamaCppDialect.Instance;

    public override LaunchDialect DialectOf(LaunchLine line) =>
        LlamaCppProgram.Of(line).Dialect;

    public override string? Assumption(FitQuestion question) =>
        LlamaCppBuild.NotCompared(question.Options.RuntimeVersion);

    protected override bool MapsRanges => true;

    public override RuntimeLaunch Launch(LaunchRequest request, IMessageSink messages)
    {
        WarnOfFile(request, "add -m with its file", messages);
        return LlamaCppArguments.Of(request);
    }

    /// <summary>
    /// The server caps what a slot may use at the length that the model was trained for, whatever its cache holds
    /// (tools/server/server-context.cpp, n_ctx_slot).
    /// </summary>
    public override FitQuestion Settle(FitQuestion asked)
    {
        var version = asked.Options.RuntimeVersion;
        var question = !LlamaCppBuild.ReservesAllRows(version) ? asked : asked with
        {
            Options = asked.Options with
            {
                OutputCount = asked.Options.OutputCount ?? 0, CastsMask = LlamaCppBuild.CastsMask(version),
            },
        };
        var (options, trained) = (question.Options, question.TrainedContext);
        if (trained is not > 0 || options.ContextLength <= trained) return question;
        return question with
        {
            Options = options with { ContextLength = trained.Value },
            Settled = FormattableString.Invariant(
                $"llama-server caps a slot at the trained {trained} tokens, so {options.ContextLength} are not used"),
        };
    }

    public override FitQuestion Fit(FitQuestion question, ModelDefinition model, MachineBudget machine) =>
        question.Fit is { } fit ? LlamaCppFit.Apply(fit, question, model, machine) : question;

    public override FitQuestion Complete(LaunchLine line, FitQuestion question) =>
        LlamaCppProgram.Of(line).Complete(line, question);

    public override bool IsSeveral(string program) => program == LlamaCppProgram.Several;

    public override IReadOnlyList<string>? WordsOf(string text, IMessageSink messages) =>
        PresetFile.Is(text) ? PresetFile.Words(text, messages) : null;

    public override IReadOnlyList<string> WithFiles(
        IReadOnlyList<string> words, Func<string, string?> read, IMessageSink messages) =>
        PresetFile.Under(words, read, messages);

    public override bool Owns(string program) => LlamaCppProgram.Named(program) is not null;
}
