using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Module.Tests.Conventions;

public class ImportDirectionTests
{
    /// <summary>What each folder of Core may import (DESIGN.md, The house); Common is anybody's.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Common"] = [],
        ["Questions"] = ["Models"],
        ["Answers"] = ["Questions"],
        ["Models"] = ["Architectures", "Quantization"],
        ["Quantization"] = ["Models"],
        ["Graph"] = ["Models", "Quantization", "Architectures", "Memory"],
        ["Architectures"] = ["Graph", "Models", "Quantization"],
        ["Hardware"] = [],
        ["Formats"] = ["Architectures", "Quantization", "Models"],
        ["Catalog"] = ["Models", "Hardware", "Quantization"],
        ["Memory"] = ["Architectures", "Graph", "Quantization", "Models", "Questions"],
        ["Placement"] = ["Architectures", "Graph", "Memory", "Models", "Hardware", "Catalog", "Runtimes"],
        ["Speed"] = ["Graph", "Placement", "Memory", "Quantization", "Models", "Hardware", "Catalog"],
        ["Runtimes"] = ["Placement", "Speed", "Memory", "Models", "Catalog"],
        ["Fit"] = ["Answers", "Runtimes", "Speed", "Placement", "Memory", "Models", "Hardware", "Catalog"],
        ["Fleet"] = ["Fit", "Answers", "Runtimes", "Models", "Hardware", "Catalog"],
        ["Capacity"] = ["Fit", "Answers", "Runtimes", "Speed", "Models", "Hardware", "Catalog"],
    };

    [Fact]
    public void Folders_of_core_import_downward_only()
    {
        var core = RepositoryFolder.Path("src", "ModelFit.Core");
        var upward =
            from path in Directory.GetFiles(core, "*.cs", SearchOption.AllDirectories)
            let parts = Path.GetRelativePath(core, path).Split(Path.DirectorySeparatorChar)
            where Allowed.ContainsKey(parts[0])
            from Match match in Regex.Matches(File.ReadAllText(path), @"^using ModelFit\.(\w+)", RegexOptions.Multiline)
            let import = match.Groups[1].Value
            where import != parts[0] && import != "Common" && !Allowed[parts[0]].Contains(import)
            select $"{string.Join('/', parts)} imports {import}";
        Assert.Empty(upward);
    }

    [Fact]
    public void Every_folder_of_core_has_a_rule() => Assert.Empty(
        Directory.GetDirectories(RepositoryFolder.Path("src", "ModelFit.Core"))
            .Select(path => Path.GetFileName(path)!)
            .Where(name => name is not ("bin" or "obj"))
            .Except(Allowed.Keys));
}
