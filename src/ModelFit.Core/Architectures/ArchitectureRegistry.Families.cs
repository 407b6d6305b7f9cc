using System;
using System.Collections.Generic;

namespace ModelFit.Architectures;

/// <content>The families, one line each.</content>
internal static partial class ArchitectureRegistry
{
    private static readonly Func<IEnumerable<Architecture>>[] Families =
    {
        () => DecoderFamily.All,
        () => DecoderVariants.All,
        () => OtherDecoders.All,
        () => GatedFamily.All,
        () => RareDecoders.All,
        () => NemotronFamily.All,
        () => T5Family.All,
        () => SwitchFamily.All,
        () => RwkvFamily.All,
        () => EncoderFamily.All,
        () => GemmaFamily.All,
        () => AlternatingFamily.All,
        () => ShortConvolutionFamily.All,
        () => DeepSeekFamily.All,
        () => DeepSeek4.All,
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
