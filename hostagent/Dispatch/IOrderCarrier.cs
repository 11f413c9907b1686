namespace Ballast.Host.Dispatch;

/// <summary>The way out to the broker, as narrow as the dispatcher needs it.</summary>
public interface IOrderCarrier
{
    /// <summary>True while messages can leave.</summary>
    bool IsConnected { get; }

    /// <summary>Publishes a message. False if it was not taken; nothing waits for later.</summary>
    bool Publish(string topic, ReadOnlySpan<byte> payload, int qos, bool retain);
}
