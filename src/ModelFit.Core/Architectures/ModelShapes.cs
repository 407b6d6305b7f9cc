using ModelFit.Graph;
using ModelFit.Models;

namespace ModelFit.Architectures;

/// <summary>The architecture of a definition, and what its graph needs of it, each found once.</summary>
internal static class ModelShapes
{
    /// <summary>The architecture: its own, or what one that is not known is taken for.</summary>
    public static Architecture ArchitectureOf(ModelDefinition model) =>
        model.Prepared.Get(ArchitectureList.Of);

    /// <summary>The dimensions and weights; null where the header has none that can be.</summary>
    public static ModelShape? Find(ModelDefinition model)
    {
        try
        {
            return Of(model);
        }
        catch (GraphException)
        {
            return null;
        }
    }

    /// <summary>The dimensions and weights.</summary>
    /// <exception cref="GraphException">A dimension is missing, negative or absurd.</exception>
    public static ModelShape Of(ModelDefinition model) =>
        model.Prepared.Get(definition => new ModelShape(definition, ArchitectureOf(definition).Shape));
}
