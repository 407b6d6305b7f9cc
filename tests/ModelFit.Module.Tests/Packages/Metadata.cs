using System.Collections.Immutable;
using System.IO;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace ModelFit.Module.Tests.Packages;

/// <summary>
/// Types and members of an assembly, and those that it asks of others; members as <c>Type.Member</c>.
/// </summary>
internal sealed class Metadata
{
    private readonly MetadataReader _reader;

    private Metadata(string path)
    {
        _reader = new PEReader(ImmutableArray.Create(File.ReadAllBytes(path))).GetMetadataReader();
        Defined = _reader.TypeDefinitions.SelectMany(Members).ToHashSet();
    }

    /// <summary>What the assembly has.</summary>
    public HashSet<string> Defined { get; }

    /// <summary>Reads an assembly.</summary>
    public static Metadata Of(string path) => new(path);

    /// <summary>What it asks of an assembly.</summary>
    public IEnumerable<string> AskedOf(string assembly)
    {
        var types = _reader.TypeReferences
            .Where(handle => IsOf(_reader.GetTypeReference(handle), assembly))
            .ToDictionary(handle => (EntityHandle)handle, handle => Name(_reader.GetTypeReference(handle)));
        return types.Values.Concat(
            from handle in _reader.MemberReferences
            let member = _reader.GetMemberReference(handle)
            where types.ContainsKey(member.Parent)
            select $"{types[member.Parent]}.{_reader.GetString(member.Name)}");
    }

    private IEnumerable<string> Members(TypeDefinitionHandle handle)
    {
        var type = _reader.GetTypeDefinition(handle);
        var name = $"{_reader.GetString(type.Namespace)}.{_reader.GetString(type.Name)}";
        return type.GetMethods().Select(method => _reader.GetString(_reader.GetMethodDefinition(method).Name))
            .Concat(type.GetFields().Select(field => _reader.GetString(_reader.GetFieldDefinition(field).Name)))
            .Select(member => $"{name}.{member}")
            .Prepend(name);
    }

    private bool IsOf(TypeReference type, string assembly) =>
        type.ResolutionScope.Kind == HandleKind.AssemblyReference
        && _reader.GetString(
            _reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name) == assembly;

    private string Name(TypeReference type) => $"{_reader.GetString(type.Namespace)}.{_reader.GetString(type.Name)}";
}
