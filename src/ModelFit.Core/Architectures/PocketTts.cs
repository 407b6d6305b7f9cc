using ModelFit.Graph;

namespace ModelFit.Architectures;

/// <summary>
/// The text part of Pocket TTS (src/models/pockettts.cpp): what turns its hidden states into sound is in the file of
/// its projector. It has no output of its own.
/// </summary>
internal static class PocketTts
{
    public static Architecture[] All { get; } =
    {
        new("pockettts")
        {
            Classes = "PocketTTSModel",
            Shape = new()
            {
                NormOp = Op.Norm, NormBias = true, FeedForward = FeedForwardKind.Plain, AlwaysTied = true,
            },
        },
    };
}
