using System.Collections;
using System.IO;
using System.Management.Automation.Language;
using ModelFit.Testing;

namespace ModelFit.Tools.Packaging;

/// <summary>
/// What ModelFit.psd1 says: the only place of the version, the cmdlets and the texts of the packages.
/// </summary>
internal sealed class ModuleManifest
{
    private readonly Hashtable values;
    private readonly Hashtable published;

    private ModuleManifest(Hashtable values)
    {
        this.values = values;
        published = (Hashtable)((Hashtable)values["PrivateData"]!)["PSData"]!;
    }

    /// <summary>The version, as <c>1.2.3</c>.</summary>
    public string Version => (string)values["ModuleVersion"]!;

    /// <summary>Who made it.</summary>
    public string Author => (string)values["Author"]!;

    /// <summary>One sentence.</summary>
    public string Description => (string)values["Description"]!;

    /// <summary>The line about rights.</summary>
    public string Copyright => (string)values["Copyright"]!;

    /// <summary>Address of the project.</summary>
    public Uri ProjectUri => new((string)published["ProjectUri"]!);

    /// <summary>Address of the license.</summary>
    public Uri LicenseUri => new((string)published["LicenseUri"]!);

    /// <summary>The exported cmdlets.</summary>
    public IReadOnlyList<string> Cmdlets => Texts(values["CmdletsToExport"]);

    /// <summary>The words it is found by.</summary>
    public IReadOnlyList<string> Tags => Texts(published["Tags"]);

    /// <summary>Reads the manifest of the repository without running it.</summary>
    public static ModuleManifest Read()
    {
        var text = File.ReadAllText(RepositoryFolder.Path("ModelFit.psd1"));
        var script = Parser.ParseInput(text, out _, out var errors);
        if (errors.Length > 0) throw new InvalidDataException($"ModelFit.psd1: {errors[0].Message}");
        var table = script.Find(ast => ast is HashtableAst, searchNestedScriptBlocks: false)
            ?? throw new InvalidDataException("ModelFit.psd1 has no table.");
        return new ModuleManifest((Hashtable)table.SafeGetValue());
    }

    private static string[] Texts(object? value) => ((IEnumerable)value!).Cast<string>().ToArray();
}
