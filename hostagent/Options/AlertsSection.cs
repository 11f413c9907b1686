namespace Ballast.Host.Options;

/// <summary>Who is told of alarms, and how patiently.</summary>
public sealed record AlertsSection
{
    /// <summary>Addresses that get each message as a JSON POST. May be empty.</summary>
    public IReadOnlyList<WebhookSection> Webhooks { get; init; } = [];

    /// <summary>Mail; null is none.</summary>
    public MailSection? Mail { get; init; }

    /// <summary>An alarm must be up for this long before it is told, s, 0…3600.</summary>
    public double RaiseAfterS { get; init; } = 10;

    /// <summary>It must be gone for this long before that is told, s, 0…3600.</summary>
    public double ClearAfterS { get; init; } = 60;

    /// <summary>What stays up is told again after this, minutes, 1…10080. An alarm that comes and goes is told at most three times in it.</summary>
    public double RepeatMinutes { get; init; } = 240;

    /// <summary>What happens within this time goes into one message, s, 0…600.</summary>
    public double GroupS { get; init; } = 5;

    /// <summary>Least severity that is told: info, warning or critical.</summary>
    public string Severity { get; init; } = "warning";

    /// <summary>More suspect boards than this are an alarm of their own (`suspects`); each alone is only `info`.</summary>
    public int SuspectsOver { get; init; } = 3;

    /// <summary>Exceptions for single codes. May be empty.</summary>
    public IReadOnlyList<AlertRuleSection> Rules { get; init; } = [];
}

/// <summary>An address that alerts are posted to.</summary>
public sealed record WebhookSection
{
    /// <summary>Name in metrics and answers, [a-z0-9-]{1,32}.</summary>
    public string Id { get; init; } = "webhook";

    /// <summary>http or https address. Redirects are not followed.</summary>
    public string Url { get; init; } = "";

    /// <summary>Key of the signature: the header `X-Ballast-Signature: sha256=…` is HMAC-SHA256 of the body in hex; null signs nothing.</summary>
    public string? Secret { get; init; }

    /// <summary>Sent as `Authorization: Bearer …`; null is none.</summary>
    public string? Token { get; init; }

    /// <summary>How long one try may take, s, 1…120.</summary>
    public double TimeoutS { get; init; } = 10;
}

/// <summary>A mail server that takes alerts.</summary>
public sealed record MailSection
{
    /// <summary>Its name or address.</summary>
    public string Host { get; init; } = "";

    /// <summary>Port: 587 for submission, 465 with `tls`, 25 between servers.</summary>
    public int Port { get; init; } = 587;

    /// <summary>"starttls", "tls" from the first byte, or "none".</summary>
    public string Tls { get; init; } = "starttls";

    /// <summary>User, or null: then nobody logs in.</summary>
    public string? User { get; init; }

    /// <summary>Password, or null.</summary>
    public string? Password { get; init; }

    /// <summary>Sender's address.</summary>
    public string From { get; init; } = "";

    /// <summary>Recipients.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>How long one try may take, s, 1…120.</summary>
    public double TimeoutS { get; init; } = 20;
}

/// <summary>An exception for one code of alarms.</summary>
public sealed record AlertRuleSection
{
    /// <summary>The code, as `GET /api/alerts` lists it.</summary>
    public string Code { get; init; } = "";

    /// <summary>Severity instead of the usual one, or null.</summary>
    public string? Severity { get; init; }

    /// <summary>Time before it is told, s, or null.</summary>
    public double? RaiseAfterS { get; init; }

    /// <summary>Time before its end is told, s, or null.</summary>
    public double? ClearAfterS { get; init; }

    /// <summary>True tells nobody.</summary>
    public bool Mute { get; init; }
}
