using System.Text;

namespace Ballast.Firmware.Grid
{
    /// <summary>A board's topics (contract section 1), made once.</summary>
    public sealed class GridTopics
    {
        /// <summary>Makes the topics of a board.</summary>
        public GridTopics(string site, string pod, string board)
        {
            string podBase = "ballast/v1/" + site + "/" + pod + "/";
            string own = podBase + board + "/";
            Name = Encoding.UTF8.GetBytes(pod + "/" + board);
            Dispatch = podBase + "dispatch";
            Set = own + "set";
            Birth = own + "birth";
            State = own + "state";
            Telemetry = own + "telemetry";
            Ack = own + "ack";
            Event = own + "event";
            DispatchBytes = Encoding.UTF8.GetBytes(Dispatch);
            SetBytes = Encoding.UTF8.GetBytes(Set);
        }

        /// <summary>"pod/board" in ASCII, for the rank.</summary>
        public byte[] Name { get; }

        /// <summary>Orders to the pod.</summary>
        public string Dispatch { get; }

        /// <summary>Messages for this board.</summary>
        public string Set { get; }

        /// <summary>What the board is.</summary>
        public string Birth { get; }

        /// <summary>Where it stands; also the will.</summary>
        public string State { get; }

        /// <summary>What it measures.</summary>
        public string Telemetry { get; }

        /// <summary>Answers.</summary>
        public string Ack { get; }

        /// <summary>Alarms.</summary>
        public string Event { get; }

        /// <summary><see cref="Dispatch"/> in UTF-8, as the MAC covers it.</summary>
        public byte[] DispatchBytes { get; }

        /// <summary><see cref="Set"/> in UTF-8.</summary>
        public byte[] SetBytes { get; }
    }

    /// <summary>Comparisons of bytes.</summary>
    internal static class Ascii
    {
        /// <summary>True if the first <paramref name="count"/> bytes are exactly <paramref name="b"/>.</summary>
        internal static bool Equal(byte[] a, int count, byte[] b)
        {
            if (count != b.Length)
            {
                return false;
            }

            for (int i = 0; i < count; i++)
            {
                if (a[i] != b[i])
                {
                    return false;
                }
            }

            return true;
        }
    }
}
