using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json;
using Ballast.Host.Ledger;

namespace Ballast.Host.Tests.Web;

/// <summary>A query that an operation does not mean is refused with the name and what to write instead; nothing is bent to fit.</summary>
public sealed class QueryTests(RestHost host) : IClassFixture<RestHost>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/api/boards?pod=p9", "pod", "GET /api/tree")]
    [InlineData("/api/boards?pods=p1", "pods", "use pod, skip, take.")]
    [InlineData("/api/boards?skip=-1", "skip", "from 0 to 2147483647.")]
    [InlineData("/api/boards?take=0", "take", "from 1 to 5000.")]
    [InlineData("/api/boards?take=5001", "take", "from 1 to 5000.")]
    [InlineData("/api/boards?take=99999999999", "take", "from 1 to 5000.")]
    [InlineData("/api/boards?take=", "take", "from 1 to 5000.")]
    [InlineData("/api/boards?take=1&take=2", "take", "2 times")]
    [InlineData("/api/keys?pod=p9", "pod", "GET /api/tree")]
    [InlineData("/api/keys?skip=-5", "skip", "from 0")]
    [InlineData("/api/events?open=maybe", "open", "true or false")]
    [InlineData("/api/events?take=501", "take", "from 1 to 500.")]
    [InlineData("/api/events?skip=x", "skip", "whole number")]
    [InlineData("/api/events?skip=1.5", "skip", "whole number")]
    [InlineData("/api/events/x/boards?take=-1", "take", "from 1 to 5000.")]
    [InlineData("/api/events/x/boards?state=gone", "state", "pending, ordered")]
    [InlineData("/api/events/x/export?format=xml", "format", "json or csv")]
    [InlineData("/api/fleet?take=-1", "take", "from 0 to 1000.")]
    [InlineData("/api/fleet?skip=-1", "skip", "from 0")]
    [InlineData("/api/fleet?mode=on", "mode", "asleep")]
    [InlineData("/api/fleet?descending=yes", "descending", "true or false")]
    [InlineData("/api/history?seconds=0", "seconds", "from 1 to 86400.")]
    [InlineData("/api/history?seconds=90000", "seconds", "from 1 to 86400.")]
    [InlineData("/api/history?second=900", "second", "use seconds.")]
    [InlineData("/api/audit?take=5000", "take", "from 1 to 1000.")]
    [InlineData("/api/site?verbose=1", "verbose", "takes no parameters")]
    public async Task A_query_that_is_not_meant_is_refused_with_its_name_and_what_to_write(string path, string field, string says)
    {
        using HttpResponseMessage answer = await host.Http.GetAsync(new Uri(path, UriKind.Relative), Stop);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        JsonElement problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal(field, problem.GetProperty("field").GetString());
        Assert.Contains(says, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/boards?pod=p1&skip=0&take=5000")]
    [InlineData("/api/boards?POD=p1")]
    [InlineData("/api/keys?pod=p2&take=1")]
    [InlineData("/api/events?open=true&skip=2147483647&take=500")]
    [InlineData("/api/fleet?take=0&descending=true&sort=power&mode=&text=b&state=&pod=")]
    [InlineData("/api/history?seconds=86400")]
    [InlineData("/api/audit?skip=100000&take=1000")]
    [InlineData("/health?x=1")]
    public async Task What_an_operation_knows_is_taken_up_to_its_bounds(string path)
        => Assert.Equal(HttpStatusCode.OK, (await host.Http.GetAsync(new Uri(path, UriKind.Relative), Stop)).StatusCode);

    [Fact]
    public async Task Every_operation_with_a_query_says_that_it_may_refuse_it_and_every_number_says_its_bounds()
    {
        JsonElement document = await host.Http.GetFromJsonAsync<JsonElement>("/openapi/v1.json", Stop);
        int numbers = 0;
        foreach (JsonProperty path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (JsonProperty operation in path.Value.EnumerateObject().Where(o => o.Value.TryGetProperty("parameters", out _)))
            {
                JsonElement[] query = [.. operation.Value.GetProperty("parameters").EnumerateArray().Where(p => p.GetProperty("in").GetString() == "query")];
                Assert.True(query.Length == 0 || operation.Value.GetProperty("responses").TryGetProperty("422", out _), operation.Name + " " + path.Name);
                foreach (JsonElement schema in query.Select(p => p.GetProperty("schema")).Where(s => s.GetRawText().Contains("integer", StringComparison.Ordinal)))
                {
                    Assert.True(schema.TryGetProperty("minimum", out _) && schema.TryGetProperty("maximum", out _), operation.Name + " " + path.Name + " " + schema);
                    numbers++;
                }
            }
        }

        Assert.True(numbers >= 10, numbers + " numbers");
    }

    [Fact]
    public void The_kinds_of_records_are_all_there_are()
    {
        string[] written = [.. typeof(RecordKind).GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral).Select(f => (string)f.GetValue(null)!)];
        Assert.Equal(written, RecordKind.All);
        Assert.Null(RecordKind.Problem("limit"));
        Assert.Null(RecordKind.Problem(null));
    }
}

/// <summary>The same for the export of a ledger on a disk.</summary>
public sealed class LedgerQueryTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ballast-query-");
    private SqliteJournal _journal = null!;
    private Microsoft.AspNetCore.Builder.WebApplication _app = null!;
    private HttpClient _http = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _journal = new SqliteJournal(_folder.FullName);
        _app = Program.Build(
            Sim.ToySite.MakeOptions(1, 1) with { StateDir = _folder.FullName, Http = new Options.HttpSection { Urls = "http://127.0.0.1:0" } }, _journal, new Metrics.Nobody(), TimeProvider.System);
        await _app.StartAsync(Stop);
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _journal.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("kind=limits", "kind", "kind is 'limits': use one of state, open, epoch, orders, limit, ")]
    [InlineData("kind=Limit", "kind", "use one of")]
    [InlineData("format=xml", "format", "use json or csv.")]
    [InlineData("from=yesterday", "from", "2026-11-22T00:00:00Z")]
    [InlineData("from=5", "from", "2026-11-22T00:00:00Z")]
    [InlineData("to=10:00", "to", "2026-11-22T00:00:00Z")]
    [InlineData("from=2026-11-22T00:00:00+01:00", "from", "%2B")]
    [InlineData("from=2026-11-23&to=2026-11-22", "to", "exchange them")]
    [InlineData("until=2026-11-22", "until", "use format, kind, from, to.")]
    public async Task An_export_that_would_be_empty_or_of_something_else_is_refused(string query, string field, string says)
    {
        using HttpResponseMessage answer = await _http.GetAsync(new Uri("/api/ledger/export?" + query, UriKind.Relative), Stop);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        JsonElement problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal(field, problem.GetProperty("field").GetString());
        Assert.Contains(says, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kind=open&from=2026-01-01&to=2126-01-01T00:00:00%2B01:00")]
    [InlineData("format=csv&kind=energy")]
    public async Task An_export_that_is_meant_is_given(string query)
        => Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync(new Uri("/api/ledger/export?" + query, UriKind.Relative), Stop)).StatusCode);
}
