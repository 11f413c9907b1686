namespace Ballast.Host.Tests.Faults;

/// <summary>F30: what the inbox keeps when more comes than the loop can take.</summary>
public sealed class HostInboxTests
{
    private static Work Word(int number) => new(null, BitConverter.GetBytes(number), false, null);

    private static int NumberOf(Work work) => BitConverter.ToInt32(work.Payload);

    [Theory]
    [InlineData(nameof(Lane.Readings), true)]
    [InlineData(nameof(Lane.Telemetry), true)]
    [InlineData(nameof(Lane.Words), false)]
    [InlineData(nameof(Lane.Signals), false)]
    public void F30_a_full_lane_keeps_the_newest_of_what_is_said_again_and_the_oldest_of_what_is_said_once(string name, bool newest)
    {
        Lane lane = Enum.Parse<Lane>(name);
        HostInbox inbox = new(4);
        int most = inbox.Most(lane);
        Assert.All(Enumerable.Range(0, most), i => Assert.True(inbox.Put(lane, Word(i))));
        Assert.Equal(newest, inbox.Put(lane, Word(most)));
        Assert.Equal((most, 1L), (inbox.Waiting(lane), inbox.Dropped(lane)));
        Assert.True(inbox.TryTake(lane, out Work first));
        Assert.Equal(newest ? 1 : 0, NumberOf(first));
    }

    [Fact]
    public void What_boards_and_meters_say_is_taken_in_the_order_in_which_it_came()
    {
        HostInbox inbox = new(4);
        Lane[] lanes = [Lane.Telemetry, Lane.Words, Lane.Readings, Lane.Words, Lane.Telemetry];
        for (int i = 0; i < lanes.Length; i++)
        {
            inbox.Put(lanes[i], Word(i));
        }

        for (int i = 0; i < lanes.Length; i++)
        {
            Assert.True(inbox.TryTakeSaid(out Work work));
            Assert.Equal(i, NumberOf(work));
        }

        Assert.False(inbox.TryTakeSaid(out _));
    }

    [Fact]
    public void Work_of_the_host_itself_gets_in_where_no_word_does_and_nothing_does_after_the_end()
    {
        HostInbox inbox = new(4);
        Assert.All(Enumerable.Range(0, inbox.Most(Lane.Signals)), i => Assert.True(inbox.Put(Lane.Signals, Word(i))));
        Assert.True(inbox.Put(Lane.Signals, new Work(null, null, false, () => { })));
        inbox.Close();
        Assert.False(inbox.Put(Lane.Asks, new Work(null, null, false, () => { })));
    }
}
