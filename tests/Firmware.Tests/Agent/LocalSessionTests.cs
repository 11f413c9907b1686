using System.Text;
using Ballast.Firmware.Agent;

namespace Ballast.Firmware.Tests.Agent;

/// <summary>One connection to the local page in simulated time: slow, long, split and silent clients.</summary>
public class LocalSessionTests
{
    private readonly LocalSession _session;
    private long _nowMs = 1000;

    public LocalSessionTests()
    {
        var bench = new Bench();
        bench.Run(1);
        _session = new LocalSession(new LocalApi(bench.Agent));
        _session.Begin(_nowMs);
    }

    private void Type(string text) => _session.Receive(Encoding.ASCII.GetBytes(text), text.Length, _nowMs);

    private string Answer => Encoding.ASCII.GetString(_session.Answer, _session.First, _session.Waiting);

    [Fact]
    public void A_request_may_come_byte_by_byte()
    {
        foreach (char c in "GET / HTTP/1.1\r\nHost: b\r\n\r")
        {
            Type(c.ToString());
            Assert.Equal(0, _session.Waiting);
            _nowMs += 10;
        }

        Type("\n");
        Assert.StartsWith("HTTP/1.1 200", Answer, StringComparison.Ordinal);
    }

    [Fact]
    public void A_slow_request_is_refused_once_and_then_closed()
    {
        Type("GET / HT");
        _nowMs += LocalSession.RequestMs - 1;
        Assert.False(_session.Over(_nowMs));
        Assert.Equal(0, _session.Waiting);
        _nowMs++;
        Assert.False(_session.Over(_nowMs));
        Assert.StartsWith("HTTP/1.1 408", Answer, StringComparison.Ordinal);
        _nowMs += LocalSession.AnswerMs;
        Assert.True(_session.Over(_nowMs));
    }

    [Fact]
    public void Who_says_nothing_is_closed_without_an_answer()
    {
        Assert.True(_session.Over(_nowMs + LocalSession.RequestMs));
        Assert.Equal(0, _session.Waiting);
    }

    [Fact]
    public void A_long_request_is_refused_at_its_bound()
    {
        Type("GET / HTTP/1.1\r\nX: " + new string('a', LocalApi.MaxRequest));
        Assert.StartsWith("HTTP/1.1 431", Answer, StringComparison.Ordinal);
    }

    [Fact]
    public void A_body_is_not_read_and_its_bytes_change_no_answer()
    {
        Type("POST /api/system/restart HTTP/1.1\r\nContent-Length: 4\r\n\r\n{}{}");
        string first = Answer;
        Assert.StartsWith("HTTP/1.1 405", first, StringComparison.Ordinal);
        Type("GET / HTTP/1.1\r\n\r\n");
        Assert.Equal(first, Answer);
    }

    [Fact]
    public void Who_does_not_take_the_answer_is_closed()
    {
        Type("GET / HTTP/1.1\r\n\r\n");
        _session.Took(10);
        Assert.False(_session.Sent);
        Assert.False(_session.Over(_nowMs + LocalSession.AnswerMs - 1));
        Assert.True(_session.Over(_nowMs + LocalSession.AnswerMs));
        _session.Took(_session.Waiting);
        Assert.True(_session.Sent);
    }

    [Fact]
    public void The_next_connection_starts_clean()
    {
        Type("GET /half");
        _session.Begin(_nowMs);
        Type("GET / HTTP/1.1\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", Answer, StringComparison.Ordinal);
    }
}
