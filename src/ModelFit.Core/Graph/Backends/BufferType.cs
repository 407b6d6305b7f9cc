namespace ModelFit.Graph.Backends;

/// <summary>A kind of memory that tensors can lie in (ggml_backend_buffer_type).</summary>
internal sealed class BufferType(string name, int device)
{
    public string Name { get; } = name;

    /// <summary>Index of the GPU; -1 for system memory.</summary>
    public int Device { get; } = device;

    public bool IsHost => Device < 0;

    public override string ToString() => Name;
}
