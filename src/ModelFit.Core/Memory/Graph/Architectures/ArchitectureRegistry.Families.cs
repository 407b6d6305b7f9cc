using System;
using System.Collections.Generic;

namespace ModelFit.Memory.Graph.Architectures;

/// <content>The families, one line each.</content>
internal static partial class ArchitectureRegistry
{
    private static readonly Func<IEnumerable<Architecture>>[] Families =
    {
        () => DecoderFamily.All,
        () => DecoderVariants.All,
        () => OtherDecoders.All,
        () => NemotronFamily.All,
        () => RwkvFamily.All,
        () => EncoderFamily.All,
        () => GemmaFamily.All,
        () => AlternatingFamily.All,
        () => ShortConvolutionFamily.All,
        () => DeepSeekFamily.All,
        () => KimiFamily.All,
        () => BailingFamily.All,
        () => DotsNoteFamily.All,
        () => HunyuanSparseFamily.All,
        () => MiniMaxFamily.All,
        () => StateSpaceFamily.All,
        () => DeltaNetFamily.All,
        () => QwenSparseFamily.All,
    };
}
