using System.Collections;
using System.Globalization;
using ModelFit.Catalog;

namespace ModelFit.Binding;

/// <summary>Names of the quantization catalog, with bits, quality loss and, where a model is typed, its size.</summary>
public sealed class QuantizationNameCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Func<string> ToolTip)> Names(IDictionary bound)
    {
        var model = TypedModel.Of(bound);
        return CommonNames.QuantizationTypes()
            .Select(type => (type.Name, new Func<string>(() => ToolTip(type, model))));
    }

    private static string ToolTip(QuantizationSpec type, ModelSpec? model) => string.Join(", ", new[]
    {
        type.Name,
        type.BitsPerWeight is { } bits ? Text("{0:0.0#} bits a weight", bits) : null,
        type.BitsPerWeight is { } each && model?.ParameterCount is { } count
            ? Text("about {0:0.0} GB of ", each * count / 8e9) + model.Name
            : null,
        type.QualityLoss is { } loss ? Text("quality loss {0:0.0##} %", loss) : null,
        type.Format,
    }.Where(part => part is not null));

    private static string Text(string format, double value) =>
        string.Format(CultureInfo.InvariantCulture, format, value);
}
