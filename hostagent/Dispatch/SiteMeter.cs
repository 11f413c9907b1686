using System.Text.Json;

namespace Ballast.Host.Dispatch;

/// <summary>
/// A meter as step 2 of control.md trusts it: fresh if it arrived within 3 s, its <c>sent</c> increases, and it lies between 0 and
/// 1.2 × nameplate + base. Anything else counts as silence.
/// </summary>
public sealed class SiteMeter
{
    /// <summary>How long a reading counts, ms.</summary>
    public const long FreshMs = 3000;

    private long _sent = -1;
    private long _atMs = long.MinValue / 2;

    /// <summary>Last reading that was accepted, W.</summary>
    public double Watts { get; private set; }

    /// <summary>Readings refused.</summary>
    public long Refused { get; private set; }

    /// <summary>Age of the last accepted reading, ms.</summary>
    public long AgeMs(long nowMs) => nowMs - _atMs;

    /// <summary>True while the reading may be used for a rise.</summary>
    public bool IsFresh(long nowMs) => nowMs - _atMs <= FreshMs;

    /// <summary>Takes a message of the meter gateway.</summary>
    /// <param name="json">`{"powerW":…,"sent":…}`.</param>
    /// <param name="nowMs">Time of arrival.</param>
    /// <param name="maxW">Largest believable reading, W.</param>
    /// <returns>False if it was refused; nothing changed then (S14, S17).</returns>
    public bool Take(ReadOnlySpan<byte> json, long nowMs, double maxW)
    {
        double power = double.NaN;
        long sent = -1;
        Utf8JsonReader reader = new(json);
        try
        {
            if (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    if (reader.ValueTextEquals("powerW"u8))
                    {
                        reader.Read();
                        power = reader.GetDouble();
                    }
                    else if (reader.ValueTextEquals("sent"u8))
                    {
                        reader.Read();
                        sent = reader.GetInt64();
                    }
                    else
                    {
                        reader.Read();
                        reader.Skip();
                    }
                }

                // What follows the object throws.
                reader.Read();
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            power = double.NaN;
        }

        return Take(power, sent, nowMs, maxW);
    }

    /// <summary>Takes a reading of a sensor of this machine.</summary>
    /// <param name="power">Watts; NaN is refused.</param>
    /// <param name="sent">When it was read, ms on the reader's clock; negative is refused.</param>
    /// <param name="nowMs">Time of arrival.</param>
    /// <param name="maxW">Largest believable reading, W.</param>
    /// <returns>False if it was refused; nothing changed then (S14, S17).</returns>
    public bool Take(double power, long sent, long nowMs, double maxW)
    {
        // A gateway that restarted may count from a new start: after 10 s of silence its word is taken again.
        bool newer = sent > _sent || (sent >= 0 && nowMs - _atMs > 10_000 && sent != _sent);
        if (!(power >= 0 && power <= maxW) || !newer)
        {
            Refused++;
            return false;
        }

        Watts = power;
        _sent = sent;
        _atMs = nowMs;
        return true;
    }
}
