using System.Diagnostics;
using Ballast.Hw.Asic;
using Ballast.Hw.Asic.Bm13xx;
using Ballast.Hw.Bus;

namespace Ballast.Benchmarks;

/// <summary>Time and allocation per job sent and per nonce taken, through the whole chain driver over a UART that costs nothing. This machine, JIT.</summary>
internal static class ChipTimes
{
    private const int Rounds = 200_000;

    public static void Print()
    {
        Console.WriteLine($"{"chain driver, BM1370",-48} {"ns/op",8} {"B/op",8}");
        foreach (int chips in new[] { 1, 126 })
        {
            var uart = new Wire(chips);
            var chain = new Bm13xxChain(Bm13xxChips.Find("BM1370", 0)!, chips, uart, new Pin());
            chain.Start();
            long now = 0;
            while (chain.State == ChainState.BringUp)
                chain.Step(now += 20);
            Workloads.Must(chain.State == ChainState.Running);
            byte[] frame = NonceFrame();
            var job = new ChipJob();
            var nonce = new ChipNonce();
            Report($"job sent, {chips} chips", () => chain.SendJob(job, out _));
            Report($"nonce received and taken, {chips} chips", () =>
            {
                uart.Deliver(frame);
                chain.Step(now);
                Workloads.Must(chain.TryTakeNonce(nonce));
            });
        }
    }

    public static byte[] NonceFrame()
    {
        byte[] frame = [0xAA, 0x55, 0x42, 0xA1, 0x46, 0x95, 0, 0x30, 0x02, 0x03, 0x80];
        while (Crc5.Of(frame, 2, 9) != 0)
            frame[10]++;
        return frame;
    }

    private static void Report(string what, Action action)
    {
        for (int i = 0; i < Rounds / 4; i++)
            action();
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Rounds; i++)
            action();
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        Console.WriteLine($"{what,-48} {took.TotalNanoseconds / Rounds,8:f0} {(double)bytes / Rounds,8:f1}");
    }

    private sealed class Pin : IOutputPin
    {
        public bool IsHigh { get; private set; }

        public void Write(bool high) => IsHigh = high;
    }

    // Chips that answer the question for their id, and nothing else.
    private sealed class Wire(int chips) : IUart
    {
        private readonly byte[] _ring = new byte[4096];
        private int _in;
        private int _out;
        private bool _addressed;

        public int BaudRate { get; private set; }

        public void Deliver(byte[] bytes)
        {
            foreach (byte value in bytes)
                _ring[_in++ & 4095] = value;
        }

        public BusStatus SetBaudRate(int baud)
        {
            BaudRate = baud;
            return BusStatus.Ok;
        }

        public BusStatus Write(byte[] data, int offset, int count)
        {
            _addressed |= data[offset + 2] == (byte)Bm13xxCommand.ChainInactive;
            if (data[offset + 2] != (byte)Bm13xxCommand.ReadAll || data[offset + 5] != 0)
                return BusStatus.Ok;
            for (int i = 0; i < chips; i++)
            {
                byte[] reply = [0xAA, 0x55, 0x13, 0x70, 0, 0, (byte)(_addressed ? i * Bm13xxProfile.AddressInterval(chips) : 0), 0, 0, 0, 0];
                while (Crc5.Of(reply, 2, 9) != 0)
                    reply[10]++;
                Deliver(reply);
            }

            return BusStatus.Ok;
        }

        public int Read(byte[] data, int offset, int count)
        {
            int taken = 0;
            while (taken < count && _out != _in)
                data[offset + taken++] = _ring[_out++ & 4095];
            return taken;
        }
    }
}
