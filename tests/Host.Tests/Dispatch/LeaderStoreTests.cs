using System.Text;
using Ballast.Host.Dispatch;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>LEADER of control.md over real stores, and the boards' own epoch check as the last word.</summary>
public sealed class LeaderStoreTests
{
    [Fact]
    public void LEADER_every_start_that_leads_commits_an_epoch_above_its_store_before_it_publishes()
    {
        string folder = Directory.CreateTempSubdirectory("ballast-leader-").FullName;
        try
        {
            List<uint> epochs = [];
            for (int start = 0; start < 3; start++)
            {
                using SqliteJournal journal = new(folder);
                Recorder carrier = new();
                FakeTime time = new();
                DispatchContext context = new(ToySite.MakeOptions(4, 2), time, carrier, journal, 1);
                SiteDispatcher dispatcher = new(context);
                dispatcher.Start(journal.Load());
                dispatcher.OnConnected();
                carrier.AtFirst = () => Assert.True(journal.Load().Epoch > epochs.LastOrDefault());
                for (int i = 0; i < 200 && dispatcher.Phase != HostPhase.Leading; i++)
                {
                    time.Advance(100);
                    dispatcher.Tick();
                }

                Assert.Equal(HostPhase.Leading, dispatcher.Phase);
                Assert.True(carrier.Sent > 0);
                Assert.True(context.Sender.Epoch > epochs.LastOrDefault(), context.Sender.Epoch + " after " + string.Join(",", epochs));
                epochs.Add(context.Sender.Epoch);
                dispatcher.Stop();
            }
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [Fact]
    public void F13_boards_that_heard_a_higher_epoch_ignore_the_host_that_does_not_know_it_yet_S18()
    {
        ToySite site = new ToySite().UpAndRunning();
        uint first = site.Context.Sender.Epoch;
        ToyHost second = new(site, "h2");
        site.Run(20);

        // The first host is frozen while the second is told to lead, and wakes without having heard of it.
        site.HostAlive = false;
        second.Dispatcher.Command(lead: true);
        site.Run(20);
        Assert.All(site.Boards, b => Assert.Equal(second.Context.Sender.Epoch, b.Epoch));
        double before = site.PowerW;
        Assert.Equal(LimitOutcome.Created, site.Desk.Take(Encoding.UTF8.GetBytes("{\"class\":\"economic\",\"limitW\":10}"), "rest", true, null).Outcome);
        site.Run(5);
        Assert.True(site.PowerW > before - 1, before + " to " + site.PowerW);
        Assert.All(site.Boards, b => Assert.True(b.Epoch > first));
        site.HostAlive = true;
        site.Run(10);
        Assert.Equal(HostPhase.Passive, site.Dispatcher.Phase);
        Assert.Equal(HostPhase.Leading, second.Dispatcher.Phase);
    }

    [Fact]
    public void LEADER_on_an_equal_epoch_the_smaller_hostId_leads()
    {
        ToySite site = new ToySite().UpAndRunning();
        uint epoch = site.Context.Sender.Epoch;
        site.Dispatcher.OnHost("h2", Encoding.ASCII.GetBytes("{\"hostId\":\"h2\",\"epoch\":" + epoch + ",\"online\":true}"), false);
        site.Run(1);
        Assert.Equal(HostPhase.Leading, site.Dispatcher.Phase);
        site.Dispatcher.OnHost("a1", Encoding.ASCII.GetBytes("{\"hostId\":\"a1\",\"epoch\":" + epoch + ",\"online\":true}"), false);
        site.Run(1);
        Assert.Equal(HostPhase.Passive, site.Dispatcher.Phase);
    }

    [Fact]
    public void LEADER_a_host_that_an_operator_told_to_stand_by_stays_passive_until_told()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Dispatcher.Command(lead: false);
        site.Run(40);
        Assert.Equal(HostPhase.Passive, site.Dispatcher.Phase);
        site.Dispatcher.Command(lead: true);
        site.Run(2);
        Assert.Equal(HostPhase.Leading, site.Dispatcher.Phase);
    }

    [Fact]
    public void BROKER_DOWN_freezes_the_gain_holds_the_order_and_nothing_counts_as_settled_for_10_s_after()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Limit(250);
        site.Run(120);
        double gain = site.Context.Gain.Gain;
        (int, uint) order = (site.Context.Fleet.Pods[0].Limit, site.Context.Fleet.Pods[0].Share);
        site.BrokerDown();
        site.Run(20);
        Assert.Equal(gain, site.Context.Gain.Gain);
        site.Connect();
        site.Run(1);
        Assert.Equal(order, (site.Context.Fleet.Pods[0].Limit, site.Context.Fleet.Pods[0].Share));
        Assert.InRange(site.Dispatcher.Picture.SettlesInMs, 8000, 10_000);
    }

    private sealed class Recorder : IOrderCarrier
    {
        internal int Sent { get; private set; }

        internal Action? AtFirst { get; set; }

        public bool IsConnected => true;

        public bool Publish(string topic, ReadOnlySpan<byte> payload, int qos, bool retain)
        {
            if (Sent++ == 0)
            {
                AtFirst?.Invoke();
            }

            return true;
        }
    }
}
