using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Ballast.Firmware.Mining;
using Ballast.Firmware.Pool;
using Ballast.Hw.Asic;
using Ballast.Hw.Asic.A1;
using Ballast.Hw.Boards;
using Ballast.Hw.Bus;

namespace Ballast.Benchmarks;

/// <summary>
/// What it takes to keep boards in work. The first table is computed from the chips' numbers and the settings' cost of a compression; the
/// second is timed on this machine, compiled, and says how many bytes were allocated.
/// </summary>
internal static class FeedTable
{
    public static void Print(TextWriter output)
    {
        var settings = new MinerSettings();
        output.WriteLine($"{"work: board and point",-40} {"job lasts",12} {"jobs/s",8} {"compr./job",11} {"compr./s",9} {"load",7} {"jobs/s sustainable",19}");
        foreach (string model in BoardCatalog.Models())
        {
            BoardDescription board = BoardCatalog.Create(model, new BoardIo { I2c = NoBus.Instance, AsicUart = NoBus.Instance, AsicSpi = NoBus.Instance, AsicReset = NoBus.Instance, RegulatorEnable = NoBus.Instance, AuxiliaryEnable = NoBus.Instance }, 0)!.Description;
            foreach (OperatingPoint point in (OperatingPoint[])[board.Points[1], board.Points[^1]])
                Line(output, $"{model} {point.FreqKhz / 1000} MHz", board.Chip, board.ChipCount, point.FreqKhz, 0x1FFFE000, settings);
        }

        Line(output, "A1, 8 chips, 800 MHz", ChipA1.Create(0, 16000), 8, 800_000, 0x1FFFE000, settings);
        Line(output, "A1, 32 chips, 800 MHz", ChipA1.Create(0, 16000), 32, 800_000, 0x1FFFE000, settings);
        Line(output, "A1, 32 chips, no version rolling", ChipA1.Create(0, 16000), 32, 800_000, 0, settings);
        output.WriteLine($"  at {settings.CompressionMicros / 1000} ms a compression and {settings.JobMicros / 1000} ms a job (a slow interpreter, estimate); a miner that builds a root per job needs {WorkBudget.TypicalRoot} a job");
        output.WriteLine();
        Timed(output);
    }

    private static void Line(TextWriter output, string name, ChipProfile chip, int chips, int khz, uint mask, MinerSettings settings)
    {
        var budget = new WorkBudget();
        budget.Plan(chip, chips, khz, mask, WorkBudget.TypicalRoot, false, settings);

        // What a job costs beyond the two nonces a second and the root of each new pool job, which come whatever the rate.
        double others = (WorkBudget.TypicalRoot / 30.0) + 6;
        double perS = budget.MilliCompressionsPerS / 1000.0;
        double jobs = budget.MilliJobsPerS / 1000.0;
        double perJob = (perS - others) / jobs;
        double room = (WorkBudget.MaxLoadPermille * 1000.0) - (others * settings.CompressionMicros);
        double most = room / (settings.JobMicros + (perJob * settings.CompressionMicros));
        output.WriteLine($"{name,-40} {budget.LifeMicros / 1000.0,9:f1} ms {jobs,8:f1} {perJob,11:f4} {perS,9:f1} {budget.LoadPermille / 10.0,5:f1} % {most,19:f0}{(budget.Refusal is null ? "" : "  refused")}");
    }

    private static void Timed(TextWriter output)
    {
        const int rounds = 2000;
        var clock = new Clock();
        var pool = new RigPool();
        var settings = new PoolSettings();
        settings.TryAdd("stratum+tcp://127.0.0.1:3333", "worker", "x", out _);
        var client = new PoolClient(settings, pool, clock, new Entropy());
        var chain = new Plain();
        var miner = new Miner(client, chain, clock, new MinerSettings { CompressionsPerStep = 100 });
        for (int i = 0; i < 20; i++)
            miner.Step(clock.NowMs += 20, true, true);

        (double us, double bytes, double compressions) Measure(Action prepare)
        {
            long bytes = 0;
            long ticks = 0;
            long before = miner.Stats.Compressions;
            for (int i = 0; i < rounds * 2; i++)
            {
                if (i == rounds)
                    (bytes, ticks, before) = (0, 0, miner.Stats.Compressions);
                prepare();
                clock.NowMs += 20;
                long allocated = GC.GetAllocatedBytesForCurrentThread();
                long start = Stopwatch.GetTimestamp();
                miner.Step(clock.NowMs, true, true);
                ticks += Stopwatch.GetTimestamp() - start;
                bytes += GC.GetAllocatedBytesForCurrentThread() - allocated;
            }

            return (ticks * 1e6 / Stopwatch.Frequency / rounds, (double)bytes / rounds, (miner.Stats.Compressions - before) / (double)rounds);
        }

        // So high that no nonce becomes a share: the pool of this rig allocates when it answers one.
        pool.Push(Encoding.ASCII.GetBytes("{\"id\":null,\"method\":\"mining.set_difficulty\",\"params\":[1e12]}\n"));
        byte[][] notifies = [.. Enumerable.Range(0, 64).Select(Notify)];
        int next = 0;
        output.WriteLine($"{"work: one tick on this machine, compiled",-56} {"µs",8} {"bytes",7} {"compressions",13}");
        Write("with nothing to do", Measure(() => { }));
        Write("notify, clean, to the first job on the chain", Measure(() => pool.Push(notifies[next++ % notifies.Length])));
        Write("one nonce, checked (half of them wrong: six compressions)", Measure(() => chain.Nonce++));

        void Write(string name, (double Us, double Bytes, double Compressions) r) =>
            output.WriteLine($"{name,-56} {r.Us,8:f2} {r.Bytes,7:f1} {r.Compressions,13:f1}");
    }

    private static byte[] Notify(int number)
    {
        using JsonDocument recorded = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "pool-job.json")));
        JsonElement n = recorded.RootElement.GetProperty("notify");
        string Raw(string name) => JsonSerializer.Serialize(n.GetProperty(name));
        return Encoding.ASCII.GetBytes($$"""{"id":null,"method":"mining.notify","params":["job{{number}}",{{Raw("prevhash")}},{{Raw("coinb1")}},{{Raw("coinb2")}},{{Raw("branches")}},{{Raw("version")}},{{Raw("nbits")}},{{Raw("ntime")}},true]}""" + "\n");
    }

    private sealed class Clock : IClock
    {
        public long NowMs { get; set; }
    }

    private sealed class Entropy : IEntropy
    {
        public uint NextUInt32() => 4;
    }
}
