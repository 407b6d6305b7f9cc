using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace ModelFit.Tool.Hosting;

/// <summary>
/// Answers go to standard output, without the formatter's blank lines around them; what is said beside them goes to
/// standard error.
/// </summary>
internal sealed class ToolHostInterface(ToolConsole console) : PSHostUserInterface
{
    private int progressLength;
    private int heldBlankLines = -1;

    public override PSHostRawUserInterface RawUI { get; } = new ToolRawInterface(console.Width);

    public override bool SupportsVirtualTerminal => console.HasColor;

    public override void Write(string value) => console.Out.Write(GetOutputString(value, console.HasColor));

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Write(value);

    public override void WriteLine(string value)
    {
        ClearProgress();
        var line = GetOutputString(value, console.HasColor).TrimEnd();
        if (line.Length == 0)
        {
            if (heldBlankLines >= 0) heldBlankLines++;
            return;
        }

        for (; heldBlankLines > 0; heldBlankLines--) console.Out.WriteLine();
        console.Out.WriteLine(line);
        heldBlankLines = 0;
    }

    public override void WriteErrorLine(string value) => Say(string.Empty, value);

    public override void WriteWarningLine(string message) => Say("warning: ", message);

    public override void WriteVerboseLine(string message) => Say("verbose: ", message);

    public override void WriteDebugLine(string message) => Say("debug: ", message);

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        if (!console.ShowsProgress) return;
        ClearProgress();
        if (record.RecordType == ProgressRecordType.Completed) return;
        var percent = record.PercentComplete >= 0 ? $" {record.PercentComplete} %" : string.Empty;
        var line = $"{record.Activity}: {record.StatusDescription}{percent}";
        if (line.Length >= console.Width) line = line[..(console.Width - 1)];
        console.Error.Write(line);
        progressLength = line.Length;
    }

    public override string ReadLine() => throw Silent();

    public override SecureString ReadLineAsSecureString() => throw Silent();

    public override Dictionary<string, PSObject> Prompt(
        string caption, string message, Collection<FieldDescription> descriptions) => throw Silent();

    public override int PromptForChoice(
        string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) => throw Silent();

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName) => throw Silent();

    public override PSCredential PromptForCredential(
        string caption,
        string message,
        string userName,
        string targetName,
        PSCredentialTypes allowedCredentialTypes,
        PSCredentialUIOptions options) => throw Silent();

    private static NotImplementedException Silent() =>
        new("The tool cannot prompt: specify every value on its command line.");

    private void Say(string prefix, string text)
    {
        ClearProgress();
        console.Error.WriteLine(prefix + GetOutputString(text, supportsVirtualTerminal: false));
    }

    private void ClearProgress()
    {
        if (progressLength == 0) return;
        console.Error.Write('\r' + new string(' ', progressLength) + '\r');
        progressLength = 0;
    }
}
