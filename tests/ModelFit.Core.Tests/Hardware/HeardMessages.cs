namespace ModelFit.Core.Tests.Hardware;

/// <summary>Keeps what was said.</summary>
internal sealed class HeardMessages : IMessageSink
{
    public List<string> Verboses { get; } = new();

    public List<string> Warnings { get; } = new();

    public void Verbose(string message) => Verboses.Add(message);

    public void Warning(string message) => Warnings.Add(message);
}
