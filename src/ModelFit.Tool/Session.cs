using System.Management.Automation;
using System.Management.Automation.Runspaces;
using ModelFit.Tool.Commands;
using ModelFit.Tool.Completion;
using ModelFit.Tool.Dsc;
using ModelFit.Tool.Hosting;

namespace ModelFit.Tool;

/// <summary>The PowerShell engine, with nothing but its core commands, the module and the tool's own.</summary>
internal sealed class Session : IDisposable
{
    private static readonly Type[] Own =
        [typeof(ReadRowCommand), typeof(InvokePipelineCommand), typeof(WatchAnswerCommand), typeof(WriteRowCommand)];

    private readonly ToolConsole console;
    private readonly ToolRequest request;
    private readonly ToolHost host;
    private readonly Runspace runspace;
    private readonly PowerShell shell;
    private readonly Answers answers = new();
    private volatile bool stopped;

    /// <summary>Starts the engine and imports the module.</summary>
    public Session(ToolConsole console, string manifest, ToolRequest request)
    {
        this.console = console;
        this.request = request;
        var state = InitialSessionState.CreateDefault2();
        state.ThrowOnRunspaceOpenError = true;
        state.ImportPSModule(manifest);
        state.Commands.Add(Own.Select(DataCommands.Entry));
        if (request.Action == ToolAction.Pipeline) state.Commands.Add(DataCommands.Entries());
        host = new ToolHost(console);
        runspace = RunspaceFactory.CreateRunspace(host, state);
        runspace.Open();
        shell = PowerShell.Create(runspace);
    }

    /// <summary>Runs a cmdlet or a pipeline, writes what comes of it, and says the exit code.</summary>
    /// <exception cref="UsageException">There is no such cmdlet.</exception>
    public int Run()
    {
        var asksYesOrNo = false;
        try
        {
            AddInput();
            asksYesOrNo = request.Action == ToolAction.Cmdlet && AddCmdlet();
            if (request.Action == ToolAction.Pipeline) AddPipeline();
            AddOutput();
            shell.Streams.Error.DataAdding += (_, e) => Report((ErrorRecord)e.ItemAdded);
            shell.Invoke();
        }
        catch (PipelineStoppedException)
        {
            return ExitCode.Interrupted;
        }
        catch (RuntimeException e)
        {
            Report(e.ErrorRecord);
            return request.ExitCodes == ExitCodes.Nagios ? ExitCode.Unknown : ExitCode.Error;
        }

        if (stopped) return ExitCode.Interrupted;
        if (host.Exit is { } said) return said;
        if (request.ExitCodes == ExitCodes.Nagios) return answers.AsNagios(shell.HadErrors);
        if (shell.HadErrors || answers.AnyUnknown) return ExitCode.Error;
        return answers.AnyNo || (asksYesOrNo && answers.Count == 0) ? ExitCode.No : ExitCode.Yes;
    }

    /// <summary>The script that completes the tool's words in another shell.</summary>
    /// <exception cref="UsageException">There is no script for that shell.</exception>
    public string CompletionScript() => CompletionScripts.For(request.Command, CompletionTable.Of(runspace));

    /// <summary>Does what a DSC resource is asked for, and says the exit code.</summary>
    /// <exception cref="UsageException">The operation or the instance is not understood.</exception>
    public int RunDsc()
    {
        shell.Streams.Error.DataAdding += (_, e) => Report((ErrorRecord)e.ItemAdded);
        try
        {
            string Input() => console.IsInputPiped ? console.In.ReadToEnd() : string.Empty;
            foreach (var state in DscResource.Run(shell, request.Command, Input))
                console.Out.WriteLine(state);
        }
        catch (RuntimeException e)
        {
            Report(e.ErrorRecord);
            return ExitCode.Error;
        }

        return shell.HadErrors ? ExitCode.Error : ExitCode.Yes;
    }

    /// <summary>Asks what runs to stop; may be called from any thread.</summary>
    public void Stop()
    {
        stopped = true;
        shell.BeginStop(null, null);
    }

    public void Dispose()
    {
        shell.Dispose();
        runspace.Dispose();
    }

    private void AddInput()
    {
        var isNeeded = request.InputFormat == InputFormat.None && WantsInput();
        var format = isNeeded ? InputFormat.Text : request.InputFormat;
        if (format == InputFormat.None) return;
        shell.AddCommand("Read-Row")
            .AddParameter("Reader", console.In)
            .AddParameter("Format", format)
            .AddParameter("IsNeeded", isNeeded);
    }

    /// <summary>
    /// Whether what is piped into the tool is what the cmdlet works on, as in any other shell: it must have an input,
    /// and no word names one.
    /// </summary>
    private bool WantsInput()
    {
        if (!console.IsInputPiped || request.Action != ToolAction.Cmdlet) return false;
        var command = FindCmdlet(request.Command);
        if (!command.ParameterSets.Any(set => set.IsDefault && set.Parameters.Any(IsNeededInput))) return false;
        using var alone = PowerShell.Create(runspace);
        ArgumentWords.Add(alone.AddCommand(command), command, request.Words);
        return alone.Commands.Commands[0].Parameters.All(given =>
            given.Name is not null && command.Parameters.TryGetValue(given.Name, out var parameter)
            && !parameter.ParameterSets.Values.Any(set => set.IsMandatory));
    }

    private static bool IsNeededInput(CommandParameterInfo parameter) =>
        parameter is { IsMandatory: true, ValueFromPipeline: true };

    private bool AddCmdlet()
    {
        var command = FindCmdlet(request.Command);
        shell.AddCommand(command);
        ArgumentWords.Add(shell, command, request.Words, request.TakesScriptBlocks);
        return shell.Commands.Commands[^1].Parameters.Any(parameter => parameter.Name?.TrimStart('-') == "Quiet");
    }

    private CommandInfo FindCmdlet(string name)
    {
        var command = WildcardPattern.ContainsWildcardCharacters(name)
            ? null
            : runspace.SessionStateProxy.InvokeCommand.GetCommand(name, CommandTypes.Cmdlet);
        return command ?? throw new UsageException($"'{name}' is not one of its cmdlets.");
    }

    private void AddPipeline()
    {
        if (request.InputFormat == InputFormat.None)
            shell.AddScript(request.Command);
        else
            shell.AddCommand("Invoke-Pipeline").AddParameter("ScriptBlock", ScriptBlock.Create(request.Command));
    }

    private void AddOutput()
    {
        var format = request.OutputFormat;
        shell.AddCommand("Watch-Answer").AddParameter("Answers", answers).AddParameter("View", format);
        if (format is OutputFormat.Csv or OutputFormat.Json)
            shell.AddCommand("Write-Row").AddParameter("Writer", console.Out).AddParameter("Format", format);
        else
            shell.AddCommand("Out-Default");
    }

    private void Report(ErrorRecord error)
    {
        var command = error.InvocationInfo?.MyCommand?.Name;
        var source = string.IsNullOrEmpty(command) ? "modelfit" : command;
        var id = error.FullyQualifiedErrorId.Split(',')[0];
        console.Error.WriteLine($"{source}: {error} [{id}]");
    }
}
