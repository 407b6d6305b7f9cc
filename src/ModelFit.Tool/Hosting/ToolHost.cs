using System.Globalization;
using System.Management.Automation.Host;

namespace ModelFit.Tool.Hosting;

/// <summary>The engine's view of the tool: text goes to its streams, nothing is ever asked.</summary>
internal sealed class ToolHost(ToolConsole console) : PSHost
{
    private readonly ToolHostInterface ui = new(console);

    /// <summary>What <c>exit</c> said in a pipeline's script; null if it did not.</summary>
    public int? Exit { get; private set; }

    /// <inheritdoc/>
    public override string Name => "ModelFit";

    /// <inheritdoc/>
    public override Version Version { get; } = typeof(ToolHost).Assembly.GetName().Version!;

    /// <inheritdoc/>
    public override Guid InstanceId { get; } = Guid.NewGuid();

    /// <inheritdoc/>
    public override PSHostUserInterface UI => ui;

    /// <inheritdoc/>
    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    /// <inheritdoc/>
    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    /// <inheritdoc/>
    public override void EnterNestedPrompt() => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void ExitNestedPrompt() => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void NotifyBeginApplication()
    {
    }

    /// <inheritdoc/>
    public override void NotifyEndApplication()
    {
    }

    /// <inheritdoc/>
    public override void SetShouldExit(int exitCode) => Exit = exitCode;
}
