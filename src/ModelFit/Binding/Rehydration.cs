using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using ModelFit.Catalog;
using ModelFit.Hardware;

namespace ModelFit.Binding;

/// <summary>Makes the module's objects again from what remoting, jobs and files left of them.</summary>
internal static class Rehydration
{
    /// <summary>The card of a live or deserialized <see cref="GpuSpec"/>.</summary>
    public static GpuSpec Gpu(object value) =>
        ArgumentText.Unwrap(value) as GpuSpec ?? Fill(new GpuSpec(), (PSObject)value);

    /// <summary>The options of a live or deserialized <see cref="ModelRuntimeOption"/>.</summary>
    public static ModelRuntimeOption RuntimeOption(object value) =>
        ArgumentText.Unwrap(value) as ModelRuntimeOption ?? Fill(new ModelRuntimeOption(), (PSObject)value);

    /// <summary>
    /// The machine of a live or deserialized <see cref="MachineSpec"/>. Where its cards came back as text only, they
    /// are found by the text.
    /// </summary>
    public static MachineSpec Machine(object value, IMessageSink messages)
    {
        if (ArgumentText.Unwrap(value) is MachineSpec live) return live;
        var source = (PSObject)value;
        var machine = PlausibleFigures.Of(Fill(new MachineSpec(), source), messages);
        var parts = source.Properties[nameof(MachineSpec.Gpus)]?.Value;
        var cards = (ArgumentText.Unwrap(parts) as IEnumerable)?.Cast<object?>().ToArray() ?? Array.Empty<object>();
        if (cards.Length > 0 && cards.All(card => TypeNames.Is<GpuSpec>(card) || IsSavedCard(card)))
        {
            if (cards.Length > CardText.MostCards) CardText.Check(cards.Length, machine + " has", messages);
            return PlausibleFigures.Of(machine with { Gpus = cards.Select(card => Gpu(card!)).ToArray() }, messages);
        }

        if (machine.Gpu is null) return machine;
        var named = GpuCatalog.ResolveMany(machine.Gpu, machine.GpuMemoryBytes, messages);
        return machine.WithGpus(named, GpuCatalogLookup.Instance);
    }

    /// <summary>Whether an object is a machine come back from JSON: its type is lost, its parts are not.</summary>
    public static bool IsSavedMachine(PSObject value) =>
        value.BaseObject is PSCustomObject
        && value.Properties[nameof(MachineSpec.TotalGpuMemoryBytes)] is not null
        && ArgumentText.Unwrap(value.Properties[nameof(MachineSpec.Gpus)]?.Value) is IList cards
        && cards.Cast<object?>().All(IsSavedCard);

    private static bool IsSavedCard(object? card) =>
        card is PSObject { BaseObject: PSCustomObject } row && row.Properties[nameof(GpuSpec.Name)]?.Value is string;

    /// <summary>A record of an audit, live, deserialized, or a row of it.</summary>
    public static AuditRecord Audit(object value) =>
        ArgumentText.Unwrap(value) as AuditRecord ?? Fill(new AuditRecord(), PSObject.AsPSObject(value));

    /// <summary>A change between audits, live, deserialized, or a row of it.</summary>
    public static AuditChange Change(object value) =>
        ArgumentText.Unwrap(value) as AuditChange ?? Fill(new AuditChange(), PSObject.AsPSObject(value));

    /// <summary>A calibration, live, deserialized, or a row of it.</summary>
    public static SpeedCalibration Calibration(PSObject value) =>
        ArgumentText.Unwrap(value) as SpeedCalibration ?? Fill(new SpeedCalibration(), value);

    private static T Fill<T>(T target, PSObject source)
        where T : class
    {
        foreach (var property in Settable<T>.Properties)
        {
            if (source.Properties[property.Name]?.Value is not { } value || value is "") continue;
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (LanguagePrimitives.TryConvertTo(value, type, CultureInfo.InvariantCulture, out var converted))
                property.SetValue(target, converted);
        }

        return target;
    }

    private static class Settable<T>
    {
        public static IReadOnlyList<PropertyInfo> Properties { get; } = typeof(T).GetProperties()
            .Where(property => property.CanWrite && !property.PropertyType.IsArray)
            .ToArray();
    }
}
