namespace ModelFit.Graph.Backends;

/// <summary>
/// The processor: computes everything and reads all system memory. With a GPU present its buffers are that backend's
/// pinned ones, whose alignment and chunk size then hold.
/// </summary>
internal sealed class CpuRules : BackendRules
{
    public const int TensorAlignment = 32;

    public CpuRules(
        BufferType buffer, int alignment = TensorAlignment, long maxChunk = long.MaxValue, long bufferOverhead = 0)
        : base(buffer, alignment, maxChunk) => BufferOverhead = bufferOverhead;

    public override long BufferOverhead { get; }

    public override bool Reads(BufferType buffer) => buffer.IsHost;
}
