using System.Buffers.Binary;

namespace Ballast.Host.Events;

/// <summary>One sample of an event's compliance series.</summary>
/// <param name="AtS">Seconds since the event was accepted.</param>
/// <param name="CapW">The event's limit, W.</param>
/// <param name="OrderedW">What orders allow the node, base and standby included, W.</param>
/// <param name="MeteredW">Metered watts of the node, or what stands for them, W.</param>
/// <param name="Marks">See <see cref="SampleMarks"/>.</param>
public readonly record struct SeriesSample(int AtS, float CapW, float OrderedW, float MeteredW, SampleMarks Marks);

/// <summary>What is true of a sample.</summary>
[Flags]
public enum SampleMarks : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Watts are from a fresh meter; otherwise the boards' sum stands for them.</summary>
    Metered = 1,

    /// <summary>The event's settling time was over.</summary>
    Settled = 2,

    /// <summary>Over the limit and its tolerance (S16).</summary>
    Over = 4,

    /// <summary>Watts are coming back.</summary>
    Restoring = 8,
}

/// <summary>
/// Ordered and metered watts of an event: 1 Hz for the first two hours of each phase, then the interval doubles every 7,200 samples, and
/// a sample is the worst of its interval. So an event that lasts a month has some ten parts, and never an unbounded one. Samples go to the
/// journal in parts of 60; in memory stay those of open events.
/// </summary>
internal sealed class EventSeries
{
    /// <summary>Samples at one interval before it doubles.</summary>
    internal const int PerInterval = 7200;

    /// <summary>Bytes of a sample in the journal.</summary>
    internal const int SampleBytes = 17;

    private const int PerPart = 60;

    private readonly List<SeriesSample> _samples = [];
    private int _everyS = 1;
    private int _atThisInterval;
    private int _kept;
    private SeriesSample? _open;

    /// <summary>Samples that are complete, oldest first.</summary>
    internal IReadOnlyList<SeriesSample> Samples => _samples;

    /// <summary>Continues a series that an earlier run wrote.</summary>
    internal void Resume(ReadOnlySpan<byte> journaled)
    {
        _samples.AddRange(Read(journaled));
        _kept = _samples.Count;
    }

    /// <summary>Takes the sample of a second.</summary>
    internal void Add(in SeriesSample sample)
    {
        _open = _open is { } worst && sample.AtS - worst.AtS < _everyS
            ? worst with
            {
                CapW = Math.Min(worst.CapW, sample.CapW),
                OrderedW = Math.Max(worst.OrderedW, sample.OrderedW),
                MeteredW = Math.Max(worst.MeteredW, sample.MeteredW),
                Marks = Worse(worst.Marks, sample.Marks),
            }
            : Next(sample);
        if (_everyS == 1)
        {
            Complete();
        }
    }

    /// <summary>Begins another phase at 1 Hz.</summary>
    internal void NewPhase()
    {
        Complete();
        _everyS = 1;
        _atThisInterval = 0;
    }

    /// <summary>The next part for the journal, or an empty one while there are too few samples.</summary>
    /// <param name="all">True takes what there is: the event ends.</param>
    /// <param name="part">Number of the part.</param>
    internal byte[] NextPart(bool all, out int part)
    {
        if (all)
        {
            Complete();
        }

        int count = Math.Min(PerPart, _samples.Count - _kept);
        part = _kept;
        if (count <= 0 || (count < PerPart && !all))
        {
            return [];
        }

        byte[] bytes = new byte[count * SampleBytes];
        for (int i = 0; i < count; i++)
        {
            Write(_samples[_kept + i], bytes.AsSpan(i * SampleBytes));
        }

        return bytes;
    }

    /// <summary>Says that a part of so many bytes is on the disk.</summary>
    internal void Kept(int bytes) => _kept += bytes / SampleBytes;

    /// <summary>Reads what the journal keeps.</summary>
    internal static List<SeriesSample> Read(ReadOnlySpan<byte> bytes)
    {
        List<SeriesSample> samples = new(bytes.Length / SampleBytes);
        for (; bytes.Length >= SampleBytes; bytes = bytes[SampleBytes..])
        {
            samples.Add(new SeriesSample(
                BinaryPrimitives.ReadInt32LittleEndian(bytes),
                BinaryPrimitives.ReadSingleLittleEndian(bytes[4..]),
                BinaryPrimitives.ReadSingleLittleEndian(bytes[8..]),
                BinaryPrimitives.ReadSingleLittleEndian(bytes[12..]),
                (SampleMarks)bytes[16]));
        }

        return samples;
    }

    private static void Write(in SeriesSample sample, Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes, sample.AtS);
        BinaryPrimitives.WriteSingleLittleEndian(bytes[4..], sample.CapW);
        BinaryPrimitives.WriteSingleLittleEndian(bytes[8..], sample.OrderedW);
        BinaryPrimitives.WriteSingleLittleEndian(bytes[12..], sample.MeteredW);
        bytes[16] = (byte)sample.Marks;
    }

    // Over counts if any second was over; metered only if all were.
    private static SampleMarks Worse(SampleMarks a, SampleMarks b)
        => (a & b & SampleMarks.Metered) | ((a | b) & ~SampleMarks.Metered);

    private SeriesSample Next(in SeriesSample sample)
    {
        Complete();
        return sample;
    }

    private void Complete()
    {
        if (_open is not { } sample)
        {
            return;
        }

        _samples.Add(sample);
        _open = null;
        if (++_atThisInterval >= PerInterval)
        {
            _everyS *= 2;
            _atThisInterval = 0;
        }
    }
}
