namespace Ballast.Host.Options;

/// <summary>Where the secret store and its key are. Both have a usual place.</summary>
public sealed record SecretsSection
{
    /// <summary>The encrypted store; null is `secrets.store` in stateDir.</summary>
    public string? File { get; init; }

    /// <summary>The file with its key, mode 0600; null is `secrets.key` among the service's credentials ($CREDENTIALS_DIRECTORY) if it is
    /// there, else `secrets.key` beside the configuration file. Keep it apart from stateDir, so that a copy of one opens nothing.</summary>
    public string? KeyFile { get; init; }
}
