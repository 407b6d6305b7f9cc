using System.Globalization;
using Xunit;

namespace ModelFit.Module.Tests.Tool;

/// <summary>The tool as a shell sees it: words in, text out, an exit code.</summary>
public sealed class ToolTests
{
    [Theory]
    [InlineData]
    [InlineData("--help")]
    [InlineData("help")]
    public void Says_how_to_use_it(params string[] args)
    {
        var run = ToolRun.Of(args);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("modelfit <cmdlet>", run.Output, StringComparison.Ordinal);
        Assert.Contains("Test-ModelFit", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_its_version()
    {
        var version = typeof(ToolTests).Assembly.GetName().Version!.ToString(3);
        Assert.Equal($"modelfit {version}\n", ToolRun.Of("--version").Output);
    }

    [Theory]
    [InlineData("--unknown")]
    [InlineData("Test-Nothing")]
    [InlineData("Get-*")]
    [InlineData("-OutputFormat")]
    [InlineData("Get-GpuSpec", "3090", "-OutputFormat", "Yaml")]
    [InlineData("Get-GpuSpec", "3090", "-OutputFormat", "1")]
    [InlineData("Get-GpuSpec", "-NoSuchParameter", "1")]
    [InlineData("Test-ModelFit", "qwen3-8b", "-Gpu")]
    [InlineData("Test-ModelFit", "qwen3-8b", "3090", "-ContextLength", "many")]
    [InlineData("-Command", "Get-GpuSpec", "3090")]
    [InlineData("-Command", "Get-GpuSpec (")]
    [InlineData("-Command", "Get-Nothing")]
    [InlineData("-Command")]
    [InlineData("-Command", " ")]
    [InlineData("-Command", "Invoke-Expression '1'")]
    [InlineData("-Command", "Add-Type -TypeDefinition 'class A { }'")]
    [InlineData("-Command", "Get-ChildItem")]
    [InlineData("-Command", "throw 'x'")]
    public void Wrong_usage_exits_with_two(params string[] args)
    {
        var run = ToolRun.Of(args);
        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.NotEmpty(run.Error);
    }

    [Theory]
    [InlineData("Test-ModelFit", "mixtral-8x22b", "RTX 3090", "Q3_K_M")]
    [InlineData("test-modelfit", "-gpu", "RTX 3090", "mixtral-8x22b", "Q3_K_M")]
    [InlineData("Test-ModelFit", "-Quant:Q3_K_M", "mixtral-8x22b", "-Gpu:RTX 3090")]
    [InlineData("Test-ModelFit", "mixtral-8x22b", "RTX 3090", "-IgnoreUsage", "Q3_K_M")]
    [InlineData("Test-ModelFit", "-IgnoreUsage:$false", "--", "mixtral-8x22b", "RTX 3090", "Q3_K_M")]
    public void Words_are_bound_as_PowerShell_binds_them(params string[] args)
    {
        var run = ToolRun.Of(["-OutputFormat", "Json", .. args]);
        Assert.Equal((0, string.Empty), (run.ExitCode, run.Error));
        var answer = Assert.Single(run.Objects);
        Assert.Equal("mistralai/Mixtral-8x22B-v0.1", (string?)answer["Model"]);
        Assert.Equal("NVIDIA GeForce RTX 3090", (string?)answer["Gpu"]);
        Assert.Equal("Q3_K_M", (string?)answer["Quantization"]);
        Assert.Equal("NoFit", (string?)answer["Verdict"]);
    }

    /// <summary>What the shell has left in a word is that word: nothing is expanded, quoted or run again.</summary>
    [Theory]
    [InlineData("$(Get-GpuSpec)")]
    [InlineData("it's a \"card\"")]
    [InlineData("zz; y | c & d")]
    [InlineData("`n$env:PATH")]
    [InlineData("Grafikkarte ☃ ü")]
    public void A_word_is_a_value_whatever_is_in_it(string word)
    {
        var run = ToolRun.Of("Test-ModelFit", "qwen3-8b", word, "-OutputFormat", "Json");
        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Contains("'" + word.Split(['+', ';', '&'])[0].Trim(), run.Error, StringComparison.Ordinal);
        Assert.EndsWith("[GpuNotFound]\n", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Test-ModelFit", "qwen3-8b", "3090")]
    [InlineData("Get-OffloadPlan", "qwen3-8b", "3090")]
    [InlineData("Measure-ModelMemory", "qwen3-8b")]
    [InlineData("Find-ModelFit", "qwen3-8b", "3090")]
    [InlineData("Get-GpuSpec", "3090")]
    [InlineData("Get-ModelSpec", "qwen3-8b")]
    [InlineData("Get-QuantizationSpec", "q4_k_m")]
    [InlineData("Get-MachineSpec")]
    [InlineData("New-ModelRuntimeOption", "-SwaFull")]
    public void Every_cmdlet_writes_every_format(params string[] args)
    {
        foreach (var format in new[] { "Table", "List", "Csv", "Json" })
        {
            var run = ToolRun.Of([.. args, "-OutputFormat", format]);
            Assert.Equal((0, string.Empty), (run.ExitCode, run.Error));
            if (format == "Json") Assert.Single(run.Objects);
            else Assert.True(run.Lines.Length >= 2, format);
        }
    }

    [Fact]
    public void An_inventory_of_500_rows_gives_as_many_answers_and_errors_as_it_should()
    {
        string[] kinds =
        [
            "{0};RTX 3090;31.9 GB", "{0};;32GB", "{0};[N/A];32GB", "{0};RTX 3060;31,9 GB", "{0};Voodoo 9;32GB",
            "{0};RTX 3090;", "{0};RTX 3090;[N/A]", "{0}", "{0};\"NVIDIA GeForce RTX 4090\";64 GB",
            "{0};2x RTX 3090;128GB",
        ];
        var rows = Enumerable.Range(0, 500)
            .Select(i => string.Format(CultureInfo.InvariantCulture, kinds[i % kinds.Length], $"pc{i}"));
        var run = ToolRun.With(
            "ComputerName;Gpu;SystemMemory\n" + string.Join('\n', rows),
            "-InputFormat", "Csv", "-OutputFormat", "Json", "Test-ModelFit", "qwen3-8b");
        Assert.Equal(2, run.ExitCode);
        Assert.Equal(
            Enumerable.Range(0, 500).Where(i => i % 10 is 0 or 5 or 6 or 8 or 9).Select(i => $"pc{i}"),
            run.Objects.Select(answer => (string?)answer["ComputerName"]));
        int Errors(string id) => run.Error.Split($"[{id}]").Length - 1;
        Assert.Equal(150, Errors("MissingColumn"));
        Assert.Equal(50, Errors("GpuNotFound"));
        Assert.Equal(50, Errors("ParameterArgumentTransformationError"));
    }

    [Fact]
    public void Commas_separate_where_a_parameter_takes_several()
    {
        var run = ToolRun.Of(
            "Test-ModelFit", "qwen3-8b", "3090", "Q4_K_M, Q8_0", "-GpuCount", "1,2,4", "-OutputFormat", "Json");
        Assert.Equal(
            [("Q4_K_M", 1), ("Q4_K_M", 2), ("Q4_K_M", 4), ("Q8_0", 1), ("Q8_0", 2), ("Q8_0", 4)],
            run.Objects.Select(answer => ((string?)answer["Quantization"], (int?)answer["GpuCount"])).Order());
    }

    [Theory]
    [InlineData("-Gpu", "RTX 4070,", "RTX 3060 12GB", "-Model", "qwen3-32b")]
    [InlineData("qwen3-32b", "RTX 4070,", "RTX 3060 12GB", "Q4_K_M")]
    [InlineData("qwen3-32b", "RTX 4070,RTX 3060 12GB")]
    public void A_comma_at_the_end_of_a_word_goes_on_as_in_PowerShell(params string[] args)
    {
        var run = ToolRun.Of(["Test-ModelFit", .. args, "-OutputFormat", "Json"]);
        Assert.Equal((0, string.Empty), (run.ExitCode, run.Error));
        Assert.Equal(2, (int?)Assert.Single(run.Objects)["GpuCount"]);
    }

    [Theory]
    [InlineData("qwen3-8b", "3090")]
    [InlineData("qwen3-8b", "4090")]
    [InlineData("llama-3.3-70b", "3090")]
    [InlineData("mixtral-8x22b", "RTX 3060 12GB")]
    public void A_long_reason_breaks_between_words(string model, string gpu)
    {
        var reason = (string?)ToolRun.Of("-OutputFormat", "Json", "Test-ModelFit", model, gpu).Objects[0]["Reason"];
        var lines = ToolRun.Of("Test-ModelFit", model, gpu).Lines
            .SkipWhile(line => !line.StartsWith("Reason", StringComparison.Ordinal));
        var words = lines.SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Skip(2);
        Assert.StartsWith(reason!, string.Join(' ', words), StringComparison.Ordinal);
    }

    [Fact]
    public void A_comma_in_a_size_is_an_error_not_two_sizes()
    {
        var run = ToolRun.Of("Test-ModelFit", "qwen3-8b", "-GpuMemory", "24,5GB");
        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData(0, "Test-ModelFit", "qwen3-8b", "RTX 3090", "-Quiet")]
    [InlineData(1, "Test-ModelFit", "mixtral-8x22b", "RTX 3090", "-Quiet")]
    [InlineData(1, "Test-ModelFit", "qwen3-8b,mixtral-8x22b", "RTX 3090", "-Qui")]
    [InlineData(0, "Test-ModelFit", "mixtral-8x22b", "RTX 3090")]
    [InlineData(2, "Test-ModelFit", "qwen3-8b,no-such-model", "RTX 3090", "-Quiet")]
    [InlineData(1, "-Command", "Test-ModelFit mixtral-8x22b 3090 -Quiet")]
    [InlineData(2, "-Command", "Test-ModelFit no-such-model 3090")]
    [InlineData(7, "-Command", "exit 7")]
    [InlineData(1, "-InputFormat", "Csv", "Test-ModelFit", "qwen3-8b", "-Quiet")]
    public void Exit_codes_are_greps(int expected, params string[] args) =>
        Assert.Equal(expected, ToolRun.Of(args).ExitCode);

    [Fact]
    public void An_error_names_its_cmdlet_and_id_and_the_rest_goes_on()
    {
        var run = ToolRun.Of("Test-ModelFit", "no-such-model,qwen3-8b", "3090", "-OutputFormat", "Json");
        Assert.Single(run.Objects);
        Assert.StartsWith("Test-ModelFit: ", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("[ModelNotFound]\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Verbose_goes_to_standard_error()
    {
        var run = ToolRun.Of("Test-ModelFit", "mixtral-8x22b", "3090", "-Verbose", "-OutputFormat", "Json");
        Assert.Single(run.Objects);
        Assert.StartsWith("verbose: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipeline_has_where_object_and_for_each_object()
    {
        var run = ToolRun.Of(
            "-Command",
            "Get-GpuSpec 'RTX 30*' | Where-Object MemoryBytes -ge 24GB | ForEach-Object { $_.MemoryBytes }");
        Assert.Equal((0, string.Empty), (run.ExitCode, run.Error));
        Assert.All(run.Lines, line => Assert.Equal("25769803776", line));
    }

    [Fact]
    public void Views_can_be_asked_for()
    {
        Assert.Contains("Weights", ToolRun.Of("Test-ModelFit", "qwen3-8b", "3090").Output, StringComparison.Ordinal);
        var table = ToolRun.Of("Test-ModelFit", "qwen3-8b", "3090", "-OutputFormat", "Table");
        Assert.Equal(3, table.Lines.Length);
        var list = ToolRun.Of("Get-GpuSpec", "3090", "-OutputFormat", "List");
        Assert.Contains("Memory bus", list.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', list.Output);
    }

    [Fact]
    public void Help_is_the_modules()
    {
        var run = ToolRun.Of("help", "Test-ModelFit", "-Examples");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Test-ModelFit mixtral-8x22b 'RTX 3090' Q3_K_M", run.Output, StringComparison.Ordinal);
        Assert.Equal(ToolRun.Of("help", "Test-ModelFit").Output, ToolRun.Of("Test-ModelFit", "--help").Output);
    }

    [Theory]
    [InlineData("Csv")]
    [InlineData("Json")]
    public void Answers_come_back_as_questions_under_any_culture(string format)
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            var first = ToolRun.Of(
                "Test-ModelFit", "mixtral-8x22b,qwen3-8b", "RTX 3090",
                "-SystemMemory", "64GB", "-OutputFormat", format);
            var again = ToolRun.With(
                first.Output, "-InputFormat", format, "Test-ModelFit", "-OutputFormat", format);
            Assert.Equal((0, string.Empty), (again.ExitCode, again.Error));
            Assert.Equal(first.Output, again.Output);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Theory]
    [InlineData("-Gpu", "{ throw 'ran' }")]
    [InlineData("--", "{ throw 'ran' }")]
    [InlineData("--script-blocks", "--", "{ throw 'ran' }")]
    [InlineData("--", "$true")]
    [InlineData("--", "a,b")]
    public void A_value_is_text_and_no_code(params string[] words)
    {
        var run = ToolRun.Of(["-OutputFormat", "Json", "Test-ModelFit", "-Model", "qwen3-8b", .. words]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("[GpuNotFound]", run.Error, StringComparison.Ordinal);
        Assert.Contains(words[^1], run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_foreign_columns_are_bound_by_script_blocks()
    {
        const string inventory = """
            Computer;Graphics card;RAM
            pc-1;"NVIDIA GeForce RTX 3090";64
            pc-2;"Not a card";16
            pc-3;"NVIDIA GeForce RTX 3060 12GB";16
            """;
        var run = ToolRun.With(
            inventory,
            "--script-blocks", "-InputFormat", "Csv", "-OutputFormat", "Json",
            "Test-ModelFit", "qwen3-8b", "-Gpu", "{ $_.'Graphics card' }", "-SystemMemory", "{ $_.RAM + 'GB' }");
        Assert.Equal(2, run.ExitCode);
        Assert.Equal(
            ["NVIDIA GeForce RTX 3090", "NVIDIA GeForce RTX 3060"],
            run.Objects.Select(answer => (string?)answer["Gpu"]));
        Assert.Contains("[GpuNotFound]", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_go_through_a_pipeline()
    {
        var run = ToolRun.With(
            "Model,Gpu\nqwen3-8b,3090\nmixtral-8x22b,3090\n",
            "-InputFormat", "Csv", "-OutputFormat", "Json",
            "-Command", "Test-ModelFit | Where-Object Fits");
        Assert.Equal("Qwen/Qwen3-8B", (string?)Assert.Single(run.Objects)["Model"]);
    }

    /// <summary>The commands of the shell that pipelines are made of, without the compiler of their package.</summary>
    [Theory]
    [InlineData("Get-GpuSpec -ListAvailable | Sort-Object MemoryBytes -Descending | select -First 1 Name", "Name")]
    [InlineData(
        "Get-GpuSpec -ListAvailable | Group-Object Vendor | Sort-Object Count | Format-Table Count, Name", "NVIDIA")]
    [InlineData("Get-GpuSpec 'RTX 3090' | Format-List Name", "NVIDIA GeForce RTX 3090")]
    [InlineData("Get-GpuSpec 'RTX 3090' | ConvertTo-Json -Compress", "\"Name\":\"NVIDIA GeForce RTX 3090\"")]
    [InlineData("Get-GpuSpec 'RTX 3090' | ConvertTo-Csv", "\"NVIDIA GeForce RTX 3090\"")]
    [InlineData("'{\"a\":5}' | ConvertFrom-Json | ForEach-Object a", "5")]
    [InlineData("1, 2, 2 | Measure-Object -Sum | ForEach-Object Sum", "5")]
    public void Pipelines_have_the_shells_commands_for_objects(string pipeline, string expected)
    {
        var run = ToolRun.Of("-Command", pipeline);
        Assert.Equal((0, string.Empty), (run.ExitCode, run.Error));
        Assert.Contains(expected, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_piped_in_is_the_input_of_a_cmdlet_that_needs_one()
    {
        const string line = "name, memory.total [MiB]\nNVIDIA GeForce RTX 3090, 24576 MiB\n";
        foreach (var words in new string[][] { [], ["-Culture", "en-US"] })
        {
            var run = ToolRun.With(line, ["ConvertTo-MachineSpec", .. words, "-OutputFormat", "Json"]);
            Assert.Equal((0, string.Empty), (run.ExitCode, run.Error));
            Assert.Equal("NVIDIA GeForce RTX 3090", (string?)Assert.Single(run.Objects)["Gpu"]);
        }

        Assert.Equal(2, ToolRun.Of("ConvertTo-MachineSpec").ExitCode);
        Assert.Equal("Qwen/Qwen3-8B", (string?)Assert.Single(
            ToolRun.With(line, "Get-ModelSpec", "qwen3-8b", "-OutputFormat", "Json").Objects)["Name"]);
    }

    [Fact]
    public void Lines_are_texts()
    {
        var run = ToolRun.With(
            "Q4_K_M\nQ8_0\n", "-InputFormat", "Text", "Get-QuantizationSpec", "-OutputFormat", "Json");
        Assert.Equal(["Q4_K_M", "Q8_0"], run.Objects.Select(answer => (string?)answer["Name"]));
    }

    [Fact]
    public void Rows_before_a_damaged_one_are_answered()
    {
        var run = ToolRun.With(
            """{"Model":"qwen3-8b","Gpu":"3090"} {"Model":""",
            "-InputFormat", "Json", "-OutputFormat", "Json", "Test-ModelFit");
        Assert.Equal(2, run.ExitCode);
        Assert.Single(run.Objects);
        Assert.Contains("[InvalidInput]", run.Error, StringComparison.Ordinal);
    }
}
