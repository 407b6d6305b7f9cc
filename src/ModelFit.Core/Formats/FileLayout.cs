using System.Collections.Generic;
using ModelFit.Models;

namespace ModelFit.Formats;

/// <summary>A model whose tensors a file names: as they are, or their shapes at another quantization.</summary>
internal sealed class FileLayout : IModelLayout
{
    private readonly ModelDefinition _own;

    /// <summary>Creates the layout of a file's own definition and quantization.</summary>
    public FileLayout(ModelDefinition own, string? nativeQuantization)
    {
        _own = own;
        NativeQuantization = nativeQuantization;
    }

    /// <inheritdoc/>
    public string? NativeQuantization { get; }

    /// <inheritdoc/>
    public ModelDefinition Define(string? quantization, ICollection<string> assumptions) => _own;
}
