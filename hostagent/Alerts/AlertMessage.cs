using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ballast.Host.Alerts;

/// <summary>What became of one alarm.</summary>
/// <param name="State">raised, repeated or cleared.</param>
/// <param name="Severity">info, warning or critical.</param>
/// <param name="Code">Code of the alarm.</param>
/// <param name="Subject">What it is about; "" for the site.</param>
/// <param name="Text">A sentence: what, and what to do.</param>
/// <param name="Since">When it began.</param>
/// <param name="Untold">How often it came and went since it was last told, without being told.</param>
public sealed record AlertNotice(string State, string Severity, string Code, string Subject, string Text, DateTimeOffset Since, int Untold);

/// <summary>One message to people: everything that happened within a short time.</summary>
public sealed record AlertMessage
{
    /// <summary>Most notices that one message spells out.</summary>
    public const int MostNotices = 50;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Version of this form.</summary>
    [JsonPropertyOrder(-1)]
    public int V { get; init; } = 1;

    /// <summary>Id: the same in every try, so that a receiver can drop a second copy.</summary>
    public required string Id { get; init; }

    /// <summary>Site.</summary>
    public required string Site { get; init; }

    /// <summary>Host that says so.</summary>
    public required string Host { get; init; }

    /// <summary>When it was put together.</summary>
    public required DateTimeOffset Sent { get; init; }

    /// <summary>What happened, the gravest first; at most <see cref="MostNotices"/>.</summary>
    public required IReadOnlyList<AlertNotice> Alerts { get; init; }

    /// <summary>Further ones that are not spelt out: GET /api/alerts has them.</summary>
    public int More { get; init; }

    /// <summary>As it is posted.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <summary>Subject line of a mail.</summary>
    public string Subject()
    {
        string codes = string.Join(", ", Alerts.Select(a => a.Code).Distinct().Take(3));
        return "[Ballast " + Site + "] " + (Alerts.All(a => a.State == "cleared") ? "cleared: " : "") + codes + (Alerts.Select(a => a.Code).Distinct().Count() > 3 || More > 0 ? " and more" : "");
    }

    /// <summary>Text of a mail.</summary>
    public string ToText()
    {
        StringBuilder text = new();
        foreach (AlertNotice notice in Alerts)
        {
            text.Append(notice.State.ToUpperInvariant()).Append(' ').Append(notice.Severity).Append(": ").Append(notice.Code);
            text.Append(notice.Subject.Length > 0 ? " (" + notice.Subject + ")" : "").Append('\n');
            text.Append("  ").Append(notice.Text).Append('\n');
            text.Append("  since ").Append(notice.Since.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture)).Append(" UTC");
            text.Append(notice.Untold > 0 ? ", came and went " + notice.Untold + " times meanwhile" : "").Append("\n\n");
        }

        if (More > 0)
        {
            text.Append("and ").Append(More).Append(" more: GET /api/alerts lists them.\n\n");
        }

        return text.Append("-- \nBallast host ").Append(Host).Append(" of site ").Append(Site).Append(", message ").Append(Id).Append('\n').ToString();
    }
}
