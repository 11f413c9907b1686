using Ballast.Firmware.Tests.Console;
using Ballast.Hw.Asic;
using Ballast.Hw.Parts;
using Ballast.Wire;

namespace Ballast.Firmware.Tests.Agent;

/// <summary>What must have happened before a controller restarts, in which order, and what a connect that may stop all threads may meet.</summary>
public class RestartOrderTests : ConsoleBench
{
    /// <summary>Steps as the device's loop does: console after agent, and not one step more once a restart is asked for.</summary>
    private void TypeAsOnTheDevice(params string[] lines)
    {
        foreach (string line in lines)
            _port.Type(line + "\r");
        for (int i = 0; i < 100 && !_bench.Agent.RebootRequested; i++)
        {
            _bench.Step();
            if (!_bench.Agent.RebootRequested)
                _console.Step(_bench.Clock.NowMs);
        }

        Assert.True(_bench.Agent.RebootRequested);
        _bench.Restart();
        _bench.Run(1);
    }

    [Fact]
    public void S11_a_factory_reset_at_the_console_is_stored_before_the_controller_restarts()
    {
        Say("set own-point 2");
        Say("save");
        Assert.Equal(2, _bench.Agent.Record.OwnPoint);
        TypeAsOnTheDevice("factory-reset", "yes", "RESET");
        Assert.Equal(-1, _bench.Agent.Record.OwnPoint);
    }

    [Fact]
    public void S11_what_save_promised_is_stored_although_restart_follows_at_once()
    {
        TypeAsOnTheDevice("set own-point 3", "save", "restart");
        Assert.Equal(3, _bench.Agent.Record.OwnPoint);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void S01_an_output_that_throws_does_not_keep_the_others_from_being_made_safe(bool chain)
    {
        var b = new Bench();
        b.AdmitAndRun();
        if (chain)
            b.Fake.Board.Chain = new Throwing(b.Fake.Chain);
        else
            b.Fake.Board.Regulator = new Stubborn(b.Fake.Regulator);
        b.Agent.Power.SetTarget(0, OrderClass.Emergency, 0, 0, b.Clock.NowMs);
        b.Clock.NowMs += 20;
        b.Agent.Step();
        Assert.NotNull(b.Agent.Failure);
        Assert.True(b.Agent.RebootRequested);
        Assert.Equal(100, b.Fake.Fans.Duty);
        if (chain)
            Assert.False(b.Fake.Regulator.On);
        else
            Assert.Equal(ChainState.Off, b.Fake.Chain.State);
    }

    [Fact]
    public void S20_a_board_without_power_stays_without_it_while_a_connect_may_stop_all_threads()
    {
        var feeder = new FakeMiner { ShouldIdle = true, HasWork = false, Rate = () => 10_000 };
        var b = new Bench(miner: () => feeder);
        b.Admit(leaseS: 3600);
        b.Run(30);
        Assert.False(b.Fake.Regulator.On);

        // The link asks before a step; in that step work comes back.
        b.Agent.KeepQuiet = true;
        feeder.ShouldIdle = false;
        feeder.HasWork = true;
        b.Run(60, () => Assert.False(b.Fake.Regulator.On));
        Assert.Equal("waits for the broker's connect", b.Snap.Reason);
        b.Agent.KeepQuiet = false;
        b.RunUntil(() => b.Snap.Mode == BoardMode.Running, 60);

        // One that runs is left alone: the link waits.
        b.Agent.KeepQuiet = true;
        b.Run(30, () => Assert.True(b.Fake.Regulator.On));
        Assert.Equal(600_000, b.Fake.Chain.FreqKhz);
    }

    [Fact]
    public void S20_a_board_at_failsafe_stays_there_while_a_connect_may_stop_all_threads()
    {
        var b = new Bench(failsafeW: 12);
        b.RunUntil(() => b.Snap.Mode == BoardMode.Running, 60);
        int failsafe = b.Fake.Chain.FreqKhz;
        b.Agent.KeepQuiet = true;
        b.Admit(leaseS: 3600);
        b.Run(60, () => Assert.Equal(failsafe, b.Fake.Chain.FreqKhz));
        b.Agent.KeepQuiet = false;
        b.RunUntil(() => b.Fake.Chain.FreqKhz == 600_000, 60);
    }

    private sealed class Throwing(FakeChain inner) : IHashChain
    {
        public ChipProfile Profile => inner.Profile;
        public int ChipCount => inner.ChipCount;
        public int ChipsFound => inner.ChipsFound;
        public ChainState State => inner.State;
        public string? Fault => inner.Fault;
        public int FreqKhz => inner.FreqKhz;
        public bool Ramping => inner.Ramping;
        public ChainCounters Counters => inner.Counters;

        public void Start() => inner.Start();

        public PartStatus RampTo(int freqKhz) => inner.RampTo(freqKhz);

        public void Stop() => throw new InvalidOperationException("planted: the pin's driver threw");

        public void Step(long nowMs) => inner.Step(nowMs);

        public PartStatus SendJob(ChipJob job, out int jobId) => inner.SendJob(job, out jobId);

        public bool TryTakeNonce(ChipNonce into) => inner.TryTakeNonce(into);

        public PartStatus SetTicketDifficulty(int difficulty) => inner.SetTicketDifficulty(difficulty);

        public PartStatus SetVersionMask(uint mask) => inner.SetVersionMask(mask);

        public int JobSlotsFree(int chip) => inner.JobSlotsFree(chip);

        public int ChipHashGhs(int chip) => inner.ChipHashGhs(chip);

        public int WorkingCores(int chip) => inner.WorkingCores(chip);
    }

    private sealed class Stubborn(FakeRegulator inner) : IRegulator
    {
        public PartStatus Configure() => inner.Configure();

        public PartStatus SetMillivolts(int milliVolts) => inner.SetMillivolts(milliVolts);

        public PartStatus Enable(bool on) => on ? inner.Enable(on) : throw new InvalidOperationException("planted: the enable line's driver threw");

        public PartStatus Read(RegulatorReading into) => inner.Read(into);

        public PartStatus ReadFaults(out RegulatorFaults faults) => inner.ReadFaults(out faults);

        public PartStatus ClearFaults() => inner.ClearFaults();
    }
}
