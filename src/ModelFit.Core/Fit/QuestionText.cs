using System.Globalization;
using System.IO;
using ModelFit.Questions;
using static ModelFit.Common.NumberText;

namespace ModelFit.Fit;

/// <summary>A question as it is typed.</summary>
internal static class QuestionText
{
    private const long GiB = 1L << 30;

    /// <summary>
    /// The command that asks a question without pins, for the program that is running: PowerShell, or the tool in the
    /// shell that has started it. Null if a name in it cannot be pasted.
    /// </summary>
    /// <param name="cmdlet">The cmdlet to ask.</param>
    /// <param name="fit">The question.</param>
    /// <param name="more">Words that follow.</param>
    public static string? Command(string cmdlet, FitCase fit, string? more = null)
    {
        if (AppContext.GetData("ModelFit.Program") is not string tool)
            return Text(CommandShell.PowerShell, cmdlet, fit, more);
        var shell = Path.DirectorySeparatorChar == '\\' ? CommandShell.Cmd : CommandShell.Posix;
        if (Few(fit.Question.Options, new RuntimeOptions()).Any())
        {
            return Text(CommandShell.PowerShell, cmdlet, fit, more) is { } script
                && ShellText.Quote(shell, script) is { } word ? $"{tool} -Command {word}" : null;
        }

        return Text(shell, cmdlet, fit, more) is { } words ? $"{tool} {words}" : null;
    }

    private static string? Text(CommandShell shell, string cmdlet, FitCase fit, string? more)
    {
        string? Quote(string text) => ShellText.Quote(shell, text);
        var question = fit.Question;
        var words = new List<string?> { cmdlet, Quote(NameOf(question.Model)) };
        var machine = IsHere(question.Machine) ? null : question.Machine;
        if (machine?.Gpu is { } gpu) words.Add(Quote(gpu));
        else if (machine is { Gpus.Length: 0 }) words.Add("-GpuCount 0");
        if (fit.Quantization is { } quantization && question.Model.Layout?.NativeQuantization != quantization)
        {
            if (machine?.Gpu is null) words.Add("-Quantization");
            words.Add(Quote(quantization));
        }

        if (machine?.SystemMemoryBytes is { } memory) words.Add("-SystemMemory " + Size(memory));
        AddOptions(words, question, Quote);
        if (more is not null) words.Add(more);
        return words.Contains(null) ? null : string.Join(" ", words);
    }

    /// <summary>A model as it is asked about again: its path, or the repository that was named.</summary>
    private static string NameOf(ModelSpec model) =>
        model.ModelPath ?? (model.Layout?.NativeQuantization is null ? model.Name : model.Repository ?? model.Name);

    /// <summary>Whether the machine was probed here, so that nothing need be said to ask about it again.</summary>
    public static bool IsHere(MachineSpec? machine) =>
        machine?.CollectedAt is not null
        && string.Equals(machine.ComputerName, Environment.MachineName, StringComparison.OrdinalIgnoreCase);

    private static void AddOptions(List<string?> words, FitQuestion question, Func<string, string?> quote)
    {
        var defaults = new RuntimeOptions();
        var options = question.Options;
        var usual = new FitQuestion
        {
            Model = question.Model,
            Options = defaults with { ContextLength = RuntimeOptions.DefaultContextLength(question.Model) },
        };
        foreach (var part in QuestionParts.All.Where(part => part.Set is not null))
        {
            if (part.Get(question) is not { } value || value.Equals(part.Get(usual))) continue;
            words.Add("-" + part.Name);
            words.Add(value is string text ? quote(text) : Written(value));
        }

        foreach (var file in question.Companions?.AsEnumerable() ?? Enumerable.Empty<CompanionFile>())
        {
            words.Add(file.Kind == CompanionKind.Projector ? "-Projector" : "-Adapter");
            words.Add(quote(file.Path));
        }

        if (question.IgnoreUsage) words.Add("-IgnoreUsage");
        var few = Few(options, defaults).ToArray();
        if (few.Length > 0) words.Add($"-RuntimeOption (New-ModelRuntimeOption {string.Join(" ", few)})");
    }

    /// <summary>What New-ModelRuntimeOption is told of the options that are rarely changed.</summary>
    private static IEnumerable<string> Few(RuntimeOptions options, RuntimeOptions defaults)
    {
        if (options.OutputCount is { } outputs) yield return "-OutputCount " + Number(outputs);
        if (options.KvUnified) yield return "-KvUnified";
        if (options.SwaFull) yield return "-SwaFull";
        if (!options.OffloadKv) yield return "-NoKvOffload";
        if (!options.OffloadOperations) yield return "-NoOpOffload";
        if (!options.MemoryMap) yield return "-NoMmap";
        if (!options.Repack) yield return "-NoRepack";
        if (options.SplitMode != defaults.SplitMode) yield return "-SplitMode " + options.SplitMode;
        if (options.MainGpu != defaults.MainGpu) yield return "-MainGpu " + Number(options.MainGpu);
        if (options.Backend is { } backend) yield return "-Backend " + backend;
        if (options.LoadMtp) yield return "-LoadMtp";
    }

    private static string Written(object value) => value switch
    {
        long bytes => Size(bytes),
        _ => string.Format(CultureInfo.InvariantCulture, "{0}", value),
    };

    private static string Size(long bytes) =>
        bytes % GiB == 0 ? Number(bytes / GiB) + "GB"
        : bytes % (1L << 20) == 0 ? Number(bytes >> 20) + "MB"
        : Number(bytes);
}
