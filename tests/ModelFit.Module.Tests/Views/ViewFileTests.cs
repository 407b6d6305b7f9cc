using System.Text.RegularExpressions;
using System.Xml.Linq;
using ModelFit.Module.Tests.Conventions;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Module.Tests.Views;

/// <summary>ModelFit.Format.ps1xml as it is written: what is in each view, and that it fits a terminal.</summary>
public class ViewFileTests
{
    /// <summary>Columns of the narrowest terminal, less the last, which the formatter keeps empty.</summary>
    private const int Columns = 79;

    private static readonly XDocument File =
        XDocument.Load(RepositoryFolder.Path("src", "ModelFit", "ModelFit.Format.ps1xml"));

    /// <summary>What a list leaves out: what another line says, and what only programs ask for.</summary>
    private static readonly HashSet<string> Unlisted =
    [
        "ModelFitResult.Fits", "ModelFitResult.ParameterCount", "OffloadPlan.HostBytes", "OffloadPlan.Arguments",
        "MachineSpec.Gpus", "MachineSpec.GpuMemoryBytes", "AuditRecord.SchemaVersion",
    ];

    /// <summary>Parts of the question that the list of an answer leaves out: few ask otherwise.</summary>
    private static readonly string[] UnlistedParts =
    [
        "GpuCount", "GpuMemoryBytes", "GpuMemoryFree", "SystemMemoryFreeBytes", "MemoryBandwidth", "CoreCount",
        "Cpu", "CpuFeatures", "MemorySpeed", "MemoryChannels", "NumaNodeCount", "GpuLink", "ReserveBytes",
        "ActiveSequences", "UsedContext", "PromptLength", "MinimumTokensPerSecond", "PowerLimit", "DiskBandwidth", "BatchSize", "MicroBatchSize",
        "FlashAttention", "KvUnified", "Runtime", "RuntimeVersion", "Backend",
    ];

    public static TheoryData<Type> Outputs => CmdletConventionTests.AllOutputs;

    public static TheoryData<string> Tables => new(Views("TableControl").Select(Name));

    /// <summary>The formatter finds the view of a deserialized object by the name of the live one.</summary>
    [Theory]
    [MemberData(nameof(Outputs))]
    public void Every_type_has_a_table_and_a_list(Type type)
    {
        foreach (var (control, kind) in new[] { ("TableControl", "Table"), ("ListControl", "List") })
        {
            var view = Views(control).Single(view => Name(view) == $"{type.FullName}#{kind}");
            string[] expected = [type.FullName!, $"{type.FullName}#{kind}"];
            Assert.Equal(expected, view.Descendants("TypeName").Select(name => name.Value));
        }
    }

    [Theory]
    [MemberData(nameof(Outputs))]
    public void A_list_shows_every_property_or_leaves_it_out_for_a_reason(Type type)
    {
        var list = Views("ListControl").Single(view => Name(view) == $"{type.FullName}#List");
        var shown = string.Join('\n', list.Descendants("ListItem").Elements()
            .Where(element => element.Name.LocalName is "PropertyName" or "ScriptBlock")
            .Select(element => element.Name == "PropertyName" ? "$_." + element.Value : element.Value));
        var hidden = type.GetProperties().Select(property => property.Name)
            .Except(typeof(ModelAnswer).IsAssignableFrom(type) ? UnlistedParts : [])
            .Where(name => !Regex.IsMatch(shown, $@"\$_\.{name}\b"));
        Assert.Equal(
            Unlisted.Where(name => name.StartsWith(type.Name + ".", StringComparison.Ordinal)).Order(),
            hidden.Select(name => $"{type.Name}.{name}").Order());
    }

    /// <summary>What is shown where objects of another type came before, so that no view applies.</summary>
    [Theory]
    [MemberData(nameof(Outputs))]
    public void Every_type_has_a_few_properties_that_say_the_most(Type type)
    {
        var file = XDocument.Load(RepositoryFolder.Path("src", "ModelFit", "ModelFit.Types.ps1xml"));
        var shown = file.Descendants("Type").Single(one => one.Element("Name")!.Value == type.FullName)
            .Descendants("PropertySet").Single().Descendants("ReferencedProperties").Elements()
            .Select(name => name.Value).ToArray();
        Assert.InRange(shown.Length, 3, 9);
        Assert.All(shown, name => Assert.NotNull(type.GetProperty(name)));
    }

    /// <summary>
    /// The formatter shares what is left among the columns without a width, but only after one that has a width: else
    /// it measures the first objects instead, and narrows every column.
    /// </summary>
    [Theory]
    [MemberData(nameof(Tables))]
    public void A_table_begins_with_a_column_of_fixed_width(string name) => Assert.NotNull(
        Views("TableControl").Single(view => Name(view) == name)
            .Descendants("TableColumnHeader").First().Element("Width"));

    [Theory]
    [MemberData(nameof(Tables))]
    public void A_table_fits_eighty_columns_and_its_labels_fit_their_columns(string name)
    {
        var view = Views("TableControl").Single(view => Name(view) == name);
        var headers = view.Descendants("TableColumnHeader").ToArray();
        Assert.Equal(headers.Length, view.Descendants("TableColumnItem").Count());
        var widths = headers.Select(header => (int?)header.Element("Width")).ToArray();
        Assert.InRange(widths.Sum(width => width ?? 1) + widths.Length - 1, 1, Columns + 2);
        Assert.InRange(widths.OfType<int>().Sum() + widths.OfType<int>().Count() - 1, 1, Columns);
        Assert.All(headers, header =>
            Assert.InRange(header.Element("Label")!.Value.Length, 1, (int?)header.Element("Width") ?? Columns));
    }

    [Fact]
    public void Nothing_is_called_that_a_deserialized_object_has_not() => Assert.All(
        File.Descendants("ScriptBlock"), block => Assert.DoesNotMatch(@"\$_(\.\w+)*\.\w+\(", block.Value));

    private static IEnumerable<XElement> Views(string control) =>
        File.Descendants("View").Where(view => view.Element(control) is not null);

    private static string Name(XElement view) => view.Element("Name")!.Value;
}
