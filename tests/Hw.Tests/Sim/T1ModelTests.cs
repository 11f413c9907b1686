using Ballast.Hw.Asic;
using Ballast.Hw.Asic.A1;
using Ballast.Hw.Bus;
using Ballast.Hw.Parts;
using Ballast.Hw.Sim;
using Ballast.Hw.Tests.Boards;

namespace Ballast.Hw.Tests.Sim;

/// <summary>The T1 model: its CRC from the recorded frame, and the driver's way through enumeration, PLL, jobs and results.</summary>
public class T1ModelTests
{
    private const string Register1332 = "0900026f4002000000a0002000008daa";

    private readonly SimA1Chain _model = new(SimA1Type.T1(), 3, 28) { CoreMilliVolts = 420 };
    private long _nowMs;

    [Fact]
    public void The_recorded_register_frame_sets_1332_MHz_and_one_with_a_wrong_crc_does_not()
    {
        _model.HoldInReset(false);
        Transfer("010000000000");
        Transfer(Register1332[..^2] + "ab");
        Step(100);
        Assert.Equal(0, _model.Chip(0).FreqKhz);
        Transfer(Register1332);
        Step(100);
        Assert.Equal(1_332_000, _model.Chip(2).FreqKhz);
    }

    [Fact]
    public void The_driver_brings_three_chips_up_and_takes_real_results_with_their_midstate()
    {
        var reset = new SimOutputPin(false);
        var chain = new A1Chain(ChipT1.Create(28), 3, _model, reset);
        chain.Start();
        Run(3000);
        Assert.Null(chain.Fault);
        Assert.Equal(ChainState.Running, chain.State);
        Assert.Equal(3, chain.ChipsFound);
        Assert.Equal(32, chain.WorkingCores(2));
        chain.RampTo(480_000);
        Run(10_000);
        Assert.Equal(480_000, _model.Chip(1).FreqKhz);
        var job = new ChipJob { Chip = 1, MidstateCount = 4 };
        Convert.FromHexString(BoardBench.Header).CopyTo(job.Header, 0);
        for (int i = 0; i < 8; i++)
        {
            job.Midstates[16 + i] = Convert.ToUInt32("9524c59305c5671316e669ba2d2810a007e86e372f56a9dacd5bce697a78da2d".Substring(8 * i, 8), 16);
        }

        Assert.Equal(PartStatus.Ok, chain.SendJob(job, out int id));
        _model.Plant(1, 0x9546A142, 0);
        _model.Plant(1, 0x9546A142, 2);
        Run(40);
        var nonce = new ChipNonce();
        Assert.True(chain.TryTakeNonce(nonce));
        Assert.Equal((id, 1, 0x9546A142u, 2), (nonce.JobId, nonce.Chip, nonce.Nonce, nonce.MidstateIndex));

        void Run(int ms)
        {
            for (int t = 0; t < ms; t += 20)
            {
                _nowMs += 20;
                _model.HoldInReset(!reset.IsHigh);
                _model.Step(_nowMs);
                chain.Step(_nowMs);
            }
        }
    }

    private void Transfer(string hex)
    {
        byte[] write = [.. Convert.FromHexString(hex), .. new byte[32]];
        Assert.Equal(BusStatus.Ok, _model.Transfer(write, 0, new byte[write.Length], 0, write.Length));
    }

    private void Step(int ms)
    {
        for (int t = 0; t < ms; t += 10)
        {
            _nowMs += 10;
            _model.Step(_nowMs);
        }
    }
}
