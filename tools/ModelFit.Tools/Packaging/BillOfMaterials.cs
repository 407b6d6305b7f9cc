using System.IO;
using Newtonsoft.Json.Linq;

namespace ModelFit.Tools.Packaging;

/// <summary>
/// What a package contains, as CycloneDX 1.6 in JSON. It has neither a serial number nor a time, so the same sources
/// give the same bytes.
/// </summary>
internal static class BillOfMaterials
{
    /// <summary>Writes the file beside a package or an archive. Gives its path.</summary>
    /// <param name="manifest">The manifest of the module.</param>
    /// <param name="name">The name of the package, or of the archive without its version.</param>
    /// <param name="contents">What it contains of others.</param>
    /// <param name="folder">Where to, a folder that exists.</param>
    /// <param name="kind">The kind of package, as package addresses (purl) have it.</param>
    public static string Write(
        ModuleManifest manifest,
        string name,
        IEnumerable<ShippedPackage> contents,
        string folder,
        string kind = "nuget")
    {
        var packages = contents.OrderBy(package => package.Id, StringComparer.Ordinal).ToArray();
        var reference = $"pkg:{kind}/{name}@{manifest.Version}";
        var bill = new JObject
        {
            ["$schema"] = "http://cyclonedx.org/schema/bom-1.6.schema.json",
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["version"] = 1,
            ["metadata"] = new JObject
            {
                ["component"] = new JObject
                {
                    ["type"] = name == "ModelFit" ? "library" : "application",
                    ["bom-ref"] = reference,
                    ["name"] = name,
                    ["version"] = manifest.Version,
                    ["description"] = manifest.Description,
                    ["licenses"] = new JArray(new JObject { ["license"] = new JObject { ["id"] = "MIT" } }),
                    ["purl"] = reference,
                },
            },
            ["components"] = new JArray(packages.Select(Component)),
            ["dependencies"] = new JArray(new JObject
            {
                ["ref"] = reference,
                ["dependsOn"] = new JArray(packages.Select(Reference)),
            }),
        };
        var path = Path.Combine(folder, $"{name}.{manifest.Version}.cdx.json");
        File.WriteAllText(path, bill.ToString().Replace("\r\n", "\n", StringComparison.Ordinal) + "\n");
        return path;
    }

    private static JObject Component(ShippedPackage package) => new()
    {
        ["type"] = "library",
        ["bom-ref"] = Reference(package),
        ["publisher"] = package.Authors,
        ["name"] = package.Id,
        ["version"] = package.Version,
        ["hashes"] = new JArray(new JObject
        {
            ["alg"] = "SHA-512",
            ["content"] = Convert.ToHexStringLower(Convert.FromBase64String(package.Hash)),
        }),
        ["licenses"] = new JArray(new JObject
        {
            ["license"] = package.License.StartsWith("LicenseRef-", StringComparison.Ordinal)
                ? new JObject { ["name"] = package.License, ["url"] = package.Page + "/License" }
                : new JObject { ["id"] = package.License },
        }),
        ["copyright"] = package.Copyright,
        ["purl"] = Reference(package),
    };

    private static string Reference(ShippedPackage package) => $"pkg:nuget/{package.Id}@{package.Version}";
}
