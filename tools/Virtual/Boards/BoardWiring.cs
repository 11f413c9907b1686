namespace Ballast.Virtual.Boards;

/// <summary>What virtual boards of one site have in common.</summary>
/// <param name="Site">Site id.</param>
/// <param name="Address">Address of broker and pool.</param>
/// <param name="BrokerPort">Port of the broker.</param>
/// <param name="PoolPort">Port of the pool.</param>
/// <param name="WorkShift">k of the chip models.</param>
/// <param name="FailsafeW">Power that a board may draw without a host, W.</param>
public sealed record BoardWiring(string Site, string Address, int BrokerPort, int PoolPort, int WorkShift, int FailsafeW)
{
    /// <summary>Shortest time off of the boards, ms; null: as their description says.</summary>
    public int? RestMs { get; init; }
}
