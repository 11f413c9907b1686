using Ballast.Host.Alerts;
using Ballast.Host.Options;
using Ballast.Host.Tests.Mqtt;

namespace Ballast.Host.Tests.Alerts;

/// <summary>Channels that do what nobody thought of: they stay in use.</summary>
public sealed class ChannelErrorTests
{
    private static readonly AlertMessage Message = new() { Id = "h1-1", Site = "demo", Host = "h1", Sent = DateTimeOffset.UnixEpoch, Alerts = [] };

    [Fact]
    public async Task A_mail_server_that_wants_a_user_is_a_refusal_that_says_what_to_do()
    {
        using MailServer server = new("530 5.7.0 Authentication required");
        using MailChannel channel = new(new MailSection { Host = "127.0.0.1", Port = server.Port, Tls = "none", From = "a@example.org", To = ["b@example.org"] });
        Delivery delivery = await channel.Send(Message, TestContext.Current.CancellationToken);
        Assert.Equal((false, false), (delivery.Good, delivery.Again));
        Assert.Contains("alerts.mail.user", delivery.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_channel_that_throws_is_tried_again_and_the_next_message_arrives()
    {
        List<string> results = [];
        using AlertQueue queue = new(new Moody(), TimeProvider.System, (result, _) => results.Add(result), _ => TimeSpan.Zero);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task run = queue.Run(end.Token);
        queue.Put(Message);
        queue.Put(Message with { Id = "h1-2" });
        Wait.Until(() => queue.View.Delivered == 2, "both messages");
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal(["again", "delivered", "delivered"], results);
    }

    private sealed class Moody : IAlertChannel
    {
        private int _tried;

        public string Id => "moody";

        public Task<Delivery> Send(AlertMessage message, CancellationToken cancel)
            => ++_tried == 1 ? throw new InvalidOperationException("a mood") : Task.FromResult(new Delivery(true, false, "Taken."));

        public void Dispose()
        {
        }
    }
}
