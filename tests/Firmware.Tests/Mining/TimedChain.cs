using System.Buffers.Binary;
using System.Security.Cryptography;
using Ballast.Firmware.Mining;
using Ballast.Hw.Asic;
using Ballast.Hw.Bus;
using Ballast.Hw.Parts;

namespace Ballast.Firmware.Tests.Mining;

/// <summary>
/// Chips that use their work up in time: it tells how long each was idle, whether two jobs ever had the same header, and answers with a nonce
/// of the ticket difficulty about as often as real chips do.
/// </summary>
internal sealed class TimedChain : IHashChain
{
    private readonly ChipProfile _profile;
    private readonly int _chips;
    private readonly IClock _clock;
    private readonly bool _record;
    private readonly long[][] _ends;
    private readonly byte[][] _headers;
    private readonly ChipNonce _found = new();
    private readonly Dictionary<UInt128, List<(uint Start, uint End)>> _seen = [];
    private readonly byte[] _scratch = new byte[80];
    private readonly byte[] _hash = new byte[32];
    private readonly int[] _id;
    private bool _hasNonce;
    private uint _nextNonce;

    public TimedChain(ChipProfile profile, int chips, int freqKhz, IClock clock, bool record)
    {
        _profile = profile;
        _chips = chips;
        _clock = clock;
        _record = record;
        FreqKhz = freqKhz;
        int lanes = profile.JobsPerChip ? chips : 1;
        _ends = [.. Enumerable.Range(0, lanes).Select(_ => new long[2])];
        _headers = [.. Enumerable.Range(0, lanes).Select(_ => new byte[80])];
        IdleMicros = new long[lanes];
        _id = new int[lanes];
        Cores = [.. Enumerable.Repeat(profile.Cores, chips)];
    }

    public ChipProfile Profile => _profile;
    public int ChipCount => _chips;
    public int ChipsFound => _chips;
    public ChainState State { get; set; } = ChainState.Running;
    public string? Fault => null;
    public int FreqKhz { get; }
    public bool Ramping => false;
    public ChainCounters Counters { get; } = new();
    public int Ticket { get; private set; } = 256;
    public uint VersionMask { get; private set; } = 0x1FFFE000;
    public int[] Cores { get; }

    /// <summary>Time that each chip, or the whole chain, had nothing to do since its first job.</summary>
    public long[] IdleMicros { get; }

    public int Jobs { get; private set; }
    public int Dropped { get; private set; }

    /// <summary>Headers, or nonce ranges of one header, that were given out twice.</summary>
    public int Repeated { get; private set; }

    public void Start() => State = ChainState.Running;

    public PartStatus RampTo(int freqKhz) => PartStatus.OutOfRange;

    public void Stop() => State = ChainState.Off;

    public void Step(long nowMs)
    {
    }

    public PartStatus SendJob(ChipJob job, out int jobId)
    {
        long now = _clock.NowMs * 1000;
        int lane = _profile.JobsPerChip ? job.Chip : 0;
        long[] ends = _ends[lane];
        long life;
        if (_profile.JobsPerChip)
        {
            if (job.DropQueued)
            {
                Dropped++;
                ends[0] = Math.Min(ends[0], now);
                ends[1] = Math.Min(ends[1], now);
            }
            else if (ends[0] > now && ends[1] > now)
            {
                jobId = 0;
                return PartStatus.Timeout;
            }

            life = JobLife.ChipMicros(_profile, Cores[lane], FreqKhz) * (((long)job.EndNonce - job.StartNonce + 1) >> 8) >> 24;
            long last = Math.Max(ends[0], ends[1]);
            long begin = Math.Max(last, now);
            if (Jobs > 0 && last > 0)
                IdleMicros[lane] += begin - last;
            ends[ends[0] <= ends[1] ? 0 : 1] = begin + life;
        }
        else
        {
            life = JobLife.Micros(_profile, _chips, FreqKhz, JobLife.BitCount(VersionMask));
            if (ends[0] > 0)
                IdleMicros[0] += Math.Max(0, now - ends[0]);
            ends[0] = now + life;
        }

        Jobs++;
        _id[lane] = (_id[lane] + (_profile.JobsPerChip ? 1 : _profile.RollsVersion ? 24 : 4)) % (_profile.JobsPerChip ? 4 : 128);
        jobId = _id[lane];
        Array.Copy(job.Header, _headers[lane], 80);
        if (_record)
            Remember(job);
        return PartStatus.Ok;
    }

    /// <summary>Finds the next nonce of the ticket difficulty in the last job of a lane; the miner takes it in its next step.</summary>
    public void Find(int lane)
    {
        byte[] header = _headers[lane];
        Array.Copy(header, _scratch, 80);
        UInt128 limit = UInt128.MaxValue >> (32 - _profile.WorkShift);
        limit /= (uint)Ticket;
        do
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_scratch.AsSpan(76), ++_nextNonce);
            SHA256.HashData(_scratch, _hash);
            SHA256.HashData(_hash, _hash);
        }
        while (BinaryPrimitives.ReadUInt128LittleEndian(_hash.AsSpan(16)) > limit - (limit >> 15));

        _found.JobId = _id[lane];
        _found.Nonce = _nextNonce;
        _found.VersionBits = 0;
        _found.MidstateIndex = 0;
        _found.Chip = lane;
        _hasNonce = true;
    }

    public bool TryTakeNonce(ChipNonce into)
    {
        if (!_hasNonce)
            return false;
        _hasNonce = false;
        (into.JobId, into.Nonce, into.VersionBits, into.MidstateIndex, into.Chip, into.Core) = (_found.JobId, _found.Nonce, _found.VersionBits, _found.MidstateIndex, _found.Chip, -1);
        return true;
    }

    public PartStatus SetVersionMask(uint mask)
    {
        VersionMask = mask;
        return _profile.RollsVersion ? PartStatus.Ok : PartStatus.NotPresent;
    }

    public int JobSlotsFree(int chip)
    {
        long now = _clock.NowMs * 1000;
        return (_ends[chip][0] <= now ? 1 : 0) + (_ends[chip][1] <= now ? 1 : 0);
    }

    public int WorkingCores(int chip) => Cores[chip];

    public int ChipHashGhs(int chip) => -1;

    public PartStatus SetTicketDifficulty(int difficulty)
    {
        Ticket = difficulty;
        return PartStatus.Ok;
    }

    // What a job searches: each header that it can stand for, version bits that the chip rolls itself left out, with its range of nonces.
    private void Remember(ChipJob job)
    {
        byte[] header = [.. job.Header[..76]];
        if (_profile.RollsVersion)
            BinaryPrimitives.WriteUInt32LittleEndian(header, BinaryPrimitives.ReadUInt32LittleEndian(header) & ~0x1FFFE000u);
        for (int i = 0; i < Math.Max(1, job.MidstateCount); i++)
        {
            byte[] key = job.MidstateCount == 0
                ? header
                : [.. job.Midstates.Skip(8 * i).Take(8).SelectMany(BitConverter.GetBytes), .. header[64..]];
            UInt128 name = BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(key));
            if (!_seen.TryGetValue(name, out var ranges))
                _seen[name] = ranges = new(1);
            if (ranges.Any(r => job.StartNonce <= r.End && r.Start <= job.EndNonce))
                Repeated++;
            ranges.Add((job.StartNonce, job.EndNonce));
        }
    }
}
