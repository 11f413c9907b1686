using System.Security.Cryptography;
using Ballast.Firmware.Agent;
using Ballast.Firmware.Console;
using Ballast.Hw.Asic;
using Ballast.Hw.Boards;
using Ballast.Hw.Bus;
using Ballast.Hw.Parts;
using Ballast.Hw.Sim;
using Ballast.Wire;

namespace Ballast.Firmware.Tests.Agent;

/// <summary>SHA-256 of the platform, for the chip model.</summary>
public sealed class PlatformDigest : IDigest
{
    public void DoubleSha256(byte[] data, int offset, int count, byte[] hash, int hashOffset)
    {
        Span<byte> first = stackalloc byte[32];
        SHA256.HashData(data.AsSpan(offset, count), first);
        SHA256.HashData(first, hash.AsSpan(hashOffset, 32));
    }
}

/// <summary>Sends a job twice a second and counts what comes back, without a pool.</summary>
public sealed class JobFeeder(IHashChain chain, int ticket) : IMiner
{
    private readonly ChipJob _job = new();
    private readonly ChipNonce _nonce = new();
    private long _nextMs;

    public bool HasWork { get; set; } = true;
    public int TicketDifficulty => ticket;
    public long ValidNonces { get; private set; }
    public int HashGhs => 0;
    public int Accepted => 0;
    public int Rejected => 0;
    public int Stale => 0;
    public int HwErrors => 0;
    public int LoadPermille => 0;
    public bool ShouldIdle { get; set; }
    public bool NeedsQuiet { get; set; }

    /// <summary>What the agent said last of the core's power.</summary>
    public bool Powered { get; private set; }

    public void Step(long nowMs, bool hashing, bool powered)
    {
        Powered = powered;
        while (chain.TryTakeNonce(_nonce))
            ValidNonces++;
        if (!hashing || !HasWork || nowMs < _nextMs)
            return;
        if (_nextMs == 0)
            Assert.Equal(PartStatus.Ok, chain.SetTicketDifficulty(ticket));
        _nextMs = nowMs + 500;
        BitConverter.TryWriteBytes(_job.Header.AsSpan(36), nowMs);
        Assert.Equal(PartStatus.Ok, chain.SendJob(_job, out _));
    }

    public string? Refuses(int freqKhz) => null;

    public string? SetPool(int slot, string url, string user, string password) => null;
}

/// <summary>The agent on the register-level model of a Bitaxe Gamma.</summary>
public class SimGammaTests
{
    private readonly FakeClock _clock = new();
    private readonly SimGamma _sim;
    private readonly BoardAgent _agent;
    private readonly FakeLink _link = new();
    private readonly JobFeeder _feeder;

    public SimGammaTests()
    {
        _sim = new SimGamma(_clock, new PlatformDigest(), 1, 30);
        Hashboard board = BitaxeGamma.Create(_sim.Io, 30);
        var settings = new BoardSettings { Site = "s1", Pod = "p1", Board = "b01", Serial = "SN-1", StartSpreadS = 2, OwnRampS = 5 };
        _agent = new BoardAgent(settings, board, _link, new FakeStore(), _clock, new FakeEntropy(3), _feeder = new JobFeeder(board.Chain, 1024));
    }

    private void Run(double seconds, Func<bool>? until = null)
    {
        for (long end = _clock.NowMs + (long)(seconds * 1000); _clock.NowMs < end;)
        {
            _clock.NowMs += 20;
            _sim.Step(_clock.NowMs);
            _agent.Step();
            Assert.Null(_agent.Failure);
            if (until?.Invoke() == true)
                return;
        }

        Assert.True(until == null, $"not reached: {_agent.Snapshot.Mode} {_agent.Snapshot.Reason} {_agent.Power.FreqKhz} kHz, events: {string.Join(" | ", Events())}");
    }

    private IEnumerable<string> Events()
    {
        for (int i = 0; _agent.Power.Events.Recent(i) is { } e; i++)
            yield return $"{e.Rule} {e.Text} {e.Value}/{e.Limit}";
    }

    [Fact]
    public void Comes_up_to_its_nominal_point_and_draws_what_its_ladder_says()
    {
        Run(60, () => _agent.Snapshot.Mode == BoardMode.Running);
        Run(5);
        int ladderMw = _agent.Power.Ladder.Ladder.PowerMw(_agent.Snapshot.EffectivePoint);
        Assert.InRange(_sim.InputPowerMw, ladderMw * 90 / 100, ladderMw);
        Assert.InRange(_agent.Power.FullFanPowerMw, _sim.InputPowerMw, _sim.InputPowerMw * 115 / 100);
        Assert.InRange(_agent.Power.PowerMw, _sim.InputPowerMw * 97 / 100, _sim.InputPowerMw * 103 / 100);
        Assert.True(_agent.Power.Events.Total == 0, string.Join(" | ", Events()));
    }

    [Fact]
    public void Tells_what_it_draws_asleep_to_within_its_fan()
    {
        Run(60, () => _agent.Snapshot.Mode == BoardMode.Running);
        _agent.Orders.SetLockout(true);
        Run(600, () => _agent.Snapshot.Mode == BoardMode.Asleep);
        Run(5);
        Assert.InRange(_agent.Power.PowerMw, _sim.InputPowerMw * 97 / 100, _sim.InputPowerMw * 103 / 100);
        Assert.True(_agent.Power.PowerMw < _agent.Power.FullFanPowerMw);
    }

    [Fact]
    public void Holds_its_temperature_for_an_hour_without_an_event()
    {
        Run(3600);
        Assert.Equal(BoardMode.Running, _agent.Snapshot.Mode);
        Assert.InRange(_sim.ChipMilliC, 40_000, 66_000);
        Assert.True(_agent.Power.Events.Total == 0, string.Join(" | ", Events()));
    }

    [Fact]
    public void Selftest_passes_on_a_healthy_board_and_names_a_dead_fan()
    {
        Run(60, () => _agent.Snapshot.Mode == BoardMode.Running);
        var text = new ConsoleText();
        var test = new SelfTest(_agent, new Report(text));
        test.Begin(_clock.NowMs, false);
        Run(120, () =>
        {
            test.Step(_clock.NowMs);
            return !test.Running;
        });
        Assert.True(test.Passed);

        _sim.Fan.Missing = true;
        Run(3);
        test.Begin(_clock.NowMs, false);
        Run(120, () =>
        {
            test.Step(_clock.NowMs);
            return !test.Running;
        });
        Assert.False(test.Passed);
        var port = new Console.FakePort();
        text.Drain(port);
        Assert.Contains("check its plug and blades", port.Out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void S20_a_connect_that_may_stall_all_threads_waits_until_power_is_off()
    {
        Run(60, () => _agent.Snapshot.Mode == BoardMode.Running);
        _feeder.NeedsQuiet = true;
        Run(20, () => !_agent.Snapshot.Powered);
        Run(60, () => _agent.Snapshot.Mode == BoardMode.Asleep);
        Assert.Equal("no work from any pool", _agent.Snapshot.Reason);
        _feeder.NeedsQuiet = false;
        Run(60, () => _agent.Snapshot.Mode == BoardMode.Running);
    }

    [Fact]
    public void S20_the_pool_session_knows_that_the_core_has_power_from_the_rail_on_before_the_chain_runs()
    {
        int before = 0;
        Run(60, () =>
        {
            Assert.True(_feeder.Powered || !_sim.Converter.IsOn, "the core has power, and the pool session believes that it may connect");
            before += _feeder.Powered && !_agent.Power.Hashing ? 1 : 0;
            return _agent.Snapshot.Mode == BoardMode.Running;
        });
        Assert.True(before > 0);
    }

    [Fact]
    public void F37_a_brief_dip_of_the_supply_is_ridden_through()
    {
        Run(60, () => _agent.Snapshot.Mode == BoardMode.Running);
        _sim.DroopMilliVolts = 450;
        Run(0.2);
        _sim.DroopMilliVolts = 0;
        Run(10);
        Assert.Equal(BoardMode.Running, _agent.Snapshot.Mode);
        Assert.Equal(0, _agent.Power.Events.Total);
    }

    [Fact]
    public void S07_a_dead_chip_is_restarted_once_and_then_latched()
    {
        Run(60, () => _agent.Snapshot.Mode == BoardMode.Running);
        Run(30);
        _sim.Uart.Silent = true;
        Run(300, () => _agent.Snapshot.Mode == BoardMode.Fault);
        Assert.Equal(Firmware.Power.SafetyRule.S07, _agent.Snapshot.LatchedFault);
        Assert.Equal(2, Events().Count(e => e.StartsWith("S07", StringComparison.Ordinal)));
    }

    [Fact]
    public void S05_a_stopped_fan_powers_down()
    {
        Run(60, () => _agent.Snapshot.Mode == BoardMode.Running);
        _sim.Fan.Stuck = true;
        Run(12, () => !_agent.Snapshot.Powered);
        Assert.Contains(Events(), e => e.StartsWith("S05", StringComparison.Ordinal));
        Assert.True(_sim.ChipMilliC < 80_000);
    }

    [Fact]
    public void S06_a_drooping_supply_powers_down_and_tries_again()
    {
        Run(60, () => _agent.Snapshot.Mode == BoardMode.Running);
        _sim.DroopMilliVolts = 800;
        Run(3, () => !_agent.Snapshot.Powered);
        Assert.Contains(Events(), e => e.StartsWith("S06", StringComparison.Ordinal));
        _sim.DroopMilliVolts = 0;
        Run(120, () => _agent.Snapshot.Mode == BoardMode.Running);
    }
}
