namespace ModelFit.Runtimes;

/// <summary>What a runtime can be told of a placement.</summary>
/// <param name="SplitsItself">
/// Whether it spreads layers over several cards by their free memory and takes no shares of ours.
/// </param>
/// <param name="PlacesExperts">Whether the experts of the first layers can be kept in system memory.</param>
internal sealed record RuntimeRules(bool SplitsItself, bool PlacesExperts)
{
    private static readonly RuntimeRules LlamaCpp = new(SplitsItself: false, PlacesExperts: true);

    /// <summary>LM Studio is told a ratio of layers, and a ratio of layers whose experts stay behind.</summary>
    private static readonly RuntimeRules LMStudio = new(SplitsItself: true, PlacesExperts: true);

    /// <summary>Ollama's num_gpu is all that it can be told.</summary>
    private static readonly RuntimeRules Ollama = new(SplitsItself: true, PlacesExperts: false);

    /// <summary>The rules of a runtime that is built on llama.cpp.</summary>
    public static RuntimeRules Of(ModelRuntime runtime) => runtime switch
    {
        ModelRuntime.Ollama => Ollama,
        ModelRuntime.LMStudio => LMStudio,
        _ => LlamaCpp,
    };
}
