using System.Collections;
using System.Reflection;
using System.Runtime.Loader;
using ModelFit.Fit;
using Xunit;

namespace ModelFit.Core.Tests.Architectures;

/// <summary>What a process that asks its first question does not do.</summary>
public sealed class FirstQuestionTests
{
    private const BindingFlags Any = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Core is loaded a second time, so that nothing of it was asked before.</summary>
    [Fact]
    public void The_first_question_loads_one_family_of_architectures()
    {
        const string name = "mixtral-8x22b";
        var context = new AssemblyLoadContext(name, isCollectible: true);
        try
        {
            var core = context.LoadFromAssemblyPath(typeof(FitEngine).Assembly.Location);
            Type Of(string type) => core.GetType("ModelFit." + type, throwOnError: true)!;
            var sink = Of("NullSink").GetProperty("Instance", Any)!.GetValue(null);
            var model = Of("Catalog.ModelCatalog").GetMethod("Resolve", Any)!.Invoke(null, [name, sink]);
            var question = Activator.CreateInstance(Of("FitQuestion"))!;
            question.GetType().GetProperty("Model")!.SetValue(question, model);
            Of("Fit.FitEngine").GetMethod("Measure", Any)!.Invoke(null, [question, sink]);

            var files = (IDictionary)Of("Architectures.ArchitectureList").GetField("ByName", Any)!.GetValue(null)!;
            var loaded = files.Keys.Cast<string>().GroupBy(key => files[key])
                .Where(file => (bool)file.Key!.GetType().GetProperty("IsValueCreated")!.GetValue(file.Key)!)
                .Select(file => string.Join(' ', file));
            Assert.Single(loaded);
        }
        finally
        {
            context.Unload();
        }
    }
}
