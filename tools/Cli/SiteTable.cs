using System.Globalization;
using Ballast.Virtual.Site;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Ballast.Cli;

/// <summary>Shows a site while it runs: a live table on a terminal, plain lines elsewhere.</summary>
internal abstract class SiteTable : IDisposable
{
    public static readonly string[] Heads = ["time", "cap W", "ordered W", "metered W", "TH/s", "shares", "boards by mode"];

    public static SiteTable Create() => Console.IsOutputRedirected ? new PlainTable() : new LiveTable();

    public abstract void Begin(Uri page);

    public abstract void Say(string step);

    public abstract void Show(SiteView view);

    public abstract void Dispose();

    protected static string[] Cells(SiteView view) =>
    [
        TimeSpan.FromMilliseconds(view.AtMs).ToString(@"m\:ss", CultureInfo.InvariantCulture),
        view.CapMw is { } cap ? Watts(cap) : "none",
        Watts(view.OrderedMw),
        Watts(view.MeterMw),
        (view.HashGhs / 1000.0).ToString("0.0", CultureInfo.InvariantCulture),
        view.Rejected == 0 ? view.Accepted.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{view.Accepted}, {view.Rejected} refused"),
        string.Join(", ", view.Modes.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Value} {m.Key}"))),
    ];

    private static string Watts(long mw) => (mw / 1000.0).ToString("0.0", CultureInfo.InvariantCulture);
}

/// <summary>One line a second.</summary>
internal sealed class PlainTable : SiteTable
{
    private static readonly int[] Widths = [6, 7, 9, 9, 6, 6, 0];

    private readonly Lock _gate = new();

    public override void Dispose()
    {
    }

    public override void Begin(Uri page)
    {
        lock (_gate)
        {
            Console.WriteLine($"page: {page}");
            Console.WriteLine(Line(Heads));
        }
    }

    public override void Say(string step)
    {
        lock (_gate)
            Console.WriteLine("-- " + step);
    }

    public override void Show(SiteView view)
    {
        lock (_gate)
            Console.WriteLine(Line(Cells(view)));
    }

    private static string Line(string[] cells) => string.Join("  ", cells.Select((c, i) => c.PadLeft(Widths[i])));
}

/// <summary>A table that stays where it is: the last samples, the step of the story, the page's address.</summary>
internal sealed class LiveTable : SiteTable
{
    private const int Rows = 16;

    private readonly Lock _gate = new();
    private readonly Queue<string[]> _rows = new();
    private readonly ManualResetEventSlim _end = new();
    private readonly AutoResetEvent _changed = new(false);
    private Thread? _thread;
    private string _step = "";
    private string _page = "";

    public override void Begin(Uri page)
    {
        _page = page.ToString();
        _thread = new Thread(() => AnsiConsole.Live(Draw()).AutoClear(false).Start(context =>
        {
            while (!_end.IsSet)
            {
                _changed.WaitOne(500);
                context.UpdateTarget(Draw());
            }
        }))
        {
            IsBackground = true,
            Name = "live table",
        };
        _thread.Start();
    }

    public override void Say(string step)
    {
        lock (_gate)
            _step = step;
        if (_thread is null)
            Console.WriteLine(step);
        _changed.Set();
    }

    public override void Show(SiteView view)
    {
        lock (_gate)
        {
            _rows.Enqueue(Cells(view));
            if (_rows.Count > Rows)
                _rows.Dequeue();
        }

        _changed.Set();
    }

    public override void Dispose()
    {
        _end.Set();
        _changed.Set();
        _thread?.Join();
        _end.Dispose();
        _changed.Dispose();
    }

    private Rows Draw()
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (string head in Heads)
            table.AddColumn(new TableColumn(head) { Alignment = head == Heads[^1] ? Justify.Left : Justify.Right, NoWrap = true });
        lock (_gate)
        {
            foreach (string[] row in _rows)
                table.AddRow([.. row.Select(c => new Text(c))]);
            return new Rows(new Markup($"[bold]Ballast[/]  {Markup.Escape(_page)}   Ctrl-C ends it"), table, (IRenderable)new Markup($"[yellow]{Markup.Escape(_step)}[/]"));
        }
    }
}
