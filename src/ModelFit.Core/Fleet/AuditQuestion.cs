using ModelFit.Catalog;
using ModelFit.Common;
using ModelFit.Fit;

namespace ModelFit.Fleet;

/// <summary>One thing that an audit asks of each machine.</summary>
/// <param name="Rule">The policy's rule; null without a policy.</param>
/// <param name="Require">What must hold.</param>
/// <param name="Template">The question without a machine; null if no model is asked about.</param>
internal sealed record AuditQuestion(PolicyRule? Rule, Requirement Require, FitQuestion? Template)
{
    private readonly Lazy<FleetQuestion?> _prepared =
        new(() => Template is null ? null : new FleetQuestion(Template));

    /// <summary>The question, prepared for many machines; null if no model is asked about.</summary>
    /// <exception cref="ModelFitException">As of <see cref="FitEngine.Test"/>.</exception>
    public FleetQuestion? Prepared => _prepared.Value;

    /// <summary>The quantization that is asked about, the default looked up; null if there is none.</summary>
    public string? Quantization { get; } = Template?.Model.Layout is null
        ? Template?.Quantization : FitCase.Of(Template, NullSink.Instance).Quantization;

    /// <summary>
    /// The questions of a policy. Throws <see cref="ErrorIds.ModelNotFound"/> and
    /// <see cref="ErrorIds.QuantizationNotFound"/> with the name of the rule.
    /// </summary>
    public static IReadOnlyList<AuditQuestion> Of(Policy policy, IMessageSink messages) =>
        policy.Rules.SelectMany(rule => Of(rule, messages)).ToArray();

    private static IEnumerable<AuditQuestion> Of(PolicyRule rule, IMessageSink messages)
    {
        if (rule.Require.Models.Count == 0) return new[] { new AuditQuestion(rule, rule.Require, null) };
        try
        {
            return rule.Require.Models.SelectMany(name => Find(name, messages))
                .Select(model => new AuditQuestion(rule, rule.Require, Question(rule.Require, model)))
                .ToArray();
        }
        catch (ModelFitException error)
        {
            throw new ModelFitException(
                error.ErrorId, error.Kind, $"Rule '{rule.Name}': {error.Message}", error.Target, error);
        }
    }

    private static IEnumerable<(ModelSpec Model, string? Quantization)> Find(string name, IMessageSink messages)
    {
        if (!Wildcard.IsPattern(name))
            return new[] { (ModelCatalog.Resolve(name, messages), ModelCatalog.QuantizationIn(name)) };
        var found = ModelCatalog.Search(name);
        return found.Count > 0 ? found.Select(model => (model, (string?)null)) : throw new ModelFitException(
            ErrorIds.ModelNotFound, $"no model matches '{name}'.", name);
    }

    private static FitQuestion Question(Requirement require, (ModelSpec Model, string? Quantization) asked)
    {
        var usual = new RuntimeOptions { ContextLength = RuntimeOptions.DefaultContextLength(asked.Model) };
        return new FitQuestion
        {
            Model = asked.Model,
            Quantization = require.Quantization is { } name
                ? QuantizationCatalog.Resolve(name)[0].Name : asked.Quantization,
            ReserveBytes = require.ReserveBytes ?? FitQuestion.DefaultReserveBytes,
            IgnoreUsage = require.IgnoreUsage,
            Options = usual with
            {
                ContextLength = require.ContextLength ?? usual.ContextLength,
                ParallelSequences = require.Users ?? usual.ParallelSequences,
                Runtime = require.Runtime ?? usual.Runtime,
                KeyCacheType = require.KvCacheType ?? usual.KeyCacheType,
                ValueCacheType = require.KvCacheType ?? usual.ValueCacheType,
            },
        };
    }
}
