using System;
using System.Linq;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Ballast.Device.Tests;

/// <summary>A provisioning file is taken whole or refused with a sentence.</summary>
public sealed class SettingsReaderTests
{
    private static readonly string Key = string.Concat(Enumerable.Range(0, 32).Select(i => i.ToString("x2", null)));

    private static readonly string Enrolled =
        $"# a pod board\nsite=demo\npod=p1\nboard=b01\nserial=G-1\nenrolled=1\nfailsafeW=5\nnameplateW=25\r\npodKid=3\npodKey={Key}\nboardKid=4\n"
        + $"boardKey={Key.ToUpperInvariant()}\nmqttHost=10.0.0.1\nmqttPort=8883\nmqttTls=1\nmqttUser=u\nmqttPassword=p=q\n\n"
        + "pool0Url=stratum+tcp://pool.example:3333\npool0User=w\npool0Password=x\npool1Url=10.0.0.2:3333\npool1User=w2";

    [Fact]
    public void Reads_every_member()
    {
        DeviceSettings s = Read(Enrolled, out string? reason)!;
        Assert.Null(reason);
        Assert.Equal(("demo", "p1", "b01", "G-1"), (s.Board.Site, s.Board.Pod, s.Board.Board, s.Board.Serial));
        Assert.True(s.Board.Enrolled);
        Assert.Equal((5, 25), (s.Board.FailsafeW, s.Board.NameplateW));
        Assert.Equal((3, 4), (s.Board.PodKeys.Single().Kid, s.Board.BoardKeys.Single().Kid));
        Assert.Equal(Enumerable.Range(0, 32).Select(i => (byte)i), s.Board.PodKeys[0].Key);
        Assert.Equal(s.Board.PodKeys[0].Key, s.Board.BoardKeys[0].Key);
        Assert.Equal(("10.0.0.1", 8883, true, "u", "p=q"), (s.Broker.Host, s.Broker.Port, s.Broker.Tls, s.Broker.User, s.Broker.Password));
        Assert.Equal(["stratum+tcp://pool.example:3333", "10.0.0.2:3333"], s.Board.Pools.Select(p => p.Url));
        Assert.Equal(["w", "w2"], s.Board.Pools.Select(p => p.User));
        Assert.Equal("x", s.Board.Pools[0].Password);
    }

    [Fact]
    public void An_empty_file_is_a_board_on_its_own_without_a_pool()
    {
        DeviceSettings s = Read("", out string? reason)!;
        Assert.Null(reason);
        Assert.False(s.Board.Enrolled);
        Assert.Empty(s.Board.Pools);
        Assert.Equal("", s.Broker.Host);
        Assert.Null(s.Broker.User);
    }

    [Theory]
    [InlineData("site=Demo", "settings line 1: site must be 1 to 32 of a-z, 0-9 and -")]
    [InlineData("# x\nboard=", "settings line 2: board must be 1 to 32 of a-z, 0-9 and -")]
    [InlineData("enrolled=yes", "settings line 1: enrolled must be 0 or 1")]
    [InlineData("failsafeW=1000001", "settings line 1: failsafeW must be a number from 0 to 1000000")]
    [InlineData("failsafeW=-1", "settings line 1: failsafeW must be a number from 0 to 1000000")]
    [InlineData("podKid=256", "settings line 1: podKid must be a number from 0 to 255")]
    [InlineData("mqttPort=", "settings line 1: mqttPort must be a number from 0 to 65535")]
    [InlineData("podKey=abc", "settings line 1: podKey must be 64 hexadecimal digits")]
    [InlineData("colour=red", "settings line 1: 'colour' is not a setting of this firmware")]
    [InlineData("site", "settings line 1: write it as name=value, without blanks around the equals sign")]
    [InlineData("site = demo", "settings line 1: write it as name=value, without blanks around the equals sign")]
    [InlineData("=demo", "settings line 1: write it as name=value, without blanks around the equals sign")]
    [InlineData("serial=\u00e9", "settings line 1: only ASCII is allowed")]
    [InlineData("enrolled=1", "an enrolled board needs site, pod, board and mqttHost")]
    [InlineData("enrolled=1\nsite=a\npod=b\nboard=c\nmqttHost=h", "an enrolled board needs podKey and boardKey")]
    [InlineData("pool1Url=a:1", "pool1Url is set without pool0Url")]
    public void Refuses_with_a_sentence(string text, string expected)
    {
        Assert.Null(Read(text, out string? reason));
        Assert.Equal(expected, reason);
    }

    [Fact]
    public void A_wrong_key_is_not_repeated_in_the_sentence()
    {
        string wrong = Key[..^1] + "z";
        Assert.Null(Read("boardKey=" + wrong, out string? reason));
        Assert.DoesNotContain(wrong[..8], reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_bytes_give_settings_or_a_reason_and_never_throw()
    {
        Prop.ForAll<byte[]>(bytes =>
        {
            DeviceSettings? s = SettingsReader.TryRead(bytes, bytes.Length, out string? reason);
            return (s == null) == (reason != null);
        }).QuickCheckThrowOnFailure();

        byte[] whole = Encoding.ASCII.GetBytes(Enrolled);
        for (int cut = 0; cut < whole.Length; cut++)
        {
            DeviceSettings? s = SettingsReader.TryRead(whole, cut, out string? reason);
            Assert.Equal(s == null, reason != null);
        }
    }

    private static DeviceSettings? Read(string text, out string? reason)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return SettingsReader.TryRead(bytes, bytes.Length, out reason);
    }
}
