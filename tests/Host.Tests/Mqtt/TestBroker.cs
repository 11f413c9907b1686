using Ballast.Virtual.Processes;

namespace Ballast.Host.Tests.Mqtt;

/// <summary>A real mosquitto with a folder of its own, started; a test may kill it and start it again.</summary>
internal sealed class TestBroker : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ballast-broker-");
    private readonly MosquittoBroker _broker;

    internal TestBroker(string generalLines = "allow_anonymous true", string listenerLines = "")
    {
        _broker = new MosquittoBroker(_folder.FullName, listenerLines, generalLines);
        _broker.Start();
    }

    internal int Port => _broker.Port;

    internal int ProcessId => _broker.ProcessId;

    internal void Stop() => _broker.Kill();

    internal void Start() => _broker.Start();

    public void Dispose()
    {
        _broker.Dispose();
        _folder.Delete(recursive: true);
    }
}

/// <summary>Waits for what another process or thread does. The time only bounds a failure; no test passes by it.</summary>
internal static class Wait
{
    private const int PatienceS = 240;

    internal static void Until(Func<bool> condition, string what)
    {
        long end = Environment.TickCount64 + (PatienceS * 1000L);
        while (!condition())
        {
            if (Environment.TickCount64 > end)
            {
                Assert.Fail("Waited " + PatienceS + " s for " + what + ".");
            }

            Thread.Sleep(5);
        }
    }
}
