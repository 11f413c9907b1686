using System.Buffers.Binary;
using Ballast.Hw.Asic;
using Ballast.Hw.Asic.A1;
using Ballast.Hw.Bus;

namespace Ballast.Hw.Tests.Asic;

/// <summary>Enough of an A1 or T1 chain to answer commands: echoes four bytes a chip later, registers, two job slots, results.</summary>
internal sealed class FakeSpiChips(A1Profile profile, int count) : ISpiBus
{
    private readonly bool _crc = profile.HasCrc;

    public List<byte[]> Commands { get; } = [];

    public List<byte[]> Jobs { get; } = [];

    public int[] Cores { get; } = [.. Enumerable.Repeat(32, count)];

    public int[] Held { get; } = new int[count];

    public byte[][] Registers { get; } = [.. Enumerable.Range(0, count).Select(_ => new byte[16])];

    public HashSet<int> Silent { get; } = [];

    public HashSet<int> NoLock { get; } = [];

    public Queue<byte[]> Results { get; } = new();

    public bool Dead { get; set; }

    public byte? Stuck { get; set; }

    public bool RefusesBroadcasts { get; set; }

    public int ExtraZeros { get; set; }

    public int QueueState { get; set; } = -1;

    public int Adc { get; set; }

    public int TellsCount { get; set; } = count;

    public Action<byte[], int>? Disturb { get; set; }

    public BusStatus Transfer(byte[] write, int writeOffset, byte[] read, int readOffset, int count)
    {
        Span<byte> back = read.AsSpan(readOffset, count);
        back.Fill(Stuck ?? 0);
        if (Dead || Stuck is not null)
            return BusStatus.Ok;
        byte[] command = write[writeOffset..(writeOffset + count)];
        if (command[0] != 0)
        {
            Commands.Add(command);
            Answer(command, back);
        }

        Disturb?.Invoke(read, count);
        return BusStatus.Ok;
    }

    public static byte[] WithCrc(byte[] bytes)
    {
        int crc = 0xFFFF;
        for (int i = 0; i < bytes.Length; i++)
        {
            crc ^= bytes[i ^ 1];
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? crc >> 1 ^ 0xA001 : crc >> 1;
        }

        return [.. bytes, (byte)(crc >> 8), (byte)crc];
    }

    private void Answer(byte[] command, Span<byte> back)
    {
        int number = command[1];
        int at = ExtraZeros + (number == 0 ? 4 * Cores.Length : 4 * number - 2);
        bool broadcast = number == 0;
        if ((broadcast && RefusesBroadcasts) || (!broadcast && Silent.Contains(number - 1)))
            return;
        byte[] reply = [command[0], command[1]];
        switch ((A1Command)(command[0] & 0x0F))
        {
            case A1Command.BistStart:
                reply = [1, 0, 0, (byte)TellsCount];
                break;
            case A1Command.Reset:
                if (command[2] == 0xED && command[3] == 0xED)
                    Held[number - 1] = 0;
                break;
            case A1Command.WriteRegister:
                for (int i = 0; i < Registers.Length; i++)
                {
                    if (broadcast || i == number - 1)
                        command.AsSpan(2, profile.RegisterBytes).CopyTo(Registers[i]);
                }

                break;
            case A1Command.ReadRegister:
                reply = Register(number - 1);
                break;
            case A1Command.ReadResult:
                reply = Results.TryDequeue(out byte[]? result) ? result : new byte[profile.ResultBytes];
                if (result is null)
                    reply[0] = 8;
                break;
            case A1Command.WriteJob or A1Command.WriteJobT1:
                Held[number - 1]++;
                Jobs.Add(command[..(profile.JobBytes)]);
                break;
        }

        if (at + reply.Length <= back.Length)
            reply.CopyTo(back[at..]);
    }

    private byte[] Register(int chip)
    {
        byte[] reply = new byte[2 + profile.RegisterBytes];
        reply[0] = 0x1A;
        reply[1] = (byte)(chip + 1);
        Registers[chip].AsSpan(0, profile.RegisterBytes).CopyTo(reply.AsSpan(2));
        if (profile.LockAt > 0)
            reply[profile.LockAt] = (byte)(NoLock.Contains(chip) ? 0 : 1);
        if (profile.AdcAt > 0)
            BinaryPrimitives.WriteUInt16BigEndian(reply.AsSpan(profile.AdcAt), (ushort)Adc);
        reply[profile.QueueAt] = (byte)(QueueState >= 0 ? QueueState : Held[chip] switch { 0 => 0, 1 => 1, _ => 3 });
        reply[profile.CoresAt] = (byte)Cores[chip];
        return _crc ? WithCrc(reply) : reply;
    }
}

/// <summary>An A1 or T1 chain with its fakes, in simulated time.</summary>
internal sealed class SpiBench
{
    public SpiBench(A1Profile profile, int count, int? present = null)
    {
        Chips = new FakeSpiChips(profile, present ?? count);
        Chain = new A1Chain(profile, count, Chips, Reset);
    }

    public FakeSpiChips Chips { get; }

    public FakePin Reset { get; } = new();

    public A1Chain Chain { get; }

    public long NowMs { get; private set; } = 1_000_000;

    public void Run(int ms)
    {
        for (int passed = 0; passed < ms; passed += 20)
        {
            NowMs += 20;
            Chain.Step(NowMs);
        }
    }

    public SpiBench Up()
    {
        Chain.Start();
        Run(5000);
        Assert.True(Chain.State == ChainState.Running, Chain.Fault);
        return this;
    }

    public SpiBench Failed(string fault)
    {
        Chain.Start();
        Run(5000);
        Assert.Equal((ChainState.Failed, fault), (Chain.State, Chain.Fault));
        Assert.False(Reset.IsHigh);
        return this;
    }
}
