using Ballast.Hw.Asic;
using Ballast.Hw.Boards;
using Ballast.Hw.Parts;
using Ballast.Hw.Sim;
using Ballast.Hw.Tests.Sim;

namespace Ballast.Hw.Tests.Boards;

/// <summary>One board's drivers on its model, and the steps that a controller takes, in simulated time.</summary>
internal sealed class BoardBench
{
    public const string Header = "0100000081cd02ab7e569e8bcd9317e2fe99f2de44d49ab2b8851ba4a308000000000000e320b6c2fffc8d750423db8b1eb942ae710e951ed797f7affc8892b0f1fc122bc7f5d74df2b9441a00000000";
    private const string Midstate125552 = "9524c59305c5671316e669ba2d2810a007e86e372f56a9dacd5bce697a78da2d";

    private long _nextJobMs;

    public BoardBench(string model, int workShift = 32)
    {
        Sim = new SimBoard(Clock, new PlatformDigest(), 42, workShift, SimBoards.Find(model)!);
        Board = BoardCatalog.Create(model, Sim.Io, workShift)!;
        Convert.FromHexString(Header).CopyTo(Job.Header, 0);
        byte[] midstate = Convert.FromHexString(Midstate125552);
        for (int i = 0; i < 8; i++)
        {
            Job.Midstates[i] = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(midstate.AsSpan(4 * i));
        }

        Job.MidstateCount = 1;
    }

    public SimClock Clock { get; } = new();

    public SimBoard Sim { get; }

    public Hashboard Board { get; }

    public ChipJob Job { get; } = new();

    public bool SendsJobs { get; set; } = true;

    /// <summary>Fans, parts, rail at the lowest point's voltage, chips: the order of rule S02.</summary>
    public void PowerUp()
    {
        RailUp();
        Board.Chain.Start();
        Until(() => Board.Chain.State != ChainState.BringUp, 30_000);
    }

    public void RailUp()
    {
        Assert.Equal(PartStatus.Ok, Board.Fans.Configure());
        Run(5000);
        for (int fan = 0; fan < Board.Fans.FanCount; fan++)
        {
            Assert.Equal(PartStatus.Ok, Board.Fans.ReadRpm(fan, out int rpm));
            Assert.True(rpm >= Board.Description.Limits.FanMinRpm);
        }

        Assert.Equal(PartStatus.Ok, Board.ChipTemperature.Configure());
        Assert.Equal(PartStatus.Ok, Board.Regulator.Configure());
        Assert.Equal(PartStatus.Ok, Board.Regulator.SetMillivolts(Board.Description.Points[1].MilliVolts));
        Assert.Equal(PartStatus.Ok, Board.Regulator.Enable(true));
        Run(500);
    }

    public void GoTo(OperatingPoint point)
    {
        Assert.Equal(PartStatus.Ok, Board.Regulator.SetMillivolts(point.MilliVolts));
        Assert.Equal(PartStatus.Ok, Board.Chain.RampTo(point.FreqKhz));
        Until(() => !Board.Chain.Ramping, 60_000);
    }

    public void Run(int ms)
    {
        long end = Clock.NowMs + ms;
        while (Clock.NowMs < end)
        {
            Clock.NowMs += 20;
            Sim.Step(Clock.NowMs);
            Board.Chain.Step(Clock.NowMs);
            if (!SendsJobs || Board.Chain.State != ChainState.Running)
            {
                continue;
            }

            if (Board.Chain.Profile.JobsPerChip)
            {
                Feed();
            }
            else if (Clock.NowMs >= _nextJobMs)
            {
                _nextJobMs = Clock.NowMs + 500;
                Board.Chain.SendJob(Job, out _);
            }
        }
    }

    /// <summary>Keeps both slots of every chip full.</summary>
    private void Feed()
    {
        for (int chip = 0; chip < Board.Chain.ChipCount; chip++)
        {
            for (int free = Board.Chain.JobSlotsFree(chip); free > 0; free--)
            {
                Job.Chip = chip;
                Assert.Equal(PartStatus.Ok, Board.Chain.SendJob(Job, out _));
            }
        }
    }

    public void Until(Func<bool> reached, int limitMs)
    {
        long end = Clock.NowMs + limitMs;
        while (!reached() && Clock.NowMs < end)
        {
            Run(20);
        }

        Assert.True(reached());
    }
}
