using ModelFit.Models;

namespace ModelFit.Catalog;

/// <summary>Models as they are published: the files that people download rather than those they could make.</summary>
internal static class PublishedModels
{
    /// <summary>
    /// The layout of a model's files: of a catalog model those of the repository that is chosen for it, of any other
    /// its own; null if it has no dimensions.
    /// </summary>
    public static IModelLayout? Layout(ModelSpec model) => model.Layout is LaidOutModel { Repository: null } laidOut
        ? laidOut.PublishedBy(ModelCatalog.GgufRepository(model) ?? string.Empty)
        : model.Layout;
}
