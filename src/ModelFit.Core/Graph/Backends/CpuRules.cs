namespace ModelFit.Graph.Backends;

/// <summary>
/// The processor: computes everything and reads all system memory. With a GPU present its buffers are that backend's
/// pinned ones, whose alignment and chunk size then hold.
/// </summary>
internal sealed class CpuRules(
    BufferType buffer, int alignment = CpuRules.TensorAlignment, long maxChunk = long.MaxValue, long bufferOverhead = 0)
    : BackendRules(buffer, alignment, maxChunk)
{
    public const int TensorAlignment = 32;

    public override long BufferOverhead { get; } = bufferOverhead;

    public override bool Reads(BufferType buffer) => buffer.IsHost;
}
