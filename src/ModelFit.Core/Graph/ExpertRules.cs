using ModelFit.Models;

namespace ModelFit.Graph;

/// <summary>
/// The function that turns a router's logits into scores (src/llama-hparams.h, expert gating functions).
/// </summary>
internal enum ExpertGating
{
    None = 0,
    SoftMax = 1,
    Sigmoid = 2,
    SoftMaxAfterChoice = 3,
    SqrtSoftplus = 4,
}

/// <summary>How experts are chosen and weighed (src/llama-graph.cpp, build_moe_ffn).</summary>
internal sealed record ExpertRules
{
    /// <summary>Soft-max over all experts, the weights of the chosen ones normalized.</summary>
    public static ExpertRules Default { get; } = new();

    /// <summary>The same, the weights as the router has them.</summary>
    public static ExpertRules AsChosen { get; } = new() { NormalizesWeights = false };

    public ExpertGating Gating { get; init; } = ExpertGating.SoftMax;

    /// <summary>Whether the chosen experts' weights are divided by their sum.</summary>
    public bool NormalizesWeights { get; init; } = true;

    /// <summary>Whether the weights are multiplied by a constant.</summary>
    public bool ScalesWeights { get; init; }

    /// <summary>Whether the weights are applied to the input of the experts instead of to their result.</summary>
    public bool WeightsBefore { get; init; }

    /// <summary>Whether they are chosen by a sigmoid of the logits, whatever their weights are (GroveMoE).</summary>
    public bool ChoosesBySigmoid { get; init; }

    /// <summary>How many of the router's experts share one expert's matrices.</summary>
    public int Sharing { get; init; } = 1;

    /// <summary>The end of the names of the matrices.</summary>
    public string Suffix { get; init; } = "_exps";

    /// <summary>Groups of which only the best are chosen from; 0 or 1 means no groups.</summary>
    public int Groups { get; init; }

    public int UsedGroups { get; init; }

    /// <summary>The rules as the header has them, for the architectures that follow DeepSeek's keys.</summary>
    public static ExpertRules FromMetadata(ModelMetadata metadata) => FromMetadata(metadata, ExpertGating.SoftMax);

    /// <summary>The same with the function that holds where the header has none.</summary>
    public static ExpertRules FromMetadata(ModelMetadata metadata, ExpertGating fallback) => new()
    {
        Gating = (ExpertGating)metadata.Integer("expert_gating_func", 0) is var gating and not ExpertGating.None
            ? gating
            : fallback,
        NormalizesWeights = metadata.Flag("expert_weights_norm") ?? false,
        ScalesWeights = HasScale(metadata),
        Groups = (int)metadata.Integer("expert_group_count", 0),
        UsedGroups = (int)metadata.Integer("expert_group_used_count", 0),
    };

    /// <summary>The same with the chosen weights normalized, whatever the header says.</summary>
    public static ExpertRules Normalized(ModelMetadata metadata) =>
        FromMetadata(metadata) with { NormalizesWeights = true };

    /// <summary>Whether the header has a constant that changes the weights.</summary>
    public static bool HasScale(ModelMetadata metadata) =>
        metadata.Number("expert_weights_scale") is not (null or 0 or 1);
}
