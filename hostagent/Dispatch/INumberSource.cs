namespace Ballast.Host.Dispatch;

/// <summary>
/// Step 11 of control.md: somebody who gives a number instead of watts. Boards run no part of their ladder that costs this much or more,
/// whatever the cap would allow; the final order is the lower by (limit, share).
/// </summary>
public interface INumberSource
{
    /// <summary>Highest number that orders may have, mJ/TH, 0…2^31−1; 2^31−1 asks nothing.</summary>
    int CeilingMjPerTh { get; }

    /// <summary>Why, for people.</summary>
    string Why { get; }
}
