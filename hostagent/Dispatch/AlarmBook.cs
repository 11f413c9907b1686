namespace Ballast.Host.Dispatch;

/// <summary>An alarm for the operator.</summary>
/// <param name="Code">Short fixed name.</param>
/// <param name="Text">A sentence: what, and what to do.</param>
/// <param name="SinceUtc">When it began.</param>
/// <param name="Active">False once the cause has gone.</param>
public sealed record Alarm(string Code, string Text, DateTimeOffset SinceUtc, bool Active)
{
    /// <summary>What it is about: a board, node, host, source or file; "" for the site.</summary>
    public string Subject { get; init; } = "";
}

/// <summary>Alarms by code and subject. Raising one that is up changes at most its text.</summary>
public sealed class AlarmBook(HostClock clock)
{
    private const int Most = 2000;

    private readonly Dictionary<string, Alarm> _alarms = [];

    /// <summary>All: those that are up first, each part newest first. Who shows only some shows what is up.</summary>
    public IReadOnlyList<Alarm> All => [.. _alarms.Values.OrderByDescending(a => a.Active).ThenByDescending(a => a.SinceUtc)];

    /// <summary>Those that are up.</summary>
    public IEnumerable<Alarm> Active => _alarms.Values.Where(a => a.Active);

    /// <summary>Changes so far; who keeps a copy sees whether it is old.</summary>
    public long Version { get; private set; }

    /// <summary>Hears of each new alarm.</summary>
    public event Action<Alarm>? Raised;

    /// <summary>Hears of each alarm whose cause has gone.</summary>
    public event Action<Alarm>? Cleared;

    /// <summary>True if an alarm of this code is up.</summary>
    public bool IsUp(string code, string subject = "") => _alarms.TryGetValue(code + "/" + subject, out Alarm? alarm) && alarm.Active;

    /// <summary>Raises or clears.</summary>
    public void Set(bool up, string code, string text, string subject = "")
    {
        string key = code + "/" + subject;
        bool was = _alarms.TryGetValue(key, out Alarm? old) && old.Active;
        if (up && !was)
        {
            if (_alarms.Count >= Most)
            {
                MakeRoom();
            }

            Alarm alarm = new(code, text, clock.UtcNow, true) { Subject = subject };
            _alarms[key] = alarm;
            Version++;
            Raised?.Invoke(alarm);
        }
        else if (up && old!.Text != text)
        {
            _alarms[key] = old with { Text = text };
            Version++;
        }
        else if (!up && was)
        {
            _alarms[key] = old! with { Active = false };
            Version++;
            Cleared?.Invoke(_alarms[key]);
        }
    }

    // What is over goes first; with everything up, one of the oldest, so that a storm of alarms never grows.
    private void MakeRoom()
    {
        foreach (string gone in _alarms.Where(a => !a.Value.Active).Select(a => a.Key).ToList())
        {
            _alarms.Remove(gone);
        }

        if (_alarms.Count >= Most)
        {
            _alarms.Remove(_alarms.MinBy(a => a.Value.SinceUtc).Key);
        }
    }
}
