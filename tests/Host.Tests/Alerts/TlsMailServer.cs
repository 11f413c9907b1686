using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Ballast.Host.Tests.Alerts;

/// <summary>A mail server on loopback that speaks TLS from the first byte or after STARTTLS, and notes what came in clear and what did not.</summary>
internal sealed class TlsMailServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;
    private readonly bool _fromFirstByte;
    private readonly Task _loop;

    internal TlsMailServer(string certificateFile, string keyFile, bool fromFirstByte)
    {
        // The platform wants the key in a store of its own, not the file's.
        using X509Certificate2 read = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        _certificate = X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null);
        _fromFirstByte = fromFirstByte;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _loop = Task.Run(Serve);
    }

    internal int Port { get; }

    /// <summary>Answer to AUTH.</summary>
    internal string AtLogin { get; set; } = "235 welcome";

    internal List<string> Clear { get; } = [];

    internal List<string> Encrypted { get; } = [];

    internal List<string> Mails { get; } = [];

    public void Dispose()
    {
        _listener.Stop();
        _loop.Wait();
        _certificate.Dispose();
    }

    private async Task Serve()
    {
        while (true)
        {
            try
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync();
                Stream plain = client.GetStream();
                if (!_fromFirstByte && !await Talk(plain, Clear, true))
                {
                    continue;
                }

                await using SslStream tls = new(plain);
                await tls.AuthenticateAsServerAsync(_certificate);
                await Talk(tls, Encrypted, _fromFirstByte);
            }
            catch (Exception error) when (error is ObjectDisposedException or InvalidOperationException || !_listener.Server.IsBound)
            {
                return;
            }
            catch (Exception error) when (error is SocketException or IOException or System.Security.Authentication.AuthenticationException)
            {
                // The client did not like the certificate, or left.
            }
        }
    }

    // Byte by byte where TLS may follow: a reader would take its first bytes. True once the client asked for TLS.
    private async Task<bool> Talk(Stream stream, List<string> said, bool greet)
    {
        bool clear = stream is not SslStream;
        if (greet)
        {
            await Say(stream, "220 test ESMTP");
        }

        while (await Line(stream) is { } line)
        {
            said.Add(line);
            string word = line.Split(' ')[0].ToUpperInvariant();
            if (word == "STARTTLS" && clear)
            {
                await Say(stream, "220 go on");
                return true;
            }

            if (word == "DATA")
            {
                await Say(stream, "354 go on");
                StringBuilder mail = new();
                while (await Line(stream) is { } text && text != ".")
                {
                    mail.Append(text).Append('\n');
                }

                Mails.Add(mail.ToString());
            }

            await Say(stream, word switch
            {
                "EHLO" => clear ? "250-test\r\n250 STARTTLS" : "250-test\r\n250 AUTH PLAIN",
                "AUTH" => AtLogin,
                "QUIT" => "221 bye",
                _ => "250 ok",
            });
            if (word == "QUIT")
            {
                return false;
            }
        }

        return false;
    }

    private static Task Say(Stream stream, string line) => stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n")).AsTask();

    private static async Task<string?> Line(Stream stream)
    {
        byte[] one = new byte[1];
        StringBuilder line = new();
        while (await stream.ReadAsync(one) == 1)
        {
            if (one[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)one[0]);
        }

        return null;
    }
}
