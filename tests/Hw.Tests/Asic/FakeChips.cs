using Ballast.Hw.Asic;
using Ballast.Hw.Asic.Bm13xx;

namespace Ballast.Hw.Tests.Asic;

/// <summary>Just enough of a chain to answer a bring-up: chips that take addresses and answer reads. It does not hash.</summary>
internal sealed class FakeChips
{
    private readonly int _chipId;
    private readonly int _count;
    private readonly int _replyBytes;
    private readonly List<int> _addresses = [];
    private bool _addressed;

    public FakeChips(FakeUart uart, int chipId, int count, int replyBytes)
    {
        _chipId = chipId;
        _count = count;
        _replyBytes = replyBytes;
        uart.Answer = Answer;
    }

    /// <summary>Values of registers other than the id, for reads.</summary>
    public Dictionary<int, Func<int, uint>> Registers { get; } = [];

    /// <summary>Chips that do not hear a set-address frame.</summary>
    public HashSet<int> Deaf { get; } = [];

    public IReadOnlyList<int> Addresses => _addresses;

    public IEnumerable<byte[]> Answer(byte[] frame)
    {
        switch (frame[2])
        {
            case 0x53:
                _addresses.Clear();
                _addressed = true;
                break;
            case 0x40:
                if (_addresses.Count < _count && !Deaf.Contains(_addresses.Count))
                    _addresses.Add(frame[4]);
                break;
            case 0x52 when frame[5] == 0:
                for (int i = 0; i < _count; i++)
                {
                    int address = !_addressed ? 0 : i < _addresses.Count ? _addresses[i] : -1;
                    if (address >= 0)
                        yield return Replies.Register(_replyBytes, (uint)_chipId << 16 | (uint)address, address, 0);
                }

                break;
            case 0x52 when Registers.TryGetValue(frame[5], out Func<int, uint>? value):
                for (int i = 0; i < _addresses.Count; i++)
                    yield return Replies.Register(_replyBytes, value(i), _addresses[i], frame[5]);
                break;
        }
    }
}

/// <summary>A chain with its fakes, brought up in simulated time.</summary>
internal sealed class Bench
{
    public Bench(Bm13xxProfile profile, int count, int? present = null, int replyBytes = 11, int chipsPerDomain = 0)
    {
        Chips = new FakeChips(Uart, profile.ChipId, present ?? count, replyBytes);
        Chain = new Bm13xxChain(profile, count, Uart, Reset, chipsPerDomain: chipsPerDomain);
    }

    public FakeUart Uart { get; } = new();

    public FakePin Reset { get; } = new();

    public FakeChips Chips { get; }

    public Bm13xxChain Chain { get; }

    public long NowMs { get; private set; } = 1_000_000;

    public void Run(int ms, int tickMs = 20)
    {
        for (int passed = 0; passed < ms; passed += tickMs)
        {
            NowMs += tickMs;
            Chain.Step(NowMs);
        }
    }

    public Bench Up()
    {
        Chain.Start();
        for (int i = 0; i < 30_000 && Chain.State == ChainState.BringUp; i++)
            Run(20);
        Assert.True(Chain.State == ChainState.Running, Chain.Fault);
        return this;
    }
}
