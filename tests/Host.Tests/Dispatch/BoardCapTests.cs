using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>Caps of single boards over a way that loses messages.</summary>
public sealed class BoardCapTests
{
    [Fact]
    public void F30_a_release_that_a_board_lost_is_said_again_until_its_state_shows_no_cap()
    {
        ToySite site = new ToySite().UpAndRunning();
        ToyBoard board = site.Boards.First(b => b.Name == "p1/b00");
        site.Limit(10, node: board.Name);
        site.Run(60);
        Assert.Equal(10, board.PowerW);
        long began = site.NowMs;
        site.Loses = (to, _) => to == board && site.NowMs - began < 4000;
        site.Desk.Release("a", "rest", true);
        site.Run(3);
        Assert.Contains(site.Log, s => s.AtMs >= began && s.Set is { Kind: Wire.SetKind.Release });
        Assert.Equal(10, board.PowerW);
        site.Run(30);
        Assert.Equal(-1, board.PowerW);

        // Said as often as it takes, and not once more.
        Assert.Equal(2, site.Log.Count(s => s.AtMs >= began && s.Set is { Kind: Wire.SetKind.Release }));
    }
}
