using ModelFit.Graph;

namespace ModelFit.Architectures;

/// <summary>Command R (src/models/command-r.cpp, cohere2.cpp): attention and feed-forward side by side.</summary>
internal static class CommandR
{
    public static Architecture[] All { get; } =
    {
        new("command-r")
        {
            Classes = "CohereForCausalLM",
            Types = "cohere",
            TiesByDefault = true,
            Shape = new()
            {
                IsParallel = true, NormOp = Op.Norm, LogitScaling = _ => LogitScale.Scale, AlwaysTied = true,
                BlockNorms = Norms.One, HeadNorms = QkNormKind.EachHead, HeadNormsByTrait = true,
            },
        },
        new("cohere2")
        {
            Classes = "Cohere2ForCausalLM",
            TiesByDefault = true,
            Shape = new()
            {
                IsParallel = true, NormOp = Op.Norm, LogitScaling = _ => LogitScale.Scale,
                Window = WindowRule.Standard(4), HasRope = (model, layer) => model.IsWindowLayer[layer],
                AlwaysTied = true, BlockNorms = Norms.One,
            },
            Likeness = new(28, "attention.sliding_window !ffn_norm.weight !post_attention_norm.weight"),
        },
    };
}
