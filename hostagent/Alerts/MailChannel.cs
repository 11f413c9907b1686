using Ballast.Host.Options;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Ballast.Host.Alerts;

/// <summary>Sends messages as mail, each over a connection of its own.</summary>
internal sealed class MailChannel(MailSection section) : IAlertChannel
{
    public string Id => "mail";

    public async Task<Delivery> Send(AlertMessage message, CancellationToken cancel)
    {
        using MimeMessage mail = new();
        mail.From.Add(MailboxAddress.Parse(section.From));
        mail.To.AddRange(section.To.Select(MailboxAddress.Parse));
        mail.Subject = message.Subject();
        mail.Date = message.Sent;
        mail.MessageId = message.Id + "@" + message.Site + ".ballast";

        // Nobody's out-of-office answer should come back.
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        mail.Body = new TextPart("plain") { Text = message.ToText() };
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(TimeSpan.FromSeconds(section.TimeoutS));

        // Plants often have no way to the lists of revoked certificates.
        using SmtpClient client = new() { CheckCertificateRevocation = false };
        try
        {
            SecureSocketOptions tls = section.Tls switch
            {
                "tls" => SecureSocketOptions.SslOnConnect,
                "none" => SecureSocketOptions.None,
                _ => SecureSocketOptions.StartTls,
            };
            await client.ConnectAsync(section.Host, section.Port, tls, timeout.Token);
            if (section.User is not null)
            {
                await client.AuthenticateAsync(section.User, section.Password ?? "", timeout.Token);
            }

            await client.SendAsync(mail, timeout.Token);
            await client.DisconnectAsync(true, timeout.Token);
            return new Delivery(true, false, "The mail server took it.");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new Delivery(false, true, "The mail server did not answer in time.");
        }
        catch (AuthenticationException error)
        {
            return new Delivery(false, false, "The mail server refused user or password (" + error.Message.TrimEnd('.') + "): check alerts.mail.");
        }
        catch (SmtpCommandException error)
        {
            // 4xx is for now, 5xx for good.
            return new Delivery(false, (int)error.StatusCode is >= 400 and < 500, "The mail server refused the mail: " + error.Message.TrimEnd('.') + ".");
        }
        catch (NotSupportedException error)
        {
            return new Delivery(false, false, "The mail server does not do what alerts.mail asks: " + error.Message.TrimEnd('.') + ".");
        }
        catch (Exception error) when (error is IOException or System.Net.Sockets.SocketException or SslHandshakeException or MailKit.ProtocolException or System.Security.Authentication.AuthenticationException)
        {
            // The library's text on a failed handshake is a page; its first line says it.
            return new Delivery(false, true, "The mail server cannot be reached: " + error.Message.Split('\n')[0].Trim().TrimEnd('.') + ".");
        }
    }

    public void Dispose()
    {
    }
}
