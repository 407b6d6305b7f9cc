using System.Diagnostics;
using System.IO;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using ModelFit.Module.Tests.Engine;
using ModelFit.Module.Tests.Hardware;
using ModelFit.Testing;
using Newtonsoft.Json.Linq;
using Xunit;

namespace ModelFit.Module.Tests.Fleet;

/// <summary>The pages in Debian's Chromium: what axe finds, what the document holds, and a picture.</summary>
public sealed class BrowserTests
{
    private const string Probe = """
        <script>
        window.addEventListener('load', function () {
          var found = { overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
            rows: document.querySelectorAll('#matrix tbody tr').length,
            pictures: document.querySelectorAll('svg[role=img]').length,
            filters: document.getElementById('filters') ? !document.getElementById('filters').hidden : null };
          axe.run().then(function (result) {
            found.violations = result.violations.map(function (violation) {
              return violation.id + ': ' + violation.nodes[0].html;
            });
            var out = document.createElement('pre'); out.id = 'probe'; out.textContent = JSON.stringify(found);
            document.body.appendChild(out);
          });
        });
        </script>
        """;

    public static TheoryData<string, string> Pages => new()
    {
        { "question", "Test-ModelFit mixtral-8x22b 3090 q3_k_m -SystemMemory 64GB" },
        { "no", "Test-ModelFit mixtral-8x22b 3090 q3_k_m" },
        { "plan", "Get-OffloadPlan llama-3.3-70b '2x RTX 3090' -SystemMemory 64GB" },
        { "fleet", "1..60 | ForEach-Object { [pscustomobject]@{ ComputerName = \"PC-<b>$_\"; Gpu = " +
            "('RTX 3090', 'GTX 1050 Ti', '2x L40S')[$_ % 3] } } | Invoke-ModelFitAudit qwen3-8b, llama-3.3-70b" },
        { "capacity", "Get-ModelCapacityPlan qwen3-8b 'RTX 3090' -Users 4 -AnswerLength 200 -SystemMemory 64GB" },
        { "placement", "1..5 | ForEach-Object { [pscustomobject]@{ ComputerName = \"PC-<b>$_\"; Gpu = " +
            "('RTX 4090', '2x RTX 3060 12GB')[$_ % 2] } } | Get-ModelFleetPlan -Model qwen3-8b, qwen3-32b -Replicas "
            + "4, 1" },
        { "changes", "Compare-ModelFitAudit (@{ Gpu = '3090'; ComputerName = 'a' } | Invoke-ModelFitAudit qwen3-8b) " +
            "(@{ Gpu = '2x RTX 3090'; ComputerName = 'a' } | Invoke-ModelFitAudit qwen3-8b)" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_is_accessible_in_both_themes_and_fetches_nothing(string name, string answers)
    {
        var chromium = OperatingSystem.IsLinux() ? DebianPackage.Install("chromium", "chromium") : null;
        Assert.SkipWhen(chromium is null, "There is no chromium, and apt-get as root could not install Debian's.");
        using var folder = new TemporaryFolder();
        var axe = Axe();
        Assert.SkipWhen(axe is null, "There is no axe-core: npm could not load it.");
        var html = ModuleSession.Once($"{answers} | ConvertTo-ModelFitReport Html").Output.Single().ToString()!;
        Assert.DoesNotMatch("(?i)(src|href)=\"(?!#)", html);
        Assert.Contains("default-src &#39;none&#39;", html, StringComparison.Ordinal);
        var plain = Regex.Replace(html, "<meta http-equiv[^>]*>", string.Empty)
            .Replace("</head>", $"<script>{File.ReadAllText(axe!)}</script>{Probe}</head>", StringComparison.Ordinal);
        var page = folder.Write(plain, $"{name}.html");
        foreach (var theme in new[] { 0, 1 })
        {
            foreach (var width in new[] { 400, 1600 })
            {
                var found = await Look(chromium!, page, theme, width, folder[$"{name}-{theme}-{width}.png"]);
                Assert.Empty(found["violations"]!.Select(violation => (string)violation!));
                Assert.Equal(0, (int)found["overflow"]!);
                Assert.True(name is "fleet" ? (int)found["rows"]! > 0
                    && (bool)found["filters"]! : (int)found["rows"]! == 0);
                Assert.True(name is "changes" || (int)found["pictures"]! > 0);
            }
        }
    }

    /// <summary>What the probe in a page found; a picture of it is taken too.</summary>
    private static async Task<JObject> Look(string chromium, string page, int theme, int width, string picture)
    {
        string[] all =
        [
            "--headless", "--no-sandbox", "--disable-gpu", $"--window-size={width},1200", "--virtual-time-budget=20000",
            $"--blink-settings=preferredColorScheme={theme}",
        ];
        var document = await Output(chromium, [.. all, "--dump-dom", new Uri(page).AbsoluteUri]);
        await Output(chromium, [.. all, $"--screenshot={picture}", new Uri(page).AbsoluteUri]);
        Assert.InRange(new FileInfo(picture).Length, 1000, long.MaxValue);
        var probe = Regex.Match(document, "<pre id=\"probe\">(.*?)</pre>", RegexOptions.Singleline);
        Assert.True(probe.Success, document[..Math.Min(500, document.Length)]);
        return JObject.Parse(System.Net.WebUtility.HtmlDecode(probe.Groups[1].Value));
    }

    private static async Task<string> Output(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await errors;
        return output;
    }

    /// <summary>axe-core out of npm, kept for the next run; null if npm is not here or cannot load it.</summary>
    private static string? Axe()
    {
        var folder = Path.Combine(Path.GetTempPath(), "modelfit-packages", "axe");
        var script = Path.Combine(folder, "node_modules", "axe-core", "axe.min.js");
        if (File.Exists(script)) return script;
        if (DebianPackage.Find("npm") is null) return null;
        Directory.CreateDirectory(folder);
        DebianPackage.Run("npm", "install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", "axe-core@4");
        return File.Exists(script) ? script : null;
    }
}
