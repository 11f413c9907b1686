using System.Text;
using Ballast.Host.Fleet;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Fleet;

/// <summary>What board messages leave behind.</summary>
public sealed class ReaderTests
{
    private const string Birth = "{\"contract\":1,\"model\":\"m\",\"chips\":1,\"chip\":\"x\",\"firmware\":\"1\",\"boardSerial\":\"s\",\"ladder\":[[800,0],[6000,450]],\"ladderId\":LID,\"failsafeW\":0,\"nameplateW\":19OFFER,\"capabilities\":[]}";

    private readonly FleetBook _fleet = new(ToySite.MakeOptions(2, 1));

    private static uint IdOf(params int[] powerAndHash)
    {
        int[] power = [.. powerAndHash.Where((_, i) => i % 2 == 0)];
        int[] hash = [.. powerAndHash.Where((_, i) => i % 2 == 1)];
        return Ballast.Wire.Ladder.TryCreate(power, hash, power.Length, out _)!.Id;
    }

    private BoardRecord Take(string kind, string json, bool good = true)
    {
        long bad = _fleet.BadMessages;
        _fleet.Take("p1/b00"u8, Encoding.ASCII.GetBytes(kind), Encoding.ASCII.GetBytes(json), false, 1000, out BoardRecord? board, out _);
        Assert.Equal(good ? bad : bad + 1, _fleet.BadMessages);
        return board!;
    }

    [Fact]
    public void A_birth_names_the_ladder_in_use_and_the_one_that_waits()
    {
        uint inUse = IdOf(800, 0, 6000, 450);
        uint offered = IdOf(800, 0, 6600, 450);
        BoardRecord board = Take("birth", Birth.Replace("LID", inUse.ToString(), StringComparison.Ordinal).Replace("OFFER", ",\"offered\":[[800,0],[6600,450]],\"offeredId\":" + offered, StringComparison.Ordinal));
        Assert.Equal(6000, board.Ladder!.PowerMw(1));
        Assert.Equal(6600, board.Offered!.PowerMw(1));
        Assert.Equal(offered, board.OfferedId);
        Take("birth", Birth.Replace("LID", inUse.ToString(), StringComparison.Ordinal).Replace("OFFER", "", StringComparison.Ordinal));
        Assert.Null(board.Offered);
        Assert.Equal(0u, board.OfferedId);
    }

    [Fact]
    public void An_offered_ladder_that_does_not_match_its_id_is_no_offer()
    {
        uint inUse = IdOf(800, 0, 6000, 450);
        BoardRecord board = Take("birth", Birth.Replace("LID", inUse.ToString(), StringComparison.Ordinal).Replace("OFFER", ",\"offered\":[[800,0],[6600,450]],\"offeredId\":77", StringComparison.Ordinal));
        Assert.Null(board.Offered);
        Assert.NotNull(board.Ladder);
    }

    [Fact]
    public void Telemetry_tells_the_load_of_feeding_and_a_refused_message_changes_nothing_S14()
    {
        BoardRecord board = Take("telemetry", "{\"mode\":\"running\",\"powerMw\":5000,\"loadPermille\":310}");
        Assert.Equal(310, board.LoadPermille);
        Take("telemetry", "{\"mode\":\"running\",\"powerMw\":9000,\"loadPermille\":-1}", good: false);
        Take("telemetry", "{\"mode\":\"running\",\"powerMw\":9000,\"loadPermille\":99999}", good: false);
        Take("telemetry", "{\"powerMw\":9000,\"mode\":\"running\"", good: false);
        Assert.Equal((310, 5000L), (board.LoadPermille, board.PowerMw));
        Take("telemetry", "{\"mode\":\"asleep\"}");
        Assert.Equal((-1, -1L), (board.LoadPermille, board.PowerMw));
    }

    [Fact]
    public void A_latch_hides_a_lock_out_and_does_not_end_it()
    {
        BoardRecord board = Take("telemetry", "{\"mode\":\"asleep\",\"limitedBy\":\"lock-out\"}");
        Assert.True(board.LockedOut);
        Take("telemetry", "{\"mode\":\"asleep\",\"limitedBy\":\"latch\"}");
        Assert.True(board.LockedOut);
        Take("telemetry", "{\"mode\":\"asleep\",\"limitedBy\":\"failsafe\"}");
        Assert.False(board.LockedOut);
    }
}
