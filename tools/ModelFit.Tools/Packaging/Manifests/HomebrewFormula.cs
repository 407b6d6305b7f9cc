namespace ModelFit.Tools.Packaging.Manifests;

/// <summary>The formula of Homebrew, for Macs with Apple's processors and for Linux.</summary>
internal static class HomebrewFormula
{
    /// <summary>The file.</summary>
    public static IEnumerable<(string Path, string Text)> Make(Release release, ToolArchive archive)
    {
        var linux = release.For("linux-x64");
        yield return ("homebrew/modelfit.rb", $$"""
            class Modelfit < Formula
              desc "Tells whether a language model fits a GPU, a machine or a fleet"
              homepage "{{release.Manifest.ProjectUri}}"
              version "{{release.Manifest.Version}}"
              license "MIT"

              on_macos do
                depends_on arch: :arm64
                url "{{release.AddressOf(archive)}}"
                sha256 "{{archive.Sha256}}"
              end
            {{(linux is null ? string.Empty : Linux(release.AddressOf(linux), linux.Sha256))}}
              def install
                libexec.install Dir["*"]
                bin.write_exec_script libexec/"modelfit"
                generate_completions_from_executable(libexec/"modelfit", "completion", shells: [:bash, :zsh, :fish])
              end

              test do
                assert_match version.to_s, shell_output("#{bin}/modelfit --version")
              end
            end

            """);
    }

    private static string Linux(string address, string hash) => $"""

          on_linux do
            depends_on arch: :x86_64
            depends_on "icu4c"
            url "{address}"
            sha256 "{hash}"
          end

        """;
}
