using System.Text;
using Ballast.Firmware.Grid;
using Ballast.Firmware.Tests.Agent;
using Ballast.Wire;

namespace Ballast.Firmware.Tests.Grid;

/// <summary>Contract sections 2 and 4: keys and their rotation, actions, and what is stored before they run.</summary>
public class KeyAndActionTests
{
    private static readonly byte[] NewKey = [.. Enumerable.Range(0, 32).Select(i => (byte)(200 + i))];

    private static void Install(Bench b, int slot, int kid)
    {
        SetMessage m = b.Message(SetKind.InstallKey);
        m.Value = (uint)slot;
        m.NewKid = kid;
        NewKey.CopyTo(m.NewKey, 0);
        byte[] topic = Encoding.UTF8.GetBytes(Bench.Set);
        KeyCipher.Apply(new HmacSha256(b.BoardKey), topic, topic.Length, m.Epoch, m.Seq, m.NewKey, 0);
        b.Send(m);
        b.Run(0.1);
    }

    private static string LastSetAck(Bench b)
    {
        for (int i = b.Link.Sent.Count - 1; i >= 0; i--)
            if (b.Link.Sent[i].Topic.EndsWith("/ack", StringComparison.Ordinal) && b.Link.Sent[i].Payload.Contains("\"stream\":\"set\"", StringComparison.Ordinal))
                return b.Link.Sent[i].Payload;
        return "";
    }

    [Fact]
    public void A_new_pod_key_stands_beside_the_old_one_until_its_first_message_retires_it()
    {
        var b = new Bench();
        b.AdmitAndRun(leaseS: 3600);
        Install(b, SetActions.PodKeySlot, 2);
        b.OrderNow(int.MaxValue, leaseS: 3600);
        Assert.Equal(0, b.Rejected(Reject.UnknownKid));
        b.PodKid = 2;
        b.PodKey = NewKey;

        // A high-water belongs to a kid: the new one starts at 0, so that it is the way out of an epoch that ran away.
        b.Epoch = 3;
        b.OrderNow(0, OrderClass.Emergency, leaseS: 3600);
        Assert.Equal(0, b.Snap.EffectivePoint);
        b.PodKid = 1;
        b.Epoch = 1000;
        b.OrderNow(int.MaxValue);
        Assert.Equal(1, b.Rejected(Reject.UnknownKid));
    }

    [Fact]
    public void A_new_key_retires_an_older_one_that_was_never_used()
    {
        var b = new Bench();
        b.Run(1);
        Install(b, SetActions.PodKeySlot, 2);
        byte[] old = b.PodKey;
        b.PodKid = 2;
        b.PodKey = NewKey;
        b.OrderNow(int.MaxValue);
        b.PodKid = 1;
        b.PodKey = old;
        b.OrderNow(int.MaxValue);
        Assert.Equal(1, b.Rejected(Reject.UnknownKid));
    }

    [Fact]
    public void A_cap_below_what_the_board_draws_asleep_is_applied_and_says_so()
    {
        var b = new Bench();
        b.AdmitAndRun(leaseS: 3600);
        SetMessage m = b.Message(SetKind.PowerW);
        m.PowerW = 1;
        b.Send(m);
        b.Run(0.1);
        Assert.Contains("\"result\":\"applied\",\"reason\":\"below-minimum\"", LastSetAck(b), StringComparison.Ordinal);
        Assert.Equal(0, b.Snap.EffectivePoint);
    }

    [Fact]
    public void A_rotation_survives_a_restart()
    {
        var b = new Bench();
        b.AdmitAndRun(leaseS: 3600);
        Install(b, SetActions.BoardKeySlot, 7);
        b.Restart();
        b.BoardKid = 7;
        byte[] old = b.BoardKey;
        b.BoardKey = NewKey;
        b.Admit(leaseS: 3600);
        b.Restart();
        b.BoardKid = 1;
        b.BoardKey = old;
        b.Send(b.Message(SetKind.Identify));
        b.Run(0.1);
        Assert.Equal(1, b.Rejected(Reject.UnknownKid));
    }

    [Fact]
    public void A_known_kid_is_not_installed_again_and_the_last_key_is_not_dropped()
    {
        var b = new Bench();
        b.AdmitAndRun(leaseS: 3600);
        Install(b, SetActions.PodKeySlot, 1);
        Assert.Contains("\"result\":\"ignored\"", LastSetAck(b), StringComparison.Ordinal);
        SetMessage m = b.Message(SetKind.DropKid);
        m.Value = 1;
        b.Send(m);
        b.Run(0.1);
        Assert.Contains("\"result\":\"ignored\"", LastSetAck(b), StringComparison.Ordinal);
        b.OrderNow(int.MaxValue);
        Assert.Equal(0, b.Rejected(Reject.UnknownKid));
        Install(b, SetActions.PodKeySlot, 5);
        m = b.Message(SetKind.DropKid);
        m.Value = 5;
        b.Send(m);
        b.Run(0.1);
        Assert.Contains("\"result\":\"applied\"", LastSetAck(b), StringComparison.Ordinal);
    }

    [Fact]
    public void S11_the_seq_of_an_action_is_stored_before_it_runs()
    {
        var b = new Bench();
        b.Run(1);
        SetMessage m = b.Message(SetKind.Restart);
        m.Value = 2;
        byte[] bytes = b.Send(m);
        b.Step();
        Assert.True(b.Agent.RebootRequested);
        b.Restart();
        b.Step();
        b.Link.Deliver(Bench.Set, bytes);
        b.Run(1);
        Assert.False(b.Agent.RebootRequested);
    }

    [Fact]
    public void S14_an_action_whose_seq_cannot_be_stored_is_not_done()
    {
        var b = new Bench();
        b.Run(1);
        uint nonce = b.Snap.BootNonce;
        b.Store.Refuses = true;
        SetMessage m = b.Message(SetKind.Lockout);
        m.Value = 1;
        b.Send(m);
        b.Run(0.1);
        Assert.Contains("storage failed", LastSetAck(b), StringComparison.Ordinal);
        Assert.Equal(nonce, b.Snap.BootNonce);
        Assert.Equal(0u, b.Snap.SetSeq);
        b.Store.Refuses = false;
        b.Send(m);
        b.Run(0.1);
        Assert.NotEqual(nonce, b.Snap.BootNonce);
    }

    [Fact]
    public void Identify_blinks_for_half_a_minute()
    {
        var b = new Bench();
        b.Run(1);
        b.Send(b.Message(SetKind.Identify));
        int edges = 0;
        bool last = b.Fake.Led.IsHigh;
        Count(30);
        Assert.InRange(edges, 110, 125);
        edges = 0;
        Count(10);

        // Asleep again: one blip in two seconds.
        Assert.InRange(edges, 8, 12);

        void Count(int seconds) => b.Run(seconds, () =>
        {
            edges += b.Fake.Led.IsHigh != last ? 1 : 0;
            last = b.Fake.Led.IsHigh;
        });
    }

    [Fact]
    public void Lock_out_survives_a_restart_and_refuses_admission()
    {
        var b = new Bench();
        b.AdmitAndRun(leaseS: 3600);
        SetMessage m = b.Message(SetKind.Lockout);
        m.Value = 1;
        b.Send(m);
        b.Step();
        Assert.False(b.Fake.Regulator.On);
        b.Restart();
        b.Step();
        uint after = b.Seq;
        b.OrderNow(int.MaxValue);
        SetMessage admit = b.Message(SetKind.Admit);
        admit.BootNonce = b.Snap.BootNonce;
        admit.AfterSeq = after;
        b.Send(admit);
        b.Run(60, () => Assert.False(b.Fake.Regulator.On));
        Assert.False(b.Snap.Admitted);
        m = b.Message(SetKind.Lockout);
        m.Value = 0;
        b.Send(m);
        b.Run(60, () => Assert.False(b.Fake.Regulator.On));
        b.Admit();
        b.RunUntil(() => b.Fake.Regulator.On, 60);
    }

    [Fact]
    public void The_chain_restart_action_starts_the_chips_again()
    {
        var b = new Bench();
        b.AdmitAndRun(leaseS: 3600);
        int starts = b.Fake.Chain.Starts;
        SetMessage m = b.Message(SetKind.Restart);
        m.Value = 1;
        b.Send(m);
        b.RunUntil(() => b.Fake.Chain.Starts > starts, 1);
        b.RunUntil(() => b.Snap.Mode == BoardMode.Running, 60);
        Assert.Equal(600_000, b.Fake.Chain.FreqKhz);
    }
}
