using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Ballast.Host.Tests.Mqtt;

/// <summary>A real mosquitto on a free loopback port, ended by its id.</summary>
internal sealed class BrokerProcess : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ballast-broker-").FullName;
    private readonly string _config;
    private Process? _process;

    internal BrokerProcess(string extraConfig = "allow_anonymous true\n", string listenerConfig = "")
    {
        Port = FreePort();
        _config = Path.Combine(_folder, "mosquitto.conf");
        File.WriteAllText(_config, $"user {Environment.UserName}\nlistener {Port} 127.0.0.1\n{listenerConfig}set_tcp_nodelay true\npersistence false\n{extraConfig}");
        Start();
    }

    internal int Port { get; }

    internal string Folder => _folder;

    internal static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    internal void Start()
    {
        string path = File.Exists("/usr/sbin/mosquitto") ? "/usr/sbin/mosquitto" : "mosquitto";
        try
        {
            _process = Process.Start(new ProcessStartInfo(path, ["-c", _config]) { RedirectStandardError = true, RedirectStandardOutput = true });
        }
        catch (Win32Exception)
        {
            Assert.Fail("This test needs the broker mosquitto, which is not installed: apt-get install mosquitto");
        }

        _process!.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        Wait.Until(CanConnect, "mosquitto to listen");
    }

    internal void Stop()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process?.Dispose();
        _process = null;
    }

    public void Dispose()
    {
        Stop();
        Directory.Delete(_folder, recursive: true);
    }

    private bool CanConnect()
    {
        if (_process!.HasExited)
        {
            Assert.Fail("mosquitto ended with code " + _process.ExitCode + "; its configuration: " + File.ReadAllText(_config));
        }

        try
        {
            using TcpClient client = new();
            client.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

/// <summary>Waits for what another process or thread does. The time only bounds a failure; no test passes by it.</summary>
internal static class Wait
{
    internal static void Until(Func<bool> condition, string what, int seconds = 20)
    {
        long end = Environment.TickCount64 + (seconds * 1000L);
        while (!condition())
        {
            if (Environment.TickCount64 > end)
            {
                Assert.Fail("Waited " + seconds + " s for " + what + ".");
            }

            Thread.Sleep(5);
        }
    }
}
