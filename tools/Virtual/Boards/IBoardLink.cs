using Ballast.Firmware.Grid;

namespace Ballast.Virtual.Boards;

/// <summary>A virtual board's way to its broker, with what only a simulation may do.</summary>
public interface IBoardLink : IMqttLink, IDisposable
{
    /// <summary>Since when the connection is up, ms; long.MaxValue while it is not.</summary>
    long ConnectedSinceMs { get; }

    /// <summary>Cuts the connection as a crash would, so that the broker publishes the will.</summary>
    void Abort();
}
