using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
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
        string? fault = null;
        client.ServerCertificateValidationCallback = (_, _, chain, errors) =>
        {
            fault = Fault(chain, errors);
            return errors == SslPolicyErrors.None;
        };
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
        catch (MailKit.ServiceNotAuthenticatedException)
        {
            return new Delivery(false, false, "The mail server wants a user: set alerts.mail.user and alerts.mail.password.");
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
        catch (SslHandshakeException error)
        {
            // The library's own text is a page of guesses; the check or what lies below says which it was.
            return new Delivery(false, true, fault is not null
                ? "The mail server's certificate is not accepted (" + fault + "): check alerts.mail.host, and that this machine trusts the authority that signed it."
                : "The mail server does not speak TLS as alerts.mail.tls says (" + (error.InnerException?.Message ?? error.Message).Split('\n')[0].Trim().TrimEnd('.') + "): check port and tls.");
        }
        catch (Exception error) when (error is IOException or System.Net.Sockets.SocketException or MailKit.ProtocolException or System.Security.Authentication.AuthenticationException)
        {
            return new Delivery(false, true, "The mail server cannot be reached: " + error.Message.Split('\n')[0].Trim().TrimEnd('.') + ".");
        }
    }

    public void Dispose()
    {
    }

    // Null for a certificate without fault.
    private string? Fault(X509Chain? chain, SslPolicyErrors errors)
    {
        List<string> found = [];
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            found.Add("there is none");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            found.Add("it is not for the name " + section.Host);
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            found.AddRange(chain?.ChainStatus.Select(s => s.Status.ToString()).Distinct() ?? []);
        }

        return errors == SslPolicyErrors.None ? null : string.Join(", ", found);
    }
}
