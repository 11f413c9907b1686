using System.Globalization;
using Ballast.Host.Ledger;
using Ballast.Wire;

namespace Ballast.Host.Signals;

/// <summary>One key of a source, with the number that its messages have reached under it (contract section 6: per source and kid).</summary>
internal sealed class SignalKey
{
    internal SignalKey(string source, int kid, string key, JournaledState? journaled)
    {
        Kid = kid;
        Mac = new HmacSha256(Convert.FromHexString(key));
        Name = "seq/" + source + "/" + kid.ToString(CultureInfo.InvariantCulture);
        Resume(journaled);
    }

    internal int Kid { get; }

    internal HmacSha256 Mac { get; }

    /// <summary>Name of the number in the journal.</summary>
    internal string Name { get; }

    /// <summary>Highest number taken; null before the first.</summary>
    internal uint? LastSeq { get; set; }

    internal void Resume(JournaledState? journaled)
    {
        if (journaled?.Values.TryGetValue(Name, out string? seq) == true)
        {
            LastSeq = uint.Parse(seq, CultureInfo.InvariantCulture);
        }
    }
}
