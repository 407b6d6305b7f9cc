using ModelFit.Speed;

namespace ModelFit.Core.Tests.Capacity;

/// <summary>
/// A discrete-event simulation of one copy of a model, iteration by iteration as servers work: requests wait in turn
/// for a slot, a prompt is read batch by batch while the answers in work each get a token, and where there is no prompt
/// all answers get one in a step. Answers have random lengths (geometric).
/// </summary>
internal sealed class BatchSimulation
{
    private readonly ServiceCurve _curve;
    private readonly int _slots;
    private readonly Random _random;
    private readonly Queue<double> _waiting = new();
    private readonly Queue<Request> _reading = new();
    private readonly List<Request> _writing = new();
    private readonly List<double> _firstTokens = new();
    private readonly List<double> _waits = new();
    private double _time;

    private BatchSimulation(ServiceCurve curve, int slots, int seed)
    {
        (_curve, _slots) = (curve, slots);
        _random = new Random(seed);
    }

    /// <summary>Seconds to the first token of each request after the start has faded, in order.</summary>
    public IReadOnlyList<double> FirstTokens => _firstTokens;

    /// <summary>Mean seconds that requests waited for a slot.</summary>
    public double MeanWait => _waits.Average();

    /// <summary>Requests that were completed in a second.</summary>
    public double Rate { get; private set; }

    /// <summary>Requests that wait at the end.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Requests that arrive at random.</summary>
    public static BatchSimulation Open(ServiceCurve curve, int slots, double arrivals, int requests, int seed)
    {
        var simulation = new BatchSimulation(curve, slots, seed);
        var next = simulation.Exponential(arrivals);
        simulation.Run(requests, () =>
        {
            while (next <= simulation._time)
            {
                simulation._waiting.Enqueue(next);
                next += simulation.Exponential(arrivals);
            }

            return next;
        }, _ => { });
        return simulation;
    }

    /// <summary>Users who each send the next request at once.</summary>
    public static BatchSimulation Closed(ServiceCurve curve, int slots, int users, int requests, int seed)
    {
        var simulation = new BatchSimulation(curve, slots, seed);
        for (var i = 0; i < users; i++) simulation._waiting.Enqueue(0);
        simulation.Run(requests, () => double.PositiveInfinity, simulation._waiting.Enqueue);
        return simulation;
    }

    /// <summary>The seconds that a part of the requests keep.</summary>
    public double Percentile(double percent) =>
        _firstTokens.Order().ElementAt(Math.Min(_firstTokens.Count - 1, (int)(_firstTokens.Count * percent / 100)));

    private void Run(int requests, Func<double> arrive, Action<double> ended)
    {
        var warm = requests / 5;
        var (done, since) = (0, 0.0);
        while (done < requests)
        {
            var next = arrive();
            while (_waiting.Count > 0 && _reading.Count + _writing.Count < _slots) Admit(done >= warm);
            if (_reading.Count + _writing.Count == 0)
            {
                _time = next;
                continue;
            }

            Work(done >= warm, next);
            foreach (var request in _writing.Where(request => request.Left <= 0).ToArray())
            {
                _writing.Remove(request);
                ended(_time);
                if (++done == warm) since = _time;
            }
        }

        Rate = (requests - warm) / (_time - since);
    }

    private void Admit(bool counts)
    {
        var arrived = _waiting.Dequeue();
        if (counts) _waits.Add(_time - arrived);
        _reading.Enqueue(new Request { Arrived = arrived, Chunks = _curve.Chunks, Left = Length() });
    }

    /// <summary>A batch of a prompt, or as many steps as pass before anything ends or arrives.</summary>
    private void Work(bool counts, double next)
    {
        if (!_reading.TryPeek(out var first))
        {
            var step = _curve.StepSeconds(_writing.Count);
            var steps = (int)Math.Clamp(Math.Ceiling((next - _time) / step), 1, _writing.Min(request => request.Left));
            foreach (var request in _writing) request.Left -= steps;
            _time += steps * step;
            return;
        }

        foreach (var request in _writing) request.Left--;
        _time += _curve.ReadSeconds / _curve.Chunks;
        if (_writing.Count > 0) _time += _curve.BesideSeconds(_writing.Count);
        if (--first.Chunks > 0) return;
        _writing.Add(_reading.Dequeue());
        if (counts) _firstTokens.Add(_time - first.Arrived);
    }

    private double Exponential(double rate) => -Math.Log(1 - _random.NextDouble()) / rate;

    private int Length() => 1 + (int)Exponential(1.0 / _curve.AnswerLength);

    private sealed class Request
    {
        public double Arrived { get; init; }

        public int Chunks { get; set; }

        public int Left { get; set; }
    }
}
