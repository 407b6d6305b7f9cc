namespace ModelFit.Formats.Safetensors;

/// <summary>One tensor of a safetensors file.</summary>
internal sealed record SafetensorsTensor(string Name, SafetensorType Type, long[] Shape, long Begin, long End)
{
    /// <summary>Number of elements as they are stored; packed numbers count as one.</summary>
    public long Elements { get; } = Multiply(Shape);

    /// <summary>Bytes of the data.</summary>
    public long Bytes => End - Begin;

    private static long Multiply(long[] shape)
    {
        var product = 1L;
        foreach (var size in shape) product = checked(product * size);
        return product;
    }
}

/// <summary>What the header of one safetensors file says.</summary>
internal sealed record SafetensorsHeader(string File, long FileBytes, IReadOnlyList<SafetensorsTensor> Tensors);
