namespace ModelFit.Graph.Backends;

/// <summary>A kind of memory that tensors can lie in (ggml_backend_buffer_type).</summary>
internal sealed class BufferType
{
    public BufferType(string name, int device)
    {
        Name = name;
        Device = device;
    }

    public string Name { get; }

    /// <summary>Index of the GPU; -1 for system memory.</summary>
    public int Device { get; }

    public bool IsHost => Device < 0;

    public override string ToString() => Name;
}
