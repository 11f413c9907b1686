using System.Runtime.Versioning;
using Ballast.Host.Keys;
using Ballast.Host.Options;
using Ballast.Host.Tests.Broker;
using Ballast.Host.Tests.Mqtt;
using Ballast.Mqtt;
using Ballast.Virtual.Keys;
using Ballast.Virtual.Provisioning;

namespace Ballast.Host.Tests.Keys;

/// <summary><c>ballast keys swap</c>, on exactly the broker files that <c>ballast broker-config</c> writes, and mosquitto itself over them.</summary>
[SupportedOSPlatform("linux")]
public sealed class SwapTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ballast-swap-");

    private string Config => Path.Combine(_folder.FullName, "site.json");

    private string Output => Path.Combine(_folder.FullName, "new-board");

    public SwapTests() => File.WriteAllText(Config, $$"""
        { "site": "barn", "stateDir": "{{Path.Combine(_folder.FullName, "state")}}", "pods": [
          { "id": "p1", "boards": [ { "id": "b1", "nameplateW": 20 }, { "id": "b2", "nameplateW": 20 } ] },
          { "id": "p2", "boards": [ { "id": "b1", "nameplateW": 20 } ] } ] }
        """);

    public void Dispose() => _folder.Delete(recursive: true);

    private static (SettingLines?, string?) Lines()
    {
        var lines = new SettingLines();
        return (lines, lines.AddOpen("model=bitaxe-gamma") ?? lines.AddOpen("mqttHost=10.0.0.5"));
    }

    private BoardSwap Swap(SiteSecrets secrets, string? broker, string node = "p1/b1") => new()
    {
        Config = Config,
        Node = node,
        Broker = broker,
        Output = Output,
        Lines = Lines,
        Extras = new BoardExtras(),
        NewKeys = () => secrets.Offline("swap", node, DateTimeOffset.UtcNow),
    };

    [Fact]
    public void F27_the_new_board_gets_in_with_its_files_and_the_former_one_is_thrown_out_and_stays_out()
    {
        using GeneratedBroker broker = new();
        SiteSecrets secrets = SiteSecrets.Open(Config, create: true);
        Assert.Contains("5 new", secrets.Complete(DateTimeOffset.UtcNow)[0], StringComparison.Ordinal);
        KeyRing before = secrets.Store.Current.Ring("board/p1/b1")!;
        MqttOptions former = broker.Options("p1.b1");
        Talker old = broker.Connect(former);
        Talker other = broker.Connect("p1.b2", "p1/b2/set");
        Talker host = broker.Connect("host", "#");

        List<string> told = [];
        BoardFiles files = Swap(secrets, broker.Output).Run(told);
        broker.Reload();
        Wait.Until(() => !old.Connection.IsConnected && old.Connection.LastResult.Code is MqttConnectCode.RefusedCredentials or MqttConnectCode.RefusedNotAuthorized, "the former board to be refused: " + old.Connection.LastResult.Sentence);

        // The file that nanoff brings to the board, read by the firmware's own reader.
        Assert.Contains("p1/b1 has a new key", told[0], StringComparison.Ordinal);
        SecretSet now = SecretStore.Open(secrets.Store.Path, secrets.KeyFile).Current;
        Assert.Equal([(now.Ring("pod/p1")!.Newest.Kid, now.Ring("pod/p1")!.Newest.Key)], files.Settings.Board.PodKeys.Select(k => (k.Kid, Convert.ToHexStringLower(k.Key!))));
        Assert.Equal([(now.Ring("board/p1/b1")!.Current, now.Ring("board/p1/b1")!.Signing.Key)], files.Settings.Board.BoardKeys.Select(k => (k.Kid, Convert.ToHexStringLower(k.Key!))));
        Assert.NotEqual(before.Signing.Key, now.Ring("board/p1/b1")!.Signing.Key);
        Assert.Equal(KeyStage.Installing, now.Ring("pod/p1")!.Rotation!.Stage);
        Assert.Null(now.Ring("pod/p2")!.Rotation);
        string written = File.ReadAllText(Path.Combine(Output, BoardFiles.SettingsName));
        string password = written.Split('\n').Single(l => l.StartsWith("mqttPassword=", StringComparison.Ordinal))["mqttPassword=".Length..];
        Assert.NotEqual(former.Password, password);

        Talker fresh = broker.Connect(former with { ClientId = "fresh", Password = password, Subscriptions = [new MqttSubscription(GeneratedBroker.Root + "p1/b1/set")] });
        fresh.Say("p1/b1/state");
        host.Hears("p1/b1/state");
        host.Say("p1/b1/set");
        fresh.Hears("p1/b1/set");
        host.Say("p1/b2/set");
        other.Hears("p1/b2/set");
        Assert.False(old.Connection.IsConnected);
        Assert.Equal(1, old.Heard.Connects);
    }

    [Fact]
    public void What_cannot_work_is_refused_before_anything_changes()
    {
        using GeneratedBroker broker = new();
        SiteSecrets secrets = SiteSecrets.Open(Config, create: true);
        secrets.Complete(DateTimeOffset.UtcNow);
        string passwords = Path.Combine(broker.Output, "broker", "passwords");
        string before = File.ReadAllText(passwords);
        SecretSet stored = secrets.Store.Current;
        Refused(Swap(secrets, Path.Combine(_folder.FullName, "nowhere")), "has no broker/passwords");
        Refused(Swap(secrets, broker.Output, "p1/b9"), "has no board p1/b9");
        Directory.CreateDirectory(Output);
        File.WriteAllText(Path.Combine(Output, BoardFiles.SettingsName), "mine");
        Refused(Swap(secrets, broker.Output), "is there already");
        File.AppendAllText(passwords, "\n");
        Refused(Swap(secrets, broker.Output), "is there already");
        Directory.Delete(Output, recursive: true);
        Refused(Swap(secrets, broker.Output), "was changed since");
        File.WriteAllText(passwords, before);
        Assert.Same(stored, secrets.Store.Current);
        Assert.Equal(before, File.ReadAllText(passwords));
        Assert.False(Directory.Exists(Output));

        static void Refused(BoardSwap swap, string sentence)
        {
            List<string> told = [];
            Assert.Contains(sentence, Assert.Throws<IOException>(() => swap.Run(told)).Message, StringComparison.Ordinal);
            Assert.Empty(told);
        }
    }

    [Fact]
    public void A_running_host_is_not_worked_around()
    {
        SiteSecrets secrets = SiteSecrets.Open(Config, create: true);
        secrets.Complete(DateTimeOffset.UtcNow);
        SiteOptions site = OptionsFile.Load(Config, out _)!;
        using (new Host.Ledger.SqliteJournal(site.StateDir, new Host.Ledger.JournalOptions { Site = "barn", Host = "h1" }))
        {
            Assert.Contains("leave --offline out", secrets.Offline("rotate", "p1", DateTimeOffset.UtcNow), StringComparison.Ordinal);
            Assert.Null(secrets.Store.Current.Ring("pod/p1")!.Rotation);
        }

        Assert.Null(secrets.Offline("rotate", "p1", DateTimeOffset.UtcNow));
        Assert.NotNull(secrets.Store.Current.Ring("pod/p1")!.Rotation);
    }
}
