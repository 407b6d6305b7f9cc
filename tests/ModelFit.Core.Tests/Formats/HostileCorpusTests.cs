using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Formats;

/// <summary>
/// A fixed corpus of damaged files: each ends in an error or in a spec, and takes little memory. The long runs are
/// those of <c>bench/ModelFit.Fuzz</c>.
/// </summary>
public sealed class HostileCorpusTests
{
    private const int FilesOfEachKind = 1200;
    private const long MostBytes = 16 << 20;

    public static TheoryData<int> Kinds
    {
        get
        {
            var kinds = new TheoryData<int>();
            for (var kind = 0; kind < HostileFiles.Originals.Count; kind++) kinds.Add(kind);
            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Ends_in_an_error_or_a_spec(int kind)
    {
        var (name, bytes) = HostileFiles.Originals[kind];
        Assert.True(HostileFiles.Read(name, bytes, out _), name + " is not whole to begin with");
        var (specs, problems) = (0, new List<string>());
        for (var seed = 0; seed < FilesOfEachKind; seed++)
        {
            try
            {
                if (HostileFiles.Read(name, Mutator.Mutate(bytes, seed), out var allocated)) specs++;
                if (allocated > MostBytes) problems.Add($"{name}, seed {seed}: {allocated} bytes allocated");
            }
            catch (Exception exception)
            {
                problems.Add($"{name}, seed {seed}: {exception}");
            }
        }

        Assert.Empty(problems);
        Assert.InRange(specs, 1, FilesOfEachKind - 1);
    }
}
