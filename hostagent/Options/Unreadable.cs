namespace Ballast.Host.Options;

/// <summary>Why a file could not be read, in words of somebody who named the wrong one.</summary>
public static class Unreadable
{
    /// <summary>The reason, with a full stop; the system calls a folder "denied".</summary>
    /// <param name="path">What was to be read.</param>
    /// <param name="error">What the system said.</param>
    public static string Why(string path, Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return Directory.Exists(path) ? "it is a folder, so name a file in it." : error.Message;
    }
}
