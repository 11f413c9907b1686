using System.Text;
using System.Text.Json;
using Ballast.Host.Dispatch;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;
using Ballast.Host.Options;

namespace Ballast.Host.Signals.Prices;

/// <summary>What came of new prices.</summary>
public enum PriceOutcome
{
    /// <summary>Taken.</summary>
    Taken,

    /// <summary>Wrong.</summary>
    Invalid,

    /// <summary>They come from a file.</summary>
    Conflict,

    /// <summary>They may raise, and the asker may not.</summary>
    Forbidden,

    /// <summary>They may raise, and the journal cannot be written (S19).</summary>
    JournalDown,
}

/// <summary>
/// Prices become a number: step 11 of control.md. Where no interval covers the present, the lower of the last number and the fallback
/// holds (contract section 6).
/// </summary>
public sealed class PriceSource : Source, INumberSource
{
    private const string Kept = "prices";

    private readonly PriceSection _section;
    private PriceSeries _series = PriceSeries.Empty;
    private DateTime _written;
    private bool _covered;
    private int? _last;

    /// <summary>Makes the source; its fallback holds until it has prices.</summary>
    public PriceSource(PriceSection section, DispatchContext context)
        : base(section?.Id ?? "", "price", context)
    {
        ArgumentNullException.ThrowIfNull(section);
        _section = section;
        CeilingMjPerTh = section.FallbackMjPerTh;
        context.Numbers.Add(this);
    }

    /// <inheritdoc/>
    public int CeilingMjPerTh { get; private set; }

    /// <inheritdoc/>
    public string Why { get; private set; } = "no price is known";

    /// <summary>The intervals.</summary>
    public IReadOnlyList<PriceInterval> Intervals => _series.Intervals;

    /// <inheritdoc/>
    public override void Start(JournaledState journaled)
    {
        ArgumentNullException.ThrowIfNull(journaled);
        base.Start(journaled);
        if (_section.File is null && journaled.Values.TryGetValue(Kept, out string? kept) && PriceSeries.ParseJson(Encoding.UTF8.GetBytes(kept), _section, out _) is { } series)
        {
            _series = series;
        }

        Tick();
    }

    /// <inheritdoc/>
    public override void Tick()
    {
        ReadFile();
        DateTimeOffset now = Context.Clock.UtcNow;
        PriceInterval? interval = _series.At(now);
        _covered = interval is not null;
        if (interval is not null)
        {
            _last = NumberOf(interval);
            CeilingMjPerTh = _last.Value;
            Why = Say(interval, _last.Value);
        }
        else
        {
            CeilingMjPerTh = Math.Min(_last ?? int.MaxValue, _section.FallbackMjPerTh);
            Why = "no price covers the present: the lower of the last number and the fallback holds";
        }

        Context.Alarms.Set(!_covered, "price-missing", "Source " + Id + " has no price for the present: its fallback holds. Send prices or check the file.", Id);
    }

    /// <summary>Replaces all intervals.</summary>
    public PriceOutcome Put(byte[] body, bool mayRaise, out RequestFault? fault)
    {
        fault = null;
        if (_section.File is not null)
        {
            fault = new RequestFault("", "Prices come from the file '" + _section.File + "': change that, or remove file from the configuration.");
            return PriceOutcome.Conflict;
        }

        if (PriceSeries.ParseJson(body, _section, out fault) is not { } series)
        {
            Refuse(fault!.Field + ": " + fault.Sentence);
            return PriceOutcome.Invalid;
        }

        if (!mayRaise)
        {
            fault = new RequestFault("", "New prices may raise power, and this interface has no right to raise.");
            return PriceOutcome.Forbidden;
        }

        if (!Context.Journal.SaveValue(Kept, Encoding.UTF8.GetString(body)))
        {
            fault = new RequestFault("", Context.Journal.Problem ?? "The journal cannot be written.");
            return PriceOutcome.JournalDown;
        }

        _series = series;
        Hear();
        Tick();
        return PriceOutcome.Taken;
    }

    /// <inheritdoc/>
    public override SourceView View() => Common(_covered ? SourceQuality.Good : HeardMs is null && _series.Intervals.Count == 0 ? SourceQuality.Waiting : SourceQuality.Stale) with
    {
        FallbackMjPerTh = _section.FallbackMjPerTh,
        FallbackHolds = !_covered,
        MayRaise = true,
        Node = "site",
        AsksMjPerTh = CeilingMjPerTh == int.MaxValue ? null : CeilingMjPerTh,
        Why = Why,
        NextChange = _series.ChangeAfter(Context.Clock.UtcNow),
    };

    /// <summary>Body `{"at":…}`, or the prices of an interval; empty is now.</summary>
    public override SourceTest Test(ReadOnlyMemory<byte> body)
    {
        if (!body.IsEmpty && IsRow(body, out double? power, out double? hash, out double? curtailment))
        {
            if (PriceSeries.Check("", power, hash, curtailment, _section) is { } wrong)
            {
                return SourceTest.Refused(wrong);
            }

            PriceInterval trial = new(default, default, power!.Value, hash, curtailment ?? 0);
            return new SourceTest(true, Say(trial, NumberOf(trial)) + ". Nothing was done.", null, NumberOf(trial));
        }

        if (!TestBody.TryAt(body, Context.Clock.UtcNow, out DateTimeOffset at, out RequestFault? fault))
        {
            return SourceTest.Refused(fault!.Field, "Send {\"at\":\"2026-01-31T13:00:00Z\"} or {\"powerPerMWh\":60}, or no body for now.");
        }

        return _series.At(at) is { } interval
            ? new SourceTest(true, Text($"At {at:u}: ") + Say(interval, NumberOf(interval)) + ".", null, NumberOf(interval))
            : new SourceTest(false, Text($"No price covers {at:u}: at most {_section.FallbackMjPerTh} mJ/TH would hold. {_series.Intervals.Count} intervals are known."), null, _section.FallbackMjPerTh);
    }

    private static bool IsRow(ReadOnlyMemory<byte> body, out double? power, out double? hash, out double? curtailment)
    {
        (power, hash, curtailment) = (null, null, null);
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 2 });
            if (document.RootElement.ValueKind != JsonValueKind.Object || document.RootElement.TryGetProperty("at", out _))
            {
                return false;
            }

            double? number(string name) => document.RootElement.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
            (power, hash, curtailment) = (number("powerPerMWh"), number("hashPricePerPhDay"), number("curtailmentPerMWh"));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private int NumberOf(PriceInterval interval) => BreakEven.MjPerTh(
        interval.HashPricePerPhDay ?? _section.HashPricePerPhDay, _section.PoolFeePercent, interval.PowerPerMWh + _section.AdderPerMWh, interval.CurtailmentPerMWh);

    private string Say(PriceInterval interval, int number)
    {
        string cost = Text($"{interval.PowerPerMWh + _section.AdderPerMWh + interval.CurtailmentPerMWh:0.##}/MWh");
        string earn = Text($"{interval.HashPricePerPhDay ?? _section.HashPricePerPhDay:0.##}/(PH/s·day)");
        return number == int.MaxValue ? "power at " + cost + " pays for itself: everything may run" : Text($"power at {cost} against {earn} pays up to {number / 1000.0:0.###} J/TH");
    }

    // A file that is missing or wrong changes nothing: the intervals at hand run out by themselves.
    private void ReadFile()
    {
        if (_section.File is not { } file)
        {
            return;
        }

        string? problem = null;
        try
        {
            DateTime written = File.GetLastWriteTimeUtc(file);
            if (written == _written)
            {
                return;
            }

            _written = written;
            byte[] bytes = File.ReadAllBytes(file);
            bool csv = file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);
            PriceSeries? series = csv ? PriceSeries.ParseCsv(Encoding.UTF8.GetString(bytes), _section, out RequestFault? fault) : PriceSeries.ParseJson(bytes, _section, out fault);
            if (series is null)
            {
                problem = "The price file '" + file + "' is wrong at " + fault!.Field + ": " + fault.Sentence + " The earlier prices stay.";
            }
            else
            {
                _series = series;
                Hear();
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problem = "The price file '" + file + "' cannot be read: " + error.Message;
        }

        if (problem is not null)
        {
            Refuse(problem);
        }

        Context.Alarms.Set(problem is not null, "price-file", problem ?? "", Id);
    }
}
