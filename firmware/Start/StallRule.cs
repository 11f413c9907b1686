using Ballast.Firmware.Agent;
using Ballast.Hw.Boards;

namespace Ballast.Firmware.Start
{
    /// <summary>When a connect that may stop all threads is allowed.</summary>
    public enum StallAnswer
    {
        /// <summary>At any time.</summary>
        Now = 0,

        /// <summary>While power is off or at failsafe; a lost link brings the board there when its lease ends.</summary>
        WhenQuiet = 1,

        /// <summary>Never on this board with these settings.</summary>
        Refused = 2,
    }

    /// <summary>
    /// Rule S20 as a table. A name look-up, a TLS handshake or a flash write may stop all threads, and then nobody watches the chips.
    /// <code>
    /// board                             plain, address    plain, name    TLS
    /// external watchdog                 now               now            now
    /// measured stall of at most 400 ms  now               now            now
    /// neither, enrolled                 now               when quiet     when quiet
    /// neither, on its own               now               refused        refused
    /// </code>
    /// A board on its own has no lease that ends: it would wait for ever, so it is told to use an address on its network instead.
    /// </summary>
    public static class StallRule
    {
        /// <summary>Longest measured stall that leaves time for S03 (outputs safe within 500 ms), ms.</summary>
        public const int MaxBoundMs = 400;

        /// <summary>True if native calls may stall while chips are powered: something else watches, or the stall is known to be short.</summary>
        public static bool MayStallWhilePowered(BoardDescription board)
        {
            return board.ExternalWatchdog || (board.StallBoundMs > 0 && board.StallBoundMs <= MaxBoundMs);
        }

        /// <summary>True while power is off, or ordered to failsafe and arrived there: a tenth more is the estimate's error.</summary>
        public static bool IsQuiet(BoardSnapshot s, int failsafeW)
        {
            long failsafeMw = failsafeW * 1000L;
            return !s.Powered || (s.EffectiveMw <= failsafeMw && s.PowerMw <= failsafeMw * 11 / 10);
        }

        /// <summary>The answer for a broker; a sentence with it, null for <see cref="StallAnswer.Now"/>.</summary>
        public static StallAnswer ForBroker(BoardDescription board, BrokerSettings broker, bool addressIsLiteral, bool enrolled, out string? why)
        {
            why = null;
            if (MayStallWhilePowered(board) || (!broker.Tls && addressIsLiteral))
            {
                return StallAnswer.Now;
            }

            string what = broker.Tls ? "TLS to the broker" : "the broker's name";
            if (!enrolled)
            {
                why = "S20: " + what + " is refused: the board has no external watchdog and no measured stall; give the address of a broker or proxy on the LAN, without TLS";
                return StallAnswer.Refused;
            }

            why = "S20: " + what + " waits until power is off or at failsafe: the board has no external watchdog and no measured stall";
            return StallAnswer.WhenQuiet;
        }
    }
}
