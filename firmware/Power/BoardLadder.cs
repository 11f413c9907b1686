using System;
using Ballast.Hw.Boards;
using Ballast.Wire;

namespace Ballast.Firmware.Power
{
    /// <summary>The ladder that a board publishes, and the frequency and voltage behind each of its points.</summary>
    public sealed class BoardLadder
    {
        private readonly int[] _freqKhz;
        private readonly int[] _milliVolts;

        private BoardLadder(Ladder ladder, int[] freqKhz, int[] milliVolts)
        {
            Ladder = ladder;
            _freqKhz = freqKhz;
            _milliVolts = milliVolts;
        }

        /// <summary>Power and hash rate per point, as the contract knows it.</summary>
        public Ladder Ladder { get; }

        /// <summary>Highest point.</summary>
        public int Top => _freqKhz.Length - 1;

        /// <summary>Chip clock of a point, kHz; 0 for sleep.</summary>
        public int FreqKhz(int point) => _freqKhz[point];

        /// <summary>Core voltage of a point, mV; 0 for sleep.</summary>
        public int MilliVolts(int point) => _milliVolts[point];

        /// <summary>Voltage that a frequency needs: that of the lowest point at least as fast, mV.</summary>
        public int MilliVoltsFor(int freqKhz)
        {
            for (int i = 1; i < _freqKhz.Length; i++)
            {
                if (_freqKhz[i] >= freqKhz)
                {
                    return _milliVolts[i];
                }
            }

            return _milliVolts[Top];
        }

        /// <summary>Hash rate expected at a frequency, GH/s, in proportion to the next point at least as fast.</summary>
        public int HashGhsFor(int freqKhz)
        {
            int i = 1;
            while (i < Top && _freqKhz[i] < freqKhz)
            {
                i++;
            }

            return Top == 0 ? 0 : (int)((long)Ladder.HashGhs(i) * freqKhz / _freqKhz[i]);
        }

        /// <summary>
        /// Makes the ladder of a board, with optional measured powers in place of the description's. Points that cost at least as much
        /// as a faster one are dropped. Null if the rest is no valid ladder; the reason says why.
        /// </summary>
        public static BoardLadder? TryCreate(BoardDescription board, int[]? measuredMw, out string? reason)
        {
            OperatingPoint[] points = board.Points;
            int n = points.Length;
            int[] power = new int[n];
            int[] hash = new int[n];
            int[] freq = new int[n];
            int[] volts = new int[n];
            int count = 0;
            for (int i = 0; i < n; i++)
            {
                int mw = measuredMw != null && i < measuredMw.Length ? measuredMw[i] : points[i].PowerMw;
                while (count > 1 && power[count - 1] >= mw)
                {
                    count--;
                }

                if (count == 1 && power[0] > mw)
                {
                    mw = power[0];
                }

                power[count] = mw;
                hash[count] = points[i].HashGhs;
                freq[count] = points[i].FreqKhz;
                volts[count] = points[i].MilliVolts;
                count++;
            }

            Ladder? ladder = Ladder.TryCreate(power, hash, count, out reason);
            if (ladder == null)
            {
                return null;
            }

            int[] f = new int[count];
            int[] v = new int[count];
            Array.Copy(freq, f, count);
            Array.Copy(volts, v, count);
            return new BoardLadder(ladder, f, v);
        }
    }
}
