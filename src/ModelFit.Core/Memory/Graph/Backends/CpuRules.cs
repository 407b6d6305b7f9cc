namespace ModelFit.Memory.Graph.Backends;

/// <summary>
/// The processor: computes everything and reads all system memory. With a GPU present its buffers are that backend's
/// pinned ones, whose alignment and chunk size then hold.
/// </summary>
internal sealed class CpuRules : BackendRules
{
    public const int TensorAlignment = 32;

    public CpuRules(BufferType buffer, int alignment = TensorAlignment, long maxChunk = long.MaxValue)
        : base(buffer, alignment, maxChunk)
    {
    }

    public override bool Reads(BufferType buffer) => buffer.IsHost;
}
