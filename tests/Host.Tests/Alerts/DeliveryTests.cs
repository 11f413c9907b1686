using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ballast.Host.Alerts;
using Ballast.Host.Options;
using Ballast.Host.Tests.Mqtt;
using Ballast.Host.Tests.Web;

namespace Ballast.Host.Tests.Alerts;

/// <summary>Messages on their way, to a real web server and a small mail server on loopback.</summary>
public sealed class DeliveryTests
{
    private static readonly AlertMessage Message = new()
    {
        Id = "h1-7",
        Site = "demo",
        Host = "h1",
        Sent = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
        Alerts = [new AlertNotice("raised", "critical", "journal", "", "The journal cannot be written — free disk space.", new DateTimeOffset(2026, 3, 1, 11, 59, 0, TimeSpan.Zero), 0)],
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_webhook_gets_JSON_with_a_signature_over_its_bytes_and_the_token()
    {
        using Receiver receiver = new(_ => 204);
        using WebhookChannel channel = new(new WebhookSection { Url = receiver.Url, Secret = "s3cret", Token = "t0ken" });
        Assert.True((await channel.Send(Message, Stop)).Good);
        (Dictionary<string, string> headers, byte[] body) = Assert.Single(receiver.Got);
        Assert.Equal("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData("s3cret"u8.ToArray(), body)), headers["X-Ballast-Signature"]);
        Assert.Equal(("Bearer t0ken", "h1-7", "application/json"), (headers["Authorization"], headers["X-Ballast-Delivery"], headers["Content-Type"]));
        JsonElement json = JsonSerializer.Deserialize<JsonElement>(body);
        Assert.Equal((1, "demo", "journal", "critical"), (json.GetProperty("v").GetInt32(), json.GetProperty("site").GetString(), json.GetProperty("alerts")[0].GetProperty("code").GetString(), json.GetProperty("alerts")[0].GetProperty("severity").GetString()));
        Assert.DoesNotContain("s3cret", Encoding.UTF8.GetString(body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_secret_or_token_nothing_is_signed_or_shown_and_a_redirect_is_not_followed()
    {
        using Receiver receiver = new(_ => 302);
        using WebhookChannel channel = new(new WebhookSection { Url = receiver.Url });
        Delivery delivery = await channel.Send(Message, Stop);
        Assert.Equal((false, false), (delivery.Good, delivery.Again));
        Assert.Equal(1, receiver.Count);
        Assert.False(receiver.Got[0].Headers.ContainsKey("X-Ballast-Signature") || receiver.Got[0].Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task A_receiver_that_fails_is_tried_again_with_the_same_id_and_one_that_refuses_is_not()
    {
        using Receiver receiver = new(n => n switch { 0 => 500, 1 => 429, 2 => 200, _ => 403 });
        List<string> results = [];
        List<int> waits = [];
        using AlertQueue queue = new(
            new WebhookChannel(new WebhookSection { Url = receiver.Url }),
            TimeProvider.System,
            (result, _) => results.Add(result),
            tried =>
            {
                waits.Add(tried);
                return TimeSpan.Zero;
            });
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        queue.Put(Message);
        queue.Put(Message with { Id = "h1-8" });
        Task run = queue.Run(end.Token);
        Wait.Until(() => queue.View.Failed == 1, "the second message to be given up");
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal(["again", "again", "delivered", "failed"], results);
        Assert.Equal([0, 1], waits);
        Assert.Equal(["h1-7", "h1-7", "h1-7", "h1-8"], receiver.Got.Select(g => g.Headers["X-Ballast-Delivery"]));
        Assert.Contains("403: check url, token and secret", queue.View.LastSaid, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receiver_that_only_fails_is_given_up_after_64_tries()
    {
        using Receiver receiver = new(_ => 500);
        List<string> results = [];
        using AlertQueue queue = new(new WebhookChannel(new WebhookSection { Url = receiver.Url }), TimeProvider.System, (result, _) => results.Add(result), _ => TimeSpan.Zero);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        queue.Put(Message);
        Task run = queue.Run(end.Token);
        Wait.Until(() => queue.View.Failed == 1 || receiver.Count > AlertQueue.MostTries, "the message to be given up");
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal((AlertQueue.MostTries, "failed"), (receiver.Count, results[^1]));
    }

    [Fact]
    public async Task A_receiver_that_never_answers_costs_only_its_own_channel_and_the_oldest_messages()
    {
        using Receiver receiver = new(_ => null);
        List<string> results = [];
        using AlertQueue queue = new(new WebhookChannel(new WebhookSection { Url = receiver.Url, TimeoutS = 120 }), TimeProvider.System, (result, _) => results.Add(result));
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        Task run = queue.Run(end.Token);
        queue.Put(Message);
        Wait.Until(() => receiver.Count == 1, "the first try");
        for (int i = 0; i < AlertQueue.MostWaiting + 7; i++)
        {
            queue.Put(Message);
        }

        Assert.Equal((AlertQueue.MostWaiting, 7, 7), (queue.View.Queued, queue.View.Dropped, results.Count(r => r == "dropped")));
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task Nobody_there_and_a_silent_receiver_are_sentences_and_worth_another_try()
    {
        string url;
        using (Receiver gone = new(_ => 200))
        {
            url = gone.Url;
        }

        using WebhookChannel nobody = new(new WebhookSection { Url = url });
        Delivery refused = await nobody.Send(Message, Stop);
        Assert.Equal((false, true), (refused.Good, refused.Again));
        using Receiver mute = new(_ => null);
        using WebhookChannel silent = new(new WebhookSection { Url = mute.Url, TimeoutS = 1 });
        Delivery late = await silent.Send(Message, Stop);
        Assert.Equal((false, true, "The receiver did not answer within 1 s."), (late.Good, late.Again, late.Sentence));
    }

    [Fact]
    public async Task A_mail_has_subject_text_sender_and_recipients()
    {
        using MailServer server = new();
        Delivery delivery = await Mail(server).Send(Message, Stop);
        Assert.True(delivery.Good, delivery.Sentence);
        string mail = Assert.Single(server.Mails);
        Assert.Contains("Subject: [Ballast demo] journal\n", mail, StringComparison.Ordinal);
        Assert.Contains("Auto-Submitted: auto-generated\n", mail, StringComparison.Ordinal);
        Assert.Contains("RAISED critical: journal\n", mail, StringComparison.Ordinal);
        Assert.Contains(server.Commands, c => c.StartsWith("MAIL FROM:<ballast@plant.example>", StringComparison.Ordinal));
        Assert.Equal(2, server.Commands.Count(c => c.StartsWith("RCPT TO:", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("451 try later", true)]
    [InlineData("550 no such user", false)]
    public async Task A_refused_mail_says_why_and_whether_another_try_is_worth_it(string answer, bool again)
    {
        using MailServer server = new(answer);
        Delivery delivery = await Mail(server).Send(Message, Stop);
        Assert.Equal((false, again), (delivery.Good, delivery.Again));
        Assert.Contains(answer[4..], delivery.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_server_without_TLS_is_not_talked_to_in_clear_unless_told_so()
    {
        using MailServer server = new();
        using MailChannel channel = new(new MailSection { Host = "127.0.0.1", Port = server.Port, From = "ballast@plant.example", To = ["ops@plant.example"], User = "u", Password = "p4ss" });
        Delivery delivery = await channel.Send(Message, Stop);
        Assert.False(delivery.Good);
        Assert.Empty(server.Mails);
        Assert.DoesNotContain(server.Commands, c => c.Contains("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Over_REST_channels_are_tried_and_alerts_and_results_are_shown()
    {
        using Receiver receiver = new(n => n == 0 ? 200 : 500);
        using MailServer server = new();
        RestHost host = new()
        {
            Change = o => o with
            {
                Alerts = new AlertsSection
                {
                    Webhooks = [new WebhookSection { Id = "pager", Url = receiver.Url, Secret = "s3cret" }],
                    Mail = new MailSection { Host = "127.0.0.1", Port = server.Port, Tls = "none", From = "ballast@plant.example", To = ["ops@plant.example"] },
                },
            },
        };
        await host.InitializeAsync();
        try
        {
            JsonElement both = await Ask(host, "{}", 200);
            Assert.True(both.GetProperty("good").GetBoolean());
            Assert.Equal(["pager", "mail"], both.GetProperty("channels").EnumerateArray().Select(c => c.GetProperty("id").GetString()));
            JsonElement one = await Ask(host, "{\"channel\":\"pager\"}", 200);
            Assert.Equal((false, "The receiver answered 500."), (one.GetProperty("good").GetBoolean(), one.GetProperty("channels")[0].GetProperty("sentence").GetString()));
            Assert.Equal("channel", (await Ask(host, "{\"channel\":\"fax\"}", 422)).GetProperty("field").GetString());
            Assert.Equal("channel", (await Ask(host, "{\"channel\":7}", 422)).GetProperty("field").GetString());
            JsonElement shown = await host.Http.GetFromJsonAsync<JsonElement>("/api/alerts", Stop);
            Assert.Equal("The receiver answered 500.", shown.GetProperty("channels")[0].GetProperty("lastSaid").GetString());
            Assert.DoesNotContain("s3cret", shown.GetRawText(), StringComparison.Ordinal);
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    [Fact]
    public async Task Without_a_channel_the_test_says_what_to_configure()
    {
        RestHost host = new();
        await host.InitializeAsync();
        try
        {
            Assert.Contains("alerts.webhooks", (await Ask(host, "{}", 409)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("webhooks", "[{\"url\":\"ftp://x\"}]", "http://")]
    [InlineData("webhooks", "[{\"id\":\"a\",\"url\":\"http://x\"},{\"id\":\"a\",\"url\":\"http://x\"}]", "id of its own")]
    [InlineData("webhooks", "[{\"url\":\"http://x\",\"token\":\"a b\"}]", "header")]
    [InlineData("mail", "{\"host\":\"m\",\"from\":\"nobody\",\"to\":[\"a@b\"]}", "'nobody' is no mail address")]
    [InlineData("mail", "{\"host\":\"m\",\"from\":\"a@b\",\"to\":[]}", "recipient")]
    [InlineData("mail", "{\"host\":\"m\",\"from\":\"a@b\",\"to\":[\"a@b\"],\"tls\":\"none\",\"user\":\"u\",\"password\":\"p\"}", "in clear")]
    [InlineData("rules", "[{\"code\":\"no-such\"}]", "no alarm has")]
    [InlineData("severity", "\"loud\"", "info, warning or critical")]
    [InlineData("raiseAfterS", "-1", "alerts.raiseAfterS")]
    public void A_wrong_section_is_named_with_what_to_change(string member, string value, string expected)
    {
        string pods = "\"pods\":[{\"id\":\"p1\",\"key\":\"" + Sim.ToySite.Key(1) + "\",\"boards\":[{\"id\":\"b1\",\"key\":\"" + Sim.ToySite.Key(2) + "\",\"nameplateW\":25}]}]";
        Assert.Null(OptionsFile.Parse("{\"site\":\"demo\",\"stateDir\":\"x\"," + pods + ",\"alerts\":{\"" + member + "\":" + value + "}}", out IReadOnlyList<string> problems));
        Assert.Contains(problems, p => p.Contains(expected, StringComparison.Ordinal));
    }

    private static MailChannel Mail(MailServer server)
        => new(new MailSection { Host = "127.0.0.1", Port = server.Port, Tls = "none", From = "ballast@plant.example", To = ["ops@plant.example", "night@plant.example"] });

    private static async Task<JsonElement> Ask(RestHost host, string body, int status)
    {
        HttpResponseMessage answer = await host.Post("/api/alerts/test", body);
        Assert.Equal(status, (int)answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
    }
}
