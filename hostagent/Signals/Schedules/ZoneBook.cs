using NodaTime;
using NodaTime.TimeZones;

namespace Ballast.Host.Signals.Schedules;

/// <summary>
/// The rules of all time zones: those that the host was built with, or a newer file of nodatime.org/tzdb (.nzd) that may be replaced while
/// the host runs (F17). A file that cannot be read changes nothing.
/// </summary>
public sealed class ZoneBook
{
    private readonly string? _file;
    private DateTime _written;

    /// <summary>Takes the rules at hand, and those of a file at the first <see cref="Refresh"/>.</summary>
    public ZoneBook(string? file) => _file = file;

    /// <summary>The rules.</summary>
    public IDateTimeZoneProvider Zones { get; private set; } = DateTimeZoneProviders.Tzdb;

    /// <summary>Why the file is not in use, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>Reads the file if it is another one than before.</summary>
    /// <returns>True if the rules may have changed.</returns>
    public bool Refresh()
    {
        if (_file is null)
        {
            return false;
        }

        try
        {
            DateTime written = File.GetLastWriteTimeUtc(_file);
            if (written == _written)
            {
                return false;
            }

            // First: a file that is bad is not read again each second.
            _written = written;
            using FileStream stream = File.OpenRead(_file);
            Replace(new DateTimeZoneCache(TzdbDateTimeZoneSource.FromStream(stream)));
            Problem = null;
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidOperationException or ArgumentException or NotSupportedException)
        {
            // InvalidNodaDataException is an InvalidOperationException or an IOException by version.
            Problem = "The zone file '" + _file + "' cannot be read (" + error.Message + "): the earlier rules stay. Put a .nzd file of nodatime.org/tzdb there.";
            return false;
        }
    }

    /// <summary>Takes other rules.</summary>
    internal void Replace(IDateTimeZoneProvider zones) => Zones = zones;
}
