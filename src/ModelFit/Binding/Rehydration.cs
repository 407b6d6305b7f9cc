using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
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
        var machine = Fill(new MachineSpec(), source);
        var parts = source.Properties[nameof(MachineSpec.Gpus)]?.Value;
        var cards = (ArgumentText.Unwrap(parts) as IEnumerable)?.Cast<object?>().ToArray() ?? Array.Empty<object>();
        if (cards.Length > 0 && cards.All(TypeNames.Is<GpuSpec>))
            return machine with { Gpus = cards.Select(card => Gpu(card!)).ToArray() };
        if (machine.Gpu is null) return machine;
        var named = GpuCatalog.ResolveMany(machine.Gpu, machine.GpuMemoryBytes, messages);
        return machine.WithGpus(named, GpuCatalogLookup.Instance);
    }

    private static T Fill<T>(T target, PSObject source)
        where T : class
    {
        foreach (var property in Settable<T>.Properties)
        {
            if (source.Properties[property.Name]?.Value is not { } value) continue;
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
