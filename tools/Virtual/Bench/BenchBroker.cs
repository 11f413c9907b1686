using Ballast.Mqtt;
using Ballast.Virtual.Processes;

namespace Ballast.Virtual.Bench;

/// <summary>A mosquitto of the bench's own, in a directory of its own; both go when it is disposed.</summary>
internal sealed class BenchBroker : IDisposable
{
    private readonly MosquittoBroker _broker;

    public BenchBroker()
    {
        if (MosquittoLibrary.Problem is { } problem)
            throw new DemoException(problem);
        Folder = Directory.CreateTempSubdirectory("ballast-bench-");
        try
        {
            _broker = new MosquittoBroker(Folder.FullName);
            _broker.Start();
        }
        catch
        {
            Folder.Delete(recursive: true);
            throw;
        }
    }

    public DirectoryInfo Folder { get; }

    public int Port => _broker.Port;

    public void Dispose()
    {
        _broker.Dispose();
        Folder.Delete(recursive: true);
    }
}
