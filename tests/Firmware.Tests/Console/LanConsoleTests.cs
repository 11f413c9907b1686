using Ballast.Firmware.Console;
using Ballast.Firmware.Tests.Agent;

namespace Ballast.Firmware.Tests.Console;

/// <summary>The console over the network: nobody gets in without the password, and guessing is slow.</summary>
public class LanConsoleTests
{
    private const string Password = "correct horse battery";

    private readonly Bench _bench = new();
    private readonly LanConsole _lan;
    private readonly PasswordCheck _check = new(Password);
    private FakePort _port = new();

    public LanConsoleTests()
    {
        _bench.Run(1);
        _lan = new LanConsole(_bench.Agent, _check);
    }

    private void Connect()
    {
        _port = new FakePort();
        _lan.Begin(_port, _bench.Clock.NowMs);
        Turn();
    }

    private void Turn(int times = 4)
    {
        for (int i = 0; i < times; i++)
        {
            _bench.Step();
            _lan.Step(_bench.Clock.NowMs);
        }
    }

    private string Type(string text)
    {
        _port.Out.Clear();
        _port.Type(text);
        do
            Turn();
        while (!_port.Empty && _lan.Open);
        return _port.Out.ToString();
    }

    [Fact]
    public void The_right_password_opens_the_same_console_and_is_not_echoed()
    {
        Connect();
        Assert.Equal("Password: ", _port.Out.ToString());
        string said = Type(Password + "\r");
        Assert.DoesNotContain("horse", said, StringComparison.Ordinal);
        Assert.Contains("Type help for commands", said, StringComparison.Ordinal);
        Assert.Contains("effective point", Type("status\r"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wrong password")]
    [InlineData("correct horse batter")]
    [InlineData("correct horse battery ")]
    [InlineData("Correct horse battery")]
    public void A_wrong_one_ends_the_connection_and_runs_nothing(string wrong)
    {
        Connect();
        string said = Type(wrong + "\rrestart\rfactory-reset\ryes\rRESET\r");
        Assert.Contains("wrong password", said, StringComparison.Ordinal);
        Turn();
        Assert.False(_lan.Open);
        Assert.False(_bench.Agent.RebootRequested);
        Assert.Equal("wrong password at the network console", _bench.Agent.Log.Text(_bench.Agent.Log.Count - 1));
    }

    [Fact]
    public void Three_wrong_ones_lock_everybody_out_for_a_minute_then_longer()
    {
        for (int round = 0, waitS = 60; round < 3; round++, waitS *= 2)
        {
            for (int i = 0; i < PasswordCheck.Attempts; i++)
            {
                Connect();
                Type("guess-number-" + i + "\r");
            }

            Connect();
            Assert.Matches("try again in (\\d+) s", _port.Out.ToString());
            Turn();
            Assert.False(_lan.Open);
            Assert.False(_check.Try(Password, _bench.Clock.NowMs));
            Assert.InRange(_check.WaitMs(_bench.Clock.NowMs), (waitS - 3) * 1000, waitS * 1000);
            _bench.Clock.NowMs += waitS * 1000;
            Assert.Equal(0, _check.WaitMs(_bench.Clock.NowMs));
        }

        Connect();
        Assert.Contains("Type help", Type(Password + "\r"), StringComparison.Ordinal);
    }

    [Fact]
    public void Waits_end_at_an_hour_and_a_right_one_starts_over()
    {
        long now = 0;
        for (int i = 0; i < 60; i++)
        {
            Assert.False(_check.Try("guess", now));
            Assert.InRange(_check.WaitMs(now), 0, PasswordCheck.MaxWaitMs);
            now += _check.WaitMs(now);
        }

        Assert.True(_check.Try(Password, now));
        for (int i = 0; i < PasswordCheck.Attempts; i++)
            Assert.False(_check.Try("guess", now));
        Assert.Equal(PasswordCheck.FirstWaitMs, _check.WaitMs(now));
    }

    [Theory]
    [InlineData("enroll pod 3")]
    [InlineData("enroll board 3")]
    [InlineData("set pool 0 stratum+tcp://10.0.0.9:3333 me")]
    public void Secrets_are_not_taken_over_an_open_stream(string line)
    {
        Connect();
        Type(Password + "\r");
        Assert.Contains("at the serial console only", Type(line + "\r"), StringComparison.Ordinal);
        Assert.Contains("No such command", Type(new string('a', 64) + "\r"), StringComparison.Ordinal);
    }

    [Fact]
    public void Ends_of_line_and_Ctrl_C_are_no_guesses_and_a_silent_login_ends()
    {
        Connect();
        Type("\r\n\u0003\r\n\u0003\r\n");
        Assert.Equal(0, _check.Refused);
        Assert.True(_lan.Open);
        _bench.Clock.NowMs += LanConsole.LoginMs;
        Turn();
        Assert.False(_lan.Open);
    }

    [Fact]
    public void Half_a_password_does_not_wait_for_the_next_person()
    {
        Connect();
        Type("correct horse \u001b[");
        _lan.Close();
        Connect();
        Assert.Contains("wrong password", Type("battery\r"), StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_quiet_minutes_end_a_session_and_a_key_starts_them_over()
    {
        Connect();
        Type(Password + "\r");
        _bench.Clock.NowMs += LanConsole.QuietMs - 1000;
        Type("\r");
        Assert.True(_lan.Open);
        _bench.Clock.NowMs += LanConsole.QuietMs;
        Turn();
        Turn();
        Assert.False(_lan.Open);
    }

    [Theory]
    [InlineData("short", false)]
    [InlineData("twelve chars", true)]
    [InlineData("pässword-långer", false)]
    public void A_password_must_be_long_and_typable(string password, bool good) => Assert.Equal(good, PasswordCheck.Problem(password) == null);
}
