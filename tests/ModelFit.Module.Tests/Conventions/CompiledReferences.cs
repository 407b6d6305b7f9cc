using System.IO;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace ModelFit.Module.Tests.Conventions;

/// <summary>
/// Which types of an assembly use which others of it, read from the compiled code: signatures, fields, bases,
/// attributes and method bodies. A nested or generated type counts as the type it stands in.
/// </summary>
internal sealed class CompiledReferences
{
    private static readonly Dictionary<int, OperandType> Operands = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value & 0xffff, code => code.OperandType);

    private readonly MetadataReader reader;
    private readonly PEReader file;
    private readonly Dictionary<string, HashSet<string>> uses = new(StringComparer.Ordinal);

    private CompiledReferences(PEReader file)
    {
        this.file = file;
        reader = file.GetMetadataReader();
        foreach (var handle in reader.TypeDefinitions) Read(handle);
    }

    /// <summary>By the full name of each type: the full names of the types that it uses, itself left out.</summary>
    public static IReadOnlyDictionary<string, HashSet<string>> Of(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        return new CompiledReferences(file).uses;
    }

    private void Read(TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        var found = new HashSet<EntityHandle> { type.BaseType };
        foreach (var one in type.GetInterfaceImplementations())
            found.Add(reader.GetInterfaceImplementation(one).Interface);
        foreach (var one in type.GetCustomAttributes()) found.Add(reader.GetCustomAttribute(one).Constructor);
        foreach (var one in type.GetFields())
            reader.GetFieldDefinition(one).DecodeSignature(new SignatureTypes(found), null);
        foreach (var one in type.GetMethods())
        {
            var method = reader.GetMethodDefinition(one);
            method.DecodeSignature(new SignatureTypes(found), null);
            if (method.RelativeVirtualAddress == 0) continue;
            var body = file.GetMethodBody(method.RelativeVirtualAddress);
            if (!body.LocalSignature.IsNil)
            {
                reader.GetStandaloneSignature(body.LocalSignature)
                    .DecodeLocalSignature(new SignatureTypes(found), null);
            }

            Body(body.GetILReader(), found);
        }

        var name = NameOf(handle);
        if (!uses.TryGetValue(name, out var used)) uses[name] = used = new(StringComparer.Ordinal);
        used.UnionWith(found.SelectMany(Types).Select(NameOf));
        used.Remove(name);
    }

    /// <summary>The tokens that the instructions of a method name.</summary>
    private static void Body(BlobReader code, HashSet<EntityHandle> found)
    {
        while (code.RemainingBytes > 0)
        {
            int value = code.ReadByte();
            if (value == 0xfe) value = 0xfe00 | code.ReadByte();
            switch (Operands[value])
            {
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    code.ReadByte();
                    break;
                case OperandType.InlineVar:
                    code.ReadInt16();
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    code.ReadInt64();
                    break;
                case OperandType.InlineSwitch:
                    for (var targets = code.ReadInt32(); targets > 0; targets--) code.ReadInt32();
                    break;
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok
                    or OperandType.InlineType:
                    found.Add((EntityHandle)MetadataTokens.Handle(code.ReadInt32()));
                    break;
                default:
                    code.ReadInt32();
                    break;
            }
        }
    }

    /// <summary>The types of this assembly that a token leads to.</summary>
    private IEnumerable<TypeDefinitionHandle> Types(EntityHandle handle)
    {
        if (handle.IsNil) return [];
        var found = new HashSet<EntityHandle>();
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                return [(TypeDefinitionHandle)handle];
            case HandleKind.MethodDefinition:
                return [reader.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType()];
            case HandleKind.FieldDefinition:
                return [reader.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType()];
            case HandleKind.MemberReference:
                return Types(reader.GetMemberReference((MemberReferenceHandle)handle).Parent);
            case HandleKind.MethodSpecification:
                var method = reader.GetMethodSpecification((MethodSpecificationHandle)handle);
                method.DecodeSignature(new SignatureTypes(found), null);
                return found.Append(method.Method).SelectMany(Types);
            case HandleKind.TypeSpecification:
                reader.GetTypeSpecification((TypeSpecificationHandle)handle)
                    .DecodeSignature(new SignatureTypes(found), null);
                return found.SelectMany(Types);
            default:
                return [];
        }
    }

    private string NameOf(TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil) type = reader.GetTypeDefinition(type.GetDeclaringType());
        return $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name).Split('`')[0]}";
    }
}
