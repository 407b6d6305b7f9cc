using ModelFit.Catalog;
using ModelFit.Placement;
using ModelFit.Runtimes;

namespace ModelFit.Fit;

/// <summary>How a placement is started.</summary>
/// <param name="Told">What the runtime is told.</param>
/// <param name="CommandLine">The line as it is pasted into a shell; null where no quoting says it.</param>
internal sealed record PlannedLaunch(RuntimeLaunch Told, string? CommandLine)
{
    /// <summary>The launch of a placement on the machine of a case; no memory is measured for it.</summary>
    public static PlannedLaunch Of(FitCase fit, PlacedModel placed, PlanOptions options, IMessageSink messages)
    {
        var repository = PublishedModels.RepositoryOf(fit.Question.Model, fit.Quantization);
        var request = new LaunchRequest(
            fit.Question, fit.Quantization, repository, fit.File?.Quantization, placed, fit.Search.Costs, fit.Machine);
        var told = fit.Runtime.Launch(request, messages);
        if (options.PortOffset != 0) told = fit.Runtime.AtPort(told, fit.Runtime.Port + options.PortOffset);
        var shell = options.Shell ?? ShellOf(fit.Question.Machine);
        var line = ShellText.Join(shell, told.Program, told.Arguments);
        if (line is null)
            messages.Warning($"A name in the command line cannot be quoted for {shell}: use Arguments.");
        return new PlannedLaunch(told, line);
    }

    /// <summary>
    /// The shell of the machine that a plan is for: PowerShell on Windows, here, and where nothing is known of it.
    /// </summary>
    private static CommandShell ShellOf(MachineSpec? machine) =>
        machine?.OperatingSystem is not { } system || QuestionText.IsHere(machine)
            || system.IndexOf("Windows", StringComparison.OrdinalIgnoreCase) >= 0
            ? CommandShell.PowerShell
            : CommandShell.Posix;
}
