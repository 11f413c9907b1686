using System.CommandLine;
using System.Globalization;
using Ballast.Host.Access;
using Ballast.Host.Options;
using Ballast.Virtual.Keys;

namespace Ballast.Cli;

/// <summary><c>ballast apikey</c>: who may use a host's REST interface and page. Works beside the running host.</summary>
internal static class ApiKeyCommand
{
    public static Command Create()
    {
        var command = new Command("apikey", "Makes, lists and revokes the API keys of a host. A running host takes it up at once.");
        command.Subcommands.Add(CreateKey());
        command.Subcommands.Add(List());
        command.Subcommands.Add(Revoke());
        return command;
    }

    private static Command CreateKey()
    {
        var name = new Option<string>("--name") { Description = "Who or what will use it, like control-room.", Required = true };
        var role = new Option<string>("--role") { Description = "viewer reads; operator runs the site; grid sets limits and ends its own; admin does everything, keys included.", Required = true };
        var days = new Option<int?>("--days") { Description = "Days until it expires, 1…3650; without it never." };
        var (config, state) = Where();
        var command = new Command("create", "Makes a key and shows it once.") { name, role, days, config, state };
        command.SetAction(p => Safely(() =>
        {
            string folder = Folder(p.GetValue(config), p.GetValue(state));
            if (!AccessRoles.Names.TryGetValue(p.GetValue(role)!, out AccessRole chosen))
                throw new IOException($"--role is '{p.GetValue(role)}': use {string.Join(", ", AccessRoles.Names.Keys)}.");
            if (p.GetValue(days) is < 1 or > 3650)
                throw new IOException("--days must be 1…3650; leave it out for a key that does not expire.");
            DateTimeOffset now = DateTimeOffset.UtcNow;
            var file = new ApiKeyFile(folder);
            bool first = file.Read() is null;
            ApiKey made = file.Add(p.GetValue(name)!, chosen, now, p.GetValue(days) is { } d ? now.AddDays(d) : null, out string text);
            GiveToOwner(folder);
            Console.WriteLine(text);
            Console.Error.WriteLine($"This is the key {made.Id} of {made.Name} ({AccessRoles.NameOf(made.Role)}{(made.Expires is { } end ? ", until " + Day(end) : "")}). It is shown once and kept nowhere: hand it over now.");
            if (first)
                Console.Error.WriteLine("It is the first one: from now on this host asks everybody for a key, this machine included.");
            if (file.Read()!.All(k => k.Role != AccessRole.Admin))
                Console.Error.WriteLine("No key has the role admin: keys can only be made with this command until one has.");
            return 0;
        }));
        return command;
    }

    private static Command List()
    {
        var (config, state) = Where();
        var command = new Command("list", "Lists all keys. Of a key itself only a hash is kept, so none can be shown.") { config, state };
        command.SetAction(p => Safely(() =>
        {
            string folder = Folder(p.GetValue(config), p.GetValue(state));
            if (new ApiKeyFile(folder).Read() is not { } keys)
            {
                Console.WriteLine("No key was ever made: whoever is on the host's machine may do everything, others may read.");
                return 0;
            }

            var use = new KeyUse();
            use.Load(folder);
            Console.WriteLine($"{"id",-10}{"role",-10}{"created",-12}{"expires",-12}{"last used",-18}name");
            foreach (ApiKey key in keys.OrderBy(k => k.Created))
            {
                string expires = key.Expires is not { } end ? "never" : key.IsGood(DateTimeOffset.UtcNow) ? Day(end) : "EXPIRED";
                string used = use.Of(key.Id) is { } hour ? hour.UtcDateTime.ToString("yyyy-MM-dd HH'h UTC'", CultureInfo.InvariantCulture) : "never";
                Console.WriteLine($"{key.Id,-10}{AccessRoles.NameOf(key.Role),-10}{Day(key.Created),-12}{expires,-12}{used,-18}{key.Name}");
            }

            return 0;
        }));
        return command;
    }

    private static Command Revoke()
    {
        var which = new Argument<string>("key") { Description = "Id or name of the key." };
        var (config, state) = Where();
        var command = new Command("revoke", "Revokes a key and every session that it opened, at once.") { which, config, state };
        command.SetAction(p => Safely(() =>
        {
            string folder = Folder(p.GetValue(config), p.GetValue(state));
            var file = new ApiKeyFile(folder);
            // Whoever pastes the whole key must not see it again in a message.
            string name = ApiKey.TryParse(p.GetValue(which), out string id, out _) ? id : p.GetValue(which)!;
            ApiKey gone = file.Remove(name) ?? throw new IOException($"There is no key '{name}' in {folder}: ballast apikey list shows them.");
            GiveToOwner(folder);
            Console.WriteLine($"revoked: {gone.Id} of {gone.Name} ({AccessRoles.NameOf(gone.Role)})");
            if (file.Read() is { Count: 0 })
                Console.Error.WriteLine($"It was the last one: nobody gets in until you make another. To run without keys again, delete {file.FullName} and restart the host.");
            return 0;
        }));
        return command;
    }

    private static (Option<string?> Config, Option<string?> State) Where() => (
        new Option<string?>("--config") { Description = "Configuration of the host; its stateDir holds the keys." },
        new Option<string?>("--state") { Description = "That folder itself." });

    private static string Folder(string? config, string? state)
    {
        if ((config is null) == (state is null))
            throw new IOException("Name the host by --config FILE or by --state DIR, one of them.");
        string folder = state ?? (OptionsFile.Load(config!, out IReadOnlyList<string> problems) ?? throw new IOException(problems[0])).StateDir;
        return Directory.Exists(folder) ? folder
            : throw new IOException($"The folder '{folder}' is not there: start the host once, or make it with the rights of the user that the host runs as.");
    }

    private static void GiveToOwner(string folder) => FileOwner.Give(folder, Directory.EnumerateFiles(folder, "apikeys*"));

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static int Safely(Func<int> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(e.Message);
            return 2;
        }
    }
}
