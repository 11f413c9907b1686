namespace Ballast.Host.Alerts;

/// <summary>What came of a try to deliver.</summary>
/// <param name="Good">True if the receiver has it.</param>
/// <param name="Again">True if it is worth trying again.</param>
/// <param name="Sentence">What happened.</param>
public sealed record Delivery(bool Good, bool Again, string Sentence);

/// <summary>A way to people. One try; never throws but for a cancellation.</summary>
public interface IAlertChannel : IDisposable
{
    /// <summary>Its name in metrics and answers.</summary>
    string Id { get; }

    /// <summary>Tries once.</summary>
    Task<Delivery> Send(AlertMessage message, CancellationToken cancel);
}
