using System.Globalization;
using System.Net;
using System.Text;
using Ballast.Host.Options;

namespace Ballast.Virtual.Broker;

/// <summary>The text of mosquitto 2's configuration and of its access list.</summary>
internal static class MosquittoTexts
{
    // HostCore drops longer ones; orders have at most 1,024 (contract section 2).
    private const int PayloadBytes = 4096;

    // A CONNECT carries a will of that length besides ids, password and, in MQTT 5, properties.
    private const int PacketBytes = 2 * PayloadBytes;

    internal static bool HostIsLocal(SiteOptions site)
        => site.Mqtt.Host == "localhost" || (IPAddress.TryParse(site.Mqtt.Host, out IPAddress? address) && IPAddress.IsLoopback(address));

    internal static string Configuration(SiteOptions site, BrokerSettings settings, int clients, string at)
    {
        int boards = site.Pods.Sum(p => p.Boards.Count);
        int connections = clients + (clients / 4) + 16;
        int queued = Math.Max(1000, 4 * boards);
        int inflight = Math.Clamp(2 * boards, 100, 1000);
        bool local = HostIsLocal(site);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # mosquitto 2 for site {site.Site}: {boards} boards, {clients} users.

            # Only when root starts it. This account must be able to read the files named below.
            user {settings.Account}

            # Who may connect, and what each may do. Everything else is refused.
            allow_anonymous false
            password_file {at}/passwords
            acl_file {at}/acl

            # Orders are small and must leave at once: no waiting for more to send.
            set_tcp_nodelay true

            # Longest payload: the host ignores more than {PayloadBytes} bytes, boards more than 1,024. A longer one is dropped.
            message_size_limit {PayloadBytes}
            # Longest packet: twice that, because a CONNECT holds a will besides ids. A longer one ends the connection before it is read.
            max_packet_size {PacketBytes}

            # Queue per client: a host that connects gets the kept birth and state of {boards} boards at once, an ack and an event
            # of each may come meanwhile; what is above is dropped without a word. Not below mosquitto's own 1000.
            max_queued_messages {queued}
            # Sent and not acknowledged: two for each board, so that the host's link is never idle in that burst; above 1000 nothing is gained.
            max_inflight_messages {inflight}
            # Only a host may keep a session; one that is away for an hour starts afresh.
            persistent_client_expiration 1h

            # Nothing is kept on disk: boards and host tell what is kept again when they connect, and nothing old comes back.
            persistence false

            log_dest stderr
            log_type error
            log_type warning
            log_type notice

            """);
        if (local)
        {
            Listener(text, "The host, on this machine only. It has two connections with one user name, so its client ids are its own.", site.Mqtt.Port, IPAddress.TryParse(site.Mqtt.Host, out IPAddress? own) ? own.ToString() : "127.0.0.1", 32, "32: two connections of the host, its next life, and tools.");
        }

        string reason = $"{connections}: {clients} users, a quarter for connections that are dead and not missed yet, 16 for the host and tools. Each needs a file descriptor (systemd: LimitNOFILE).";
        Listener(text, "Boards, meters, grid, viewer: TLS.", settings.TlsPort, null, connections, reason);
        text.Append(CultureInfo.InvariantCulture, $"cafile {at}/ca.pem\ncertfile {at}/server.pem\nkeyfile {at}/server.key\n");
        Identity(text, local);
        if (settings.PlainPort is { } plain)
        {
            Listener(text, "Boards without an external watchdog: a TLS handshake may stop all their threads, so with chips powered they use plain TCP (S20).\n# Passwords can be read on this network: orders are safe by their MAC, what boards report is not. Keep others off it.", plain, settings.PlainAddress, connections, reason);
            Identity(text, local);
        }

        return text.ToString();
    }

    // No pattern lines: those hold for every user alike, and what "%u" means for a name with special characters differs between versions.
    // mosquitto 2.0 lets anybody subscribe to anything and asks this list at each delivery: what a client may not read never reaches it.
    internal static string Acl(SiteOptions site, IEnumerable<BrokerClient> clients)
    {
        string root = $"ballast/v1/{site.Site}/";
        var text = new StringBuilder($"# Who may do what on site {site.Site}'s broker. What is not listed is refused.\n");
        foreach (BrokerClient client in clients)
        {
            text.Append("\nuser ").Append(client.User).Append('\n');
            foreach (string topic in client.Writes.Select(t => root + t).Concat(client.WritesBeside))
                text.Append("topic write ").Append(topic).Append('\n');
            foreach (string topic in client.Reads.Select(t => root + t).Concat(client.ReadsBeside))
                text.Append("topic read ").Append(topic).Append('\n');
        }

        return text.ToString();
    }

    private static void Listener(StringBuilder text, string who, int port, string? address, int connections, string reason)
        => text.Append(CultureInfo.InvariantCulture, $"\n# {who}\nlistener {port}{(address is null ? "" : " " + address)}\n# {reason}\nmax_connections {connections}\n# The contract uses QoS 0 and 1.\nmax_qos 1\n");

    private static void Identity(StringBuilder text, bool local)
        => text.Append(local
            ? "# The user name is the client id, so nobody can throw another out by taking his id. One connection per user.\nuse_username_as_clientid true\n"
            : "# The host comes over this listener with two connections, so client ids are as clients say, and one with a password can throw\n# another out by taking his id. With mqtt.host 127.0.0.1 in the host's configuration it gets a listener of its own, and this is closed.\nuse_username_as_clientid false\n");
}
