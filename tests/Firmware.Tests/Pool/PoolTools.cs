using System.Buffers.Binary;
using Ballast.Firmware.Pool;
using Ballast.Firmware.Tests.Mining;

namespace Ballast.Firmware.Tests.Pool;

/// <summary>What several pool tests do.</summary>
internal static class PoolTools
{
    /// <summary>Finds a nonce of at least so much difficulty, below a bound, and lets the chip report it.</summary>
    internal static void Share(Bench bench, (byte[] Header, uint[] Midstates, int Id, int Chip, uint Start, uint End) job, double difficulty, double below = double.MaxValue, uint bits = 0)
    {
        uint nonce = 0;
        while (true)
        {
            nonce = FakeChain.Search(job.Header, bits, difficulty, bench.Chain.Profile.WorkShift, nonce + 1);
            byte[] header = (byte[])job.Header.Clone();
            BinaryPrimitives.WriteUInt32LittleEndian(header, BinaryPrimitives.ReadUInt32LittleEndian(header) | bits);
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(76), nonce);
            var number = TestJob.Number(TestJob.Double(header));
            if (below == double.MaxValue || number > TestJob.Diff1(bench.Chain.Profile.WorkShift) / new System.Numerics.BigInteger(below))
                break;
        }

        bench.Chain.Plant(job.Id, nonce, bits);
        bench.Run(40);
    }

    internal static List<(PoolEventKind Kind, string Text)> Events(PoolClient client)
    {
        var events = new List<(PoolEventKind, string)>();
        while (client.Events.TryTake(out PoolEventKind kind, out string text))
            events.Add((kind, text));
        return events;
    }
}
