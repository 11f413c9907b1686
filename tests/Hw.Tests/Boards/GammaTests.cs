using Ballast.Hw.Asic;
using Ballast.Hw.Boards;
using Ballast.Hw.Parts;
using Ballast.Hw.Sim;
using Ballast.Hw.Tests.Sim;

namespace Ballast.Hw.Tests.Boards;

/// <summary>The Bitaxe Gamma's drivers on the whole modelled board, in simulated time.</summary>
public class GammaTests
{
    private const int WorkShift = 30;

    private readonly SimClock _clock = new();
    private readonly SimGamma _sim;
    private readonly Hashboard _board;
    private readonly ChipJob _job = new();

    public GammaTests()
    {
        _sim = new SimGamma(_clock, new PlatformDigest(), 42, WorkShift);
        _board = BitaxeGamma.Create(_sim.Io, WorkShift);
        Convert.FromHexString("0100000081cd02ab7e569e8bcd9317e2fe99f2de44d49ab2b8851ba4a308000000000000e320b6c2fffc8d750423db8b1eb942ae710e951ed797f7affc8892b0f1fc122bc7f5d74df2b9441a00000000")
            .CopyTo(_job.Header, 0);
    }

    [Fact]
    public void Comes_up_runs_each_point_within_3_percent_and_goes_down_in_order()
    {
        BoardDescription description = _board.Description;
        PowerUp(description.Points[1].MilliVolts);
        for (int point = 1; point < description.Points.Length; point++)
        {
            OperatingPoint wanted = description.Points[point];
            Assert.Equal(PartStatus.Ok, _board.Regulator.SetMillivolts(wanted.MilliVolts));
            Assert.Equal(PartStatus.Ok, _board.Chain.RampTo(wanted.FreqKhz));
            Until(() => !_board.Chain.Ramping, 30_000);
            Assert.Equal(PartStatus.Ok, _board.Chain.SendJob(_job, out _));
            Run(1000);
            Assert.InRange(_sim.Chain.HashMhs, wanted.HashGhs * 970L, wanted.HashGhs * 1030L);
            Assert.InRange(_sim.InputPowerMw, wanted.PowerMw * 90 / 100, wanted.PowerMw);
        }

        _board.Chain.Stop();
        Run(100);
        Assert.True(_sim.Chain.PowerMw < 100);
        Assert.Equal(PartStatus.Ok, _board.Regulator.Enable(false));
        Run(100);
        Assert.Equal(0, _sim.RailMilliVolts);
        Assert.InRange(_sim.InputPowerMw, 0, _board.Description.Points[0].PowerMw);
    }

    [Fact]
    public void Real_nonces_come_back_through_the_driver()
    {
        PowerUp(1150);
        _board.Chain.RampTo(525000);
        Until(() => !_board.Chain.Ramping, 30_000);
        Assert.Equal(PartStatus.Ok, _board.Chain.SendJob(_job, out int jobId));
        var nonce = new ChipNonce();
        int good = 0;
        for (int i = 0; i < 1500; i++)
        {
            Run(20);
            while (_board.Chain.TryTakeNonce(nonce))
            {
                Assert.Equal(jobId, nonce.JobId);
                Assert.True(Zeros(_job, nonce) >= 32 - WorkShift + 8);
                good++;
            }
        }

        // 30 s x 1,071 GH/s / (256 x 2^32): 29 expected.
        Assert.InRange(good, 8, 60);
    }

    [Fact]
    public void S05_a_stopped_fan_overheats_the_chip_in_the_model()
    {
        PowerUp(1150);
        _board.Chain.RampTo(525000);
        Until(() => !_board.Chain.Ramping, 30_000);
        _board.Chain.SendJob(_job, out _);
        _board.Fans.SetDutyPercent(0, 60);
        Run(110_000);
        Assert.InRange(_sim.ChipMilliC, 40_000, 66_000);
        _board.Chain.SendJob(_job, out _);
        _sim.Fan.Stuck = true;
        Run(100_000);
        Assert.True(_sim.ChipMilliC > 75_000);
        Assert.Equal(PartStatus.Ok, _board.Fans.ReadRpm(0, out int rpm));
        Assert.Equal(0, rpm);
    }

    private void PowerUp(int milliVolts)
    {
        Assert.Equal(PartStatus.Ok, _board.Fans.Configure());
        Run(5000);
        Assert.Equal(PartStatus.Ok, _board.Fans.ReadRpm(0, out int rpm));
        Assert.True(rpm >= _board.Description.Limits.FanMinRpm);
        Assert.Equal(PartStatus.Ok, _board.Regulator.Configure());
        Assert.Equal(PartStatus.Ok, _board.Regulator.SetMillivolts(milliVolts));
        Assert.Equal(PartStatus.Ok, _board.Regulator.Enable(true));
        Run(500);
        _board.Chain.Start();
        Until(() => _board.Chain.State != ChainState.BringUp, 20_000);
        Assert.Null(_board.Chain.Fault);
        Assert.Equal(ChainState.Running, _board.Chain.State);
        Assert.Equal(1, _board.Chain.ChipsFound);
    }

    internal static int Zeros(ChipJob job, ChipNonce nonce)
    {
        byte[] header = (byte[])job.Header.Clone();
        uint version = BitConverter.ToUInt32(header, 0) | nonce.VersionBits;
        BitConverter.TryWriteBytes(header.AsSpan(0), version);
        BitConverter.TryWriteBytes(header.AsSpan(76), nonce.Nonce);
        byte[] hash = new byte[32];
        new PlatformDigest().DoubleSha256(header, 0, 80, hash, 0);
        Array.Reverse(hash);
        return System.Numerics.BitOperations.LeadingZeroCount(BitConverter.ToUInt64([.. hash[..8].Reverse()]));
    }

    private void Run(int ms)
    {
        long end = _clock.NowMs + ms;
        while (_clock.NowMs < end)
        {
            _clock.NowMs += 20;
            _sim.Step(_clock.NowMs);
            _board.Chain.Step(_clock.NowMs);
        }
    }

    private void Until(Func<bool> reached, int limitMs)
    {
        long end = _clock.NowMs + limitMs;
        while (!reached() && _clock.NowMs < end)
        {
            Run(20);
        }

        Assert.True(reached());
    }
}
