namespace ModelFit.Architectures;

/// <summary>What the published numbers of parameters of an architecture's models have beyond the text model.</summary>
internal enum CountedBeyond
{
    /// <summary>Encoders of images and sounds, where a model has them.</summary>
    Encoder,

    /// <summary>The layers for multi-token prediction.</summary>
    Prediction,

    /// <summary>Both.</summary>
    EncoderAndPrediction,
}
