using Ballast.Virtual.Broker;
using Ballast.Virtual.Provisioning;

namespace Ballast.Virtual.Keys;

/// <summary>
/// A broken or stolen board's name goes to another one: new own key, new password at the broker, the pod's key rotated, and the files that
/// nanoff brings to the new board. What can fail is tried before anything changes.
/// </summary>
public sealed class BoardSwap
{
    /// <summary>The host's configuration.</summary>
    public required string Config { get; init; }

    /// <summary>"pod/board".</summary>
    public required string Node { get; init; }

    /// <summary>Folder that `broker-config` writes to, or null if the broker's passwords are kept elsewhere.</summary>
    public string? Broker { get; init; }

    /// <summary>Folder for the new board's files.</summary>
    public required string Output { get; init; }

    /// <summary>Gives the board's other settings, anew at each call; null and a sentence if they are wrong.</summary>
    public required Func<(SettingLines? Lines, string? Wrong)> Lines { get; init; }

    /// <summary>Files beside the settings.</summary>
    public required BoardExtras Extras { get; init; }

    /// <summary>True replaces files that are there.</summary>
    public bool Replace { get; init; }

    /// <summary>Has the host, or the store, make the new keys; null, or why not.</summary>
    public required Func<string?> NewKeys { get; init; }

    /// <summary>Does it.</summary>
    /// <param name="told">What was done, a sentence each.</param>
    /// <returns>The written files.</returns>
    /// <exception cref="IOException">It was not done, or not to its end; the message says which.</exception>
    public BoardFiles Run(List<string> told)
    {
        ArgumentNullException.ThrowIfNull(told);
        BoardFiles trial = Files();
        string? there = trial.Names.Select(n => Path.Combine(Output, n)).FirstOrDefault(File.Exists);
        if (there is not null && !Replace)
            throw new IOException($"{there} is there already: choose another directory, or replace it with --force.");
        var access = Broker is null ? null : new BrokerAccess(Broker);
        access?.Check(User);
        if (NewKeys() is { } wrong)
            throw new IOException(wrong);
        told.Add($"{Node} has a new key, and the key of its pod is being rotated: 'ballast keys list' shows how far that is.");
        try
        {
            if (access is not null)
                told.AddRange(access.Renew(User));
            BoardFiles files = Files();
            files.Write(Output, Replace);
            return files;
        }
        catch (IOException e)
        {
            throw new IOException($"The keys are changed, but what follows is not done: {e.Message} Then run this again, or 'ballast provision'.", e);
        }
    }

    private string User => Node.Replace('/', '.');

    private BoardFiles Files()
    {
        (SettingLines? lines, string? wrong) = Lines();
        wrong ??= lines!.AddFromHost(Config, Node);
        if (wrong is null && Broker is not null && File.Exists(new BrokerAccess(Broker).FileOf(User)))
            wrong = lines!.AddSecrets(new BrokerAccess(Broker).FileOf(User));
        if (wrong is not null)
            throw new IOException(wrong);
        return BoardFiles.TryCreate(lines!, Extras, out string problem) ?? throw new IOException(problem);
    }
}
