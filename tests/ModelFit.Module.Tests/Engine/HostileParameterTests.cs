using System.Diagnostics;
using System.IO;
using System.Management.Automation;
using System.Reflection;
using ModelFit.Binding;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Module.Tests.Engine;

/// <summary>
/// Every parameter of every cmdlet that takes a number or a path, with values that nobody should type: an answer, or an
/// error of the cmdlet's own.
/// </summary>
public sealed class HostileParameterTests
{
    /// <summary>A call of each cmdlet that works; the parameter is added to it.</summary>
    private static readonly Dictionary<string, string> Calls = new()
    {
        ["Test-ModelFit"] = "Test-ModelFit qwen3-8b 'RTX 3090' @more",
        ["Measure-ModelMemory"] = "Measure-ModelMemory qwen3-8b @more",
        ["Get-OffloadPlan"] = "Get-OffloadPlan qwen3-8b 'RTX 3090' @more",
        ["Find-ModelFit"] = "Find-ModelFit qwen3-4b 'RTX 3090' @more",
        ["Measure-ModelSpeed"] = "Measure-ModelSpeed qwen3-8b 'RTX 3090' @more",
        ["Get-ModelCapacityPlan"] = "Get-ModelCapacityPlan qwen3-8b 'RTX 3090' @more",
        ["Get-ModelFleetPlan"] = "$machine | Get-ModelFleetPlan -Model qwen3-8b @more",
        ["Get-ModelUpgradePlan"] = "$machine | Get-ModelUpgradePlan -Model llama-3.3-70b @more",
        ["Invoke-ModelFitAudit"] = "$machine | Invoke-ModelFitAudit -Model qwen3-8b @more",
        ["New-ModelRuntimeOption"] =
            "Test-ModelFit qwen3-8b 'RTX 3090' -RuntimeOption (New-ModelRuntimeOption @more)",
        ["Get-GpuSpec"] = "Get-GpuSpec -ListAvailable @more",
        ["Get-ModelSpec"] = "Get-ModelSpec @more",
        ["ConvertTo-MachineSpec"] = "ConvertTo-MachineSpec @more",
        ["New-ModelSpeedCalibration"] = "New-ModelSpeedCalibration @more",
        ["Import-ModelFitCatalog"] = "Import-ModelFitCatalog @more",
        ["Compare-ModelFitAudit"] = "Compare-ModelFitAudit @more",
        ["Export-ModelFitReport"] = "Test-ModelFit qwen3-8b 'RTX 3090' | Export-ModelFitReport -Format Html @more",
    };

    /// <summary>What PowerShell itself says of a value before the cmdlet has it.</summary>
    private static readonly string[] OfEngine =
        ["ParameterArgument", "CannotConvertArgument", "AmbiguousParameterSet", "MissingMandatoryParameter"];

    private static readonly string[] Own = typeof(ErrorIds).GetFields().Select(field => (string)field.GetValue(null)!)
        .Except([ErrorIds.UnexpectedFailure]).ToArray();

    private static readonly object?[] Numbers =
    [
        -1, 0, 1, int.MaxValue, int.MinValue, long.MaxValue, "9e99", "NaN", "Infinity", "-0.5", double.NaN,
        double.PositiveInfinity, 1e300, "\u0663", "99999999999999999999", new string('9', 400), "", null, "abc",
    ];

    public static TheoryData<string> Cmdlets => [.. Calls.Keys];

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void No_number_brings_anything_but_an_answer_or_an_error_of_its_own(string cmdlet)
    {
        using var session = new ModuleSession();
        foreach (var parameter in Parameters(cmdlet).Where(IsNumber))
            foreach (var number in Numbers) Check(session, cmdlet, parameter.Name, number);
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void No_path_hangs_or_brings_a_foreign_error(string cmdlet)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such files.");
        using var folder = new TemporaryFolder();
        using var session = new ModuleSession();
        var paths = Paths(folder);
        foreach (var parameter in Parameters(cmdlet).Where(IsPath))
            foreach (var path in paths) Check(session, cmdlet, parameter.Name, path);
    }

    private static string[] Paths(TemporaryFolder folder)
    {
        var pipe = folder["pipe.gguf"];
        using (var made = Process.Start("mkfifo", [pipe])) made.WaitForExit();
        File.CreateSymbolicLink(folder["zero.json"], "/dev/zero");
        File.CreateSymbolicLink(folder["loop.csv"], folder["loop.csv"]);
        return
        [
            pipe, folder["zero.json"], folder["loop.csv"], folder.Path,
            folder.Write(new string('[', 100_000), "deep.json"),
            folder.Write(string.Concat(Enumerable.Repeat("{\"a\":", 20_000)), "deeper.json"),
            folder.Write(new string('\0', 1000), "zeros.gguf"), folder["absent.json"], string.Empty, "a\0b", "[", "::",
            "FileSystem::", "nope:\\x", "Env:PATH", @"\\host.invalid\share\x.gguf", "~nobody/x", new string('x', 5000),
        ];
    }

    private static void Check(ModuleSession session, string cmdlet, string parameter, object? value)
    {
        var run = session.Run(
            "$more = @{ $rows[0] = $rows[1] }; $WarningPreference = 'Ignore'; $ConfirmPreference = 'None'\n"
                + "if (-not $machine) { $machine = [pscustomobject]@{ ComputerName = 'a'; Gpu = 'RTX 3090'; RAM = "
                + "'64GB' } "
                + "| ConvertTo-MachineSpec }\n" + Calls[cmdlet],
            parameter, value);
        Assert.All(run.ErrorIds, id => Assert.True(
            Own.Contains(id) || OfEngine.Any(own => id.StartsWith(own, StringComparison.Ordinal)),
            $"{cmdlet} -{parameter} {value}: {id}: {run.Errors[0].Exception}"));
        Assert.All(run.Output.SelectMany(answer => answer.Properties).Where(property =>
                property.Name is "RequiredBytes" or "WeightBytes" or "KvCacheBytes" or "ComputeBytes" or "TotalBytes"),
            property => Assert.False(property.Value is < 0L, $"{cmdlet} -{parameter} {value}: {property.Name} < 0"));
    }

    private static IEnumerable<PropertyInfo> Parameters(string cmdlet) => typeof(ModelFitCommand).Assembly.GetTypes()
        .Single(type => type.GetCustomAttribute<CmdletAttribute>() is { } named
            && named.VerbName + "-" + named.NounName == cmdlet)
        .GetProperties().Where(property => property.IsDefined(typeof(ParameterAttribute)));

    private static bool IsNumber(PropertyInfo parameter)
    {
        var type = parameter.PropertyType.GetElementType() ?? parameter.PropertyType;
        return (Nullable.GetUnderlyingType(type) ?? type) is { IsPrimitive: true } number && number != typeof(bool);
    }

    private static bool IsPath(PropertyInfo parameter) => parameter.Name is "Path" or "LiteralPath" or "PolicyPath"
        or "BaselinePath" or "OutputPath" or "StorePath" or "Calibration" or "Projector" or "Adapter" or "Model"
        or "ReferenceObject" or "DifferenceObject" or "Uri";
}
