using Ballast.Host.Signals.Inputs;

namespace Ballast.Host.Options;

/// <summary>What contacts and sensors of a configuration must satisfy.</summary>
internal static class InputsCheck
{
    private static readonly string[] AirChips = ["bme280", "sht3x"];
    private static readonly string[] MeterChips = ["ina219", "ads1115"];

    internal static void Add(List<string> found, HashSet<string> ids, SiteOptions options)
    {
        if ((options.Contacts.Count > 0 || options.Sensors.Count > 0) && HostInputs.Problem is { } problem)
        {
            found.Add(problem);
        }

        foreach (ContactSection contact in options.Contacts)
        {
            Contact(found, ids, options, contact);
        }

        foreach (SensorSection sensor in options.Sensors)
        {
            Sensor(found, ids, options, sensor);
        }
    }

    private static void Contact(List<string> found, HashSet<string> ids, SiteOptions options, ContactSection contact)
    {
        string at = "contact '" + contact.Id + "'";
        SourcesCheck.Name(found, ids, at, contact.Id);
        SourcesCheck.Node(found, options, at, contact.Node);
        SourcesCheck.Watts(found, options, at + " limitW", contact.LimitW);
        OptionsCheck.Range(found, at + " chip", contact.Chip ?? 0, 0, 255);
        OptionsCheck.Range(found, at + " line", contact.Line, 0, 1023);
        OptionsCheck.Range(found, at + " debounceMs", contact.DebounceMs, 0, 10_000);
        OptionsCheck.Range(found, at + " releaseAfterS", contact.ReleaseAfterS, 0, 3600);
        OneOf(found, at + " class", contact.Class, "economic", "reliability", "emergency");
        OneOf(found, at + " pull", contact.Pull, "up", "down", "none");
        OneOf(found, at + " activeLevel", contact.ActiveLevel, "high", "low");
        OneOf(found, at + " edge", contact.Edge, "both", "rising", "falling");
        if (contact.Reason.Length > 200)
        {
            found.Add(at + " reason has more than 200 characters: shorten it.");
        }

        if (options.Contacts.Any(c => !ReferenceEquals(c, contact) && c.Chip == contact.Chip && c.Line == contact.Line))
        {
            found.Add(at + " has the line of another contact: a line carries one.");
        }

        if ((contact.Pull, contact.ActiveLevel) is ("up", "low") or ("down", "high"))
        {
            found.Add(at + " has pull " + contact.Pull + " and activeLevel " + contact.ActiveLevel + ": a broken wire would read as not active. Wire a contact that opens when it acts, and give the level that the pull makes; or use pull none with a resistor of your own.");
        }

        if ((contact.ActiveLevel, contact.Edge) is ("high", "falling") or ("low", "rising"))
        {
            found.Add(at + " has edge " + contact.Edge + ", which is the edge of its end: use both, or the one that makes it active.");
        }
    }

    private static void Sensor(List<string> found, HashSet<string> ids, SiteOptions options, SensorSection sensor)
    {
        string at = "sensor '" + sensor.Id + "'";
        SourcesCheck.Name(found, ids, at, sensor.Id);
        SourcesCheck.Node(found, options, at, sensor.Node);
        OneOf(found, at + " class", sensor.Class, "economic", "reliability");
        OneOf(found, at + " role", sensor.Role, "air", "meter");
        OneOf(found, at + " chip", sensor.Chip, sensor.Role == "meter" ? MeterChips : AirChips);
        OptionsCheck.Range(found, at + " bus", sensor.Bus, 0, 255);
        OptionsCheck.Range(found, at + " address", sensor.Address, 3, 119);
        OptionsCheck.Range(found, at + " channel", sensor.Channel, 0, 3);
        OptionsCheck.Range(found, at + " calibration", sensor.Calibration, 1, 65_534);
        OptionsCheck.Range(found, at + " currentLsbA", sensor.CurrentLsbA, 1e-9, 1000);
        OptionsCheck.Range(found, at + " scale", sensor.Scale, -1e9, 1e9);
        OptionsCheck.Range(found, at + " offset", sensor.Offset, -1e9, 1e9);
        OptionsCheck.Range(found, at + " everyS", sensor.EveryS, 0.2, 60);
        OptionsCheck.Range(found, at + " freshS", sensor.FreshS, 1, 3600);
        OptionsCheck.Range(found, at + " hysteresisC", sensor.HysteresisC, 0, 20);
        SourcesCheck.Watts(found, options, at + " fallbackW", sensor.FallbackW);
        if (sensor.Role == "meter" && (!options.Meter.Configured || options.Sensors.Count(s => s.Role == "meter") > 1))
        {
            found.Add(at + " is the site meter: set meter.configured, and let one sensor be it.");
        }

        if (sensor.Role == "air" && sensor.Steps.Count == 0)
        {
            found.Add(at + " has no steps: give at least one like {\"fromC\":35,\"limitW\":200}.");
        }

        for (int i = 0; i < sensor.Steps.Count; i++)
        {
            OptionsCheck.Range(found, at + " fromC", sensor.Steps[i].FromC, -40, 85);
            SourcesCheck.Watts(found, options, at + " limitW", sensor.Steps[i].LimitW);
            if (i > 0 && (sensor.Steps[i].FromC <= sensor.Steps[i - 1].FromC || sensor.Steps[i].LimitW > sensor.Steps[i - 1].LimitW))
            {
                found.Add(at + " steps must rise in fromC and not in limitW: warmer air allows no more power.");
            }
        }
    }

    private static void OneOf(List<string> found, string what, string value, params string[] known)
    {
        if (!known.Contains(value))
        {
            found.Add(what + " is '" + value + "': use " + string.Join(", ", known) + ".");
        }
    }
}
