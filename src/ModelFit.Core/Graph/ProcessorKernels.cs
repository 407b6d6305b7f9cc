namespace ModelFit.Graph;

/// <summary>
/// Which of llama.cpp's kernels a processor runs: they decide in which form weights lie in system memory where no GPU
/// takes part.
/// </summary>
public enum ProcessorKernels
{
    /// <summary>AVX2, what x86 has had since 2013.</summary>
    Avx2,

    /// <summary>AVX-512.</summary>
    Avx512,

    /// <summary>AVX-512 and the matrix tiles of Intel's Xeons since Sapphire Rapids.</summary>
    Amx,

    /// <summary>ARM's dot product, with or without 8-bit matrix products.</summary>
    DotProduct,

    /// <summary>None of these.</summary>
    Plain,

    /// <summary>Not known: counted as <see cref="Avx2"/>.</summary>
    Unknown,
}
