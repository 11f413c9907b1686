using System.Text;
using Ballast.Firmware.Agent;
using Ballast.Firmware.Power;

namespace Ballast.Firmware.Start
{
    /// <summary>
    /// What a controller that restarts itself leaves to the next start: why, and the last lines of its log. The runtime tells managed code neither
    /// the reset reason nor gives it memory that survives a restart, so this goes through flash, and a start after a power failure or a reset by
    /// the line finds none. A loop of restarts writes once: the same reason again within ten minutes is already there.
    /// </summary>
    public sealed class RestartNote
    {
        /// <summary>Largest note, bytes.</summary>
        public const int MaxBytes = 3072;

        /// <summary>Time after which a note of the last restart has been told and is removed, ms.</summary>
        public const int KeepMs = 600000;

        /// <summary>What a start without a note says.</summary>
        public const string NoNote = "power came, or the reset line: the runtime does not tell which";

        /// <summary>Longest reason, characters: it travels in birth and events.</summary>
        public const int MaxReason = 96;

        private const string Head = "ballast-restart-1";

        /// <summary>The rule that restarted the controller; <see cref="SafetyRule.None"/> if somebody asked for it, or nobody knows.</summary>
        public SafetyRule Rule;

        /// <summary>Why, as a sentence.</summary>
        public string Reason = NoNote;

        /// <summary>True if the last run left a note.</summary>
        public bool Found { get; private set; }

        /// <summary>True if a restart for this reason must write one.</summary>
        public bool MustWrite(SafetyRule rule, string reason, long uptimeMs)
        {
            return !Found || uptimeMs >= KeepMs || rule != Rule || Clip(reason) != Reason;
        }

        /// <summary>A reason, cut to <see cref="MaxReason"/> characters.</summary>
        public static string Clip(string reason)
        {
            return reason.Length <= MaxReason ? reason : reason.Substring(0, MaxReason);
        }

        /// <summary>Writes a note: a line with rule and reason, then the log, newest last, as far as it fits. Its length.</summary>
        public static int Write(SafetyRule rule, string reason, LogRing log, byte[] into)
        {
            int at = Line(Head, into, 0);
            at = Line(((int)rule).ToString(), into, at);
            at = Line(Clip(reason), into, at);
            int first = 0;
            int room = into.Length - at;
            for (int i = log.Count - 1; i >= 0 && first == 0; i--)
            {
                room -= Text(log, i).Length + 1;
                first = room < 0 ? i + 1 : 0;
            }

            for (int i = first; i < log.Count; i++)
            {
                at = Line(Text(log, i), into, at);
            }

            return at;
        }

        /// <summary>Reads a note and puts its lines into the log, at level and time as they were. False if these bytes are none.</summary>
        public bool TryRead(byte[] bytes, int count, LogRing log)
        {
            int at = 0;
            if (Next(bytes, count, ref at) != Head || !int.TryParse(Next(bytes, count, ref at), out int rule))
            {
                return false;
            }

            Rule = (SafetyRule)rule;
            Reason = Clip(Next(bytes, count, ref at));
            Found = true;
            while (at < count)
            {
                string line = Next(bytes, count, ref at);
                int level = line.Length > 0 ? line[0] - '0' : 0;
                int blank = line.IndexOf(' ');
                if (level >= 1 && level <= 5 && blank > 1 && long.TryParse(line.Substring(1, blank - 1), out long atMs))
                {
                    log.Add(level, level, "before: " + line.Substring(blank + 1), atMs);
                }
            }

            return true;
        }

        private static string Text(LogRing log, int index)
        {
            return log.Level(index).ToString() + log.AtMs(index).ToString() + " " + log.Text(index);
        }

        /// <summary>One line, ASCII; longer than the room is cut.</summary>
        private static int Line(string text, byte[] into, int at)
        {
            for (int i = 0; i < text.Length && at < into.Length - 1; i++)
            {
                char c = text[i];
                into[at++] = c >= ' ' && c <= '~' ? (byte)c : (byte)'?';
            }

            if (at < into.Length)
            {
                into[at++] = (byte)'\n';
            }

            return at;
        }

        private static string Next(byte[] bytes, int count, ref int at)
        {
            int start = at;
            while (at < count && bytes[at] != (byte)'\n')
            {
                at++;
            }

            int end = at;
            at++;
            return start < end ? Encoding.UTF8.GetString(bytes, start, end - start) : "";
        }
    }
}
