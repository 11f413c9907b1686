using System.CommandLine;
using System.Globalization;
using Ballast.Host.Keys;
using Ballast.Virtual.Broker;
using Ballast.Virtual.Keys;
using Ballast.Virtual.Provisioning;

namespace Ballast.Cli;

/// <summary><c>ballast keys</c>: the site's secrets, and keys that change while it runs.</summary>
internal static class KeysCommand
{
    private static readonly Option<string> Config = new("--config") { Description = "Configuration of the host.", Required = true };
    private static readonly Option<string?> Url = new("--url") { Description = "Address of the running host; without it the first of http.urls." };
    private static readonly Option<string?> ApiKeyFile = new("--api-key-file") { Description = "File with an API key of role admin, readable by you only; for a host that asks for one." };
    private static readonly Option<bool> Offline = new("--offline") { Description = "Changes the store itself; only while the host does not run. It goes on with it when it starts." };
    private static readonly Option<string> Reason = new("--reason") { Description = "Why; it is kept in the host's record.", DefaultValueFactory = _ => "asked for on the command line" };

    public static Command Create()
    {
        var command = new Command("keys", "Makes, lists, rotates and revokes a site's keys, and keeps other secrets. A key is never shown.");
        foreach (Command one in (Command[])[Make(), List(), Set(), Remove(), Rotate(), Export(), Drop(), Revoke(), Swap()])
            command.Subcommands.Add(one);
        return command;
    }

    private static Command Make()
    {
        var command = new Command("create", "Draws the keys that the configuration lacks, into the site's secret store; makes the store and its key file if they are not there. Run it again for new pods and boards.") { Config };
        command.SetAction(p => Safely(() =>
        {
            SiteSecrets secrets = SiteSecrets.Open(p.GetValue(Config)!, create: true);
            foreach (string sentence in secrets.Complete(DateTimeOffset.UtcNow))
                Console.WriteLine(sentence);
            Console.WriteLine($"{secrets.KeyFile} opens it: keep the two apart in backups.");
        }));
        return command;
    }

    private static Command List()
    {
        var pod = new Option<string?>("--pod") { Description = "Only this pod and its boards." };
        var command = new Command("list", "Numbers and ages of keys, rotations under way, and names of other secrets; no values.") { Config, pod };
        command.SetAction(p => Safely(() => Tell(SiteSecrets.Open(p.GetValue(Config)!, create: false).Store.Current, p.GetValue(pod))));
        return command;
    }

    private static Command Set()
    {
        var name = new Argument<string>("name") { Description = "Name by which the configuration calls it: \"secret:NAME\"." };
        var command = new Command("set", "Keeps a secret that it reads from its input, or asks for; never from the command line, where others see it.") { name, Config };
        command.SetAction(p => Safely(() =>
        {
            string called = p.GetValue(name)!;
            if (!SecretSet.IsName(called))
                throw new IOException($"'{called}' is no name for a secret: use 1 to 64 of a-z, 0-9, '.' and '-'.");
            SiteSecrets secrets = SiteSecrets.Open(p.GetValue(Config)!, create: true);
            string value = ReadSecret(called);
            if (value.Length is 0 or > 4096)
                throw new IOException("Nothing was kept: a secret has 1 to 4,096 characters.");
            secrets.Update(s => s.With(called, new NamedSecret(value, DateTimeOffset.UtcNow)));
            Console.WriteLine($"\"secret:{called}\" stands for it in the configuration from the host's next start on.");
        }));
        return command;
    }

    private static Command Remove()
    {
        var name = new Argument<string>("name") { Description = "Its name." };
        var command = new Command("remove", "Forgets a secret that was kept with set.") { name, Config };
        command.SetAction(p => Safely(() =>
        {
            SiteSecrets secrets = SiteSecrets.Open(p.GetValue(Config)!, create: false);
            string called = p.GetValue(name)!;
            if (!secrets.Store.Current.Values.ContainsKey(called))
                throw new IOException($"The secret store has no '{called}': 'ballast keys list' shows what it has.");
            secrets.Update(s => s.With(called, (NamedSecret?)null));
            Console.WriteLine($"'{called}' is forgotten.");
        }));
        return command;
    }

    private static Command Rotate()
    {
        Argument<string> node = Node("A pod, one board as POD/BOARD, or a signed source.");
        var output = new Option<string?>("--out") { Description = "Of a source: new file, readable by you only, that gets the key for its other end." };
        var command = new Command("rotate", "Changes the key of a pod, of one board or of a signed source while the site runs: no board moves. A source may use both keys until its first message under the new one.") { node, Config, output, Url, ApiKeyFile, Offline, Reason };
        command.SetAction(p => Safely(() =>
        {
            SiteSecrets secrets = SiteSecrets.Open(p.GetValue(Config)!, create: false);
            if (secrets.Source(p.GetValue(node)!) is { } source)
            {
                string file = p.GetValue(output) ?? throw new IOException($"Nothing was changed: the other end of {source} needs the new key, so name a new file for it with --out.");
                SiteSecrets.CheckNew(file);
                Change(p, secrets, "rotate", p.GetValue(node)!, board: false);
                SourceKeyFile(SiteSecrets.Open(p.GetValue(Config)!, create: false), source, file);
                Console.WriteLine($"Both keys of {source} count now. Its first message under the new one ends the old one; 'ballast keys drop {source}' does it at once.");
                return;
            }

            Change(p, secrets, "rotate", p.GetValue(node)!, board: false);
            Console.WriteLine($"The key of {p.GetValue(node)} is being rotated: 'ballast keys list' shows how far it is.");
        }));
        return command;
    }

    private static Command Export()
    {
        Argument<string> node = Node("The source.");
        var output = new Option<string>("--out") { Description = "New file, readable by you only.", Required = true };
        var command = new Command("export", "Writes the newest key of a signed source into a file, for its other end; the only key that leaves the store.") { node, Config, output };
        command.SetAction(p => Safely(() =>
        {
            SiteSecrets secrets = SiteSecrets.Open(p.GetValue(Config)!, create: false);
            string source = secrets.Source(p.GetValue(node)!) ?? throw new IOException(secrets.NoSource(p.GetValue(node)!));
            SiteSecrets.CheckNew(p.GetValue(output)!);
            SourceKeyFile(secrets, source, p.GetValue(output)!);
        }));
        return command;
    }

    private static Command Drop()
    {
        Argument<string> node = Node("The source.");
        var command = new Command("drop", "Ends the old key of a signed source that is being rotated, without waiting for a message under the new one.") { node, Config, Url, ApiKeyFile, Offline, Reason };
        command.SetAction(p => Safely(() =>
        {
            SiteSecrets secrets = SiteSecrets.Open(p.GetValue(Config)!, create: false);
            string source = secrets.Source(p.GetValue(node)!) ?? throw new IOException(secrets.NoSource(p.GetValue(node)!));
            Change(p, secrets, "drop", source, board: false);
            Console.WriteLine($"The old key of {source} counts no more.");
        }));
        return command;
    }

    private static void SourceKeyFile(SiteSecrets secrets, string source, string file)
    {
        int kid = secrets.ExportSource(source, file);
        Console.WriteLine($"{file} has key {kid} of {source}: give it to its other end over a way that nobody else reads, then delete it.");
    }

    private static Command Revoke()
    {
        Argument<string> node = Node("The board, as POD/BOARD.");
        var broker = Broker();
        var command = new Command("revoke", "Takes a stolen board's key out of use: the host neither hears it nor speaks to it, and its pod's key is rotated without it.") { node, Config, broker, Url, ApiKeyFile, Offline, Reason };
        command.SetAction(p => Safely(() =>
        {
            SiteSecrets secrets = SiteSecrets.Open(p.GetValue(Config)!, create: false);
            string name = p.GetValue(node)!, user = name.Replace('/', '.');
            BrokerAccess? access = p.GetValue(broker) is { } folder ? new BrokerAccess(folder) : null;
            access?.Check(user);
            Change(p, secrets, "revoke", name, board: true);
            Console.WriteLine($"The key of {name} is revoked, and the key of its pod is being rotated.");
            foreach (string sentence in access?.Renew(user) ?? [NoBroker(user)])
                Console.WriteLine(sentence);
            Console.WriteLine($"'ballast keys swap {name}' puts another board in its place.");
        }));
        return command;
    }

    private static Command Swap()
    {
        Argument<string> node = Node("The board, as POD/BOARD.");
        var broker = Broker();
        var options = new BoardFileOptions();
        var command = new Command("swap", "Puts another board in the place of one: new key, new password at the broker, files for nanoff; the former board can no longer speak.") { node, Config, broker, Url, ApiKeyFile, Offline, Reason };
        options.AddTo(command);
        command.SetAction(p => Safely(() =>
        {
            SiteSecrets secrets = SiteSecrets.Open(p.GetValue(Config)!, create: false);
            string name = p.GetValue(node)!;
            if (secrets.Problem(name, board: true) is { } wrong)
                throw new IOException(wrong);
            var swap = new BoardSwap
            {
                Config = p.GetValue(Config)!,
                Node = name,
                Broker = p.GetValue(broker),
                Output = options.Output(p),
                Lines = () => options.Lines(p),
                Extras = options.Extras(p),
                Replace = options.Force(p),
                NewKeys = () => Ask(p, secrets, "swap", name),
            };
            List<string> told = [];
            try
            {
                BoardFiles files = swap.Run(told);
                told.ForEach(Console.WriteLine);
                if (swap.Broker is null)
                    Console.WriteLine(NoBroker(name.Replace('/', '.')));
                BoardFileOptions.Tell(swap.Output, files);
            }
            catch (IOException)
            {
                told.ForEach(Console.WriteLine);
                throw;
            }
        }));
        return command;
    }

    private static void Change(ParseResult p, SiteSecrets secrets, string verb, string node, bool board)
    {
        if ((secrets.Problem(node, board) ?? Ask(p, secrets, verb, node)) is { } wrong)
            throw new IOException(wrong);
    }

    private static string? Ask(ParseResult p, SiteSecrets secrets, string verb, string node)
    {
        if (p.GetValue(Offline))
            return secrets.Offline(verb, node, DateTimeOffset.UtcNow);
        string first = secrets.Written.Http.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? "";
        string address = p.GetValue(Url) ?? first.Replace("://*", "://127.0.0.1", StringComparison.Ordinal).Replace("://+", "://127.0.0.1", StringComparison.Ordinal).Replace("://0.0.0.0", "://127.0.0.1", StringComparison.Ordinal);
        if (!Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
            throw new IOException($"'{address}' is no address of a host: --url takes http://127.0.0.1:8080.");
        using var service = new KeyService(uri, p.GetValue(ApiKeyFile));
        return service.Ask(verb, node, p.GetValue(Reason)!);
    }

    private static void Tell(SecretSet set, string? pod)
    {
        if (set.Rings.Count + set.Values.Count == 0)
            Console.WriteLine("The secret store is empty: 'ballast keys create' draws keys for the pods and boards of the configuration.");
        DateTimeOffset now = DateTimeOffset.UtcNow;
        foreach ((string name, KeyRing ring) in set.Rings.OrderBy(r => Order(r.Key)).ThenBy(r => r.Key, StringComparer.Ordinal))
        {
            if (pod is not null && name != SecretSet.OfPod(pod) && !name.StartsWith(SecretSet.OfBoard(pod + "/"), StringComparison.Ordinal))
                continue;
            string more = ring.RevokedUtc is { } at ? $"  revoked {Age(now - at)} ago" : ring.Rotation is not { } r ? ""
                : name.StartsWith("source/", StringComparison.Ordinal) ? $"  key {r.NewKid} counts too, since {Age(now - r.BegunUtc)}; its first message ends key {r.OldKid}"
                : r.Stage == KeyStage.Installing ? $"  key {r.NewKid} goes to the boards, since {Age(now - r.BegunUtc)}"
                : r.Missing.Count == 0 ? $"  boards forget key {r.OldKid}" : $"  {r.Missing.Count} board(s) were away and get key {r.NewKid} when they are back: {string.Join(", ", r.Missing.Take(5))}{(r.Missing.Count > 5 ? ", …" : "")}";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-32} key {ring.Current,3}  {Age(now - ring.Signing.MadeUtc),-10}{more}").TrimEnd());
        }

        foreach ((string name, NamedSecret secret) in set.Values.Where(_ => pod is null).OrderBy(v => v.Key, StringComparer.Ordinal))
            Console.WriteLine($"{"secret:" + name,-32} secret   {Age(now - secret.MadeUtc)}");
    }

    private static int Order(string ring) => ring.StartsWith("pod/", StringComparison.Ordinal) ? 0 : ring.StartsWith("source/", StringComparison.Ordinal) ? 1 : 2;

    private static string Age(TimeSpan age)
        => age.TotalDays >= 2 ? ((int)age.TotalDays).ToString(CultureInfo.InvariantCulture) + " days"
            : age.TotalHours >= 2 ? ((int)age.TotalHours).ToString(CultureInfo.InvariantCulture) + " h" : Math.Max(0, (int)age.TotalMinutes).ToString(CultureInfo.InvariantCulture) + " min";

    private static string ReadSecret(string name)
    {
        if (Console.IsInputRedirected)
            return Console.In.ReadToEnd().TrimEnd('\n', '\r');
        Console.Error.Write($"Value of {name} (not shown): ");
        var typed = new System.Text.StringBuilder();
        for (ConsoleKeyInfo key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key == ConsoleKey.Backspace && typed.Length > 0)
                typed.Length--;
            else if (!char.IsControl(key.KeyChar))
                typed.Append(key.KeyChar);
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }

    private static Argument<string> Node(string what) => new("node") { Description = what };

    private static Option<string?> Broker() => new("--broker") { Description = "Folder that 'ballast broker-config --out' writes to: the board's password there is replaced." };

    private static string NoBroker(string user) => $"Its password at the broker still holds: give --broker DIR, or replace the password of {user} there yourself.";

    private static int Safely(Action work)
    {
        try
        {
            work();
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(e.Message);
            return 2;
        }
    }
}
