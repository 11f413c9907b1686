using Ballast.Host.Limits;

namespace Ballast.Host.Access;

/// <summary>What a key is for.</summary>
public enum AccessRole
{
    /// <summary>Reads.</summary>
    Viewer,

    /// <summary>Runs the site: limits, hold, lock-outs, ladders, prices, breaker answers, the record.</summary>
    Operator,

    /// <summary>The grid's system: sets limits and ends its own, and nothing else.</summary>
    Grid,

    /// <summary>Everything, keys included.</summary>
    Admin,
}

/// <summary>Which rights a role has: the one table.</summary>
public static class AccessRoles
{
    private const Rights Running = Rights.Read | Rights.Lower | Rights.Raise | Rights.Abandon | Rights.Operate;

    /// <summary>All roles by name.</summary>
    public static IReadOnlyDictionary<string, AccessRole> Names { get; } =
        Enum.GetValues<AccessRole>().ToDictionary(NameOf, r => r, StringComparer.Ordinal);

    /// <summary>Name as it stands in files and answers.</summary>
    public static string NameOf(AccessRole role) => role switch
    {
        AccessRole.Viewer => "viewer",
        AccessRole.Operator => "operator",
        AccessRole.Grid => "grid",
        _ => "admin",
    };

    /// <summary>Rights of a role.</summary>
    /// <param name="role">The role.</param>
    /// <param name="mayRaise">The configuration's `http.mayRaise`: without it nobody raises over REST.</param>
    public static Rights RightsOf(AccessRole role, bool mayRaise)
    {
        Rights rights = role switch
        {
            AccessRole.Viewer => Rights.Read,
            AccessRole.Operator => Running,
            AccessRole.Grid => Rights.Read | Rights.Lower | Rights.Raise,
            AccessRole.Admin => Rights.All,
            _ => Rights.None,
        };
        return mayRaise ? rights : rights & ~WhoMayWhat.Raising;
    }
}
