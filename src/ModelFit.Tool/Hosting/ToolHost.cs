using System.Globalization;
using System.Management.Automation.Host;

namespace ModelFit.Tool.Hosting;

/// <summary>The engine's view of the tool: text goes to its streams, nothing is ever asked.</summary>
internal sealed class ToolHost(ToolConsole console) : PSHost
{
    private readonly ToolHostInterface ui = new(console);

    /// <summary>What <c>exit</c> said in a pipeline's script; null if it did not.</summary>
    public int? Exit { get; private set; }

    public override string Name => "ModelFit";

    public override Version Version { get; } = typeof(ToolHost).Assembly.GetName().Version!;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override PSHostUserInterface UI => ui;

    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    public override void EnterNestedPrompt() => throw new NotSupportedException();

    public override void ExitNestedPrompt() => throw new NotSupportedException();

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }

    public override void SetShouldExit(int exitCode) => Exit = exitCode;
}
