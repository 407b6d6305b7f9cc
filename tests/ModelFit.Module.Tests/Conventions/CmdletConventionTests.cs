using System.IO;
using System.Management.Automation;
using System.Reflection;
using ModelFit.Binding;
using ModelFit.Module.Tests.Engine;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Module.Tests.Conventions;

public class CmdletConventionTests
{
    private static readonly Assembly Module = typeof(QuestionCommand).Assembly;

    private static readonly Type[] Commands = Module.GetTypes()
        .Where(type => type.IsDefined(typeof(CmdletAttribute)))
        .ToArray();

    private static readonly Type[] Outputs = Commands
        .SelectMany(type => type.GetCustomAttribute<OutputTypeAttribute>()!.Type.Select(name => name.Type))
        .Where(type => type.Namespace == "ModelFit").Append(typeof(DeviceLoad)).Distinct().ToArray();

    public static TheoryData<Type> AllCommands => new(Commands);

    public static TheoryData<Type> AllOutputs => new(Outputs);

    [Theory]
    [MemberData(nameof(AllCommands))]
    public void A_cmdlet_is_sealed_named_for_its_verb_and_noun_and_in_a_file_of_its_own(Type type)
    {
        var name = type.GetCustomAttribute<CmdletAttribute>()!;
        Assert.True(type.IsSealed && type.IsPublic);
        Assert.Equal("ModelFit.Cmdlets", type.Namespace);
        Assert.Equal(name.VerbName + name.NounName + "Command", type.Name);
        Assert.Contains(name.VerbName, ApprovedVerbs());
        Assert.False(name.NounName.EndsWith('s'));
        Assert.NotEmpty(type.GetCustomAttribute<OutputTypeAttribute>()!.Type);
        Assert.True(File.Exists(RepositoryFolder.Path("src", "ModelFit", "Cmdlets", type.Name + ".cs")));
    }

    [Theory]
    [MemberData(nameof(AllCommands))]
    public void One_parameter_at_most_is_bound_by_value_and_switches_are_switches(Type type)
    {
        var parameters = Parameters(type).ToArray();
        Assert.InRange(parameters.Count(parameter => parameter.Rules.Any(rule => rule.ValueFromPipeline)), 0, 1);
        Assert.DoesNotContain(parameters, parameter => parameter.Property.PropertyType == typeof(bool));
    }

    [Fact]
    public void The_manifest_exports_exactly_the_cmdlets_of_the_assembly()
    {
        var run = ModuleSession.Once($"(Test-ModuleManifest '{ModuleSession.Manifest}').ExportedCmdlets.Keys");
        Assert.Equal(
            Commands.Select(type => type.GetCustomAttribute<CmdletAttribute>()!)
                .Select(name => $"{name.VerbName}-{name.NounName}").Order(),
            run.Output.Select(item => (string)item.BaseObject).Order());
    }

    [Theory]
    [MemberData(nameof(AllOutputs))]
    public void An_output_is_sealed_immutable_and_flat(Type type)
    {
        Assert.True(type.IsSealed && type.IsPublic);
        Assert.All(type.GetProperties(), property =>
        {
            Assert.False(property.SetMethod?.IsPublic ?? false, property.Name);
            var plain = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            var nests = (type, property.Name) is var (_, name) && name is "Gpus" or "Devices" or "Arguments"
                or "HostedModels" or "ServingRuntimes";
            Assert.True(nests || plain == typeof(string) || plain == typeof(DateTime)
                || (plain.IsPrimitive && !plain.IsEnum), $"{type.Name}.{property.Name}");
        });
    }

    [Fact]
    public void A_property_named_as_a_parameter_can_be_bound_to_it()
    {
        var parameters = Commands.Where(type => typeof(ModelQuestionCommand).IsAssignableFrom(type))
            .SelectMany(Parameters)
            .Where(parameter => parameter.Rules.Any(rule => rule.ValueFromPipelineByPropertyName))
            .SelectMany(parameter => Names(parameter.Property))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.Contains("Model", parameters);
        Assert.DoesNotContain("Name", parameters);
        foreach (var property in Outputs.SelectMany(type => type.GetProperties()))
        {
            if (!parameters.Contains(property.Name)) continue;
            var plain = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            Assert.Equal(property.Name.EndsWith("Bytes", StringComparison.Ordinal) ? typeof(long) : plain, plain);
        }
    }

    private static IEnumerable<(PropertyInfo Property, ParameterAttribute[] Rules)> Parameters(Type type) =>
        type.GetProperties()
            .Select(property => (property, property.GetCustomAttributes<ParameterAttribute>().ToArray()))
            .Where(parameter => parameter.Item2.Length > 0);

    private static IEnumerable<string> Names(PropertyInfo property) =>
        (property.GetCustomAttribute<AliasAttribute>()?.AliasNames ?? []).Prepend(property.Name);

    private static IEnumerable<string> ApprovedVerbs() =>
        new[] { typeof(VerbsCommon), typeof(VerbsData), typeof(VerbsDiagnostic), typeof(VerbsLifecycle) }
            .SelectMany(type => type.GetFields()).Select(field => (string)field.GetRawConstantValue()!);
}
