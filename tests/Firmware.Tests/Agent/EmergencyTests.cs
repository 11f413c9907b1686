using Ballast.Firmware.Agent;
using Ballast.Hw.Boards;
using Ballast.Hw.Sim;
using Ballast.Wire;

namespace Ballast.Firmware.Tests.Agent;

/// <summary>The whole agent on the model of every board: how fast power really goes, whoever asks.</summary>
public class EmergencyTests
{
    public static TheoryData<string> Models => [.. BoardCatalog.Models()];

    private readonly FakeClock _clock = new();
    private readonly FakeLink _link = new();
    private SimBoard _sim = null!;
    private BoardAgent _agent = null!;

    private void Start(string model)
    {
        _sim = new SimBoard(_clock, new PlatformDigest(), 1, 33, SimBoards.Find(model)!);
        Hashboard board = BoardCatalog.Create(model, _sim.Io, 33)!;
        var host = new Bench();
        _agent = new BoardAgent(host.Settings, board, _link, new FakeStore(), _clock, new FakeEntropy(3), (IMiner?)null);
        Step();
        uint after = host.Seq;
        DispatchOrder order = host.Order(int.MaxValue, leaseS: 3600);
        Send(host, order);
        SetMessage admit = host.Message(SetKind.Admit);
        (admit.BootNonce, admit.AfterSeq) = (_agent.Snapshot.BootNonce, after);
        _link.Deliver(Bench.Set, host.Sign(admit));
        for (int i = 0; i < 50 * 90 && _agent.Snapshot.Mode != BoardMode.Running; i++)
            Step();
        Assert.Equal(BoardMode.Running, _agent.Snapshot.Mode);
        Assert.True(_sim.Converter.IsOn);
        _host = host;
    }

    private Bench _host = null!;

    private void Send(Bench host, DispatchOrder order) => _link.Deliver(Bench.Dispatch, host.Sign(order));

    private void Step()
    {
        _clock.NowMs += 20;
        _agent.Step();
        _sim.Step(_clock.NowMs + 1);
        Assert.Null(_agent.Failure);
    }

    private long UntilOff()
    {
        long from = _clock.NowMs;
        while (_sim.Converter.IsOn)
        {
            Step();
            Assert.True(_clock.NowMs - from <= 100, "power on for over 100 ms");
        }

        return _clock.NowMs - from;
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void An_emergency_has_the_regulator_off_in_the_step_that_receives_it_on_every_board(string model)
    {
        Start(model);
        _host.OrderId++;
        Send(_host, _host.Order(0, OrderClass.Emergency));
        Assert.InRange(UntilOff(), 0, 40);
        Assert.True(_sim.InputPowerMw < 12_000);
        Assert.Equal(100, _sim.FanDutyPercent(0));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void S13_F38_the_curtail_input_has_the_regulator_off_within_100_ms_on_every_board(string model)
    {
        Start(model);
        _sim.CurtailInput.IsHigh = false;
        Assert.InRange(UntilOff(), 0, 100);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void S06_parts_that_lose_their_settings_under_power_are_noticed_and_set_up_anew_before_the_next_start(string model)
    {
        Start(model);
        _sim.PartsLosePower();
        for (int i = 0; i < 50 && _agent.Snapshot.Powered; i++)
            Step();
        Assert.False(_agent.Snapshot.Powered);
        for (int i = 0; i < 50 * 120 && _agent.Snapshot.Mode != BoardMode.Running; i++)
            Step();
        Assert.Equal(BoardMode.Running, _agent.Snapshot.Mode);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void S06_F19_parts_that_lose_their_settings_while_the_board_sleeps_get_them_back_before_power(string model)
    {
        Start(model);
        _host.OrderId++;
        Send(_host, _host.Order(0, OrderClass.Emergency, leaseS: 3600));
        for (int i = 0; i < 50 * 200; i++)
            Step();
        _sim.PartsLosePower();
        Step();
        _host.OrderId++;
        _host.HostOffsetMs += _clock.NowMs;
        Send(_host, _host.Order(int.MaxValue, leaseS: 3600));
        for (int i = 0; i < 50 * 120 && _agent.Snapshot.Mode != BoardMode.Running; i++)
            Step();
        Assert.Equal(BoardMode.Running, _agent.Snapshot.Mode);
        if (_sim.Tps546 == null)
            return;
        byte[] switching = new byte[1];
        _sim.Tps546.OnWrite([0x02], 0, 1);
        _sim.Tps546.OnRead(switching, 0, 1);
        Assert.Equal(0x1F, switching[0]);
    }
}
