using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ballast.Host.Tests.Alerts;

/// <summary>A mail server on loopback: enough of SMTP to take a mail, or to refuse it as the test says.</summary>
internal sealed class MailServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _loop;
    private readonly string _atRecipient;

    /// <param name="atRecipient">Answer to RCPT.</param>
    internal MailServer(string atRecipient = "250 ok")
    {
        _atRecipient = atRecipient;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _loop = Task.Run(Serve);
    }

    internal int Port { get; }

    internal List<string> Commands { get; } = [];

    internal List<string> Mails { get; } = [];

    public void Dispose()
    {
        _listener.Stop();
        _loop.Wait();
    }

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync();
                using StreamReader reader = new(client.GetStream(), Encoding.UTF8);
                await using StreamWriter writer = new(client.GetStream(), new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
                await writer.WriteLineAsync("220 test ESMTP");
                while (await reader.ReadLineAsync() is { } line)
                {
                    Commands.Add(line);
                    if (line == "DATA")
                    {
                        await writer.WriteLineAsync("354 go on");
                        StringBuilder mail = new();
                        while (await reader.ReadLineAsync() is { } text && text != ".")
                        {
                            mail.Append(text).Append('\n');
                        }

                        Mails.Add(mail.ToString());
                    }

                    await writer.WriteLineAsync(line.StartsWith("RCPT", StringComparison.Ordinal) ? _atRecipient : line == "QUIT" ? "221 bye" : "250 ok");
                    if (line == "QUIT")
                    {
                        break;
                    }
                }
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            // The test is over, or the client left.
        }
    }
}
