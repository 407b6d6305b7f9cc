namespace ModelFit.Speed;

/// <summary>
/// What one copy of a model does with requests by how many are in work (continuous batching of llama-server and vLLM):
/// prompts are read one after another, batch by batch, and each batch also brings every answer in work a token, which
/// costs what a step costs but for the weights, read once for both; where no prompt waits, answers get their tokens in
/// steps. With c requests in work, one takes c prompts and a step for each token that those did not bring.
/// </summary>
internal sealed class ServiceCurve
{
    private readonly SpeedCase _decode;
    private readonly double _decodeFactor;
    private readonly List<(double Step, double Beside)> _known = new() { default };

    private ServiceCurve(SpeedCase decode, IReadOnlyList<double> read, int answer, int chunks, double decodeFactor)
    {
        (_decode, ReadTimes, AnswerLength, Chunks) = (decode, read, answer, chunks);
        (ReadSeconds, _decodeFactor) = (read.Sum(), decodeFactor);
    }

    /// <summary>Seconds to read a prompt alone.</summary>
    public double ReadSeconds { get; }

    /// <summary>The same by device, the host last.</summary>
    public IReadOnlyList<double> ReadTimes { get; }

    /// <summary>Tokens of an answer.</summary>
    public int AnswerLength { get; }

    /// <summary>Batches that a prompt is read in; a step of the answers in work passes with each.</summary>
    public int Chunks { get; }

    /// <summary>Measured over predicted, reading a prompt.</summary>
    public Spread Read { get; private init; }

    /// <summary>
    /// The curve of a placement; null where nothing is predicted. Measured corrections divide the times.
    /// </summary>
    /// <param name="empty">The case of one prompt at the start.</param>
    /// <param name="filled">The case of an answer half written.</param>
    /// <param name="answer">Tokens of an answer.</param>
    /// <param name="decodeFactor">Measured over predicted, decode.</param>
    /// <param name="prefillFactor">Measured over predicted, prefill.</param>
    public static ServiceCurve? Of(
        SpeedCase empty, SpeedCase filled, int answer, double decodeFactor, double prefillFactor)
    {
        if (SpeedModel.Predict(filled.For(1)) is null) return null;
        var parts = PrefillModel.Seconds(empty);
        var read = parts.Select(seconds => seconds / prefillFactor).ToArray();
        var chunks = (int)Math.Ceiling(empty.Load.PromptLength / (double)Math.Max(1, empty.Options.BatchSize));
        return new ServiceCurve(filled, read, Math.Max(1, answer), chunks, decodeFactor)
        {
            Read = SpeedSpread.OfPrefill(empty, parts, parts.Sum()),
        };
    }

    /// <summary>Seconds of one step with so many answers in work.</summary>
    public double StepSeconds(int requests) => At(requests).Step;

    /// <summary>Seconds that a token of each of so many answers takes in the batch of a prompt.</summary>
    public double BesideSeconds(int requests) => At(requests).Beside;

    /// <summary>Seconds by device of all that one request takes where so many are in work, the host last.</summary>
    public IReadOnlyList<double> Times(int requests) => DecodeModel.Times(_decode.For(requests))
        .Select((time, i) => ReadTimes[i] + (AnswerLength * time.Sum / _decodeFactor / requests)).ToArray();

    /// <summary>Seconds to read a prompt, with what the answers of others take in its batches.</summary>
    public double PromptSeconds(int requests) =>
        ReadSeconds + (requests > 1 ? Chunks * BesideSeconds(requests - 1) : 0);

    /// <summary>Seconds from the start of a request to its end, with so many in work all the time.</summary>
    public double RequestSeconds(int requests) => (requests * PromptSeconds(requests))
        + (Math.Max(0, AnswerLength - ((requests - 1) * Chunks)) * StepSeconds(requests));

    /// <summary>Requests that are completed in a second.</summary>
    public double RequestsPerSecond(int requests) => requests / RequestSeconds(requests);

    /// <summary>Tokens a second that each user sees once the first is there.</summary>
    public double TokensPerSecond(int requests) => AnswerLength / (RequestSeconds(requests) - PromptSeconds(requests));

    /// <summary>
    /// Seconds to the first token of a request that has a slot while nobody else's prompt is read: the step that runs
    /// ends before.
    /// </summary>
    public double FirstTokenSeconds(int requests) =>
        PromptSeconds(requests) + (requests > 1 ? StepSeconds(requests) : 0);

    /// <summary>Between which factors of the predicted rate four of five measurements lie.</summary>
    public Spread Decode(int requests)
    {
        var step = _decode.For(requests);
        var times = DecodeModel.Times(step);
        return SpeedSpread.OfDecode(step, times, times.Sum(time => time.Sum));
    }

    private (double Step, double Beside) At(int requests)
    {
        while (_known.Count <= requests)
        {
            var times = DecodeModel.Times(_decode.For(_known.Count));
            var shared = times.Sum(time => time.Bandwidth + time.Launch);
            var step = times.Sum(time => time.Sum);
            _known.Add((step / _decodeFactor, (step - shared) / _decodeFactor));
        }

        return _known[requests];
    }
}
