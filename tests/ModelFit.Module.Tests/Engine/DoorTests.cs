using System.Management.Automation;
using System.Management.Automation.Runspaces;
using ModelFit.Binding;
using Xunit;

namespace ModelFit.Module.Tests.Engine;

/// <summary>One bad record never ends a pipeline, whatever it brings about.</summary>
public sealed class DoorTests
{
    public static TheoryData<string> Exceptions => new(
        "Overflow", "OutOfMemory", "ArgumentOutOfRange", "NullReference", "Format", "InvalidOperation",
        "UnauthorizedAccess", "UriFormat", "WildcardPattern", "IO", "KeyNotFound", "InvalidCast");

    [Theory]
    [MemberData(nameof(Exceptions))]
    public void A_foreign_exception_is_one_error_about_its_record(string name)
    {
        using var shell = Shell();
        shell.AddScript($"1, '{name}', 3 | Step-Door");
        Assert.Equal(["1", "3", "end"], shell.Invoke().Select(item => item.ToString()));
        var error = Assert.Single(shell.Streams.Error);
        Assert.Equal("UnexpectedFailure", error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.NotEqual(ErrorCategory.NotSpecified, error.CategoryInfo.Category);
        Assert.Equal(name, ((PSObject)error.TargetObject).BaseObject);
    }

    [Theory]
    [InlineData("foreach ($i in 1, 2) { 1, 2, 3 | Step-Door | ForEach-Object { $_; break } }", "1")]
    [InlineData("try { 1, 2 | Step-Door | ForEach-Object { throw 'mine' } } catch { \"$_\" }", "mine")]
    [InlineData("try { 'Format' | Step-Door -ErrorAction Stop } catch { $_.FullyQualifiedErrorId.Split(',')[0] }",
        "UnexpectedFailure")]
    public void What_the_engine_ends_ends(string script, string expected)
    {
        using var shell = Shell();
        shell.AddScript(script);
        Assert.Equal([expected], shell.Invoke().Select(item => item.ToString()));
        Assert.Empty(shell.Streams.Error);
    }

    private static PowerShell Shell()
    {
        var state = InitialSessionState.CreateDefault2();
        state.Commands.Add(new SessionStateCmdletEntry("Step-Door", typeof(StepDoorCommand), null));
        return PowerShell.Create(state);
    }

    /// <summary>Passes records on; one that names an exception throws it.</summary>
    [Cmdlet(VerbsCommon.Step, "Door")]
    public sealed class StepDoorCommand : ModelFitCommand
    {
        [Parameter(ValueFromPipeline = true)]
        public PSObject? InputObject { get; set; }

        private protected override object? Record => InputObject;

        protected override void OnRecord()
        {
            Exception? error = InputObject?.ToString() switch
            {
                "Overflow" => new OverflowException(),
                "OutOfMemory" => new OutOfMemoryException(),
                "ArgumentOutOfRange" => new ArgumentOutOfRangeException(),
                "NullReference" => new NullReferenceException(),
                "Format" => new FormatException(),
                "InvalidOperation" => new InvalidOperationException(),
                "UnauthorizedAccess" => new UnauthorizedAccessException(),
                "UriFormat" => new UriFormatException(),
                "WildcardPattern" => new WildcardPatternException(),
                "IO" => new System.IO.IOException(),
                "KeyNotFound" => new System.Collections.Generic.KeyNotFoundException(),
                "InvalidCast" => new PSInvalidCastException(),
                _ => null,
            };
            if (error is not null) throw error;
            WriteObject(InputObject);
        }

        protected override void OnEnd() => WriteObject("end");
    }
}
