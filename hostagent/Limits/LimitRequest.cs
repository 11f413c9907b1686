using System.Globalization;
using System.Text.Json;
using Ballast.Host.Options;
using Ballast.Wire;

namespace Ballast.Host.Limits;

/// <summary>What is wrong with a request, and which member.</summary>
/// <param name="Field">Member, or "" for the whole.</param>
/// <param name="Sentence">What was wrong and what to do.</param>
public sealed record RequestFault(string Field, string Sentence);

/// <summary>A limit from outside as asked for (contract section 6), checked field by field.</summary>
public sealed record LimitRequest
{
    /// <summary>True for a release.</summary>
    public bool IsRelease { get; private init; }

    /// <summary>Id, or "" to have one drawn.</summary>
    public string Id { get; private init; } = "";

    /// <summary>Class.</summary>
    public OrderClass Class { get; private init; }

    /// <summary>True if the request names the class itself.</summary>
    public bool HasClass { get; private init; }

    /// <summary>Node.</summary>
    public string Node { get; private init; } = "site";

    /// <summary>True if the request names the node itself.</summary>
    public bool HasNode { get; private init; }

    /// <summary>Response profile, or null.</summary>
    public string? Profile { get; private init; }

    /// <summary>True for a drill: done like a real one, marked in every record.</summary>
    public bool Test { get; private init; }

    /// <summary>Watts.</summary>
    public double LimitW { get; private init; }

    /// <summary>Start, UTC ms; null is now.</summary>
    public long? StartUtcMs { get; private init; }

    /// <summary>Duration, s; null is until replaced.</summary>
    public long? DurationS { get; private init; }

    /// <summary>Rate of the rise afterwards, W/s; null is the site's.</summary>
    public double? RampUpWPerS { get; private init; }

    /// <summary>Why.</summary>
    public string Reason { get; private init; } = "";

    /// <summary>Reads a body. Nothing changes on a fault.</summary>
    /// <param name="body">JSON.</param>
    /// <param name="largestW">More than this is taken for a wrong unit.</param>
    /// <param name="fault">What is wrong; null if nothing is.</param>
    public static LimitRequest? Parse(ReadOnlyMemory<byte> body, double largestW, out RequestFault? fault)
    {
        fault = null;
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 2 });
        }
        catch (JsonException)
        {
            fault = new RequestFault("", "The body is not a flat JSON object: send {\"v\":1,\"op\":\"set\",\"class\":…,\"node\":…,\"limitW\":…}.");
            return null;
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                fault = new RequestFault("", "The body must be one JSON object.");
                return null;
            }

            try
            {
                return Read(document.RootElement, largestW, ref fault);
            }
            catch (InvalidOperationException)
            {
                // A text with half a character in it.
                fault = new RequestFault("", "The body is not valid UTF-8 text: send plain JSON.");
                return null;
            }
        }
    }

    /// <summary>The same request with what a profile says; it was checked against the profile.</summary>
    internal LimitRequest Under(ProfileSection profile, string node) => this with
    {
        Class = profile.OrderClass ?? Class,
        Node = node,
        DurationS = DurationS ?? profile.MaxDurationS,
        RampUpWPerS = RampUpWPerS ?? profile.RampUpWPerS,
    };

    private static LimitRequest? Read(JsonElement root, double largestW, ref RequestFault? fault)
    {
        LimitRequest request = new();
        HashSet<string> seen = [];
        foreach (JsonProperty member in root.EnumerateObject())
        {
            if (!seen.Add(member.Name))
            {
                fault = new RequestFault(member.Name, "The member " + PlainText.Of(member.Name) + " is there twice: send it once.");
                return null;
            }

            JsonElement value = member.Value;
            switch (member.Name)
            {
                case "v":
                    fault = value.ValueKind == JsonValueKind.Number && value.GetRawText() == "1" ? null : new RequestFault("v", "Only version 1 is known: send \"v\":1.");
                    break;
                case "op":
                    string op = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
                    request = request with { IsRelease = op == "release" };
                    fault = op is "set" or "release" ? null : new RequestFault("op", "op must be \"set\" or \"release\".");
                    break;
                case "id":
                    request = request with { Id = value.ValueKind == JsonValueKind.String ? value.GetString()! : "" };
                    fault = request.Id.Length is >= 1 and <= 64 && request.Id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':')
                        ? null
                        : new RequestFault("id", "id must be 1 to 64 of letters, digits and - _ . :");
                    break;
                case "class":
                    int known = ClassOf(value);
                    request = request with { Class = (OrderClass)Math.Max(known, 0), HasClass = true };
                    fault = known >= 0 ? null : new RequestFault("class", "class must be \"economic\", \"reliability\" or \"emergency\".");
                    break;
                case "node":
                    request = request with { Node = value.ValueKind == JsonValueKind.String ? value.GetString()! : "", HasNode = true };
                    fault = request.Node.Length is >= 1 and <= 80 ? null : new RequestFault("node", "node must name the site, a feeder, a pod or \"pod/board\".");
                    break;
                case "limitW":
                    request = request with { LimitW = Whole(value, "limitW", 0, largestW, "watts", ref fault) };
                    if (fault is not null && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double tried) && tried > largestW)
                    {
                        fault = new RequestFault("limitW", string.Create(CultureInfo.InvariantCulture, $"limitW is {value.GetRawText()}, more than ten times what this site can draw ({largestW:0} W): give plain watts, not kW or mW, and no exponent."));
                    }

                    break;
                case "start":
                    bool read = DateTimeOffset.TryParse(value.ValueKind == JsonValueKind.String ? value.GetString() : null, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset start)
                        && value.GetString()!.Contains('T', StringComparison.Ordinal);
                    request = request with { StartUtcMs = start.ToUnixTimeMilliseconds() };
                    fault = read ? null : new RequestFault("start", "start must be a time like 2026-01-31T13:00:00Z, or be left out for now.");
                    break;
                case "durationS":
                    request = request with { DurationS = (long)Whole(value, "durationS", 1, 315_360_000, "seconds", ref fault) };
                    break;
                case "rampUpWPerS":
                    request = request with { RampUpWPerS = Whole(value, "rampUpWPerS", 1, 1e12, "watts per second", ref fault) };
                    break;
                case "reason":
                    request = request with { Reason = value.ValueKind == JsonValueKind.String ? PlainText.Of(value.GetString()!) : "" };
                    fault = value.ValueKind == JsonValueKind.String && request.Reason.Length <= 200 ? null : new RequestFault("reason", "reason must be a text of at most 200 characters.");
                    break;
                case "profile":
                    request = request with { Profile = value.ValueKind == JsonValueKind.String ? value.GetString()! : "" };
                    fault = request.Profile.Length is >= 1 and <= 32 ? null : new RequestFault("profile", "profile must be the name of a configured profile: GET /api/profiles lists them.");
                    break;
                case "test":
                    request = request with { Test = value.ValueKind == JsonValueKind.True };
                    fault = value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : new RequestFault("test", "test must be true for a drill, or false, or be left out.");
                    break;
                case "source" or "seq" or "sent" or "kid" or "mac":
                    break;
                default:
                    fault = new RequestFault(member.Name, "The member " + PlainText.Of(member.Name) + " is not known. A limit is given in watts as limitW; see the contract, section 6.");
                    break;
            }

            if (fault is not null)
            {
                return null;
            }
        }

        if (request.IsRelease)
        {
            fault = seen.Contains("id") ? null : new RequestFault("id", "A release needs the id of the limit that it ends.");
        }
        else if (!seen.Contains("limitW"))
        {
            fault = new RequestFault("limitW", "limitW is missing: give the limit in watts.");
        }
        else if (!seen.Contains("class") && !seen.Contains("profile"))
        {
            fault = new RequestFault("class", "class is missing: economic, reliability or emergency, or name a profile.");
        }

        return fault is null ? request : null;
    }

    private static int ClassOf(JsonElement value)
        => value.ValueKind != JsonValueKind.String ? -1 : value.GetString() switch { "economic" => 0, "reliability" => 1, "emergency" => 2, _ => -1 };

    private static double Whole(JsonElement value, string name, double min, double max, string unit, ref RequestFault? fault)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number >= min && number <= max)
        {
            return number;
        }

        fault = new RequestFault(name, string.Create(CultureInfo.InvariantCulture, $"{name} must be a whole number of {unit} between {min:0} and {max:0}, without sign, unit or exponent."));
        return 0;
    }
}
