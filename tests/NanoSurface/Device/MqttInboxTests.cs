using System.Linq;
using System.Text;
using Ballast.Firmware.Grid;
using Ballast.Firmware.Start;

namespace Ballast.Device.Tests;

/// <summary>Messages cross from the library's thread to the control loop in order, bounded, and nothing unfit gets through.</summary>
public sealed class MqttInboxTests
{
    [Fact]
    public void Messages_come_out_as_they_went_in()
    {
        var box = new MqttInbox();
        var into = new MqttInbound();
        Assert.False(box.TryTake(into));
        box.Put("a/b", [1, 2, 3], false);
        box.Put("c", [], true);
        Assert.True(box.TryTake(into));
        Assert.Equal("a/b", Encoding.UTF8.GetString(into.Topic, 0, into.TopicLength));
        Assert.Equal([1, 2, 3], into.Payload.Take(into.PayloadLength));
        Assert.False(into.Retained);
        Assert.True(box.TryTake(into));
        Assert.Equal((1, 0, true, false), (into.TopicLength, into.PayloadLength, into.Retained, into.Oversize));
        Assert.False(box.TryTake(into));
    }

    [Fact]
    public void The_oldest_is_dropped_when_nobody_takes_them()
    {
        var box = new MqttInbox();
        for (int i = 0; i < MqttInbox.Capacity + 3; i++)
        {
            box.Put("t", [(byte)i], false);
        }

        var into = new MqttInbound();
        for (int i = 3; i < MqttInbox.Capacity + 3; i++)
        {
            Assert.True(box.TryTake(into));
            Assert.Equal(i, into.Payload[0]);
        }

        Assert.False(box.TryTake(into));
        Assert.Equal(3, box.Dropped);
    }

    [Fact]
    public void What_does_not_fit_arrives_as_oversize_without_bytes()
    {
        var box = new MqttInbox();
        var into = new MqttInbound();
        box.Put(new string('t', MqttInbound.MaxTopic), new byte[MqttInbound.MaxPayload], false);
        box.Put(new string('t', MqttInbound.MaxTopic + 1), [1], false);
        box.Put("t", new byte[MqttInbound.MaxPayload + 1], false);
        box.Put("t\u00e9", [1], false);
        Assert.True(box.TryTake(into) && !into.Oversize && into.PayloadLength == MqttInbound.MaxPayload);
        for (int i = 0; i < 3; i++)
        {
            Assert.True(box.TryTake(into));
            Assert.Equal((true, 0, 0), (into.Oversize, into.TopicLength, into.PayloadLength));
        }
    }

    [Fact]
    public void Clear_forgets_the_old_connection()
    {
        var box = new MqttInbox();
        box.Put("t", [1], false);
        box.Clear();
        Assert.False(box.TryTake(new MqttInbound()));
    }

    [Fact]
    public void Neither_side_allocates()
    {
        var box = new MqttInbox();
        var into = new MqttInbound();
        byte[] payload = new byte[300];
        Run(100);
        long before = System.GC.GetAllocatedBytesForCurrentThread();
        Run(1000);
        Assert.Equal(before, System.GC.GetAllocatedBytesForCurrentThread());

        void Run(int times)
        {
            for (int i = 0; i < times; i++)
            {
                box.Put("ballast/v1/demo/p1/dispatch", payload, false);
                box.TryTake(into);
            }
        }
    }
}
