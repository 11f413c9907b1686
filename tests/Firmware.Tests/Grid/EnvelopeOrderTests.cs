using System.Text;
using Ballast.Firmware.Tests.Agent;
using Ballast.Wire;

namespace Ballast.Firmware.Tests.Grid;

/// <summary>Contract sections 2 and 5: what is accepted, in which order it is checked, and what a refusal changes.</summary>
public class EnvelopeOrderTests
{
    private static void NothingMoved(Bench b, Action send, Reject why)
    {
        var s = b.Snap;
        var before = (s.EffectivePoint, s.Admitted, s.BootNonce, s.DispatchEpoch, s.DispatchSeq, s.SetEpoch, s.SetSeq, s.OrderId, s.LeaseEndMs, s.LatchDispatch, s.LatchSet, b.Store.Writes);
        int count = b.Rejected(why);
        b.Link.Sent.Clear();
        send();
        b.Step();
        var after = (s.EffectivePoint, s.Admitted, s.BootNonce, s.DispatchEpoch, s.DispatchSeq, s.SetEpoch, s.SetSeq, s.OrderId, s.LeaseEndMs, s.LatchDispatch, s.LatchSet, b.Store.Writes);
        Assert.Equal(before, after);
        Assert.Equal(count + 1, b.Rejected(why));
        b.Run(5);
        Assert.Equal(0, b.Link.Count("/ack"));
    }

    [Fact]
    public void S14_F26_a_replayed_order_is_counted_and_never_answered()
    {
        var b = new Bench();
        b.AdmitAndRun();
        byte[] old = b.Send(b.Order(0));
        b.Run(1);
        b.OrderNow(int.MaxValue);
        b.Run(30);
        NothingMoved(b, () => b.Link.Deliver(Bench.Dispatch, old), Reject.Stale);
    }

    [Fact]
    public void S14_F10_an_order_out_of_order_is_counted_and_ignored()
    {
        var b = new Bench();
        b.AdmitAndRun();
        DispatchOrder late = b.Order(0);
        b.OrderNow(int.MaxValue);
        b.Run(30);
        NothingMoved(b, () => b.Send(late), Reject.Stale);
    }

    [Fact]
    public void S14_F11_a_retained_order_is_ignored()
    {
        var b = new Bench();
        b.AdmitAndRun();
        b.Run(20);
        NothingMoved(b, () => b.Link.Deliver(Bench.Dispatch, b.Sign(b.Order(0)), retained: true), Reject.Retained);
    }

    [Fact]
    public void S14_F27_a_wrong_key_an_unknown_kid_and_another_topic_are_refused()
    {
        var b = new Bench();
        b.AdmitAndRun();
        b.Run(20);
        NothingMoved(b, () => b.Link.Deliver(Bench.Dispatch, b.Sign(b.Order(0), b.BoardKey)), Reject.Mac);
        b.PodKid = 9;
        NothingMoved(b, () => b.Send(b.Order(0)), Reject.UnknownKid);
        b.PodKid = 1;
        NothingMoved(b, () => b.Link.Deliver(Bench.Dispatch, b.Sign(b.Order(0), null, "ballast/v1/s1/p2/dispatch")), Reject.Mac);
    }

    [Fact]
    public void S14_F28_malformed_payloads_are_refused_with_their_reason()
    {
        var b = new Bench();
        b.AdmitAndRun();
        b.Run(20);
        string mac = ",\"mac\":\"" + new string('0', 64) + "\"}";
        NothingMoved(b, () => b.Link.Deliver(Bench.Dispatch, new byte[3000]), Reject.TooLong);
        NothingMoved(b, () => b.Link.Deliver(Bench.Dispatch, "{}"u8.ToArray()), Reject.Suffix);
        NothingMoved(b, () => b.Link.Deliver(Bench.Dispatch, Encoding.UTF8.GetBytes("{\"a\":{\"b\":{}}" + mac)), Reject.Syntax);
        NothingMoved(b, () => b.Link.Deliver(Bench.Dispatch, Encoding.UTF8.GetBytes("{\"kid\":1" + mac)), Reject.Missing);
        NothingMoved(b, () => b.Link.Deliver(Bench.Dispatch, Encoding.UTF8.GetBytes("{\"kid\":1,\"kid\":1" + mac)), Reject.DuplicateMember);
        NothingMoved(b, () => b.Link.Deliver(Bench.Dispatch, Encoding.UTF8.GetBytes("{\"kid\":256" + mac)), Reject.Range);
        NothingMoved(b, () => b.Link.Deliver(Bench.Set, Encoding.UTF8.GetBytes("{\"kid\":1,\"epoch\":200,\"seq\":1,\"orderId\":1,\"sent\":1" + mac)), Reject.NoAction);
        NothingMoved(b, () => b.Link.Deliver(Bench.Set, Encoding.UTF8.GetBytes("{\"kid\":1,\"epoch\":200,\"seq\":1,\"orderId\":1,\"sent\":1,\"identify\":1,\"restart\":1" + mac)), Reject.TwoActions);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1e9")]
    [InlineData("NaN")]
    [InlineData("\"12\"")]
    [InlineData("2147483648")]
    [InlineData("01")]
    [InlineData("null")]
    public void S14_F7_a_limit_that_is_not_a_number_in_range_is_refused(string limit)
    {
        var b = new Bench();
        b.AdmitAndRun();
        b.Run(20);
        string text = Encoding.UTF8.GetString(b.Sign(b.Order(1234567)));
        int before = b.Snap.Rejects.Sum();
        b.Link.Deliver(Bench.Dispatch, Encoding.UTF8.GetBytes(text.Replace("\"limitMjPerTh\":1234567", "\"limitMjPerTh\":" + limit, StringComparison.Ordinal)));
        b.Run(1);
        Assert.Equal(before + 1, b.Snap.Rejects.Sum());
        Assert.Equal(0, b.Rejected(Reject.Mac));
        Assert.Equal(5, b.Snap.EffectivePoint);
    }

    [Fact]
    public void F7_a_limit_of_zero_is_obeyed()
    {
        var b = new Bench();
        b.AdmitAndRun();
        b.OrderNow(0);
        Assert.Equal(0, b.Snap.EffectivePoint);
        Assert.Equal(LimitedBy.PodOrder, b.Snap.LimitedBy);
        b.RunUntil(() => !b.Fake.Regulator.On, 5);
    }

    [Fact]
    public void F9_an_equal_pair_is_answered_again_and_renews_nothing()
    {
        var b = new Bench();
        b.AdmitAndRun();
        b.OrderId++;
        DispatchOrder o = b.Order(int.MaxValue);
        b.Send(o);
        b.Run(5);
        Assert.Equal("applied", (string?)b.Link.Last("/ack")!["result"]);
        long lease = b.Snap.LeaseEndMs;
        b.Send(o);
        b.Run(5);
        Assert.Equal("again", (string?)b.Link.Last("/ack")!["result"]);
        Assert.Equal(lease, b.Snap.LeaseEndMs);
    }

    [Fact]
    public void A_repeat_with_a_new_seq_renews_the_lease_and_is_not_answered()
    {
        var b = new Bench();
        b.AdmitAndRun();
        b.OrderNow(int.MaxValue);
        b.Run(5);
        int acks = b.Link.Count("/ack");
        long lease = b.Snap.LeaseEndMs;
        b.Send(b.Order(int.MaxValue));
        b.Run(5);
        Assert.Equal(acks, b.Link.Count("/ack"));
        Assert.True(b.Snap.LeaseEndMs > lease);
    }

    [Fact]
    public void F13_the_higher_epoch_is_obeyed_and_the_lower_one_ignored()
    {
        var b = new Bench();
        b.AdmitAndRun();
        uint seq = b.Seq;
        b.Epoch = 101;
        b.OrderNow(b.Agent.Power.Ladder.Ladder.CostMjPerTh(2));
        int point = b.Snap.EffectivePoint;
        b.Run(20);
        b.Epoch = 100;
        b.Seq = seq + 1000;
        NothingMoved(b, () => b.Send(b.Order(int.MaxValue)), Reject.Stale);
        Assert.Equal(point, b.Snap.EffectivePoint);
        Assert.True(b.Snap.Admitted);
    }

    [Fact]
    public void F12_F16_a_message_older_than_a_lease_is_refused_by_the_hosts_own_time()
    {
        var b = new Bench();
        b.AdmitAndRun(leaseS: 60);
        DispatchOrder late = b.Order(0);
        late.Seq += 100;
        for (int i = 0; i < 13; i++)
        {
            b.Run(5);
            b.OrderNow(int.MaxValue, leaseS: 60);
        }

        b.Run(5);
        b.Send(late);
        b.Run(0.1);
        Assert.Equal(1, b.Rejected(Reject.Time));
        Assert.Equal(5, b.Snap.EffectivePoint);

        // It was authentic, so it is answered, once in 10 s.
        Assert.Equal("rejected", (string?)b.Link.Last("/ack")!["result"]);
        Assert.Equal("time", (string?)b.Link.Last("/ack")!["reason"]);
        int acks = b.Link.Count("/ack");
        late.Seq++;
        b.Send(late);
        b.Run(5);
        Assert.Equal(acks, b.Link.Count("/ack"));
    }

    [Fact]
    public void F15_a_step_of_the_hosts_clock_does_not_stop_a_new_epoch_but_it_may_only_lower()
    {
        var b = new Bench();
        b.AdmitAndRun(leaseS: 60);
        uint nonce = b.Snap.BootNonce;
        b.HostOffsetMs -= 3_600_000;
        b.OrderNow(int.MaxValue);
        Assert.Equal(1, b.Rejected(Reject.Time));
        b.Epoch = 101;
        b.OrderNow(int.MaxValue);
        Assert.False(b.Snap.Admitted);
        Assert.NotEqual(nonce, b.Snap.BootNonce);
        Assert.Equal(0, b.Snap.EffectivePoint);

        // From here on the new time counts.
        b.Admit();
        Assert.Equal(5, b.Snap.EffectivePoint);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void S15_F15_an_order_of_a_new_epoch_that_looks_old_releases_no_latch_and_raises_no_cap(bool bySet)
    {
        var b = new Bench(failsafeW: 12);
        b.AdmitAndRun(leaseS: 60);
        SetMessage cap = b.Message(SetKind.PowerW);
        cap.PowerW = 11;
        b.Send(cap);
        b.OrderNow(0, OrderClass.Emergency);
        b.HostOffsetMs -= 3_600_000;
        b.Epoch = 101;
        SetMessage more = b.Message(SetKind.PowerW);
        more.PowerW = 1000;
        if (bySet)
            b.Send(more);
        else
            b.Send(b.Order(int.MaxValue));
        b.Run(0.1);
        Assert.Equal(11, b.Agent.Record.PowerW);
        Assert.True(b.Snap.LatchDispatch);
        Assert.False(b.Snap.Admitted);
        b.Run(30, () => Assert.False(b.Fake.Regulator.On));

        // From the next of the same epoch on the new time counts.
        b.OrderNow(int.MaxValue);
        Assert.False(b.Snap.LatchDispatch);
    }

    [Fact]
    public void Acks_of_a_pod_order_wait_for_the_ranks_part_of_two_seconds()
    {
        var b = new Bench();
        b.AdmitAndRun();
        b.Run(5);
        long at = b.Clock.NowMs;
        b.OrderNow(0, OrderClass.Emergency);
        int acks = b.Link.Count("/ack");
        b.RunUntil(() => b.Link.Count("/ack") > acks, 2.1);
        long delay = (long)(((ulong)b.Agent.Orders.Rank * 2000) >> 32);
        Assert.InRange(b.Clock.NowMs - at, delay, delay + 60);
        Assert.Equal(0, (int)b.Link.Last("/ack")!["effectiveMw"]! - b.Agent.Power.Ladder.Ladder.PowerMw(0));
    }

    [Fact]
    public void F28_100000_random_and_mutated_payloads_change_nothing_but_counters()
    {
        var b = new Bench();
        b.AdmitAndRun(leaseS: 3600);
        b.Run(20);
        var random = new Random(12345);
        byte[] dispatch = b.Sign(b.Order(0, OrderClass.Emergency));
        SetMessage off = b.Message(SetKind.PowerW);
        byte[] set = b.Sign(off);
        string before = State(b);
        long lease = b.Snap.LeaseEndMs;
        int rejects = b.Snap.Rejects.Sum();
        var follower = b.Agent;
        for (int i = 0; i < 100_000; i++)
        {
            bool isDispatch = random.Next(2) == 0;
            byte[] m = (byte[])(isDispatch ? dispatch : set).Clone();
            switch (random.Next(4))
            {
                case 0:
                    m = new byte[random.Next(1100)];
                    random.NextBytes(m);
                    break;
                case 1:
                    m = m[..random.Next(m.Length)];
                    break;
                default:
                    int n = random.Next(1, 5);
                    byte[] original = (byte[])m.Clone();
                    while (n-- > 0)
                        m[random.Next(m.Length)] = (byte)random.Next(256);
                    if (m.AsSpan().SequenceEqual(original))
                        m[0] ^= 1;
                    break;
            }

            b.Link.Deliver(isDispatch ? Bench.Dispatch : Bench.Set, m);
            if (i % 4 == 3)
                b.Step();
        }

        b.Run(1);
        Assert.Equal(rejects + 100_000, b.Snap.Rejects.Sum());
        Assert.Equal(before, State(b));
        Assert.Equal(lease, b.Snap.LeaseEndMs);
    }

    private static string State(Bench b)
    {
        var s = b.Snap;
        return $"{s.EffectivePoint} {s.LimitedBy} {s.Admitted} {s.BootNonce} {s.DispatchEpoch}.{s.DispatchSeq} {s.SetEpoch}.{s.SetSeq} {s.OrderId} {s.LatchDispatch} {s.LatchSet} {s.Mode} {b.Store.Writes}";
    }
}
