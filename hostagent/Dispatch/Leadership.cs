using System.Text;
using System.Text.Json;
using Ballast.Host.Fleet;

namespace Ballast.Host.Dispatch;

/// <summary>
/// Who leads (control.md, LEADER; S18). A kept message of another host proves nothing until it is renewed; the boards' epoch check is
/// the last word.
/// </summary>
internal sealed class Leadership(DispatchContext context)
{
    /// <summary>Without a renewal for this long another host counts as gone, ms.</summary>
    internal const long LiveMs = 15_000;

    private const long RenewMs = 5000;
    private const uint MaxAhead = 86_400;
    private const int MaxOthers = 64;

    private readonly Dictionary<string, Other> _others = [];
    private readonly Dictionary<string, uint> _higher = [];
    private long _nextRenewMs;

    /// <summary>Topic of this host's own word.</summary>
    internal string Topic { get; } = "ballast/v1/" + context.Options.Site + "/hosts/" + context.Options.HostId;

    /// <summary>What the broker says when this host is gone.</summary>
    internal byte[] Will => Word(false, 0);

    /// <summary>Boards that answered an order of ours with a higher epoch.</summary>
    internal int BoardsWithHigherEpoch => _higher.Count;

    /// <summary>Takes a host's word.</summary>
    internal void Take(string hostId, ReadOnlySpan<byte> json, bool retained, long nowMs)
    {
        if (hostId == context.Options.HostId)
        {
            return;
        }

        // A name that no host can have, or more hosts than a site has: somebody else writes there.
        if (!Options.OptionsCheck.IsId(hostId) || (!_others.ContainsKey(hostId) && _others.Count >= MaxOthers && !Forget(nowMs)))
        {
            context.Alarms.Set(true, "host-word", "Words of hosts that this site does not have arrive on hosts/; they are ignored. Check who may write there.");
            return;
        }

        try
        {
            Utf8JsonReader reader = new(json);
            using JsonDocument word = JsonDocument.ParseValue(ref reader);
            bool online = word.RootElement.GetProperty("online").GetBoolean();
            uint epoch = word.RootElement.GetProperty("epoch").GetUInt32();
            if (TooFarAhead(epoch))
            {
                context.Alarms.Set(true, "epoch-ahead", "Host " + hostId + " shows an epoch more than a day ahead of the clock: it is ignored. Check the clocks; a new key id resets the boards' counts.", hostId);
                return;
            }

            if (!_others.TryGetValue(hostId, out Other? other))
            {
                _others[hostId] = other = new Other();
            }

            other.Epoch = epoch;
            other.LedWith = Math.Max(other.LedWith, epoch);

            // Standing by afterwards changes nothing about it; a last will says that it died.
            other.LeftNothing = epoch > 0
                ? !online && word.RootElement.TryGetProperty("openLimits", out JsonElement open) && open.GetInt32() == 0
                : online && other.LeftNothing;
            other.KeptOnline = online && retained && epoch > 0;
            other.StoodBy = epoch == 0 && (other.StoodBy || (online && !retained));
            context.Alarms.Set(false, "epoch-ahead", "", hostId);
            context.Alarms.Set(false, "host-word", "", hostId);
            other.RenewedMs = online ? (retained ? other.RenewedMs : nowMs) : long.MinValue / 2;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            context.Alarms.Set(true, "host-word", "Host " + hostId + " published something that is not as the contract says; it is ignored.", hostId);
        }
    }

    /// <summary>True if a host may be out there whose next renewal must be waited for.</summary>
    internal bool MustWait => _others.Values.Any(o => o.KeptOnline && o.RenewedMs < 0);

    /// <summary>The live host that this one must give way to, or null. One with epoch 0 stands by and is nobody's superior.</summary>
    /// <param name="ownEpoch">Own epoch; 0 while not leading: then any live host comes first.</param>
    /// <param name="nowMs">Now.</param>
    internal string? Superior(uint ownEpoch, long nowMs)
    {
        foreach ((string id, Other other) in _others)
        {
            if (other.Epoch > 0 && nowMs - other.RenewedMs <= LiveMs
                && (other.Epoch > ownEpoch || (other.Epoch == ownEpoch && string.CompareOrdinal(id, context.Options.HostId) < 0)))
            {
                return id;
            }
        }

        return null;
    }

    /// <summary>The epoch to lead with: above everything that was ever seen.</summary>
    internal uint NextEpoch(uint ownStore, long nowMs)
    {
        long highest = Math.Max(ownStore, context.Clock.UtcSeconds);
        foreach (Other other in _others.Values)
        {
            if (nowMs - other.RenewedMs <= LiveMs)
            {
                highest = Math.Max(highest, other.Epoch);
            }
        }

        foreach (BoardRecord board in context.Fleet.Boards)
        {
            if (board.OrderEpoch > highest)
            {
                if (TooFarAhead(board.OrderEpoch))
                {
                    context.Alarms.Set(true, "epoch-ahead", "Board " + board.Name + " reports an epoch more than a day ahead of the clock: it is ignored. A new key id resets the board's counts.", board.Name);
                }
                else
                {
                    highest = board.OrderEpoch;
                }
            }
        }

        return (uint)(highest + 1);
    }

    /// <summary>
    /// The host that led since this one last did, or null. Then its limits may be unknown here, because each host has a journal of its own.
    /// A host that finds the boards at its own last epoch was only restarted; without a word of any other host, it is
    /// alone. One that said good-bye, with nothing open and nobody after it, left nothing unknown.
    /// </summary>
    /// <param name="ownEpoch">Last epoch of this host's journal; 0 if it never led.</param>
    internal string? LedSince(uint ownEpoch)
    {
        if (_others.Count == 0)
        {
            return null;
        }

        (string id, Other last) = _others.MaxBy(o => o.Value.LedWith);
        if (last.LeftNothing && last.LedWith > ownEpoch && !context.Fleet.Boards.Any(b => b.OrderEpoch > last.LedWith && !TooFarAhead(b.OrderEpoch)))
        {
            return null;
        }

        return last.LedWith > ownEpoch || context.Fleet.Boards.Any(b => b.OrderEpoch > ownEpoch && !TooFarAhead(b.OrderEpoch)) ? id : null;
    }

    /// <summary>Notes an acknowledgement that ignored our order because of a higher epoch.</summary>
    internal void NoteHigher(BoardRecord board, uint epoch)
    {
        if (epoch > context.Sender.Epoch && !TooFarAhead(epoch))
        {
            _higher[board.Name] = epoch;
        }
    }

    internal void ForgetHigher() => _higher.Clear();

    /// <summary>Renews this host's word every 5 s while it leads, with epoch 0 while it stands by: so the leader sees who would take over.</summary>
    internal void Renew(long nowMs, bool now = false, bool standsBy = false)
    {
        uint epoch = context.Sender.Epoch;
        if ((epoch == 0 && !standsBy) || (!now && nowMs < _nextRenewMs) || !context.Carrier.Publish(Topic, Word(true, epoch), 1, true))
        {
            return;
        }

        _nextRenewMs = nowMs + RenewMs;
        foreach ((string id, Other other) in _others)
        {
            context.Alarms.Set(
                epoch != 0 && other.StoodBy && nowMs - other.RenewedMs > LiveMs,
                "standby-gone",
                "Host " + id + ", which stood by, is gone: nobody takes over if this one fails. Start it again.",
                id);
        }
    }

    /// <summary>Says that this host no longer leads.</summary>
    /// <param name="nothingOpen">True: it leaves no limit and no hold that its successor would have to know.</param>
    internal void SayOffline(bool nothingOpen) => context.Carrier.Publish(Topic, Word(false, context.Sender.Epoch, nothingOpen ? ",\"openLimits\":0" : ""), 1, true);

    // Makes room: the host that was silent for longest goes, unless all of them live.
    private bool Forget(long nowMs)
    {
        (string id, Other oldest) = _others.MinBy(o => o.Value.RenewedMs);
        return nowMs - oldest.RenewedMs > LiveMs && _others.Remove(id);
    }

    private bool TooFarAhead(uint epoch) => epoch > context.Clock.UtcSeconds + MaxAhead;

    private byte[] Word(bool online, uint epoch, string more = "") => Encoding.ASCII.GetBytes(
        "{\"hostId\":\"" + context.Options.HostId + "\",\"epoch\":" + epoch.ToString(System.Globalization.CultureInfo.InvariantCulture)
        + ",\"online\":" + (online ? "true" : "false") + more + "}");

    private sealed class Other
    {
        internal uint Epoch;

        // The last will says 0, but the boards may still obey this one.
        internal uint LedWith;
        internal bool KeptOnline;
        internal bool StoodBy;
        internal bool LeftNothing;
        internal long RenewedMs = long.MinValue / 2;
    }
}
