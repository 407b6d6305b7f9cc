using System.IO;
using ModelFit.Tools.Pages;
using Xunit;

namespace ModelFit.Core.Tests.Documents;

public sealed class InventoriesPageTests
{
    [Fact]
    public void The_guide_to_inventories_is_made_of_the_list_of_readers() => Assert.Equal(
        InventoriesPage.Write(),
        File.ReadAllText(InventoriesPage.FullPath).Replace("\r\n", "\n", System.StringComparison.Ordinal));
}
