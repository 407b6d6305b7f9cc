using System.Text;
using ModelFit.Testing;

namespace ModelFit.Tools.Packaging;

/// <summary>THIRD-PARTY-NOTICES.txt: what of others the packages contain, and on which terms.</summary>
internal static class NoticesFile
{
    private const string Mit = """
        Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
        documentation files (the "Software"), to deal in the Software without restriction, including without limitation
        the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and
        to permit persons to whom the Software is furnished to do so, subject to the following conditions:

        The above copyright notice and this permission notice shall be included in all copies or substantial portions of
        the Software.

        THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO
        THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
        AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF
        CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER
        DEALINGS IN THE SOFTWARE.
        """;

    /// <summary>
    /// The engine asks for it, and its terms do not let it be passed on: the tool has the types of another package.
    /// </summary>
    public const string LeftOut = "Microsoft.Management.Infrastructure.Runtime.Win";

    /// <summary>Where it lies.</summary>
    public static string FullPath => RepositoryFolder.Path("THIRD-PARTY-NOTICES.txt");

    /// <summary>The packages that the module contains: files of theirs, or their source compiled into it.</summary>
    public static IReadOnlyList<ShippedPackage> OfModule { get; } = ShippedPackage.Of("src", "ModelFit.Core")
        .Where(package => package.Id is "Newtonsoft.Json" or "PolySharp")
        .ToList();

    /// <summary>The packages that the tool contains besides.</summary>
    public static IReadOnlyList<ShippedPackage> OfTool { get; } = ShippedPackage.Of("src", "ModelFit.Tool")
        .ExceptBy(OfModule.Select(package => package.Id), package => package.Id)
        .Where(package => package.Id != LeftOut)
        .ToList();

    /// <summary>Writes the text.</summary>
    public static string Make()
    {
        var text = new StringBuilder();
        text.Append("Third-party notices of ModelFit\n\nModelFit itself has the license in LICENSE.\n");
        Add(text, "In the module and the tool", OfModule);
        Add(text, "In the tool modelfit besides", OfTool);
        text.Append("""

            In the tools that bring .NET with them besides

            The .NET Runtime. Copyright (c) .NET Foundation and Contributors. MIT.
            https://github.com/dotnet/runtime; its own notices are in dotnet-notices.txt.

            Rules written after the source of other programs

            llama.cpp and ggml. Copyright (c) 2023-2026 The ggml authors. MIT. https://github.com/ggml-org/llama.cpp
            vLLM. Copyright contributors to the vLLM project. Apache-2.0. https://github.com/vllm-project/vllm
            No file of theirs is contained.

            The MIT license


            """);
        return text.Append(Mit).Append('\n').ToString().Replace("\r\n", "\n").Replace("\u00a9", "(c)");
    }

    private static void Add(StringBuilder text, string title, IEnumerable<ShippedPackage> packages)
    {
        text.Append("\n" + title + "\n");
        foreach (var package in packages)
        {
            var rights = package.Copyright.Length > 0 ? package.Copyright.TrimEnd('.') : "Copyright " + package.Authors;
            var terms = package.License.StartsWith("LicenseRef-", StringComparison.Ordinal)
                ? $"Terms: {package.Page}/License"
                : package.License;
            string[] lines = ["", $"{package.Id} {package.Version}. {rights}. {terms}.", package.ProjectUri, ""];
            text.AppendJoin('\n', lines);
        }
    }
}
