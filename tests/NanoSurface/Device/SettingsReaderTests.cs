using System;
using System.Linq;
using System.Text;
using Ballast.Firmware.Start;
using FsCheck;
using FsCheck.Fluent;

namespace Ballast.Device.Tests;

/// <summary>A provisioning file is taken whole or refused with a sentence.</summary>
public sealed class SettingsReaderTests
{
    private static readonly string Key = string.Concat(Enumerable.Range(0, 32).Select(i => i.ToString("x2", null)));

    private static readonly string Enrolled =
        $"# a pod board\nmodel=bitaxe-gamma\ntimeServer=10.0.0.9\nsite=demo\npod=p1\nboard=b01\nserial=G-1\nenrolled=1\nfailsafeW=5\nnameplateW=25\r\npodKid=3\npodKey={Key}\nboardKid=4\n"
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
    public void The_console_over_the_network_is_off_until_a_password_is_set()
    {
        Assert.Equal("", Read("model=bitaxe-gamma", out _)!.Network.ConsolePassword);
        Assert.Equal("", Read("model=bitaxe-gamma\nconsolePort=80", out _)!.Network.ConsolePassword);
        NetworkSettings on = Read("model=bitaxe-gamma\nconsolePassword=a long one = 12\nconsolePort=2000", out string? reason)!.Network;
        Assert.Null(reason);
        Assert.Equal(("a long one = 12", 2000), (on.ConsolePassword, on.ConsolePort));
    }

    [Theory]
    [InlineData("consolePort=0")]
    [InlineData("consolePort=80")]
    [InlineData("httpPort=2323")]
    public void A_console_over_the_network_has_a_port_of_its_own(string line)
    {
        Assert.Null(Read("model=bitaxe-gamma\nconsolePassword=twelve chars\n" + line, out string? reason));
        Assert.StartsWith("consolePort must be from 1 to 65535 and not that of the page", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_alone_is_a_board_on_its_own_without_a_pool()
    {
        DeviceSettings s = Read("model=bitaxe-gamma", out string? reason)!;
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
    [InlineData("consolePassword=short", "settings line 1: a console password has at least 12 characters")]
    [InlineData("consolePort=65536", "settings line 1: consolePort must be a number from 0 to 65535")]
    [InlineData("colour=red", "settings line 1: 'colour' is not a setting of this firmware")]
    [InlineData("site", "settings line 1: write it as name=value, without blanks around the equals sign")]
    [InlineData("site = demo", "settings line 1: write it as name=value, without blanks around the equals sign")]
    [InlineData("=demo", "settings line 1: write it as name=value, without blanks around the equals sign")]
    [InlineData("serial=\u00e9", "settings line 1: only ASCII is allowed")]
    [InlineData("model=bitaxe-hex\nenrolled=1", "an enrolled board needs site, pod, board and mqttHost")]
    [InlineData("model=bitaxe-hex\nenrolled=1\nsite=a\npod=b\nboard=c\nmqttHost=h", "an enrolled board needs podKey and boardKey")]
    [InlineData("model=bitaxe-hex\npool1Url=a:1", "pool1Url is set without pool0Url")]
    public void Refuses_with_a_sentence(string text, string expected)
    {
        Assert.Null(Read(text, out string? reason));
        Assert.Equal(expected, reason);
    }

    [Theory]
    [InlineData("", "model is \"\": name the board, bitaxe-max, bitaxe-ultra, bitaxe-supra, bitaxe-gamma, bitaxe-gamma-duo, bitaxe-hex, nerdqaxe-plus-plus, a1-eight or custom")]
    [InlineData("model=bitaxe-gamma\npin.reset=2", "pin.reset is fixed on a bitaxe-gamma: leave it out")]
    [InlineData("model=bitaxe-gamma\ncustom.chips=2", "custom.chips is set, but model is bitaxe-gamma: only model=custom takes it")]
    [InlineData("model=bitaxe-gamma\npin.led=47", "GPIO 47 is given to two lines")]
    [InlineData("model=bitaxe-gamma\npin.led=49", "settings line 2: pin.led must be a number from 0 to 48")]
    [InlineData("model=bitaxe-gamma\npin.led=26", "settings line 2: pin.led is 26: give a GPIO of the ESP32-S3, 0 to 21 or 33 to 48")]
    [InlineData("model=bitaxe-gamma\npin.lamp=4", "settings line 2: 'pin.lamp' is not a line of a control board")]
    [InlineData("custom.colour=4", "settings line 1: 'custom.colour' is not a member of a board's description, or not with this value")]
    [InlineData("custom.chips=many", "settings line 1: custom.chips must be a number, or several with commas between them")]
    [InlineData("network=dialup", "settings line 1: network must be wifi or ethernet")]
    [InlineData("ipAddress=10.0.0.256", "settings line 1: ipAddress must be an IPv4 address such as 192.168.1.20")]
    [InlineData("model=bitaxe-hex\nipAddress=10.0.0.5", "a fixed address needs ipAddress, ipMask and ipGateway; leave all out for DHCP")]
    [InlineData("model=bitaxe-hex\nmqttTls=1", "mqttTls=1 needs timeServer: a certificate cannot be judged without the date")]
    [InlineData("model=bitaxe-hex\nmqttCa=ca.pem", "mqttCa, mqttCert and mqttKey need mqttTls=1")]
    [InlineData("mqttCa=I:\\ca.pem", "settings line 1: mqttCa must be a file name of 1 to 32 letters, digits, -, _ and ., without a folder")]
    [InlineData("model=bitaxe-hex\nmqttTls=1\nmqttCert=b.pem", "mqttCert and mqttKey belong together: give both or neither")]
    public void Refuses_hardware_and_network_with_a_sentence(string text, string expected)
    {
        Assert.Null(Read(text, out string? reason));
        Assert.Equal(expected, reason);
    }

    [Fact]
    public void Reads_network_files_and_free_pins()
    {
        DeviceSettings s = Read(
            "model=bitaxe-ultra\nnetwork=ethernet\nipAddress=10.0.0.5\nipMask=255.255.255.0\nipGateway=10.0.0.1\nipDns=10.0.0.2\ntimeServer=ntp.example\nhttpPort=0\n"
            + "mqttTls=1\nmqttCa=ca.pem\nmqttCert=board.pem\nmqttKey=board-key.pem\npin.curtail=41\npin.watchdog=42\npin.led=21",
            out string? reason)!;
        Assert.Null(reason);
        Assert.True(s.Network.Ethernet);
        Assert.Equal(("10.0.0.5", "255.255.255.0", "10.0.0.1", "10.0.0.2"), (s.Network.Address, s.Network.Mask, s.Network.Gateway, s.Network.Dns));
        Assert.Equal(("ntp.example", 0), (s.Network.TimeServer, s.Network.HttpPort));
        Assert.Equal(("ca.pem", "board.pem", "board-key.pem"), (s.Broker.CaFile, s.Broker.CertificateFile, s.Broker.KeyFile));
        Assert.Equal((41, 42, 21), (s.Pins.Curtail, s.Pins.Watchdog, s.Pins.Led));
        Assert.Equal((1, 10, 39), (s.Pins.Reset, s.Pins.Enable, s.Pins.ConsoleTx));
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
        }).Check(Config.QuickThrowOnFailure.WithReplay(20261122, 1));

        byte[] whole = Encoding.ASCII.GetBytes(Enrolled);
        for (int cut = 0; cut < whole.Length; cut++)
        {
            DeviceSettings? s = SettingsReader.TryRead(whole, cut, out string? reason);
            Assert.Equal(s == null, reason != null);
        }
    }

    private static readonly string Custom = "model=custom\ncustom.model=rack-8\ncustom.chip=BM1370\ncustom.chips=8\ncustom.regulator=tps53647\ncustom.phases=6\n"
        + "custom.fanController=emc2302\ncustom.fans=2\ncustom.sensors=72,74\ncustom.sensorOffsetMilliC=10000\ncustom.fixedMw=6000\ncustom.chipMicroWattPerV2Mhz=22040\n"
        + "custom.inputMinMilliVolts=11000\ncustom.inputMaxMilliVolts=13000\ncustom.coreMinMilliVolts=1010\ncustom.coreMaxMilliVolts=1250\n"
        + "custom.railMaxMilliAmps=200000\ncustom.enableActiveHigh=1\ncustom.freqKhz=400000\ncustom.milliVolts=1010\n"
        + "custom.whileControllerDead=enable is pulled low\npin.enable=10\npin.sda=47\npin.scl=48\npin.asicTx=17\npin.asicRx=18\n";

    [Fact]
    public void S01_a_custom_board_brings_its_description_and_pins()
    {
        DeviceSettings s = Read(Custom + "pin.reset=1", out string? reason)!;
        Assert.Null(reason);
        Assert.Equal(("rack-8", 8, 6, true), (s.Custom!.Model, s.Custom.Chips, s.Custom.Phases, s.Custom.EnableActiveHigh));
        Assert.Equal([72, 74], s.Custom.Sensors);
        Assert.Equal((1, 10, true, 0x71), (s.Pins.Reset, s.Pins.Enable, s.Pins.EnableActiveHigh, s.Pins.PmBusAddress));
    }

    [Theory]
    [InlineData("pin.reset=2", "pin.reset must be 1 on a custom board: the first act after a start pulls it low")]
    [InlineData("pin.reset=1\npin.sda=8\npin.led=47", "GPIO 47 and 48 may only be pin.sda and pin.scl: the first act after a start sends safe orders there")]
    [InlineData("pin.reset=1\ncustom.externalWatchdog=1", "custom.externalWatchdog needs pin.watchdog: it must live from this firmware's edges (S08)")]
    [InlineData("pin.reset=1\ncustom.chips=0", "custom.chips is 0: a chain of this type has 1 to 126.")]
    public void S01_a_custom_board_that_the_first_act_could_harm_is_refused(string more, string expected)
    {
        Assert.Null(Read(Custom + more, out string? reason));
        Assert.Equal(expected, reason);
    }

    private static DeviceSettings? Read(string text, out string? reason)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return SettingsReader.TryRead(bytes, bytes.Length, out reason);
    }
}
