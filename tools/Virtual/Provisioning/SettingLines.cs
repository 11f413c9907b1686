using System.Globalization;
using Ballast.Host.Keys;
using Ballast.Host.Options;

namespace Ballast.Virtual.Provisioning;

/// <summary>
/// The settings of one board on their way into its file, each once. They come from the host's configuration, from <c>name=value</c>, and
/// from a file with secrets; what they mean, the firmware's own reader decides.
/// </summary>
public sealed class SettingLines
{
    /// <summary>Password of the Wi-Fi: goes to the network's own storage, not into the settings file.</summary>
    public const string WifiPassword = "wifiPassword";

    private static readonly string[] SecretNames = ["podKey", "boardKey", "mqttPassword", "pool0Password", "pool1Password", "consolePassword", WifiPassword];

    private readonly List<(string Name, string Value)> _lines = [];

    /// <summary>The settings in the order in which they came, without the Wi-Fi's.</summary>
    public IEnumerable<(string Name, string Value)> All => _lines.Where(l => l.Name != WifiPassword);

    /// <summary>A setting, or null.</summary>
    public string? this[string name] => _lines.Find(l => l.Name == name).Value;

    /// <summary>Adds a setting; null, or one sentence that never repeats a value.</summary>
    public string? Add(string name, string value)
    {
        if (this[name] is not null)
            return $"{name} is given twice: leave one out.";
        if (value.Any(c => c is < ' ' or > '~'))
            return $"{name} has a character that is not ASCII: write it without.";
        _lines.Add((name, value));
        return null;
    }

    /// <summary>Adds <c>name=value</c> of a command line, where no secret may stand: others see it in the list of processes.</summary>
    public string? AddOpen(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1)
            return "--set takes name=value, for example --set failsafeW=5.";
        string name = text[..equals];
        return SecretNames.Contains(name)
            ? $"{name} is a secret and would be seen by others here: write it as name=value into a file and name that with --secrets."
            : Add(name, text[(equals + 1)..]);
    }

    /// <summary>Adds the lines of a file with secrets.</summary>
    public string? AddSecrets(string path)
    {
        if (!File.Exists(path))
            return $"There is no file {path}.";
        if (PrivateFile.IsShared(path))
            return $"{path} holds secrets and others may read it: chmod 600 {path}.";
        string[] lines = File.ReadAllLines(path);
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length == 0 || lines[i][0] == '#')
                continue;
            int equals = lines[i].IndexOf('=', StringComparison.Ordinal);
            string? wrong = equals < 1 ? "write it as name=value." : Add(lines[i][..equals], lines[i][(equals + 1)..]);
            if (wrong is not null)
                return $"{path}, line {i + 1}: {wrong}";
        }

        return null;
    }

    /// <summary>Adds site, ids, keys and nameplate of a board from the host's configuration, and the broker unless it is only the host's own.</summary>
    public string? AddFromHost(string path, string podAndBoard)
    {
        string[] names = podAndBoard.Split('/');
        if (names.Length != 2)
            return "--board takes POD/BOARD, for example p1/b01.";
        if (!File.Exists(path))
            return $"There is no file {path}.";
        if (OptionsFile.Load(path, out IReadOnlyList<string> problems) is not { } site)
            return problems[0];
        if (site.Pods.FirstOrDefault(p => p.Id == names[0]) is not { } pod || pod.Boards.FirstOrDefault(b => b.Id == names[1]) is not { } board)
            return $"{path} has no board {podAndBoard}: add it there first.";

        // During a rotation the new key: the host offers a new board that one anyway.
        StoredKey podKey = SecretStore.Of(site)?.Current.Ring(SecretSet.OfPod(pod.Id))?.Newest ?? new StoredKey(pod.Kid, pod.Key, default);
        (string Name, string Value)[] found =
        [
            ("site", site.Site), ("pod", pod.Id), ("board", board.Id), ("enrolled", "1"),
            ("podKid", Text(podKey.Kid)), ("podKey", podKey.Key), ("boardKid", Text(board.Kid)), ("boardKey", board.Key),
            ("nameplateW", Text((int)Math.Ceiling(board.NameplateW))),
        ];
        string? wrong = null;
        foreach ((string name, string value) in found)
            wrong ??= Add(name, value);
        return wrong ?? AddBroker(site.Mqtt);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private string? AddBroker(MqttSection mqtt)
    {
        if (this["mqttHost"] is not null)
            return null;
        return mqtt.Host is "localhost" or "::1" || mqtt.Host.StartsWith("127.", StringComparison.Ordinal)
            ? "The host's broker is on the host itself: say what boards call it, --set mqttHost=ADDRESS."
            : Add("mqttHost", mqtt.Host) ?? (this["mqttPort"] is null ? Add("mqttPort", Text(mqtt.Port)) : null);
    }
}
