using System.Collections.Generic;

namespace ModelFit.Quantization;

/// <summary>Which mix of llama.cpp stands for a quantization of any runtime or publisher.</summary>
internal static class QuantizationNames
{
    private static readonly FileType Default = FileType.Find("Q4_K_M")!;

    /// <summary>
    /// The file type of a quantization's name; for a name that is none of llama.cpp's the default mix is taken and the
    /// assumption said.
    /// </summary>
    public static FileType FileTypeFor(string quantization, ICollection<string> assumptions)
    {
        if (FileType.Find(quantization) is { } fileType) return fileType;
        assumptions.Add($"'{quantization}' is no file type of llama.cpp: {Default.Name} is taken for it.");
        return Default;
    }
}
