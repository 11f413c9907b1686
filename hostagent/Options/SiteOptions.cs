using System.Text.Json.Serialization;

namespace Ballast.Host.Options;

/// <summary>The whole configuration file of one site's host. Members that the file leaves out have the values given here.</summary>
public sealed record SiteOptions
{
    /// <summary>Address of the schema, for editors; the host does not look at it.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>Site id, [a-z0-9-]{1,32}.</summary>
    public string Site { get; init; } = "";

    /// <summary>This host's id among the hosts of the site, [a-z0-9-]{1,32}.</summary>
    public string HostId { get; init; } = "h1";

    /// <summary>Folder of the journal. Made if it does not exist.</summary>
    public string StateDir { get; init; } = "";

    /// <summary>Where the secret store is; null for its usual place.</summary>
    public SecretsSection? Secrets { get; init; }

    /// <summary>The secret store that keys were taken from, or null. Never a member of the file.</summary>
    internal Keys.SecretStore? Store { get; init; }

    /// <summary>The broker.</summary>
    public MqttSection Mqtt { get; init; } = new();

    /// <summary>The web server.</summary>
    public HttpSection Http { get; init; } = new();

    /// <summary>The site meter.</summary>
    public MeterSection Meter { get; init; } = new();

    /// <summary>Metered load that is not boards, W, 0…10^9.</summary>
    public double BaseW { get; init; }

    /// <summary>Lasting limit of the whole site, W; null is none.</summary>
    public double? CapW { get; init; }

    /// <summary>Load that the site should not go below, W; 0 is none. Shown, not enforced: any cap wins.</summary>
    public double MinW { get; init; }

    /// <summary>What becomes of ladders that boards have learned and offer: `manual` waits for an operator, `auto` accepts plausible
    /// ones one after the other.</summary>
    public string Ladders { get; init; } = "manual";

    /// <summary>How often equal boards take turns outside events, minutes, 1…10080; 0 is never.</summary>
    public int RotateMinutes { get; init; }

    /// <summary>Ramp of an economic change on the board, s, 0…3600.</summary>
    public int RampS { get; init; } = 15;

    /// <summary>Random start of a rise on the board, s, 0…3600.</summary>
    public int SpreadS { get; init; } = 30;

    /// <summary>Spread of the falls at lease end, s, 0…3600.</summary>
    public int FailSpreadS { get; init; } = 10;

    /// <summary>How long an order holds without being repeated, s, 5…3600.</summary>
    public int LeaseS { get; init; } = 60;

    /// <summary>How often an order is repeated, s.</summary>
    public int RepeatS { get; init; } = 10;

    /// <summary>Keep-alive that the boards use towards the broker, s.</summary>
    public int KeepAliveS { get; init; } = 15;

    /// <summary>How long a second host needs to take over, s.</summary>
    public int TakeoverS { get; init; } = 12;

    /// <summary>Fastest rise of the site, W/s; 0 means the full site in 60 s.</summary>
    public double RampUpWPerS { get; init; }

    /// <summary>Feeders: groups of pods with a limit of their own. May be empty.</summary>
    public IReadOnlyList<FeederSection> Feeders { get; init; } = [];

    /// <summary>Who may send signed limits on `grid/signal`. May be empty.</summary>
    public IReadOnlyList<SourceSection> Sources { get; init; } = [];

    /// <summary>A second broker that carries `grid/signal` only, run by the grid side; null is none.</summary>
    public MqttSection? SignalBroker { get; init; }

    /// <summary>"grid": the second broker has precedence; "site": the site's own has. Means nothing without a second one.</summary>
    public string SignalPrecedence { get; init; } = "grid";

    /// <summary>Limits that come by the calendar. May be empty.</summary>
    public IReadOnlyList<ScheduleSection> Schedules { get; init; } = [];

    /// <summary>Prices; null leaves them out.</summary>
    public PriceSection? Price { get; init; }

    /// <summary>Surpluses to follow. May be empty.</summary>
    public IReadOnlyList<SurplusSection> Surplus { get; init; } = [];

    /// <summary>Dry contacts of this machine; need a build with HostGpio. May be empty.</summary>
    public IReadOnlyList<ContactSection> Contacts { get; init; } = [];

    /// <summary>Sensors of this machine; need a build with HostGpio. May be empty.</summary>
    public IReadOnlyList<SensorSection> Sensors { get; init; } = [];

    /// <summary>The site as a device in Home Assistant; null leaves it out.</summary>
    public HomeAssistantSection? HomeAssistant { get; init; }

    /// <summary>Newer rules of the time zones (.nzd of nodatime.org/tzdb), read again when the file changes; null uses those built in.</summary>
    public string? ZoneFile { get; init; }

    /// <summary>Named responses that a limit may be asked for by. May be empty.</summary>
    public IReadOnlyList<ProfileSection> Profiles { get; init; } = [];

    /// <summary>Who is told of alarms.</summary>
    public AlertsSection Alerts { get; init; } = new();

    /// <summary>How the record is kept.</summary>
    public LedgerSection Ledger { get; init; } = new();

    /// <summary>What is logged.</summary>
    public LogsSection Logs { get; init; } = new();

    /// <summary>The pods and their boards. Left out is a fault; [] is a site that commands nobody yet.</summary>
    public IReadOnlyList<PodSection> Pods { get; init; } = NoPods;

    /// <summary>What <see cref="Pods"/> is if the file does not name it.</summary>
    internal static readonly IReadOnlyList<PodSection> NoPods = new List<PodSection>();
}

/// <summary>Broker section.</summary>
public sealed record MqttSection
{
    /// <summary>Name or address.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>TCP port.</summary>
    public int Port { get; init; } = 1883;

    /// <summary>User, or null.</summary>
    public string? User { get; init; }

    /// <summary>Password, or null.</summary>
    public string? Password { get; init; }

    /// <summary>PEM file of authorities to trust; null means plain TCP.</summary>
    public string? CaFile { get; init; }

    /// <summary>PEM file of this host's certificate, or null.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file of the certificate's key, or null.</summary>
    public string? KeyFile { get; init; }
}

/// <summary>Meter section.</summary>
public sealed record MeterSection
{
    /// <summary>Topic below the site's root.</summary>
    public string Topic { get; init; } = "meter";

    /// <summary>False: there is no meter, and the sum of the boards' estimates stands for it.</summary>
    public bool Configured { get; init; }

    /// <summary>The meter's class error, percent of the reading, 0…10.</summary>
    public double ClassErrorPercent { get; init; } = 1;
}

/// <summary>A feeder: some pods behind one breaker.</summary>
public sealed record FeederSection
{
    /// <summary>Feeder id, [a-z0-9-]{1,32}.</summary>
    public string Id { get; init; } = "";

    /// <summary>Pods behind it.</summary>
    public IReadOnlyList<string> Pods { get; init; } = [];

    /// <summary>Lasting limit, W; null is none.</summary>
    public double? CapW { get; init; }

    /// <summary>Load that it should not go below, W; 0 is none. Caps win.</summary>
    public double MinW { get; init; }
}

/// <summary>A pod: the boards that obey one order.</summary>
public sealed record PodSection
{
    /// <summary>Pod id, [a-z0-9-]{1,32}.</summary>
    public string Id { get; init; } = "";

    /// <summary>Number of the pod key, 0…255.</summary>
    public int Kid { get; init; } = 1;

    /// <summary>Pod key, 64 hex digits; empty if the secret store has it, which then says the kid too.</summary>
    public string Key { get; init; } = "";

    /// <summary>Lasting limit, W; null is none.</summary>
    public double? CapW { get; init; }

    /// <summary>Load that it should not go below, W; 0 is none. Caps win.</summary>
    public double MinW { get; init; }

    /// <summary>True if the pod has a meter of its own on `{pod}/meter`.</summary>
    public bool Metered { get; init; }

    /// <summary>Load behind the pod's feed that is not boards, W; part of the site's baseW.</summary>
    public double BaseW { get; init; }

    /// <summary>The boards.</summary>
    public IReadOnlyList<BoardSection> Boards { get; init; } = [];
}

/// <summary>A board.</summary>
public sealed record BoardSection
{
    /// <summary>Board id, [a-z0-9-]{1,32}.</summary>
    public string Id { get; init; } = "";

    /// <summary>Number of the board's own key, 0…255.</summary>
    public int Kid { get; init; } = 1;

    /// <summary>The board's own key, 64 hex digits; empty if the secret store has it, which then says the kid too.</summary>
    public string Key { get; init; } = "";

    /// <summary>Most that the board can draw, W; counted wherever the board's own word is missing.</summary>
    public double NameplateW { get; init; }

    /// <summary>Lasting limit, W, whole; null is none.</summary>
    public double? CapW { get; init; }

    /// <summary>Load that it should not go below, W; 0 is none. Its pod is ordered so high that it gets there; caps win.</summary>
    public double MinW { get; init; }
}

/// <summary>A source of signed limits (contract section 6).</summary>
public sealed record SourceSection
{
    /// <summary>Source id as it stands in its messages, [a-z0-9-]{1,32}.</summary>
    public string Id { get; init; } = "";

    /// <summary>Number of its key, 0…255.</summary>
    public int Kid { get; init; } = 1;

    /// <summary>Its key, 64 hex digits; empty if the secret store has it, which then says the kid too.</summary>
    public string Key { get; init; } = "";

    /// <summary>How long its word counts, and how old a message may be, s, 1…86400.</summary>
    public int FreshS { get; init; } = 120;

    /// <summary>Site limit while it is silent for longer, W; null keeps what holds.</summary>
    public double? FallbackW { get; init; }

    /// <summary>True lets it release, replace by more, and set limits that end by themselves.</summary>
    public bool MayRaise { get; init; }

    /// <summary>After a release or a higher limit nothing rises for this long, s, 0…3600.</summary>
    public int DebounceS { get; init; } = 5;
}
