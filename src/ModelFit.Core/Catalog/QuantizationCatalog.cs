using System;
using System.Collections.Generic;

namespace ModelFit.Catalog;

/// <summary>The quantizations of llama.cpp and the weight formats of other runtimes.</summary>
public static class QuantizationCatalog
{
    /// <summary>Every quantization, largest first within a format.</summary>
    public static IReadOnlyList<QuantizationSpec> All => throw new NotImplementedException();

    /// <summary>
    /// The quantizations a name or wildcard stands for (<c>q3_k_m</c>, <c>Q4_*</c>); an unknown name throws
    /// <see cref="ErrorIds.QuantizationNotFound"/> with the nearest, a wildcard without a match gives none.
    /// </summary>
    public static IReadOnlyList<QuantizationSpec> Resolve(string nameOrWildcard) =>
        throw new NotImplementedException();
}
