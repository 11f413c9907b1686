using Ballast.Hw.Bus;

namespace Ballast.Hw.Tests.Asic;

/// <summary>A UART whose other end is a script of the test. It notes what was sent, one line a write, and baud changes as "baud N".</summary>
internal sealed class FakeUart : IUart
{
    private readonly Queue<byte> _received = new();

    public List<string> Sent { get; } = [];

    public int BaudRate { get; private set; } = 9600;

    public int FailingWrites { get; set; }

    public Func<byte[], IEnumerable<byte[]>>? Answer { get; set; }

    public BusStatus SetBaudRate(int baud)
    {
        BaudRate = baud;
        Sent.Add("baud " + baud);
        return BusStatus.Ok;
    }

    public BusStatus Write(byte[] data, int offset, int count)
    {
        if (FailingWrites > 0)
        {
            FailingWrites--;
            return BusStatus.Timeout;
        }

        byte[] frame = data[offset..(offset + count)];
        Sent.Add(Convert.ToHexStringLower(frame));
        if (Answer is not null)
        {
            foreach (byte[] reply in Answer(frame))
                Deliver(reply);
        }

        return BusStatus.Ok;
    }

    public int Read(byte[] data, int offset, int count)
    {
        int taken = 0;
        while (taken < count && _received.TryDequeue(out byte value))
            data[offset + taken++] = value;
        return taken;
    }

    public void Deliver(params byte[] bytes)
    {
        foreach (byte value in bytes)
            _received.Enqueue(value);
    }
}

/// <summary>A pin that remembers its level and every change.</summary>
internal sealed class FakePin : IOutputPin
{
    public List<bool> Levels { get; } = [];

    public bool IsHigh { get; private set; }

    public void Write(bool high)
    {
        IsHigh = high;
        Levels.Add(high);
    }
}
