using System.Text;

namespace Ballast.Wire.Tests;

/// <summary>Contract sections 2 and 3: the form of a message and the fields of an order to a pod.</summary>
public sealed class DispatchTests
{
    [Fact]
    public void The_contracts_example_is_read()
    {
        var order = new DispatchOrder();
        Assert.Equal(Reject.None, Signed.ParseDispatch(Signed.Message(Signed.Dispatch, Signed.PodTopic), order));
        Assert.Equal((1, 1763800000U, 7U, 3U), (order.Kid, order.Epoch, order.Seq, order.OrderId));
        Assert.Equal((OrderClass.Economic, 60, 1763800000123L), (order.Class, order.LeaseS, order.SentMs));
        Assert.Equal((18250, 0U, 0U), (order.LimitMjPerTh, order.Share, order.Salt));
        Assert.Equal((15, 30, 10), (order.RampS, order.SpreadS, order.FailSpreadS));
    }

    [Fact]
    public void Members_may_come_in_any_order_and_unknown_ones_are_ignored()
    {
        string members = string.Join(',', Signed.Dispatch.Split(',').Reverse());
        string unknown = ",\"x\":1,\"y\":\"a b{}[]:,\",\"z\":true,\"f\":false,\"n\":null,\"big\":123456789012345678901234567890,\"\":0";
        var order = new DispatchOrder();
        Assert.Equal(Reject.None, Signed.ParseDispatch(Signed.Message(members + unknown, Signed.PodTopic), order));
        Assert.Equal(18250, order.LimitMjPerTh);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[\"kid\":1")]
    [InlineData("\"kid\":1")]
    [InlineData("{kid:1")]
    [InlineData("{\"kid\"")]
    [InlineData("{\"kid\":")]
    [InlineData("{\"kid")]
    [InlineData("{\"kid\":1,")]
    [InlineData("{,\"kid\":1")]
    [InlineData("{\"kid\":1,,\"seq\":2")]
    [InlineData("{\"kid\":1}")]
    [InlineData("{\"kid\":1\"seq\":2")]
    [InlineData("{ \"kid\":1")]
    [InlineData("{\"kid\" :1")]
    [InlineData("{\"kid\": 1")]
    [InlineData("{\"kid\":1 ")]
    [InlineData("{\"kid\":1\n")]
    [InlineData(" {\"kid\":1")]
    [InlineData("{\"kid\":01")]
    [InlineData("{\"kid\":00")]
    [InlineData("{\"kid\":-1")]
    [InlineData("{\"kid\":+1")]
    [InlineData("{\"kid\":1.0")]
    [InlineData("{\"kid\":1e0")]
    [InlineData("{\"kid\":0x1")]
    [InlineData("{\"x\":-1")]
    [InlineData("{\"x\":1.5")]
    [InlineData("{\"x\":01")]
    [InlineData("{\"x\":{}")]
    [InlineData("{\"x\":[]")]
    [InlineData("{\"x\":tru")]
    [InlineData("{\"x\":truex")]
    [InlineData("{\"x\":nul")]
    [InlineData("{\"x\":\"a\\n\"")]
    [InlineData("{\"x\":\"a\\\"\"")]
    [InlineData("{\"\\u0078\":1")]
    [InlineData("{\"x\":\"\t\"")]
    [InlineData("{\"x\":\"\u00e9\"")]
    [InlineData("{\"\u00e9\":1")]
    [InlineData("{\"x\":\"")]
    [InlineData("{\"url\":\"")]
    public void Malformed_is_refused(string body)
    {
        Assert.Equal(Reject.Syntax, Signed.ParseDispatch(Signed.Body(body, Signed.PodTopic)));
        Assert.Equal(Reject.Syntax, Signed.ParseSet(Signed.Body(body, Signed.PodTopic)));
        Assert.Equal(Reject.Syntax, Signed.ParseGrid(Signed.Body(body, Signed.PodTopic)));
    }

    [Theory]
    [InlineData(",\"seq\":7")]
    [InlineData(",\"x\":1,\"x\":1")]
    [InlineData(",\"x\":1,\"y\":2,\"z\":3,\"y\":\"2\"")]
    [InlineData(",\"\":1,\"\":1")]
    [InlineData(",\"mac\":\"00\"")]
    public void A_duplicate_member_is_refused_known_or_not(string more) =>
        Assert.Equal(Reject.DuplicateMember, Signed.ParseDispatch(Signed.Message(Signed.Dispatch + more, Signed.PodTopic)));

    [Theory]
    [InlineData("kid")]
    [InlineData("epoch")]
    [InlineData("seq")]
    [InlineData("orderId")]
    [InlineData("sent")]
    [InlineData("class")]
    [InlineData("leaseS")]
    [InlineData("limitMjPerTh")]
    [InlineData("share")]
    [InlineData("salt")]
    [InlineData("rampS")]
    [InlineData("spreadS")]
    [InlineData("failSpreadS")]
    public void A_missing_member_is_refused(string name)
    {
        string members = string.Join(',', Signed.Dispatch.Split(',').Where(m => !m.StartsWith('"' + name + '"')));
        Assert.Equal(Reject.Missing, Signed.ParseDispatch(Signed.Message(members, Signed.PodTopic)));
    }

    [Theory]
    [InlineData("kid", "255", "256")]
    [InlineData("epoch", "4294967295", "4294967296")]
    [InlineData("seq", "4294967295", "4294967296")]
    [InlineData("orderId", "4294967295", "4294967296")]
    [InlineData("sent", "9007199254740991", "9007199254740992")]
    [InlineData("leaseS", "5", "4")]
    [InlineData("leaseS", "3600", "3601")]
    [InlineData("limitMjPerTh", "2147483647", "2147483648")]
    [InlineData("share", "4294967295", "4294967296")]
    [InlineData("salt", "4294967295", "4294967296")]
    [InlineData("rampS", "3600", "3601")]
    [InlineData("spreadS", "3600", "3601")]
    [InlineData("failSpreadS", "3600", "3601")]
    [InlineData("class", "\"emergency\"", "\"Emergency\"")]
    [InlineData("class", "\"reliability\"", "\"\"")]
    [InlineData("class", "\"economic\"", "0")]
    [InlineData("seq", "0", "\"0\"")]
    [InlineData("seq", "0", "true")]
    [InlineData("seq", "0", "18446744073709551616")]
    [InlineData("seq", "0", "340282366920938463463374607431768211456")]
    public void A_value_at_its_bound_is_taken_and_one_beyond_is_refused(string name, string good, string bad)
    {
        Assert.Equal(Reject.None, Signed.ParseDispatch(Signed.Message(With(name, good), Signed.PodTopic)));
        Assert.Equal(Reject.Range, Signed.ParseDispatch(Signed.Message(With(name, bad), Signed.PodTopic)));
    }

    [Fact]
    public void Up_to_1024_bytes_are_taken()
    {
        byte[] shortest = Signed.Message(Signed.Dispatch + ",\"x\":\"\"", Signed.PodTopic);
        string fill = new('a', 1024 - shortest.Length);
        byte[] full = Signed.Message(Signed.Dispatch + ",\"x\":\"" + fill + "\"", Signed.PodTopic);
        Assert.Equal(1024, full.Length);
        Assert.Equal(Reject.None, Signed.ParseDispatch(full));
        Assert.Equal(Reject.TooLong, Signed.ParseDispatch(Signed.Message(Signed.Dispatch + ",\"x\":\"a" + fill + "\"", Signed.PodTopic)));
    }

    [Fact]
    public void As_many_unknown_members_as_fit_are_told_apart()
    {
        var body = new StringBuilder(Signed.Dispatch);
        for (char c = ' '; body.Length < 930 && c < '~'; c++)
            if (c is not '"' and not '\\')
                body.Append(",\"").Append(c).Append("\":0");
        Assert.Equal(Reject.None, Signed.ParseDispatch(Signed.Message(body.ToString(), Signed.PodTopic)));
        Assert.Equal(Reject.DuplicateMember, Signed.ParseDispatch(Signed.Message(body + ",\"!\":0", Signed.PodTopic)));
    }

    [Fact]
    public void Names_that_only_look_alike_to_a_hash_are_two_members() =>
        // 31 * 'A' + 'a' = 31 * 'B' + 'B'
        Assert.Equal(Reject.None, Signed.ParseDispatch(Signed.Message(Signed.Dispatch + ",\"Aa\":1,\"BB\":1", Signed.PodTopic)));

    [Fact]
    public void Checks_run_in_the_contracts_order()
    {
        byte[] late = new byte[1025];
        Assert.Equal(Reject.TooLong, Envelope.ParseDispatch(late, 0, late.Length, true, new DispatchOrder()));
        Assert.Equal(Reject.Retained, Envelope.ParseDispatch(late, 0, 1024, true, new DispatchOrder()));
        Assert.Equal(Reject.Suffix, Envelope.ParseDispatch(late, 0, 1024, false, new DispatchOrder()));
    }

    [Fact]
    public void The_suffix_is_exact()
    {
        byte[] good = Signed.Message(Signed.Dispatch, Signed.PodTopic);
        Assert.Equal(Reject.None, Signed.ParseDispatch(good));
        for (int i = good.Length - 74; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] = (byte)'A';
            Assert.Equal(Reject.Suffix, Signed.ParseDispatch(bad));
        }

        Assert.Equal(Reject.Suffix, Signed.ParseDispatch([.. good, (byte)'\n']));
        for (int n = 0; n < good.Length; n++)
            Assert.Equal(Reject.Suffix, Signed.ParseDispatch(good[..n]));
    }

    [Fact]
    public void The_mac_covers_topic_and_body_and_needs_the_key()
    {
        byte[] good = Signed.Message(Signed.Dispatch, Signed.PodTopic);
        Assert.True(Signed.Verify(good, Signed.PodTopic));
        Assert.False(Signed.Verify(good, Signed.PodTopic + "x"));
        Assert.False(Signed.Verify(good, "ballast/v1/demo/p2/dispatch"));
        Assert.False(Signed.Verify(good, Signed.PodTopic, new byte[32]));
        for (int i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= 1;
            Assert.False(Signed.Verify(bad, Signed.PodTopic));
        }
    }

    [Fact]
    public void A_mac_digit_that_is_none_is_wrong_even_where_all_bits_are_set()
    {
        for (int seq = 0; ; seq++)
        {
            byte[] message = Signed.Message(Signed.Dispatch + $",\"x\":{seq}", Signed.PodTopic);
            int mac = message.Length - 66;
            int at = Encoding.ASCII.GetString(message, mac, 64).IndexOf("ff", StringComparison.Ordinal);
            if (at < 0 || at % 2 != 0)
                continue;
            foreach (int digit in new[] { mac + at, mac + at + 1 })
                foreach (byte wrong in "gGF/:@`"u8)
                {
                    byte[] bad = [.. message];
                    bad[digit] = wrong;
                    Assert.False(Signed.Verify(bad, Signed.PodTopic));
                    Assert.Equal(Reject.Suffix, Signed.ParseDispatch(bad));
                }

            return;
        }
    }

    [Fact]
    public void A_message_may_lie_anywhere_in_its_buffer()
    {
        byte[] good = Signed.Message(Signed.Dispatch, Signed.PodTopic);
        byte[] buffer = new byte[good.Length + 20];
        Array.Fill(buffer, (byte)'"');
        good.CopyTo(buffer, 13);
        byte[] topic = Encoding.UTF8.GetBytes(Signed.PodTopic);
        Assert.Equal(Reject.None, Envelope.ParseDispatch(buffer, 13, good.Length, false, new DispatchOrder()));
        Assert.True(Envelope.VerifyMac(buffer, 13, good.Length, topic, topic.Length, new HmacSha256(Signed.Key)));
    }

    [Theory]
    [InlineData(-1, 100)]
    [InlineData(0, 101)]
    [InlineData(101, 0)]
    [InlineData(0, -1)]
    public void A_range_outside_the_buffer_is_refused(int off, int len) =>
        Assert.Equal(Reject.Suffix, Envelope.ParseDispatch(new byte[100], off, len, false, new DispatchOrder()));

    [Fact]
    public void What_a_board_would_refuse_is_not_written()
    {
        byte[] topic = Encoding.UTF8.GetBytes(Signed.PodTopic);
        var mac = new HmacSha256(Signed.Key);
        var order = new DispatchOrder { LeaseS = 60 };
        byte[] into = new byte[Envelope.MaxMessage];
        int length = Envelope.WriteDispatch(order, topic, topic.Length, mac, into, 0);
        Assert.True(length > 0);
        Assert.Equal(0, Envelope.WriteDispatch(order, topic, topic.Length, mac, new byte[length - 1], 0));
        Assert.Equal(length, Envelope.WriteDispatch(order, topic, topic.Length, mac, new byte[length], 0));
        order.LeaseS = 4;
        Assert.Equal(0, Envelope.WriteDispatch(order, topic, topic.Length, mac, into, 0));
        order.LeaseS = 60;
        order.Class = (OrderClass)3;
        Assert.Equal(0, Envelope.WriteDispatch(order, topic, topic.Length, mac, into, 0));
    }

    private static string With(string name, string value) =>
        string.Join(',', Signed.Dispatch.Split(',').Select(m => m.StartsWith('"' + name + '"') ? $"\"{name}\":{value}" : m));
}
