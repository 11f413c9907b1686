using Ballast.Host.Tests.Faults;
using Ballast.Host.Tests.Sim;
using Ballast.Host.Web;

namespace Ballast.Host.Tests.Web;

/// <summary>Ordered watts mean the same wherever the API shows them.</summary>
public sealed class TreeViewTests
{
    [Fact]
    public void Ordered_watts_of_a_node_have_base_and_unsteered_boards_in_them_as_those_of_the_site()
    {
        CoreSite site = new CoreSite(8, 2, o => o with { BaseW = 500, Pods = [.. o.Pods.Select((p, i) => p with { BaseW = i == 0 ? 40 : 0 })] }).UpAndRunning();
        site.Limit(site.Options.BaseW + (site.PowerW * 0.7));

        // One board leaves the curve: what it draws is moved by no order.
        ToyBoard gone = site.Boards.First(b => b.Pod == "p1");
        Assert.Null(site.Core.Dispatcher.Lockouts.Set(gone.Name, true, "fan exchange"));
        site.Run(30);
        SiteView view = ViewMaker.Site(site.Core);
        TreeView tree = GridApi.Tree(site.Core);
        Assert.True(view.OrderedW > 500 && view.OrderedBoardsW > 0);
        Assert.Equal(view.OrderedW, tree.OrderedW, 0.01);

        // Only the site's own base is not below a pod, and p1's is part of it.
        Assert.Equal(tree.OrderedW - 500 + 40, tree.Children.Sum(c => c.OrderedW), 0.01);
        Assert.True(tree.Children[0].OrderedW > 40);
        Assert.InRange(tree.OrderedW, 0.95 * tree.DrawnW!.Value, 1.05 * tree.DrawnW!.Value);
    }
}
