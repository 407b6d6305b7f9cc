using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using ModelFit.Testing;

namespace ModelFit.Module.Tests.Engine;

/// <summary>What a script wrote: its objects, and its errors in order.</summary>
internal sealed record ScriptRun(IReadOnlyList<PSObject> Output, IReadOnlyList<ErrorRecord> Errors)
{
    /// <summary>The ids of the errors without the name of the command.</summary>
    public IEnumerable<string> ErrorIds => Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]);

    /// <summary>The values of one property of the objects.</summary>
    public object?[] Values(string name) => Output.Select(item => item.Properties[name]?.Value).ToArray();
}

/// <summary>The built module in a real engine in this process.</summary>
internal sealed class ModuleSession : IDisposable
{
    private readonly Runspace _runspace;

    public ModuleSession()
    {
        var state = InitialSessionState.CreateDefault2();
        state.ThrowOnRunspaceOpenError = true;
        state.ImportPSModule(Manifest);
        _runspace = RunspaceFactory.CreateRunspace(state);
        _runspace.Open();
    }

    public static string Folder { get; } = RepositoryFolder.Path(
        "out", "ModelFit", typeof(ModuleSession).Assembly.GetName().Version!.ToString(3));

    public static string Manifest => System.IO.Path.Combine(Folder, "ModelFit.psd1");

    public Runspace Runspace => _runspace;

    /// <summary>Runs a script in a session of its own; $rows are the input.</summary>
    public static ScriptRun Once(string script, params object?[] rows)
    {
        using var session = new ModuleSession();
        return session.Run(script, rows);
    }

    /// <summary>Runs a script; $rows are the input. What ends the script is its last error.</summary>
    public ScriptRun Run(string script, params object?[] rows)
    {
        using var shell = PowerShell.Create(_runspace);
        _runspace.SessionStateProxy.SetVariable("rows", rows);
        shell.AddScript(script);
        var errors = new List<ErrorRecord>();
        IReadOnlyList<PSObject> output = [];
        try
        {
            output = shell.Invoke();
            errors.AddRange(shell.Streams.Error);
        }
        catch (RuntimeException error)
        {
            errors.AddRange(shell.Streams.Error);
            errors.Add(error.ErrorRecord);
        }

        return new(output, errors);
    }

    /// <summary>A row as Import-Csv makes it.</summary>
    public static PSObject Row(params IEnumerable<(string Name, object? Value)> columns)
    {
        var row = new PSObject();
        foreach (var (name, value) in columns) row.Properties.Add(new PSNoteProperty(name, value));
        return row;
    }

    /// <summary>An object as it comes back from remoting, a job or a file.</summary>
    public static object? RoundTrip(object value) => PSSerializer.Deserialize(PSSerializer.Serialize(value));

    /// <summary>An object as it comes back from a CSV file: text in every column.</summary>
    public static PSObject CsvRow(PSObject value) => Row(value.Properties
        .Select(property => (property.Name, (object?)Convert.ToString(property.Value, CultureInfo.InvariantCulture)))
        .ToArray());

    /// <summary>An object as it comes back from JSON: long numbers, and null where there was none.</summary>
    public static PSObject JsonRow(PSObject value) => Row(value.Properties
        .Select(property => (property.Name, (object?)(property.Value is int number ? (long)number : property.Value)))
        .ToArray());

    /// <summary>An object as it comes back by a way: Live, Serializer, Csv or Json.</summary>
    public static object? Back(PSObject value, string way) => way switch
    {
        "Live" => value,
        "Serializer" => RoundTrip(value),
        "Csv" => CsvRow(value),
        "Json" => JsonRow(value),
        _ => throw new ArgumentOutOfRangeException(nameof(way)),
    };

    public void Dispose() => _runspace.Dispose();
}
