using Ballast.Hw.Asic;
using Ballast.Hw.Asic.A1;
using Ballast.Hw.Asic.Bm13xx;

namespace Ballast.Virtual.Work;

/// <summary>The bytes that carry a job to a chip, as the drivers send them.</summary>
internal static class JobFrame
{
    /// <summary>
    /// The frame in hex; null with a sentence if chip, job id or midstates do not fit each other. SPI frames are for the first chip of a chain,
    /// all nonces and difficulty 1, without the two bytes of padding that follow on the wire.
    /// </summary>
    public static string? Of(string chip, int jobId, ChipJob job, out string? problem)
    {
        string name = chip.ToUpperInvariant();
        problem = null;
        switch (name)
        {
            case "A1":
                return Spi(ChipA1.Create(0, 16000), jobId, job, out problem);
            case "T1":
                return Spi(ChipT1.Create(0), jobId, job, out problem);
            default:
                Bm13xxProfile? profile = Bm13xxChips.Find(name, 0);
                if (profile is not null)
                    return Uart(profile, jobId, job, out problem);
                problem = $"There is no chip '{chip}': use one of {string.Join(", ", Bm13xxChips.Names())}, A1, T1.";
                return null;
        }
    }

    private static string? Uart(Bm13xxProfile profile, int jobId, ChipJob job, out string? problem)
    {
        problem = jobId is >= 0 and <= 127 ? null : $"A job id for {profile.Name} is 0 to 127, not {jobId}.";
        if (problem is not null)
            return null;
        byte[] bytes = new byte[Bm13xxFrame.MaxBytes];
        int length = profile.Midstates > 0 ? Bm13xxFrame.MidstateJob(bytes, 0, jobId, job, job.MidstateCount) : Bm13xxFrame.HeaderJob(bytes, 0, jobId, job);
        return Convert.ToHexStringLower(bytes, 0, length);
    }

    private static string? Spi(A1Profile profile, int jobId, ChipJob job, out string? problem)
    {
        problem = jobId is < 1 or > A1Chain.JobIds ? $"A job id for {profile.Name} is 1 to {A1Chain.JobIds}, not {jobId}: say --job-id."
            : job.MidstateCount < profile.Midstates ? $"{profile.Name} takes {profile.Midstates} midstates: add --midstates {profile.Midstates}." : null;
        if (problem is not null)
            return null;
        job.StartNonce = 0;
        job.EndNonce = uint.MaxValue;
        byte[] bytes = new byte[A1Frame.MaxBytes];
        int length = A1Frame.Job(profile, bytes, 0, jobId, 1, job, A1Frame.Target(1));
        return Convert.ToHexStringLower(bytes, 0, length);
    }
}
