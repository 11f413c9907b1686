using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ballast.Host.Limits;
using Ballast.Host.Options;

namespace Ballast.Host.Signals.Prices;

/// <summary>What holds from <paramref name="Start"/> on and no more at <paramref name="End"/>.</summary>
/// <param name="Start">Start.</param>
/// <param name="End">End.</param>
/// <param name="PowerPerMWh">Power price, currency/MWh; may be negative.</param>
/// <param name="HashPricePerPhDay">Hash price, currency/(PH/s·day); null is the configured one.</param>
/// <param name="CurtailmentPerMWh">Paid for not using power, currency/MWh.</param>
public sealed record PriceInterval(DateTimeOffset Start, DateTimeOffset End, double PowerPerMWh, double? HashPricePerPhDay = null, double CurtailmentPerMWh = 0);

/// <summary>Prices by time, in order and without overlap; gaps are allowed and mean that nothing is known.</summary>
public sealed class PriceSeries
{
    private const int MostIntervals = 20_000;
    private const string CsvHeader = "start,end,powerPerMWh,hashPricePerPhDay,curtailmentPerMWh";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        MaxDepth = 4,
    };

    private PriceSeries(List<PriceInterval> intervals) => Intervals = intervals;

    /// <summary>No prices.</summary>
    public static PriceSeries Empty { get; } = new([]);

    /// <summary>The intervals in order.</summary>
    public IReadOnlyList<PriceInterval> Intervals { get; }

    /// <summary>The interval that holds, or null.</summary>
    public PriceInterval? At(DateTimeOffset now) => Intervals.LastOrDefault(i => i.Start <= now) is { } found && now < found.End ? found : null;

    /// <summary>When what holds changes next; null if it does not.</summary>
    public DateTimeOffset? ChangeAfter(DateTimeOffset now) => At(now)?.End ?? Intervals.FirstOrDefault(i => i.Start > now)?.Start;

    /// <summary>Reads `{"intervals":[{"start":…,"end":…,"powerPerMWh":…}]}`.</summary>
    public static PriceSeries? ParseJson(ReadOnlySpan<byte> json, PriceSection bounds, out RequestFault? fault)
    {
        try
        {
            Body? body = JsonSerializer.Deserialize<Body>(json, Json);
            fault = body?.Intervals is null ? new RequestFault("intervals", "Send {\"intervals\":[{\"start\":…,\"end\":…,\"powerPerMWh\":…}]}.") : null;
            return fault is null ? Make(body!.Intervals!, i => "intervals[" + i.ToString(CultureInfo.InvariantCulture) + "]", bounds, out fault) : null;
        }
        catch (JsonException error)
        {
            string what = error.Message.Contains("could not be mapped", StringComparison.Ordinal) ? "This member is not known."
                : error.Message.Contains("could not be converted", StringComparison.Ordinal) ? "This member has the wrong kind: numbers stand without quotes, times with them."
                : "This is not a list of prices: " + error.Message.Split(" Path:")[0];
            fault = new RequestFault((error.Path ?? "").TrimStart('$', '.'), what + " Send {\"intervals\":[{\"start\":…,\"end\":…,\"powerPerMWh\":…}]}; hashPricePerPhDay and curtailmentPerMWh may stand beside them.");
            return null;
        }
    }

    /// <summary>Reads lines of start,end,powerPerMWh[,hashPricePerPhDay[,curtailmentPerMWh]] under that header.</summary>
    public static PriceSeries? ParseCsv(string text, PriceSection bounds, out RequestFault? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<Row?> rows = [];
        List<int> lines = [];
        string[] all = text.Split('\n');
        string[] header = all[0].Trim().TrimStart('\uFEFF').Split(',');
        if (header.Length < 3 || !CsvHeader.StartsWith(string.Join(',', header), StringComparison.Ordinal))
        {
            fault = new RequestFault("line 1", "The first line must name the columns: " + CsvHeader + "; the last two may be left out.");
            return null;
        }

        for (int i = 1; i < all.Length; i++)
        {
            string[] cells = all[i].Trim().Split(',');
            if (cells is [""])
            {
                continue;
            }

            double?[] numbers = [.. cells.Skip(2).Select(c => double.TryParse(c, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) ? number : (double?)null)];
            bool blank(int at) => at >= numbers.Length || cells[at + 2].Length == 0;
            if (cells.Length > header.Length || cells.Length < 3 || Enumerable.Range(0, numbers.Length).Any(n => numbers[n] is null && !(n > 0 && blank(n))))
            {
                fault = new RequestFault("line " + (i + 1).ToString(CultureInfo.InvariantCulture), "This line is not " + string.Join(',', header) + " with plain decimal numbers.");
                return null;
            }

            rows.Add(new Row(cells[0], cells[1], numbers[0], blank(1) ? null : numbers[1], blank(2) ? null : numbers[2]));
            lines.Add(i + 1);
        }

        return Make(rows, i => "line " + lines[i].ToString(CultureInfo.InvariantCulture), bounds, out fault);
    }

    /// <summary>Checks one interval's prices; null if they are believable.</summary>
    internal static RequestFault? Check(string at, double? power, double? hash, double? curtailment, PriceSection bounds)
        => power is null ? new RequestFault(at + "powerPerMWh", "powerPerMWh is missing: give the price of power in currency/MWh.")
            : Outside(at + "powerPerMWh", power, bounds.MinPowerPerMWh, bounds.MaxPowerPerMWh, "per MWh, not per kWh")
            ?? Outside(at + "hashPricePerPhDay", hash, 0, bounds.MaxHashPricePerPhDay, "per PH/s and day, not per TH/s")
            ?? Outside(at + "curtailmentPerMWh", curtailment, 0, bounds.MaxPowerPerMWh, "per MWh, not per kWh");

    private static RequestFault? Outside(string field, double? value, double min, double max, string unit)
        => value is not { } number || (number >= min && number <= max) ? null
            : new RequestFault(field, FormattableString.Invariant($"{field} is {number}: believable is {min}…{max}. Prices are {unit}; the bounds stand in the configuration."));

    private static PriceSeries? Make(IReadOnlyList<Row?> rows, Func<int, string> name, PriceSection bounds, out RequestFault? fault)
    {
        List<PriceInterval> read = [];
        if (rows.Count > MostIntervals)
        {
            fault = new RequestFault("intervals", FormattableString.Invariant($"There are {rows.Count} intervals: send at most {MostIntervals}."));
            return null;
        }

        for (int i = 0; i < rows.Count; i++)
        {
            Row row = rows[i] ?? new Row(null, null, null, null, null);
            fault = !TryTime(row.Start, out DateTimeOffset start) ? new RequestFault(name(i) + ".start", "start must be a time with its zone, like 2026-01-31T13:00:00Z.")
                : !TryTime(row.End, out DateTimeOffset end) ? new RequestFault(name(i) + ".end", "end must be a time with its zone, like 2026-01-31T14:00:00Z.")
                : end <= start ? new RequestFault(name(i) + ".end", "end must be after start.")
                : Check(name(i) + ".", row.PowerPerMWh, row.HashPricePerPhDay, row.CurtailmentPerMWh, bounds);
            if (fault is not null)
            {
                return null;
            }

            _ = TryTime(row.End, out DateTimeOffset until);
            read.Add(new PriceInterval(start, until, row.PowerPerMWh!.Value, row.HashPricePerPhDay, row.CurtailmentPerMWh ?? 0));
        }

        read.Sort((a, b) => a.Start.CompareTo(b.Start));
        for (int i = 1; i < read.Count; i++)
        {
            if (read[i].Start < read[i - 1].End)
            {
                fault = new RequestFault("intervals", FormattableString.Invariant($"Two intervals overlap at {read[i].Start:u}: give one price for each time."));
                return null;
            }
        }

        fault = null;
        return new PriceSeries(read);
    }

    // A time without its zone would be read by the zone of this machine.
    private static bool TryTime(string? text, out DateTimeOffset time)
    {
        time = default;
        return text is not null && text.IndexOf('T', StringComparison.Ordinal) is > 0 and var at
            && (text.EndsWith('Z') || text.IndexOfAny(['+', '-'], at) > 0)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out time);
    }

    private sealed record Body(IReadOnlyList<Row?>? Intervals);

    private sealed record Row(string? Start, string? End, double? PowerPerMWh, double? HashPricePerPhDay, double? CurtailmentPerMWh);
}
