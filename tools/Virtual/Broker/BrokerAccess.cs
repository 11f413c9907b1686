namespace Ballast.Virtual.Broker;

/// <summary>The password of one user of a broker that <c>broker-config</c> wrote: taken from whoever has it.</summary>
/// <param name="output">Folder that <c>broker-config</c> writes to.</param>
public sealed class BrokerAccess(string output)
{
    private readonly string _passwords = Path.Combine(output, "broker", "passwords");
    private readonly CredentialFolder _credentials = new(Path.Combine(output, "secrets"));

    /// <summary>The user's private file.</summary>
    public string FileOf(string user) => _credentials.PathOf(user);

    /// <summary>Finds out whether <see cref="Renew"/> can work.</summary>
    /// <exception cref="IOException">It cannot; the message is one sentence.</exception>
    public void Check(string user) => Lines(user);

    /// <summary>Draws a new password: the old one opens nothing once the broker has read its files again.</summary>
    /// <returns>What was done and what is left to do, a sentence each.</returns>
    /// <exception cref="IOException">The files are not there, or not as they were written; the message is one sentence.</exception>
    public IReadOnlyList<string> Renew(string user)
    {
        string[] lines = Lines(user);
        string line = MosquittoPassword.Line(user, _credentials.Renew(user));
        BrokerFiles.WriteOwn(_passwords, string.Concat(lines.Select(l => (l.StartsWith(user + ":", StringComparison.Ordinal) ? line : l) + "\n")));
        return
        [
            $"{FileOf(user)} has a new password for the broker.",
            $"mosquitto must read {_passwords} again before the old one opens nothing any more: copy it to where mosquitto finds it if you moved it, then 'systemctl reload mosquitto' (or SIGHUP).",
        ];
    }

    private string[] Lines(string user)
    {
        if (!File.Exists(_passwords))
            throw new IOException($"{output} has no broker/passwords: name the folder that 'ballast broker-config --out' writes to.");
        if (!BrokerFiles.IsOwn(_passwords))
            throw new IOException($"{_passwords} was not written by 'ballast broker-config', or was changed since: change the password of {user} by hand, or write the files again.");
        string[] lines = [.. File.ReadLines(_passwords).Skip(1)];
        return lines.Any(l => l.StartsWith(user + ":", StringComparison.Ordinal)) ? lines
            : throw new IOException($"{_passwords} has no user {user}: run 'ballast broker-config' again first.");
    }
}
