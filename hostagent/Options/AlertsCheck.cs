using Ballast.Host.Alerts;
using MimeKit;

namespace Ballast.Host.Options;

/// <summary>What the alerts of a configuration must satisfy.</summary>
internal static class AlertsCheck
{
    internal static void Add(List<string> found, AlertsSection alerts)
    {
        OptionsCheck.Range(found, "alerts.raiseAfterS", alerts.RaiseAfterS, 0, 3600);
        OptionsCheck.Range(found, "alerts.clearAfterS", alerts.ClearAfterS, 0, 3600);
        OptionsCheck.Range(found, "alerts.repeatMinutes", alerts.RepeatMinutes, 1, 10_080);
        OptionsCheck.Range(found, "alerts.groupS", alerts.GroupS, 0, 600);
        OptionsCheck.Range(found, "alerts.suspectsOver", alerts.SuspectsOver, 0, 1_000_000);
        Severity(found, "alerts.severity", alerts.Severity);
        HashSet<string> ids = ["mail"];
        foreach (WebhookSection webhook in alerts.Webhooks)
        {
            Webhook(found, ids, webhook);
        }

        foreach (AlertRuleSection rule in alerts.Rules)
        {
            string at = "alerts rule '" + rule.Code + "'";
            if (!AlertCodes.IsKnown(rule.Code))
            {
                found.Add(at + " is for a code that no alarm has: use one of " + string.Join(", ", AlertCodes.All.Select(c => c.Code)) + ".");
            }

            if (rule.Severity is { } severity)
            {
                Severity(found, at + " severity", severity);
            }

            OptionsCheck.Range(found, at + " raiseAfterS", rule.RaiseAfterS ?? 0, 0, 86_400);
            OptionsCheck.Range(found, at + " clearAfterS", rule.ClearAfterS ?? 0, 0, 86_400);
        }

        if (alerts.Mail is { } mail)
        {
            Mail(found, mail);
        }
    }

    private static void Webhook(List<string> found, HashSet<string> ids, WebhookSection webhook)
    {
        string at = "alerts webhook '" + webhook.Id + "'";
        if (!OptionsCheck.IsId(webhook.Id) || !ids.Add(webhook.Id))
        {
            found.Add(at + " needs an id of its own, 1 to 32 of a-z, 0-9 and '-', and not mail.");
        }

        // The address itself may hold a secret, so it is not repeated here.
        if (!Uri.TryCreate(webhook.Url, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https"))
        {
            found.Add(at + " needs a url that begins with http:// or https://.");
        }

        if (webhook.Token is { } token && !token.All(c => c is > ' ' and < (char)127))
        {
            found.Add(at + " has a token that cannot stand in a header: use printable ASCII without spaces.");
        }

        OptionsCheck.Range(found, at + " timeoutS", webhook.TimeoutS, 1, 120);
    }

    private static void Mail(List<string> found, MailSection mail)
    {
        if (string.IsNullOrWhiteSpace(mail.Host))
        {
            found.Add("alerts.mail.host is missing: name the mail server.");
        }

        if (mail.Tls is not ("starttls" or "tls" or "none"))
        {
            found.Add("alerts.mail.tls is '" + mail.Tls + "': use starttls, tls or none.");
        }

        if (mail.Tls == "none" && mail.Password is not null)
        {
            found.Add("alerts.mail would send its password in clear: use starttls or tls, or leave user and password out.");
        }

        if ((mail.User is null) != (mail.Password is null))
        {
            found.Add("alerts.mail needs user and password together, or neither.");
        }

        if (mail.To.Count == 0)
        {
            found.Add("alerts.mail.to is empty: name at least one recipient.");
        }

        foreach (string address in mail.To.Prepend(mail.From).Where(a => !MailboxAddress.TryParse(a, out MailboxAddress? parsed) || !parsed.Address.Contains('@', StringComparison.Ordinal)))
        {
            found.Add("alerts.mail: '" + address + "' is no mail address: write it like ops@example.org.");
        }

        OptionsCheck.Range(found, "alerts.mail.port", mail.Port, 1, 65_535);
        OptionsCheck.Range(found, "alerts.mail.timeoutS", mail.TimeoutS, 1, 120);
    }

    private static void Severity(List<string> found, string what, string severity)
    {
        if (!Enum.GetNames<AlertSeverity>().Contains(severity, StringComparer.OrdinalIgnoreCase) || severity.Any(char.IsUpper))
        {
            found.Add(what + " is '" + severity + "': use info, warning or critical.");
        }
    }
}
