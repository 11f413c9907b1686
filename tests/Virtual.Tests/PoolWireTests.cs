using System.Net.Sockets;
using System.Text.Json;
using Ballast.Virtual.Pool;

namespace Ballast.Virtual.Tests;

/// <summary>The pool over its socket, as a miner sees it.</summary>
public sealed class PoolWireTests : IAsyncLifetime
{
    private readonly VirtualPool _pool = new(new PoolOptions { JobEveryMs = 600_000 });
    private readonly TcpClient _client = new();
    private StreamReader _reader = null!;
    private StreamWriter _writer = null!;

    public async ValueTask InitializeAsync()
    {
        _pool.Start();
        await _client.ConnectAsync("127.0.0.1", _pool.Port);
        NetworkStream stream = _client.GetStream();
        stream.ReadTimeout = 240_000;
        _reader = new StreamReader(stream);
        _writer = new StreamWriter(stream) { AutoFlush = true, NewLine = "\n" };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _pool.DisposeAsync();
    }

    [Fact]
    public void Miner_configures_subscribes_authorizes_and_submits_the_recorded_work()
    {
        _writer.WriteLine("{\"id\":1,\"method\":\"mining.configure\",\"params\":[[\"version-rolling\"],{\"version-rolling.mask\":\"ffffffff\",\"version-rolling.min-bit-count\":2}]}");
        Assert.Equal("1fffe000", Read().GetProperty("result").GetProperty("version-rolling.mask").GetString());
        _writer.WriteLine("{\"id\":2,\"method\":\"mining.subscribe\",\"params\":[\"test/1\"]}");
        JsonElement subscribed = Read().GetProperty("result");
        Assert.Equal("4128064f", subscribed[1].GetString());
        Assert.Equal(4, subscribed[2].GetInt32());
        _writer.WriteLine("{\"id\":3,\"method\":\"mining.authorize\",\"params\":[\"b01\",\"x\"]}");
        Assert.True(Read().GetProperty("result").GetBoolean());
        Assert.Equal(256, Read().GetProperty("params")[0].GetInt32());
        JsonElement notify = Read();
        Assert.Equal("mining.notify", notify.GetProperty("method").GetString());
        Assert.Equal("875b4b7", notify.GetProperty("params")[0].GetString());
        Assert.Equal(12, notify.GetProperty("params")[4].GetArrayLength());

        const string Submit = "{\"id\":4,\"method\":\"mining.submit\",\"params\":[\"b01\",\"875b4b7\",\"00000000\",\"685468d7\",\"00001452\",\"00000000\"]}";
        _writer.WriteLine(Submit);
        Assert.True(Read().GetProperty("result").GetBoolean());
        _writer.WriteLine(Submit);
        Assert.Equal(22, Read().GetProperty("error")[0].GetInt32());
        _writer.WriteLine("{\"id\":6,\"method\":\"mining.unheard\",\"params\":[]}");
        Assert.Equal(20, Read().GetProperty("error")[0].GetInt32());
        Assert.Equal(1, _pool.Ledger.Accepted);
    }

    [Fact]
    public void Submit_before_subscribe_is_refused_with_25()
    {
        _writer.WriteLine("{\"id\":4,\"method\":\"mining.submit\",\"params\":[\"b01\",\"875b4b7\",\"00000000\",\"685468d7\",\"00001452\",\"00000000\"]}");
        Assert.Equal(25, Read().GetProperty("error")[0].GetInt32());
    }

    [Fact]
    public void Line_that_is_no_request_is_answered_and_ends_the_session()
    {
        _writer.WriteLine("hello");
        Assert.Equal(20, Read().GetProperty("error")[0].GetInt32());
        Assert.Null(_reader.ReadLine());
    }

    [Fact]
    public async Task Every_session_searches_its_own_space()
    {
        _writer.WriteLine("{\"id\":2,\"method\":\"mining.subscribe\",\"params\":[\"test/1\"]}");
        string first = Read().GetProperty("result")[1].GetString()!;
        using var second = new TcpClient();
        await second.ConnectAsync("127.0.0.1", _pool.Port, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(second.GetStream());
        await second.GetStream().WriteAsync("{\"id\":2,\"method\":\"mining.subscribe\",\"params\":[]}\n"u8.ToArray(), TestContext.Current.CancellationToken);
        using JsonDocument answer = JsonDocument.Parse((await reader.ReadLineAsync(TestContext.Current.CancellationToken))!);
        Assert.NotEqual(first, answer.RootElement.GetProperty("result")[1].GetString());
    }

    private JsonElement Read() => JsonDocument.Parse(_reader.ReadLine() ?? throw new EndOfStreamException("The pool closed the session.")).RootElement;
}
