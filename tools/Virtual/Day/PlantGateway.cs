using System.Globalization;
using System.Text;
using Ballast.Mqtt;
using Ballast.Virtual.InProcess;
using Ballast.Virtual.Oracle;

namespace Ballast.Virtual.Day;

/// <summary>
/// The plant's gateway: once a second it tells the host over MQTT how many watts the load may use, the surplus and, while power is cheap, an
/// import beside it, rounded down to steps of a quarter of a percent. What the host makes of it is the host's.
/// </summary>
internal sealed class PlantGateway : IMqttReceiver, IDisposable
{
    public const string Topic = "surplus";

    private readonly InProcessSite _site;
    private readonly SolarDay _sun;
    private readonly double _importW;
    private readonly InProcessConnection _link;
    private long _told = -1;

    public PlantGateway(InProcessSite site, SolarDay sun, double importW, int seed)
    {
        _site = site;
        _sun = sun;
        _importW = importW;
        StepW = StepOf(site.FullMw - site.FloorMw);
        _link = new InProcessConnection(site.Broker, site.Time, seed);
        _link.Start(new MqttOptions { ClientId = InProcessSite.Name + "-plant", ReconnectMinMs = 500, ReconnectMaxMs = 1_500 }, this);
    }

    /// <summary>Step of what is told, W.</summary>
    public double StepW { get; }

    /// <summary>What the host was told last, W.</summary>
    public long ToldW => Math.Max(0, _told);

    /// <summary>Times that it was told something else.</summary>
    public int Changes { get; private set; }

    /// <summary>A quarter of a percent of a range in mW, as W.</summary>
    public static double StepOf(long rangeMw) => rangeMw / 1_000.0 * 0.0025;

    /// <summary>What may be drawn at a second of the day, W.</summary>
    public double AllowedW(int second) => _sun.SurplusW(second) + (PriceDay.Imports(second) ? _importW : 0);

    /// <summary>Call it once a second.</summary>
    public void Step(int second)
    {
        long watts = (long)(Math.Floor(AllowedW(second) / StepW) * StepW);
        string text = string.Create(CultureInfo.InvariantCulture, $"{{\"powerW\":{watts},\"sent\":{_site.Time.GetUtcNow().ToUnixTimeMilliseconds()}}}");
        if (_link.Publish($"ballast/v1/{InProcessSite.Name}/{Topic}", Encoding.ASCII.GetBytes(text), 0, false) != MqttPublishResult.Taken || !_site.Host.IsRunning || watts == _told)
            return;

        // What cannot reach the host is no cap that it could keep: then leases are what protects the site.
        _told = watts;
        Changes++;
        _site.Oracle.OnCap(_site.Time.NowMs, watts * 1_000, GridClass.Economic);
    }

    /// <summary>Ends the connection.</summary>
    public void Dispose() => _link.Dispose();

    void IMqttReceiver.OnConnected()
    {
    }

    void IMqttReceiver.OnDisconnected(MqttConnectResult reason)
    {
    }

    void IMqttReceiver.OnMessage(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, int qos, bool retained)
    {
    }
}
