using System.Threading;
using ModelFit.Formats;
using ModelFit.Formats.Safetensors;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Formats;

/// <summary>Recorded indexes of published models, each with what it truly says.</summary>
public sealed class SafetensorsIndexRecordings
{
    [Fact]
    public void Each_is_read_right()
    {
        foreach (var (file, record) in SharedFolder.Recordings("safetensors-index"))
        {
            using var source = new FileByteSource(file);
            if (record.TryGetProperty("expected_error", out _))
            {
                var failure = Assert.Throws<ModelFitException>(
                    () => SafetensorsIndex.Read(source, CancellationToken.None));
                Assert.Equal(ErrorIds.InvalidModelFile, failure.ErrorId);
                continue;
            }

            var expected = record.GetProperty("expected");
            var index = SafetensorsIndex.Read(source, CancellationToken.None);
            Assert.Equal(expected.GetProperty("total_size").GetInt64(), index.TotalBytes);
            Assert.Equal(expected.GetProperty("tensors").GetInt32(), index.TensorCount);
            Assert.Equal(expected.GetProperty("shards").GetInt32(), index.Files.Count);
        }
    }
}
