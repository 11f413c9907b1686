using System.Buffers.Binary;
using System.Security.Cryptography;
using Ballast.Hw.Asic;
using Ballast.Hw.Parts;

namespace Ballast.Firmware.Tests.Mining;

/// <summary>
/// A chain without a wire: it keeps what it was sent and answers with nonces that a test plants or that <see cref="Search"/> really finds.
/// With a clock it knows when each chip runs out of work.
/// </summary>
internal sealed class FakeChain(ChipProfile profile, int chips) : IHashChain
{
    private readonly Queue<ChipNonce> _nonces = new();
    private int _nextId;

    public ChipProfile Profile => profile;

    public int ChipCount => chips;

    public int ChipsFound => chips;

    public ChainState State { get; set; } = ChainState.Running;

    public string? Fault => null;

    public int FreqKhz { get; set; } = profile.StartKhz;

    public bool Ramping => false;

    public ChainCounters Counters { get; } = new();

    public int Ticket { get; private set; } = 256;

    public uint VersionMask { get; private set; } = 0x1FFFE000;

    /// <summary>Id step and range, as the profile's family has them.</summary>
    public int IdStep { get; init; } = 24;

    public int IdCount { get; init; } = 128;

    public List<(byte[] Header, uint[] Midstates, int Id, int Chip, uint Start, uint End)> Sent { get; } = [];

    public void Start() => State = ChainState.Running;

    public PartStatus RampTo(int freqKhz)
    {
        FreqKhz = freqKhz;
        return PartStatus.Ok;
    }

    public void Stop() => State = ChainState.Off;

    public void Step(long nowMs)
    {
    }

    public PartStatus SendJob(ChipJob job, out int jobId)
    {
        _nextId = (_nextId + IdStep) % IdCount;
        jobId = _nextId;
        Sent.Add(((byte[])job.Header.Clone(), job.Midstates[..(8 * job.MidstateCount)], jobId, job.Chip, job.StartNonce, job.EndNonce));
        return PartStatus.Ok;
    }

    public bool TryTakeNonce(ChipNonce into)
    {
        if (!_nonces.TryDequeue(out ChipNonce? from))
            return false;
        (into.JobId, into.Nonce, into.VersionBits, into.MidstateIndex, into.Chip, into.Core, into.ReceivedMs) = (from.JobId, from.Nonce, from.VersionBits, from.MidstateIndex, from.Chip, from.Core, from.ReceivedMs);
        return true;
    }

    public PartStatus SetVersionMask(uint mask)
    {
        VersionMask = mask;
        return PartStatus.Ok;
    }

    public int JobSlotsFree(int chip) => 1;

    public int ChipHashGhs(int chip) => -1;

    public int WorkingCores(int chip) => profile.Cores;

    public PartStatus SetTicketDifficulty(int difficulty)
    {
        Ticket = difficulty;
        return PartStatus.Ok;
    }

    public void Plant(int jobId, uint nonce, uint versionBits = 0, int midstate = 0, int chip = 0, long receivedMs = -1) =>
        _nonces.Enqueue(new ChipNonce { JobId = jobId, Nonce = nonce, VersionBits = versionBits, MidstateIndex = midstate, Chip = chip, ReceivedMs = receivedMs });

    /// <summary>Finds a nonce of a sent job whose hash has a difficulty of at least so much, in units of the profile, with the bits ORed into the version.</summary>
    public static uint Search(byte[] header, uint versionBits, double difficulty, int workShift, uint start = 0)
    {
        byte[] h = (byte[])header.Clone();
        BinaryPrimitives.WriteUInt32LittleEndian(h, BinaryPrimitives.ReadUInt32LittleEndian(h) | versionBits);
        System.Numerics.BigInteger target = TestJob.Diff1(workShift) * 1000000 / new System.Numerics.BigInteger(difficulty * 1000000);
        Span<byte> hash = stackalloc byte[32];
        for (uint nonce = start; ; nonce++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(h.AsSpan(76), nonce);
            SHA256.HashData(h, hash);
            SHA256.HashData(hash, hash);
            if (new System.Numerics.BigInteger(hash, isUnsigned: true) <= target)
                return nonce;
        }
    }
}
