using System.Xml;
using System.Xml.Linq;
using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary><c>lshw -xml</c>: the nodes of its JSON in another dress.</summary>
internal static class LshwXml
{
    /// <summary>Every node with its own facts; none where the XML is damaged.</summary>
    public static IEnumerable<JObject> Nodes(InventoryText text)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
        try
        {
            using var reader = XmlReader.Create(text.Reader(), settings);
            return XElement.Load(reader).DescendantsAndSelf("node").Select(Node).ToList();
        }
        catch (XmlException)
        {
            return new List<JObject>();
        }
    }

    private static JObject Node(XElement element)
    {
        var node = new JObject();
        foreach (var attribute in element.Attributes()) node[attribute.Name.LocalName] = attribute.Value;
        foreach (var fact in element.Elements().Where(fact => !fact.HasElements))
            node[fact.Name.LocalName] = fact.Value;
        return node;
    }
}
