using System.Management.Automation;
using System.Reflection;
using ModelFit.Binding;
using ModelFit.Questions;
using ModelFit.Runtimes;
using Xunit;

namespace ModelFit.Module.Tests.Conventions;

/// <summary>The table of the question's parts is what the cmdlets ask and the answers say again.</summary>
public class QuestionPartTests
{
    /// <summary>What a question is made of, rather than a setting of it.</summary>
    private static readonly string[] Made =
    [
        "Model", "Machine", "Companions", "Options", "Load", "Serving", "IsContextSupposed", "IsQuantizationSupposed",
        "IsQuantizationNamed", "Fit", "Speculation", "Drafting", "Draft", "Calibration",
    ];

    public static TheoryData<string> Parts => new(QuestionParts.All.Select(part => part.Name));

    [Theory]
    [MemberData(nameof(Parts))]
    public void A_part_is_a_parameter_of_the_same_names(string name)
    {
        var part = QuestionParts.Named(name)!;
        var parameter = typeof(QuestionCommand).GetProperty(name)!;
        var rule = Assert.Single(parameter.GetCustomAttributes<ParameterAttribute>());
        Assert.Equal(part.IsBoundByName, rule.ValueFromPipelineByPropertyName);
        Assert.Equal(part.IsList, parameter.PropertyType.IsArray);
        Assert.Equal(
            part.Aliases.Order(), (parameter.GetCustomAttribute<AliasAttribute>()?.AliasNames ?? []).Order());
        var type = Nullable.GetUnderlyingType(parameter.PropertyType) ?? parameter.PropertyType;
        if (part.Read is null) Assert.NotNull(parameter.GetCustomAttribute<ReferenceArgumentAttribute>());
        else Assert.Equal(part.Type, type.GetElementType() ?? type);
        if (part.Read is not null) Assert.NotNull(parameter.GetCustomAttribute<QuestionArgumentAttribute>());
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void A_part_is_said_again_by_the_answers(string name)
    {
        var part = QuestionParts.Named(name)!;
        if (part.Echo is not { } echo) return;
        Assert.NotNull(typeof(HardwareAnswer).GetProperty(echo));
        Assert.Equal(!part.IsHardware && echo != "ReserveBytes", typeof(ModelAnswer).GetProperty(echo) is not null);
    }

    [Fact]
    public void A_parameter_that_is_bound_by_name_is_a_part()
    {
        var bound = typeof(QuestionCommand).GetProperties()
            .Where(property => property.GetCustomAttributes<ParameterAttribute>()
                .Any(rule => rule.ValueFromPipelineByPropertyName))
            .Select(property => property.Name);
        Assert.Empty(bound.Except(QuestionParts.All.Select(part => part.Name)));
    }

    [Fact]
    public void Every_setting_of_a_question_comes_back()
    {
        var own = Settings(typeof(FitQuestion), typeof(RuntimeOptions), typeof(ServingLoad))
            .Except(QuestionParts.All.Select(part => part.Echo!))
            .Concat(Settings(typeof(ServingOptions)).Select(name => $"Serving.{name}"))
            .Concat(Settings(typeof(Speculation)).Select(name => $"Speculation.{name}"));
        Assert.Empty(own.Except(SettingsText.Names));
        Assert.Equal(SettingsText.Names.Count(), SettingsText.Names.Distinct().Count());
    }

    private static IEnumerable<QuestionPart> Table =>
        QuestionParts.All.Concat(SettingParts.All).Concat(FileParts.All);

    public static TheoryData<string> Launched => new(
        Table.SelectMany(part => part.Launch.Keys.Select(runtime =>
            $"{part.Name} {runtime}")));

    /// <summary>The table's words are those that lines are read by, each of one part.</summary>
    [Theory]
    [MemberData(nameof(Launched))]
    public void A_word_of_the_table_is_read(string row)
    {
        var (name, runtime) = (row.Split(' ')[0], Enum.Parse<ModelRuntime>(row.Split(' ')[1]));
        var words = Table.Single(part => part.Name == name).Launch[runtime];
        var said = new[] { words.Names, words.Variables, words.Opposites, words.OppositeVariables }
            .SelectMany(list => list).ToArray();
        Assert.NotEmpty(said);
        Assert.All(said, word => Assert.True(RuntimeList.Of(runtime).Dialect.Reads(word), word));
    }

    [Fact]
    public void A_word_says_one_part() => Assert.Empty(
        Table.SelectMany(part => part.Launch.SelectMany(pair => pair.Value.Names.Select(word => (pair.Key, word))))
            .GroupBy(word => word).Where(group => group.Count() > 1).Select(group => group.Key));

    [Fact]
    public void A_setting_of_the_table_is_said_again_by_the_answers() => Assert.Empty(
        SettingParts.All.Select(part => part.Name).Except(SettingsText.Names));

    /// <summary>What llama.cpp's line is written from is what its reader finds in it.</summary>
    [Fact]
    public void A_part_that_is_written_is_read_the_same()
    {
        object[] values =
        [
            1024, 64, KvCacheType.Q8_0, KvCacheType.Q5_1, FlashAttentionMode.Off, true, true, false, false,
            false, false,
            GpuSplitMode.Tensor, 2,
        ];
        QuestionPart[] parts =
        [
            QuestionParts.BatchSize, QuestionParts.MicroBatchSize, QuestionParts.KeyCacheType,
            QuestionParts.ValueCacheType, QuestionParts.FlashAttention, SettingParts.KvUnified, SettingParts.SwaFull,
            SettingParts.OffloadKv, SettingParts.OffloadOperations, SettingParts.MemoryMap, SettingParts.Repack,
            SettingParts.SplitMode, SettingParts.MainGpu,
        ];
        var words = parts.Zip(values).SelectMany(pair => pair.First.Launch[ModelRuntime.LlamaCpp].Say(pair.Second));
        var line = LaunchReader.Parse(["llama-cli", .. words], null, NullSink.Instance);
        var read = line.ApplyTo(new FitQuestion { Model = new ModelSpec() });
        Assert.Equal(values, parts.Select(part => part.Get(read)));
    }

    private static IEnumerable<string> Settings(params Type[] records) => records
        .SelectMany(type => type.GetProperties().Where(property => property.CanWrite))
        .Select(property => property.Name)
        .Except(Made);

    [Fact]
    public void Settings_are_text_that_reads_back()
    {
        var usual = new FitQuestion { Model = new ModelSpec() };
        Assert.Null(SettingsText.Of(usual));
        var question = usual with
        {
            GpuLayers = 20,
            IsLaunched = true,
            MemoryUtilization = 0.85,
            TensorOverrides = new EquatableArray<string>(["blk\\.1\\.=CPU", "exps=CUDA0"]),
            Devices = new EquatableArray<int>([0, 2]),
            Options = new RuntimeOptions
            {
                SwaFull = true, SplitMode = GpuSplitMode.Row, TensorSplit = new EquatableArray<double>([3, 0.5]),
                Backend = ComputeBackend.Vulkan,
                Serving = new ServingOptions { Eager = true, CacheBytes = 1L << 33 },
                Speculation = new Speculation { ValueCacheType = KvCacheType.Q8_0 },
            },
        };
        var read = SettingsText.Apply(usual, SettingsText.Of(question)!, NullSink.Instance);
        Assert.Equal(question.Options, read.Options);
        Assert.Equal(question with { Options = usual.Options }, read with { Options = usual.Options });
    }
}
