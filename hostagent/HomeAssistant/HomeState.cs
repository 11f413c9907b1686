using System.Text.Json;
using Ballast.Host.Dispatch;
using Ballast.Host.Web;

namespace Ballast.Host.HomeAssistant;

/// <summary>The site's values as its entities show them; null shows as unknown.</summary>
/// <param name="Mode">One of <see cref="Modes"/>.</param>
/// <param name="CapAskedW">What Home Assistant itself asks, W: the largest settable cap while it asks nothing.</param>
/// <param name="CapW">Cap of the site, W; null for none.</param>
/// <param name="PowerW">Metered power, or what stands for it, W.</param>
/// <param name="HashThs">Hash rate that boards report, TH/s.</param>
/// <param name="JoulePerTh">Power by hash rate, J/TH; null while nothing hashes.</param>
/// <param name="CanShedW">Watts that would go if everything were taken, W.</param>
/// <param name="CanRiseW">Watts that could come under what holds now, W.</param>
/// <param name="Alarm">True while any alarm is up.</param>
internal sealed record HomeState(
    string Mode, long CapAskedW, double? CapW, double PowerW, double HashThs, double? JoulePerTh, double CanShedW, double CanRiseW, bool Alarm)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>What holds the site, from the strongest to nothing.</summary>
    internal static readonly string[] Modes = ["emergency", "held", "limited", "free"];

    /// <summary>The site now. On the loop.</summary>
    internal static HomeState Of(HostCore core, long capAskedW)
    {
        DispatchPicture picture = core.Dispatcher.Picture;
        HeadroomView headroom = GridApi.Headroom(core);
        long now = core.Context.Clock.NowMs;
        double ths = core.Context.Fleet.Boards.Sum(b => b.Online && b.IsFresh(now) ? b.HashGhs : 0) / 1000.0;
        return new HomeState(
            picture.Emergency ? Modes[0] : core.Dispatcher.Held ? Modes[1] : picture.Cap.Holds ? Modes[2] : Modes[3],
            capAskedW,
            picture.Cap.Holds ? Math.Round(picture.Cap.W, 1) : null,
            Math.Round(picture.MeterW, 1),
            Math.Round(ths, 3),
            ths > 0 ? Math.Round(picture.MeterW / ths, 2) : null,
            headroom.Shed[0].ShedW,
            headroom.RaiseW,
            core.Context.Alarms.All.Any(a => a.Active));
    }

    /// <summary>JSON in UTF-8.</summary>
    internal byte[] Payload() => JsonSerializer.SerializeToUtf8Bytes(this, Json);
}
