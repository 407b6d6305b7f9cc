namespace ModelFit.Testing;

/// <summary>Keeps what Core says.</summary>
internal sealed class RecordingSink : IMessageSink
{
    public List<string> Verboses { get; } = [];

    public List<string> Warnings { get; } = [];

    public void Verbose(string message) => Verboses.Add(message);

    public void Warning(string message) => Warnings.Add(message);
}
