using ModelFit.Models;

namespace ModelFit.Quantization;

/// <summary>What must hold for a row of the mix tables; all flags of a row together.</summary>
[Flags]
internal enum MixCondition
{
    /// <summary>Always.</summary>
    None = 0,

    /// <summary>At least four query heads share a key/value head.</summary>
    Grouped = 1,

    /// <summary>At least four query heads share a key/value head, or there are at least four experts.</summary>
    GroupedOrExperts = 2,

    /// <summary>Exactly eight experts, as Mixtral has.</summary>
    EightExperts = 4,

    /// <summary>The architecture is Falcon.</summary>
    Falcon = 8,

    /// <summary>The architecture is not Falcon.</summary>
    NotFalcon = 16,

    /// <summary>In the first eighth of the layers.</summary>
    FirstEighth = 32,

    /// <summary>In the first sixteenth of the layers.</summary>
    FirstSixteenth = 64,

    /// <summary>In the first or last eighth of the layers, or each third one between (use_more_bits).</summary>
    MoreBits = 128,

    /// <summary>Neither in the first nor in the last eighth of the layers.</summary>
    Middle = 256,

    /// <summary>One of the first two layers.</summary>
    FirstTwo = 512,

    /// <summary>One of the first four layers.</summary>
    FirstFour = 1024,

    /// <summary>The quantization had an importance matrix.</summary>
    Matrix = 2048,

    /// <summary>The quantization had no importance matrix.</summary>
    NoMatrix = 4096,
}

/// <summary>
/// A row of a mix: in these file types (separated by spaces), if the condition holds, a tensor of the row's category
/// gets this type. The first row that applies counts; without one, a tensor gets the base type of the file type.
/// </summary>
internal sealed record MixRule(string FileTypes, TensorType Result, MixCondition Condition = MixCondition.None);
