namespace ModelFit.Binding;

/// <summary>Where the project lies on the web; the manifest has the same address.</summary>
internal static class ProjectAddress
{
    /// <summary>The folder of the cmdlets' pages, as a page of it is addressed.</summary>
    public const string Pages = "https://github.com/modelfit/modelfit/blob/main/docs/cmdlets/";
}
