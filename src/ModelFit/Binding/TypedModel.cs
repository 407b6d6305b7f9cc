using System.Collections;
using ModelFit.Catalog;

namespace ModelFit.Binding;

/// <summary>The model that stands on the line already.</summary>
internal static class TypedModel
{
    /// <summary>The model of the catalog that <c>-Model</c> names; null if none is typed, or it is unknown.</summary>
    public static ModelSpec? Of(IDictionary bound)
    {
        try
        {
            return bound["Model"] is string name ? ModelCatalog.Search(name).FirstOrDefault() : null;
        }
        catch (ModelFitException)
        {
            return null;
        }
    }
}
