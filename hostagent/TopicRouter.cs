using System.Text;
using Ballast.Host.Metrics;

namespace Ballast.Host;

/// <summary>Takes a topic apart and hands the message to whoever owns it.</summary>
internal static class TopicRouter
{
    /// <summary>Where a message waits for the loop.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="root">Root of the site's topics.</param>
    /// <param name="readings">Topics below the root that carry readings.</param>
    internal static Lane LaneOf(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> root, byte[][] readings)
    {
        if (topic.EndsWith("/telemetry"u8) || !topic.StartsWith(root))
        {
            return Lane.Telemetry;
        }

        ReadOnlySpan<byte> rest = topic[root.Length..];
        if (rest.StartsWith("grid/"u8))
        {
            return Lane.Signals;
        }

        foreach (byte[] reading in readings)
        {
            if (rest.SequenceEqual(reading))
            {
                return Lane.Readings;
            }
        }

        return rest.EndsWith("/meter"u8) ? Lane.Readings : Lane.Words;
    }

    internal static void Route(HostCore core, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> root, byte[] payload, bool retained)
    {
        if (!topic.StartsWith(root))
        {
            if (core.Home.IsStatus(topic))
            {
                core.Home.TakeStatus(payload);
            }

            return;
        }

        ReadOnlySpan<byte> rest = topic[root.Length..];
        if (rest.StartsWith("hosts/"u8))
        {
            Count(core, MessageKind.Host);
            core.Dispatcher.OnHost(Encoding.ASCII.GetString(rest[6..]), payload, retained);
            return;
        }

        if (rest.SequenceEqual(Encoding.ASCII.GetBytes(core.Context.Options.Meter.Topic)))
        {
            Count(core, MessageKind.Meter);

            // A kept reading has no age.
            if (!retained && core.Context.Meter.Take(payload, core.Context.Clock.NowMs, (core.Context.FullSiteW * 1.2) + core.Context.Options.BaseW))
            {
                core.Energy.Meter(core.Context.Meter.Watts, core.Context.Clock.NowMs);
            }

            return;
        }

        if (rest.SequenceEqual("grid/signal"u8))
        {
            Count(core, MessageKind.Signal);
            core.Sources.Signals.Take(payload, retained);
            return;
        }

        if (rest.StartsWith("grid/homeassistant/"u8))
        {
            Count(core, MessageKind.Source);
            core.Sources.Home?.Take(Encoding.ASCII.GetString(rest), payload, retained);
            return;
        }

        if (core.Sources.Route(rest, payload, retained))
        {
            Count(core, MessageKind.Source);
            return;
        }

        int last = rest.LastIndexOf((byte)'/');
        if (last > 0 && rest[(last + 1)..].SequenceEqual("meter"u8) && !rest[..last].Contains((byte)'/'))
        {
            Count(core, MessageKind.Meter);
            if (!retained)
            {
                core.Context.Meters.Take(Encoding.ASCII.GetString(rest[..last]), payload, core.Context.Clock.NowMs);
            }

            return;
        }

        if (last > 0 && rest[..last].Contains((byte)'/'))
        {
            core.Dispatcher.OnBoard(rest[..last], rest[(last + 1)..], payload, retained);
        }
    }

    private static void Count(HostCore core, MessageKind kind) => core.Context.Counts.MessagesIn[(int)kind]++;
}
