using System.Net;
using Ballast.Virtual.Processes;

namespace Ballast.Host.Tests.Alerts;

/// <summary>A web server on loopback that answers as the test says and keeps what it was sent.</summary>
internal sealed class Receiver : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _loop;
    private readonly Func<int, int?> _answer;

    /// <param name="answer">Status by number of the request from 0; null never answers.</param>
    internal Receiver(Func<int, int?> answer)
    {
        _answer = answer;
        int port = FreePorts.Take();
        Url = "http://127.0.0.1:" + port + "/alerts";
        _listener.Prefixes.Add("http://127.0.0.1:" + port + "/");
        _listener.Start();
        _loop = Task.Run(Serve);
    }

    internal string Url { get; }

    internal List<(Dictionary<string, string> Headers, byte[] Body)> Got { get; } = [];

    internal int Count
    {
        get
        {
            lock (Got)
            {
                return Got.Count;
            }
        }
    }

    public void Dispose()
    {
        _listener.Abort();
        _loop.Wait();
    }

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                using MemoryStream body = new();
                await context.Request.InputStream.CopyToAsync(body);
                int number;
                lock (Got)
                {
                    number = Got.Count;
                    Got.Add((context.Request.Headers.AllKeys.ToDictionary(k => k!, k => context.Request.Headers[k]!), body.ToArray()));
                }

                if (_answer(number) is { } status)
                {
                    context.Response.StatusCode = status;
                    context.Response.Close();
                }
            }
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }
}
