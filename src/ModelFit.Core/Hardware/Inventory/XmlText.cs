using System.Xml;
using System.Xml.Linq;
using ModelFit.Common;
using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// XML as the objects that it stands for, so that one reader reads both: elements that come again are a list,
/// attributes are facts. <c>Export-Clixml</c> and <c>ConvertTo-Xml</c> name a member in an attribute, property lists
/// of macOS in a key before it.
/// </summary>
internal static class XmlText
{
    /// <summary>The documents of the text, one behind another; none if it is no XML or is damaged.</summary>
    public static IReadOnlyList<XElement> Documents(InventoryText text)
    {
        if (!text.Text.StartsWith("<", StringComparison.Ordinal)) return Array.Empty<XElement>();
        var start = text.Text.StartsWith("<?", StringComparison.Ordinal)
            ? text.Text.IndexOf("?>", StringComparison.Ordinal) + 2 : 0;
        var type = text.Text.IndexOf("<!DOCTYPE plist", StringComparison.Ordinal);
        if (type >= 0) start = text.Text.IndexOf('>', type) + 1;
        try
        {
            using var reader = XmlReader.Create(
                new StoppableReader("<all>" + text.Text.Substring(start) + "</all>", text.Stop),
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, MaxCharactersInDocument = 1 << 26 });
            return XElement.Load(reader).Elements().ToList();
        }
        catch (XmlException)
        {
            return Array.Empty<XElement>();
        }
    }

    /// <summary>The documents as objects.</summary>
    public static IReadOnlyList<JToken> Values(InventoryText text) =>
        Documents(text).Select(document => Value(document, 0)).Where(value => value is JContainer).ToList();

    private static JToken Value(XElement element, int depth)
    {
        if (depth >= InventoryText.MaxDepth) return JValue.CreateNull();
        if (!element.HasElements) return Leaf(element);
        if (Items(element) is { } items) return new JArray(items.Select(item => Value(item, depth + 1)));
        var parts = element.Elements().SelectMany(Named)
            .Select(part => (part.Name, Value: Value(part.Part, depth + 1)));
        var facts = Facts(element).Select(fact => (Name: fact.Name.LocalName, Value: (JToken)fact.Value)).Concat(parts);
        return new JObject(facts.GroupBy(fact => fact.Name).Select(same => new JProperty(
            same.Key, same.Count() == 1 ? same.First().Value : new JArray(same.Select(fact => fact.Value)))));
    }

    /// <summary>A text with its unit; of an element without text its attributes.</summary>
    private static JToken Leaf(XElement element)
    {
        var text = element.Value.Trim();
        if (text.Length > 0) return $"{text} {(string?)element.Attribute("unit")}".TrimEnd();
        if (element.Name.LocalName is "true" or "false") return element.Name.LocalName == "true";
        var facts = Facts(element).ToList();
        return facts.Count == 0 ? JValue.CreateNull() : facts.Count == 1 && facts[0].Name.LocalName == "value"
            ? facts[0].Value
            : new JObject(facts.Select(fact => new JProperty(fact.Name.LocalName, fact.Value)));
    }

    private static IEnumerable<XAttribute> Facts(XElement element) =>
        element.Attributes().Where(fact => !fact.IsNamespaceDeclaration && fact.Name.LocalName is not ("N" or "RefId"));

    /// <summary>The items of a list: of <c>array</c>, or parts of one kind as <c>video</c> in <c>videos</c>.</summary>
    private static IEnumerable<XElement>? Items(XElement element)
    {
        var parts = element.Elements().ToList();
        var (own, name) = (element.Name.LocalName, parts[0].Name.LocalName);
        if (own == "Obj") return parts.FirstOrDefault(part => part.Name.LocalName is "LST" or "IE")?.Elements();
        return own is "array" or "Objs" or "Objects" || (own != "dict" && !Facts(element).Any() && parts.All(part =>
                part.Name.LocalName == name && Member(part) is null)
            && (parts.Count > 1 || name == "item" || own.StartsWith(name, StringComparison.OrdinalIgnoreCase)))
            ? parts : null;
    }

    private static IEnumerable<(string Name, XElement Part)> Named(XElement part) => part.Name.LocalName switch
    {
        "TN" or "TNRef" or "ToString" => Array.Empty<(string, XElement)>(),
        "MS" or "Props" or "DCT" => part.Elements().SelectMany(Named),
        "En" when part.Elements().Skip(1).FirstOrDefault() is { } value =>
            new[] { (part.Elements().First().Value, value) },
        "key" when part.ElementsAfterSelf().FirstOrDefault() is { } value => new[] { (part.Value, value) },
        _ when part.Parent!.Name.LocalName == "dict" => Array.Empty<(string, XElement)>(),
        _ => new[] { (Member(part) ?? part.Name.LocalName, part) },
    };

    /// <summary>The member of an object that an element stands for by an attribute.</summary>
    private static string? Member(XElement part) => (string?)part.Attribute("N")
        ?? (part.Name.LocalName == "Property" ? (string?)part.Attribute("Name") : null);
}
