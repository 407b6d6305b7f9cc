namespace ModelFit.Models;

/// <summary>Parameters that take part in one token.</summary>
internal static class ActiveParameters
{
    /// <summary>
    /// All parameters, of routed experts' tensors only the share that is used. Equal to the number of
    /// parameters for a dense model.
    /// </summary>
    public static long Of(ModelDefinition definition)
    {
        var count = definition.Metadata.Integer("expert_count", 0);
        var used = definition.Metadata.Integer("expert_used_count", 0);
        if (count <= 0 || used <= 0 || used >= count) return definition.ParameterCount;
        long active = 0;
        foreach (var tensor in definition.Tensors)
        {
            active += tensor.Parsed.IsRouted ? tensor.Elements / count * used : tensor.Elements;
        }
        return active;
    }
}
